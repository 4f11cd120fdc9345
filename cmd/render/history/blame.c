#include "cmd/render/render.h"

#include "lib/base/text.h"
#include "lib/id/did.h"

#define SHOWN_VALUE_BYTES 160	/* for the whole there is `show` */
#define SOURCE "source:"
#define INDENT "     "
#define RECORD_COMMON 9	/* that all ids of records begin with */

static void print_signer(const struct jval *blamed)
{
	struct span name = jval_get_text(blamed, "name");
	struct span did = jval_get_text(blamed, "device");

	if (name.len)
		say_colored(SAY_CYAN, name);
	else if (span_begins(did, DID_PREFIX))
		say_colored(SAY_CYAN, text_cut(span_of(did.at + 8, did.len - 8),
					       12));
}

/* From which file, as far as that was recorded. */
static void print_source(const struct jval *blamed)
{
	const struct jval *source = jval_get(blamed, "source");
	unsigned long long sources = render_number(blamed, "sources");
	struct span entity = jval_get_text(source, "entity");

	if (entity.len) {
		render_line(source, "from a file of format {format}, ");
		say_text(span_begins(entity, SOURCE) ?
			 text_cut(entity, sizeof(SOURCE) - 1 + SHORT_ID_CHARS) :
			 entity);
		if (jval_is(jval_get(source, "size"), JVAL_NUMBER))
			render_line(source, ", {size} bytes");
	} else if (sources) {
		say_printf("from one of %llu files that came together",
			   sources);
	} else {
		say_printf("imported; from which file is not recorded");
	}
}

static void print_place(const struct jval *blamed)
{
	const struct jval *place = jval_get(blamed, "place");

	if (!jval_is(place, JVAL_OBJECT))
		return;
	render_line(place, jval_get_text(place, "in").len ? ": {in}, {id}" :
		    ": {id}");
	if (jval_is(jval_get(place, "index"), JVAL_NUMBER))
		render_line(place, ", number {index}");
}

/* The record, who brought it, and from where. */
static void print_record(const struct jval *blamed)
{
	bool is_known = jval_get_text(blamed, "version").len != 0;
	struct span record = jval_get_text(blamed, "record");

	say_handle();
	if (is_known) {
		say_colored(SAY_YELLOW,
			    text_cut(jval_get_text(blamed, "version"),
				     SHORT_ID_CHARS));
		say_printf("  ");
		(void)render_when(SAY_PLAIN, jval_get_text(blamed, "time"), "");
		say_printf("  ");
		print_signer(blamed);
	} else {
		say_printf("too far back to tell who brought it");
	}
	say_printf("  record ");
	if (record.len > RECORD_COMMON)
		record = span_of(record.at + RECORD_COMMON,
				 record.len - RECORD_COMMON);
	say_colored(SAY_DIM, text_cut(record, SHORT_ID_CHARS));
	say_printf("\n");
	if (render_number(blamed, "sources") ||
	    jval_is(jval_get(blamed, "place"), JVAL_OBJECT)) {
		say_printf(INDENT);
		print_source(blamed);
		print_place(blamed);
		say_printf("\n");
	}
}

/* "persona/traits/warmth", of the pointer to it. */
static void print_field(struct span path)
{
	say_text(span_of(path.at + 1, path.len - 1));
}

/* What a list would be called by: the last name in the pointer. */
static struct span last_name(struct span path)
{
	size_t at = path.len;

	while (at && path.at[at - 1] != '/')
		at--;
	return span_of(path.at + at, path.len - at);
}

/* "  (was in dispute; settled by laptop in 9d8db4ff0c)" */
static void print_settled(const struct jval *settled)
{
	if (!settled)
		return;
	say_printf("  (was in dispute; settled by ");
	print_signer(settled);
	render_line(settled, " in {version:10})");
}

bool render_blame(const struct jval *blamed)
{
	const struct jval *value = jval_get(blamed, "value");
	struct span path = jval_get_text(blamed, "path");
	bool is_gone = !value || jval_is(value, JVAL_NULL);

	if (!render_flag(blamed, "again"))
		print_record(blamed);
	say_printf(INDENT);
	if (!path.len) {
		say_printf("deleted\n");
		return true;
	}
	say_printf("  ");
	print_field(path);
	say_printf(render_flag(blamed, "element") ? ": + " : ": ");
	if (is_gone)
		say_printf("(gone)");
	else
		render_short(value, last_name(path), SHOWN_VALUE_BYTES);
	print_settled(jval_get(blamed, "settled"));
	say_printf("\n");
	return true;
}
