#include "cmd/cli/say.h"
#include "cmd/import/others.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

#define SKIPS_SHOWN 10

static void show_skips(const struct jval *source)
{
	bool is_refused = render_flag(source, "refused");
	const struct jval *skip = jval_first(jval_get(source, "skipped"));
	size_t left = jval_count(jval_get(source, "skipped"));
	unsigned long long times;
	size_t i;

	for (i = 0; skip && i < SKIPS_SHOWN; i++, left--, skip = skip->next) {
		say_printf("    %s: ", is_refused ? "refused" : "left out");
		render_line(skip, jval_get_text(skip, "at").at ?
			    "{at}: {reason}" : "{reason}");
		times = render_number(skip, "count");
		if (times > 1)
			say_printf(" (%llu times)", times);
		say_printf("\n");
	}
	if (left)
		say_printf("    and %zu more\n", left);
}

static void show_malformed(const struct jval *source)
{
	const struct jval *skip = jval_first(jval_get(source, "malformed"));
	size_t left = jval_count(jval_get(source, "malformed"));
	size_t i;

	for (i = 0; skip && i < SKIPS_SHOWN; i++, left--, skip = skip->next) {
		render_line(skip, "    cannot be read: {at}: {reason}\n");
	}
	if (left)
		say_printf("    and %zu more that cannot be read\n", left);
}

static void show_counts(const struct jval *source)
{
	static const char *const words[] = {
		"guessed", "guessed branches", "unknown_times",
		"unknown times", "redactions", "secrets left out", NULL
	};
	const char *const *word;
	unsigned long long count;

	for (word = words; *word; word += 2) {
		count = render_number(source, word[0]);
		if (count)
			say_printf(", %llu %s", count, word[1]);
	}
}

static void show_source(const struct jval *source)
{
	struct span format = jval_get_text(source, "format");
	unsigned long long imported = render_number(source, "imported");
	const struct jval *note;

	render_line(source, "  {path}: ");
	say_text(format.at ? format : span_str("unknown"));
	if (!render_flag(source, "refused") && format.at)
		say_printf(", %llu record%s", imported,
			   imported == 1 ? "" : "s");
	if (render_flag(source, "unchanged"))
		say_printf(", unchanged");
	if (jval_is(jval_get(source, "fingerprint"), JVAL_STRING))
		render_line(source, ", fingerprint {fingerprint}");
	show_counts(source);
	say_printf("\n");
	show_skips(source);
	show_malformed(source);
	note = jval_first(jval_get(source, "notes"));
	for (; note; note = note->next) {
		say_printf("    note: ");
		say_text(jval_text(note));
		say_printf("\n");
	}
}

static void show_others(const struct jval *others)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (others && others_show(others, render_number(others, "refused") ?
				  "would change" : "changed", &text,
				  NULL) == 0)
		say_bytes(buf_span(&text));
	buf_release(&text);
}

bool render_import(const struct jval *result)
{
	const struct jval *source = jval_first(jval_get(result, "sources"));
	struct span construct = jval_get_text(result, "construct");
	struct span version = jval_get_text(result, "version");

	if (construct.at)
		say_colored(SAY_BOLD, construct);
	else
		say_printf("not imported");
	if (version.at) {
		say_printf("  ");
		say_colored(SAY_YELLOW, text_cut(version, SHORT_ID_CHARS));
	}
	if (construct.at)
		render_line(result, "  {records.new} new, {records.known} "
			    "known");
	say_printf("\n");
	for (; source; source = source->next)
		show_source(source);
	show_others(jval_get(result, "others"));
	return true;
}
