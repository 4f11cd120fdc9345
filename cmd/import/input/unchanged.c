#include "cmd/import/input/unchanged.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "cmd/import/input/archive.h"
#include "lib/base/array.h"
#include "lib/base/xxh.h"
#include "lib/id/hash.h"
#include "lib/os/slot_file.h"
#include "objects/tree/home_filter.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/view/view.h"

/* To be raised when a source may become other records than before. */
#define REVISION "vvault source 1"
#define CACHE_FILE "cache/sources"
#define CACHE_SLOTS 65536
#define KEY_BYTES 32
#define FORMAT_MAX 24
#define SHARES_EACH 4

/* A construct that has got records, by the name of its refs, and a version
 * that holds them. */
struct held {
	char ref_name[CONSTRUCT_NAME_MAX];
	git_oid version;
	uint64_t imported;
};

/* A source with more constructs goes on in further entries. */
struct entry {
	char format[FORMAT_MAX];
	uint64_t read;
	uint64_t imported;
	uint64_t guessed;
	uint64_t unknown_times;
	uint64_t redactions;
	uint64_t skipped;
	uint64_t malformed;
	uint64_t shares_n;
	struct held shares[SHARES_EACH];
};

/* The files of a folder mostly went into one construct together: what was
 * found out of the last one is kept. */
struct unchanged {
	struct slot_file *slots;
	struct held last;
	char own_name[CONSTRUCT_NAME_MAX];
	bool has_last;
};

static bool open_cache(struct import_job *job)
{
	static const struct slot_shape shape = {
		.magic = "vvault-source-2",
		.key_len = KEY_BYTES,
		.value_len = sizeof(struct entry),
		.slots = CACHE_SLOTS,
	};
	int rc;

	if (job->unchanged)
		return true;
	job->unchanged = calloc(1, sizeof(*job->unchanged));
	if (!job->unchanged)
		return false;
	rc = vault_cache_open(job->vault, CACHE_FILE, &shape,
			      &job->unchanged->slots, NULL);
	if (rc < 0)
		unchanged_release(job);
	return rc == 0;
}

/* Of the bytes and all that decides what they become. */
static void unchanged_make_key(const struct import_job *job,
			       const struct import_source *source, uint64_t number,
			       unsigned char out[KEY_BYTES])
{
	const struct import_options *asked = &job->options;
	const char *construct = asked->construct ? asked->construct : "";
	const char *format = asked->format ? asked->format->name : "";
	const uint64_t words[] = {
		number, asked->has_since, (uint64_t)asked->since,
		import_redacts(job), asked->keeps_source, asked->keeps_bad,
		asked->accepts_mismatch, import_replaces_secrets(job, source),
	};
	struct blake2b hash;

	blake2b_init(&hash, NULL, 0, KEY_BYTES);
	blake2b_add(&hash, REVISION, sizeof(REVISION));
	blake2b_add(&hash, job->vault->state.vault_id,
		    strlen(job->vault->state.vault_id) + 1);
	blake2b_add(&hash, source->hash, sizeof(source->hash));
	blake2b_add(&hash, construct, strlen(construct) + 1);
	blake2b_add(&hash, format, strlen(format) + 1);
	blake2b_add(&hash, words, sizeof(words));
	blake2b_finish(&hash, out);
}

/* Was anything taken back since, which the source may bring again? Where a
 * segment's records are not known, perhaps. */
static int is_taken_back(struct import_job *job, const git_oid *since,
			 const git_oid *heads, size_t n, bool *out)
{
	struct tree_segments news = TREE_SEGMENTS_INIT;
	struct store *store = job->vault->store;
	struct version version;
	git_oid tree;
	size_t i;
	int rc;

	*out = false;
	version_init(&version);
	rc = version_read(store, since, &version, NULL);
	if (rc == 0)
		rc = history_union(store, heads, n, &tree, NULL);
	if (rc == 0)
		rc = tree_diff(store, &version.tree, &tree, NULL, &news, NULL);
	for (i = 0; rc == 0 && !*out && i < news.n; i++)
		*out = store_may_hold(store, news.at[i].digest,
				      filter_key_reverts());
	version_release(&version);
	tree_segments_release(&news);
	return rc;
}

/* Is the version among those that the construct's heads reach, and did none
 * since take anything back? */
