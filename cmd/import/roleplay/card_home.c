#include "cmd/import/roleplay/card_home.h"

#include "cmd/import/records/namesake.h"
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
	return true;
}

static const struct namesakes characters = {
	.what = "character", .noun = "card", .by = "by", .read = read_record,
};

int card_home(struct import_job *job, struct import_source *source,
	      const struct card *card, struct err *err)
{
	struct namesake_named named = {
		.kind = &characters, .name = card->name,
		.base = source->construct,
	};
	size_t i;
	int rc = import_name(job, source, card->name, err);

	if (rc || card->kind == CARD_BOOK)
		return rc;
	for (i = 0; i < MEMBERS; i++)
		namesake_set(&named.who, members[i].trait,
			     jval_get_text(card->data, members[i].member));
	namesake_set(&named.who, NAMESAKE_NAME, card->name);
	return namesake_home(job, source, &named, source->construct, err);
}
