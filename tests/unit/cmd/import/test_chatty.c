#include "cmd/import/vvault/chatty_parse.h"

#include "tests/tap.h"

static struct chatty parsed(const char *text)
{
	struct chatty chatty;
	int rc = chatty_parse(span_str(text), span_of(NULL, 0), &chatty, NULL);

	ok(rc == 0, "it is read");
	return chatty;
}

static bool says(const struct chatty *chatty, size_t at, const char *name,
		 const char *text)
{
	if (at >= chatty->n)
		return false;
	diag("'%.*s' says '%.*s'", (int)chatty->at[at].name.len,
	     chatty->at[at].name.at, (int)chatty->at[at].text.len,
	     chatty->at[at].text.at);
	return span_equals(chatty->at[at].name, span_str(name)) &&
	       span_equals(chatty->at[at].text, span_str(text));
}

static void test_heads(void)
{
	static const struct {
		const char *line;
		enum chatty_dialect dialect;
		const char *name;
		const char *rest;
	} heads[] = {
		{ "**Ada**: hi", CHATTY_BOLD, "Ada", "hi" },
		{ "  **Ada B**:", CHATTY_BOLD, "Ada B", "" },
		{ "Ada B said:", CHATTY_SAID, "Ada B", "" },
		{ "Ada: hi: ho", CHATTY_NAME, "Ada", "hi: ho" },
		{ "Ada:", CHATTY_NAME, "Ada", "" },
		{ "9:05:00 PM - Ada [2026-01-20T15:00:07Z]: x", CHATTY_CLOCK,
		  "Ada", "x" },
		{ "10:00:07 AM EST - Ada: x", CHATTY_CLOCK, "Ada", "x" },
		{ "**10:00:07 AM EST - Ada** [2026-01-20T15:00:07Z]: x",
		  CHATTY_STAMP, "Ada", "x" },
		{ "**10:00:07 AM EST - Ada**: x", CHATTY_DAY, "Ada", "x" },
		{ "http://example.com", CHATTY_NONE, "", "" },
		{ "https: no", CHATTY_NAME, "https", "no" },
		{ "a name that is too long: x", CHATTY_NONE, "", "" },
		{ "abcdefghijklmnopqrst: x", CHATTY_NONE, "", "" },
		{ "**Ada** hi", CHATTY_NONE, "", "" },
		{ "**: hi", CHATTY_NONE, "", "" },
		{ "****: hi", CHATTY_NONE, "", "" },
		{ "**Ada** [2026]: x", CHATTY_NONE, "", "" },
		{ "10:00:07 - INFO: x", CHATTY_NONE, "", "" },
		{ "10:00 AM - Ada: x", CHATTY_NONE, "", "" },
		{ "10:00:07 AM EST - Ada [open: x", CHATTY_NONE, "", "" },
		{ "", CHATTY_NONE, "", "" },
	};
	struct chatty_head head;
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		head = chatty_head_of(span_str(heads[i].line));
		ok(head.dialect == heads[i].dialect &&
		   (!head.dialect ||
		    (span_equals(head.name, span_str(heads[i].name)) &&
		     span_equals(head.rest, span_str(heads[i].rest)))),
		   "'%s'", heads[i].line);
	}
}

static void test_fences(void)
{
	struct chatty chatty;

	chatty = parsed("**User**: a\n```\n**User**: b\n```\n**User**: c\n");
	ok(chatty.n == 2 && says(&chatty, 0, "User",
				 "a\n```\n**User**: b\n```"),
	   "a fenced line is text");
	chatty_release(&chatty);
	chatty = parsed("**User**: a\n```\n**User**: b\n");
	ok(chatty.n == 2, "a fence that is never closed opens nothing");
	chatty_release(&chatty);
	chatty = parsed("**User**: ~~~\n**User**: b\n```\n~~~\n"
			"**User**: c\n");
	ok(chatty.n == 2, "a fence closes by its own mark alone");
	chatty_release(&chatty);
	chatty = parsed("**User**: ````\n```\n**User**: b\n````\n"
			"**User**: c\n");
	ok(chatty.n == 2, "and by as many of it");
	chatty_release(&chatty);
	chatty = parsed("**User**: ```x``` is code\n**User**: b\n```\n");
	ok(chatty.n == 2, "code on one line opens nothing");
	chatty_release(&chatty);
}

