#include "cmd/import/notes/aider_internal.h"

#include <stdlib.h>

#include "cmd/import/parse/markdown/fence.h"
#include "lib/base/array.h"
#include "lib/time/timestamp.h"

#define HEAD "# aider chat started at "
#define TIME_TEXT 19		/* 2026-05-04 09:00:00 */
#define BREAK "  "		/* behind each line that Aider itself writes */

void aider_log_release(struct aider_log *log)
{
	free(log->sessions.at);
	free(log->pieces.at);
	*log = (struct aider_log)AIDER_LOG_INIT;
}

/* --- lines ----------------------------------------------------------------- */

static struct span trim_end(struct span line)
{
	while (line.len && (line.at[line.len - 1] == ' ' ||
			    line.at[line.len - 1] == '\t' ||
			    line.at[line.len - 1] == '\r'))
		line.len--;
	return line;
}

static bool is_empty(struct span line)
{
	return !trim_end(line).len;
}

static bool has_break(struct span line)
{
	if (span_ends(line, "\r"))
		line.len--;
	return span_ends(line, BREAK);
}

/* "> x", or ">" alone. */
static bool is_marked(struct span line, const char *mark)
{
	size_t len = strlen(mark);

	return span_begins(line, mark) &&
	       (line.len == len || line.at[len] == ' ' ||
		line.at[len] == '\r');
}

static bool is_prompt(struct span line)
{
	return is_marked(line, "####");
}

bool aider_is_head(struct span line, struct chat_time *out_time)
{
	struct chat_time time;

	line = trim_end(line);
	if (!span_begins(line, HEAD) ||
	    line.len != strlen(HEAD) + TIME_TEXT)
		return false;
	time = chat_time_said(span_of(line.at + strlen(HEAD), TIME_TEXT));
	if (out_time)
		*out_time = time;
	return time.micros != CHAT_TIME_UNKNOWN ||
	       (time.flags & TIMESTAMP_UNUSUAL);
}

/* What the program says when an answer is at its end, or was broken off. */
static bool ends_answer(struct span line)
{
	return (span_begins(line, "> Tokens: ") && span_has(line, " sent, ")) ||
	       span_begins(line, "> ^C");
}

/* --- pieces ---------------------------------------------------------------- */

struct aider_scan {
	struct aider_log *log;
	struct span rest;		/* behind the line at hand */
	const char *fenced;		/* before here all is in a fence ... */
	const char *output;		/* ... or the program's ... */
	const char *quoted;		/* ... or no word of it */
	size_t open_ended[2];		/* so long a fence is never closed */
	bool goes_on;			/* the last piece may */
	bool is_stripped;		/* somebody took all blanks at ends */
};

static int begin_session(struct aider_scan *scan, struct span head,
			 const struct chat_time *time, struct err *err)
{
	struct aider_log *log = scan->log;
	const struct aider_session session = {
		.head = trim_end(head), .started = *time,
		.first = log->pieces.n,
	};
	int rc = array_room(&log->sessions, err);

	if (rc == 0)
		log->sessions.at[log->sessions.n++] = session;
	scan->goes_on = false;
	scan->open_ended[0] = scan->open_ended[1] = FENCE_MAX + 1;
	return rc;
}

static int add_line(struct aider_scan *scan, enum aider_kind kind,
		    struct span line, struct err *err)
{
	const struct chat_time none = CHAT_TIME_NONE;
	struct aider_log *log = scan->log;
	struct aider_piece *last;
	int rc = 0;

	if (!log->sessions.n)
		rc = begin_session(scan, span_of(NULL, 0), &none, err);
	last = log->pieces.n ? &log->pieces.at[log->pieces.n - 1] : NULL;
	if (rc == 0 && scan->goes_on && last && last->kind == kind) {
		last->raw.len = (size_t)(line.at - last->raw.at) + line.len;
		return 0;
	}
	if (rc == 0)
		rc = array_room(&log->pieces, err);
	if (rc < 0)
		return rc;
	log->pieces.at[log->pieces.n++] = (struct aider_piece){ kind, line };
	log->sessions.at[log->sessions.n - 1].n++;
	scan->goes_on = true;
	return 0;
}

