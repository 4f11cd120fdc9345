#include "cmd/import/records/injected.h"

#include <stdio.h>

#include "tests/tap.h"

/* The pieces, each as a letter and its inner text: "P[hello] C[be brief]". */
static void splits(const char *text, const char *want)
{
	static const char letters[] = "PCNATO";
	struct injected pieces = INJECTED_INIT;
	struct err err = ERR_INIT;
	char got[512] = "";
	size_t len = 0;
	size_t whole = 0;
	size_t i;

	if (!ok(injected_split(span_str(text), &pieces, &err) == 0,
		"it is taken apart: %.60s", text))
		return;
	for (i = 0; i < pieces.n; i++) {
		const struct injected_piece *piece = &pieces.at[i];

		len += (size_t)snprintf(got + len, sizeof(got) - len,
					"%s%c[%.*s]", i ? " " : "",
					letters[piece->kind],
					(int)piece->inner.len,
					piece->inner.at);
		if (piece->text.at == text + whole)
			whole += piece->text.len;
	}
	is_str(got, want, "into these pieces");
	is_int((long long)whole, (long long)strlen(text),
	       "which are all of it");
	injected_release(&pieces);
}

static void types(const char *text, const char *want)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;

	ok(injected_words(span_str(text), &out, &err) == 0,
	   "what was typed is found");
	is_str(buf_text(&out), want, "and is that");
	buf_release(&out);
}

static void test_places(void)
{
	splits("", "");
	splits("hello", "P[hello]");
	splits("  \n", "P[  \n]");
	splits("go on\n<system-reminder>be brief</system-reminder>\n",
	       "P[go on] C[be brief]");
	splits("<ide_opened_file>a.c</ide_opened_file>\nfix it",
	       "C[a.c] P[fix it]");
	splits("<ide_selection>x</ide_selection><system-reminder>y"
	       "</system-reminder> one\n\n <system-reminder>z"
	       "</system-reminder> \ntwo",
	       "C[x] C[y] P[one] C[z] P[two]");
	splits("<teammate-message teammate_id=\"a\" color=\"red\">done"
	       "</teammate-message>", "C[done]");
	splits("<permissions instructions>ask</permissions instructions>",
	       "C[ask]");
}

static void test_spoken_of(void)
{
	splits("why is <system-reminder>x</system-reminder> there?",
	       "P[why is <system-reminder>x</system-reminder> there?]");
	splits("see:\n```\n<system-reminder>x</system-reminder>\n```\nwhy?",
	       "P[see:\n```\n<system-reminder>x</system-reminder>\n```\n"
	       "why?]");
	splits("<system-reminder>never closed", "P[<system-reminder>never "
	       "closed]");
	splits("<system-reminders>x</system-reminders>",
	       "P[<system-reminders>x</system-reminders>]");
	splits("<div>why?</div>", "P[<div>why?</div>]");
	splits("</system-reminder> <", "P[</system-reminder> <]");
	splits("[Request interrupted by user] is what I saw",
	       "P[[Request interrupted by user] is what I saw]");
}

static void test_typed(void)
{
	types("<command-message>skill is running</command-message>\n"
	      "<command-name>/skill</command-name>\n"
	      "<command-args>count herons</command-args>",
	      "/skill count herons");
	types("<command-name>/exit</command-name>\n  <command-message>exit"
	      "</command-message>\n  <command-args></command-args>", "/exit");
	types("<command-message>The \"x\" skill is loading</command-message>\n"
	      "<command-name>x</command-name>\n"
	      "<skill-format>true</skill-format>", "");
	types("<bash-input>ls -l</bash-input>", "ls -l");
	types("<bash-stdout>a</bash-stdout><bash-stderr></bash-stderr>", "");
	types("[Request interrupted by user for tool use]\n", "");
	types("<task-notification>\n<status>done</status>\n"
	      "</task-notification>\nFull transcript available at: /t", "");
	types("# AGENTS.md instructions for /x\n\n<INSTRUCTIONS>\nbe good\n"
	      "</INSTRUCTIONS>", "");
	types("one\n<system-reminder>x</system-reminder>\ntwo", "one\n\ntwo");
	types("", "");
}

/* However often something opens, nothing is looked through twice. */
static void test_bounds(void)
{
	const size_t n = 200000;
	const char open[] = "<tick>x <skill>";
	struct injected pieces = INJECTED_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < n; i++)
		buf_put_str(&text, open);
	buf_put_str(&text, "</tick> behind");
	ok(injected_split(buf_span(&text), &pieces, &err) == 0 &&
	   pieces.n == 2, "many that open, one that closes");
	injected_release(&pieces);
	buf_release(&text);
}

int main(void)
{
	test_places();
	test_spoken_of();
	test_typed();
	test_bounds();
	return done_testing();
}
