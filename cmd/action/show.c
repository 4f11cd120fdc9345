#include <string.h>

#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "cmd/cli/result_old.h"
#include "lib/json/jcs_scan.h"
#include "objects/fold/fold.h"
#include "refs/view/find.h"

#define RECORD_PREFIX "bagaaiera"

/* What one pass over the entities finds. */
struct portrait {
	struct old_kind_counts counts;
	uint64_t conflicts;
	struct buf persona;
};

static int take_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct portrait *portrait = arg;
	struct span persona;

	if (!entity->state.at)
		return 0;
	old_kind_counts_add(&portrait->counts, entity->kind);
	portrait->conflicts += entity->conflicts;
	if (strcmp(entity->kind->name, "construct") || portrait->persona.len ||
	    !jcs_find(entity->state, "persona", &persona))
		return 0;
	return buf_add_span(&portrait->persona, persona, err);
}

static int read_portrait(struct view *view, struct portrait *out,
			 struct err *err)
{
	struct view_visitor visitor = { take_entity, out };
	int rc;

	rc = view_each(view, NULL, false, &visitor, err);
	if (rc < 0 || out->persona.len)
		return rc;
	/* Capsules without a construct's own record speak for themselves. */
	return view_persona(view, &out->persona, err);
}

static int print_json(struct session *session, const struct view *view,
		      const struct portrait *portrait)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	int rc;

	rc = old_result_view(&fields, view, err);
	if (rc >= 0)
		rc = old_result_id(&fields, "version",
			       view->heads_n == 1 ? view->heads : NULL, err);
	if (rc >= 0)
		rc = jcs_fields_raw(&fields, "persona",
				    buf_span(&portrait->persona), err);
	if (rc >= 0)
		rc = old_result_counts(&fields, "counts", &portrait->counts, err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "conflicts",
					(int64_t)portrait->conflicts, err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	jcs_fields_release(&fields);
	return rc;
}

static int print_leaf(void *arg, struct span path, struct span from,
		      struct span to, struct err *err)
{
	(void)arg;
	(void)err;
	(void)from;
	out_printf("  ");
	out_colored(OUT_DIM, path);
	out_printf(" ");
	out_value(to);
	out_printf("\n");
	return 0;
}

static int print_person(struct session *session, const struct view *view,
			const struct portrait *portrait)
{
	static const struct span none = { NULL, 0 };
	struct fold_diff_visitor visitor = { print_leaf, session };
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;
	int rc;

	out_colored(OUT_BOLD, span_str(view_title(view)));
	out_printf("\n");
	for (i = 0; i < view->heads_n; i++) {
		id_hex(&view->heads[i], hex);
		out_printf("version  %s\n", hex);
	}
	for (i = 0; kind_table[i].name; i++) {
		if (portrait->counts.at[i])
			out_printf("%-8s %llu\n", kind_table[i].name,
				   (unsigned long long)
				   portrait->counts.at[i]);
	}
	if (portrait->conflicts)
		out_printf("conflicts %llu\n",
			   (unsigned long long)portrait->conflicts);
	out_printf("persona\n");
	rc = fold_diff(none, buf_span(&portrait->persona), &visitor,
		       &session->err);
	return rc;
}

static int show_view(struct session *session, struct vault *vault,
		     const char *expression)
{
	struct portrait portrait = { .persona = BUF_INIT(BUF_NO_LIMIT) };
	struct view *view = NULL;
	int rc;

	rc = view_open(vault, expression, &view, &session->err);
	if (rc >= 0)
		rc = read_portrait(view, &portrait, &session->err);
	if (rc >= 0) {
		out_pager_begin(session);
		rc = session->is_json ? print_json(session, view, &portrait) :
		     print_person(session, view, &portrait);
	}
	buf_release(&portrait.persona);
	view_free(view);
	return rc;
}

static int show_record(struct session *session, struct vault *vault,
		       const char *cid)
{
	struct buf bytes = BUF_INIT(RECORD_MAX_BYTES);
	int rc;

	rc = vault_find(vault, span_str(cid), &bytes, &session->err);
	if (rc >= 0) {
		out_text(buf_span(&bytes));
		out_printf("\n");
	}
	buf_release(&bytes);
	return rc;
}

int cmd_show(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	struct vault *vault = NULL;
	int rc;

	rc = options_parse(session, argc, argv, rows, 1, 1);
	if (rc < 0)
		return rc;
	rc = session_open(session, &vault);
	if (rc >= 0 && !strncmp(argv[1], RECORD_PREFIX, strlen(RECORD_PREFIX)))
		rc = show_record(session, vault, argv[1]);
	else if (rc >= 0)
		rc = show_view(session, vault, argv[1]);
	vault_close(vault);
	return rc;
}
