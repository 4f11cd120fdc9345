/*
 * What a source would change of what others made: records that may are kept
 * back until they can be judged together, entity by entity, since a source
 * speaks of one in any order and in many places.
 */
#include "refs/write/write_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/hlc.h"
#include "lib/time/timestamp.h"
#include "refs/view/snapshot.h"
#include "refs/write/overrule.h"

void disputes_init(struct disputes *disputes)
{
	memset(disputes, 0, sizeof(*disputes));
	disputes->lines.max = BUF_NO_LIMIT;
	disputes->nodes = (struct table)TABLE_INIT(HLC_NODE, TABLE_NO_LIMIT);
}

void disputes_release(struct disputes *disputes)
{
	buf_wipe(&disputes->lines);
	table_release(&disputes->nodes);
	free(disputes->at);
	disputes_init(disputes);
}

static bool is_construct(const struct kind *kind)
{
	return !strcmp(kind->name, "construct");
}

static int load_nodes(struct writer *writer, struct err *err)
{
	const struct vault_state *state = &writer->vault->state;
	char node[DID_NODE_MAX];
	size_t i;
	int rc = 0;

	if (writer->disputes.nodes.count)
		return 0;
	for (i = 0; rc == 0 && i < state->members_n; i++) {
		did_node(state->members[i].public, node);
		rc = table_put(&writer->disputes.nodes, node, 0, err);
	}
	return rc;
}

static bool has_mark(struct span data, const char *const *marks)
{
	struct span value;

	for (; marks && *marks; marks++) {
		if (jcs_find(data, *marks, &value))
			return true;
	}
	return false;
}

/* An importer's record. Of a construct many formats speak; a name without a
 * time loses to whatever else names it, so it is nobody's. */
static bool is_derived(const struct writer_claim *claim,
		       const struct record *record)
{
	return !is_construct(record->kind) ||
	       span_equals(record->at, span_str(HLC_UNKNOWN_TEXT)) ||
	       has_mark(record->data, claim->marks);
}

int writer_is_own(struct writer *writer, const struct writer_claim *claim,
		  const struct fold_record *record, bool *out, struct err *err)
{
	char node[HLC_NODE_MAX];
	struct hlc time;
	bool is_import;
	int rc;

	/* What was taken back is as if nobody had said anything. */
	*out = record_takes_back(record->record.line);
	if (*out)
		return 0;
	rc = hlc_parse(record->record.at, &time, node, err);
	if (rc < 0)
		return rc;
	is_import = !strcmp(node, HLC_NODE_IMPORT);
	if (!claim->is_lines || is_import) {
		*out = !claim->is_lines && is_import &&
		       is_derived(claim, &record->record);
		return 0;
	}
	rc = load_nodes(writer, err);
	*out = rc == 0 && !table_get(&writer->disputes.nodes, node, NULL) &&
	       table_get(&writer->queued, record->id, NULL);
	return rc;
}

static bool is_capsule(const struct record *record)
{
	return !strcmp(record->kind->name, "capsule");
}

/* A new capsule among lines can take the place of the newest one, and a
 * construct's first word what a capsule says of it. */
bool writer_is_disputed(const struct writer *writer,
			const struct record *record)
{
	unsigned char key[WRITER_ENTITY_BYTES];

	if (!writer->claim || !writer->base_has_records)
		return false;
	writer_entity_key(record->entity, key);
	return table_get(&writer->spoken_of, key, NULL) ||
	       is_construct(record->kind) ||
	       (writer->claim->is_lines && is_capsule(record));
}

int writer_dispute(struct writer *writer, const struct record *record,
		   struct err *err)
{
	struct disputes *disputes = &writer->disputes;
	struct dispute *dispute;
	int rc = array_room(disputes, err);

