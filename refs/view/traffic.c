#include "refs/view/traffic.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "objects/record/segment.h"
#include "objects/tree/tree.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/view/describe.h"

struct counting {
	struct vault *vault;
	const char *ref_name;
	struct codec *codec;
	bool has_notes;
	struct traffic *out;
};

void traffic_release(struct traffic *traffic)
{
	free(traffic->signers.at);
	memset(traffic, 0, sizeof(*traffic));
}

static int signer_of(struct traffic *traffic, const unsigned char *public,
		     struct traffic_signer **out, struct err *err)
{
	size_t i;
	int rc;

	for (i = 0; i < traffic->signers.n; i++) {
		*out = &traffic->signers.at[i];
		if (!memcmp((*out)->public, public, DID_KEY_BYTES))
			return 0;
	}
	rc = array_room(&traffic->signers, err);
	if (rc < 0)
		return rc;
	*out = &traffic->signers.at[traffic->signers.n++];
	memset(*out, 0, sizeof(**out));
	memcpy((*out)->public, public, DID_KEY_BYTES);
	(*out)->has_records = true;
	return 0;
}

/* A note says how many records are new; without notes segments must say. */
static int count_version(void *arg, const struct version *version,
			 struct err *err)
{
	struct version_note note = VERSION_NOTE_INIT;
	struct counting *counting = arg;
	struct traffic_signer *signer;
	int rc = signer_of(counting->out, version_writer(version), &signer, err);

	if (rc == 0 && counting->has_notes)
		rc = version_describe(counting->vault, version, &note, err);
	if (rc == 0) {
		counting->out->versions++;
		signer->versions++;
		signer->records += note.records;
		signer->has_records &= note.has_records;
		if (note.construct[0])
			memcpy(counting->out->construct, note.construct,
			       CONSTRUCT_NAME_MAX);
	}
	version_note_release(&note);
	return rc;
}

/* What is in a segment comes on top; of one that is gone it goes off. */
static int count_segment(struct counting *counting,
			 const struct tree_segment *segment, bool is_gone,
			 struct err *err)
{
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	struct buf text = BUF_INIT(RECORD_MAX_BYTES + 1);
	struct traffic *out = counting->out;
	uint64_t one = is_gone ? UINT64_MAX : 1;	/* modulo 2^64 */
	struct record record;
	struct span line;
	size_t pos = 0;
	int rc = store_read(counting->vault->store, &segment->blob,
			    OBJECT_BLOB, STORE_OBJECT_MAX, &bytes, err);

	if (rc == 0)
		rc = codec_decode(counting->codec, SEAL_SEGMENT,
				  buf_span(&bytes), &text, err);
	while (rc == 0 && segment_next(buf_span(&text), &pos, &line)) {
		rc = record_parse(line, &record, err);
		if (rc < 0)
			break;
		out->records += one;
		if (span_equals(record.verb, span_str("create")) &&
		    record.kind - kind_table < TRAFFIC_KINDS)
			out->made[record.kind - kind_table] += one;
		else
			out->changes += one;
	}
	buf_release(&bytes);
	buf_release(&text);
	return rc;
}

static int count_all(struct counting *counting,
		     const struct tree_segments *list, bool are_gone,
		     struct err *err)
{
	char blobs[PLACE_NAME_LEN + 1];
	size_t i;
	int rc = 0;

	codec_dir_name(counting->codec, BLOB_DIR, blobs);
	for (i = 0; rc == 0 && i < list->n; i++) {
		if (strcmp(list->at[i].place.dir, blobs))
			rc = count_segment(counting, &list->at[i], are_gone,
					   err);
	}
	return rc;
}

/* What stood before, or by now: the union of versions that may be one
 * another's ancestors. */
static int union_tree(struct store *store, const struct traffic_ends *ends,
		      bool is_after, git_oid *out, struct err *err)
{
	git_oid *all = calloc(ends->had_n + ends->now_n + 1, sizeof(*all));
	size_t n = ends->had_n + (is_after ? ends->now_n : 0);
	int rc;

	if (!all)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (ends->had_n)
		memcpy(all, ends->had, ends->had_n * sizeof(*all));
	if (ends->now_n)
		memcpy(all + ends->had_n, ends->now,
		       ends->now_n * sizeof(*all));
	rc = history_maximal(store, all, &n, err);
	if (rc == 0)
		rc = history_union(store, all, n, out, err);
	free(all);
	return rc;
}

/* What was forgotten meanwhile came off, and nothing is less than none. */
static void at_least_none(uint64_t *count)
{
	if (*count > INT64_MAX)
		*count = 0;
}

static void count_up(struct traffic *out)
{
	size_t i;

	at_least_none(&out->records);
	at_least_none(&out->changes);
	for (i = 0; i < TRAFFIC_KINDS; i++)
		at_least_none(&out->made[i]);
}

static int count_records(struct counting *counting,
			 const struct traffic_ends *ends, uint64_t *budget,
			 struct err *err)
{
	struct tree_segments gone = TREE_SEGMENTS_INIT;
	struct tree_segments come = TREE_SEGMENTS_INIT;
	struct store *store = counting->vault->store;
	git_oid before, after;
	int rc = union_tree(store, ends, false, &before, err);

	if (rc == 0)
		rc = union_tree(store, ends, true, &after, err);
	if (rc == 0)
		rc = tree_diff(store, &before, &after, &gone, &come, err);
	if (rc < 0 || gone.n + come.n > *budget)
		goto out;
	*budget -= gone.n + come.n;
	rc = count_all(counting, &come, false, err);
	if (rc == 0)
		rc = count_all(counting, &gone, true, err);
	count_up(counting->out);
	counting->out->has_records = rc == 0;
	counting->out->has_kinds = rc == 0;
out:
	tree_segments_release(&gone);
	tree_segments_release(&come);
	return rc;
}

/* Where segments did not say it, notes may have. */
static void take_notes(const struct counting *counting)
{
	struct traffic *out = counting->out;
	size_t i;

	if (out->has_records || !counting->has_notes)
		return;
	out->has_records = true;
	out->records = 0;
	for (i = 0; i < out->signers.n; i++) {
		out->has_records &= out->signers.at[i].has_records;
		out->records += out->signers.at[i].records;
	}
}

int traffic_count(struct vault *vault, const char *ref_name,
		  const struct traffic_ends *ends, uint64_t *budget,
		  struct traffic *out, struct err *err)
{
	struct counting counting = { vault, ref_name, NULL, false, out };
	const struct history_visitor visitor = { count_version, &counting,
						 NULL };
	const struct history_range range = { ends->now, ends->now_n,
					     ends->had, ends->had_n };
	int rc = vault_codec(vault, ref_name, &counting.codec, err);

	if (rc < 0)
		return rc;
	counting.has_notes = codec_mode(counting.codec) == CODEC_SEALED;
	if (codec_mode(counting.codec) == CODEC_PLAIN)
		memcpy(out->construct, ref_name, strlen(ref_name) + 1);
	rc = history_walk(vault->store, &range, &visitor, err);
	if (rc == 0 && codec_mode(counting.codec) != CODEC_BLIND)
		rc = count_records(&counting, ends, budget, err);
	if (rc == 0)
		take_notes(&counting);
	codec_free(counting.codec);
	return rc;
}
