#include "cmd/action/context/gather.h"

#include "cmd/action/recall/filter.h"
#include "cmd/action/recall/hit.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "refs/index/by_id.h"
#include "refs/index/recall.h"

#define HITS_MOST 200
#define WHOLE_BYTES 800		/* a longer text is told by its snippet */
#define TITLE_BYTES 80

/* The host that recall's own telling of hits goes to. */
struct taking {
	struct gathering *gathering;
	struct recall *recall;
	struct snippet snippet;
	size_t rank;
};

/* A text that is not long is told whole. */
static int put_hit_text(void *arg, struct span text, struct jcs_fields *fields,
		    struct err *err)
{
	struct taking *taking = arg;
	const struct query *query = taking->recall->query;
	int rc;

	if (text.len <= WHOLE_BYTES) {
		fields_text(fields, "text", text);
		return 0;
	}
	rc = snippet_make(taking->recall->words, query,
			  query_slots(query, false), text, &taking->snippet,
			  err);
	fields_text(fields, "text", buf_span(&taking->snippet.text));
	return rc;
}

static void get(struct span hit, const char *name, struct buf *out)
{
	struct span value;

	buf_reset(out);
	if (jcs_find(hit, name, &value) && jcs_is_words(value))
		buf_fail(out, jcs_words(value, out, NULL));
}

/* "2026-05-03, user, in "The garden"", which is told of the first of several
 * that stand behind one another. */
static void put_head(struct span hit, struct buf *word, struct buf *head)
{
	static const char *const who[] = { "role", "name" };
	struct span kind = { NULL, 0 };
	struct span value;
	bool is_first = jcs_find(hit, "nth", &value) &&
			span_equals(value, span_str("1"));
	size_t i;

	get(hit, "at", word);
	gather_put_word(head, span_of(word->data, word->len < 10 ? 0 : 10));
	(void)jcs_find_string(hit, "kind", &kind);
	if (!span_equals(kind, span_str("message")))
		gather_put_word(head, kind);
	for (i = 0; i < sizeof(who) / sizeof(who[0]); i++) {
		get(hit, who[i], word);
		gather_put_word(head, buf_span(word));
	}
	get(hit, "title", word);
	if (!word->len)
		get(hit, "first", word);
	text_one_line(word, TITLE_BYTES);
	if (word->len && is_first && span_equals(kind, span_str("message")))
		buf_putf(head, "%sin \"%s\"", head->len ? ", " : "",
			 buf_text(word));
	buf_fail(head, word->failed);
}

static int put_json(struct span hit, struct buf *out, struct err *err)
{
	static const char *const names[] = { "at", "entity", "kind", "role",
					     "session", "title" };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span value;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (jcs_find(hit, names[i], &value))
			fields_raw(&fields, names[i], value);
	}
	rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

static int take_hit(void *arg, struct span hit, struct err *err)
{
	struct taking *taking = arg;
	struct gathering *gathering = taking->gathering;
	struct brief_item item = { .rank = taking->rank++ };
	struct buf word = BUF_INIT(BUF_NO_LIMIT);
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	int rc = put_json(hit, &json, err);

	put_head(hit, &word, &head);
	get(hit, "text", &text);
	if (rc == 0)
		rc = buf_end(&head, err);
	if (rc == 0)
		rc = buf_end(&text, err);
	if (rc == 0 && jcs_find_string(hit, "ref", &item.ref) &&
	    span_begins(item.ref, ID_COMMON))
		item.ref = span_of(item.ref.at + sizeof(ID_COMMON) - 1,
				   BRIEF_REF);
	item.head = buf_span(&head);
	item.text = buf_span(&text);
	item.json = buf_span(&json);
	if (rc == 0)
		rc = brief_add(gathering->brief, gathering->about, &item, NULL,
			      err);
	buf_release(&word);
	buf_release(&head);
	buf_release(&text);
	buf_release(&json);
	return rc;
}

int gather_hits(struct gathering *gathering, struct err *err)
{
	struct recall_filter filter = {
		.wall = &gathering->call->settings.wall,
		.since = INT64_MIN, .until = INT64_MAX,
	};
	struct taking taking = { .gathering = gathering,
				 .snippet = SNIPPET_INIT };
	const struct host host = { .arg = &taking, .object = take_hit };
	const struct hit_excerpt excerpt = { put_hit_text, &taking };
	const struct hit_options options = { .excerpt = &excerpt };
	struct action_call call = *gathering->call;
	int rc = recall_new(span_str(gathering->query), &filter,
			    &taking.recall, err);

	gathering->call->is_misused = rc == ERR_INVALID || rc == ERR_LIMIT;
	call.host = &host;
	call.settings.handles = NULL;
	if (rc == 0)
		rc = recall_add(taking.recall, gathering->view, err);
	if (rc == 0)
		rc = recall_rank(taking.recall, HITS_MOST, err);
	if (rc == 0)
		rc = hits_emit(&call, taking.recall, &options, err);
	if (rc == 0 && !taking.rank)
		host_note(gathering->call->host, "nothing found for '%s'",
			  gathering->query);
	recall_free(taking.recall);
	snippet_release(&taking.snippet);
	return rc;
}