	if (rc < 0)
		return rc;
	dispute = &disputes->at[disputes->n];
	memset(dispute, 0, sizeof(*dispute));
	dispute->line = disputes->lines.len;
	dispute->len = record->line.len;
	dispute->claim = writer->claim;
	rc = buf_add_span(&disputes->lines, record->line, err);
	if (rc < 0)
		return rc;
	disputes->n++;
	return disputes->lines.len < WRITER_BATCH_BYTES ? 0 :
		writer_judge(writer, err);
}

/* Those that are judged: by home, in it by entity, as they came. */
struct trial {
	struct writer *writer;
	struct view *view;
	struct dispute **at;
	size_t first;			/* of the home at hand */
	size_t end;
	bool is_found;			/* the construct itself has records */
	bool is_change;			/* any of all */
	bool has_newest;
	struct buf newest;		/* the state of the newest capsule */
};

static struct home home_of(const struct record *record)
{
	struct home home = { "", { NULL, 0 }, false };

	/* It was checked when it was parsed. */
	if (entity_home(record->entity, &home, NULL, NULL) < 0)
		home.key = record->entity;
	return home;
}

static int compare_homes(const struct record *a, const struct record *b)
{
	struct home x = home_of(a);
	struct home y = home_of(b);
	int order = strcmp(x.dir, y.dir);

	return order ? order : span_compare(x.key, y.key);
}

static int order_disputes(const void *a, const void *b)
{
	const struct dispute *x = *(struct dispute *const *)a;
	const struct dispute *y = *(struct dispute *const *)b;
	int order = compare_homes(&x->record, &y->record);

	if (!order)
		order = span_compare(x->record.entity, y->record.entity);
	return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* The disputes at..end of one entity of others. */
static int convict(struct trial *trial, size_t at, size_t end,
		   struct span from, struct span to, struct err *err)
{
	const struct writer_others *others = trial->writer->others;
	struct writer_change change = {
		trial->at[at]->record.kind, trial->at[at]->record.entity,
		from, to
	};

	trial->is_change = true;
	for (; at < end; at++)
		trial->at[at]->is_change = true;
	return others->change(others->arg, &change, err);
}

/* All records of an entity: those that stand, then the new ones. */
struct evidence {
	struct fold_record *all;
	size_t n;
	struct fold_record *others;	/* standing, of any other source */
	size_t others_n;
	bool has_delete;		/* among them */
	bool is_lines;
};

static int is_of_all(const struct trial *trial, size_t at, size_t end,
		     const struct fold_record *record, bool *out,
		     struct err *err)
{
	const struct writer_claim *last = NULL;
	int rc = 0;

	*out = true;
	for (; rc == 0 && *out && at < end; at++) {
		if (trial->at[at]->claim == last)
			continue;
		last = trial->at[at]->claim;
		rc = writer_is_own(trial->writer, last, record, out, err);
	}
	return rc;
}

static int gather(const struct trial *trial, size_t at, size_t end,
		  const struct view_entity *entity, struct evidence *out,
		  struct err *err)
{
	size_t n = entity->records_n;
	bool is_own;
	size_t i;
	int rc = 0;

	out->all = calloc(n + end - at, sizeof(*out->all));
	out->others = calloc(n + 1, sizeof(*out->others));
	if (!out->all || !out->others)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < n; i++) {
		out->all[out->n++] = entity->records[i];
		rc = is_of_all(trial, at, end, &entity->records[i], &is_own,
			       err);
		if (rc < 0 || is_own)
			continue;
		out->others[out->others_n++] = entity->records[i];
		out->has_delete |= span_equals(entity->records[i].record.verb,
					       span_str("delete"));
	}
	for (; at < end; at++) {
		out->all[out->n].record = trial->at[at]->record;
		record_id(trial->at[at]->record.line, out->all[out->n++].id);
		out->is_lines |= trial->at[at]->claim->is_lines;
	}
	return rc;
}

/* Absent when not live. The capsule below a construct lives without records. */
static int state_of(const struct snapshot *snapshot,
		    const struct fold_record *records, size_t n,
		    struct buf *state, struct span *out, struct err *err)
{
	struct fold_records folded = { records, n, NULL };
	bool is_live = false;
	int rc = 0;