/* Find the end of a fence that opens here; none: it opens nothing. */
static void open_fence(struct aider_scan *scan, struct span line)
{
	struct fence open = fence_of(line);
	struct span rest = scan->rest;
	struct fence fence;
	struct span next;

	if (!open.mark || open.len >= scan->open_ended[open.mark == '~'])
		return;
	while (rest.len) {
		next = span_take_line(&rest);
		if (aider_is_head(next, NULL))
			break;
		fence = fence_of(next);
		if (!ends_answer(next) && !fence_closes(&fence, &open))
			continue;
		scan->fenced = next.at;
		if (!ends_answer(next))
			scan->fenced += next.len + 1;
		return;
	}
	scan->open_ended[open.mark == '~'] = open.len;
}

/*
 * All that the program says ends with a break, and only the first of several
 * lines has its mark. What has none is a quotation in an answer.
 */
static bool is_output(struct aider_scan *scan, struct span line)
{
	struct span rest = scan->rest;

	if (line.at < scan->output)
		return true;
	if (!is_marked(line, ">") || line.at < scan->quoted)
		return false;
	if (has_break(line) || scan->is_stripped)
		return true;
	while (rest.len) {
		line = span_take_line(&rest);
		if (is_empty(line) || is_prompt(line) ||
		    aider_is_head(line, NULL))
			break;
		if (has_break(line)) {
			scan->output = rest.at;
			return true;
		}
	}
	scan->quoted = line.at;
	return false;
}

static int take_line(struct aider_scan *scan, struct span line,
		     struct err *err)
{
	struct chat_time time = CHAT_TIME_NONE;
	struct aider_log *log = scan->log;

	if (line.at < scan->fenced)
		return is_empty(line) ? 0 :
			add_line(scan, AIDER_ANSWER, line, err);
	if (aider_is_head(line, &time))
		return begin_session(scan, line, &time, err);
	if (is_empty(line)) {
		scan->goes_on &= log->pieces.n &&
			log->pieces.at[log->pieces.n - 1].kind == AIDER_ANSWER;
		return 0;
	}
	if (is_prompt(line))
		return add_line(scan, AIDER_PROMPT, line, err);
	if (is_output(scan, line))
		return add_line(scan, AIDER_OUTPUT, line, err);
	open_fence(scan, line);
	return add_line(scan, AIDER_ANSWER, line, err);
}

/* Does no line end as Aider ends its own? */
static bool is_stripped(struct span text)
{
	struct span line;

	while (text.len) {
		line = span_take_line(&text);
		if (is_marked(line, ">") && has_break(line))
			return false;
	}
	return true;
}

int aider_parse(struct span text, struct aider_log *log, struct err *err)
{
	struct aider_scan scan = {
		.log = log, .rest = text, .fenced = text.at,
		.output = text.at, .quoted = text.at,
		.open_ended = { FENCE_MAX + 1, FENCE_MAX + 1 },
		.is_stripped = is_stripped(text),
	};
	struct span line;
	int rc = 0;

	while (rc == 0 && scan.rest.len) {
		line = span_take_line(&scan.rest);
		rc = take_line(&scan, line, err);
	}
	return rc;
}

/* --- texts ----------------------------------------------------------------- */

static struct span bare_line(struct span line, const char *mark)
{
	if (span_ends(line, "\r"))
		line.len--;
	if (!mark)
		return line;
	if (is_marked(line, mark)) {
		line = span_of(line.at + strlen(mark),
			       line.len - strlen(mark));
		if (line.len)
			line = span_of(line.at + 1, line.len - 1);
	}
	if (span_ends(line, BREAK))
		line.len -= strlen(BREAK);
	return line;
}

int aider_text(const struct aider_piece *piece, struct buf *out,
	       struct err *err)
{
	static const char *const marks[] = {
		[AIDER_PROMPT] = "####", [AIDER_OUTPUT] = ">",
		[AIDER_ANSWER] = NULL,
	};
	struct span rest = trim_end(piece->raw);

	buf_reset(out);
	while (rest.len) {
		buf_put_span(out, bare_line(span_take_line(&rest),
					    marks[piece->kind]));
		if (rest.len)
			buf_put_char(out, '\n');
	}
	return buf_end(out, err);
}
