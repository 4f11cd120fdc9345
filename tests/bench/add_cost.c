/*
 * What one add writes: a vault grows by single memories of about 400 bytes,
 * compacted whenever it is due. Prints the mean and the median of the new
 * objects' bytes per add, without the commit, and the largest folder.
 *
 *	add_cost [<adds> [<records per add>]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/random.h"
#include "lib/id/encode.h"
#include "objects/tree/arrange.h"
#include "objects/tree/compact.h"

#define BATCH_MAX 10000

struct bench {
	struct store *store;
	struct codec *codec;
	git_oid tree;
	size_t compactions;
	size_t segments_written;
};

static void must(int rc, const struct err *err)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "add_cost: %s\n", err->text);
	exit(128);
}

static void open_bench(struct bench *bench, const char *path)
{
	const unsigned char name_key[NAME_KEY_BYTES] = { 7 };
	struct content_key key = { .key = { 1, 2, 3 } };
	struct sealer *sealer;
	struct err err = ERR_INIT;

	content_key_id(key.key, key.id);
	must(store_create(path, &err), &err);
	must(store_open(path, false, &bench->store, &err), &err);
	must(sealer_new("bagaaieravault", "nova", &key, 1, &sealer, &err),
	     &err);
	must(codec_new_sealed(name_key, "nova", sealer, &bench->codec, &err),
	     &err);
	must(tree_empty(bench->store, &bench->tree, &err), &err);
}

/* A memory of 400 bytes whose text does not compress better than most. */
static void make_record(struct buf *line, size_t number, struct err *err)
{
	static const char *const words[] = {
		"remember", "garden", "likes", "the", "music", "before",
		"river", "and", "small", "talks", "about", "her", "brother",
		"often", "winter", "code", "because", "tired", "house", "of"
	};
	struct buf data = BUF_INIT(4096);
	struct buf entity = BUF_INIT(64);
	char at[64];
	char key[RANDOM_KEY26_MAX];
	struct record_parts parts = { .type = "memory:create", .at = at };

	random_key26(key);
	snprintf(at, sizeof(at), "2026-%02zu-%02zuT%02zu:%02zu:%02zu.%06zuZ"
		 "-0000-00000000", 1 + number / 28 / 86400 % 12,
		 1 + number / 86400 % 28, number / 3600 % 24,
		 number / 60 % 60, number % 60, number * 7919 % 1000000);
	must(buf_printf(&entity, err, "memory:%s", key), err);
	must(buf_printf(&data, err, "{\"bucket\":\"long_term\",\"content\":\""),
	     err);
	while (data.len < 200)
		must(buf_printf(&data, err, "%s ", words[random_u64() % 20]),
		     err);
	must(buf_printf(&data, err, "\",\"source\":\"add\"}"), err);
	parts.entity = buf_span(&entity);
	parts.data = buf_span(&data);
	must(record_build(&parts, line, err), err);
	buf_release(&data);
	buf_release(&entity);
}

static void make_records(struct bench *bench, struct buf *lines,
			 struct arrange_record *out, size_t first, size_t n)
{
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char id[RECORD_ID_BYTES];
		struct record record;

		buf_reset(&lines[i]);
		make_record(&lines[i], first + i, &err);
		must(record_parse(buf_span(&lines[i]), &record, &err), &err);
		record_id(record.line, id);
		must(arrange_record_init(bench->codec, &record, id, &out[i],
					 &err), &err);
	}
}

/* One add; returns the bytes that its flush wrote. */
static size_t add_once(struct bench *bench, struct arrange_record *records,
		       size_t n)
{
	struct tree_segments added = TREE_SEGMENTS_INIT;
	struct err err = ERR_INIT;
	size_t before = store_stats(bench->store).bytes;
	git_oid tree;
	bool is_due;

	must(arrange(bench->store, bench->codec, records, n, &added, &err),
	     &err);
	must(tree_insert(bench->store, &bench->tree, &added, &tree, &err),
	     &err);
	must(compact_is_due(bench->store, &tree, &added, &is_due, &err), &err);
	if (is_due) {
		/* The add is a version of its own, so its trees are written. */
		must(tree_keep(bench->store, &tree, &err), &err);
		must(compact(bench->store, bench->codec, &tree, &added, &tree,
			     &err), &err);
		bench->compactions++;
	}
	must(tree_keep(bench->store, &tree, &err), &err);
	must(store_flush(bench->store, &err), &err);
	bench->tree = tree;
	tree_segments_release(&added);
	return store_stats(bench->store).bytes - before;
}

static int size_order(const void *left, const void *right)
{
	const size_t *a = left;
	const size_t *b = right;

	return (*a > *b) - (*a < *b);
}

static size_t largest_folder(struct bench *bench, const git_oid *tree,
			     const struct place *place, size_t *segments)
{
	struct tree_folder folder;
	struct err err = ERR_INIT;
	size_t most;
	size_t i;

	must(tree_folder_read(bench->store, tree, place, &folder, &err), &err);
	most = folder.segments.n + folder.children_n;
	*segments += folder.segments.n;
	for (i = 0; i < folder.children_n; i++) {
		struct place child;
		size_t below;

		place_child(place, folder.children[i].name, &child);
		below = largest_folder(bench, &folder.children[i].tree, &child,
				       segments);
		most = below > most ? below : most;
	}
	tree_folder_release(&folder);
	return most;
}

static void report(struct bench *bench, size_t *costs, size_t adds)
{
	struct place *root = NULL;
	size_t segments = 0;
	size_t total = 0;
	size_t most;
	size_t i;

	for (i = 0; i < adds; i++)
		total += costs[i];
	qsort(costs, adds, sizeof(*costs), size_order);
	most = largest_folder(bench, &bench->tree, root, &segments);
	printf("adds %zu, compactions %zu\n", adds, bench->compactions);
	printf("bytes per add: mean %zu, median %zu, 99%% %zu, max %zu\n",
	       total / adds, costs[adds / 2], costs[adds / 100 * 99],
	       costs[adds - 1]);
	printf("largest folder: %zu entries; segments: %zu; packs: %zu\n",
	       most, segments, store_stats(bench->store).packs);
}

int main(int argc, char **argv)
{
	size_t adds = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
	size_t n = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	const char *top = getenv("TMPDIR");
	char dir[512];
	char path[600];
	char clean[600];
	struct bench bench = { 0 };
	struct arrange_record *records = calloc(BATCH_MAX, sizeof(*records));
	struct buf *lines = calloc(BATCH_MAX, sizeof(*lines));
	size_t *costs = calloc(adds + 1, sizeof(*costs));
	struct err err = ERR_INIT;
	size_t i;

	if (!records || !lines || !costs || !adds || !n || n > BATCH_MAX)
		return 129;
	must(store_init_library(&err), &err);
	snprintf(dir, sizeof(dir), "%s/vvault-add-cost-XXXXXX",
		 top ? top : "/tmp");
	if (!mkdtemp(dir))
		return 128;
	snprintf(path, sizeof(path), "%s/store", dir);
	for (i = 0; i < n; i++)
		lines[i].max = 8192;
	open_bench(&bench, path);
	for (i = 0; i < adds; i++) {
		make_records(&bench, lines, records, i * n, n);
		costs[i] = add_once(&bench, records, n);
	}
	report(&bench, costs, adds);
	for (i = 0; i < n; i++)
		buf_release(&lines[i]);
	free(lines);
	free(records);
	free(costs);
	codec_free(bench.codec);
	store_free(bench.store);
	store_stop_library();
	snprintf(clean, sizeof(clean), "rm -rf '%s'", dir);
	return system(clean) ? 128 : 0;
}
