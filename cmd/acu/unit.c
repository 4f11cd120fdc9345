#include "cmd/acu/acu.h"

#include "lib/id/encode.h"
#include "lib/json/jcs_write.h"
#include "objects/record/kinds.h"

#define HASH_SHOWN 4		/* bytes of the text's hash in an entity */

int acu_unit_entity(const struct acu_talk *talk, const struct acu_unit *unit,
		    struct buf *out, struct err *err)
{
	static const size_t kind = sizeof("message") - 1;
	struct span message = acu_talk_entity(talk, unit->message);
	char hex[HEX_TEXT(HASH_SHOWN) + 1];
	size_t begin = out->len;
	int rc;

	hex_text(unit->sha256, HASH_SHOWN, hex);
	buf_put_str(out, "acu");
	buf_put(out, message.at + kind, message.len - kind);
	buf_putf(out, "#%s:%zu-%zu:%s", talk->job->extractor->name,
		 unit->start, unit->end, hex);
	rc = buf_end(out, err);
	if (rc == 0 && out->len - begin > ENTITY_MAX_BYTES)
		rc = err_set(err, ERR_LIMIT, "the id of a message is too long "
			     "for ACUs of it");
	return rc;
}

void acu_put_link(struct buf *out, const char *relation, struct span target,
		  double weight)
{
	buf_putf(out, "{\"relation\":\"%s\",\"target\":", relation);
	jcs_put_string(out, target);
	buf_put_str(out, ",\"weight\":");
	buf_fail(out, jcs_add_number(out, weight, NULL));
	buf_put_char(out, '}');
}

/* "links": [...] */
static int put_links(const struct acu_talk *talk,
		     const struct acu_choice *choice,
		     struct jcs_fields *fields, struct err *err)
{
	const struct acu_list *list = choice->list;
	const struct acu_link *link = list->links + choice->links;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf target = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < choice->links_n; i++, link++) {
		buf_put_char(&text, i ? ',' : '[');
		buf_reset(&target);
		rc = acu_unit_entity(talk, &list->units[link->to], &target,
				     err);
		acu_put_link(&text, link->relation, buf_span(&target),
			     link->weight);
	}
	buf_put_char(&text, ']');
	fields_buf(fields, "links", &text);
	buf_release(&text);
	buf_release(&target);
	return rc;
}

/* "quality": the figures that the extractor knows. */
static void put_quality(const struct acu_quality *quality,
			struct jcs_fields *fields)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;

	fields_integer(&inner, "integrity", quality->integrity);
	fields_integer(&inner, "overall", quality->overall);
	fields_integer(&inner, "richness", quality->richness);
	if (quality->uniqueness >= 0)
		fields_integer(&inner, "uniqueness", quality->uniqueness);
	if (quality->words >= 0)
		fields_integer(&inner, "words", quality->words);
	fields_object(fields, "quality", &inner);
	jcs_fields_release(&inner);
}

/* "extractor" and "source". */
static void put_origin(const struct acu_talk *talk,
		       const struct acu_unit *unit, struct jcs_fields *fields)
{
	const struct acu_extractor *extractor = talk->job->extractor;
	struct jcs_fields inner = JCS_FIELDS_INIT;

	fields_str(&inner, "name", extractor->name);
	fields_str(&inner, "version", extractor->version);
	fields_object(fields, "extractor", &inner);
	jcs_fields_reset(&inner);
	fields_integer(&inner, "end", (int64_t)unit->end);
	fields_text(&inner, "message", acu_talk_entity(talk, unit->message));
	fields_integer(&inner, "start", (int64_t)unit->start);
	fields_object(fields, "source", &inner);
	jcs_fields_release(&inner);
}

/* What not every extractor says. */
static void put_more(const struct acu_unit *unit, struct jcs_fields *fields)
{
	if (unit->language.at)
		fields_text(fields, "language", unit->language);
	if (unit->paragraph >= 0)
		fields_integer(fields, "paragraph", unit->paragraph);
	if (unit->units >= 0)
		fields_integer(fields, "units", unit->units);
	if (unit->vivim[0])
		fields_str(fields, "vivim", unit->vivim);
}

int acu_unit_data(const struct acu_talk *talk, const struct acu_choice *choice,
		  struct buf *out, struct err *err)
{
	const struct acu_unit *unit = &choice->list->units[choice->unit];
	struct jcs_fields fields = JCS_FIELDS_INIT;
	char hex[HEX_TEXT(SHA256_BYTES) + 1];
	int rc = 0;

	hex_text(unit->sha256, SHA256_BYTES, hex);
	fields_str(&fields, "type", unit->type);
	fields_str(&fields, "category", unit->category);
	fields_str(&fields, "sha256", hex);
	put_origin(talk, unit, &fields);
	put_quality(&unit->quality, &fields);
	put_more(unit, &fields);
	if (choice->links_n)
		rc = put_links(talk, choice, &fields, err);
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}
