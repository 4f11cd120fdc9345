#include "cmd/import/roleplay/card_internal.h"

#include "cmd/import/identity/persona.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"

/* The lorebook without its entries, which are memories. */
static struct take book_rest(const struct card *card)
{
	struct take book = take_begin(card->book);
	const struct jval *entries = take_see(&book, card->entries);

	if (jval_is(entries, JVAL_ARRAY) || jval_is(entries, JVAL_OBJECT))
		take_done(&book, entries);
	return book;
}

/* All fields of the card under their own names. */
static void add_persona(struct jcs_fields *fields, const struct card *card)
{
	struct jcs_fields persona = JCS_FIELDS_INIT;
	struct take data = take_begin(card->data);
	struct take book = book_rest(card);

	take_done(&data, card->book);
	take_rest(&data, &persona);
	take_rest_under(&book, "character_book", &persona);
	fields_inner(fields, "persona", &persona);
	jcs_fields_release(&persona);
}

/* What stands around "data", but for what programs repeat there of V2 for
 * readers of V1. One that no record can hold: the exact bytes have it. */
static void add_native(struct jcs_fields *fields, const struct card *card,
		       struct take *root)
{
	struct jcs_fields native = JCS_FIELDS_INIT;
	const struct jval *member = jval_first(root->object);
	const struct jval *own;

	(void)take_any(root, "data");
	for (; member && card->data != card->root; member = member->next) {
		own = jval_get_span(card->data, member->key);
		if (!take_is_done(root, member) &&
		    !(member->marks & JVAL_KEY_WTF) &&
		    !(own && span_equals(own->raw, member->raw)))
			fields_member(&native, member);
	}
	fields_inner(fields, "native", &native);
	jcs_fields_release(&native);
}

static void add_extras(struct jcs_fields *fields,
		       const struct card_extras *extras, struct span entries)
{
	const struct {
		const char *name;
		struct span value;
	} all[] = {
		{ "entries", entries.len > 2 ? entries : span_of(NULL, 0) },
		{ "source", extras->source }, { "image", extras->image },
		{ "assets", extras->assets },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (all[i].value.len)
			fields_raw(fields, all[i].name, all[i].value);
	}
}

static int put_card(struct import_job *job, struct import_source *source,
		    const struct card *card, const struct card_extras *extras,
		    struct span entries, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct take root = take_begin(card->root);
	int rc;

	add_persona(&fields, card);
	fields_value(&inner, "spec", take_any(&root, "spec"));
	if (card->data != card->root)
		fields_value(&inner, "spec_version",
			     take_any(&root, "spec_version"));
	add_extras(&inner, extras, entries);
	fields_inner(&fields, "card", &inner);
	add_native(&fields, card, &root);
	rc = persona_put_name(job, source, NULL, card->name, err);
	if (rc == 0)
		rc = persona_put(job, source, NULL, card->at, &fields, err);
	jcs_fields_release(&fields);
	jcs_fields_release(&inner);
	return rc;
}

/* {"lorebooks":{"<key>":{"entries":...,"native":...,"source":...}}} */
static int put_book(struct import_job *job, struct import_source *source,
		    const struct card *card, const struct card_extras *extras,
		    struct span entries, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields books = JCS_FIELDS_INIT;
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	struct take book = book_rest(card);
	int rc;

	take_rest_under(&book, "native", &inner);
	add_extras(&inner, extras, entries);
	card_put_book_key(card, &key);
	rc = buf_end(&key, err);
	fields_inner(&books, buf_text(&key), &inner);
	fields_inner(&fields, "lorebooks", &books);
	if (rc == 0)
		rc = persona_put(job, source, NULL, card->at, &fields, err);
	jcs_fields_release(&fields);
	jcs_fields_release(&books);
	jcs_fields_release(&inner);
	buf_release(&key);
	return rc;
}

int card_put(struct import_job *job, struct import_source *source,
	     const struct card *card, const struct card_extras *extras,
	     struct err *err)
{
	struct buf entries = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = card_put_entries(job, source, card, &entries, err);
	if (rc == 0)
		rc = (card->kind == CARD_BOOK ? put_book : put_card)(
			job, source, card, extras, buf_span(&entries), err);
	buf_release(&entries);
	return rc;
}
