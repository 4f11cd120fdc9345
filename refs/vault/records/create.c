#include "refs/vault/records/create.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"
#include "objects/record/record.h"
#include "objects/tree/arrange.h"
#include "objects/tree/tree.h"
#include "refs/history/repo.h"
#include "refs/history/version.h"
#include "refs/vault/local.h"
#include "refs/vault/records/records.h"
#include "refs/vault/vault.h"

/*
 * Everything is made in this folder inside the new vault and moved up when it
 * is complete, vvault/ last. A lock in it keeps a second call out and tells
 * what a killed one has left from what a living one is at. A mark in it says
 * that moving has begun, so that what stands beside it may be its own.
 */
#define NURSERY ".vvault-init"
#define MOVING_MARK "moving"
#define GENESIS_MAX ((size_t)1 << 20)
#define GENESIS_LINES_MAX 256

struct birth {
	const struct vault_options *options;
	const char *path;
	struct buf made;		/* topmost folder that we made, "" none */
	bool is_new_device;
	struct buf nursery;		/* <path>/.vvault-init */
	struct buf repo;		/* <nursery>/repo */
	struct buf mark;		/* <nursery>/moving */
	struct lock lock;
	struct device_key device;
	struct hlc clock;
	char vault_id[CID_TEXT_MAX];
};

static int emptiness_check(void *context, const char *name,
			   enum dir_kind kind, struct err *err)
{
	const char *path = context;

	(void)kind;
	if (!strcmp(name, NURSERY))
		return 0;
	return err_set(err, ERR_EXISTS, "the folder '%s' is not empty", path);
}

static int folder_prepare(struct birth *birth, struct err *err)
{
	if (vault_is_at(birth->path))
		return err_set(err, ERR_EXISTS, "there is a vault at '%s'",
			       birth->path);
	if (!file_exists(birth->path))
		return dir_make_all_new(birth->path, 0700, &birth->made, err);
	if (!file_is_dir(birth->path))
		return err_set(err, ERR_EXISTS, "'%s' is not a folder",
			       birth->path);
	/* Only under the lock can be told whose the other names are. */
	if (path_join(&birth->nursery, birth->path, NURSERY, NULL) == 0 &&
	    file_is_dir(birth->nursery.data))
		return 0;
	return dir_each(birth->path, emptiness_check, (void *)birth->path,
			err);
}

/* Of the names of a repository only, and never over another. */
static int move_back(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	static const char *const ours[] = {
		"HEAD", "config", "objects", "refs", "packed-refs"
	};
	const struct birth *birth = context;
	struct buf from = PATH_BUF_INIT;
	struct buf to = PATH_BUF_INIT;
	size_t i = 0;
	int rc;

	(void)kind;
	while (i < sizeof(ours) / sizeof(*ours) && strcmp(name, ours[i]))
		i++;
	if (i == sizeof(ours) / sizeof(*ours))
		return 0;
	rc = path_join(&from, birth->path, name, err);
	if (rc == 0)
		rc = path_join(&to, birth->repo.data, name, err);
	if (rc == 0 && !file_exists(to.data) &&
	    rename(from.data, to.data) < 0)
		rc = err_errno(err, "cannot move '%s' back", from.data);
	buf_release(&to);
	buf_release(&from);
	return rc;
}

/* What a call that did not come to its end had moved up already. */
static int moves_undo(struct birth *birth, struct err *err)
{
	int rc;

	if (vault_is_at(birth->path) || !file_exists(birth->mark.data) ||
	    !file_is_dir(birth->repo.data))
		return 0;
	rc = dir_each(birth->path, move_back, birth, err);
	return rc < 0 ? rc : dir_sync(birth->path, err);
}

static int nursery_open(struct birth *birth, struct err *err)
{
	struct buf lock = PATH_BUF_INIT;
	int rc = path_join(&birth->nursery, birth->path, NURSERY, err);

	if (rc == 0)
		rc = path_join(&birth->repo, birth->nursery.data, "repo", err);
	if (rc == 0)
		rc = path_join(&birth->mark, birth->nursery.data, MOVING_MARK,
			       err);
	if (rc == 0)
		rc = dir_make(birth->nursery.data, 0700, err);
	if (rc == 0)
		rc = path_join(&lock, birth->nursery.data, "lock", err);
	if (rc == 0)
		rc = lock_take(&birth->lock, lock.data, 0, err);
	if (rc == 0)
		rc = moves_undo(birth, err);
	/* Another call may have ended between our look and our lock. */
	if (rc == 0)
		rc = dir_each(birth->path, emptiness_check,
			      (void *)birth->path, err);
	if (rc == 0)
		rc = dir_remove_all(birth->path, birth->repo.data, err);
	if (rc == 0)
		rc = file_remove(birth->mark.data, err);
	buf_release(&lock);
	return rc;
}

