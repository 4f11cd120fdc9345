#include "refs/write/revert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json/jcs_write.h"
#include "objects/fold/inverse.h"
#include "objects/tree/segment_standing.h"
#include "refs/view/news.h"
#include "refs/view/origin.h"
#include "refs/view/parts.h"
#include "refs/view/snapshot.h"
#include "refs/write/beside.h"

/* Ids are told apart by this many of their first bytes: 128 bits. */
#define ID_BYTES 16
#define TYPE_MAX_BYTES 64

struct reverting {
	const struct revert *revert;
	const struct revert_visitor *visitor;
	struct vault *vault;
	struct writer *writer;
	struct table news;		/* ids of the change's records */
	struct table theirs;		/* of those that others made as well */
	struct table since;		/* of those after it */
	bool has_others;		/* others wrote since */
	struct origins *origins;	/* of now; made when they are asked */
	struct snapshot snapshot;	/* of now */
	struct hlc now;			/* of all that is written, as long */
	char at[HLC_TEXT_MAX];		/* as nothing that stands is later */
	struct revert_result result;
};

/* One entity: its records, those before the change first, then the change's,
 * then those since. */
struct trial {
	struct reverting *reverting;
	const struct view_entity *entity;
	struct fold_record *at;
	size_t before_n;
	size_t of_n;			/* with those before */
	struct span *later;		/* data of those since */
	bool *is_other;			/* ... which are of others */
	size_t later_n;
	bool is_theirs;			/* one of those is by others */
	struct buf before;
	struct buf after;
	bool was_there;
	bool is_there;
};

static bool is_construct(const struct trial *trial)
{
	return !strcmp(trial->entity->kind->name, "construct");
}

static int find_origins(struct reverting *reverting, struct err *err)
{
	return reverting->origins ? 0 :
	       origins_new(reverting->revert->now, &reverting->origins, err);
}

static int author_of(struct trial *trial, const struct fold_record *record,
		     const struct version **out, struct err *err)
{
	int rc = find_origins(trial->reverting, err);

	*out = NULL;
	return rc < 0 ? rc : origin_find(trial->reverting->origins,
					 trial->entity->entity, record->id,
					 out, err);
}

static int order_times(const void *a, const void *b)
{
	const struct fold_record *x = a;
	const struct fold_record *y = b;
	int order = memcmp(x->record.at.at, y->record.at.at, HLC_TEXT);

	return order ? order : memcmp(x->id, y->id, RECORD_ID_BYTES);
}

static int judge_later(struct trial *trial, struct err *err)
{
	struct vault *vault = trial->reverting->vault;
	const struct fold_record *record = trial->at + trial->of_n;
	const struct version *by;
	size_t i;
	int rc = 0;

	qsort(trial->at + trial->of_n, trial->later_n, sizeof(*trial->at),
	      order_times);
	for (i = 0; rc == 0 && i < trial->later_n; i++, record++) {
		trial->later[i] = record->record.data;
		if (!trial->reverting->has_others)
			continue;
		rc = author_of(trial, record, &by, err);
		trial->is_other[i] = rc == 0 && (!by ||
			memcmp(by->device, vault->device.public,
			       DID_KEY_BYTES) != 0);
		trial->is_theirs |= trial->is_other[i];
	}
	return rc;
}

/* Sort the records by the three times; false: the change is not among them. */
static int part(struct trial *trial, bool *out_is_touched, struct err *err)
{
	const struct view_entity *entity = trial->entity;
	const struct reverting *reverting = trial->reverting;
	size_t n = entity->records_n;
	size_t i;

	trial->at = calloc(n, sizeof(*trial->at));
	trial->later = calloc(n, sizeof(*trial->later));
	trial->is_other = calloc(n, sizeof(*trial->is_other));
	if (!trial->at || !trial->later || !trial->is_other)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < n; i++) {
		const unsigned char *id = entity->records[i].id;

		if (table_get(&reverting->since, id, NULL))
			trial->later_n++;
		else if (!table_get(&reverting->news, id, NULL))
			trial->at[trial->before_n++] = entity->records[i];
	}
	trial->of_n = trial->before_n;
	for (i = 0; i < n; i++)
		if (table_get(&reverting->news, entity->records[i].id, NULL))
			trial->at[trial->of_n++] = entity->records[i];
	*out_is_touched = trial->of_n > trial->before_n;
	n = trial->of_n;
	for (i = 0; i < entity->records_n; i++)
		if (table_get(&reverting->since, entity->records[i].id, NULL))
			trial->at[n++] = entity->records[i];
	return *out_is_touched ? judge_later(trial, err) : 0;
}

