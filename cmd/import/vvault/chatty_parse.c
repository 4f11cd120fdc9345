#include "cmd/import/vvault/chatty_parse.h"

#include <stdlib.h>

#include "cmd/import/parse/when.h"
#include "cmd/import/sniff.h"
#include "cmd/import/vvault/chatty_lines.h"
#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"

void chatty_release(struct chatty *chatty)
{
	free(chatty->at);
	chatty->at = NULL;
	chatty->n = 0;
}

/* What happens from line to line. */
struct chatty_reading {
	const struct chatty_lines *lines;
	struct chatty_cast cast;
	struct chatty *out;
	int64_t midnight;
	unsigned day_flags;
	bool has_day;
	const char *text;	/* where the text at hand begins */
	const char *end;	/* where its last line so far ends */
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Without empty lines at its ends, and without a rule at its end. */
static struct span trim_text(const char *begin, const char *end)
{
	struct span text = span_of(begin, (size_t)(end - begin));
	size_t blank = 0;
	size_t len;

	/* Empty lines before it; the spaces of its first line are its own. */
	for (len = 0; len < text.len && is_space(text.at[len]); len++) {
		if (text.at[len] == '\n')
			blank = len + 1;
	}
	text = span_of(text.at + blank, text.len - blank);
	for (;;) {
		while (text.len && is_space(text.at[text.len - 1]))
			text.len--;
		len = text.len;
		while (len && text.at[len - 1] == '-')
			len--;
		if (text.len - len < 3 || !len || text.at[len - 1] != '\n')
			return text;
		text.len = len;
	}
}

/* The text at hand ends with its last line; headings of days behind that
 * belong to what comes. */
static void end_text(struct chatty_reading *reading)
{
	struct span text = trim_text(reading->text, reading->end);

	if (reading->out->n)
		reading->out->at[reading->out->n - 1].text = text;
	else if (text.len)
		reading->out->preface = text;
}

static struct chat_time time_of(const struct chatty_reading *reading,
				const struct chatty_head *head)
{
	int64_t micros = reading->midnight;
	unsigned flags = reading->day_flags;

	if (head->iso.len &&
	    timestamp_parse(head->iso, &micros, &flags, NULL) == 0)
		return chat_time_read(0, micros, flags);
	if (!reading->has_day)
		return (struct chat_time)CHAT_TIME_NONE;
	if (head->clock.len &&
	    when_parse_clock(head->clock, reading->midnight, &micros, &flags,
			     NULL) == 0)
		return chat_time_read(0, micros, flags);
	return chat_time_read(0, reading->midnight, reading->day_flags);
}

static int begin_message(struct chatty_reading *reading,
			 const struct chatty_head *head,
			 const struct chatty_speaker *speaker, struct err *err)
{
	struct chatty *out = reading->out;
	struct chatty_message *message;
	int rc = array_room(out, err);

	if (rc < 0)
		return rc;
	message = &out->at[out->n++];
	message->name = head->name;
	message->text = head->rest;
	message->time = time_of(reading, head);
	message->dialect = head->dialect;
	message->is_assistant = speaker->side == CHATTY_ASSISTANT;
	reading->text = head->rest.at;
	return 0;
}

static bool is_alone(const struct chatty_lines *lines, size_t at)
{
	return (!at || chatty_line_is_empty(lines, at - 1)) &&
	       (at + 1 == lines->n || chatty_line_is_empty(lines, at + 1));
}

static bool is_day(struct chatty_reading *reading, size_t at)
{
	struct span line = chatty_line_at(reading->lines, at);

	return chatty_day_of(line, !is_alone(reading->lines, at),
			     &reading->midnight, &reading->day_flags);
}

static int read_line(struct chatty_reading *reading, size_t at, struct err *err)
{
	struct span line = chatty_line_at(reading->lines, at);
	const struct chatty_speaker *speaker;
	struct chatty_head head;
	bool is_fenced = reading->lines->at[at].is_fenced;
	int rc = 0;

	if (!is_fenced && is_day(reading, at)) {
		reading->has_day = true;
		reading->out->days++;
		return 0;
	}
	head = chatty_head_of(line);
	speaker = is_fenced ? NULL : chatty_cast_find(&reading->cast, &head);
	if (speaker) {
		end_text(reading);
		rc = begin_message(reading, &head, speaker, err);
	}
	if (speaker || !chatty_line_is_empty(reading->lines, at))
		reading->end = line.at + line.len;
	return rc;
}

/* "# Title", if the first line that is not empty is one; *out_at behind it. */
static struct span find_title(const struct chatty_lines *lines,
			      size_t *out_at)
{
	struct span line;
	int64_t midnight;
	size_t i = 0;

	while (i < lines->n && chatty_line_is_empty(lines, i))
		i++;
	*out_at = i;
	if (i == lines->n)
		return span_of(NULL, 0);
	line = chatty_line_at(lines, i);
	if (!span_begins(line, "# ") ||
	    chatty_day_of(line, true, &midnight, NULL))
		return span_of(NULL, 0);
	*out_at = i + 1;
	return trim_text(line.at + 2, line.at + line.len);
}

static int read_all(struct chatty_reading *reading, size_t from, struct err *err)
{
	const struct chatty_lines *lines = reading->lines;
	size_t i;
	int rc = 0;

	reading->text = from < lines->n ? chatty_line_at(lines, from).at :
		lines->text.at;
	reading->end = reading->text;
	for (i = from; rc >= 0 && i < lines->n; i++)
		rc = read_line(reading, i, err);
	end_text(reading);
	return rc;
}

static struct span without_mark(struct span text)
{
	return span_begins(text, "\xef\xbb\xbf") ?
		span_of(text.at + 3, text.len - 3) : text;
}

int chatty_parse(struct span text, struct span hint, struct chatty *out,
		 struct err *err)
{
	struct chatty_lines lines = { .at = NULL };
	struct chatty_reading reading = { .lines = &lines, .out = out };
	size_t from = 0;
	int rc;

