#include "cmd/render/render.h"
#include "lib/base/text.h"

#define WORDS_BYTES 300
#define SOURCES_SHOWN 8

static void print_id(struct span id)
{
	say_printf(" (its id is ");
	say_text(id);
	say_printf(")");
}

/* What a persona says first of who it is. */
static void print_words(const struct jval *persona)
{
	static const char *const members[] = {
		"description", "personality", "summary", "first_mes",
		"system_prompt", NULL
	};
	const char *const *member;
	struct span text = { NULL, 0 };
	struct buf line = BUF_INIT(BUF_NO_LIMIT);

	for (member = members; *member && !text.len; member++)
		text = jval_get_text(persona, *member);
	buf_put_span(&line, text_cut(text, WORDS_BYTES * 2));
	if (text.len && !line.failed) {
		text_one_line(&line, WORDS_BYTES);
		say_text(buf_span(&line));
		say_printf("%s\n", line.len < text.len ? "..." : "");
	}
	buf_release(&line);
}

static void print_sources(const struct jval *sources)
{
	const struct jval *source = jval_first(sources);
	size_t left = jval_count(sources);
	size_t i;

	for (i = 0; source && i < SOURCES_SHOWN; i++, left--) {
		say_printf(i ? "; " : "from     ");
		render_line(source, "{format}");
		if (jval_get(source, "size"))
			render_line(source, ", {size} bytes");
		render_line(source, " ({entity:17})");
		source = source->next;
	}
	if (left)
		say_printf("; and %zu more", left);
	if (i)
		say_printf("\n");
}

static void print_devices(const struct jval *devices)
{
	const struct jval *device = jval_first(devices);

	for (; device; device = device->next) {
		unsigned long long n = render_number(device, "versions");

		say_printf("written  by ");
		if (jval_get_text(device, "name").len)
			render_line(device, "{name} ({device:12})");
		else
			render_line(device, "{device:12}");
		say_printf(", %llu version%s, ", n, n == 1 ? "" : "s");
		render_date(SAY_PLAIN, device, "first", "");
		say_printf(" to ");
		render_date(SAY_PLAIN, device, "last", "");
		say_printf("\n");
	}
}

bool render_construct_show(const struct jval *shown)
{
	const struct jval *persona = jval_get(shown, "persona");
	unsigned long long conflicts = render_number(shown, "conflicts");

	say_colored(SAY_BOLD, render_called(shown));
	if (jval_get(shown, "called"))
		print_id(jval_get_text(shown, "construct"));
	if (jval_get_text(persona, "name").len)
		render_line(persona, "  {name}");
	say_printf("\n");
	print_words(persona);
	if (jval_get(shown, "merged_into"))
		render_line(shown, "merged   into {merged_into}\n");
	say_printf("holds    ");
	render_counts(shown);
	say_printf("on disk  ");
	render_bytes(render_number(shown, "bytes"));
	say_printf("\n");
	if (conflicts)
		say_printf("conflict %llu field%s\n", conflicts,
			   conflicts == 1 ? "" : "s");
	print_sources(jval_get(shown, "sources"));
	print_devices(jval_get(shown, "devices"));
	return true;
}
