#include "refs/remote/side/side_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/id/encode.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "refs/history/reach.h"
#include "refs/history/repo.h"
#include "refs/remote/side/waiting.h"
#include "refs/remote/transport/pack_index.h"

/* Of all remotes together, uncompressed; a setting of the vault. */
#define QUOTA_KEY "vvault.quarantinesize"
#define QUOTA_DEFAULT ((int64_t)256 << 20)

struct cleaning {
	struct side *side;
	git_odb *odb;
	struct table needed;	/* what waits reaches, and the vault lacks */
	uint64_t bytes;		/* of that */
	const char *folder;
	struct buf leaving;	/* indexes of packs that go, a line each */
	bool loses;		/* something that is nowhere else here */
};

static int need(void *arg, const git_oid *id, enum object_type type,
		const char *name, struct err *err)
{
	struct cleaning *cleaning = arg;
	git_object_t found;
	size_t len;
	bool is_new;
	int rc;

	(void)type;
	(void)name;
	if (store_has(cleaning->side->vault->store, id))
		return 0;
	rc = table_include(&cleaning->needed, id->id, &is_new, err);
	if (rc == 0 && is_new &&
	    git_odb_read_header(&len, &found, cleaning->odb, id) == 0)
		cleaning->bytes += len;
	return rc;
}

/* Whatever these reach, as far as it is there. */
static int need_all(struct cleaning *cleaning, const struct head_list *heads,
		    const struct head_list *known, struct err *err)
{
	const struct reach_visitor visitor = { need, cleaning };
	struct store *store = cleaning->side->store;
	struct table holes = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	git_oid *ids = calloc(heads->n + known->n + 1, sizeof(*ids));
	struct history_range range = { ids, 0, NULL, known->n };
	size_t i;
	int rc = ids ? 0 : err_set(err, ERR_NOMEM, "out of memory");

	for (i = 0; rc == 0 && i < heads->n; i++)
		if (store_has(store, &heads->at[i].id))
			ids[range.heads_n++] = heads->at[i].id;
	for (i = 0; rc == 0 && i < known->n; i++)
		ids[range.heads_n + i] = known->at[i].id;
	if (ids)
		range.hide = ids + range.heads_n;
	if (rc == 0 && range.heads_n)
		rc = reach_holes(store, &range, false, &visitor, &holes, err);
	free(ids);
	table_release(&holes);
	return rc;
}

static int64_t quota_of(const struct vault *vault)
{
	git_config *config = NULL;
	int64_t value;

	if (git_repository_config_snapshot(&config,
					   store_repository(vault->store)) ||
	    git_config_get_int64(&value, config, QUOTA_KEY) || value < 0)
		value = QUOTA_DEFAULT;
	git_config_free(config);
	return value;
}

/* What lies in all side repositories but one. Others may be at work in them:
 * what goes meanwhile is not there. */
static uint64_t side_bytes(const struct vault *vault, const char *but)
{
	struct buf path = PATH_BUF_INIT;
	uint64_t bytes = 0;

	if (vault_local_path(vault, "remotes", &path, NULL) == 0)
		bytes = dir_bytes(buf_text(&path), but);
	buf_release(&path);
	return bytes;
}

uint64_t remote_quarantine_bytes(const struct vault *vault)
{
	return side_bytes(vault, NULL);
}

/*
 * What is held waits for keys or members and stays; what is refused is kept
 * to be looked at, and only as far as it is little.
 */
