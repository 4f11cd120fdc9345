#include "refs/remote/intake/intake_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/id/encode.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/history/reach.h"
#include "refs/history/repo.h"
#include "refs/remote/transport/pack_index.h"

/* Fewer than the store itself writes loose: a pack that is here already costs
 * two waits of the disk, a loose object two each. */
#define FEW_OBJECTS 16

struct transfer {
	struct side *side;
	struct table *reached;		/* what may come in */
	struct buf from;		/* pack folder of the side repository */
	struct buf to;			/* and of the vault */
};

/*
 * A second name, then the old one goes with the next cleaning; so a stop in
 * between loses nothing. Where the file system knows no second names, move.
 */
static int file_move(const struct transfer *transfer, const char *name,
		     struct err *err)
{
	struct buf from = PATH_BUF_INIT;
	struct buf to = PATH_BUF_INIT;
	int rc = path_join(&from, buf_text(&transfer->from), name, err);

	if (rc == 0)
		rc = path_join(&to, buf_text(&transfer->to), name, err);
	if (rc == 0 && link(buf_text(&from), buf_text(&to)) &&
	    errno != EEXIST && rename(buf_text(&from), buf_text(&to)))
		rc = err_errno(err, "cannot move '%s' to '%s'",
			       buf_text(&from), buf_text(&to));
	buf_release(&to);
	buf_release(&from);
	return rc;
}

/* All of it may come in, and some of it is new. */
static bool may_come(const struct transfer *transfer,
		     const struct pack_index *index)
{
	struct store *store = transfer->side->vault->store;
	const unsigned char *at = index->ids;
	bool is_new = false;
	git_oid id;
	size_t i;

	for (i = 0; i < index->n; i++, at += GIT_OID_RAWSZ) {
		git_oid_fromraw(&id, at);
		if (table_get(transfer->reached, at, NULL))
			is_new = true;
		else if (!store_has(store, &id))
			return false;
	}
	return is_new;
}

/* Readers look for indexes, so the pack goes before its index. */
static int pack_take(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	struct transfer *transfer = context;
	struct pack_index index = PACK_INDEX_INIT;
	struct buf path = PATH_BUF_INIT;
	size_t len = strlen(name);
	char pack[256];
	int rc;

	if (kind != DIR_KIND_FILE || len < 5 || len > 250 ||
	    strcmp(name + len - 4, ".idx"))
		return 0;
	snprintf(pack, sizeof(pack), "%.*s.pack", (int)len - 4, name);
	rc = path_join(&path, buf_text(&transfer->from), pack, err);
	/* An index that a killed fetch left without its pack holds nothing. */
	if (rc == 0 && !file_exists(buf_text(&path)))
		goto out;
	buf_reset(&path);
	if (rc == 0)
		rc = path_join(&path, buf_text(&transfer->from), name, err);
	if (rc == 0)
		rc = pack_index_open(buf_text(&path), &index, err);
	/* A few objects become loose ones: a pack per fetch adds up. */
	if (rc == 0 && index.n > FEW_OBJECTS &&
	    may_come(transfer, &index)) {
		rc = file_move(transfer, pack, err);
		if (rc == 0)
			rc = file_move(transfer, name, err);
	}
out:
	pack_index_release(&index);
	buf_release(&path);
	return rc;
}

static int object_copy(struct side *side, const git_oid *id,
		       struct buf *bytes, struct err *err)
{
	git_odb *odb = NULL;
	git_object_t type = GIT_OBJECT_INVALID;
	git_oid written;
	size_t len;
	int rc = git_repository_odb(&odb, store_repository(side->store));

	if (rc == 0)
		rc = git_odb_read_header(&len, &type, odb, id);
	git_odb_free(odb);
	if (rc < 0)
		return repo_failed(err, rc, "cannot read an object");
	/* libgit2's numbers are git's, and so are ours. */
	buf_reset(bytes);
	rc = store_read(side->store, id, (enum object_type)type,
			STORE_OBJECT_MAX, bytes, err);
	if (rc == 0)
		rc = store_add(side->vault->store, (enum object_type)type,
			       buf_span(bytes), &written, err);
	return rc;
}

/*
 * What came in packs that hold other things too, or loose; in the order of
 * the list, so that a stop in between leaves nothing that lacks what it
 * refers to.
 */
static int rest_copy(const struct transfer *transfer, struct err *err)
{
	struct side *side = transfer->side;
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	git_oid id;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < transfer->reached->count; i++) {
		git_oid_fromraw(&id, table_key_at(transfer->reached, i));
		if (!store_has(side->vault->store, &id))
			rc = object_copy(side, &id, &bytes, err);
	}
	buf_release(&bytes);
	if (rc == 0)
		rc = store_flush(side->vault->store, err);
	if (rc < 0)
		store_discard(side->vault->store);
	return rc;
}

/* In the vault itself, for refs are about to move to it. */
static int arrival_check(const struct transfer *transfer, struct err *err)
{
	struct store *store = transfer->side->vault->store;
	char hex[GIT_OID_HEXSZ + 1];
	git_oid id;
	size_t i;

	for (i = 0; i < transfer->reached->count; i++) {
		git_oid_fromraw(&id, table_key_at(transfer->reached, i));
		if (store_has(store, &id))
			continue;
		hex_text(id.id, GIT_OID_RAWSZ, hex);
		return err_set(err, ERR_CORRUPT, "object '%s' was brought in "
			       "and is not there", hex);
	}
	return 0;
}

static int reach(struct side *side, const git_oid *heads, size_t heads_n,
		 const struct head_list *known, struct table *out,
		 struct err *err)
{
	git_oid *hide = calloc(known->n + 1, sizeof(*hide));
	struct history_range range = { heads, heads_n, hide, known->n };
	size_t i;
	int rc;

	if (!hide)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < known->n; i++)
		hide[i] = known->at[i].id;
	rc = reach_list(side->store, &range, out, err);
	free(hide);
	return rc;
}

int intake_objects(struct side *side, const git_oid *heads, size_t heads_n,
		   const struct head_list *known, struct err *err)
{
	struct table reached = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct transfer transfer = {
		side, &reached, PATH_BUF_INIT, PATH_BUF_INIT
	};
	int rc = reach(side, heads, heads_n, known, &reached, err);

	if (rc == 0)
		rc = path_join(&transfer.from, buf_text(&side->path),
			       "objects/pack", err);
	if (rc == 0)
		rc = path_join(&transfer.to, side->vault->path,
			       "objects/pack", err);
	if (rc == 0)
		rc = dir_each(buf_text(&transfer.from), pack_take,
			      &transfer, err);
	if (rc == 0)
		rc = dir_sync(buf_text(&transfer.to), err);
	if (rc == 0)
		rc = store_refresh(side->vault->store, err);
	if (rc == 0)
		rc = rest_copy(&transfer, err);
	if (rc == 0)
		rc = arrival_check(&transfer, err);
	buf_release(&transfer.to);
	buf_release(&transfer.from);
	table_release(&reached);
	return rc;
}
