#include "objects/repack/repack_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/array.h"
#include "lib/id/encode.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"

#define SOURCES_MAX ((uint64_t)1 << 30)		/* bytes of packs at once */
#define BRIEF_MAX ((uint64_t)64 << 20)
#define SMALL_MAX ((uint64_t)64 << 20)		/* a store that is one pack */
#define LOOSE_GUESS 512				/* bytes of a loose object */

/* When a brief repacking is worth it: as many files in one of 256 folders,
 * or as many packs that it would make one of. */
#define SCATTERED_FILES 10
#define SCATTERED_PACKS 16

/* The folder that stands for all 256, as good as any; the first to be read,
 * so that a brief one which does not come to the last is not due again. */
#define PROBE_FOLDER 0x17
#define BRIEF_LOOSE_MAX 20000

struct listing {
	struct pack_list *list;
	const char *folder;
};

void pack_list_release(struct pack_list *list)
{
	while (list->n)
		free(list->at[--list->n].stem);
	free(list->at);
	memset(list, 0, sizeof(*list));
}

static bool has_beside(const char *stem, const char *suffix)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	bool is = !buf_printf(&path, NULL, "%s%s", stem, suffix) &&
		  file_exists(buf_text(&path));

	buf_release(&path);
	return is;
}

/* A pack that has its index and that nobody wants to keep as it is. */
static bool is_ours_to_pack(const char *stem, uint64_t *out_bytes)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct stat st;
	bool is = !buf_printf(&path, NULL, "%s.pack", stem) &&
		  !lstat(buf_text(&path), &st) && S_ISREG(st.st_mode) &&
		  !has_beside(stem, ".keep") && !has_beside(stem, ".promisor");

	buf_release(&path);
	if (is)
		*out_bytes = (uint64_t)st.st_size;
	return is;
}

static int add_pack(void *context, const char *name, enum dir_kind kind,
		    struct err *err)
{
	const struct listing *listing = context;
	struct pack_list *list = listing->list;
	struct buf stem = BUF_INIT(BUF_NO_LIMIT);
	size_t len = strlen(name);
	uint64_t bytes;
	int rc;

	if (kind != DIR_KIND_FILE || strncmp(name, "pack-", 5) ||
	    !span_ends(span_str(name), ".idx"))
		return 0;
	rc = buf_printf(&stem, err, "%s/%.*s", listing->folder, (int)len - 4,
			name);
	if (rc < 0 || !is_ours_to_pack(buf_text(&stem), &bytes))
		goto out;
	rc = array_room(list, err);
	if (rc < 0)
		goto out;
	list->at[list->n].bytes = bytes;
	list->at[list->n].stem = stem.data;
	list->n++;
	return 0;
out:
	buf_release(&stem);
	return rc;
}

static int by_size(const void *a, const void *b)
{
	const struct pack_info *left = a, *right = b;

	return (left->bytes > right->bytes) - (left->bytes < right->bytes);
}

/* From the smallest to the largest. */
static int list_packs(const struct store *store, struct pack_list *list,
		      struct err *err)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	struct listing listing = { list, NULL };
	int rc = buf_printf(&folder, err, "%s/pack", store_objects_path(store));

	listing.folder = buf_text(&folder);
	if (rc == 0)
		rc = dir_each(listing.folder, add_pack, &listing, err);
	if (rc == 0 && list->n > 1)
		qsort(list->at, list->n, sizeof(*list->at), by_size);
	buf_release(&folder);
	return rc;
}

/*
 * How many of the packs, the smallest first, become one: up to the last that
 * is not twice as large as what would be packed without it. Unless it shall
 * be brief, a store that is small comes to one pack all the same.
 */
static size_t choose(const struct pack_list *list, uint64_t sum, bool is_brief)
{
	uint64_t max = is_brief ? BRIEF_MAX : SOURCES_MAX;
	size_t chosen = 0;
	size_t i;

	for (i = 0; i < list->n && sum + list->at[i].bytes <= max; i++) {
		if (list->at[i].bytes < 2 * sum)
			chosen = i + 1;
		sum += list->at[i].bytes;
		if (!is_brief && sum <= SMALL_MAX)
			chosen = i + 1;
	}
	return chosen;
}

struct loose_folder {
	struct repack *repack;
	char name[3];
};

static int add_loose(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	const struct loose_folder *folder = context;
	struct repack *repack = folder->repack;
	char hex[2 * GIT_OID_RAWSZ + 1];
	int rc;

	if (kind != DIR_KIND_FILE || strlen(name) != 2 * GIT_OID_RAWSZ - 2)
		return 0;
	rc = array_room_in(repack->loose, repack->loose_n, repack->loose_cap,
			   err);
	if (rc < 0)
		return rc;
	snprintf(hex, sizeof(hex), "%s%s", folder->name, name);
	if (hex_decode(span_str(hex), repack->loose[repack->loose_n].id,
		       GIT_OID_RAWSZ))
		repack->loose_n++;
	return 0;
}

static int list_loose(struct repack *repack, struct err *err)
{
	struct loose_folder folder = { repack, "" };
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < 256; i++) {
		if (repack->options->is_brief &&
		    repack->loose_n >= BRIEF_LOOSE_MAX)
			break;
		snprintf(folder.name, sizeof(folder.name), "%02x",
			 (PROBE_FOLDER + i) % 256);
		buf_reset(&path);
		rc = buf_printf(&path, err, "%s/%s",
				store_objects_path(repack->store), folder.name);
		if (rc == 0 && file_exists(buf_text(&path)))
			rc = dir_each(buf_text(&path), add_loose, &folder,
				      err);
	}
	buf_release(&path);
	return rc;
}

int repack_plan(struct repack *repack, struct store_census *census,
		struct err *err)
{
	struct pack_list *packs = &repack->packs;
	size_t chosen;
	size_t i;
	int rc = list_packs(repack->store, packs, err);

	if (rc == 0)
		rc = list_loose(repack, err);
	if (rc < 0)
		return rc;
	census->loose = repack->loose_n;
	census->packs = packs->n;
	for (i = 0; i < packs->n; i++)
		census->bytes += packs->at[i].bytes;
	chosen = choose(packs, repack->loose_n * (uint64_t)LOOSE_GUESS,
			repack->options->is_brief);
	/* One pack alone would only become itself. */
	if (chosen == 1 && !repack->loose_n)
		chosen = 0;
	while (packs->n > chosen)
		free(packs->at[--packs->n].stem);
	return 0;
}

struct probe {
	size_t n;
};

static int count_file(void *context, const char *name, enum dir_kind kind,
		      struct err *err)
{
	struct probe *probe = context;

	(void)err;
	probe->n += kind == DIR_KIND_FILE &&
		    strlen(name) == 2 * GIT_OID_RAWSZ - 2;
	return 0;
}

static bool has_many_loose(const struct store *store)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct probe probe = { 0 };
	int rc = buf_printf(&path, NULL, "%s/%02x", store_objects_path(store),
			    PROBE_FOLDER);

	if (rc == 0 && file_exists(buf_text(&path)))
		rc = dir_each(buf_text(&path), count_file, &probe, NULL);
	buf_release(&path);
	return rc == 0 && probe.n >= SCATTERED_FILES;
}

bool store_is_scattered(struct store *store)
{
	struct pack_list packs = { NULL, 0, 0 };
	bool is = has_many_loose(store);

	if (!is)
		is = !list_packs(store, &packs, NULL) &&
		     packs.n >= SCATTERED_PACKS &&
		     choose(&packs, 0, true) >= SCATTERED_PACKS;
	pack_list_release(&packs);
	return is;
}
