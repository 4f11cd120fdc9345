#include "cmd/action/context/gather.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/mend/dispute.h"
#include "lib/base/text.h"
#include "lib/json/jcs_words.h"
#include "lib/time/timestamp.h"

#define TALKS 10
#define VALUE_BYTES 200

void gather_put_word(struct buf *out, struct span word)
{
	while (word.len && word.at[0] == ' ')
		word = span_of(word.at + 1, word.len - 1);
	while (word.len && word.at[word.len - 1] == ' ')
		word.len--;
	if (!word.len)
		return;
	buf_put_str(out, out->len ? ", " : "");
	buf_put_span(out, word);
}

void gather_put_day(struct buf *out, int64_t micros)
{
	char text[TIMESTAMP_TEXT_MAX];

	if (micros == INT64_MIN)
		return;
	timestamp_text(micros, text);
	gather_put_word(out, span_of(text, 10));
}

/* A text, or JSON, of one line. */
static void put_others_value(struct buf *out, struct span value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (jcs_is_words(value))
		buf_fail(&text, jcs_words(value, &text, NULL));
	else
		buf_put_span(&text, value.len ? value :
			     span_str("(deleted)"));
	text_one_line(&text, VALUE_BYTES);
	buf_putf(out, "\"%s\"", buf_text(&text));
	buf_fail(out, text.failed);
	buf_release(&text);
}

/* "memory:x/1 /content: "tea" or "coffee"" */
static int add_dispute(struct gathering *gathering,
		       const struct view_entity *entity,
		       const struct dispute *dispute, struct err *err)
{
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct brief_item item = { .rank = 0 };
	char ref[BRIEF_REF + 1];
	size_t i;
	int rc;

	brief_ref(view_newest(entity)->id, ref);
	gather_put_word(&head, span_str(entity->kind->name));
	gather_put_word(&head, dispute->field);
	for (i = 0; i < dispute->n; i++) {
		buf_put_str(&text, i ? " or " : "");
		put_others_value(&text, dispute->at[i].value);
	}
	rc = buf_end(&head, err);
	if (rc == 0)
		rc = buf_end(&text, err);
	item.ref = span_str(ref);
	item.head = buf_span(&head);
	item.text = buf_span(&text);
	if (rc == 0)
		rc = brief_add(gathering->brief, gathering->conflicts, &item,
			      NULL, err);
	buf_release(&head);
	buf_release(&text);
	return rc;
}

static int take_disputed(void *arg, const struct view_entity *entity,
			 struct err *err)
{
	struct gathering *gathering = arg;
	struct dispute_list disputes = DISPUTE_LIST_INIT;
	size_t i;
	int rc;

	if (strcmp(entity->kind->name, "memory") &&
	    strcmp(entity->kind->name, "construct"))
		return 0;
	if (!brief_wants(gathering->brief, gathering->conflicts)) {
		gathering->conflicts->beyond++;
		return 0;
	}
	rc = dispute_list_of(entity, &disputes, err);
	for (i = 0; rc == 0 && i < disputes.n; i++)
		rc = add_dispute(gathering, entity, &disputes.at[i], err);
	dispute_list_release(&disputes);
	return rc;
}

static int in_order(const void *a, const void *b)
{
	const struct brief_item *x = a;
	const struct brief_item *y = b;
	int order = span_compare(x->ref, y->ref);

	return order ? order : span_compare(x->head, y->head);
}

int gather_conflicts(struct gathering *gathering, struct err *err)
{
	const struct view_visitor visitor = { take_disputed, gathering };
	struct brief_section *section = gathering->conflicts;
	int rc = lists_each_disputed(gathering->lists, NULL, &visitor, err);

	if (rc == 0 && section->items.n)
		qsort(section->items.at, section->items.n,
		      sizeof(*section->items.at), in_order);
	return rc;
}

static int add_talk(struct gathering *gathering,
		    const struct lists_session *session, size_t nth,
		    struct err *err)
{
	struct span entity = session->entity;
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	struct brief_item item = { .rank = nth };
	int rc;

	gather_put_day(&head, session->updated);
	if (session->messages)
		buf_putf(&head, "%s%llu message%s", head.len ? ", " : "",
			 (unsigned long long)session->messages,
			 session->messages == 1 ? "" : "s");
	fields_text(&fields, "entity", entity);
	rc = jcs_fields_write(&fields, &json, err);
	jcs_fields_release(&fields);
	if (rc == 0)
		rc = buf_end(&head, err);
	if (span_begins(entity, "session:"))
		item.ref = span_of(entity.at + strlen("session:"),
				   entity.len - strlen("session:"));
	item.head = buf_span(&head);
	item.text = session->title.len ? session->title : session->first;
	item.json = buf_span(&json);
	if (rc == 0)
		rc = brief_add(gathering->brief, gathering->talks, &item, NULL,
			      err);
	buf_release(&head);
	buf_release(&json);
	return rc;
}

int gather_talks(struct gathering *gathering, struct err *err)
{
	struct lists_session session;
	bool is_end = !lists_has_sessions(gathering->lists);
	size_t n = 0;
	int rc = 0;

	while (rc == 0 && !is_end) {
		rc = lists_next(gathering->lists, &session, &is_end, err);
		if (rc < 0 || is_end)
			break;
		if (n < TALKS)
			rc = add_talk(gathering, &session, n, err);
		else
			gathering->talks->beyond++;
		n++;
	}
	return rc;
}