/* The capsule below a construct speaks of it before the construct does. */
static int state_of(const struct trial *trial, const struct fold_record *at,
		    size_t n, struct buf *state, bool *out_is_there,
		    struct err *err)
{
	const struct snapshot *snapshot = &trial->reverting->snapshot;
	struct fold_records folded = { at, n, NULL };

	*out_is_there = false;
	if (n)
		return entity_state(snapshot, &folded, state, out_is_there,
				    err);
	if (!is_construct(trial) || !snapshot->has_capsule)
		return 0;
	*out_is_there = true;
	return construct_layer(snapshot, span_str("{}"), state, err);
}

/* What stands of the entity, and so is seen by what is written. */
static int find_prev(const struct trial *trial,
		     unsigned char (**out)[RECORD_ID_BYTES], size_t *out_n,
		     struct err *err)
{
	struct table named = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT);
	const struct view_entity *entity = trial->entity;
	size_t i;
	int rc = 0;

	*out = calloc(entity->records_n, sizeof(**out));
	if (!*out)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && entity->records_n > 1 &&
	     i < entity->records_n; i++)
		rc = standing_add_named(&named, &entity->records[i].record,
					err);
	for (i = 0; rc == 0 && i < entity->records_n; i++) {
		const unsigned char *id = entity->records[i].id;

		if (!named.count || !table_get(&named, id, NULL))
			memcpy((*out)[(*out_n)++], id, RECORD_ID_BYTES);
	}
	table_release(&named);
	return rc;
}

/* One time for all, so that the clock is not asked and stored for each. */
static int find_time(struct trial *trial, struct err *err)
{
	struct reverting *reverting = trial->reverting;
	struct hlc newest;
	int rc = hlc_parse(view_newest(trial->entity)->record.at, &newest,
			   NULL, err);

	if (rc < 0 || (reverting->at[0] &&
		       hlc_compare(&newest, &reverting->now) < 0))
		return rc;
	rc = vault_observe(reverting->vault, &newest, false, err);
	if (rc == 0)
		rc = vault_now(reverting->vault, reverting->at, err);
	reverting->now = reverting->vault->clock;
	return rc;
}

static int say(struct trial *trial, const char *verb, const char *at,
	       struct span data, struct err *err)
{
	struct reverting *reverting = trial->reverting;
	unsigned char (*prev)[RECORD_ID_BYTES] = NULL;
	unsigned char id[RECORD_ID_BYTES];
	char type[TYPE_MAX_BYTES];
	struct record_parts parts = {
		.type = type, .entity = trial->entity->entity,
		.at = at ? at : reverting->at, .data = data,
	};
	int rc = at ? 0 : find_time(trial, err);

	snprintf(type, sizeof(type), "%s:%s", trial->entity->kind->name, verb);
	if (rc == 0)
		rc = find_prev(trial, &prev, &parts.prev_n, err);
	parts.prev = (const unsigned char (*)[RECORD_ID_BYTES])prev;
	if (rc == 0)
		rc = writer_add_parts(reverting->writer, &parts, id, NULL,
				      err);
	if (rc == 0)
		rc = reverting->visitor->record(reverting->visitor->arg, id,
						err);
	free(prev);
	return rc;
}

static int leave(struct trial *trial, struct span path, size_t by,
		 struct err *err)
{
	const struct revert_visitor *visitor = trial->reverting->visitor;
	const struct version *version = NULL;
	int rc = 0;

	trial->reverting->result.left++;
	if (by < trial->later_n)
		rc = author_of(trial, trial->at + trial->of_n + by, &version,
			       err);
	return rc < 0 ? rc : visitor->left(visitor->arg, trial->entity->entity,
					   path, version, err);
}

static int leave_field(void *arg, struct span path, size_t by,
		       struct err *err)
{
	return leave(arg, path, by, err);
}

/* Named is the last of the others who wrote, else the last of all. */
static int leave_all(struct trial *trial, struct err *err)
{
	size_t by = trial->later_n;

	while (trial->is_theirs && by && !trial->is_other[by - 1])
		by--;
	return leave(trial, span_str(""), by ? by - 1 : trial->later_n, err);
}

/* The change made it. What others have since made of it is theirs. */
static int take_away(struct trial *trial, struct err *err)
{
	struct reverting *reverting = trial->reverting;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf data = BUF_INIT(256);
	char version[GIT_OID_HEXSZ + 1] = "";
	int rc;

	if (!trial->entity->state.at)
		return 0;
	if (trial->is_theirs ||
	    !span_equals(trial->entity->state, buf_span(&trial->after)))
		return leave_all(trial, err);
	git_oid_tostr(version, sizeof(version), reverting->revert->of->heads);
	fields_str(&fields, RECORD_REVERTS, version);
	rc = jcs_fields_write(&fields, &data, err);
	if (rc == 0)
		rc = say(trial, "delete", NULL, buf_span(&data), err);
	reverting->result.deleted += rc == 0;
	jcs_fields_release(&fields);
	buf_release(&data);
	return rc;
}

