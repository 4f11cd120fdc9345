#include "cmd/import/vvault/chatty_parse.h"

#include <strings.h>

#include "cmd/import/parse/when.h"

#define NAME_MAX_BYTES 60	/* of a speaker */
#define PLAIN_NAME_MAX 20	/* of one in "Name: text": shorter than that */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct span trim(struct span text)
{
	while (text.len && (text.at[0] == ' ' || text.at[0] == '\t'))
		text = span_of(text.at + 1, text.len - 1);
	while (text.len && (text.at[text.len - 1] == ' ' ||
			    text.at[text.len - 1] == '\t' ||
			    text.at[text.len - 1] == '\r'))
		text.len--;
	return text;
}

static struct span behind(struct span text, size_t len)
{
	return span_of(text.at + len, text.len - len);
}

/* Where a short text begins in another; its length when nowhere. */
static size_t chatty_line_find(struct span text, const char *wanted)
{
	size_t len = strlen(wanted);
	size_t i;

	for (i = 0; i + len <= text.len; i++) {
		if (!memcmp(text.at + i, wanted, len))
			return i;
	}
	return text.len;
}

const char *chatty_dialect_word(enum chatty_dialect dialect)
{
	static const char *const words[] = {
		"none", "bold", "said", "name", "clock", "stamp", "day"
	};

	return words[dialect];
}

static bool is_name(struct span name)
{
	size_t i;

	if (!name.len || name.len > NAME_MAX_BYTES)
		return false;
	for (i = 0; i < name.len; i++) {
		if (memchr("*[]:`|<>\n", name.at[i], 9))
			return false;
	}
	return true;
}

/* Without it, lines of many a log would do. */
static bool has_half_day(struct span clock)
{
	size_t i;

	for (i = 0; i + 1 < clock.len; i++) {
		if (strchr("AaPp", clock.at[i]) && clock.at[i] &&
		    (clock.at[i + 1] == 'M' || clock.at[i + 1] == 'm'))
			return true;
	}
	return false;
}

/* "10:00:07 AM EST - Speaker": *text is cut behind the clock's dash. */
static bool take_clock(struct span *text, struct span *out_clock)
{
	struct span rest = *text;
	size_t dash;
	size_t i;

	for (i = 0; i < 2 && i < rest.len && is_digit(rest.at[i]); i++)
		;
	if (!i || rest.len < i + 6 || rest.at[i] != ':' ||
	    !is_digit(rest.at[i + 1]) || !is_digit(rest.at[i + 2]) ||
	    rest.at[i + 3] != ':' || !is_digit(rest.at[i + 4]))
		return false;
	dash = chatty_line_find(span_of(rest.at, rest.len < 40 ? rest.len : 40),
				" - ");
	if (dash + 3 > rest.len || dash >= 40)
		return false;
	*out_clock = trim(span_of(rest.at, dash));
	*text = behind(rest, dash + 3);
	return has_half_day(*out_clock);
}

/* " [ISO]: text" or ": text"; a colon at once, or after the bracket. */
static bool take_end(struct span text, struct chatty_head *head)
{
	size_t close;

	text = trim(text);
	if (text.len && text.at[0] == '[') {
		close = chatty_line_find(text, "]");
		if (close == text.len)
			return false;
		head->iso = trim(span_of(text.at + 1, close - 1));
		text = trim(behind(text, close + 1));
	}
	if (!text.len || text.at[0] != ':')
		return false;
	head->rest = trim(behind(text, 1));
	return true;
}

/* "**...**" at the begin: STAMP, DAY or BOLD. */
static bool take_bold(struct span line, struct chatty_head *head)
{
	struct span inside;
	size_t close;

	if (!span_begins(line, "**"))
		return false;
	inside = behind(line, 2);
	close = chatty_line_find(inside, "**");
	if (close == inside.len || !take_end(behind(inside, close + 2), head))
		return false;
	inside.len = close;
	head->dialect = CHATTY_BOLD;
	if (take_clock(&inside, &head->clock))
		head->dialect = head->iso.at ? CHATTY_STAMP : CHATTY_DAY;
	else if (head->iso.at)
		return false;
	head->name = trim(inside);
	return is_name(head->name);
}

