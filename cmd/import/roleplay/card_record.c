#include "cmd/import/roleplay/card_doc.h"

#include "cmd/import/records/persona.h"
#include "cmd/import/records/rest.h"

/* Of the lorebook, whose entries are memories. */
static const char *const book_taken[] = { "entries", NULL };

/* All fields of the card under their own names. */
static int add_persona(struct jcs_fields *fields, const struct card *card,
		       struct err *err)
{
	static const char *const all[] = { NULL };
	static const char *const but_book[] = { "character_book", NULL };
	struct jcs_fields persona = JCS_FIELDS_INIT;
	int rc;

	rc = rest_add(&persona, card->data, card->book ? but_book : all, err);
	if (rc >= 0 && card->book)
		rc = rest_add_under(&persona, "character_book", card->book,
				    book_taken, err);
	if (rc >= 0)
		rc = rest_add_fields(fields, "persona", &persona, err);
	jcs_fields_release(&persona);
	return rc;
}

/* Programs repeat fields of V2 at the top, for readers of V1. */
static bool is_repeated(const struct card *card, const struct jval *member)
{
	const struct jval *own = jval_get_span(card->data, member->key);

	return own && span_equals(own->raw, member->raw);
}

static bool is_frame(const struct jval *member)
{
	return span_equals(member->key, span_str("spec")) ||
	       span_equals(member->key, span_str("spec_version")) ||
	       span_equals(member->key, span_str("data"));
}

/* What stands around "data". */
static int add_native(struct jcs_fields *fields, const struct card *card,
		      struct err *err)
{
	struct jcs_fields native = JCS_FIELDS_INIT;
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *member = jval_first(card->root);
	int rc = 0;

	for (; rc >= 0 && member && card->data != card->root;
	     member = member->next) {
		/* One that no record can hold: the exact bytes have it. */
		if (is_frame(member) || is_repeated(card, member) ||
		    member->marks & JVAL_KEY_WTF)
			continue;
		buf_reset(&name);
		buf_reset(&value);
		if (span_begins(member->key, "$"))
			rc = buf_add_char(&name, '$', err);
		if (rc >= 0)
			rc = buf_add_span(&name, member->key, err);
		if (rc >= 0)
			rc = jdoc_to_jcs(member, &value, err);
		if (rc >= 0)
			rc = jcs_fields_add(&native, buf_span(&name),
					    buf_span(&value), err);
	}
	if (rc >= 0)
		rc = rest_add_fields(fields, "native", &native, err);
	jcs_fields_release(&native);
	buf_release(&name);
	buf_release(&value);
	return rc;
}

static int add_extras(struct jcs_fields *fields,
		      const struct card_extras *extras, struct span entries,
		      struct err *err)
{
	int rc = 0;

	if (entries.len > 2)
		rc = jcs_fields_raw(fields, "entries", entries, err);
	if (rc >= 0 && extras->source.len)
		rc = jcs_fields_raw(fields, "source", extras->source, err);
	if (rc >= 0 && extras->image.len)
		rc = jcs_fields_raw(fields, "image", extras->image, err);
	if (rc >= 0 && extras->assets.len)
		rc = jcs_fields_raw(fields, "assets", extras->assets, err);
	return rc;
}

static int put_card(struct import_job *job, struct import_source *source,
		    const struct card *card, const struct card_extras *extras,
		    struct span entries, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields inner = JCS_FIELDS_INIT;
	int rc;

	rc = persona_put_name(job, source, NULL, card->name, err);
	if (rc >= 0)
		rc = add_persona(&fields, card, err);
	if (rc >= 0)
		rc = rest_add_value(&inner, "spec",
				    jval_get(card->root, "spec"), err);
	if (rc >= 0 && card->data != card->root)
		rc = rest_add_value(&inner, "spec_version", jval_get(
			card->root, "spec_version"), err);
	if (rc >= 0)
		rc = add_extras(&inner, extras, entries, err);
	if (rc >= 0)
		rc = rest_add_fields(&fields, "card", &inner, err);
	if (rc >= 0)
		rc = add_native(&fields, card, err);
	if (rc >= 0)
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
	int rc;

	rc = rest_add_under(&inner, "native", card->book, book_taken, err);
	if (rc >= 0)
		rc = add_extras(&inner, extras, entries, err);
	if (rc >= 0)
		rc = card_add_book_key(card, &key, err);
	if (rc >= 0)
		rc = rest_add_fields(&books, buf_text(&key), &inner, err);
	if (rc >= 0)
		rc = rest_add_fields(&fields, "lorebooks", &books, err);
	if (rc >= 0)
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
	if (rc >= 0 && card->kind == CARD_BOOK)
		rc = put_book(job, source, card, extras, buf_span(&entries),
			      err);
	else if (rc >= 0)
		rc = put_card(job, source, card, extras, buf_span(&entries),
			      err);
	buf_release(&entries);
	return rc;
}
