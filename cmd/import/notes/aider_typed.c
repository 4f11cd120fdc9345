#include "cmd/import/notes/aider_internal.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"

/* What was typed and is no prompt of the history: answers to questions. */
#define LOOK_AHEAD 256

void aider_typings_release(struct aider_typings *typings)
{
	free(typings->at);
	*typings = (struct aider_typings)AIDER_TYPINGS_INIT;
}

/* Of a text without the blanks at the ends of its lines: the two histories
 * do not keep the same ones. */
static uint64_t hash_of(struct span text, bool is_marked, struct buf *plain)
{
	struct span line;

	buf_reset(plain);
	while (text.len) {
		line = span_take_line(&text);
		while (line.len && (line.at[line.len - 1] == ' ' ||
				    line.at[line.len - 1] == '\r'))
			line.len--;
		if (is_marked && line.len)
			line = span_of(line.at + 1, line.len - 1);
		buf_put_span(plain, line);
		buf_put_char(plain, '\n');
	}
	return buf_end(plain, NULL) < 0 ? 0 :
		xxh64_of(plain->data, plain->len);
}

/* "+line", as many as there are: all of them are one text. */
static struct span take_lines(struct span *rest)
{
	struct span lines = span_of(rest->at, 0);
	struct span line;

	while (span_begins(*rest, "+")) {
		line = span_take_line(rest);
		lines.len = (size_t)(line.at - lines.at) + line.len;
	}
	return lines;
}

int aider_typings_read(struct aider_typings *typings, struct span text,
		       struct err *err)
{
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	struct aider_typed typed;
	struct span line;
	int rc = 0;

	while (rc == 0 && text.len) {
		line = span_take_line(&text);
		if (span_ends(line, "\r"))
			line.len--;
		if (!span_begins(line, "# ") || !span_begins(text, "+"))
			continue;
		typed.time = chat_time_said(span_of(line.at + 2,
						    line.len - 2));
		typed.hash = hash_of(take_lines(&text), true, &plain);
		rc = array_room(typings, err);
		if (rc == 0)
			typings->at[typings->n++] = typed;
	}
	buf_release(&plain);
	return rc;
}

struct chat_time aider_typed_at(struct aider_typings *typings,
				struct span text, int64_t from, int64_t until)
{
	struct chat_time none = CHAT_TIME_NONE;
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	uint64_t hash = typings->n ? hash_of(text, false, &plain) : 0;
	const struct aider_typed *typed = NULL;
	size_t i;

	buf_release(&plain);
	while (typings->next < typings->n &&
	       typings->at[typings->next].time.micros < from)
		typings->next++;
	for (i = typings->next; i < typings->n &&
				i - typings->next < LOOK_AHEAD; i++) {
		typed = &typings->at[i];
		if (typed->time.micros >= until)
			break;
		if (typed->hash != hash)
			continue;
		typings->next = i + 1;
		return typed->time;
	}
	return none;
}
