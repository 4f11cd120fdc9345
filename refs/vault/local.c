#include "refs/vault/local.h"

#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "lib/os/temp.h"
#include "lib/time/timestamp.h"
#include "objects/store/mend.h"
#include "refs/history/ref.h"
#include "refs/history/repo.h"
#include "refs/vault/vault_internal.h"

#define FORMAT_MAX 64
#define CLOCK_WAIT_MS 10000
#define CLOCK_AHEAD 1024		/* times persisted at once */
#define CLOCK_FRESH 100000		/* microseconds that they are good for */

/* No construct can be named like this, so its lock is another file. */
#define CLOCK_LOCK "locks/.clock"

static const char *const folders[] = {
	VAULT_LOCAL, VAULT_LOCAL "/cache", VAULT_LOCAL "/remotes",
	VAULT_LOCAL "/locks", VAULT_LOCAL "/hooks", VAULT_LOCAL "/tmp", NULL
};

int local_path(struct buf *out, const char *path, const char *name,
	       struct err *err)
{
	int rc = path_join(out, path, VAULT_LOCAL, err);

	return rc < 0 ? rc : path_add(out, name, err);
}

int vault_local_path(const struct vault *vault, const char *name,
		     struct buf *out, struct err *err)
{
	return local_path(out, vault->path, name, err);
}

int vault_local_read(const struct vault *vault, const char *name,
		     struct buf *out, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = vault_local_path(vault, name, &path, err);

	if (rc == 0)
		rc = file_read(buf_text(&path), out->max, out, err);
	buf_release(&path);
	return rc;
}

int vault_local_write(const struct vault *vault, const char *name,
		      struct span text, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = vault_local_path(vault, name, &path, err);

	if (rc == 0)
		rc = file_write_atomic(buf_text(&path), text, 0600, err);
	buf_release(&path);
	return rc;
}

int vault_local_lock(const struct vault *vault, const char *name,
		     int timeout_ms, struct lock *lock, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = vault_local_path(vault, name, &path, err);

	if (rc == 0)
		rc = lock_take(lock, buf_text(&path), timeout_ms, err);
	buf_release(&path);
	return rc;
}

int vault_cache_open(const struct vault *vault, const char *name,
		     const struct slot_shape *shape, struct slot_file **out,
		     struct err *err)
{
	struct local_seal seal;
	struct buf path = PATH_BUF_INIT;
	int rc;

	if (!vault->has_device)
		return slot_file_open(NULL, shape, NULL, out, err);
	rc = vault_local_path(vault, name, &path, err);
	if (rc == 0) {
		device_key_local_seal(&vault->device, "vault cache 1",
				      vault->state.vault_id, &seal);
		rc = slot_file_open(buf_text(&path), shape, seal.key, out,
				    err);
		local_seal_wipe(&seal);
	}
	buf_release(&path);
	return rc;
}

bool vault_is_at(const char *path)
{
	struct buf file = PATH_BUF_INIT;
	bool is_vault;

	is_vault = local_path(&file, path, "format", NULL) == 0 &&
		   file_exists(file.data) &&
		   path_join(&file, path, "HEAD", NULL) == 0 &&
		   file_exists(file.data) &&
		   path_join(&file, path, "objects", NULL) == 0 &&
		   file_is_dir(file.data);
	buf_release(&file);
	return is_vault;
}

/* libgit2 refuses this too, but in words about a setting of git. */
static int owner_check(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_errno(err, "cannot look at '%s'", path);
	if (st.st_uid != geteuid())
		return err_set(err, ERR_DENIED, "the vault '%s' belongs to "
			       "another user (id %lu)", path,
			       (unsigned long)st.st_uid);
	return 0;
}

static int format_check(const char *path, struct span text, struct err *err)
{
	if (span_equals(text, span_str(VAULT_FORMAT_TEXT)))
		return 0;
	if (span_begins(text, "vvault "))
		return err_set(err, ERR_UNSUPPORTED, "the vault '%s' has a "
			       "newer format than this program knows", path);
	return err_set(err, ERR_CORRUPT,
		       "the file vvault/format of '%s' is damaged", path);
}

int vault_check_format(const char *path, struct err *err)
{
	struct buf file = PATH_BUF_INIT;
	struct buf text = BUF_INIT(FORMAT_MAX);
	int rc;

	if (!vault_is_at(path))
		return err_set(err, ERR_NOT_FOUND, "no vault at '%s'; "
			       "'vvault init' makes one", path);
	rc = owner_check(path, err);
	if (rc == 0)
		rc = vault_check_shape(path, err);
	if (rc == 0)
		rc = local_path(&file, path, "format", err);
	if (rc == 0)
		rc = file_read(file.data, FORMAT_MAX, &text, err);
	if (rc == 0)
		rc = format_check(path, buf_span(&text), err);
	buf_release(&text);
	buf_release(&file);
	return rc;
}