static int device_find(struct birth *birth, struct err *err)
{
	const char *folder = birth->options->keys_folder;
	struct err reason = ERR_INIT;
	int rc;

	if (!folder)
		return err_set(err, ERR_INVALID, "no folder for keys");
	if (birth->options->device) {
		birth->device = *birth->options->device;
		return 0;
	}
	rc = device_key_load(folder, &birth->device, &reason);
	birth->is_new_device = rc == ERR_NOT_FOUND;
	if (birth->is_new_device)
		return device_key_generate(&birth->device, err);
	return err_copy(err, rc, &reason);
}

/* Not before all is ready but for its name: a failure leaves no key. */
static int device_keep(const struct birth *birth, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc;

	if (!birth->is_new_device)
		return 0;
	rc = device_key_save(birth->options->keys_folder, &birth->device,
			     &reason);
	if (rc == ERR_EXISTS)
		return err_set(err, ERR_CHANGED, "another program has just "
			       "made the key of this device: try again");
	return err_copy(err, rc, &reason);
}

static int genesis_lines(struct birth *birth, struct buf *out, struct err *err)
{
	unsigned char name_key[NAME_KEY_BYTES];
	struct vault_genesis genesis;
	struct content_key key;
	char at[HLC_TEXT_MAX];
	int rc;

	hlc_text(&birth->clock, birth->device.node, at);
	genesis.creator = &birth->device;
	genesis.recovery = birth->options->recovery;
	genesis.name = birth->options->name;
	genesis.at = at;
	genesis.is_encrypted = !birth->options->is_plain;
	rc = vault_records_genesis(&genesis, out, birth->vault_id, &key,
				   name_key, err);
	/* The grants hold them; the creator opens its own like any member. */
	sodium_memzero(&key, sizeof(key));
	sodium_memzero(name_key, sizeof(name_key));
	return rc;
}

static int line_arrange(const struct codec *codec, struct span line,
			struct arrange_record *out, struct err *err)
{
	unsigned char id[RECORD_ID_BYTES];
	struct record record;
	int rc = record_parse(line, &record, err);

	if (rc < 0)
		return rc;
	record_id(line, id);
	return arrange_record_init(codec, &record, id, out, err);
}

static int lines_arrange(struct store *store, struct span text,
			 struct tree_segments *out, struct err *err)
{
	struct arrange_record *records;
	struct codec *codec = NULL;
	struct span line;
	size_t pos = 0;
	size_t n = 0;
	int rc;

	records = calloc(GENESIS_LINES_MAX, sizeof(*records));
	if (!records)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = codec_new_plain(&codec, err);
	while (rc == 0 && n < GENESIS_LINES_MAX &&
	       segment_next(text, &pos, &line))
		rc = line_arrange(codec, line, &records[n++], err);
	if (rc == 0)
		rc = arrange(store, codec, records, n, out, err);
	codec_free(codec);
	free(records);
	return rc;
}

static int tree_make(struct store *store, struct span lines,
		     struct version *version, struct err *err)
{
	struct tree_segments segments = TREE_SEGMENTS_INIT;
	git_oid empty;
	int rc = lines_arrange(store, lines, &segments, err);

	if (rc == 0)
		rc = tree_empty(store, &empty, err);
	if (rc == 0)
		rc = tree_insert(store, &empty, &segments, &version->tree, err);
	if (rc == 0)
		rc = tree_keep(store, &version->tree, err);
	if (rc == 0)
		rc = tree_root(store, &version->tree, version->root, err);
	tree_segments_release(&segments);
	return rc;
}

static int author_set(const struct birth *birth, struct version *version,
		      struct err *err)
{
	const char *name = birth->options->name;
	const char *subject = "init: a new vault";

	if (!birth->options->is_plain) {
		name = VERSION_SEALED_AUTHOR;
		subject = VERSION_SEALED_SUBJECT;
	}
	if (!name)
		name = VERSION_SEALED_AUTHOR;
	if (strlen(name) >= sizeof(version->author))
		return err_set(err, ERR_LIMIT, "the name is too long");
	memcpy(version->author, name, strlen(name) + 1);
	return version_set_subject(version, span_str(subject), err);
}

static int version_make(const struct birth *birth, struct store *store,
			struct span lines, git_oid *out, struct err *err)
{
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	struct version version;
	int rc;