static int need_waiting(struct cleaning *cleaning, struct err *err)
{
	struct side *side = cleaning->side;
	struct head_list known = HEAD_LIST_INIT;
	char name[REMOTE_NAME_MAX + 8];
	unsigned char key[GIT_OID_RAWSZ];
	uint64_t quota = (uint64_t)quota_of(side->vault);
	uint64_t bytes;
	size_t held;
	int rc = heads_list(side->vault->store, HEADS_PREFIX, NULL, &known,
			    NULL, err);

	if (rc == 0)
		rc = need_all(cleaning, &side->held, &known, err);
	held = cleaning->needed.count;
	if (rc == 0)
		rc = need_all(cleaning, &side->refused, &known, err);
	snprintf(name, sizeof(name), "%s.git", side->name);
	bytes = cleaning->bytes + side_bytes(side->vault, name);
	while (rc == 0 && bytes > quota &&
	       cleaning->needed.count > held) {
		memcpy(key, table_key_at(&cleaning->needed,
					 cleaning->needed.count - 1),
		       sizeof(key));
		table_remove(&cleaning->needed, key);
	}
	head_list_release(&known);
	return rc;
}

/* Under a name of its own, before the pack that it lies in goes. One that is
 * damaged the next fetch misses, and asks for all again. */
static int keep(struct cleaning *cleaning, const git_oid *id, struct err *err)
{
	struct store *store = cleaning->side->store;
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	git_object_t type = GIT_OBJECT_INVALID;
	git_oid written;
	size_t len;
	int rc = 0;

	if (git_odb_read_header(&len, &type, cleaning->odb, id) == 0 &&
	    store_read(store, id, (enum object_type)type, STORE_OBJECT_MAX,
		       &bytes, NULL) == 0)
		rc = store_replace(store, (enum object_type)type,
				   buf_span(&bytes), &written, err);
	buf_release(&bytes);
	return rc;
}

/* Would it go for good? Once is enough to know. */
static void note_loss(struct cleaning *cleaning,
		      const struct pack_index *index)
{
	git_oid id;
	size_t i;

	for (i = 0; !cleaning->loses && i < index->n; i++) {
		git_oid_fromraw(&id, index->ids + i * GIT_OID_RAWSZ);
		cleaning->loses = !table_get(&cleaning->needed, id.id, NULL) &&
				  !store_has(cleaning->side->vault->store,
					     &id);
	}
}

/* A pack stays where all of it is needed; what is needed of another is
 * written anew. */
static int pack_look(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	struct cleaning *cleaning = context;
	struct pack_index index = PACK_INDEX_INIT;
	struct buf path = PATH_BUF_INIT;
	size_t count = 0;
	git_oid id;
	size_t i;
	int rc;

	if (kind != DIR_KIND_FILE || !span_ends(span_str(name), ".idx"))
		return 0;
	rc = path_join(&path, cleaning->folder, name, err);
	/* Of one that is damaged nothing can be kept. */
	if (rc == 0)
		(void)!pack_index_open(buf_text(&path), &index, NULL);
	for (i = 0; rc == 0 && i < index.n; i++)
		count += table_get(&cleaning->needed,
				   index.ids + i * GIT_OID_RAWSZ, NULL);
	for (i = 0; rc == 0 && count && count < index.n && i < index.n; i++) {
		git_oid_fromraw(&id, index.ids + i * GIT_OID_RAWSZ);
		if (table_get(&cleaning->needed, id.id, NULL))
			rc = keep(cleaning, &id, err);
	}
	if (rc == 0 && (count < index.n || !count))
		rc = buf_printf(&cleaning->leaving, err, "%s\n", name);
	note_loss(cleaning, &index);
	pack_index_release(&index);
	buf_release(&path);
	return rc;
}

/* The index goes first: without it nobody looks for the pack. */
static int packs_remove(const struct cleaning *cleaning, struct err *err)
{
	struct span rest = buf_span(&cleaning->leaving);
	struct span index;
	char name[256];
	int rc = 0;

	while (rc == 0 && rest.len) {
		index = span_take_line(&rest);
		snprintf(name, sizeof(name), "%.*s", (int)index.len, index.at);
		rc = side_file_remove(cleaning->folder, name, err);
		snprintf(name, sizeof(name), "%.*s.pack", (int)index.len - 4,
			 index.at);
		if (rc == 0)
			rc = side_file_remove(cleaning->folder, name, err);
	}
	return rc;
}