	if (n) {
		rc = entity_state(snapshot, &folded, state, &is_live, err);
	} else if (snapshot->has_capsule) {
		is_live = true;
		rc = construct_layer(snapshot, span_str("{}"), state, err);
	}
	*out = rc == 0 && is_live ? buf_span(state) : span_of(NULL, 0);
	return rc;
}

static int weigh(struct trial *trial, size_t at, size_t end,
		 const struct view_entity *entity,
		 const struct evidence *evidence, struct err *err)
{
	bool is_persona = is_construct(entity->kind);
	struct snapshot snapshot = SNAPSHOT_INIT;
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	struct buf to = BUF_INIT(BUF_NO_LIMIT);
	struct overrule question = {
		.kind = entity->kind, .from = entity->state,
		.others_n = evidence->others_n,
		.standing_n = entity->records_n,
		.has_delete = evidence->has_delete,
		.counts_additions = !is_persona || evidence->is_lines,
	};
	bool is_change = false;
	int rc = 0;

	if (is_persona)
		rc = snapshot_read(trial->view, &snapshot, err);
	/* What the capsule below says is of others too. */
	question.others_n += snapshot.has_capsule;
	question.standing_n += snapshot.has_capsule;
	if (rc == 0)
		rc = state_of(&snapshot, evidence->others, evidence->others_n,
			      &words, &question.words, err);
	if (rc == 0)
		rc = state_of(&snapshot, evidence->all, evidence->n, &to,
			      &question.to, err);
	if (rc == 0)
		rc = overrule_is(&question, &is_change, err);
	if (rc == 0 && is_change)
		rc = convict(trial, at, end, question.from, question.to, err);
	snapshot_release(&snapshot);
	buf_release(&words);
	buf_release(&to);
	return rc;
}