static int is_reached(struct import_job *job, const struct held *held,
		      bool *out, struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	git_oid *ids = NULL;
	bool is_gone;
	size_t n = 0;
	size_t i;
	int rc;

	*out = false;
	rc = view_heads(job->vault, held->ref_name, &heads, &ids, &n, err);
	for (i = 0; rc == 0 && !*out && i < n; i++)
		rc = history_is_ancestor(job->vault->store, &held->version,
					 &ids[i], out, NULL);
	if (rc == 0 && *out) {
		rc = is_taken_back(job, &held->version, ids, n, &is_gone);
		*out = rc == 0 && !is_gone;
	}
	head_list_release(&heads);
	free(ids);
	/* A version that is gone altogether cannot be walked to. */
	return rc == ERR_NOMEM ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

static int own_name(struct import_job *job, const char *ref_name,
		    char out[CONSTRUCT_NAME_MAX], struct err *err)
{
	struct view *view = NULL;
	int rc;

	rc = view_open_ref(job->vault, ref_name, &view, err);
	if (rc == 0)
		memcpy(out, view->construct, CONSTRUCT_NAME_MAX);
	view_free(view);
	return rc;
}

static bool is_last(const struct unchanged *unchanged,
		    const struct held *held)
{
	return unchanged->has_last &&
	       !strcmp(unchanged->last.ref_name, held->ref_name) &&
	       git_oid_equal(&unchanged->last.version, &held->version);
}

/* Append the share, unless what it rests on is gone: then *out_holds. */
static int take_share(struct import_job *job, struct import_source *source,
		      const struct held *held, bool *out_holds,
		      struct err *err)
{
	struct import_share share = {
		.imported = held->imported, .known = held->imported,
	};
	struct unchanged *unchanged = job->unchanged;
	int rc = 0;

	*out_holds = true;
	if (!is_last(unchanged, held)) {
		rc = is_reached(job, held, out_holds, err);
		if (rc == 0 && *out_holds)
			rc = own_name(job, held->ref_name,
				      unchanged->own_name, err);
		unchanged->last = *held;
		unchanged->has_last = rc == 0 && *out_holds;
	}
	if (rc < 0 || !*out_holds)
		return rc;
	memcpy(share.construct, unchanged->own_name, CONSTRUCT_NAME_MAX);
	rc = array_room(&source->shares, err);
	if (rc == 0)
		source->shares.at[source->shares.n++] = share;
	return rc;
}

static int take_shares(struct import_job *job, struct import_source *source,
		       struct entry *entry, bool *out_holds, struct err *err)
{
	const uint64_t n = entry->shares_n;
	unsigned char key[KEY_BYTES];
	uint64_t i;
	int rc = 0;

	*out_holds = true;
	for (i = 0; rc == 0 && *out_holds && i < n; i++) {
		if (i && i % SHARES_EACH == 0) {
			unchanged_make_key(job, source, i / SHARES_EACH, key);
			*out_holds = slot_file_get(job->unchanged->slots, key, entry);
		}
		if (*out_holds)
			rc = take_share(job, source,
					&entry->shares[i % SHARES_EACH],
					out_holds, err);
	}
	if (!*out_holds)
		source->shares.n = 0;
	return rc;
}

static int unchanged_tell(struct import_source *source,
			  const struct entry *entry, struct err *err)
{
	memcpy(source->construct, source->shares.at[0].construct,
	       CONSTRUCT_NAME_MAX);
	source->read = entry->read;
	source->imported = entry->imported;
	source->known = entry->imported;
	source->guessed = entry->guessed;
	source->unknown_times = entry->unknown_times;
	source->redactions = entry->redactions;
	source->is_unchanged = true;
	source->is_done = true;
	if (!entry->skipped && !entry->malformed)
		return 0;
	return import_note(source, err, "when it was read first, %llu "
			   "things were left out and %llu could not be "
			   "read", (unsigned long long)entry->skipped,
			   (unsigned long long)entry->malformed);
}

/* What the file system says of the file, or of the archive it lies in. */
static uint64_t stamp_of(const struct import_input *input, struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	uint64_t words[7] = { 0 };
	struct stat info;
	int rc;

	rc = buf_add_str(&path, input->path, err);
	if (rc == 0 && input->member)
		buf_cut(&path, (size_t)(input->member - input->path) -
			strlen(ARCHIVE_MEMBER_MARK));
	if (rc == 0 && stat(buf_text(&path), &info) == 0) {
		words[0] = (uint64_t)info.st_dev;
		words[1] = (uint64_t)info.st_ino;
		words[2] = (uint64_t)info.st_size;
		words[3] = (uint64_t)info.st_mtim.tv_sec;
		words[4] = (uint64_t)info.st_mtim.tv_nsec;
		words[5] = (uint64_t)info.st_ctim.tv_sec;
		words[6] = (uint64_t)info.st_ctim.tv_nsec;
	}
	buf_release(&path);
	return xxh64_of(words, sizeof(words));
}

/*
 * Was what was read what was hashed before? A file may be written to while it
 * is imported: what came then must be read next time. Of a folder the bytes
 * themselves are asked, since it has many files.
 */
static bool is_still(struct import_source *source)
{
	unsigned char hash[HASH128_BYTES];

	if (!source->input.is_folder)
		return stamp_of(&source->input, NULL) == source->stamp;
	return input_hash(&source->input, hash, NULL) == 0 &&
	       !memcmp(hash, source->hash, sizeof(hash));
}

int unchanged_find(struct import_job *job, struct import_source *source,
		   bool *out, struct err *err)
{
	unsigned char key[KEY_BYTES];
	struct entry entry;
	struct entry first;
	struct err why = ERR_INIT;
	int rc;

	*out = false;
	/* What it becomes is asked for, not whether it is there. */
	if (job->sink)
		return 0;
	source->stamp = stamp_of(&source->input, NULL);
	rc = input_hash(&source->input, source->hash, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	/* Opening it will say what is wrong with it. */
	source->has_hash = rc == 0;
	if (rc < 0 || !open_cache(job))
		return 0;
	unchanged_make_key(job, source, 0, key);
	if (!slot_file_get(job->unchanged->slots, key, &entry))
		return 0;
	entry.format[FORMAT_MAX - 1] = '\0';
	first = entry;
	if (!importer_find(entry.format) || !entry.shares_n)
		return 0;
	rc = take_shares(job, source, &entry, out, err);
	if (rc < 0 || !*out)
		return rc;
	source->format = importer_find(first.format);
	return unchanged_tell(source, &first, err);
}

/* A version that holds what was imported: the new one, else a head. */
static int find_version(struct import_job *job,
			const struct import_results *results,
			const char *construct, struct held *out,
			bool *out_is_there, struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	const struct import_result *result;
	git_oid *ids = NULL;
	size_t n = 0;
	int rc;

	rc = vault_ref_name(job->vault, construct, out->ref_name, err);
	if (rc < 0)
		return rc;
	result = import_result(results, construct);
	*out_is_there = result && result->write.has_version;
	if (*out_is_there) {
		out->version = result->write.version;
		return 0;
	}
	rc = view_heads(job->vault, out->ref_name, &heads, &ids, &n, err);
	*out_is_there = rc == 0 && n;
	if (*out_is_there)
		out->version = ids[0];
	head_list_release(&heads);
	free(ids);
	return rc;
}

static uint64_t count_skips(const struct import_skips *skips)
{
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < skips->n; i++)
		count += skips->at[i].count;
	return count;
}

static int remember(struct import_job *job, const struct import_source *source,
		    const struct import_results *results, struct err *err)
{
	struct entry entry;
	unsigned char key[KEY_BYTES];
	bool is_there = true;
	size_t i;
	int rc = 0;

	memset(&entry, 0, sizeof(entry));
	memcpy(entry.format, source->format->name,
	       strlen(source->format->name) + 1);
	entry.read = source->read;
	entry.imported = source->imported;
	entry.guessed = source->guessed;
	entry.unknown_times = source->unknown_times;
	entry.redactions = source->redactions;
	entry.skipped = count_skips(&source->skips);
	entry.malformed = source->malformed.n;
	entry.shares_n = source->shares.n;
	/* From the last entry to the first, which tells of the others. */
	for (i = source->shares.n; rc == 0 && is_there && i-- > 0;) {
		const struct import_share *share = &source->shares.at[i];
		struct held *held = &entry.shares[i % SHARES_EACH];

		held->imported = share->imported;
		rc = find_version(job, results, share->construct, held,
				  &is_there, err);
		if (rc < 0 || !is_there || i % SHARES_EACH)
			continue;
		unchanged_make_key(job, source, i / SHARES_EACH, key);
		slot_file_put(job->unchanged->slots, key, &entry);
	}
	return rc;
}

int unchanged_remember(struct import_job *job,
		       const struct import_results *results, struct err *err)
{
	struct import_source *source;
	size_t i;
	int rc = 0;

	if (!open_cache(job))
		return 0;
	for (i = 0; rc == 0 && i < job->sources_n; i++) {
		source = &job->sources[i];
		if (source->has_hash && source->shares.n &&
		    !source->is_refused && !source->is_partial &&
		    !source->is_unchanged && is_still(source))
			rc = remember(job, source, results, err);
	}
	return rc;
}

void unchanged_release(struct import_job *job)
{
	if (job->unchanged)
		slot_file_free(job->unchanged->slots);
	free(job->unchanged);
	job->unchanged = NULL;
}