int vault_pinned_id(const char *path, char out[CID_TEXT_MAX], struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct buf file = PATH_BUF_INIT;
	struct buf text = BUF_INIT(CID_TEXT_MAX);
	int rc = local_path(&file, path, "id", err);

	if (rc == 0 && !file_exists(file.data))
		rc = err_set(err, ERR_NOT_FOUND,
			     "the vault '%s' has no id yet", path);
	if (rc == 0)
		rc = file_read(file.data, CID_TEXT_MAX, &text, err);
	if (rc < 0)
		goto out;
	if (text.len != CID_JSON_TEXT + 1 || text.data[CID_JSON_TEXT] != '\n' ||
	    !cid_parse_json(span_of(text.data, CID_JSON_TEXT), digest)) {
		rc = err_set(err, ERR_CORRUPT, "'%s' is damaged", file.data);
		goto out;
	}
	memcpy(out, text.data, CID_JSON_TEXT);
	out[CID_JSON_TEXT] = '\0';
out:
	buf_release(&text);
	buf_release(&file);
	return rc;
}

/* Pin the id, or find the same one pinned. */
static int id_pin(const char *path, const char *vault_id, struct err *err)
{
	char line[CID_TEXT_MAX + 1], pinned[CID_TEXT_MAX];
	unsigned char digest[SHA256_BYTES];
	struct buf file = PATH_BUF_INIT;
	int rc;

	if (!cid_parse_json(span_str(vault_id), digest))
		return err_set(err, ERR_INVALID, "not a vault id: '%s'",
			       vault_id);
	rc = local_path(&file, path, "id", err);
	if (rc == 0 && file_exists(file.data)) {
		rc = vault_pinned_id(path, pinned, err);
		if (rc == 0 && strcmp(pinned, vault_id))
			rc = err_set(err, ERR_UNTRUSTED, "the vault '%s' is "
				     "pinned as %s and is not %s", path,
				     pinned, vault_id);
	} else if (rc == 0) {
		memcpy(line, vault_id, CID_JSON_TEXT);
		line[CID_JSON_TEXT] = '\n';
		rc = file_write_atomic(file.data,
				       span_of(line, CID_JSON_TEXT + 1), 0600,
				       err);
	}
	buf_release(&file);
	return rc;
}

int vault_lay_local(const char *path, const char *vault_id, struct err *err)
{
	struct buf file = PATH_BUF_INIT;
	int rc = dir_make_below(path, folders, 0700, err);

	if (rc == 0 && vault_id[0])
		rc = id_pin(path, vault_id, err);
	if (rc == 0)
		rc = local_path(&file, path, "format", err);
	/* Last: from here on the folder is a vault. */
	if (rc == 0 && !file_exists(file.data))
		rc = file_write_atomic(file.data, span_str(VAULT_FORMAT_TEXT),
				       0600, err);
	buf_release(&file);
	return rc;
}

struct sweep {
	const char *folder;
	unsigned depth;
};

static void sweep_below(const char *folder, unsigned depth);

static int sweep_folder(void *context, const char *name, enum dir_kind kind,
			struct err *err)
{
	const struct sweep *sweep = context;
	struct buf path = PATH_BUF_INIT;

	if (kind == DIR_KIND_DIR && sweep->depth &&
	    path_join(&path, sweep->folder, name, err) == 0)
		sweep_below(buf_text(&path), sweep->depth - 1);
	buf_release(&path);
	return 0;
}

static void sweep_below(const char *folder, unsigned depth)
{
	struct sweep sweep = { folder, depth };

	temp_sweep_folder(folder, ATOMIC_FILE_TEMP_PREFIX);
	(void)!dir_each(folder, sweep_folder, &sweep, NULL);
}

static void sweep_local(const struct vault *vault, unsigned depth)
{
	struct buf path = PATH_BUF_INIT;

	if (path_join(&path, vault->path, VAULT_LOCAL, NULL) == 0)
		sweep_below(buf_text(&path), depth);
	buf_release(&path);
}

void vault_sweep_local(const struct vault *vault)
{
	sweep_local(vault, 1);
}

/* Down to what lies directly in a side repository. */
void vault_sweep(const struct vault *vault)
{
	store_sweep(vault->store);
	sweep_local(vault, 2);
}

static const struct {
	const char *key;
	const char *value;
} settings[] = {
	{ "extensions.preciousobjects", "true" },
	{ "gc.auto", "0" },
};

/* What keeps git from dropping objects here, where it is not set at all. */
static void settings_mend(struct vault *vault)
{
	struct buf value = BUF_INIT(PATH_TEXT_MAX);
	struct err quiet = ERR_INIT;
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		err_clear(&quiet);
		if (repo_setting(vault->store, settings[i].key, &value,
				 &quiet) == ERR_NOT_FOUND && !quiet.code)
			(void)!repo_setting_put(vault->store, settings[i].key,
						settings[i].value, NULL);
	}
	buf_release(&value);
}

static void folders_mend(const char *path)
{
	struct buf folder = PATH_BUF_INIT;
	size_t i;

	for (i = 0; folders[i]; i++) {
		if (path_join(&folder, path, folders[i], NULL) == 0 &&
		    !file_exists(buf_text(&folder)))
			(void)!dir_make(buf_text(&folder), 0700, NULL);
	}
	buf_release(&folder);
}

