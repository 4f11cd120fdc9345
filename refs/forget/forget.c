#include "refs/forget/forget.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/id/cid.h"
#include "objects/blob/blob.h"
#include "objects/tree/without.h"
#include "refs/forget/blobs.h"
#include "refs/forget/forget_internal.h"
#include "refs/vault/local.h"
#include "refs/view/forgotten.h"
#include "refs/write/publish.h"

/* The homes of those that go. */
struct forgetting {
	struct view *view;
	struct table ids;
	struct arrange_record *at;
	size_t n;
	size_t cap;
};

/* What goes, as it is found where it stands. */
struct leaving {
	struct forgetting *forgetting;
	struct forget_list list;
	struct table blobs;		/* digests that it refers to ... */
	struct view *now;		/* and by now, who else does */
	uint64_t blobs_gone;
};

static int owner_check(const struct vault *vault, const char *construct,
		       struct err *err)
{
	const struct device_key *signer = vault_signer(vault);
	int rc = writer_role_check(vault, construct, err);

	if (rc < 0 || vault_state_role(&vault->state, signer->public) ==
		      ROLE_OWNER)
		return rc;
	return err_set(err, ERR_DENIED, "only an owner of the vault may have "
		       "something forgotten, and '%s' is none", signer->did);
}

int forgetting_new(struct view *view, struct forgetting **out, struct err *err)
{
	struct forgetting *forgetting;
	int rc = owner_check(view->vault, view->construct, err);

	if (rc < 0)
		return rc;
	forgetting = calloc(1, sizeof(*forgetting));
	if (!forgetting)
		return err_set(err, ERR_NOMEM, "out of memory");
	forgetting->view = view;
	forgetting->ids = (struct table)TABLE_INIT(RECORD_ID_BYTES,
						   TABLE_NO_LIMIT);
	*out = forgetting;
	return 0;
}

void forgetting_free(struct forgetting *forgetting)
{
	if (!forgetting)
		return;
	table_release(&forgetting->ids);
	free(forgetting->at);
	free(forgetting);
}

int forgetting_add(struct forgetting *forgetting, const struct record *record,
		   const unsigned char id[RECORD_ID_BYTES], bool *out_is_new,
		   struct err *err)
{
	struct arrange_record *place;
	bool is_new = !forgetting_has(forgetting, id);
	int rc;

	if (record->kind->is_reserved)
		return err_set(err, ERR_INVALID, "'%.*s' says what was "
			       "forgotten, and stays", (int)record->entity.len,
			       record->entity.at);
	if (out_is_new)
		*out_is_new = is_new;
	if (!is_new)
		return 0;
	rc = array_room_in(forgetting->at, forgetting->n, forgetting->cap,
			   err);
	if (rc < 0)
		return rc;
	place = &forgetting->at[forgetting->n];
	rc = arrange_record_init(forgetting->view->codec, record, id, place,
				 err);
	if (rc == 0)
		rc = table_include(&forgetting->ids, id, NULL, err);
	if (rc < 0)
		return rc;
	place->line.line = place->line.at = span_of("", 0);
	forgetting->n++;
	return 0;
}

bool forgetting_has(const struct forgetting *forgetting,
		    const unsigned char id[RECORD_ID_BYTES])
{
	return table_get(&forgetting->ids, id, NULL);
}

size_t forgetting_count(const struct forgetting *forgetting)
{
	return forgetting->n;
}

static int take_blob(void *arg, const unsigned char digest[SHA256_BYTES],
		     struct err *err)
{
	struct leaving *leaving = arg;

	return table_include(&leaving->blobs, digest, NULL, err);
}

static int take_leaving(void *arg, const struct record *record,
		       const unsigned char id[RECORD_ID_BYTES],
		       struct err *err)
{
	struct leaving *leaving = arg;
	const struct blobs_visitor blobs = { take_blob, leaving };
	int rc = forget_list_add(&leaving->list, record, id, err);

	return rc < 0 ? rc : blobs_each(leaving->forgetting->view,
					record->data, &blobs, err);
}

static int keep_blob(void *arg, const unsigned char digest[SHA256_BYTES],
		     struct err *err)
{
	struct leaving *leaving = arg;

