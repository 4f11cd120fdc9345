#include "refs/verify/verify_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"
#include "objects/tree/segment_verify.h"
#include "refs/verify/ids.h"

#define JOBS_MAX 1024		/* in the queue */

/* What became of a segment, in verifier->checked. */
enum { CHECKED_FINE, CHECKED_BAD, CHECKED_UNREAD };

void job_release(struct job *job)
{
	tree_segments_release(&job->gone);
	tree_segments_release(&job->fresh);
}

/* The result of one segment, whoever brings it. Its place counts, and so do
 * who may bring what, the keys that the version's `vault` knows, and the blobs
 * that its records may refer to; of a blob all its pieces. */
static void jobs_make_key(const struct verifier *verifier,
			  const struct job *job,
			  unsigned char out[JOB_KEY_BYTES])
{
	const struct facts *facts = verifier->nodes[job->node].facts;
	const struct tree_segment *segment = &job->segment;
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	size_t i;

	sha256_init(&hash);
	sha256_add(&hash, &job->kind, sizeof(job->kind));
	sha256_add(&hash, facts->construct, strlen(facts->construct) + 1);
	sha256_add(&hash, segment->place.dir, strlen(segment->place.dir) + 1);
	sha256_add(&hash, segment->place.digits,
		   strlen(segment->place.digits) + 1);
	sha256_add(&hash, segment->place.home,
		   strlen(segment->place.home) + 1);
	sha256_add(&hash, segment->digest, SHA256_BYTES);
	sha256_add(&hash, segment->blob.id, GIT_OID_RAWSZ);
	sha256_add(&hash, job->is_addition ? "+" : "=", 1);
	sha256_add(&hash, job->is_renewed ? "+" : "=", 1);
	sha256_add(&hash, &job->members, sizeof(job->members));
	if (job->kind == JOB_SEGMENT)
		sha256_add(&hash, job->blobs.id, GIT_OID_RAWSZ);
	for (i = 0; i < job->fresh.n; i++)
		sha256_add(&hash, job->fresh.at[i].digest, SHA256_BYTES);
	sha256_finish(&hash, digest);
	memcpy(out, digest, JOB_KEY_BYTES);
}

static int push(struct verifier *verifier, struct job *job, struct err *err)
{
	struct job_list *jobs = &verifier->jobs;
	int rc = array_room(jobs, err);

	if (rc == 0)
		jobs->at[jobs->n++] = *job;
	else
		job_release(job);
	return rc;
}

/* A quick look: is the object there at all? */
static int check_presence(struct verifier *verifier, const struct job *job,
			  struct err *err)
{
	char name[CID_TEXT_MAX];

	verifier->counts.segments++;
	if (store_has(verifier->store, &job->segment.blob))
		return 0;
	cid_text(CID_RAW, job->segment.digest, name);
	err_clear(err);
	return node_refuse(verifier, job->node, "missing-object", name, err);
}

static int hold_unread(struct verifier *verifier, uint32_t node,
		       const char *message, struct err *err)
{
	return node_hold(verifier, node, "no-key",
			 message[0] ? message :
				      "it brings a segment that this device "
				      "has no key for", err);
}

static int judge_twin(struct verifier *verifier, uint32_t node,
		      uint64_t found, struct err *err)
{
	if (found == CHECKED_UNREAD)
		return hold_unread(verifier, node, "", err);
	return node_refuse(verifier, node, "bad-segment",
			   "it brings a segment that is bad in another version "
			   "too", err);
}

/* It waits for another version: its result falls on this one as well. */
static int add_twin(struct verifier *verifier, struct job *job,
		    struct err *err)
{
	struct job_list *jobs = &verifier->jobs;
	uint64_t found = CHECKED_FINE;
	struct job_twin *twin;
	int rc;

	job_release(job);
	if (table_get(&verifier->checked, job->key, &found) &&
	    found != CHECKED_FINE)
		return judge_twin(verifier, job->node, found, err);
	rc = array_room_in(jobs->twins, jobs->twins_n, jobs->twins_cap, err);
	if (rc < 0)
		return rc;
	twin = &jobs->twins[jobs->twins_n++];
	twin->node = job->node;
	memcpy(twin->key, job->key, JOB_KEY_BYTES);
	return 0;
}

