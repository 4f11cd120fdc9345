#include "cmd/cli/say.h"
#include "cmd/import/import.h"
#include "cmd/import/others.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

#define SKIPS_SHOWN 10
#define SOURCES_SHOWN 10	/* of a construct, those with a word first */
#define GROUPS_SHOWN 20		/* reasons why files were not imported */
#define PATHS_SHOWN 3		/* of a reason */

/* Over all objects of one run. */
static struct {
	unsigned long long constructs;
	unsigned long long fresh;
	unsigned long long known;
	unsigned long long sources;
	unsigned long long left;	/* sources that were not imported */
	bool has_unknown;		/* of no known format */
} total;

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
		render_line(skip, jval_get(skip, "bytes") ?
			    "    cannot be read: {at}: {reason}; its bytes "
			    "are kept\n" :
			    "    cannot be read: {at}: {reason}\n");
	}
	if (left)
		say_printf("    and %zu more that cannot be read\n", left);
}

static void show_counts(const struct jval *source)
{
	static const char *const words[] = {
		"guessed", "guessed branch", "guessed branches",
		"unknown_times", "unknown time", "unknown times",
		"unlikely_times", "time before 2000 or after 2100",
		"times before 2000 or after 2100",
		"redactions", "secret left out", "secrets left out", NULL
	};
	const char *const *word;
	unsigned long long count;

	for (word = words; *word; word += 3) {
		count = render_number(source, word[0]);
		if (count)
			say_printf(", %llu %s", count, word[count == 1 ? 1 : 2]);
	}
}

