#include "cmd/cli/changes.h"

#include <string.h>

#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "objects/fold/fold.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "cmd/action/change_json.h"
#include "cmd/action/result.h"
#include "cmd/cli/out.h"

#define SHOWN_VALUE_BYTES 160

struct changes {
	struct session *session;
	uint64_t count;
	struct buf list;		/* JSON so far */
};

static int list_change(struct changes *changes,
		       const struct view_change *change, struct err *err)
{
	int rc = 0;

	if (changes->list.len > 1)
		rc = buf_add_char(&changes->list, ',', err);
	return rc < 0 ? rc : change_json(change, &changes->list, err);
}

/* One line of a value: long text is cut, for the whole there is `ls`. */
static void print_value(struct span value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span shown = value;

	if (jcs_type_of(value) == JCS_STRING &&
	    jcs_string_decode(value, &text, NULL) >= 0)
		shown = buf_span(&text);
	shown = text_cut(shown, SHOWN_VALUE_BYTES);
	out_text(shown);
	if (shown.len < (text.data ? text.len : value.len))
		out_printf("...");
	buf_release(&text);
}

static int print_field(void *arg, struct span path, struct span from,
		       struct span to, struct err *err)
{
	(void)arg;
	(void)err;
	out_printf("    ");
	out_text(path);
	out_printf(": ");
	if (from.at)
		print_value(from);
	if (from.at && to.at)
		out_printf(" -> ");
	if (to.at)
		print_value(to);
	if (!to.at)
		out_printf(" (gone)");
	out_printf("\n");
	return 0;
}

/* What a person knows an entity by, better than its key. */
static bool find_title(struct span state, struct span *out)
{
	static const char *const names[] = { "content", "title", "name" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (state.at && jcs_find(state, names[i], out) &&
		    jcs_type_of(*out) == JCS_STRING)
			return true;
	}
	return false;
}

static int print_change(struct changes *changes,
			const struct view_change *change, struct err *err)
{
	struct fold_diff_visitor visitor = { print_field, changes };
	enum out_color color = OUT_YELLOW;
	const char *mark = "~ ";
	struct span title;

	if (!change->from.at) {
		color = OUT_GREEN;
		mark = "+ ";
	} else if (!change->to.at) {
		color = OUT_RED;
		mark = "- ";
	}
	out_colored(changes->session, color, span_str(mark));
	out_colored(changes->session, color, span_str(change->kind->name));
	out_printf(" ");
	if (find_title(change->to.at ? change->to : change->from, &title))
		print_value(title);
	else
		out_text(change->entity);
	out_printf("\n");
	/* What comes or goes whole is told by its title; of a construct the
	 * traits are what one wants to see. */
	if ((!change->from.at || !change->to.at) &&
	    strcmp(change->kind->name, "construct"))
		return 0;
	return fold_diff(change->from, change->to, &visitor, err);
}

static int visit(void *arg, const struct view_change *change, struct err *err)
{
	struct changes *changes = arg;

	changes->count++;
	if (changes->session->is_json)
		return list_change(changes, change, err);
	return print_change(changes, change, err);
}

static int print_json(struct changes *changes, const struct view *from,
		      const struct view *to)
{
	struct err *err = &changes->session->err;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	rc = buf_add_char(&changes->list, ']', err);
	if (rc >= 0)
		rc = result_id(&fields, "from",
			       from->heads_n == 1 ? from->heads : NULL, err);
	if (rc >= 0)
		rc = result_id(&fields, "to",
			       to->heads_n == 1 ? to->heads : NULL, err);
	if (rc >= 0)
		rc = jcs_fields_raw(&fields, "changes",
				    buf_span(&changes->list), err);
	if (rc >= 0)
		rc = out_json(changes->session, &fields);
	jcs_fields_release(&fields);
	return rc;
}

int changes_print(struct session *session, struct view *from, struct view *to,
		  uint64_t *out_count)
{
	struct changes changes = { session, 0, BUF_INIT(BUF_NO_LIMIT) };
	struct view_change_visitor visitor = { visit, &changes };
	int rc;

	rc = buf_add_char(&changes.list, '[', &session->err);
	if (rc >= 0)
		rc = view_diff(from, to, &visitor, &session->err);
	if (rc >= 0 && session->is_json)
		rc = print_json(&changes, from, to);
	*out_count = changes.count;
	buf_release(&changes.list);
	return rc;
}

int changes_of_version(struct session *session, struct vault *vault,
		       const git_oid *id)
{
	struct version version;
	struct view *from = NULL;
	struct view *to = NULL;
	uint64_t count;
	int rc;

	if (session->is_json)
		return 0;
	version_init(&version);
	rc = version_read(vault->store, id, &version, &session->err);
	if (rc >= 0)
		rc = view_open_versions(vault, version.construct,
					version.parents, version.parents_n,
					&from, &session->err);
	if (rc >= 0)
		rc = view_open_versions(vault, version.construct, id, 1, &to,
					&session->err);
	/* What is sealed for this device has changes that it cannot tell. */
	if (rc >= 0 && codec_mode(to->codec) != CODEC_BLIND)
		rc = changes_print(session, from, to, &count);
	view_free(from);
	view_free(to);
	version_release(&version);
	return rc;
}
