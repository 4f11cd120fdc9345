#include "cmd/import/input/unchanged.h"

#include <stdlib.h>

#include "cmd/import/input/held.h"
#include "cmd/import/input/stamp.h"
#include "lib/base/array.h"
#include "lib/base/xxh.h"
#include "lib/id/hash.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/os/slot_file.h"
#include "lib/time/timestamp.h"

/* To be raised when a source may become other records than before. */
#define REVISION "vvault source 3"
#define CACHE_FILE "cache/sources"
/* For each source, which has two entries; at most 1.2 GB, of 500,000. */
#define SLOTS_EACH 8
#define SLOTS_LEAST 65536
#define SLOTS_MOST 4194304
#define KEY_BYTES 32
#define FORMAT_MAX 24
#define SHARES_EACH 1

/* A source with more constructs goes on in further entries. */
struct entry {
	char format[FORMAT_MAX];
	/* Of an entry by path, and what was asked for then. */
	uint64_t stamp;
	uint64_t is_vague;		/* a later change may not alter it */
	uint64_t wishes;
	uint64_t has_kin;
	uint64_t read;
	uint64_t imported;
	uint64_t guessed;
	uint64_t unknown_times;
	uint64_t unlikely_times;
	uint64_t redactions;
	uint64_t skipped;
	uint64_t malformed;
	uint64_t awaits;
	uint64_t shares_n;
	struct held shares[SHARES_EACH];
};

struct unchanged {
	struct slot_file *slots;
	struct held_answers answers;
};

/* What an entry is found by. */
struct name {
	struct span is;			/* a hash of bytes, or a path */
	bool is_path;
	bool has_since;			/* things were left out for their age */
};

/* What was found, and by what; by a hash: and the path to find it by. */
struct hit {
	struct entry first;
	struct name name;
	struct name path;
	bool has_path;
};

static bool open_cache(struct import_job *job)
{
	struct slot_shape shape = {
		.magic = "vvault-source-5",
		.key_len = KEY_BYTES,
		.value_len = sizeof(struct entry),
		.slots = SLOTS_LEAST,
		.is_least = true,
	};
	int rc;

	if (job->unchanged)
		return true;
	/* In steps: a larger one begins empty. */
	while (shape.slots < SLOTS_MOST &&
	       shape.slots / SLOTS_EACH < job->sources_n)
		shape.slots *= 2;
	job->unchanged = calloc(1, sizeof(*job->unchanged));
	if (!job->unchanged)
		return false;
	rc = vault_cache_open(job->vault, CACHE_FILE, &shape,
			      &job->unchanged->slots, NULL);
	if (rc < 0)
		unchanged_release(job);
	return rc == 0;
}

/* --- names ---------------------------------------------------------------- */

/* All that decides what a source becomes. */
static void add_wishes(const struct import_job *job, bool has_since,
		       struct blake2b *hash)
{
	const struct import_options *asked = &job->options;
	const char *construct = asked->construct ? asked->construct : "";
	const char *format = asked->format ? asked->format->name : "";
	const uint64_t words[] = {
		has_since, has_since ? (uint64_t)asked->since : 0,
		import_redacts(job), asked->keeps_source, asked->keeps_bad,
		asked->accepts_mismatch, asked->secrets,
	};

	blake2b_add(hash, construct, strlen(construct) + 1);
	blake2b_add(hash, format, strlen(format) + 1);
	blake2b_add(hash, words, sizeof(words));
}

static uint64_t wishes_of(const struct import_job *job, bool has_since)
{
	struct blake2b hash;
	uint64_t out;

	blake2b_init(&hash, NULL, 0, sizeof(out));
	add_wishes(job, has_since, &hash);
	blake2b_finish(&hash, (unsigned char *)&out);
	return out;
}

uint64_t unchanged_wishes(const struct import_job *job)
{
	return wishes_of(job, job->options.has_since);
}

