#include "cmd/render/know/overview.h"

#include "cmd/render/know/bars.h"
#include "cmd/render/render.h"
#include "lib/base/digits.h"
#include "lib/base/text.h"

#define TITLE_BYTES 44

static uint64_t number_at(const struct jval *object, const char *path)
{
	long long number;

	return jval_integer(jval_at(object, path), &number) ?
	       (uint64_t)number : 0;
}

/* "12 messages" */
static void say_counted(const char *gap, uint64_t n, const char *one,
			const char *many)
{
	char number[DIGITS_MAX];

	digits_grouped(n, number);
	say_printf("%s", gap);
	say_colored(SAY_BOLD, span_str(number));
	say_printf(" %s", n == 1 ? one : many);
}

static void print_messages(const struct jval *total)
{
	uint64_t other = number_at(total, "roles.other");

	say_counted("", number_at(total, "messages"), "message", "messages");
	say_counted(": ", number_at(total, "roles.user"), "from a person",
		    "from people");
	say_counted(", ", number_at(total, "roles.assistant"), "answer",
		    "answers");
	if (other)
		say_counted(", ", other, "other", "others");
	say_printf("\n");
	say_counted("", number_at(total, "words"), "word\n", "words\n");
}

static void print_sessions(const struct jval *total)
{
	const struct jval *longest = jval_get(total, "longest");
	struct span title = jval_get_text(longest, "title");
	uint64_t constructs = number_at(total, "constructs");

	say_counted("", number_at(total, "sessions"), "session", "sessions");
	if (constructs > 1)
		say_counted(" of ", constructs, "construct", "constructs");
	say_printf("\n");
	if (!jval_is(longest, JVAL_OBJECT))
		return;
	if (!title.len)
		title = jval_get_text(longest, "session");
	say_printf("the longest: ");
	say_text(text_cut(title, TITLE_BYTES));
	say_counted(title.len > TITLE_BYTES ? "..., " : ", ",
		    number_at(longest, "messages"), "message\n",
		    "messages\n");
}

static void print_tokens(const struct jval *total)
{
	uint64_t cached = number_at(total, "tokens.cached");

	if (number_at(total, "tool_calls"))
		say_counted("", number_at(total, "tool_calls"),
			    "tool call\n", "tool calls\n");
	if (!jval_is(jval_get(total, "tokens"), JVAL_OBJECT))
		return;
	say_counted("tokens: ", number_at(total, "tokens.input"), "in", "in");
	if (cached)
		say_counted(" (", cached, "cached)", "cached)");
	say_counted(", ", number_at(total, "tokens.output"), "out", "out");
	say_counted(", of ", number_at(total, "tokens.messages"),
		    "message\n", "messages\n");
}

static void print_apart(const struct jval *total)
{
	uint64_t tool = number_at(total, "apart.tool");
	uint64_t thinking = number_at(total, "apart.thinking");
	uint64_t hidden = number_at(total, "apart.hidden");

	if (!tool && !thinking && !hidden)
		return;
	say_counted("apart: ", tool, "message of tools", "messages of tools");
	say_counted(", ", thinking, "thought", "thoughts");
	say_counted(", ", hidden, "hidden message\n", "hidden messages\n");
}

static void print_size(const struct jval *total)
{
	char bytes[DIGITS_MAX];

	if (!number_at(total, "records"))
		return;
	digits_bytes(number_at(total, "bytes"), bytes);
	say_counted("", number_at(total, "records"), "record", "records");
	say_printf(", %s\n", bytes);
}

/* The last months, as many as there is room for. */
static void print_months(const struct jval *total)
{
	const struct jval *months = jval_get(total, "months");
	const struct jval *count = jval_first(jval_get(months, "counts"));
	struct buf curve = BUF_INIT(BUF_NO_LIMIT);
	uint64_t most = 0;
	long long n;

	for (; count; count = count->next) {
		if (jval_integer(count, &n) && (uint64_t)n > most)
			most = (uint64_t)n;
	}
	if (!most)
		return;
	for (count = jval_first(jval_get(months, "counts")); count;
	     count = count->next)
		spark_put(&curve, jval_integer(count, &n) ? (uint64_t)n : 0,
			  most);
	render_line(months, "{first} ");
	say_colored(SAY_CYAN, buf_span(&curve));
	render_line(months, " {last}\n");
	buf_release(&curve);
}

bool print_overview(const struct jval *total)
{
	if (!number_at(total, "sessions") && !number_at(total, "records"))
		return false;
	if (jval_is(jval_get(total, "first"), JVAL_STRING)) {
		say_printf("from ");
		render_date(SAY_YELLOW, total, "first", "undated");
		say_printf(" to ");
		render_date(SAY_YELLOW, total, "last", "undated");
		say_printf("\n");
	}
	print_messages(total);
	print_sessions(total);
	print_tokens(total);
	print_apart(total);
	print_size(total);
	print_months(total);
	return true;
}
