#include <string.h>

#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "cmd/cli/result_old.h"
#include "hooks/approval.h"
#include "hooks/hook.h"

/* In the order of enum hook_state. */
static const char *const words[] = {
	"absent", "gone", "unsafe", "not approved", "changed", "approved",
};

/* What one of the three verbs does with a hook. */
struct verb {
	const char *name;
	int (*act)(struct hook_file *file, struct err *err);
	const char *nothing;	/* NULL: that there is none is no matter */
};

static const struct verb verbs[] = {
	{ "list", NULL, NULL },
	{ "approve", hook_approve, "there is no hook to approve" },
	{ "revoke", hook_revoke, "there is no approval to take back" },
	{ NULL, NULL, NULL },
};

static int print_json(struct session *session, const char *name,
		      const struct hook_file *file)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	int rc;

	rc = jcs_fields_text(&fields, "hook", span_str(name), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "path", buf_span(&file->path),
				     err);
	if (rc >= 0 && file->bytes.len)
		rc = old_result_digest(&fields, "sha256", file->sha256, err);
	else if (rc >= 0)
		rc = jcs_fields_null(&fields, "sha256", err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "state",
				     span_str(words[file->state]), err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	jcs_fields_release(&fields);
	return rc;
}

static int print(struct session *session, const char *name,
		 const struct hook_file *file)
{
	if (session->is_json)
		return print_json(session, name, file);
	out_printf("%-12s  %-12s  ", name, words[file->state]);
	out_text(buf_span(file->state == HOOK_UNSAFE ? &file->why :
						       &file->path));
	out_printf("\n");
	return 0;
}

/* Is this hook one that the verb is about, when none is named? */
static bool is_meant(const struct verb *verb, const struct hook_file *file)
{
	if (file->state == HOOK_ABSENT)
		return false;
	if (verb->act == hook_revoke)
		return file->state != HOOK_NEW;
	return verb->act != hook_approve || file->state != HOOK_GONE;
}

static int do_one(struct session *session, const struct hook_place *place,
		  const struct verb *verb, const char *name, bool is_named,
		  size_t *done)
{
	struct hook_file file = HOOK_FILE_INIT;
	int rc = hook_look(place, name, &file, &session->err);

	if (rc < 0 || (!is_named && !is_meant(verb, &file)))
		goto out;
	if (verb->act)
		rc = verb->act(&file, &session->err);
	if (rc >= 0)
		rc = print(session, name, &file);
	(*done)++;
out:
	hook_file_release(&file);
	return rc;
}

static int do_all(struct session *session, const struct hook_place *place,
		  const struct verb *verb, const char *name)
{
	size_t done = 0;
	size_t i;
	int rc = 0;

	if (name)
		return do_one(session, place, verb, name, true, &done);
	for (i = 0; rc >= 0 && hook_names[i]; i++)
		rc = do_one(session, place, verb, hook_names[i], false, &done);
	if (rc >= 0 && !done && verb->nothing)
		rc = err_set(&session->err, ERR_NOT_FOUND, "%s: '%s'",
			     verb->nothing, place->vault_path);
	return rc;
}

int cmd_hooks(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	const struct verb *verb = verbs;
	struct hook_place place;
	struct vault *vault = NULL;
	int words_n;
	int rc;

	words_n = options_parse(session, argc, argv, rows, 1, 2);
	if (words_n < 0)
		return words_n;
	while (verb->name && strcmp(verb->name, argv[1]))
		verb++;
	if (!verb->name || (!verb->act && words_n > 1))
		return options_refuse(session, argv[1]);
	rc = session_open(session, &vault);
	if (rc >= 0) {
		place = (struct hook_place){ vault->path,
					     vault->state.vault_id,
					     session->keys_folder };
		rc = do_all(session, &place, verb,
			    words_n > 1 ? argv[2] : NULL);
	}
	vault_close(vault);
	return rc;
}