static void test_text(void)
{
	struct chatty chatty;

	chatty = parsed("# T\n\nbefore\n\n**User**: a\n\n b\n\n---\n\n"
			"## March 3, 2025\n\n**Assistant**:\n\n  c\n\n\n");
	ok(span_equals(chatty.title, span_str("T")) &&
	   span_equals(chatty.preface, span_str("before")),
	   "title and preface");
	ok(says(&chatty, 0, "User", "a\n\n b") &&
	   chatty.at[0].time.micros == CHAT_TIME_UNKNOWN &&
	   !chatty.at[0].is_assistant, "empty lines stay inside");
	ok(says(&chatty, 1, "Assistant", "  c") && chatty.days == 1 &&
	   chatty.at[1].time.micros == INT64_C(1740960000000000) &&
	   chatty.at[1].is_assistant, "and go at the ends");
	chatty_release(&chatty);
	chatty = parsed("**User**: a\n\nMarch 3, 2025\n\nmore\n");
	ok(says(&chatty, 0, "User", "a\n\nMarch 3, 2025\n\nmore"),
	   "a day that is followed by text is not lost");
	chatty_release(&chatty);
	chatty = parsed("**User**: born on\nMarch 3, 2025\nin rain\n");
	ok(chatty.n == 1 && !chatty.days, "a date among lines is text");
	chatty_release(&chatty);
	chatty = parsed("");
	ok(!chatty.n && !chatty.title.at, "an empty text has nothing");
	chatty_release(&chatty);
	chatty = parsed("# only a title");
	ok(!chatty.n && chatty.title.len == 12, "a title alone");
	chatty_release(&chatty);
}

static void test_cast(void)
{
	struct chatty chatty;

	chatty = parsed("**You**: a\n\n**Mira**: b\n\n**Note**: c\n\n"
			"**You**: d\n\n**Mira**: e\n");
	ok(chatty.n == 4 && chatty.at[1].is_assistant &&
	   !chatty.are_roles_guessed, "who is left speaks");
	chatty_release(&chatty);
	chatty = parsed("Dev: a\nNova: b\nDev: c\nTodo: d\nNova: e\n");
	ok(chatty.n == 4 && chatty.are_roles_guessed &&
	   chatty.at[1].is_assistant && !chatty.at[0].is_assistant,
	   "two who speak in turns");
	chatty_release(&chatty);
	chatty = parsed("Note: a\nTodo: b\nNote: c\n");
	ok(!chatty.n, "three lines show nothing");
	chatty_release(&chatty);
	chatty = parsed("# Nova\n\n**Dev**: a\n\n**Nova**: b\n");
	ok(chatty.n == 2 && chatty.at[1].is_assistant &&
	   !chatty.are_roles_guessed, "the title is a name");
	chatty_release(&chatty);
	chatty = parsed("1:00:00 PM - A: x\n1:00:01 PM - B: y\nUser: z\n"
			"**User**: w\n");
	ok(chatty.n == 3 && chatty.at[2].dialect == CHATTY_BOLD,
	   "with clocks only bold names speak beside");
	chatty_release(&chatty);
}

static void test_sniff(void)
{
	static const struct {
		const char *text;
		bool is_ours;
	} texts[] = {
		{ "# T\n\n**User**: a\n\n**Assistant**: b\n", true },
		{ "You said:\na\nChatGPT said:\nb\n", true },
		{ "User: a\nAssistant: b\n", true },
		{ "## March 3, 2025\n\n1:00:00 PM - A: x\n", true },
		{ "\xef\xbb\xbf**User**: a\n\n**AI**: b\n", true },
		{ "**User**: a\n", false },
		{ "# Read me\n\nText.\n\n**User**: a\n\n**User**: b\n", false },
		{ "Note: a\n\nTodo: b\n", false },
		{ "He said:\nx\nShe said:\ny\n", false },
		{ "# Title\n\nSome prose: nothing more.\n", false },
		{ "{\"User\": 1}\nUser: a\nAssistant: b\n", false },
		{ "<html>\nUser: a\nAssistant: b\n", false },
		{ "user:\n<user_query>\nx\n</user_query>\nassistant:\ny\n",
		  false },
		{ "1:00:00 PM - A: x\n", false },
		{ "\xff\xfeU\n", false },
		{ "", false },
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ok(chatty_sniff(span_str(texts[i].text)) == texts[i].is_ours,
		   "text %zu is %s", i, texts[i].is_ours ? "one" : "none");
}

int main(void)
{
	test_heads();
	test_fences();
	test_text();
	test_cast();
	test_sniff();
	return done_testing();
}
