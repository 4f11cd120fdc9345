#include "cmd/action/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/action/auto_gc.h"
#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "cmd/cli/progress.h"
#include "cmd/cli/result_old.h"
#include "lib/id/did.h"

int sync_choose(struct sync *sync, const char *given)
{
	struct err *err = &sync->session->err;
	struct buf *out = &sync->remote;
	struct remote_list list = REMOTE_LIST_INIT;
	const char *name = given;
	size_t i;
	int rc;

	if (name)
		return buf_add_str(out, name, err);
	rc = remote_list(sync->vault, &list, err);
	if (rc < 0)
		return rc;
	for (i = 0; i < list.n; i++) {
		if (list.n == 1 || !strcmp(list.at[i].name, "origin"))
			name = list.at[i].name;
	}
	if (name)
		rc = buf_add_str(out, name, err);
	else if (list.n)
		rc = err_set(err, ERR_NOT_FOUND,
			     "there are several remotes: name one");
	else
		rc = err_set(err, ERR_NOT_FOUND, "there is no remote yet: "
			     "'vvault remote add <name> <url>'");
	remote_list_release(&list);
	return rc;
}

void sync_calls_init(struct session *session, struct remote_calls *calls)
{
	const char *ssh = getenv("GIT_SSH");
	const char *ca_file = getenv("GIT_SSL_CAINFO");

	memset(calls, 0, sizeof(*calls));
	calls->arg = session;
	calls->progress = session->is_progress ? progress_remote : NULL;
	calls->heard = progress_heard;
	calls->credentials = credentials_ask;
	calls->credentials_result = credentials_tell;
	calls->ssh_program = ssh && *ssh ? ssh : NULL;
	calls->ca_file = ca_file && *ca_file ? ca_file : NULL;
}

void sync_limit_rows(struct remote_limits *limits,
		     struct option_row rows[SYNC_LIMIT_ROWS + 1])
{
	const struct option_row all[SYNC_LIMIT_ROWS + 1] = {
		{ "--max-refs", OPTION_COUNT, &limits->refs },
		{ "--max-pack-bytes", OPTION_COUNT, &limits->pack_bytes },
		{ "--max-objects", OPTION_COUNT, &limits->objects },
		{ "--max-object-bytes", OPTION_COUNT, &limits->object_bytes },
		{ "--max-inflated-bytes", OPTION_COUNT,
		  &limits->inflated_bytes },
		{ "--max-seconds", OPTION_COUNT, &limits->seconds },
		{ "--max-idle-seconds", OPTION_COUNT, &limits->idle_seconds },
		{ NULL, OPTION_FLAG, NULL },
	};

	memcpy(rows, all, sizeof(all));
}

static bool is_good(enum ref_result result)
{
	return result == REF_NEW || result == REF_FORWARD ||
	       result == REF_SAME;
}

/* A construct's own name where this device can read it. */
static void title_of(struct vault *vault, const struct ref_report *ref,
		     char out[CONSTRUCT_NAME_MAX])
{
	struct err quiet = ERR_INIT;
	struct view *view;

	memcpy(out, ref->head.construct, CONSTRUCT_NAME_MAX);
	if (view_open_ref(vault, ref->head.construct, &view, &quiet) < 0)
		return;
	memcpy(out, view_title(view), strlen(view_title(view)) + 1);
	view_free(view);
}

static int print_json(struct session *session, const struct ref_report *ref,
		      const char *title)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	struct buf did = BUF_INIT(DID_TEXT_MAX);
	int rc;

	rc = jcs_fields_text(&fields, "construct", span_str(title), err);
	if (rc >= 0)
		rc = buf_printf(&did, err, DID_PREFIX "%s", ref->head.device);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "device", buf_span(&did), err);
	if (rc >= 0)
		rc = old_result_id(&fields, "from",
			       ref->has_from ? &ref->from : NULL, err);
	if (rc >= 0)
		rc = old_result_id(&fields, "to", ref->has_to ? &ref->to : NULL,
			       err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "result", span_str(
			ref_result_word(ref->result)), err);
	if (rc >= 0 && ref->reason[0])
		rc = jcs_fields_text(&fields, "reason", span_str(ref->reason),
				     err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	buf_release(&did);
	jcs_fields_release(&fields);
	return rc;
}

static void print_person(struct session *session,
			 const struct ref_report *ref, const char *title)
{
	enum out_color color = is_good(ref->result) ? OUT_GREEN : OUT_RED;
	char hex[GIT_OID_HEXSZ + 1];

	(void)session;
	out_colored(color, span_str(ref_result_word(ref->result)));
	out_printf("  ");
	out_text(span_str(title));
	out_printf("/%.12s", ref->head.device);
	if (ref->has_to) {
		id_hex(&ref->to, hex);
		out_printf("  %.*s", ID_SHORT, hex);
	}
	if (ref->reason[0]) {
		out_printf("  ");
		out_text(span_str(ref->reason));
	}
	out_printf("\n");
}

int sync_print(struct session *session, struct vault *vault,
	       const struct sync_report *report)
{
	char title[CONSTRUCT_NAME_MAX];
	bool all_good = true;
	size_t shown = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < report->n; i++) {
		const struct ref_report *ref = &report->at[i];

		all_good = all_good && is_good(ref->result);
		if (!session->is_json && ref->result == REF_SAME)
			continue;
		shown++;
		title_of(vault, ref, title);
		if (session->is_json)
			rc = print_json(session, ref, title);
		else
			print_person(session, ref, title);
	}
	out_problems(&report->problems);
	if (!session->is_json && !shown && !report->is_broken)
		out_printf("everything is up to date\n");
	if (rc < 0)
		return rc;
	return all_good && !report->left_refs && !report->is_broken ? 0 :
								      CMD_NO;
}

int sync_begin(struct sync *sync, struct session *session, const char *remote)
{
	const struct sync fresh = {
		session, NULL, BUF_INIT(REMOTE_NAME_MAX), { 0 },
		{ .problems = PROBLEM_LIST_INIT },
	};
	int rc;

	*sync = fresh;
	sync_calls_init(session, &sync->calls);
	rc = session_open(session, &sync->vault);
	return rc < 0 ? rc : sync_choose(sync, remote);
}

void sync_release(struct sync *sync)
{
	sync_report_release(&sync->report);
	buf_release(&sync->remote);
	vault_close(sync->vault);
}

int sync_fetch(struct session *session, int argc, char **argv,
	       int (*after)(struct session *session,
			    const struct vault *vault, const char *remote,
			    const struct sync_report *report))
{
	struct remote_limits limits = { 0 };
	struct option_row rows[SYNC_LIMIT_ROWS + 1];
	const char *remote;
	struct sync sync;
	int status = 0;
	int rc;

	sync_limit_rows(&limits, rows);
	rc = options_parse(session, argc, argv, rows, 0, 1);
	if (rc < 0)
		return rc;
	remote = rc ? argv[1] : NULL;
	rc = sync_begin(&sync, session, remote);
	if (rc == ERR_CORRUPT)
		rc = sync_begin_repaired(&sync, session, remote);
	if (rc >= 0)
		rc = remote_fetch(sync.vault, buf_text(&sync.remote), &limits,
				  &sync.calls, &sync.report, &session->err);
	progress_end(session);
	if (rc >= 0)
		rc = status = sync_print(session, sync.vault, &sync.report);
	if (rc >= 0 && after)
		rc = after(session, sync.vault, buf_text(&sync.remote),
			   &sync.report);
	if (rc >= 0)
		auto_gc(&session->call, sync.vault, false);
	sync_release(&sync);
	return rc < 0 ? rc : status;
}