static int packs_clean(struct cleaning *cleaning, struct err *err)
{
	struct store *store = cleaning->side->store;
	int rc = dir_each(cleaning->folder, pack_look, cleaning, err);

	if (rc == 0)
		rc = store_flush(store, err);
	else
		store_discard(store);
	return rc < 0 ? rc : packs_remove(cleaning, err);
}

static int loose_clean(void *context, const char *name, enum dir_kind kind,
		       struct err *err)
{
	struct cleaning *cleaning = context;
	char hex[GIT_OID_HEXSZ + 1];
	git_oid id;

	if (kind != DIR_KIND_FILE || strlen(name) != GIT_OID_HEXSZ - 2)
		return 0;
	snprintf(hex, sizeof(hex), "%s%s", path_base(cleaning->folder), name);
	if (git_oid_fromstr(&id, hex) < 0 ||
	    table_get(&cleaning->needed, id.id, NULL))
		return 0;
	return side_file_remove(cleaning->folder, name, err);
}

static int fan_clean(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	struct cleaning *cleaning = context;
	struct buf path = PATH_BUF_INIT;
	const char *above = cleaning->folder;
	int rc;

	if (kind != DIR_KIND_DIR || strlen(name) != 2)
		return 0;
	rc = path_join(&path, above, name, err);
	cleaning->folder = buf_text(&path);
	if (rc == 0)
		rc = dir_each(cleaning->folder, loose_clean, cleaning, err);
	cleaning->folder = above;
	buf_release(&path);
	return rc;
}

/* A pack whose index is gone, or never came, belongs to nobody. */
static int stray_clean(void *context, const char *name, enum dir_kind kind,
		       struct err *err)
{
	struct cleaning *cleaning = context;
	struct buf path = PATH_BUF_INIT;
	size_t len = strlen(name);
	int rc = 0;

	if (kind != DIR_KIND_FILE || span_ends(span_str(name), ".idx"))
		return 0;
	if (span_ends(span_str(name), ".pack"))
		rc = buf_printf(&path, err, "%s/%.*s.idx", cleaning->folder,
				(int)len - 5, name);
	if (rc == 0 && !(path.len && file_exists(buf_text(&path))))
		rc = side_file_remove(cleaning->folder, name, err);
	buf_release(&path);
	return rc;
}

static int clean(struct cleaning *cleaning, struct err *err)
{
	struct side *side = cleaning->side;
	struct buf path = PATH_BUF_INIT;
	int rc = 0;

	if (git_repository_odb(&cleaning->odb,
			       store_repository(side->store)) < 0)
		return repo_failed(err, -1, "cannot open the objects");
	if (side->held.n || side->refused.n)
		rc = need_waiting(cleaning, err);
	if (rc == 0)
		rc = path_join(&path, buf_text(&side->path), "objects/pack",
			       err);
	cleaning->folder = buf_text(&path);
	if (rc == 0)
		rc = packs_clean(cleaning, err);
	if (rc == 0)
		rc = dir_each(cleaning->folder, stray_clean, cleaning, err);
	if (rc == 0)
		rc = path_join(&path, buf_text(&side->path), "objects", err);
	cleaning->folder = buf_text(&path);
	if (rc == 0)
		rc = dir_each(cleaning->folder, fan_clean, cleaning, err);
	/* It came beside what was asked for, of a push that had not moved its
	 * refs yet, say: its pack must come again. */
	if (rc == 0 && cleaning->loses)
		rc = copied_forget(side, err);
	buf_release(&path);
	return rc;
}

int side_clean(struct side *side, struct err *err)
{
	struct cleaning cleaning = {
		.side = side,
		.needed = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT),
		.leaving = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc = clean(&cleaning, err);

	git_odb_free(cleaning.odb);
	buf_release(&cleaning.leaving);
	table_release(&cleaning.needed);
	return rc < 0 ? rc : side_reopen(side, err);
}
