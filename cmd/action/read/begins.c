#include "cmd/action/read/begins.h"

#include <string.h>
#include <strings.h>

#include "cmd/action/read/handles.h"
#include "cmd/action/read/seek.h"
#include "lib/base/text.h"
#include "refs/index/lists/lists.h"
#include "refs/trust/scope.h"

#define SESSION "session:"
#define TITLE_BYTES 40
#define TITLE_MIN 2		/* bytes that may begin one */
#define TITLES_TOLD 5

void begins_release(struct begins *begins)
{
	buf_release(&begins->entity);
	buf_release(&begins->told);
}

static struct span behind_colon(struct span text)
{
	const char *colon = memchr(text.at, ':', text.len);
	size_t skipped = colon ? (size_t)(colon - text.at) + 1 : 0;

	return span_of(text.at + skipped, text.len - skipped);
}

/* "chatgpt:4a62", "4a62"; both also behind "session:". */
static bool is_begin(const char *word, struct span entity)
{
	struct span rest = behind_colon(entity);

	if (span_begins(span_str(word), SESSION))
		word += strlen(SESSION);
	return span_begins(rest, word) ||
	       span_begins(behind_colon(rest), word);
}

static bool is_titled(const char *word, struct span title)
{
	size_t len = strlen(word);

	return title.len >= len && !strncasecmp(title.at, word, len);
}

/* Does it count? One whose title is just the word makes others not count. */
static bool counts(struct begins *begins, const struct lists_session *session)
{
	bool is_whole = session->title.len == strlen(begins->word);

	if (!begins->is_title)
		return is_begin(begins->word, session->entity);
	if (!is_titled(begins->word, session->title) ||
	    (begins->is_whole && !is_whole))
		return false;
	if (is_whole && !begins->is_whole) {
		begins->is_whole = true;
		begins->n = 0;
		buf_reset(&begins->entity);
		buf_reset(&begins->told);
	}
	return true;
}

static int take(struct begins *begins, const struct lists_session *session,
		struct err *err)
{
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	/* The same one may be in several constructs. */
	if (begins->n &&
	    span_equals(buf_span(&begins->entity), session->entity))
		return 0;
	if (!begins->n)
		rc = buf_add_span(&begins->entity, session->entity, err);
	if (begins->is_title && begins->n >= TITLES_TOLD) {
		begins->n++;
		return rc;
	}
	if (rc == 0)
		rc = text_escape(&title, text_cut(session->title, TITLE_BYTES),
				 0, err);
	buf_putf(&begins->told, "%s%.*s", begins->n ? ", " : "",
		 (int)session->entity.len, session->entity.at);
	if (title.len)
		buf_putf(&begins->told, " \"%s\"", buf_text(&title));
	begins->n++;
	buf_release(&title);
	return rc;
}

int begins_look(struct begins *begins, struct view *view, struct err *err)
{
	struct lists *lists = NULL;
	struct lists_session session;
	bool is_end = false;
	int rc = lists_open(view, LISTS_KEEP_FROM, &lists, err);

	while (rc == 0 && (rc = lists_next(lists, &session, &is_end, err)) == 0 &&
	       !is_end) {
		if (counts(begins, &session))
			rc = take(begins, &session, err);
	}
	lists_free(lists);
	return rc;
}

int begins_take(struct begins *begins, struct buf *out, struct err *err)
{
	if (!begins->n)
		return err_set(err, ERR_NOT_FOUND, "no session '%s'; 'vvault "
			       "session list' shows them", begins->word);
	if (begins->n > 1 && begins->is_title)
		return err_set(err, ERR_INVALID, "%zu sessions have the title "
			       "'%s', or one that begins so: %s%s", begins->n,
			       begins->word, buf_text(&begins->told),
			       begins->n > TITLES_TOLD ? ", ..." : "");
	if (begins->n > 1)
		return err_set(err, ERR_INVALID, "%zu sessions begin with "
			       "'%s': %s", begins->n, begins->word,
			       buf_text(&begins->told));
	return buf_add_span(out, buf_span(&begins->entity), err);
}

/* One that is damaged is told where it is looked for by its whole name. */
static int look_in(struct begins *begins, struct vault *vault,
		   const char *name, struct err *err)
{
	struct err reason = ERR_INIT;
	struct view *view = NULL;
	int rc = view_open_ref(vault, name, &view, &reason);

	if (rc == 0 && codec_mode(view->codec) != CODEC_BLIND)
		rc = begins_look(begins, view, &reason);
	view_free(view);
	return rc == ERR_CORRUPT || rc == ERR_NOT_FOUND ? 0 :
	       err_copy(err, rc, &reason);
}

static int seek(struct vault *vault, const char *word, bool is_title,
		struct buf *out, struct err *err)
{
	struct begins begins = BEGINS_INIT(word);
	struct name_list names = { NULL, 0 };
	size_t i;
	int rc = view_constructs_proper(vault, &names, err);

	begins.is_title = is_title;
	for (i = 0; rc == 0 && i < names.n; i++)
		rc = look_in(&begins, vault, names.at[i], err);
	name_list_release(&names);
	if (rc == 0)
		rc = begins_take(&begins, out, err);
	begins_release(&begins);
	return rc;
}

int begins_seek(struct vault *vault, const char *word, struct buf *out,
		struct err *err)
{
	return seek(vault, word, false, out, err);
}

int begins_titled(struct view *view, const char *title, struct buf *out,
		  struct err *err)
{
	struct begins begins = BEGINS_INIT(title);
	int rc = 0;

	begins.is_title = true;
	if (strlen(title) >= TITLE_MIN)
		rc = begins_look(&begins, view, err);
	if (rc == 0)
		rc = begins_take(&begins, out, err);
	begins_release(&begins);
	return rc;
}

int begins_open(struct vault *vault, const char *word, const char *entity,
		struct ref *out, struct err *err)
{
	struct buf found = BUF_INIT(ENTITY_MAX_BYTES);
	struct err reason = ERR_INIT;
	struct err none = ERR_INIT;
	int rc = ref_open(vault, word, entity, out, &reason);

	if (rc != ERR_NOT_FOUND || entity || is_handle(word) ||
	    strlen(word) < TITLE_MIN ||
	    !scope_has_kind(vault, kind_find(span_str("session"))))
		return err_copy(err, rc, &reason);
	ref_release(out);
	rc = seek(vault, word, true, &found, &none);
	if (rc == ERR_NOT_FOUND)
		err_copy(err, rc, &reason);
	else if (rc < 0)
		err_copy(err, rc, &none);
	if (rc == 0)
		rc = seek_entity(vault, buf_text(&found), out, err);
	buf_release(&found);
	return rc;
}