/* Bytes become one thing for each wish; a path keeps what was read last. */
static void unchanged_make_key(const struct import_job *job,
			       const struct name *name, uint64_t number,
			       unsigned char out[KEY_BYTES])
{
	const uint64_t words[] = { number, name->is_path, name->is.len };
	struct blake2b hash;

	blake2b_init(&hash, NULL, 0, KEY_BYTES);
	blake2b_add(&hash, REVISION, sizeof(REVISION));
	blake2b_add(&hash, job->vault->state.vault_id,
		    strlen(job->vault->state.vault_id) + 1);
	blake2b_add(&hash, name->is.at, name->is.len);
	blake2b_add(&hash, words, sizeof(words));
	if (!name->is_path)
		add_wishes(job, name->has_since, &hash);
	blake2b_finish(&hash, out);
}

static struct name name_by_hash(const struct import_source *source)
{
	return (struct name){
		.is = span_of(source->hash, sizeof(source->hash)),
	};
}

/* The path, the same from any folder; one that was found is. false: it has
 * none that lasts. */
static bool name_by_path(const struct import_job *job,
			 const struct import_source *source, struct buf *path,
			 struct name *out)
{
	buf_reset(path);
	buf_put_str(path, source->input.path);
	if (buf_end(path, NULL) < 0 ||
	    (!job->options.is_found && file_settle(path, NULL) < 0))
		return false;
	*out = (struct name){ .is = buf_span(path), .is_path = true };
	return true;
}

static bool entry_get(struct import_job *job, const struct name *name,
		      uint64_t number, struct entry *out)
{
	unsigned char key[KEY_BYTES];

	unchanged_make_key(job, name, number, key);
	return slot_file_get(job->unchanged->slots, key, out);
}

static void entry_put(struct import_job *job, const struct name *name,
		      uint64_t number, const struct entry *entry)
{
	unsigned char key[KEY_BYTES];

	unchanged_make_key(job, name, number, key);
	slot_file_put(job->unchanged->slots, key, entry);
}

static bool is_sound(struct entry *entry)
{
	entry->format[FORMAT_MAX - 1] = '\0';
	return entry->shares_n && importer_find(entry->format);
}

/* Was it read as it is wished for now? Of what was found rather than named,
 * that from which nothing was left out for its age is the same without it. */
static bool is_wished(const struct import_job *job, const struct entry *entry)
{
	const struct import_options *asked = &job->options;

	return asked->takes_any ||
	       ((!asked->has_since || asked->is_found) &&
		entry->wishes == wishes_of(job, false)) ||
	       (asked->has_since && entry->wishes == wishes_of(job, true));
}

/* The same by a hash, whose name says what was wished for. */
static bool find_by_hash(struct import_job *job, struct name *name,
			 struct entry *out)
{
	const struct import_options *asked = &job->options;
	bool is_there = (!asked->has_since || asked->is_found) &&
			entry_get(job, name, 0, out);

	if (!is_there && asked->has_since) {
		name->has_since = true;
		is_there = entry_get(job, name, 0, out);
	}
	return is_there && is_sound(out);
}

/* --- what is known -------------------------------------------------------- */

/* Append the share, unless what it rests on is gone: then *out_holds is false.
 * From now on it rests on the head that reaches it. */
static int take_share(struct import_job *job, struct import_source *source,
		      struct held *held, bool *out_holds, struct err *err)
{
	struct import_share share = {
		.imported = held->imported, .known = held->imported,
	};
	const struct held_answer *answer = NULL;
	int rc;

	rc = held_ask(job, &job->unchanged->answers, held, &answer, err);
	if (rc < 0)
		return rc;
	*out_holds = answer->is_held;
	if (!answer->is_held)
		return 0;
	memcpy(share.construct, answer->own_name, CONSTRUCT_NAME_MAX);
	held->version = answer->head;
	rc = array_room(&source->shares, err);
	if (rc == 0)
		source->shares.at[source->shares.n++] = share;
	return rc;
}

/* Those of one entry. *out_moved: one of them rests on another version now. */
static int take_entry(struct import_job *job, struct import_source *source,
		      struct entry *entry, bool *out_moved, bool *out_holds,
		      struct err *err)
{
	uint64_t n = entry->shares_n - source->shares.n;
	git_oid before;
	uint64_t i;
	int rc = 0;