static bool is_single(const struct job *job)
{
	return job->kind == JOB_SEGMENT || job->kind == JOB_PIECE ||
	       job->kind == JOB_BLOB;
}

/*
 * Queue a job; it is taken with what it owns, also on failure. A segment that
 * was read, or waits, is not read again.
 */
int jobs_add(struct verifier *verifier, const struct job *job, struct err *err)
{
	struct job made = *job;
	bool is_new = true;
	int rc = 0;

	if (is_single(job) && verifier->options.is_quick) {
		job_release(&made);
		return check_presence(verifier, job, err);
	}
	if (is_single(job)) {
		jobs_make_key(verifier, job, made.key);
		rc = table_include(&verifier->checked, made.key, &is_new, err);
	}
	if (rc < 0)
		job_release(&made);
	else if (is_new)
		rc = push(verifier, &made, err);
	else
		rc = add_twin(verifier, &made, err);
	if (rc == 0 && verifier->jobs.n >= JOBS_MAX)
		rc = jobs_run(verifier, err);
	return rc;
}

/* A visitor's arguments. */
struct reading {
	struct job *job;
	struct id_list *ids;
	struct id_list *listed;		/* by new records that forget */
	struct id_list *ignored;	/* by folds: these and more */
	struct id_list *forgetting;	/* those records */
	struct id_list *words;		/* records that forget, before */
	const struct id_list *old;	/* what is not new; sorted */
	bool is_before;			/* what is gone, of older versions */
	struct blob_uses blobs;		/* that new records refer to */
};

static int refuse_record(struct reading *reading, const char *code,
			 const char *what, const struct record *record,
			 struct err *err)
{
	reading->job->code = code;
	return err_set(err, ERR_UNTRUSTED, "%s: '%.*s'", what,
		       (int)record->type.len, record->type.at);
}

static int read_record(void *arg, const struct record *record,
		       const unsigned char id[RECORD_ID_BYTES],
		       struct err *err)
{
	struct reading *reading = arg;
	bool is_forgetting = !strcmp(record->kind->name, "forget");
	int rc = 0;

	if (record->kind->is_vault_only)
		return refuse_record(reading, "vault-record",
				     "a record that only 'vault' may hold",
				     record, err);
	if (is_forgetting && reading->job->is_addition)
		return refuse_record(reading, "bad-change",
				     "only versions that forget bring such a "
				     "record", record, err);
	reading->job->records++;
	if (reading->job->is_addition || reading->job->is_renewed)
		rc = blob_uses_note(&reading->blobs, record, id, err);
	if (rc == 0 && reading->ids)
		rc = id_list_add(reading->ids, id, err);
	if (rc == 0 && is_forgetting && reading->words)
		rc = id_list_add(reading->words, id, err);
	if (rc < 0 || !is_forgetting || !reading->old ||
	    id_list_has(reading->old, id))
		return rc;
	rc = id_list_add(reading->forgetting, id, err);
	if (rc == 0)
		rc = id_list_add_listed(reading->listed, record->data, err);
	if (rc == 0)
		rc = id_list_add_ignored(reading->ignored, record->data, err);
	if (rc == ERR_UNTRUSTED)
		reading->job->code = "bad-change";
	return rc;
}

/*
 * A new segment is sealed with the newest content key of the state that its
 * version names. An older one may be in the hands of who was removed since; and
 * another id (the name key's, or none that anybody holds) would make of it what
 * nobody can look into, and nobody would miss what it hides.
 */
static int check_key(const struct verifier *verifier, const struct job *job,
		     const unsigned char *key,
		     const struct tree_segment *segment, struct err *err)
{
	const struct members *members = &verifier->members[job->members];
	char path[SEGMENT_PATH_MAX];

	if (key && members->has_sealing_key &&
	    !memcmp(members->sealing_key, key, KEY_ID_BYTES))
		return 0;
	segment_path(segment, path);
	return err_set(err, ERR_UNTRUSTED, "segment '%s' is not sealed with "
		       "the newest content key of the 'vault' that its version "
		       "names", path);
}

