#include "cmd/render/mend/values.h"

#include "cmd/render/read/words.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "objects/fold/fold.h"

#define VALUE_BYTES 2000	/* of one; `cat` has all of it */
#define NAME_COLUMNS 12
#define DEVICE_AT 8		/* behind "did:key:" */
#define INDENT "      "

void values_print_field(struct span pointer)
{
	if (pointer.len)
		say_colored(SAY_YELLOW, span_of(pointer.at + 1,
						pointer.len - 1));
	else
		say_colored(SAY_YELLOW, span_str("deleted on one side, "
						 "spoken of on the other"));
}

static void print_whose(const struct jval *value)
{
	struct span name = jval_get_text(value, "name");
	struct span device = jval_get_text(value, "device");

	if (!name.len && device.len > DEVICE_AT)
		name = span_of(device.at + DEVICE_AT, device.len - DEVICE_AT);
	render_cell(SAY_CYAN, name.len ? text_cut(name, NAME_COLUMNS) :
		    span_str("unknown"), NAME_COLUMNS);
}

static void print_text(struct span text, unsigned style)
{
	struct flow flow = FLOW_INIT(screen_width());

	flow_push(&flow, INDENT, INDENT);
	flow_put(&flow, style, 0, text_cut(text, VALUE_BYTES));
	if (text.len > VALUE_BYTES)
		flow_put(&flow, SAY_DIM, 0, span_str("…"));
	flow_end(&flow, true);
	flow_release(&flow);
}

static void print_json(struct span json)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (jcs_type_of(json) == JCS_STRING &&
	    jcs_string_decode(json, &text, NULL) == 0 && text.len)
		print_text(buf_span(&text), 0);
	else
		print_text(json, 0);
	buf_release(&text);
}

/* "300 kB of text/plain: 'vvault cat bafkrei...'" */
static bool print_blob(const struct jval *value)
{
	struct span name = jval_get_text(value, "$blob");
	char size[32];
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (!name.len)
		return false;
	words_of_size(render_number(value, "size"), size);
	buf_putf(&text, "(%s: 'vvault cat %.*s' prints it)", size,
		 (int)name.len, name.at);
	print_text(buf_span(&text), SAY_DIM);
	buf_release(&text);
	return true;
}

static int print_leaf(void *arg, struct span path, struct span from,
		      struct span to, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	(void)arg;
	(void)from;
	buf_put_span(&text, span_of(path.at + 1, path.len - 1));
	buf_put_str(&text, "  ");
	if (jcs_type_of(to) != JCS_STRING ||
	    jcs_string_decode(to, &text, NULL) < 0)
		buf_put_span(&text, to);
	print_text(buf_span(&text), 0);
	buf_release(&text);
	(void)err;
	return 0;
}

void values_print_value(const struct jval *value)
{
	static const struct span none = { NULL, 0 };
	const struct fold_diff_visitor leaves = { print_leaf, NULL };
	const struct jval *said = jval_get(value, "value");

	if (render_flag(value, "deletes"))
		print_text(span_str("(deletes it)"), SAY_DIM);
	else if (jval_is(said, JVAL_NULL))
		print_text(span_str("(removes it)"), SAY_DIM);
	else if (print_blob(said))
		return;
	else if (jval_is(said, JVAL_OBJECT) && said->raw.len > 2)
		(void)!fold_diff(none, said->raw, &leaves, NULL);
	else
		print_json(said->raw);
}

static bool says_more(const struct jval *values, const struct jval *value)
{
	struct span device = jval_get_text(value, "device");
	const struct jval *other = jval_first(values);

	for (; other; other = other->next) {
		if (other != value &&
		    span_equals(jval_get_text(other, "device"), device))
			return true;
	}
	return false;
}

/* "card, 1865 bytes (source:8eeda2d11a)" */
static void print_source(const struct jval *source)
{
	struct span entity = jval_get_text(source, "entity");

	if (!entity.len)
		return;
	render_line(source, "  {format}");
	if (jval_is(jval_get(source, "size"), JVAL_NUMBER))
		render_line(source, ", {size} bytes");
	render_line(source, " ({entity:17})");
}

void values_print(const struct jval *values)
{
	const struct jval *value = jval_first(values);
	unsigned number;

	for (number = 1; value; value = value->next, number++) {
		say_printf(render_flag(value, "wins") ? "  * %u  " :
			   "    %u  ", number);
		print_whose(value);
		say_printf("  ");
		render_time(SAY_YELLOW, value, "at", "undated");
		if (says_more(values, value))
			print_source(jval_get(value, "source"));
		say_printf("\n");
		values_print_value(value);
	}
}
