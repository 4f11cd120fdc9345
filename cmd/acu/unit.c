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
	rc = buf_add_str(out, "acu", err);
	if (rc >= 0)
		rc = buf_add(out, message.at + kind, message.len - kind, err);
	if (rc >= 0)
		rc = buf_printf(out, err, "#%s:%zu-%zu:%s",
				talk->job->extractor->name, unit->start,
				unit->end, hex);
	if (rc >= 0 && out->len - begin > ENTITY_MAX_BYTES)
		rc = err_set(err, ERR_LIMIT, "the id of a message is too long "
			     "for ACUs of it");
	return rc;
}

int acu_link_data(const char *relation, struct span target, double weight,
		  struct buf *out, struct err *err)
{
	int rc;

	rc = buf_printf(out, err, "{\"relation\":\"%s\",\"target\":",
			relation);
	if (rc >= 0)
		rc = jcs_add_string(out, target, err);
	if (rc >= 0)
		rc = buf_add_str(out, ",\"weight\":", err);
	if (rc >= 0)
		rc = jcs_add_number(out, weight, err);
	return rc < 0 ? rc : buf_add_char(out, '}', err);
}

/* "links": [...] */
static int add_links(const struct acu_talk *talk,
		     const struct acu_choice *choice,
		     struct jcs_fields *fields, struct err *err)
{
	const struct acu_list *list = choice->list;
	const struct acu_link *links = list->links + choice->links;
	size_t n = choice->links_n;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf target = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < n; i++) {
		rc = buf_add_char(&text, i ? ',' : '[', err);
		buf_reset(&target);
		if (rc >= 0)
			rc = acu_unit_entity(talk, &list->units[links[i].to],
					     &target, err);
		if (rc >= 0)
			rc = acu_link_data(links[i].relation,
					   buf_span(&target), links[i].weight,
					   &text, err);
	}
	if (rc >= 0)
		rc = buf_add_char(&text, ']', err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "links", buf_span(&text), err);
	buf_release(&text);
	buf_release(&target);
	return rc;
}

/* "quality": the figures that the extractor knows. */
static int add_quality(const struct acu_quality *quality,
		       struct jcs_fields *fields, struct err *err)
{
	struct buf text = BUF_INIT(256);
	int rc;

	rc = buf_printf(&text, err, "{\"integrity\":%d,\"overall\":%d,"
			"\"richness\":%d", quality->integrity,
			quality->overall, quality->richness);
	if (rc >= 0 && quality->uniqueness >= 0)
		rc = buf_printf(&text, err, ",\"uniqueness\":%d",
				quality->uniqueness);
	if (rc >= 0 && quality->words >= 0)
		rc = buf_printf(&text, err, ",\"words\":%lld",
				quality->words);
	if (rc >= 0)
		rc = buf_add_char(&text, '}', err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "quality", buf_span(&text), err);
	buf_release(&text);
	return rc;
}

/* "extractor" and "source". */
static int add_origin(const struct acu_talk *talk, const struct acu_unit *unit,
		      struct jcs_fields *fields, struct err *err)
{
	const struct acu_extractor *extractor = talk->job->extractor;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = buf_printf(&text, err, "{\"name\":\"%s\",\"version\":\"%s\"}",
			extractor->name, extractor->version);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "extractor", buf_span(&text), err);
	buf_reset(&text);
	if (rc >= 0)
		rc = buf_printf(&text, err, "{\"end\":%zu,\"message\":",
				unit->end);
	if (rc >= 0)
		rc = jcs_add_string(&text,
				    acu_talk_entity(talk, unit->message), err);
	if (rc >= 0)
		rc = buf_printf(&text, err, ",\"start\":%zu}", unit->start);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "source", buf_span(&text), err);
	buf_release(&text);
	return rc;
}

/* What not every extractor says. */
static int add_more(const struct acu_unit *unit, struct jcs_fields *fields,
		    struct err *err)
{
	int rc = 0;

	if (unit->language.at)
		rc = jcs_fields_text(fields, "language", unit->language, err);
	if (rc >= 0 && unit->paragraph >= 0)
		rc = jcs_fields_integer(fields, "paragraph", unit->paragraph,
					err);
	if (rc >= 0 && unit->units >= 0)
		rc = jcs_fields_integer(fields, "units", unit->units, err);
	if (rc >= 0 && unit->vivim[0])
		rc = jcs_fields_text(fields, "vivim", span_str(unit->vivim),
				     err);
	return rc;
}

int acu_unit_data(const struct acu_talk *talk, const struct acu_choice *choice,
		  struct buf *out, struct err *err)
{
	const struct acu_unit *unit = &choice->list->units[choice->unit];
	struct jcs_fields fields = JCS_FIELDS_INIT;
	char hex[HEX_TEXT(SHA256_BYTES) + 1];
	int rc;

	hex_text(unit->sha256, SHA256_BYTES, hex);
	rc = jcs_fields_text(&fields, "type", span_str(unit->type), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "category",
				     span_str(unit->category), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "sha256", span_str(hex), err);
	if (rc >= 0)
		rc = add_origin(talk, unit, &fields, err);
	if (rc >= 0)
		rc = add_quality(&unit->quality, &fields, err);
	if (rc >= 0)
		rc = add_more(unit, &fields, err);
	if (rc >= 0 && choice->links_n)
		rc = add_links(talk, choice, &fields, err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}
