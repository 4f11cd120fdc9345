#include <string.h>

#include "cmd/render/mend/values.h"
#include "cmd/render/read/prose.h"
#include "cmd/render/read/words.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "objects/fold/fold.h"

#define LEAF_BYTES 2000		/* of a member; `cat` has all of it */

/* What is told in words above the others. */
static bool is_told(struct span path)
{
	static const char *const told[] = { "/content", "/title", "/created" };
	size_t i;

	for (i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		if (span_equals(path, span_str(told[i])))
			return true;
	}
	return false;
}

/* The text of a value; of one that the record's own form cannot hold, whose
 * path ends so, what the source has. */
static struct span shown_of(struct span *path, struct span value,
			    struct buf *text)
{
	static const char raw[] = "/$raw";
	struct buf decoded = BUF_INIT(BUF_NO_LIMIT);

	if (jcs_type_of(value) != JCS_STRING ||
	    jcs_string_decode(value, text, NULL) < 0)
		return value;
	if (!span_ends(*path, raw))
		return buf_span(text);
	path->len -= sizeof(raw) - 1;
	if (base64_decode(buf_span(text), &decoded, NULL) == 0) {
		buf_reset(text);
		buf_put_span(text, buf_span(&decoded));
	}
	buf_release(&decoded);
	return buf_span(text);
}

/* "traits/warmth  0.9" */
static int print_leaf(void *arg, struct span path, struct span from,
		      struct span to, struct err *err)
{
	struct flow *flow = arg;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span shown;

	(void)from;
	(void)err;
	if (is_told(path))
		return 0;
	shown = shown_of(&path, to, &text);
	flow_push(flow, "  ", "    ");
	flow_cells_put(&flow->cells, SAY_DIM, 0,
		       span_of(path.at + 1, path.len - 1));
	flow_cells_put(&flow->cells, 0, 0, span_str("  "));
	flow_cells_put(&flow->cells, 0, 0, text_cut(shown, LEAF_BYTES));
	if (shown.len > LEAF_BYTES)
		flow_cells_put(&flow->cells, SAY_DIM, 0, span_str("…"));
	flow_end(flow, true);
	flow_pop(flow);
	buf_release(&text);
	return 0;
}

/* The kind, or what a record says of it, and when. */
static void print_head(const struct jval *shown, const struct jval *state)
{
	struct span type = jval_get_text(shown, "type");
	struct span title = jval_get_text(state, "title");
	struct span at = jval_get_text(shown, "at");

	say_colored(SAY_BOLD, title.len ? title : type.len ? type :
		    jval_get_text(shown, "kind"));
	say_printf("  ");
	/* The clock of a record says more than the time. */
	if (type.len && at.len > 27)
		at = span_of(at.at, 27);
	(void)render_when(SAY_YELLOW, jval_get_text(state, "created").len ?
			  jval_get_text(state, "created") : at, "undated");
	say_printf("\n");
}

static void print_content(struct flow *flow, const struct jval *state)
{
	const struct jval *content = jval_get(state, "content");

	if (jval_is(content, JVAL_STRING)) {
		prose_print(flow, 0, jval_text(content));
	} else if (content) {
		words_of_state(state->raw, &flow->cells, SAY_AND_DIM);
		flow_end(flow, true);
	}
}

static void print_id(const char *name, struct span id)
{
	say_printf("%-9s  ", name);
	say_colored(SAY_DIM, id);
	say_printf("\n");
}

static void print_construct(const struct jval *shown)
{
	struct span id = jval_get_text(shown, "construct");
	struct span called = jval_get_text(shown, "called");

	if (!called.len) {
		print_id("construct", id);
		return;
	}
	say_printf("%-9s  ", "construct");
	say_text(called);
	say_printf(" (");
	say_colored(SAY_DIM, id);
	say_printf(")\n");
}

static void print_disputed(const struct jval *shown)
{
	const struct jval *one = jval_first(jval_get(shown, "disputed"));

	for (; one; one = one->next) {
		say_printf("in conflict: ");
		values_print_field(jval_get_text(one, "field"));
		say_printf("\n");
		values_print(jval_get(one, "values"));
	}
	if (jval_first(jval_get(shown, "disputed")))
		render_line(shown, "* stands until it is settled: 'vvault "
			    "resolve {entity}'\n");
}

static void print_ids(const struct jval *shown)
{
	const struct jval *record = jval_first(jval_get(shown, "records"));
	const struct jval *before = jval_first(jval_get(shown, "prev"));

	print_id("entity", jval_get_text(shown, "entity"));
	if (jval_get_text(shown, "construct").len)
		print_construct(shown);
	for (; record; record = record->next)
		print_id("record", jval_text(record));
	for (; before; before = before->next)
		print_id("behind", jval_text(before));
	print_disputed(shown);
}

/* An entity as it stands, or one record of it: words before keys. */
bool render_entity(const struct jval *shown)
{
	static const struct span none = { NULL, 0 };
	const struct jval *state = jval_get(shown, "state");
	struct flow flow = FLOW_INIT(screen_width());
	const struct fold_diff_visitor leaves = { print_leaf, &flow };

	if (!state)
		state = jval_get(shown, "data");
	print_head(shown, state);
	if (jval_is(state, JVAL_OBJECT)) {
		print_content(&flow, state);
		flow_gap(&flow);
		(void)!fold_diff(none, state->raw, &leaves, NULL);
	} else {
		say_printf("deleted\n");
	}
	print_ids(shown);
	flow_release(&flow);
	return true;
}
