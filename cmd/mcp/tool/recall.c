#include <stdlib.h>

#include "cmd/action/result.h"
#include "cmd/mcp/asking.h"
#include "cmd/mcp/tool/more.h"
#include "cmd/mcp/tool/said.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"

#define HIT_LEAST 400		/* characters; with less left it is told next */
#define TITLE_MAX 200
#define INDEX_SECONDS 5		/* clients wait for a minute, people do not */
#define RANK_MAX 10000		/* as the action has it */

struct recall_telling {
	struct tool_call *call;
	struct asking asking;
	struct { struct span *at; size_t n, cap; } hits;	/* by rank */
	struct span searched;
	struct buf where;		/* was searched, in words */
	struct buf list;		/* "hits" */
	size_t told;
};

static void ask_recall(struct recall_telling *telling, uint64_t most)
{
	static const char *const same[] = { "role", "since", "until", NULL };
	struct tool_call *call = telling->call;
	struct asking *asking = &telling->asking;
	const struct tool_value *kinds = tool_value(call, "kinds");
	size_t i;

	asking_texts(asking, "words", tool_value(call, "query")->texts, 1);
	asking_text(asking, "construct", tool_text(call, "construct"));
	asking_texts(asking, "kind", (const char *const *)kinds->texts,
		     kinds->n);
	for (i = 0; same[i]; i++)
		asking_text(asking, same[i], tool_text(call, same[i]));
	asking_flag(asking, "from");
	asking_flag(asking, "searched");
	asking_count(asking, "within", INDEX_SECONDS);
	asking_count(asking, "-n", most < RANK_MAX ? most : RANK_MAX);
}

static int64_t rank_of(struct span hit)
{
	struct span value;
	int64_t rank = 0;

	return jcs_find(hit, "rank", &value) && jcs_integer(value, &rank) ?
	       rank : 0;
}

static int order_ranks(const void *a, const void *b)
{
	int64_t x = rank_of(*(const struct span *)a);
	int64_t y = rank_of(*(const struct span *)b);

	return (x > y) - (x < y);
}

static int sort_hits(struct recall_telling *telling, struct err *err)
{
	struct span rest = { NULL, 0 };
	struct span object;
	int rc = 0;

	while (rc == 0 && (object = asking_next(&telling->asking,
						&rest)).at) {
		if (jcs_find(object, "searched", &(struct span){ NULL, 0 })) {
			telling->searched = object;
			continue;
		}
		rc = array_room(&telling->hits, err);
		if (rc == 0)
			telling->hits.at[telling->hits.n++] = object;
	}
	if (telling->hits.n)
		qsort(telling->hits.at, telling->hits.n, sizeof(struct span),
		      order_ranks);
	return rc;
}

static void put_recall_line(struct recall_telling *telling, struct span hit,
			    size_t rank)
{
	struct buf *text = &telling->call->text;

	buf_putf(text, "%zu. ", rank);
	said_word(text, "ref ", hit, "ref");
	said_word(text, ", ", hit, "kind");
	said_word(text, " of ", hit, "construct");
	said_word(text, " called ", hit, "called");
	said_word(text, ", ", hit, "at");
	said_word(text, ", said by ", hit, "role");
	said_word(text, "\n  ", hit, "session");
	buf_put_char(text, '\n');
}

/* What follows from what vvault made sure of; what was stored is fenced. */
static void put_hit(struct recall_telling *telling, struct span hit,
		    size_t rank)
{
	static const char *const members[] = {
		"ref", "kind", "at", "score", "version"
	};
	static const char *const words[] = { "construct", "entity", "session",
					     "role" };
	struct tool_call *call = telling->call;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf snippet = BUF_INIT(BUF_NO_LIMIT);
	size_t used = telling->where.len + QUOTE_FENCES;
	size_t room;
	struct span value;
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		result_copy(&fields, members[i], hit);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		said_field(&fields, words[i], hit, words[i]);
	if (jcs_find(hit, "called", &value))
		said_field(&fields, "called", hit, "called");
	put_recall_line(telling, hit, rank);
	said_from(call, hit, &fields);
	if ((jcs_find(hit, "title", &value) &&
	     jcs_type_of(value) == JCS_STRING) ||
	    jcs_find(hit, "first", &value))
		quote_field(&call->fence, "title", value, TITLE_MAX, &fields);
	jcs_find(hit, "snippet", &value);
	buf_fail(&snippet, jcs_string_decode(value, &snippet, NULL));
	room = said_room(call);
	room = room > used ? room - used : 0;
	quote_field(&call->fence, "snippet", value, room, &fields);
	quote_put(&call->fence, buf_span(&snippet), 0, room, &call->text);
	buf_put_str(&telling->list, telling->list.len > 1 ? "," : "");
	buf_fail(&telling->list, jcs_fields_write(&fields, &telling->list,
						  NULL));
	jcs_fields_release(&fields);
	buf_release(&snippet);
}

