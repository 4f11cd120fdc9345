#include "cmd/action/forget/going.h"

#include "cmd/action/construct/picked.h"
#include "lib/time/hlc.h"

struct bringing {
	struct going *going;
	const char *word;
	struct picked picked;
	struct going_one *one;
	bool is_found;
};

/* What importers said of an entity of which the source speaks. */
static int take_brought(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct bringing *bringing = arg;
	bool is_own = span_begins(entity->entity, "construct:");
	const struct fold_record *record;
	bool is_said = false;
	size_t i;
	int rc = 0;

	if (!is_own && !picked_has(&bringing->picked, entity->entity))
		return 0;
	for (i = 0; rc == 0 && i < entity->records_n; i++) {
		record = &entity->records[i];
		if (!span_ends(record->record.at, "-" HLC_NODE_IMPORT) ||
		    (is_own && !picked_has_saying(&bringing->picked,
						  &record->record)))
			continue;
		is_said = bringing->is_found = true;
		rc = going_add_record(bringing->one, entity, record, err);
	}
	return rc < 0 || !is_said ? rc : going_say(bringing->one, entity, err);
}

static int bring_construct(void *arg, struct going_one *one, struct err *err)
{
	struct bringing *bringing = arg;
	const struct view_visitor visitor = { take_brought, bringing };
	const struct picked none = PICKED_INIT(bringing->going->call,
					       one->view);
	struct err reason = ERR_INIT;
	int rc;

	bringing->one = one;
	bringing->picked = none;
	rc = picked_add(&bringing->picked, bringing->word, &reason);
	if (rc == 0)
		rc = view_each(one->view, NULL, true, &visitor, err);
	else if (rc == ERR_NOT_FOUND &&
		 !action_flag(bringing->going->call, "construct"))
		rc = 0;		/* another one may know it */
	else
		rc = err_copy(err, rc, &reason);
	picked_release(&bringing->picked);
	return rc;
}

int going_add_source(struct going *going, const char *word, struct err *err)
{
	struct bringing bringing = { .going = going, .word = word };
	int rc = going_each_construct(going, bring_construct, &bringing, err);

	return rc < 0 || bringing.is_found ? rc :
	       err_set(err, ERR_NOT_FOUND, "nothing here came from '%s', as "
		       "far as can be told: name the file itself, or what it "
		       "brought", word);
}
