#include "cmd/action/forget/going.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/construct/picked.h"
#include "cmd/action/mend/hand/described.h"
#include "lib/base/array.h"
#include "lib/id/hash.h"
#include "lib/time/hlc.h"
#include "objects/fold/fold.h"

#define KEY_BYTES 16

static void one_free(struct going_one *one)
{
	if (!one)
		return;
	forgetting_free(one->forgetting);
	view_free(one->view);
	table_release(&one->entities);
	buf_release(&one->named);
	needles_release(&one->needles);
	table_release(&one->brought);
	arena_release(&one->texts);
	free(one->names.at);
	free(one->messages.at);
	free(one->homes.at);
	table_release(&one->known_homes);
	free(one);
}

void going_release(struct going *going)
{
	size_t i;

	for (i = 0; i < going->n; i++)
		one_free(going->at[i]);
	free(going->at);
	buf_release(&going->elsewhere);
}

static int one_new(struct going *going, const char *ref_name,
		   struct going_one **out, struct err *err)
{
	struct going_one *one = calloc(1, sizeof(*one));
	int rc;

	if (!one)
		return err_set(err, ERR_NOMEM, "out of memory");
	one->entities = (struct table)TABLE_INIT(KEY_BYTES, TABLE_NO_LIMIT);
	one->brought = (struct table)TABLE_INIT(PICKED_ID_BYTES,
						TABLE_NO_LIMIT);
	one->known_homes = (struct table)TABLE_INIT(PLACE_HASH_BYTES,
						    TABLE_NO_LIMIT);
	one->named = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	rc = view_open_ref(going->call->vault, ref_name, &one->view, err);
	if (rc == 0)
		rc = forgetting_new(one->view, &one->forgetting, err);
	if (rc == 0)
		*out = one;
	else
		one_free(one);
	return rc;
}

int going_of(struct going *going, const char *ref_name,
	     struct going_one **out, struct err *err)
{
	size_t i;
	int rc;

	for (i = 0; i < going->n; i++) {
		*out = going->at[i];
		if (!strcmp((*out)->view->ref_name, ref_name))
			return 0;
	}
	rc = array_room(going, err);
	if (rc == 0)
		rc = one_new(going, ref_name, out, err);
	if (rc == 0)
		going->at[going->n++] = *out;
	return rc;
}

uint64_t going_records(const struct going *going)
{
	uint64_t records = 0;
	size_t i;

	for (i = 0; i < going->n; i++)
		records += forgetting_count(going->at[i]->forgetting);
	return records;
}

static void make_key(struct span entity, unsigned char out[KEY_BYTES])
{
	blake2b_of(entity.at, entity.len, NULL, 0, out, KEY_BYTES);
}

bool going_has(const struct going_one *one, struct span entity)
{
	unsigned char key[KEY_BYTES];

	make_key(entity, key);
	return table_get(&one->entities, key, NULL);
}

static int add_one(struct going_one *one, const struct fold_record *record,
		   bool *out_is_new, struct err *err)
{
	bool is_new = false;
	int rc = forgetting_add(one->forgetting, &record->record, record->id,
				&is_new, err);

	if (rc < 0 || !is_new)
		return rc;
	*out_is_new = true;
	if (span_ends(record->record.at, "-" HLC_NODE_IMPORT))
		rc = picked_note(one->view, &record->record, &one->brought,
				 err);
	return rc < 0 ? rc : needles_add(&one->needles, &record->record, err);
}

static int keep_name(struct going_one *one, struct going_names *names,
		     struct span entity, struct err *err)
{
	int rc = array_room(names, err);

	if (rc == 0)
		rc = arena_keep(&one->texts, entity, &names->at[names->n], err);
	names->n += rc == 0;
	return rc;
}

/* The conversation in which it is, too: others there may refer to it. */
static int note_entity(struct going_one *one, const struct view_entity *entity,
		       struct err *err)
{
	bool is_in_session = memchr(entity->entity.at, '/',
				    entity->entity.len) ||
			     !strcmp(entity->kind->name, "session");
	unsigned char key[KEY_BYTES];
	bool is_new = false;
	int rc;

	make_key(entity->entity, key);
	rc = table_include(&one->entities, key, &is_new, err);
	if (rc < 0 || !is_new)
		return rc;
	one->kinds[entity->kind - kind_table]++;
	if (one->names.n < GOING_ASKED)
		rc = keep_name(one, &one->names, entity->entity, err);
	if (rc == 0 && !strcmp(entity->kind->name, "message"))
		rc = keep_name(one, &one->messages, entity->entity, err);
	if (rc < 0 || !entity->kind->has_home || !is_in_session)
		return rc;
	rc = table_include(&one->known_homes, entity->home, &is_new, err);
	return rc < 0 || !is_new ? rc :
	       keep_name(one, &one->homes, entity->entity, err);
}

int going_add(struct going_one *one, const struct view_entity *entity,
	      enum going_why why, bool *out_is_new, struct err *err)
{
	bool is_new = false;
	size_t i;
	int rc = note_entity(one, entity, err);

	for (i = 0; rc == 0 && i < entity->records_n; i++)
		rc = add_one(one, &entity->records[i], &is_new, err);
	one->why[why] += rc == 0 && is_new;
	if (out_is_new)
		*out_is_new = is_new;
	return rc;
}

int going_add_record(struct going_one *one, const struct view_entity *entity,
		     const struct fold_record *record, struct err *err)
{
	bool is_new = false;
	int rc = note_entity(one, entity, err);

	return rc < 0 ? rc : add_one(one, record, &is_new, err);
}

/* Of what goes in part: is in dispute what was not, without what had settled
 * it? The rest is taken out of the records, which are reordered. */
static int look_at_rest(struct going_one *one, struct fold_record *rest,
			size_t n, struct err *err)
{
	struct fold_conflicts conflicts = FOLD_CONFLICTS_INIT;
	struct buf state = BUF_INIT(BUF_NO_LIMIT);
	bool is_live;
	int rc = fold_entity(rest, n, &state, &is_live, &conflicts, err);

	one->disputed += rc == 0 && conflicts.n;
	buf_wipe(&state);
	fold_conflicts_release(&conflicts);
	return rc;
}

/* How many of its records go, where some stay. */
static int put_part(struct going_one *one, const struct view_entity *entity,
		    struct buf *out, struct err *err)
{
	struct fold_record *rest = calloc(entity->records_n, sizeof(*rest));
	size_t n = 0;
	size_t i;
	int rc = 0;

	if (!rest)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < entity->records_n; i++)
		if (!forgetting_has(one->forgetting, entity->records[i].id))
			rest[n++] = entity->records[i];
	if (n && !entity->conflicts)
		rc = look_at_rest(one, rest, n, err);
	if (n)
		buf_putf(out, "%zu of %zu records of ", entity->records_n - n,
			 entity->records_n);
	free(rest);
	return rc;
}

int going_say(struct going_one *one, const struct view_entity *entity,
	      struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf what = BUF_INIT(BUF_NO_LIMIT);
	int rc = put_part(one, entity, &what, err);

	if (rc < 0 || one->named_n++ >= GOING_SHOWN)
		goto out;
	rc = described_entity(one->view, entity, &what, err);
	fields_text(&fields, "entity", entity->entity);
	fields_str(&fields, "what", buf_text(&what));
	buf_put_str(&one->named, one->named.len ? "," : "");
	if (rc == 0)
		rc = jcs_fields_write(&fields, &one->named, err);
out:
	jcs_fields_release(&fields);
	buf_release(&what);
	return rc;
}