/* Records prove the folder that they lie in. Of a segment that does not open
 * its name must be one that some kind gives. */
static int check_folder(const struct codec *codec,
			const struct tree_segment *segment, struct err *err)
{
	char dir[PLACE_NAME_LEN + 1];
	const struct kind *kind;

	codec_dir_name(codec, BLOB_DIR, dir);
	if (!strcmp(segment->place.dir, dir))
		return 0;
	for (kind = kind_table; kind->name; kind++) {
		codec_dir_name(codec, kind->home, dir);
		if (!strcmp(segment->place.dir, dir))
			return 0;
	}
	return err_set(err, ERR_UNTRUSTED, "the folder '%s' is of no kind",
		       segment->place.dir);
}

/* Unread is not verified: the version will wait for the key. */
static int leave_unread(struct reading *reading, const struct codec *codec,
			const struct tree_segment *segment, struct err *err)
{
	char path[SEGMENT_PATH_MAX];
	int rc = check_folder(codec, segment, err);

	if (rc < 0)
		return rc;
	segment_path(segment, path);
	reading->job->is_unreadable = true;
	snprintf(reading->job->unread, sizeof(reading->job->unread),
		 "this device was not granted the key of segment '%s'", path);
	return 0;
}

/* What a record refers to is there, and is what the record says of it. */
static int check_blobs(struct worker *worker, struct reading *reading,
		       struct codec *codec, const struct tree_segment *segment,
		       struct err *err)
{
	const struct blob_use *bad = NULL;
	struct err reason = ERR_INIT;
	char record[CID_TEXT_MAX];
	char blob[CID_TEXT_MAX];
	int rc = blob_uses_check(worker, codec, &reading->job->tree,
				 &reading->blobs, &bad, &reason);

	if (rc == 0)
		return 0;
	if (rc == ERR_NO_KEY)
		return leave_unread(reading, codec, segment, err);
	if (!is_finding(rc))
		return err_copy(err, rc, &reason);
	cid_text(CID_JSON, bad->record, record);
	cid_text(CID_RAW, bad->digest, blob);
	reading->job->code = "missing-blob";
	return err_set(err, ERR_UNTRUSTED, "record '%s' refers to blob '%s', "
		       "which is not there as it says: %s", record, blob,
		       reason.text);
}

static int read_segment(const struct verifier *verifier, struct worker *worker,
			struct reading *reading,
			const struct tree_segment *segment, struct err *err)
{
	struct segment_visitor visitor = { read_record, reading };
	struct job *job = reading->job;
	struct err reason = ERR_INIT;
	struct codec *codec;
	int rc = worker_codec(worker, job->codec, &codec, err);

	if (rc < 0)
		return rc;
	if (job->kind == JOB_PIECE)
		rc = blob_piece_verify(worker->store, codec, segment, &reason);
	else
		rc = segment_verify(worker->store, codec, segment, &visitor,
				    &reason);
	if (rc < 0 && rc != ERR_NO_KEY)
		return err_copy(err, rc, &reason);
	if (!reading->is_before && !job->is_renewed &&
	    codec_mode(codec) != CODEC_PLAIN &&
	    check_key(verifier, job, codec_last_key(codec), segment, err) < 0) {
		job->code = "unknown-key";
		return ERR_UNTRUSTED;
	}
	if (rc == ERR_NO_KEY)
		return leave_unread(reading, codec, segment, err);
	return check_blobs(worker, reading, codec, segment, err);
}

static int read_all(const struct verifier *verifier, struct worker *worker,
		    struct reading *reading, const struct tree_segments *list,
		    struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < list->n; i++)
		rc = read_segment(verifier, worker, reading, &list->at[i],
				  err);
	id_list_sort(reading->ids);
	return rc;
}

/*
 * A compaction holds the same records; a forgetting lacks those listed. What
 * stands elsewhere along its path is not lost, and what an owner's record in
 * the tree lists nobody needs to hold.
 */
