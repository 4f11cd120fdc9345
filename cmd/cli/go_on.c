#include "cmd/cli/go_on.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jdoc.h"
#include "lib/os/process.h"

int go_on_keep(struct session *session, struct span json)
{
	buf_reset(&session->go_on);
	return buf_add_span(&session->go_on, json, &session->err);
}

/* Words of a list, each with its final zero, ended by NULL. */
static int words_of(const struct jval *list, struct arena *arena,
		    const char ***out, struct err *err)
{
	size_t size = (jval_count(list) + 1) * sizeof(**out);
	const struct jval *word = jval_first(list);
	struct span text;
	size_t n = 0;
	int rc = 0;

	*out = arena_alloc(arena, size);
	if (!*out)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (; rc == 0 && word; word = word->next) {
		rc = arena_keep(arena, jval_text(word), &text, err);
		(*out)[n++] = text.at;
	}
	(*out)[n] = NULL;
	return rc;
}

/* What must be done first says so itself. */
static int run_before(const char *const *words, const char *folder,
		      struct err *err)
{
	const struct process_spec spec = {
		.argv = words, .cwd = folder, .shares_group = true,
		.shares_stderr = true,
	};
	struct process_end end = { 0, 0 };
	int rc = words[0] ? process_run(&spec, NULL, NULL, &end, err) : 0;

	if (rc == 0 && (end.signal || end.status))
		rc = err_set(err, ERR_CANCELED, "'%s' failed, so nothing goes "
			     "on", words[0]);
	return rc;
}

static int take_our_place(const struct session *session, const char **words,
			  const char *folder, struct err *err)
{
	if (chdir(folder) < 0)
		return err_errno(err, "cannot enter '%s'", folder);
	(void)umask(session->umask);
	signal(SIGPIPE, SIG_DFL);
	execvp(words[0], (char *const *)(uintptr_t)words);
	signal(SIGPIPE, SIG_IGN);
	return err_errno(err, "the session is written, but '%s' does not "
			 "start", words[0]);
}

int go_on_start(struct session *session)
{
	struct jdoc_options options = { .max_depth = JCS_DEPTH_MAX };
	struct err *err = &session->err;
	struct jdoc *doc = NULL;
	const struct jval *said;
	struct arena arena = ARENA_INIT;
	const char **before = NULL;
	const char **words = NULL;
	struct span folder;
	int rc = 0;

	if (session->go_on.len)
		rc = jdoc_parse(buf_span(&session->go_on), &options, &doc,
				err);
	if (rc < 0 || !doc)
		return rc;
	said = jdoc_root(doc);
	rc = arena_keep(&arena, jval_get_text(said, "in"), &folder, err);
	if (rc == 0)
		rc = words_of(jval_get(said, "before"), &arena, &before, err);
	if (rc == 0)
		rc = words_of(jval_get(said, "command"), &arena, &words, err);
	if (rc == 0)
		rc = run_before(before, folder.at, err);
	if (rc == 0 && words[0])
		rc = take_our_place(session, words, folder.at, err);
	arena_release(&arena);
	jdoc_free(doc);
	return rc;
}
