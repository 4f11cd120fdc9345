#include "refs/verify/verify_internal.h"

#include <stdlib.h>
#include <string.h>

#include "objects/tree/segment_verify.h"
#include "refs/history/history.h"
#include "refs/verify/ids.h"

#define PORTION 512	/* segments whose ids wait to be gathered */

/* A segment to be read by some thread. */
struct portion_item {
	const struct codec *codec;
	struct tree_segment segment;
	struct id_list ids;
	struct id_list listed;		/* by records that forget ... */
	struct id_list words;		/* which are these */
	bool forgets;			/* it may hold such records */
	int code;
};

/* The ids of a construct's records, gathered portion by portion. */
struct gathering {
	struct verifier *verifier;
	const struct codec *codec;
	char blob_dir[PLACE_NAME_LEN + 1];
	char forget_dir[PLACE_NAME_LEN + 1];
	struct portion_item items[PORTION];
	size_t n;
	struct id_list ids;
	struct id_list listed;
	struct id_list words;
};

/* One that forgets lists what a fold ignores. */
static int take_ids(struct portion_item *item, struct span line,
		     struct err *err)
{
	unsigned char id[RECORD_ID_BYTES];
	struct record record;
	int rc;

	record_id(line, id);
	rc = id_list_add(&item->ids, id, err);
	if (rc < 0 || !item->forgets)
		return rc;
	rc = record_parse(line, &record, err);
	if (rc < 0 || strcmp(record.kind->name, "forget") != 0)
		return rc;
	rc = id_list_add(&item->words, id, err);
	return rc < 0 ? rc : id_list_add_ignored(&item->listed, record.data,
						 err);
}

/* The version that brought it was checked, and its segments with it. */
static void read_item(const struct verifier *verifier, struct worker *worker,
		      void *items, size_t index)
{
	struct portion_item *item = &((struct portion_item *)items)[index];
	struct buf text = BUF_INIT(SEAL_PLAIN_MAX + 1);
	struct codec *codec;
	struct span line;
	size_t pos = 0;
	int rc = worker_codec(worker, item->codec, &codec, NULL);

	(void)verifier;
	if (rc == 0)
		rc = segment_plain(worker->store, codec, &item->segment, &text,
				   NULL);
	while (rc == 0 && segment_next(buf_span(&text), &pos, &line))
		rc = take_ids(item, line, NULL);
	item->code = rc;
	buf_release(&text);
}

static int append(struct id_list *list, struct id_list *from, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < from->n; i++)
		rc = id_list_add(list, from->at[i], err);
	id_list_release(from);
	return rc;
}

/* What cannot be read was reported by the versions that brought it. */
static int read_portion(struct gathering *gathering, struct err *err)
{
	struct work work = { gathering->verifier, read_item, gathering->items,
			     gathering->n };
	size_t i;
	int rc = 0;

	workers_run(gathering->verifier, &work);
	for (i = 0; i < gathering->n; i++) {
		struct portion_item *item = &gathering->items[i];

		if (rc == 0 && item->code == ERR_NOMEM)
			rc = err_set(err, ERR_NOMEM, "out of memory");
		if (rc == 0)
			rc = append(&gathering->ids, &item->ids, err);
		if (rc == 0)
			rc = append(&gathering->listed, &item->listed, err);
		if (rc == 0)
			rc = append(&gathering->words, &item->words, err);
		id_list_release(&item->ids);
		id_list_release(&item->listed);
		id_list_release(&item->words);
	}
	gathering->n = 0;
	return rc < 0 ? rc : verify_progress(gathering->verifier, err);
}

static int add_segment(void *arg, const struct tree_segment *segment,
		       struct err *err)
{
	struct gathering *gathering = arg;
	struct portion_item *item = &gathering->items[gathering->n];

	if (!strcmp(segment->place.dir, gathering->blob_dir))
		return 0;
	memset(item, 0, sizeof(*item));
	item->codec = gathering->codec;
	item->segment = *segment;
	item->forgets = !strcmp(segment->place.dir, gathering->forget_dir);
	gathering->n++;
	return gathering->n < PORTION ? 0 : read_portion(gathering, err);
}

static int gather(struct gathering *gathering, git_oid *heads, size_t heads_n,
		  struct err *err)
{
	struct store *store = gathering->verifier->store;
	struct tree_visitor visitor = { add_segment, gathering };
	git_oid tree;
	int rc = history_maximal(store, heads, &heads_n, err);

	if (rc == 0)
		rc = history_union(store, heads, heads_n, &tree, err);
	if (rc == 0)
		rc = tree_each(store, &tree, &visitor, err);
	return rc < 0 ? rc : read_portion(gathering, err);
}

int verify_set_digest(struct verifier *verifier, const char *construct,
		      git_oid *heads, size_t heads_n,
		      unsigned char out[SHA256_BYTES], struct err *err)
{
	struct gathering *gathering = calloc(1, sizeof(*gathering));
	int rc;

	if (!gathering)
		return err_set(err, ERR_NOMEM, "out of memory");
	gathering->verifier = verifier;
	rc = verifier_codec(verifier, construct, &gathering->codec, err);
	if (rc < 0)
		goto out;
	if (codec_mode(gathering->codec) == CODEC_BLIND) {
		rc = err_set(err, ERR_NO_KEY, "'%s' is sealed", construct);
		goto out;
	}
	codec_dir_name(gathering->codec, "blob", gathering->blob_dir);
	codec_dir_name(gathering->codec, kind_find(span_str("forget"))->home,
		       gathering->forget_dir);
	rc = gather(gathering, heads, heads_n, err);
	id_list_sort(&gathering->ids);
	id_list_sort(&gathering->listed);
	id_list_sort(&gathering->words);
	/* What was forgotten may still stand in the tree for a while. */
	if (rc == 0)
		rc = id_list_remove(&gathering->listed, &gathering->words, err);
	if (rc == 0)
		rc = id_list_remove(&gathering->ids, &gathering->listed, err);
	if (rc == 0)
		id_list_digest(&gathering->ids, out);
out:
	id_list_release(&gathering->ids);
	id_list_release(&gathering->listed);
	id_list_release(&gathering->words);
	store_discard(verifier->store);
	free(gathering);
	return rc;
}
