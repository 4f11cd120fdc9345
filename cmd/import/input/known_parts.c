#include "cmd/import/input/known_parts.h"

#include <stdlib.h>

#include "cmd/import/input/held.h"
#include "cmd/import/input/unchanged.h"
#include "lib/base/array.h"
#include "lib/id/hash.h"
#include "lib/os/file.h"
#include "lib/os/slot_file.h"

/* To be raised when a part may become other records than before. */
#define REVISION "vvault part 1"
#define CACHE_FILE "cache/parts"
#define SLOTS 262144		/* sparse: takes what its entries take */
#define KEY_BYTES 32

struct part_entry {
	uint64_t print;
	uint64_t wishes;
	struct held held;
};

struct part_noted {
	unsigned char key[KEY_BYTES];
	struct part_entry entry;
	char construct[CONSTRUCT_NAME_MAX];
};

struct known_parts {
	struct slot_file *slots;
	struct held_answers answers;
	struct {
		struct part_noted *at;
		size_t n;
		size_t cap;
	} noted;
	/* Of the source at hand. */
	const struct import_source *source;
	char construct[CONSTRUCT_NAME_MAX];
	uint64_t known;
};

void known_parts_free(struct import_job *job)
{
	if (!job->parts)
		return;
	slot_file_free(job->parts->slots);
	free(job->parts->answers.at);
	free(job->parts->noted.at);
	free(job->parts);
	job->parts = NULL;
}

bool known_parts_are_asked(const struct import_job *job,
			   const struct import_source *source)
{
	return job->options.is_found && !job->options.has_since &&
	       !job->sink && source->is_database;
}

static int parts_open(struct import_job *job, struct err *err)
{
	static const struct slot_shape shape = {
		.magic = "vvault-part-1", .key_len = KEY_BYTES,
		.value_len = sizeof(struct part_entry), .slots = SLOTS,
	};

	if (job->parts)
		return 0;
	job->parts = calloc(1, sizeof(*job->parts));
	if (!job->parts)
		return err_set(err, ERR_NOMEM, "out of memory");
	/* Without a cache all is read. */
	(void)!vault_cache_open(job->vault, CACHE_FILE, &shape,
				&job->parts->slots, NULL);
	return 0;
}

/* Of one vault, file and construct. */
static void parts_key(const struct import_job *job,
		      const struct import_source *source, struct span part,
		      unsigned char out[KEY_BYTES])
{
	const char *path = source->input.path;
	const char *vault = job->vault->state.vault_id;
	struct blake2b hash;

	blake2b_init(&hash, NULL, 0, KEY_BYTES);
	blake2b_add(&hash, REVISION, sizeof(REVISION));
	blake2b_add(&hash, vault, strlen(vault) + 1);
	blake2b_add(&hash, path, strlen(path) + 1);
	blake2b_add(&hash, source->construct, strlen(source->construct) + 1);
	blake2b_add(&hash, part.at, part.len);
	blake2b_finish(&hash, out);
}

/* What the source at hand has of such parts. */
static int count_known(struct known_parts *parts,
		       struct import_source *source, const char *construct,
		       uint64_t imported)
{
	if (parts->source != source)
		parts->known = 0;
	parts->source = source;
	memcpy(parts->construct, construct, strlen(construct) + 1);
	parts->known += imported;
	source->read += imported;
	source->imported += imported;
	source->known += imported;
	return 0;
}

int known_parts_look(struct import_job *job, struct import_source *source,
		     const struct known_part *part, bool *out_is_known,
		     struct err *err)
{
	const struct held_answer *answer = NULL;
	unsigned char key[KEY_BYTES];
	struct part_entry entry;
	int rc = parts_open(job, err);

	*out_is_known = false;
	if (rc < 0 || !job->parts->slots)
		return rc;
	parts_key(job, source, part->key, key);
	if (!slot_file_get(job->parts->slots, key, &entry) ||
	    entry.print != part->print ||
	    entry.wishes != unchanged_wishes(job))
		return 0;
	rc = held_ask(job, &job->parts->answers, &entry.held, &answer, err);
	if (rc < 0 || !answer->is_held)
		return rc;
	*out_is_known = true;
	return count_known(job->parts, source, answer->own_name,
			   entry.held.imported);
}

int known_parts_note(struct import_job *job, struct import_source *source,
		     const struct known_part *part, uint64_t imported,
		     struct err *err)
{
	struct part_noted *noted;
	int rc = parts_open(job, err);

	if (rc < 0 || !job->parts->slots || !imported ||
	    job->options.is_dry_run)
		return rc;
	rc = array_room(&job->parts->noted, err);
	if (rc < 0)
		return rc;
	noted = &job->parts->noted.at[job->parts->noted.n++];
	memset(noted, 0, sizeof(*noted));
	parts_key(job, source, part->key, noted->key);
	noted->entry.print = part->print;
	noted->entry.wishes = unchanged_wishes(job);
	noted->entry.held.imported = imported;
	memcpy(noted->construct, source->construct, CONSTRUCT_NAME_MAX);
	return 0;
}

int known_parts_settle(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	struct known_parts *parts = job->parts;
	struct import_share *share;
	int rc;

	if (!parts || parts->source != source || !parts->known)
		return 0;
	share = import_share(source, parts->construct);
	if (!share) {
		rc = array_room(&source->shares, err);
		if (rc < 0)
			return rc;
		share = &source->shares.at[source->shares.n++];
		memset(share, 0, sizeof(*share));
		memcpy(share->construct, parts->construct,
		       CONSTRUCT_NAME_MAX);
	}
	share->imported += parts->known;
	share->known += parts->known;
	parts->known = 0;
	return 0;
}

int known_parts_remember(struct import_job *job,
			 const struct import_results *results,
			 struct err *err)
{
	struct known_parts *parts = job->parts;
	bool is_there = false;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && parts && i < parts->noted.n; i++) {
		struct part_noted *noted = &parts->noted.at[i];

		rc = held_find(job, results, noted->construct,
			       &noted->entry.held, &is_there, err);
		if (rc == 0 && is_there)
			slot_file_put(parts->slots, noted->key,
				      &noted->entry);
	}
	return rc;
}