struct balance {
	struct id_list before;
	struct id_list after;
	struct id_list lost;
	struct id_list won;
	struct id_list listed;
	struct id_list ignored;
	struct id_list forgetting;
	struct id_list words;		/* that forgot before */
};

/* Else what they list would come back. */
static int check_words(struct worker *worker, struct codec *codec,
		       struct job *job, struct balance *balance,
		       struct err *err)
{
	size_t i;
	int rc = forget_words(worker->store, codec, &job->tree,
			      &balance->words, err);

	for (i = 0; rc == 0 && i < balance->words.n; i++) {
		if (!id_list_has(&balance->ignored, balance->words.at[i]))
			continue;
		job->code = "bad-change";
		rc = err_set(err, ERR_UNTRUSTED, "it forgets what was "
			     "forgotten");
	}
	return rc;
}

/* What is listed must have gone, and what came must say so. */
static int take_listed(struct job *job, struct balance *balance,
		       struct err *err)
{
	struct id_list left = ID_LIST_INIT;
	int rc = id_list_minus(&balance->listed, &balance->lost, &left, err);
	bool is_same = !left.n && id_list_equals(&balance->won,
						 &balance->forgetting);

	id_list_release(&left);
	if (rc < 0)
		return rc;
	if (is_same)
		return id_list_remove(&balance->lost, &balance->listed, err);
	job->code = "bad-change";
	return err_set(err, ERR_UNTRUSTED,
		       "what it takes away is not what its records list");
}

static int weigh(struct worker *worker, struct job *job,
		 struct balance *balance, struct err *err)
{
	bool is_forgetting = job->kind == JOB_FORGET;
	struct codec *codec;
	int rc = id_list_minus(&balance->before, &balance->after,
			       &balance->lost, err);

	if (rc == 0)
		rc = id_list_minus(&balance->after, &balance->before,
				   &balance->won, err);
	if (rc == 0 && is_forgetting)
		rc = take_listed(job, balance, err);
	if (rc == 0)
		rc = worker_codec(worker, job->codec, &codec, err);
	if (rc == 0 && is_forgetting)
		rc = check_words(worker, codec, job, balance, err);
	if (rc == 0 && balance->lost.n)
		rc = drop_kept(worker->store, codec, &job->tree, &job->gone,
			       &balance->lost, err);
	if (rc == 0 && balance->lost.n)
		rc = drop_forgotten(worker->store, codec, &job->tree,
				    &balance->lost, err);
	if (rc == ERR_NO_KEY) {
		job->is_unreadable = true;
		return 0;
	}
	if (rc < 0 || (!balance->lost.n && (is_forgetting ||
					    !balance->won.n)))
		return rc;
	job->code = is_forgetting ? "bad-change" : "changed-record";
	return err_set(err, ERR_UNTRUSTED,
		       "it %s, and yet %zu other records are gone and %zu are "
		       "new", is_forgetting ? "forgets" : "compacts",
		       balance->lost.n, is_forgetting ? 0 : balance->won.n);
}

/* Only what forgetting records are new says what goes. */
static int read_balance(const struct verifier *verifier, struct worker *worker,
			struct job *job, struct balance *balance,
			struct err *err)
{
	struct reading before = { .job = job, .ids = &balance->before,
				  .words = &balance->words,
				  .is_before = true };
	struct reading after = { .job = job, .ids = &balance->after,
				 .listed = &balance->listed,
				 .ignored = &balance->ignored,
				 .forgetting = &balance->forgetting,
				 .old = &balance->before };
	int rc;

	if (job->kind == JOB_COMPACT)
		after.old = NULL;
	rc = read_all(verifier, worker, &before, &job->gone, err);
	if (rc == 0)
		rc = read_all(verifier, worker, &after, &job->fresh, err);
	id_list_sort(&balance->listed);
	id_list_sort(&balance->ignored);
	id_list_sort(&balance->forgetting);
	return rc;
}

static void do_balance(const struct verifier *verifier, struct worker *worker,
		       struct job *job)
{
	struct balance balance;