	memset(out, 0, sizeof(*out));
	text = without_mark(text.at ? text : span_of("", 0));
	rc = chatty_lines_split(&lines, text, err);
	if (rc >= 0) {
		out->title = find_title(&lines, &from);
		chatty_cast_choose(&reading.cast, &lines, out->title, hint);
		out->are_roles_guessed = reading.cast.is_guessed;
		rc = read_all(&reading, from, err);
	}
	chatty_lines_release(&lines);
	return rc;
}

/* Things that other programs write and that could pass for chats. */
static bool is_other(struct span head)
{
	static const char foreign[] = "<user_query>";
	size_t len = sizeof(foreign) - 1;
	size_t i = 0;

	head = sniff_begin(head);
	if (!head.len || strchr("{[<", *head.at) ||
	    memchr(head.at, '\0', head.len) ||
	    utf8_valid_prefix(head) + UTF8_MAX < head.len)
		return true;
	for (; i + len <= head.len; i++) {
		if (head.at[i] == '<' && !memcmp(head.at + i, foreign, len))
			return true;
	}
	return false;
}

bool chatty_sniff(struct span head)
{
	struct chatty chatty;
	size_t clocks = 0;
	size_t said = 0;
	bool is_ours;
	size_t i;

	if (!head.len || is_other(head) ||
	    chatty_parse(head, span_of(NULL, 0), &chatty, NULL) < 0)
		return false;
	for (i = 0; i < chatty.n; i++) {
		clocks += chatty.at[i].dialect >= CHATTY_CLOCK;
		said += chatty.at[i].dialect == CHATTY_SAID;
	}
	is_ours = clocks > 1 || (clocks && chatty.days) ||
		(said > 1 && said == chatty.n) ||
		(chatty.n > 1 && !chatty.preface.len);
	chatty_release(&chatty);
	return is_ours;
}