/* The record that says all that the entity was, maybe several times, if an
 * importer wrote it. */
static const struct fold_record *only_source(const struct trial *trial)
{
	const struct fold_record *only = NULL;
	size_t i;

	for (i = 0; i < trial->before_n; i++) {
		const struct record *record = &trial->at[i].record;

		if (record_takes_back(record->line))
			continue;
		if (only && (!span_equals(only->record.at, record->at) ||
			     !span_equals(only->record.data, record->data)))
			return NULL;
		only = &trial->at[i];
	}
	return only && span_ends(only->record.at, HLC_NODE_IMPORT) ? only :
	       NULL;
}

/*
 * The change deleted it: all that it said comes back. What an importer said
 * comes back as just that, so that the source's next word is not taken for
 * one that overrules somebody.
 */
static int bring_back(struct trial *trial, struct err *err)
{
	const struct fold_record *source = only_source(trial);
	char at[HLC_TEXT_MAX] = "";
	int rc;

	if (trial->entity->state.at)
		return 0;
	if (source)
		memcpy(at, source->record.at.at, HLC_TEXT);
	rc = say(trial, "update", source ? at : NULL, source ?
		 source->record.data : buf_span(&trial->before), err);
	trial->reverting->result.restored += rc == 0;
	return rc;
}

/* What the entity would be by what stood before and what others said since; as
 * it was before where they deleted it. */
static int state_without(const struct trial *trial, struct buf *out,
			 struct err *err)
{
	struct fold_record *at;
	size_t n = trial->before_n;
	bool is_there = false;
	size_t i;
	int rc;

	at = calloc(trial->entity->records_n, sizeof(*at));
	if (!at)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < n; i++)
		at[i] = trial->at[i];
	for (i = 0; i < trial->later_n; i++)
		if (trial->is_other[i])
			at[n++] = trial->at[trial->of_n + i];
	rc = state_of(trial, at, n, out, &is_there, err);
	if (rc == 0 && !is_there) {
		buf_reset(out);
		rc = buf_add_span(out, buf_span(&trial->before), err);
	}
	free(at);
	return rc;
}

static int set_fields_back(struct trial *trial, struct span without,
			   struct err *err)
{
	const struct fold_inverse_visitor visitor = { leave_field, trial };
	const struct fold_inverse inverse = {
		.before = buf_span(&trial->before),
		.after = buf_span(&trial->after),
		.now = trial->entity->state, .without = without,
		.sets = trial->entity->kind->sets,
		.later = trial->later, .later_n = trial->later_n,
	};
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	int rc = fold_invert(&inverse, &visitor, &data, err);

	if (rc == 0 && data.len > 2) {
		rc = say(trial, "update", NULL, buf_span(&data), err);
		trial->reverting->result.changed += rc == 0;
	}
	buf_release(&data);
	return rc;
}

static int set_back(struct trial *trial, struct err *err)
{
	struct buf without = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (span_equals(buf_span(&trial->before), buf_span(&trial->after)))
		return 0;
	if (!trial->entity->state.at)
		return leave_all(trial, err);
	if (trial->is_theirs)
		rc = state_without(trial, &without, err);
	if (rc == 0)
		rc = set_fields_back(trial, buf_span(trial->is_theirs ?
						     &without :
						     &trial->before), err);
	buf_release(&without);
	return rc;
}

/* All that the change said of it, others said as well. */
static bool is_shared(const struct trial *trial)
{
	const struct table *theirs = &trial->reverting->theirs;
	size_t i;

	for (i = 0; theirs->count && i < trial->entity->records_n; i++) {
		if (table_get(theirs, trial->entity->records[i].id, NULL))
			return true;
	}
	return false;
}

static int invert(struct trial *trial, struct err *err)
{
	bool is_touched = false;
	int rc = part(trial, &is_touched, err);

	if (rc == 0 && !is_touched && is_shared(trial))
		return leave(trial, span_str(""), trial->later_n, err);
	if (rc < 0 || !is_touched)
		return rc;
	rc = state_of(trial, trial->at, trial->before_n, &trial->before,
		      &trial->was_there, err);
	if (rc == 0)
		rc = state_of(trial, trial->at, trial->of_n, &trial->after,
			      &trial->is_there, err);
	if (rc < 0 || (!trial->was_there && !trial->is_there))
		return rc;
	if (!trial->was_there)
		return take_away(trial, err);
	return trial->is_there ? set_back(trial, err) : bring_back(trial, err);
}