/* "10:00:07 AM - Speaker [ISO]: text", the bracket may lack. */
static bool take_plain_clock(struct span line, struct chatty_head *head)
{
	size_t end;

	if (!take_clock(&line, &head->clock))
		return false;
	for (end = 0; end < line.len && line.at[end] != ':' &&
	     line.at[end] != '['; end++)
		;
	head->name = trim(span_of(line.at, end));
	head->dialect = CHATTY_CLOCK;
	return take_end(behind(line, end), head) && is_name(head->name);
}

static bool take_said(struct span line, struct chatty_head *head)
{
	static const char end[] = " said:";
	size_t len = sizeof(end) - 1;

	if (line.len <= len || memcmp(line.at + line.len - len, end, len))
		return false;
	head->dialect = CHATTY_SAID;
	head->name = trim(span_of(line.at, line.len - len));
	head->rest = span_of(line.at + line.len, 0);
	return is_name(head->name) && head->name.len <= 30;
}

static bool take_name(struct span line, struct chatty_head *head)
{
	size_t i;

	for (i = 0; i < line.len && i < PLAIN_NAME_MAX; i++) {
		if (!is_letter(line.at[i]) &&
		    !(i && (is_digit(line.at[i]) || line.at[i] == '_' ||
			    line.at[i] == '-')))
			break;
	}
	if (!i || i == PLAIN_NAME_MAX || i >= line.len || line.at[i] != ':')
		return false;
	if (i + 1 < line.len && line.at[i + 1] != ' ' &&
	    line.at[i + 1] != '\t' && line.at[i + 1] != '\r')
		return false;
	head->dialect = CHATTY_NAME;
	head->name = span_of(line.at, i);
	head->rest = trim(behind(line, i + 1));
	return true;
}

struct chatty_head chatty_head_of(struct span line)
{
	const struct chatty_head none = { .dialect = CHATTY_NONE };
	struct chatty_head head = none;

	line = trim(line);
	if (!line.len)
		return none;
	if (line.at[0] == '*')
		return take_bold(line, &head) ? head : none;
	if (is_digit(line.at[0]))
		return take_plain_clock(line, &head) ? head : none;
	if (take_said(line, &head))
		return head;
	head = none;
	return take_name(line, &head) ? head : none;
}

bool chatty_day_of(struct span line, bool needs_mark, int64_t *out_midnight,
		   unsigned *out_flags)
{
	size_t marks = 0;

	line = trim(line);
	while (marks < line.len && line.at[marks] == '#')
		marks++;
	if (marks > 3 || (needs_mark && !marks))
		return false;
	if (marks && (marks == line.len || line.at[marks] != ' '))
		return false;
	line = trim(behind(line, marks));
	if (!line.len || line.len > 40 || !is_letter(line.at[0]))
		return false;
	return when_parse_day(line, out_midnight, out_flags, NULL) == 0;
}

static bool is_same_name(struct span a, const char *b)
{
	return a.len == strlen(b) && !strncasecmp(a.at, b, a.len);
}

/* "zen-001" or "Zen" of "Zen": the callsign's number does not matter. */
static bool is_named_so(struct span name, struct span whole)
{
	size_t len = whole.len;

	if (!whole.len || !name.len)
		return false;
	if (name.len == len && !strncasecmp(name.at, whole.at, len))
		return true;
	while (len && is_digit(whole.at[len - 1]))
		len--;
	return len && len < whole.len && whole.at[len - 1] == '-' &&
	       name.len == len - 1 && !strncasecmp(name.at, whole.at, len - 1);
}

enum chatty_side chatty_side_of(struct span name, struct span title,
				struct span hint)
{
	static const char *const users[] = {
		"user", "you", "human", "me", NULL
	};
	static const char *const assistants[] = {
		"assistant", "ai", "bot", "chatgpt", "gpt", "gpt-4", "claude",
		"gemini", "copilot", "model", NULL
	};
	size_t i;

	for (i = 0; users[i]; i++) {
		if (is_same_name(name, users[i]))
			return CHATTY_USER;
	}
	if (is_named_so(name, title) || is_named_so(name, hint))
		return CHATTY_ASSISTANT;
	for (i = 0; assistants[i]; i++) {
		if (is_same_name(name, assistants[i]))
			return CHATTY_ASSISTANT;
	}
	return CHATTY_UNKNOWN;
}