	*out_moved = false;
	for (i = 0; rc == 0 && *out_holds && i < n && i < SHARES_EACH; i++) {
		before = entry->shares[i].version;
		rc = take_share(job, source, &entry->shares[i], out_holds,
				err);
		*out_moved |= !git_oid_equal(&before,
					     &entry->shares[i].version);
	}
	return rc;
}

/*
 * All shares of a source, of its first entry and those that follow. What was
 * found out of its versions is kept, so that the next one asks for fewer; and
 * what was found by its bytes is found by its path from now on.
 */
static int take_shares(struct import_job *job, struct import_source *source,
		       const struct hit *hit, bool *out_holds,
		       struct err *err)
{
	bool may_put = !job->options.is_dry_run;
	struct entry entry = hit->first;
	bool has_moved = false;
	uint64_t number = 0;
	int rc = 0;

	*out_holds = true;
	do {
		if (number)
			*out_holds = entry_get(job, &hit->name, number,
					       &entry) &&
				     entry.shares_n > source->shares.n;
		if (*out_holds)
			rc = take_entry(job, source, &entry, &has_moved,
					out_holds, err);
		/* What it waited for may have come since. */
		*out_holds &= !entry.awaits || !has_moved;
		if (rc < 0 || !*out_holds)
			break;
		if (may_put && has_moved)
			entry_put(job, &hit->name, number, &entry);
		entry.stamp = source->stamp;
		entry.is_vague = source->is_vague;
		entry.wishes = wishes_of(job, hit->name.has_since);
		if (may_put && hit->has_path)
			entry_put(job, &hit->path, number, &entry);
		number++;
	} while (source->shares.n < entry.shares_n);
	if (!*out_holds)
		source->shares.n = 0;
	return rc;
}

/* What could not be read then cannot be now: of what was named that is said
 * each time. */
static int unchanged_tell(const struct import_job *job,
			  struct import_source *source,
			  const struct entry *entry, struct err *err)
{
	source->format = importer_find(entry->format);
	memcpy(source->construct, source->shares.at[0].construct,
	       CONSTRUCT_NAME_MAX);
	source->read = entry->read;
	source->imported = entry->imported;
	source->known = entry->imported;
	source->guessed = entry->guessed;
	source->unknown_times = entry->unknown_times;
	source->unlikely_times = entry->unlikely_times;
	source->redactions = entry->redactions;
	source->awaits = entry->awaits;
	source->was_malformed = entry->malformed && !job->options.is_found;
	source->is_unchanged = true;
	source->is_done = true;
	if (!entry->skipped && !entry->malformed)
		return 0;
	return import_note(source, err, "when it was read first, %llu "
			   "things were left out and %llu could not be "
			   "read", (unsigned long long)entry->skipped,
			   (unsigned long long)entry->malformed);
}

int unchanged_glance(struct import_job *job, struct import_source *source,
		     bool *out, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct hit hit = { .has_path = false };
	int rc = 0;

	*out = false;
	/* What it becomes is asked for, not whether it is there. */
	if (job->sink || !stamp_take(job, source) || !open_cache(job) ||
	    !name_by_path(job, source, &path, &hit.name))
		goto out;
	source->was_read = entry_get(job, &hit.name, 0, &hit.first) &&
			   is_sound(&hit.first);
	source->was_alone = source->was_read && !hit.first.has_kin &&
			    is_wished(job, &hit.first);
	if (!source->was_read || !is_wished(job, &hit.first) ||
	    hit.first.stamp != source->stamp ||
	    (hit.first.is_vague && !job->options.takes_any))
		goto out;
	rc = take_shares(job, source, &hit, out, err);
	if (rc == 0 && *out)
		rc = unchanged_tell(job, source, &hit.first, err);
out:
	buf_release(&path);
	return rc;
}