static int revert_entity(void *arg, const struct view_entity *entity,
			 struct err *err)
{
	struct reverting *reverting = arg;
	struct trial trial = {
		.reverting = reverting, .entity = entity,
		.before = BUF_INIT(BUF_NO_LIMIT),
		.after = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc = entity->kind->is_reserved ? 0 : invert(&trial, err);

	buf_release(&trial.before);
	buf_release(&trial.after);
	free(trial.at);
	free(trial.later);
	free(trial.is_other);
	return rc;
}

static int note_id(void *arg, const struct fold_record *record,
		   struct err *err)
{
	return table_include(arg, record->id, NULL, err);
}

/* Of the change's records: one that others made as well. */
static int note_theirs(void *arg, const struct fold_record *record,
		       struct err *err)
{
	struct reverting *reverting = arg;

	if (!table_get(&reverting->news, record->id, NULL))
		return 0;
	(void)table_remove(&reverting->news, record->id);
	return table_include(&reverting->theirs, record->id, NULL, err);
}

/* What others have said as well, without knowing of the change, would stand
 * without it. */
static int look_beside(struct reverting *reverting, struct err *err)
{
	const struct revert *revert = reverting->revert;
	const struct view_record_visitor visitor = { note_theirs, reverting };
	struct beside beside = { .heads = NULL };
	struct view *view = NULL;
	int rc = beside_find(revert->of, revert->now, &beside, err);

	if (rc < 0)
		return rc;
	reverting->has_others = beside.has_others;
	if (beside.n)
		rc = view_open_versions(reverting->vault,
					revert->now->ref_name, beside.heads,
					beside.n, &view, err);
	if (rc == 0 && view)
		rc = view_news(revert->before, view, &visitor, err);
	view_free(view);
	free(beside.heads);
	return rc;
}

/* What the change brought, what came since, and whether from others. */
static int revert_look(struct reverting *reverting, struct err *err)
{
	const struct revert *revert = reverting->revert;
	const struct view_record_visitor news = { note_id, &reverting->news };
	const struct view_record_visitor since = {
		note_id, &reverting->since
	};
	int rc = view_news(revert->before, revert->of, &news, err);

	if (rc == 0)
		rc = view_news(revert->of, revert->now, &since, err);
	if (rc == 0)
		rc = look_beside(reverting, err);
	if (rc == 0)
		rc = snapshot_read(revert->now, &reverting->snapshot, err);
	return rc;
}

static int revert_all(struct reverting *reverting, struct err *err)
{
	const struct revert *revert = reverting->revert;
	const struct view_visitor visitor = { revert_entity, reverting };
	struct view_parts *parts;
	int rc;

	if (!reverting->news.count && !reverting->theirs.count)
		return 0;
	if (revert->only.at)
		return view_one(revert->now, revert->only, &visitor, err);
	parts = malloc(sizeof(*parts));
	if (!parts)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = view_parts_changed(revert->of, &revert->before->tree, parts, err);
	if (rc == 0)
		rc = view_each_part(revert->now, parts, &visitor, err);
	free(parts);
	return rc;
}

int revert_write(const struct revert *revert,
		 const struct revert_visitor *visitor,
		 struct revert_result *out, struct err *err)
{
	struct reverting reverting = {
		.revert = revert, .visitor = visitor,
		.vault = revert->now->vault,
		.news = TABLE_INIT(ID_BYTES, TABLE_NO_LIMIT),
		.theirs = TABLE_INIT(ID_BYTES, TABLE_NO_LIMIT),
		.since = TABLE_INIT(ID_BYTES, TABLE_NO_LIMIT),
		.snapshot = SNAPSHOT_INIT,
	};
	int rc = writer_new(reverting.vault, revert->now->construct, 0,
			    &reverting.writer, err);

	if (rc == 0)
		rc = revert_look(&reverting, err);
	if (rc == 0)
		rc = revert_all(&reverting, err);
	if (rc == 0)
		rc = writer_commit(reverting.writer, revert->subject,
				   &reverting.result.write, err);
	if (rc == 0)
		*out = reverting.result;
	writer_free(reverting.writer);
	origins_free(reverting.origins);
	snapshot_release(&reverting.snapshot);
	table_release(&reverting.news);
	table_release(&reverting.theirs);
	table_release(&reverting.since);
	return rc;
}
