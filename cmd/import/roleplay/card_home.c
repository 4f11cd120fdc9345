#include "cmd/import/roleplay/card_home.h"

#include "cmd/import/identity/namesake.h"
#include "cmd/import/roleplay/card_internal.h"
#include "lib/json/jcs_scan.h"

static const struct {
	enum namesake_trait trait;
	const char *member;
} members[] = {
	{ NAMESAKE_NAME, "name" }, { NAMESAKE_MAKER, "creator" },
	{ NAMESAKE_BEGIN, "first_mes" }, { NAMESAKE_LOOKS, "description" },
};

#define MEMBERS (sizeof(members) / sizeof(members[0]))

static void add_opening(struct namesake *who, struct span text,
			struct span name)
{
	namesake_add_opening(who, text, &name, name.len != 0);
}

/* A canonical text. */
static void add_opening_of(struct namesake *who, struct span value,
			   struct span name)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (jcs_type_of(value) == JCS_STRING &&
	    jcs_string_decode(value, &text, NULL) == 0)
		add_opening(who, buf_span(&text), name);
	buf_release(&text);
}

static void read_openings(struct span persona, struct namesake *out)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	struct span value;

	if (jcs_find(persona, "name", &value) &&
	    jcs_type_of(value) == JCS_STRING)
		buf_fail(&name, jcs_string_decode(value, &name, NULL));
	if (jcs_find(persona, "first_mes", &value))
		add_opening_of(out, value, buf_span(&name));
	jcs_find(persona, "alternate_greetings", &value);
	iter = jcs_iter_array(value);
	while (jcs_next(&iter, NULL, &value))
		add_opening_of(out, value, buf_span(&name));
	buf_release(&name);
}

/* Of the record that a card once became. */
static bool read_record(struct span data, struct namesake *out)
{
	struct span persona;
	struct span card;
	size_t i;

	if (!jcs_find(data, "card", &card) ||
	    !jcs_find(data, "persona", &persona))
		return false;
	for (i = 0; i < MEMBERS; i++)
		namesake_set_from(out, members[i].trait, persona,
				  members[i].member);
	read_openings(persona, out);
	return true;
}

const struct namesakes card_characters = {
	.what = "character", .noun = "card", .by = "by", .read = read_record,
};

int card_home(struct import_job *job, struct import_source *source,
	      const struct card *card, struct err *err)
{
	struct namesake_named named = {
		.kind = &card_characters, .name = card->name,
		.base = source->construct,
	};
	const struct jval *other;
	size_t i;
	int rc = import_name(job, source, card->name, err);

	if (!rc && card->kind == CARD_BOOK)
		return namesake_spare(job, source, err);
	if (rc)
		return rc;
	for (i = 0; i < MEMBERS; i++)
		namesake_set(&named.who, members[i].trait,
			     jval_get_text(card->data, members[i].member));
	namesake_set(&named.who, NAMESAKE_NAME, card->name);
	add_opening(&named.who, jval_get_text(card->data, "first_mes"),
		    card->name);
	other = jval_first(jval_get(card->data, "alternate_greetings"));
	for (; other; other = other->next)
		add_opening(&named.who, jval_text(other), card->name);
	return namesake_home(job, source, &named, source->construct, err);
}
