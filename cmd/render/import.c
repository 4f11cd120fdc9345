#include "cmd/cli/out.h"
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
	struct span at;
	size_t i;

	for (i = 0; skip && i < SKIPS_SHOWN; i++, left--, skip = skip->next) {
		out_printf("    %s: ", is_refused ? "refused" : "left out");
		at = jval_get_text(skip, "at");
		if (at.at) {
			out_text(at);
			out_printf(": ");
		}
		render_text(skip, "reason");
		times = render_number(skip, "count");
		if (times > 1)
			out_printf(" (%llu times)", times);
		out_printf("\n");
	}
	if (left)
		out_printf("    and %zu more\n", left);
}

static void show_malformed(const struct jval *source)
{
	const struct jval *skip = jval_first(jval_get(source, "malformed"));
	size_t left = jval_count(jval_get(source, "malformed"));
	size_t i;

	for (i = 0; skip && i < SKIPS_SHOWN; i++, left--, skip = skip->next) {
		out_printf("    cannot be read: ");
		render_text(skip, "at");
		out_printf(": ");
		render_text(skip, "reason");
		out_printf("\n");
	}
	if (left)
		out_printf("    and %zu more that cannot be read\n", left);
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
			out_printf(", %llu %s", count, word[1]);
	}
}

static void show_source(const struct jval *source)
{
	struct span format = jval_get_text(source, "format");
	struct span fingerprint = jval_get_text(source, "fingerprint");
	unsigned long long imported = render_number(source, "imported");
	const struct jval *note;

	out_printf("  ");
	render_text(source, "path");
	out_printf(": ");
	out_text(format.at ? format : span_str("unknown"));
	if (!render_flag(source, "refused") && format.at)
		out_printf(", %llu record%s", imported,
			   imported == 1 ? "" : "s");
	if (render_flag(source, "unchanged"))
		out_printf(", unchanged");
	if (fingerprint.at) {
		out_printf(", fingerprint ");
		out_text(fingerprint);
	}
	show_counts(source);
	out_printf("\n");
	show_skips(source);
	show_malformed(source);
	note = jval_first(jval_get(source, "notes"));
	for (; note; note = note->next) {
		out_printf("    note: ");
		out_text(jval_text(note));
		out_printf("\n");
	}
}

static void show_others(const struct jval *others)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (others && others_show(others, render_number(others, "refused") ?
				  "would change" : "changed", &text,
				  NULL) == 0)
		out_bytes(buf_span(&text));
	buf_release(&text);
}

bool render_import(const struct jval *result)
{
	const struct jval *source = jval_first(jval_get(result, "sources"));
	const struct jval *records = jval_get(result, "records");
	struct span construct = jval_get_text(result, "construct");
	struct span version = jval_get_text(result, "version");

	if (construct.at)
		out_colored(OUT_BOLD, construct);
	else
		out_printf("not imported");
	if (version.at) {
		out_printf("  ");
		out_colored(OUT_YELLOW, text_cut(version, SHORT_ID_CHARS));
	}
	if (construct.at)
		out_printf("  %llu new, %llu known",
			   render_number(records, "new"),
			   render_number(records, "known"));
	out_printf("\n");
	for (; source; source = source->next)
		show_source(source);
	show_others(jval_get(result, "others"));
	return true;
}