/* The disputes of the home at hand that speak of the entity. */
static bool others_find(const struct trial *trial, struct span entity,
			size_t *out_at, size_t *out_end)
{
	size_t low = trial->first;
	size_t high = trial->end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (span_compare(trial->at[middle]->record.entity, entity) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*out_at = low;
	while (low < trial->end &&
	       span_equals(trial->at[low]->record.entity, entity))
		low++;
	*out_end = low;
	return low > *out_at;
}

static int judge_entity(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct trial *trial = arg;
	struct evidence evidence = { .all = NULL };
	size_t at;
	size_t end;
	int rc;

	if (!others_find(trial, entity->entity, &at, &end))
		return 0;
	trial->is_found = true;
	rc = gather(trial, at, end, entity, &evidence, err);
	/* A construct's persona may be another's although no record of the
	 * construct itself is: the capsule below says it. */
	if (rc == 0 && (evidence.others_n || is_construct(entity->kind)))
		rc = weigh(trial, at, end, entity, &evidence, err);
	free(evidence.all);
	free(evidence.others);
	return rc;
}

/* Would a capsule among lines be the one whose persona and memories count? */
static int judge_capsule(struct trial *trial, size_t at, struct err *err)
{
	const struct dispute *dispute = trial->at[at];
	struct span newest = buf_span(&trial->newest);

	if (dispute->is_change || !dispute->claim->is_lines ||
	    !trial->has_newest || !is_capsule(&dispute->record) ||
	    capsule_time(dispute->record.data) < capsule_time(newest))
		return 0;
	return convict(trial, at, at + 1, newest, dispute->record.data, err);
}

/* What a construct is called, and where it went, is nothing that a file adds to
 * one that is there, though nobody may have said anything of that yet. */
static int judge_name(struct trial *trial, size_t at, struct err *err)
{
	static const char *const names[] = { "called", "merged", NULL };
	const struct dispute *dispute = trial->at[at];

	if (dispute->is_change || !dispute->claim->is_lines ||
	    !is_construct(dispute->record.kind) ||
	    !has_mark(dispute->record.data, names))
		return 0;
	return convict(trial, at, at + 1, span_str("{}"),
		       dispute->record.data, err);
}

/* The first records of a construct itself: below it stands the capsule. */
static int judge_first(struct trial *trial, struct err *err)
{
	const struct record *record = &trial->at[trial->first]->record;
	struct view_entity nothing = {
		.entity = record->entity, .kind = record->kind
	};
	struct snapshot snapshot = SNAPSHOT_INIT;
	struct buf state = BUF_INIT(BUF_NO_LIMIT);
	int rc = snapshot_read(trial->view, &snapshot, err);

	if (rc == 0)
		rc = state_of(&snapshot, NULL, 0, &state, &nothing.state, err);
	if (rc == 0)
		rc = judge_entity(trial, &nothing, err);
	snapshot_release(&snapshot);
	buf_release(&state);
	return rc;
}

static int judge_home(struct trial *trial, struct err *err)
{
	const struct view_visitor visitor = { judge_entity, trial };
	const struct record *record = &trial->at[trial->first]->record;
	size_t i;
	int rc;

	trial->is_found = false;
	rc = view_home(trial->view, record->entity, &visitor, err);
	if (rc == 0 && !trial->is_found && is_construct(record->kind))
		rc = judge_first(trial, err);
	for (i = trial->first; rc == 0 && i < trial->end; i++)
		rc = judge_capsule(trial, i, err);
	for (i = trial->first; rc == 0 && i < trial->end; i++)
		rc = judge_name(trial, i, err);
	return rc;
}

static int judge_all(struct trial *trial, size_t n, struct err *err)
{
	int rc = writer_view(trial->writer, &trial->view, err);

	if (rc == 0)
		rc = view_newest_capsule(trial->view, &trial->newest, NULL,
					 &trial->has_newest, err);
	while (rc == 0 && trial->end < n) {
		trial->first = trial->end++;
		while (trial->end < n &&
		       !compare_homes(&trial->at[trial->first]->record,
				      &trial->at[trial->end]->record))
			trial->end++;
		rc = judge_home(trial, err);
	}
	return rc;
}

/* Those that change nothing of others are taken in any case. */
static int settle(struct writer *writer, bool is_taken, struct err *err)
{
	const struct writer_others *others = writer->others;
	const struct dispute *dispute;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < writer->disputes.n; i++) {
		dispute = &writer->disputes.at[i];
		if (is_taken || !dispute->is_change)
			rc = writer_queue(writer, &dispute->record, err);
		else
			rc = others->refused(others->arg,
					     dispute->claim->source,
					     dispute->record.entity, err);
	}
	return rc;
}

static int parse_all(struct disputes *disputes, struct dispute **at,
		     struct err *err)
{
	struct dispute *dispute;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < disputes->n; i++) {
		dispute = &disputes->at[i];
		at[i] = dispute;
		rc = record_parse(span_of(disputes->lines.data + dispute->line,
					  dispute->len), &dispute->record,
				  err);
	}
	return rc;
}

int writer_judge(struct writer *writer, struct err *err)
{
	struct disputes *disputes = &writer->disputes;
	const struct writer_others *others = writer->others;
	struct trial trial = {
		.writer = writer, .newest = BUF_INIT(BUF_NO_LIMIT)
	};
	bool is_taken = false;
	int rc;

	if (!disputes->n)
		return 0;
	trial.at = calloc(disputes->n, sizeof(*trial.at));
	if (!trial.at)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = parse_all(disputes, trial.at, err);
	if (rc == 0) {
		qsort(trial.at, disputes->n, sizeof(*trial.at),
		      order_disputes);
		rc = judge_all(&trial, disputes->n, err);
	}
	if (rc == 0 && trial.is_change)
		rc = others->decide(others->arg, &is_taken, err);
	if (rc == 0)
		rc = settle(writer, is_taken, err);
	disputes->n = 0;
	buf_reset(&disputes->lines);
	buf_release(&trial.newest);
	free(trial.at);
	return rc;
}
