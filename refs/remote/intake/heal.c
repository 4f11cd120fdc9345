#include "refs/remote/intake/heal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/xxh.h"
#include "lib/id/cid.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "objects/record/head.h"
#include "refs/history/reach.h"
#include "refs/remote/exchange/exchange.h"

#define MEMO_FILE "vvault-healed"

/* What is brought back, on its way from all that a remote has. */
struct heal {
	struct vault *vault;
	struct side blank;		/* knows nothing of the vault at first */
	struct store *came;		/* what is in it, and nothing else */
	const struct table *holes;	/* what is missing here or damaged */
	struct buf bytes;
	uint64_t brought;
};

/* A segment's name says what it must be, whoever gave it. */
static bool is_as_named(const struct heal *heal, enum object_type type,
			const char *name)
{
	unsigned char wanted[SHA256_BYTES];

	return type != OBJECT_BLOB || !name ||
	       !cid_parse_raw(span_str(name), wanted) ||
	       bears_name(buf_span(&heal->bytes), wanted);
}

/* What holds is told before what it holds in, and so written. */
static int take(void *arg, const git_oid *id, enum object_type type,
		const char *name, struct err *err)
{
	struct heal *heal = arg;
	struct err reason = ERR_INIT;
	git_oid written;
	int rc;

	if (store_has(heal->vault->store, id) &&
	    !table_get(heal->holes, id->id, NULL))
		return 0;
	rc = store_read(heal->came, id, type, STORE_OBJECT_MAX,
			&heal->bytes, &reason);
	/* Damaged over there as well: others may have it. */
	if (rc == ERR_CORRUPT || rc == ERR_NOT_FOUND ||
	    (rc == 0 && !is_as_named(heal, type, name)))
		return 0;
	if (rc < 0)
		return err_copy(err, rc, &reason);
	rc = store_replace(heal->vault->store, type, buf_span(&heal->bytes),
			   &written, err);
	heal->brought += rc == 0;
	return rc;
}

/* Everything that the remote has, as at a first clone: nobody can be asked
 * for single objects. */
static int receive(struct heal *heal, const struct healing *healing,
		   struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	struct trip trip;
	int rc;

	memset(&trip, 0, sizeof(trip));
	rc = trip_begin(&trip, healing->url, healing->limits, healing->calls,
			err);
	trip.report = healing->report;
	if (rc == 0 && trip.url.kind == REMOTE_PATH)
		rc = local_fetch(&trip, &heal->blank, &heads, err);
	else if (rc == 0)
		rc = network_fetch(&trip, &heal->blank, &heads, err);
	trip_end(&trip);
	head_list_release(&heads);
	return rc;
}

/* Over what came and what is here together. */
static int sort_out(struct heal *heal, const struct head_list *heads,
		    struct err *err)
{
	struct table missing = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	const struct reach_visitor visitor = { take, heal };
	git_oid *ids = calloc(heads->n + 1, sizeof(*ids));
	struct history_range range = { ids, heads->n, NULL, 0 };
	size_t i;
	int rc = ids ? store_open(buf_text(&heal->blank.path), false,
				  &heal->came, err) :
		       err_set(err, ERR_NOMEM, "out of memory");

	if (rc == 0)
		rc = side_mend(&heal->blank, err);

	for (i = 0; rc == 0 && i < heads->n; i++)
		ids[i] = heads->at[i].id;
	if (rc == 0)
		rc = side_reopen(&heal->blank, err);
	if (rc == 0)
		rc = reach_holes(heal->blank.store, &range, false, &visitor,
				 &missing, err);
	if (rc == 0)
		rc = store_flush(heal->vault->store, err);
	else
		store_discard(heal->vault->store);
	table_release(&missing);
	free(ids);
	return rc;
}

/* Of these holes and of what the remote was seen to have. */
static uint64_t digest_of(const struct side *side, const struct table *holes)
{
	uint64_t sum = holes->count;
	size_t i;

	/* In any order. */
	for (i = 0; i < holes->count; i++)
		sum += xxh64_of(table_key_at(holes, i), GIT_OID_RAWSZ);
	for (i = 0; i < side->seen.n; i++)
		sum += xxh64_of(side->seen.at[i].id.id, GIT_OID_RAWSZ);
	return sum;
}

static int memo_path(const struct side *side, struct buf *out, struct err *err)
{
	return path_join(out, buf_text(&side->path), MEMO_FILE, err);
}

bool heal_is_vain(const struct side *side, const struct table *holes)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(sizeof(uint64_t));
	uint64_t sum = digest_of(side, holes);
	bool is = memo_path(side, &path, NULL) == 0 &&
		  file_exists(buf_text(&path)) &&
		  file_read(buf_text(&path), sizeof(sum), &text, NULL) == 0 &&
		  text.len == sizeof(sum) &&
		  !memcmp(text.data, &sum, sizeof(sum));

	buf_release(&text);
	buf_release(&path);
	return is;
}

void heal_note_vain(const struct side *side, const struct table *holes)
{
	struct buf path = PATH_BUF_INIT;
	uint64_t sum = digest_of(side, holes);

	if (memo_path(side, &path, NULL) == 0)
		(void)!file_write_atomic(buf_text(&path),
					 span_of((const char *)&sum,
						 sizeof(sum)), 0600, NULL);
	buf_release(&path);
}

int heal_objects(const struct healing *healing, uint64_t *out_brought,
		 struct err *err)
{
	static const struct side no_side = SIDE_INIT;
	const struct side *side = healing->side;
	struct heal heal = { side->vault, no_side, NULL, healing->holes,
			     BUF_INIT(STORE_OBJECT_MAX), 0 };
	struct buf root = PATH_BUF_INIT;
	char inner[REMOTE_NAME_MAX + 32];
	int rc = vault_local_path(side->vault, "remotes", &root, err);

	heal.blank.vault = side->vault;
	heal.blank.is_blank = true;
	snprintf(inner, sizeof(inner), "remotes/.heal-%s", side->name);
	if (rc == 0)
		rc = vault_local_path(side->vault, inner, &heal.blank.path,
				      err);
	if (rc == 0)
		rc = dir_remove_all(buf_text(&root), buf_text(&heal.blank.path),
				    err);
	if (rc == 0)
		rc = store_create(buf_text(&heal.blank.path), err);
	if (rc == 0)
		rc = side_reopen(&heal.blank, err);
	if (rc == 0)
		rc = receive(&heal, healing, err);
	if (rc == 0)
		rc = sort_out(&heal, healing->heads, err);
	*out_brought = heal.brought;
	if (heal.blank.path.len)
		(void)!dir_remove_all(buf_text(&root),
				      buf_text(&heal.blank.path), NULL);
	store_free(heal.came);
	side_release(&heal.blank);
	buf_release(&heal.bytes);
	buf_release(&root);
	return rc;
}