	version_init(&version);
	version.seq = 1;
	version.change = CHANGE_ADD;
	version.time = birth->clock.micros / TIMESTAMP_SECOND;
	memcpy(version.vault_id, birth->vault_id, CID_TEXT_MAX);
	snprintf(version.construct, sizeof(version.construct), "%s",
		 VAULT_CONSTRUCT);
	rc = author_set(birth, &version, err);
	if (rc == 0)
		rc = tree_make(store, lines, &version, err);
	if (rc == 0)
		rc = version_encode(&version, &birth->device, &commit, err);
	if (rc == 0)
		rc = store_add(store, OBJECT_COMMIT, buf_span(&commit), out,
			       err);
	if (rc == 0)
		rc = store_flush(store, err);
	version_release(&version);
	buf_release(&commit);
	return rc;
}

static int refs_make(const struct birth *birth, struct store *store,
		     const git_oid *id, struct err *err)
{
	char name[REF_NAME_MAX];
	int rc;

	rc = head_ref_name("refs/heads/", VAULT_CONSTRUCT, birth->device.name,
			   name, err);
	if (rc == 0)
		rc = ref_swap(store, name, NULL, id, err);
	return rc < 0 ? rc : repo_set_head(store, name, err);
}

static int repo_fill(struct birth *birth, struct err *err)
{
	struct buf lines = BUF_INIT(GENESIS_MAX);
	struct store *store = NULL;
	git_oid id;
	int rc;

	hlc_tick(&birth->clock, timestamp_now());
	rc = store_create(birth->repo.data, err);
	if (rc == 0)
		rc = store_open(birth->repo.data, false, &store, err);
	if (rc == 0)
		rc = genesis_lines(birth, &lines, err);
	if (rc == 0)
		rc = version_make(birth, store, buf_span(&lines), &id, err);
	if (rc == 0)
		rc = refs_make(birth, store, &id, err);
	if (rc == 0)
		rc = vault_lay_local(birth->repo.data, birth->vault_id, err);
	if (rc == 0)
		rc = vault_clock_advance(birth->repo.data, &birth->clock, NULL,
					 err);
	store_free(store);
	buf_release(&lines);
	return rc;
}

static int move_up(const struct birth *birth, const char *name,
		   struct err *err)
{
	struct buf from = PATH_BUF_INIT;
	struct buf to = PATH_BUF_INIT;
	int rc = path_join(&from, birth->repo.data, name, err);

	if (rc == 0)
		rc = path_join(&to, birth->path, name, err);
	if (rc == 0 && rename(from.data, to.data) < 0)
		rc = err_errno(err, "cannot move '%s' to '%s'", from.data,
			       to.data);
	buf_release(&to);
	buf_release(&from);
	return rc;
}

static int move_up_entry(void *context, const char *name, enum dir_kind kind,
			 struct err *err)
{
	(void)kind;
	if (!strcmp(name, VAULT_LOCAL))
		return 0;
	return move_up(context, name, err);
}

static int repo_publish(struct birth *birth, struct err *err)
{
	int rc = file_write_atomic(birth->mark.data, span_of("", 0), 0600, err);

	if (rc == 0)
		rc = dir_each(birth->repo.data, move_up_entry, birth, err);
	if (rc == 0)
		rc = dir_sync(birth->path, err);
	if (rc == 0)
		rc = move_up(birth, VAULT_LOCAL, err);
	if (rc == 0)
		rc = dir_sync(birth->path, err);
	/* A folder that was there gets the mode of one that we make; not
	 * every file system has modes. */
	if (rc == 0)
		(void)chmod(birth->path, 0700);
	return rc;
}

static void birth_end(struct birth *birth, bool has_failed)
{
	/* Only who holds the lock may clear the place; leftovers do no harm. */
	if (lock_is_held(&birth->lock) && moves_undo(birth, NULL) == 0 &&
	    dir_remove_all(birth->path, birth->nursery.data, NULL) == 0 &&
	    has_failed)
		dir_unmake(birth->path, buf_text(&birth->made));
	lock_release(&birth->lock);
	buf_release(&birth->made);
	buf_release(&birth->nursery);
	buf_release(&birth->repo);
	buf_release(&birth->mark);
	device_key_wipe(&birth->device);
}

int vault_make(const char *path, const struct vault_options *options,
	       struct err *err)
{
	struct birth birth = {
		.options = options, .path = path, .made = PATH_BUF_INIT,
		.nursery = PATH_BUF_INIT, .repo = PATH_BUF_INIT,
		.mark = PATH_BUF_INIT, .lock = LOCK_INIT, .clock = HLC_INIT
	};
	int rc = folder_prepare(&birth, err);

	if (rc == 0)
		rc = nursery_open(&birth, err);
	if (rc == 0)
		rc = device_find(&birth, err);
	if (rc == 0)
		rc = repo_fill(&birth, err);
	if (rc == 0 && options->ready)
		rc = options->ready(options->arg, err);
	if (rc == 0)
		rc = device_keep(&birth, err);
	if (rc == 0)
		rc = repo_publish(&birth, err);
	birth_end(&birth, rc < 0);
	return rc;
}