int mend_begin(const struct vault *vault, int timeout_ms, struct lock *lock,
	       struct buf *out_work, struct err *err)
{
	int rc = vault_local_lock(vault, "locks/.mend", timeout_ms, lock, err);

	if (rc == 0)
		rc = vault_local_path(vault, "tmp/mend", out_work, err);
	return rc < 0 ? rc : dir_make(buf_text(out_work), 0700, err);
}

/* The index of a pack can be made from it. Whoever is at it does it for all. */
static void packs_mend(const struct vault *vault)
{
	struct buf objects = PATH_BUF_INIT;
	struct buf work = PATH_BUF_INIT;
	struct lock lock = LOCK_INIT;

	if (path_join(&objects, vault->path, "objects", NULL) == 0 &&
	    store_lacks_index(buf_text(&objects)) &&
	    mend_begin(vault, 0, &lock, &work, NULL) == 0)
		(void)!store_index_packs(buf_text(&objects), buf_text(&work),
					 NULL);
	lock_release(&lock);
	buf_release(&work);
	buf_release(&objects);
}

int vault_mend_open(struct vault *vault, struct err *err)
{
	int rc;

	store_mend(vault->path);
	folders_mend(vault->path);
	packs_mend(vault);
	rc = store_open(vault->path, false, &vault->store, err);
	if (rc == 0)
		settings_mend(vault);
	return rc;
}

/* How many counters behind this one may be handed out without asking. */
static uint32_t clock_room(const struct hlc *clock)
{
	if (clock->counter > HLC_COUNTER_MAX - CLOCK_AHEAD)
		return 0;
	return CLOCK_AHEAD;
}

static int clock_turn(const char *file, struct hlc *clock, bool is_block,
		      struct err *err)
{
	struct err reason = ERR_INIT;
	struct hlc stored;
	int rc = hlc_load(file, clock, &reason);

	/* What a damaged file said is lost; physical time will do. */
	if (rc < 0 && rc != ERR_CORRUPT)
		return err_copy(err, rc, &reason);
	hlc_tick(clock, timestamp_now());
	stored = *clock;
	if (is_block)
		stored.counter += clock_room(clock);
	return hlc_store(file, &stored, err);
}

int vault_clock_advance(const char *path, struct hlc *clock,
			uint32_t *out_left, struct err *err)
{
	struct buf file = PATH_BUF_INIT;
	struct lock lock = LOCK_INIT;
	struct hlc next = *clock;
	int rc = local_path(&file, path, CLOCK_LOCK, err);

	if (rc == 0)
		rc = lock_take(&lock, file.data, CLOCK_WAIT_MS, err);
	if (rc == 0)
		rc = local_path(&file, path, "clock", err);
	if (rc == 0)
		rc = clock_turn(file.data, &next, out_left != NULL, err);
	if (rc == 0) {
		*clock = next;
		if (out_left)
			*out_left = clock_room(&next);
	}
	lock_release(&lock);
	buf_release(&file);
	return rc;
}

int vault_now(struct vault *vault, char out[HLC_TEXT_MAX], struct err *err)
{
	int64_t now = timestamp_now();
	int rc = 0;

	if (!vault->has_device)
		return err_set(err, ERR_NO_KEY, "this device has no key");
	if (vault->clock_left && now >= vault->clock.micros &&
	    now - vault->clock.micros < CLOCK_FRESH) {
		vault->clock.counter++;
		vault->clock_left--;
	} else {
		rc = vault_clock_advance(vault->path, &vault->clock,
					 &vault->clock_left, err);
	}
	if (rc == 0)
		hlc_text(&vault->clock, vault_signer(vault)->node, out);
	return rc;
}

int vault_observe(struct vault *vault, const struct hlc *received,
		  bool is_lasting, struct err *err)
{
	int64_t now = timestamp_now();
	struct err too_far = ERR_INIT;

	/* The next tick passes whatever is not ahead of physical time. */
	if (received->micros < now ||
	    hlc_receive(&vault->clock, received, now, &too_far) < 0)
		return 0;
	vault->clock_left = 0;
	if (!is_lasting)
		return 0;
	return vault_clock_advance(vault->path, &vault->clock, NULL, err);
}

int index_folder(const struct vault *vault, const char *ref_name,
		 const char *below, struct buf *out, struct err *err)
{
	int rc = vault_local_path(vault, "index/", out, err);

	if (rc == 0)
		rc = buf_add_str(out, ref_name, err);
	if (rc == 0)
		rc = vault_check_own_folder(buf_text(out), err);
	if (rc < 0 || !below)
		return rc;
	buf_putf(out, "/%s", below);
	rc = buf_end(out, err);
	return rc < 0 ? rc : vault_check_own_folder(buf_text(out), err);
}

/* What stands in the folder's place is taken away, and no link followed. */
int index_drop(const struct vault *vault, const char *ref_name,
	       struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	int rc = vault_local_path(vault, "index/", &folder, err);

	if (rc == 0)
		rc = buf_add_str(&folder, ref_name, err);
	if (rc == 0)
		rc = dir_remove_all(vault->path, buf_text(&folder), err);
	buf_release(&folder);
	return rc;
}
