#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "cmd/action/result.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"

#define SHOWN_BYTES 100

static int print_json(struct session *session,
		      const struct view_entity *entity, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf ids = BUF_INIT(BUF_NO_LIMIT);
	char text[CID_TEXT_MAX];
	size_t i;
	int rc;

	rc = buf_add_char(&ids, '[', err);
	for (i = 0; rc >= 0 && i < entity->records_n; i++) {
		cid_text(CID_JSON, entity->records[i].id, text);
		rc = buf_printf(&ids, err, "%s\"%s\"", i ? "," : "", text);
	}
	if (rc >= 0)
		rc = buf_add_char(&ids, ']', err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "entity", entity->entity, err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "kind",
				     span_str(entity->kind->name), err);
	if (rc >= 0)
		rc = jcs_fields_raw(&fields, "records", buf_span(&ids), err);
	if (rc >= 0)
		rc = jcs_fields_raw(&fields, "state", entity->state, err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	jcs_fields_release(&fields);
	buf_release(&ids);
	return rc;
}

static int print_entity(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct session *session = arg;

	if (!entity->state.at)
		return 0;
	if (session->is_json)
		return print_json(session, entity, err);
	out_colored(session, OUT_CYAN, entity->entity);
	out_printf("  ");
	out_text(text_cut(entity->state, SHOWN_BYTES));
	out_printf(entity->state.len > SHOWN_BYTES ? "...\n" : "\n");
	return 0;
}

static int find_kind(struct session *session, const char *name,
		     const struct kind **out)
{
	*out = NULL;
	if (!name)
		return 0;
	*out = kind_find(span_str(name));
	if (*out)
		return 0;
	return err_set(&session->err, ERR_INVALID, "there is no kind '%s'",
		       name);
}

int cmd_ls(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	struct view_visitor visitor = { print_entity, session };
	const struct kind *kind;
	struct vault *vault = NULL;
	struct view *view = NULL;
	int rc;

	rc = options_parse(session, argc, argv, rows, 1, 2);
	if (rc < 0)
		return rc;
	rc = find_kind(session, rc == 2 ? argv[2] : NULL, &kind);
	if (rc < 0)
		return rc;
	rc = session_open(session, &vault);
	if (rc >= 0)
		rc = view_open(vault, argv[1], &view, &session->err);
	if (rc >= 0) {
		out_pager_begin(session);
		rc = view_each(view, kind, false, &visitor, &session->err);
	}
	view_free(view);
	vault_close(vault);
	return rc;
}