static void put_view(struct recall_telling *telling, struct span view,
		     struct buf *list)
{
	static const char *const members[] = { "complete", "held", "root",
					       "version" };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf *text = &telling->where;
	struct span value;
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		result_copy(&fields, members[i], view);
	said_field(&fields, "construct", view, "construct");
	buf_put_str(list, list->len > 1 ? "," : "");
	buf_fail(list, jcs_fields_write(&fields, list, NULL));
	jcs_fields_release(&fields);
	said_word(text, " ", view, "construct");
	said_word(text, " at version ", view, "version");
	if (jcs_find(view, "complete", &value) &&
	    jcs_type_of(value) == JCS_FALSE)
		buf_put_str(text, " (not complete)");
	if (jcs_find(view, "held", &value) &&
	    !span_equals(value, span_str("0")))
		buf_putf(text, " (%.*s versions are not verified, and left "
			 "out)", (int)value.len, value.at);
	buf_put_char(text, ';');
}

/* Where was looked, also and above all where nothing was found. Of many it is
 * told how many, and whether that was all. */
static void put_searched(struct recall_telling *telling)
{
	struct tool_call *call = telling->call;
	struct buf *text = &telling->where;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	struct span views;
	struct span view;
	size_t n = 0;

	result_copy(&call->fields, "complete", telling->searched);
	if (!jcs_find(telling->searched, "searched", &views))
		return;
	buf_put_char(&list, '[');
	buf_put_str(text, "Searched:");
	iter = jcs_iter_array(views);
	for (; jcs_next(&iter, NULL, &view); n++)
		put_view(telling, view, &list);
	buf_put_char(&list, ']');
	fields_buf(&call->fields, "searched", &list);
	buf_release(&list);
	buf_put_str(text, n ? "\n" : " no construct is there.\n");
	if (text->len <= (size_t)tool_count(call, "budget") / 4)
		return;
	buf_reset(text);
	buf_putf(text, "Searched: %zu constructs, %s.\n", n,
		 jcs_find(telling->searched, "complete", &view) &&
		 jcs_type_of(view) == JCS_TRUE ? "all of them complete" :
		 "not all of them complete");
}

static void tell_recall(struct recall_telling *telling, struct more *cursor,
		 uint64_t limit)
{
	struct tool_call *call = telling->call;
	size_t i = (size_t)cursor->at;

	put_searched(telling);
	buf_put_char(&telling->list, '[');
	for (; i < telling->hits.n && telling->told < limit; i++) {
		if (telling->told &&
		    said_room(call) < HIT_LEAST + telling->where.len)
			break;
		put_hit(telling, telling->hits.at[i], i + 1);
		telling->told++;
	}
	buf_put_char(&telling->list, ']');
	fields_buf(&call->fields, "hits", &telling->list);
	if (!telling->told)
		buf_put_str(&call->text, cursor->at ? "No more hits.\n" :
			    "Nothing was found.\n");
	buf_put_span(&call->text, buf_span(&telling->where));
	said_notes(call, &telling->asking);
	cursor->at = i;
	if (i < telling->hits.n)
		more_put(call, cursor);
	said_end(call);
}

int tool_recall(struct tool_call *call, struct err *err)
{
	struct recall_telling telling = { .call = call,
				   .where = BUF_INIT(BUF_NO_LIMIT),
				   .list = BUF_INIT(BUF_NO_LIMIT) };
	uint64_t limit = tool_count(call, "limit");
	struct more cursor;
	int rc;

	more_read(call, &cursor);
	if (call->refusal.code)
		return 0;
	asking_begin(&telling.asking, call->server, "recall");
	/* One more tells whether there is more. */
	ask_recall(&telling, cursor.at + limit + 1);
	rc = asking_as_of(&telling.asking, tool_text(call, "as_of"), err);
	if (rc == 0)
		rc = asking_run(&telling.asking, err);
	if (rc == 0)
		rc = sort_hits(&telling, err);
	if (rc == 0)
		tell_recall(&telling, &cursor, limit);
	free(telling.hits.at);
	buf_release(&telling.where);
	buf_release(&telling.list);
	asking_release(&telling.asking);
	return rc;
}