	memset(&balance, 0, sizeof(balance));
	job->rc = read_balance(verifier, worker, job, &balance, &job->err);
	if (job->rc == 0 && !job->is_unreadable)
		job->rc = weigh(worker, job, &balance, &job->err);
	job->records = 0;	/* none of them is new */
	id_list_release(&balance.before);
	id_list_release(&balance.after);
	id_list_release(&balance.lost);
	id_list_release(&balance.won);
	id_list_release(&balance.listed);
	id_list_release(&balance.ignored);
	id_list_release(&balance.forgetting);
	id_list_release(&balance.words);
}

static void do_blob(struct worker *worker, struct job *job)
{
	struct err reason = ERR_INIT;
	char path[SEGMENT_PATH_MAX];
	struct codec *codec;

	job->rc = worker_codec(worker, job->codec, &codec, &job->err);
	if (job->rc == 0)
		job->rc = blob_home_check(worker->store, codec, &job->fresh,
					  &reason);
	if (job->rc == 0)
		return;
	segment_path(&job->segment, path);
	if (job->rc == ERR_NO_KEY) {
		job->rc = 0;
		job->is_unreadable = true;
		snprintf(job->unread, sizeof(job->unread), "this device was "
			 "not granted the key of piece '%s'", path);
	} else {
		(void)err_set(&job->err, (enum err_code)job->rc,
			      "what lies beside '%s': %s", path, reason.text);
	}
}

void job_do(const struct verifier *verifier, struct worker *worker,
	    struct job *job)
{
	struct reading reading = { .job = job };

	if (job->kind == JOB_COMPACT || job->kind == JOB_FORGET)
		do_balance(verifier, worker, job);
	else if (job->kind == JOB_BLOB)
		do_blob(worker, job);
	else
		job->rc = read_segment(verifier, worker, &reading,
				       &job->segment, &job->err);
	free(reading.blobs.at);
}

static void do_item(const struct verifier *verifier, struct worker *worker,
		    void *items, size_t index)
{
	job_do(verifier, worker, &((struct job *)items)[index]);
}

static int take_result(struct verifier *verifier, const struct job *job,
		       struct err *err)
{
	const char *code = job->code ? job->code : "bad-segment";

	if (job->rc == 0) {
		verifier->counts.segments += is_single(job) &&
					     job->kind != JOB_BLOB;
		verifier->counts.records += job->is_addition ? job->records
							     : 0;
		if (!job->is_unreadable)
			return 0;
		if (is_single(job) && table_put(&verifier->checked, job->key,
					   CHECKED_UNREAD, err) < 0)
			return ERR_NOMEM;
		return hold_unread(verifier, job->node, job->unread, err);
	}
	if (!is_finding(job->rc))
		return err_copy(err, job->rc, &job->err);
	if (is_single(job) && !store_has(verifier->store, &job->segment.blob))
		code = "missing-object";
	if (is_single(job) && table_put(&verifier->checked, job->key,
				   CHECKED_BAD, err) < 0)
		return ERR_NOMEM;
	return node_refuse(verifier, job->node, code, job->err.text, err);
}

int jobs_run(struct verifier *verifier, struct err *err)
{
	struct work work = { verifier, do_item, verifier->jobs.at,
			     verifier->jobs.n };
	size_t i;
	int rc = 0;

	workers_run(verifier, &work);
	for (i = 0; i < verifier->jobs.n; i++) {
		if (rc == 0)
			rc = take_result(verifier, &verifier->jobs.at[i], err);
		job_release(&verifier->jobs.at[i]);
	}
	verifier->jobs.n = 0;
	for (i = 0; rc == 0 && i < verifier->jobs.twins_n; i++) {
		const struct job_twin *twin = &verifier->jobs.twins[i];
		uint64_t found = CHECKED_FINE;

		if (table_get(&verifier->checked, twin->key, &found) &&
		    found != CHECKED_FINE)
			rc = judge_twin(verifier, twin->node, found, err);
	}
	verifier->jobs.twins_n = 0;
	return rc < 0 ? rc : verify_progress(verifier, err);
}