int unchanged_find(struct import_job *job, struct import_source *source,
		   bool *out, struct err *err)
{
	struct hit hit = { .has_path = false };
	struct buf path = PATH_BUF_INIT;
	struct err why = ERR_INIT;
	int rc;

	*out = false;
	if (job->sink)
		return 0;
	rc = source->is_database ? stamp_as_hash(source) :
		input_hash(&source->input, source->hash, &why);
	if (rc == 0)
		beside_hash(&source->beside, source->hash);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	/* Opening it will say what is wrong with it. */
	source->has_hash = rc == 0;
	hit.name = name_by_hash(source);
	if (rc < 0 || source->format->goes_back || !open_cache(job) ||
	    !find_by_hash(job, &hit.name, &hit.first))
		return 0;
	hit.has_path = source->has_stamp &&
		       name_by_path(job, source, &path, &hit.path);
	rc = take_shares(job, source, &hit, out, err);
	if (rc == 0 && *out)
		rc = unchanged_tell(job, source, &hit.first, err);
	buf_release(&path);
	return rc;
}

/* --- remembering ---------------------------------------------------------- */

static uint64_t count_skips(const struct import_skips *skips)
{
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < skips->n; i++)
		count += skips->at[i].count;
	return count;
}

static void describe_entry(const struct import_source *source,
			   struct entry *out)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->format, source->format->name,
	       strlen(source->format->name) + 1);
	out->stamp = source->stamp;
	out->is_vague = source->is_vague;
	out->has_kin = source->has_kin;
	out->read = source->read;
	out->imported = source->imported;
	out->guessed = source->guessed;
	out->unknown_times = source->unknown_times;
	out->unlikely_times = source->unlikely_times;
	out->redactions = source->redactions;
	out->skipped = count_skips(&source->skips);
	out->malformed = source->malformed.n;
	out->awaits = source->awaits;
	out->shares_n = source->shares.n;
}

/* One that gave nothing rests on what its construct holds: another source may
 * have given what it could have. One that was named says so each time. */
static int share_nothing(const struct import_job *job,
			 struct import_source *source, struct err *err)
{
	struct import_share share = { .imported = 0 };
	int rc;

	if (source->shares.n || !source->construct[0] ||
	    !job->options.is_found)
		return 0;
	rc = array_room(&source->shares, err);
	if (rc == 0) {
		memcpy(share.construct, source->construct, CONSTRUCT_NAME_MAX);
		source->shares.at[source->shares.n++] = share;
	}
	return rc;
}

static int remember(struct import_job *job, struct import_source *source,
		    const struct import_results *results,
		    const struct name *names, struct err *err)
{
	struct entry entry;
	bool is_there = true;
	size_t i;
	int rc = share_nothing(job, source, err);

	if (rc < 0)
		return rc;
	describe_entry(source, &entry);
	entry.wishes = wishes_of(job, names[0].has_since);
	/* From the last entry to the first, which tells of the others. */
	for (i = source->shares.n; rc == 0 && is_there && i-- > 0;) {
		const struct import_share *share = &source->shares.at[i];
		struct held *held = &entry.shares[i % SHARES_EACH];

		held->imported = share->imported;
		rc = held_find(job, results, share->construct, held,
			       &is_there, err);
		if (rc < 0 || !is_there || i % SHARES_EACH)
			continue;
		entry_put(job, &names[0], i / SHARES_EACH, &entry);
		if (source->has_stamp)
			entry_put(job, &names[1], i / SHARES_EACH, &entry);
	}
	return rc;
}

static int remember_by_both(struct import_job *job,
			    struct import_source *source,
			    const struct import_results *results,
			    struct err *err)
{
	struct name names[2] = { name_by_hash(source) };
	struct buf path = PATH_BUF_INIT;
	int rc;

	source->has_stamp &= name_by_path(job, source, &path, &names[1]);
	names[0].has_since = job->options.has_since &&
			     (source->skips.n || !job->options.is_found);
	rc = remember(job, source, results, names, err);
	buf_release(&path);
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
		if (source->has_hash && !source->is_refused &&
		    !source->is_partial && !source->is_unchanged &&
		    !source->is_unfinished && stamp_is_still(source))
			rc = remember_by_both(job, source, results, err);
	}
	return rc;
}

void unchanged_release(struct import_job *job)
{
	if (job->unchanged) {
		slot_file_free(job->unchanged->slots);
		free(job->unchanged->answers.at);
	}
	free(job->unchanged);
	job->unchanged = NULL;
}
