#include <stdio.h>
#include <string.h>

#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "cmd/cli/result_old.h"
#include "refs/remote/remote.h"

#define PREFIX_MIN 7

/* The construct's own name, where it can be read here. */
static void title_of(struct vault *vault, const struct head *head,
		     char out[CONSTRUCT_NAME_MAX])
{
	struct view *view = NULL;

	memcpy(out, head->construct, CONSTRUCT_NAME_MAX);
	if (view_open_ref(vault, head->construct, &view, NULL) < 0)
		return;
	snprintf(out, CONSTRUCT_NAME_MAX, "%s", view_title(view));
	view_free(view);
}

static int print_json(struct session *session, const char *title,
		      const struct quarantine_note *note)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	char did[DID_TEXT_MAX];
	size_t i;
	const struct {
		const char *name;
		const char *text;
	} all[] = {
		{ "construct", title }, { "device", did },
		{ "state", note->state }, { "code", note->code },
		{ "message", note->message }, { "since", note->since },
	};
	int rc = old_result_id(&fields, "version", &note->head.id, err);

	snprintf(did, sizeof(did), DID_PREFIX "%s", note->head.device);
	for (i = 0; rc >= 0 && i < sizeof(all) / sizeof(all[0]); i++)
		rc = jcs_fields_text(&fields, all[i].name,
				     span_str(all[i].text), err);
	if (rc >= 0 && note->remote[0])
		rc = jcs_fields_text(&fields, "remote",
				     span_str(note->remote), err);
	else if (rc >= 0)
		rc = jcs_fields_null(&fields, "remote", err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	jcs_fields_release(&fields);
	return rc;
}

static int print_note(struct session *session, struct vault *vault,
		      const struct quarantine_note *note, bool is_long)
{
	char title[CONSTRUCT_NAME_MAX];
	char hex[GIT_OID_HEXSZ + 1];

	title_of(vault, &note->head, title);
	if (session->is_json)
		return print_json(session, title, note);
	id_hex(&note->head.id, hex);
	if (!is_long) {
		out_printf("%-8s  %s/%.12s  %.*s  %s: ", note->state, title,
			   note->head.device, ID_SHORT, hex, note->code);
		out_text(span_str(note->message));
		out_printf("\n");
		return 0;
	}
	out_printf("version    %s\nconstruct  %s\ndevice     " DID_PREFIX
		   "%s\nstate      %s\n", hex, title, note->head.device,
		   note->state);
	out_printf("reason     %s: ", note->code);
	out_text(span_str(note->message));
	out_printf("\nsince      %s\nlies in    %s\n", note->since,
		   note->remote[0] ? note->remote : "the vault");
	return 0;
}

/* The one whose id begins so. */
static int find(struct session *session, const struct quarantine_notes *all,
		const char *prefix, const struct quarantine_note **out)
{
	const struct quarantine_note *found = NULL;
	size_t len = strlen(prefix);
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;

	for (i = 0; len >= PREFIX_MIN && i < all->n; i++) {
		id_hex(&all->at[i].head.id, hex);
		if (strncmp(hex, prefix, len))
			continue;
		if (found && !git_oid_equal(&found->head.id,
					    &all->at[i].head.id))
			return err_set(&session->err, ERR_INVALID,
				       "several versions in quarantine begin "
				       "with '%s'", prefix);
		found = &all->at[i];
	}
	if (!found)
		return err_set(&session->err, ERR_NOT_FOUND,
			       "no version '%s' in quarantine: 'vvault "
			       "quarantine list' shows what is", prefix);
	*out = found;
	return 0;
}

static int run(struct session *session, struct vault *vault, int words,
	       char **argv)
{
	struct quarantine_notes all = QUARANTINE_NOTES_INIT;
	const struct quarantine_note *note = NULL;
	size_t i;
	int rc = remote_quarantine(vault, &all, &session->err);

	if (rc >= 0 && words == 1 && !strcmp(argv[1], "list")) {
		for (i = 0; rc >= 0 && i < all.n; i++)
			rc = print_note(session, vault, &all.at[i], false);
	} else if (rc >= 0 && words == 2 && !strcmp(argv[1], "show")) {
		rc = find(session, &all, argv[2], &note);
		if (rc >= 0)
			rc = print_note(session, vault, note, true);
	} else if (rc >= 0 && words == 2 && !strcmp(argv[1], "drop")) {
		rc = find(session, &all, argv[2], &note);
		if (rc >= 0)
			rc = remote_quarantine_drop(vault, note,
						    &session->err);
		if (rc >= 0)
			rc = print_note(session, vault, note, false);
	} else if (rc >= 0) {
		rc = options_refuse(session, argv[1]);
	}
	quarantine_notes_release(&all);
	return rc;
}

int cmd_quarantine(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	struct vault *vault = NULL;
	int words = options_parse(session, argc, argv, rows, 1, 2);
	int rc;

	if (words < 0)
		return words;
	rc = session_open(session, &vault);
	if (rc >= 0)
		rc = run(session, vault, words, argv);
	vault_close(vault);
	return rc;
}
