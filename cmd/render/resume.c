#include "cmd/render/render.h"

#include <string.h>

/* What was left out, in words: "3 thoughts". */
static const struct { const char *name, *one, *many; } left_out[] = {
	{ "before", "turn before", "turns before" },
	{ "branches", "other branch", "other branches" },
	{ "thoughts", "thought", "thoughts" },
	{ "injected", "text of a program", "texts of programs" },
	{ "hidden", "hidden message", "hidden messages" },
	{ "orphan_results", "result without a call",
	  "results without a call" },
	{ "files", "file that the vault has not",
	  "files that the vault has not" },
	{ "secrets", "secret, a marker in its place",
	  "secrets, markers in their place" },
};

/* The same of what is told otherwise. */
static const struct { const char *name, *one, *many; } told[] = {
	{ "renamed", "call under the agent's name for it",
	  "calls under the agent's names for them" },
	{ "in_words", "thing in words, for the agent has no other place",
	  "things in words, for the agent has no other place" },
	{ "without_result", "call of which no result was recorded",
	  "calls of which no result was recorded" },
};

static void put_number(unsigned long long n, const char *one,
		       const char *many, bool *is_begun, const char *begin)
{
	if (!n)
		return;
	say_printf("%s", *is_begun ? ", " : begin);
	render_thousands(n);
	say_printf(" %s", n == 1 ? one : many);
	*is_begun = true;
}

static void show_left_out(const struct jval *resumed)
{
	const struct jval *left = jval_get(resumed, "left_out");
	bool is_begun = false;
	size_t i;

	for (i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		put_number(render_number(left, left_out[i].name),
			   left_out[i].one, left_out[i].many, &is_begun,
			   "  left out: ");
	say_printf(is_begun ? "\n" : "");
	for (i = 0, is_begun = false; i < sizeof(told) / sizeof(told[0]); i++)
		put_number(render_number(resumed, told[i].name), told[i].one,
			   told[i].many, &is_begun, "  told otherwise: ");
	say_printf(is_begun ? "\n" : "");
}

static void show_counts(const struct jval *resumed)
{
	bool is_begun = false;

	put_number(render_number(resumed, "turns"), "turn", "turns", &is_begun,
		   "  ");
	put_number(render_number(resumed, "calls"), "call with its result",
		   "calls with their results", &is_begun, "  ");
	put_number(render_number(resumed, "attached"), "file", "files",
		   &is_begun, "  ");
	put_number(render_number(resumed, "tokens"), "token or so",
		   "tokens or so", &is_begun, "  ");
	say_printf("\n");
}

static bool is_bare(struct span word)
{
	size_t i;

	for (i = 0; i < word.len; i++) {
		char c = word.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && !strchr("_-./=:,@%+", c))
			return false;
	}
	return word.len > 0;
}

/* As a shell takes it, to be copied. */
static void show_word(struct span word)
{
	size_t end;

	if (is_bare(word)) {
		say_text(word);
		return;
	}
	say_printf("'");
	while ((end = span_find(word, "'", 0)) != SPAN_NOWHERE) {
		say_text(span_of(word.at, end));
		say_printf("'\\''");
		word = span_of(word.at + end + 1, word.len - end - 1);
	}
	say_text(word);
	say_printf("'");
}

static void show_command(const struct jval *resumed, const char *name)
{
	const struct jval *word = jval_first(jval_get(resumed, name));

	if (!word)
		return;
	say_printf("  cd ");
	show_word(jval_get_text(resumed, "in"));
	say_printf(" &&");
	for (; word; word = word->next) {
		say_printf(" ");
		show_word(jval_text(word));
	}
	say_printf("\n");
}

static const char *words_of(struct span state)
{
	static const struct { const char *state, *words; } list[] = {
		{ "written", "{agent_title} can go on with it:\n" },
		{ "here", "{agent_title} has all of it here:\n" },
		{ "grown", "{agent_title} has gone on with it here since; "
			   "'vvault capture' brings that in:\n" },
		{ "would write", "nothing is written; {agent_title} would go "
				 "on with it so:\n" },
	};
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (span_equals(state, span_str(list[i].state)))
			return list[i].words;
	}
	return "{state}\n";
}

bool render_resume(const struct jval *resumed)
{
	struct span state = jval_get_text(resumed, "state");
	bool is_new = span_equals(state, span_str("written")) ||
		      span_equals(state, span_str("would write"));
	const struct jval *one;

	render_line(resumed, jval_get_text(resumed, "title").at ?
		    "{session}  {title}\n" : "{session}\n");
	show_counts(resumed);
	show_left_out(resumed);
	for (one = jval_first(jval_get(resumed, "files")); is_new && one;
	     one = one->next)
		render_line(one, "  {path}\n");
	for (one = jval_first(jval_get(resumed, "notes")); one;
	     one = one->next) {
		say_printf("  note: ");
		say_text(jval_text(one));
		say_printf("\n");
	}
	if (render_flag(resumed, "moved"))
		render_line(resumed, "  its folder here: {in}\n");
	render_line(resumed, words_of(state));
	show_command(resumed, "before");
	show_command(resumed, "command");
	return true;
}