	(void)err;
	table_remove(&leaving->blobs, digest);
	return 0;
}

/* A record that stays needs its blobs. */
static int keep_blobs(void *arg, const struct fold_record *record,
		      struct err *err)
{
	struct leaving *leaving = arg;
	const struct blobs_visitor blobs = { keep_blob, leaving };

	if (forgetting_has(leaving->forgetting, record->id))
		return 0;
	return blobs_each(leaving->now, record->record.data, &blobs, err);
}

/* Only what nothing else refers to; so all that stands is read. */
static int find_lonely(struct leaving *leaving, struct err *err)
{
	const struct view_record_visitor visitor = { keep_blobs, leaving };
	const struct view *view = leaving->forgetting->view;
	int rc = view_open_ref(view->vault, view->ref_name, &leaving->now, err);

	if (rc == 0)
		rc = view_records(leaving->now, &visitor, err);
	view_free(leaving->now);
	return rc;
}

static int remove_blobs(struct leaving *leaving, git_oid *tree,
			struct err *err)
{
	struct view *view = leaving->forgetting->view;
	struct store *store = view->vault->store;
	struct tree_segments pieces = TREE_SEGMENTS_INIT;
	size_t i;
	int rc = leaving->blobs.count ? find_lonely(leaving, err) : 0;

	leaving->blobs_gone = 0;
	for (i = 0; rc == 0 && i < leaving->blobs.count; i++) {
		size_t before = pieces.n;

		rc = blob_pieces(store, view->codec, tree,
				 table_key_at(&leaving->blobs, i), &pieces,
				 err);
		leaving->blobs_gone += pieces.n > before;
	}
	if (rc == 0 && pieces.n)
		rc = tree_remove(store, tree, &pieces, tree, err);
	tree_segments_release(&pieces);
	return rc;
}

/* Say what went. */
static int insert_words(struct leaving *leaving, git_oid *tree,
			struct err *err)
{
	struct view *view = leaving->forgetting->view;
	struct store *store = view->vault->store;
	struct tree_segments words = TREE_SEGMENTS_INIT;
	int rc = forget_list_write(&leaving->list, view, &words, err);

	if (rc == 0)
		rc = tree_insert(store, tree, &words, tree, err);
	tree_segments_release(&words);
	return rc;
}

static int make_tree(void *arg, const git_oid *tree, git_oid *out,
		     struct err *err)
{
	struct leaving *leaving = arg;
	struct forgetting *forgetting = leaving->forgetting;
	const struct without without = { forgetting->at, forgetting->n,
					 take_leaving, leaving };
	struct view *view = forgetting->view;
	int rc = owner_check(view->vault, view->construct, err);

	if (rc == 0)
		rc = tree_without(view->vault->store, view->codec, tree,
				  &without, out, err);
	if (rc < 0 || !leaving->list.n)
		return rc;
	rc = remove_blobs(leaving, out, err);
	return rc < 0 ? rc : insert_words(leaving, out, err);
}

int forgetting_commit(struct forgetting *forgetting, const char *subject,
		      struct forget_result *out, struct err *err)
{
	struct view *view = forgetting->view;
	struct leaving leaving = {
		.forgetting = forgetting, .list = FORGET_LIST_INIT,
		.blobs = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};
	struct publication publication = {
		.vault = view->vault, .construct = view->construct,
		.ref_name = view->ref_name, .codec = view->codec,
		.subject = subject, .records = 1,
	};
	const struct replacement replacement = { CHANGE_FORGET, make_tree,
						 &leaving };
	struct forget_result result = { .has_version = false };
	int rc = publish_in_place(&publication, &replacement,
				  &result.has_version, &result.version, err);

	store_discard(view->vault->store);
	forgotten_renew(view->vault);
	if (rc == 0 && result.has_version) {
		result.records = leaving.list.n;
		result.blobs = leaving.blobs_gone;
		result.has_index = index_drop(view->vault, view->ref_name,
					      NULL) < 0;
	}
	if (rc == 0)
		*out = result;
	forget_list_release(&leaving.list);
	table_release(&leaving.blobs);
	return rc;
}