static void show_source(const struct jval *source)
{
	struct span format = jval_get_text(source, "format");
	unsigned long long imported = render_number(source, "imported");
	const struct jval *note;

	render_line(source, "  {path}: ");
	say_text(format.at ? format : span_str(render_flag(source, "apart") ?
					       "left alone" : "unknown"));
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

static void show_conflicts(const struct jval *result)
{
	unsigned long long n = render_number(result, "conflicts");

	if (!n)
		return;
	say_printf("  %llu field%s now differ%s between sources: 'vvault "
		   "conflicts ", n, n == 1 ? "" : "s", n == 1 ? "s" : "");
	say_text(render_called(result));
	say_printf("' shows what each says\n");
}

/* Is there more to say of it than its number of records? */
static bool has_word(const struct jval *source)
{
	return render_flag(source, "refused") ||
	       jval_count(jval_get(source, "skipped")) ||
	       jval_count(jval_get(source, "malformed")) ||
	       jval_count(jval_get(source, "notes"));
}

/* All where they are few; else some, those of which there is more to say
 * before the others, and the rest as a number. */
static void show_sources(const struct jval *sources)
{
	size_t n = jval_count(sources);
	size_t shown = 0;
	unsigned long long records = 0;
	const struct jval *source;
	int pass;

	for (pass = 0; pass < 2; pass++) {
		source = jval_first(sources);
		for (; source; source = source->next) {
			if (n > SOURCES_SHOWN && has_word(source) == pass)
				continue;
			if (shown++ < SOURCES_SHOWN)
				show_source(source);
			else
				records += render_number(source, "imported");
		}
		if (n <= SOURCES_SHOWN)
			return;
	}
	say_printf("  and %zu more files: %llu record%s\n", n - SOURCES_SHOWN,
		   records, records == 1 ? "" : "s");
}

/* Files that one reason kept out. */
struct group {
	struct span reason;
	const struct jval *first;
	size_t n;
};

static struct span reason_of(const struct jval *source)
{
	return jval_get_text(jval_first(jval_get(source, "skipped")),
			     "reason");
}

static bool is_of(const struct group *group, const struct jval *source)
{
	return span_equals(group->reason, reason_of(source));
}

static size_t find_groups(const struct jval *source, struct group *groups,
			  size_t *out_rest)
{
	size_t n = 0;
	size_t i;

	for (*out_rest = 0; source; source = source->next) {
		for (i = 0; i < n && !is_of(&groups[i], source); i++)
			;
		if (i < n)
			groups[i].n++;
		else if (n < GROUPS_SHOWN)
			groups[n++] = (struct group){ reason_of(source),
						      source, 1 };
		else
			++*out_rest;
	}
	return n;
}

static void show_group(const struct group *group)
{
	const struct jval *source = group->first;
	size_t shown = 0;

	if (group->n == 1) {
		show_source(source);
		return;
	}
	say_printf("  %zu files: ", group->n);
	say_text(group->reason);
	say_printf("\n");
	for (; source && shown < PATHS_SHOWN; source = source->next) {
		if (!is_of(group, source))
			continue;
		render_line(source, shown++ ? ", {path}" : "    {path}");
	}
	if (group->n > shown)
		say_printf(" and %zu more", group->n - shown);
	say_printf("\n");
}

static void show_suggested(const struct jval *source)
{
	for (; source; source = source->next) {
		total.has_unknown |= !jval_get_text(source, "format").at &&
			!render_flag(source, "apart");
		if (jval_get_text(source, "suggested").at)
			render_line(source, "  {path}: '--format {suggested}' "
				    "would read it\n");
	}
}

/* What belongs to no construct, by reason. */
static void show_left(const struct jval *sources)
{
	struct group groups[GROUPS_SHOWN];
	size_t rest = 0;
	size_t n = find_groups(jval_first(sources), groups, &rest);
	size_t i;

	say_printf("not imported\n");
	for (i = 0; i < n; i++)
		show_group(&groups[i]);
	if (rest)
		say_printf("  and %zu more, for other reasons\n", rest);
	show_suggested(jval_first(sources));
	total.left += jval_count(sources);
}

/* What is new, and how much of it no source counts: a record of each file. */
static void show_sums(const struct jval *result)
{
	const struct jval *source = jval_first(jval_get(result, "sources"));
	const struct jval *records = jval_get(result, "records");
	unsigned long long fresh = render_number(records, "new");
	unsigned long long from = 0;

	for (; source; source = source->next) {
		if (!render_flag(source, "unchanged"))
			from += render_number(source, "imported") -
				render_number(source, "known");
	}
	say_printf("  %llu new", fresh);
	if (fresh > from && from)
		say_printf(fresh - from == 1 ? " (1 of the file itself)" :
			   " (%llu of the files themselves)", fresh - from);
	render_line(records, ", {known} known\n");
}

bool render_import(const struct jval *result)
{
	const struct jval *sources = jval_get(result, "sources");
	struct span construct = render_called(result);
	struct span version = jval_get_text(result, "version");

	if (!construct.at) {
		show_left(sources);
		return true;
	}
	say_colored(SAY_BOLD, construct);
	if (version.at) {
		say_printf("  ");
		say_colored(SAY_YELLOW, text_cut(version, SHORT_ID_CHARS));
	}
	show_sums(result);
	show_sources(sources);
	show_others(jval_get(result, "others"));
	show_conflicts(result);
	total.constructs++;
	total.sources += jval_count(sources);
	total.fresh += render_number(jval_get(result, "records"), "new");
	total.known += render_number(jval_get(result, "records"), "known");
	return true;
}

static const char *plural(unsigned long long n)
{
	return n == 1 ? "" : "s";
}

void render_import_end(size_t printed, bool is_no)
{
	struct buf names = BUF_INIT(4096);

	(void)is_no;
	/* Whoever named one file wants to know; among many it is noise. */
	if (total.has_unknown && !total.constructs && total.left == 1 &&
	    importer_names(&names, NULL) == 0)
		say_printf("known formats: %s\n", buf_text(&names));
	buf_release(&names);
	if (printed < 2 && total.sources + total.left <= SOURCES_SHOWN)
		return;
	say_printf("in all: %llu new record%s, %llu known, in %llu "
		   "construct%s", total.fresh, plural(total.fresh), total.known,
		   total.constructs, plural(total.constructs));
	if (total.left)
		say_printf("; %llu file%s not imported", total.left,
			   plural(total.left));
	say_printf("\n");
}
