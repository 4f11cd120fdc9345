#include "cmd/import/roleplay/card_internal.h"

#include "cmd/import/roleplay/sillytavern_internal.h"
#include "cmd/import/sniff.h"
#include "lib/time/timestamp.h"

static const struct jdoc_options card_options = {
	.max_bytes = CARD_MAX_BYTES,
	.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
};

/* Entries as world info has them, by uid, or as cards have them. */
static bool is_book(const struct jval *value)
{
	const struct jval *entries = jval_get(value, "entries");
	const struct jval *first = jval_first(entries);

	if (!jval_is(entries, JVAL_OBJECT) && !jval_is(entries, JVAL_ARRAY))
		return false;
	return !first || (jval_is(first, JVAL_OBJECT) &&
			  (jval_get(first, "key") || jval_get(first, "keys") ||
			   jval_get(first, "content")));
}

/* RisuAI's own: a lorebook, or a module, which may have one. */
static bool is_of_risu(struct card *card)
{
	const struct jval *type = jval_get(card->root, "type");

	card->kind = CARD_BOOK;
	if (jval_is_text(type, "risu")) {
		card->data = card->root;
		card->entries = "data";
	} else if (jval_is_text(type, "risuModule")) {
		card->data = jval_get(card->root, "module");
		card->entries = "lorebook";
	}
	return jval_is(card->data, JVAL_OBJECT) &&
	       jval_is(jval_get(card->data, card->entries), JVAL_ARRAY);
}

/* False: this is no card. */
static bool find_kind(struct card *card)
{
	const struct jval *root = card->root;
	const struct jval *data = jval_get(root, "data");
	struct span spec = jval_get_text(root, "spec");

	if (is_of_risu(card))
		return true;
	card->entries = "entries";
	card->data = data;
	if (jval_is(data, JVAL_OBJECT) && is_book(data) &&
	    span_begins(spec, "lorebook")) {
		card->kind = CARD_BOOK;
		return true;
	}
	if (jval_is(data, JVAL_OBJECT) && jval_get(data, "name") &&
	    (span_begins(spec, "chara_card") || jval_get(data, "first_mes"))) {
		card->kind = span_equals(spec, span_str("chara_card_v3")) ?
			CARD_V3 : CARD_V2;
		return true;
	}
	card->data = root;
	card->kind = CARD_V1;
	if (jval_get(root, "first_mes") ||
	    (jval_get(root, "name") && jval_get(root, "description") &&
	     jval_get(root, "personality")))
		return true;
	card->kind = CARD_BOOK;
	return is_book(root);
}

/* A number of the version that still sorts in a clock's counter. */
static uint32_t version_part(const char **at, const char *end, uint32_t max)
{
	uint32_t value = 0;

	while (*at < end && **at >= '0' && **at <= '9') {
		value = value * 10 + (uint32_t)(**at - '0');
		value = value > max ? max : value;
		(*at)++;
	}
	if (*at < end && **at == '.')
		(*at)++;
	return value;
}

/*
 * "1.2.3", with or without a "v", as 5, 6 and 5 bits; 0 for other words. It
 * orders cards of one time, so it stands in the counter of `at`.
 */
static uint32_t version_counter(struct span text)
{
	const char *at = text.len ? text.at : "";
	const char *end = at + text.len;
	uint32_t major;
	uint32_t minor;

	if (at < end && (*at == 'v' || *at == 'V'))
		at++;
	if (at >= end || *at < '0' || *at > '9')
		return 0;
	major = version_part(&at, end, 31);
	minor = version_part(&at, end, 63);
	return major << 11 | minor << 5 | version_part(&at, end, 31);
}

static bool is_usual(const struct chat_time *time)
{
	return time->micros != CHAT_TIME_UNKNOWN;
}

/* The first of these that is a time: seconds, of V3; what programs add. */
static int64_t card_micros(const struct card *card)
{
	struct chat_time times[] = {
		chat_time_of(jval_get(card->data, "modification_date")),
		chat_time_of_ms(jval_get(card->data, "modification_date")),
		chat_time_of(jval_get(card->data, "creation_date")),
		chat_time_of_ms(jval_get(card->data, "creation_date")),
		tavern_time(jval_get(card->root, "create_date")),
	};
	size_t i;

	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		if (is_usual(&times[i]))
			return times[i].micros;
	}
	return HLC_UNKNOWN;
}

/*
 * When the card says it was changed; else, so that a newer version counts
 * for more, the first moment of the calendar with the version behind it.
 */
static void find_time(struct card *card)
{
	struct hlc clock = HLC_INIT;

	clock.micros = card_micros(card);
	clock.counter = version_counter(jval_get_text(card->data,
						      "character_version"));
	card->has_time = clock.micros != HLC_UNKNOWN;
	if (!card->has_time && clock.counter)
		clock.micros = TIMESTAMP_MIN;
	hlc_text(&clock, HLC_NODE_IMPORT, card->at);
}

int card_parse(struct span bytes, struct card *out, struct err *err)
{
	int rc;

	memset(out, 0, sizeof(*out));
	out->json = bytes;
	rc = jdoc_parse(bytes, &card_options, &out->doc, err);
	if (rc < 0)
		return rc;
	out->root = jdoc_root(out->doc);
	if (!jval_is(out->root, JVAL_OBJECT) || !find_kind(out))
		return err_set(err, ERR_UNSUPPORTED, "this JSON is neither a "
			       "character card nor a lorebook");
	out->book = out->kind == CARD_BOOK ? out->data :
		jval_get(out->data, "character_book");
	if (!jval_is(out->book, JVAL_OBJECT))
		out->book = NULL;
	out->name = jval_get_text(out->data, "name");
	if (!out->name.len)
		out->name = jval_get_text(out->root, "name");
	find_time(out);
	return 0;
}

void card_release(struct card *card)
{
	jdoc_free(card->doc);
	card->doc = NULL;
}

bool card_json_sniff(struct span head)
{
	if (!head.len || head.at[0] == '[')
		return false;
	if (sniff_has(head, "spec") && (sniff_mentions(head, "\"chara_card_v") ||
					sniff_mentions(head, "\"lorebook_v")))
		return true;
	if (sniff_has(head, "data.first_mes"))
		return true;
	if (sniff_has(head, "type") && (sniff_has(head, "ver") ||
					sniff_has(head, "module")))
		return sniff_mentions(head, "\"risu\"") ||
		       sniff_mentions(head, "\"risuModule\"");
	if (sniff_has(head, "first_mes"))
		return sniff_has(head, "description") ||
		       sniff_has(head, "personality") ||
		       sniff_has(head, "mes_example") ||
		       sniff_has(head, "scenario");
	return sniff_has(head, "entries") && sniff_mentions(head, "\"content\"") &&
	       (sniff_mentions(head, "\"key\"") || sniff_mentions(head, "\"keys\"")) &&
	       (sniff_mentions(head, "\"keysecondary\"") ||
		sniff_mentions(head, "\"insertion_order\"") ||
		sniff_mentions(head, "\"selective\"") ||
		sniff_mentions(head, "\"constant\""));
}
