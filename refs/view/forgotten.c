#include "refs/view/forgotten.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/view/view_internal.h"

struct forgotten {
	struct table ids;
	unsigned char sum[RECORD_ID_BYTES];
	bool is_read;		/* before, nothing is left out */
};

struct forgets_read {
	struct forgotten *forgotten;
	struct table words;	/* ids of the records that list them */
};

static int include(struct forgotten *forgotten,
		   const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	bool is_new = false;
	size_t i;
	int rc = table_include(&forgotten->ids, id, &is_new, err);

	for (i = 0; rc == 0 && is_new && i < RECORD_ID_BYTES; i++)
		forgotten->sum[i] ^= id[i];
	return rc;
}

static void exclude(struct forgotten *forgotten,
		    const unsigned char id[RECORD_ID_BYTES])
{
	size_t i;

	if (!table_remove(&forgotten->ids, id))
		return;
	for (i = 0; i < RECORD_ID_BYTES; i++)
		forgotten->sum[i] ^= id[i];
}

static int add_list(struct forgotten *forgotten, struct span data,
		    const char *name, struct err *err)
{
	unsigned char id[RECORD_ID_BYTES];
	struct jcs_iter iter;
	struct span list;
	struct span item;
	int rc = 0;

	if (!jcs_find(data, name, &list))
		return 0;
	iter = jcs_iter_array(list);
	while (rc == 0 && jcs_next(&iter, NULL, &item)) {
		if (cid_parse_json(jcs_string_inner(item), id))
			rc = include(forgotten, id, err);
	}
	return rc;
}

static int add_listed(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct forgets_read *listing = arg;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < entity->records_n; i++) {
		struct span data = entity->records[i].record.data;

		rc = table_include(&listing->words, entity->records[i].id,
				   NULL, err);
		if (rc == 0)
			rc = add_list(listing->forgotten, data, "records", err);
		if (rc == 0)
			rc = add_list(listing->forgotten, data, "again", err);
	}
	return rc;
}

/* What says what was forgotten stays, whoever lists it: else that would come
 * back. */
static int read_own(struct view *view, struct forgotten *forgotten,
		    struct err *err)
{
	struct forgets_read listing = {
		forgotten, TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT)
	};
	const struct view_visitor visitor = { add_listed, &listing };
	size_t i;
	int rc = view_each_in(view, "forget", NULL, &visitor, err);

	for (i = 0; i < listing.words.count; i++)
		exclude(forgotten, table_key_at(&listing.words, i));
	forgotten->is_read = true;
	table_release(&listing.words);
	return rc;
}

/* What constructs forget by now, for views of older versions. */
struct forgets {
	char ref_name[CONSTRUCT_NAME_MAX];
	struct forgotten forgotten;
	struct forgets *next;
};

static void forgets_free(void *arg)
{
	struct forgets *forgets = arg;
	struct forgets *next;

	for (; forgets; forgets = next) {
		next = forgets->next;
		table_release(&forgets->forgotten.ids);
		free(forgets);
	}
}

void forgotten_renew(struct vault *vault)
{
	forgets_free(vault->forgets);
	vault->forgets = NULL;
}

static struct forgotten forgotten_of_none(void)
{
	const struct forgotten none = {
		.ids = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT),
	};

	return none;
}

static int look_at_version(void *arg, const struct version *version,
			   struct err *err)
{
	bool *is_found = arg;

	(void)err;
	*is_found |= version->change == CHANGE_FORGET;
	return 0;
}

/* Did any version of the construct forget something, as far as is known? What
 * cannot be read may be one. */
static bool may_forget(const struct view *view)
{
	bool is_found = false;
	const struct history_visitor visitor = { look_at_version, &is_found,
						 &is_found };
	struct head_list heads = HEAD_LIST_INIT;
	struct history_range range = { NULL, 0, NULL, 0 };
	git_oid *ids = NULL;
	int rc = view_heads(view->vault, view->ref_name, &heads, &ids,
			    &range.heads_n, NULL);

	range.heads = ids;
	if (rc == 0)
		rc = history_walk(view->vault->store, &range, &visitor,
				  NULL);
	head_list_release(&heads);
	free(ids);
	return rc < 0 || is_found;
}

/* What is damaged by now keeps nobody from what was before, where nothing was
 * forgotten meanwhile. */
static int judge_damage(const struct view *view, const struct err *reason,
			struct err *err)
{
	if (reason->code == ERR_NOMEM || reason->code == ERR_IO)
		return err_copy(err, reason->code, reason);
	/* Who has no key of what is now says nothing of it. */
	return reason->code == ERR_NO_KEY || !may_forget(view) ? 0 :
	       err_set(err, (enum err_code)reason->code, "what '%s' has "
		       "forgotten by now cannot be read, so nothing older of "
		       "it is shown: %s", view->construct[0] ? view->construct :
		       view->ref_name, reason->text);
}

static int ask_now(const struct view *view, struct forgotten *out,
		   struct err *err)
{
	struct err reason = ERR_INIT;
	struct view *now = NULL;
	int rc = view_open_ref(view->vault, view->ref_name, &now,
			       &reason);

	if (rc == 0 && codec_mode(now->codec) != CODEC_BLIND) {
		/* Stands before it is read, so that reading it ends there. */
		now->forgotten = out;
		rc = read_own(now, out, &reason);
		if (rc == 0 && now->lacks)
			rc = err_set(&reason, ERR_CORRUPT, "a part of it is "
				     "damaged: 'vvault verify --repair' "
				     "brings back what a remote has");
		now->forgotten = NULL;
	}
	view_free(now);
	return rc < 0 ? judge_damage(view, &reason, err) : 0;
}

static int find_now(const struct view *view, const struct forgotten **out,
		    struct err *err)
{
	struct vault *vault = view->vault;
	struct forgets *found = vault->forgets;
	int rc;

	while (found && strcmp(found->ref_name, view->ref_name) != 0)
		found = found->next;
	if (found) {
		*out = &found->forgotten;
		return 0;
	}
	found = calloc(1, sizeof(*found));
	if (!found)
		return err_set(err, ERR_NOMEM, "out of memory");
	snprintf(found->ref_name, sizeof(found->ref_name), "%s",
		 view->ref_name);
	found->forgotten = forgotten_of_none();
	found->next = vault->forgets;
	vault->forgets = found;
	vault->forgets_free = forgets_free;
	rc = ask_now(view, &found->forgotten, err);
	*out = &found->forgotten;
	if (rc < 0)
		forgotten_renew(vault);
	return rc;
}

static int add_now(struct view *view, struct forgotten *forgotten,
		   struct err *err)
{
	const struct forgotten *now = NULL;
	size_t i;
	int rc = find_now(view, &now, err);

	for (i = 0; rc == 0 && i < now->ids.count; i++)
		rc = include(forgotten, table_key_at(&now->ids, i), err);
	return rc;
}

int forgotten_read(struct view *view, struct err *err)
{
	struct forgotten *forgotten;
	int rc;

	if (view->forgotten)
		return 0;
	forgotten = calloc(1, sizeof(*forgotten));
	if (!forgotten)
		return err_set(err, ERR_NOMEM, "out of memory");
	*forgotten = forgotten_of_none();
	/* Stands before it is read, so that reading it ends here. */
	view->forgotten = forgotten;
	rc = read_own(view, forgotten, err);
	if (rc == 0 && !view->is_newest)
		rc = add_now(view, forgotten, err);
	if (rc < 0) {
		forgotten_free(forgotten);
		view->forgotten = NULL;
	}
	return rc;
}

int forgotten_name(struct view *view, struct buf *out, struct err *err)
{
	const struct vault *vault = view->vault;
	int rc = view_check_key(view, err);

	if (rc == 0)
		rc = forgotten_read(view, err);
	if (rc < 0)
		return rc;
	buf_put(out, view->ref_name, strlen(view->ref_name) + 1);
	buf_put(out, view->forgotten->sum, RECORD_ID_BYTES);
	if (vault->keys_n)
		buf_put(out, vault->keys[vault->keys_n - 1].id, KEY_ID_BYTES);
	return buf_end(out, err);
}

bool forgotten_any(const struct view *view)
{
	return view->forgotten && view->forgotten->is_read &&
	       view->forgotten->ids.count;
}

bool forgotten_has(const struct view *view,
		   const unsigned char id[RECORD_ID_BYTES])
{
	return forgotten_any(view) &&
	       table_get(&view->forgotten->ids, id, NULL);
}

bool forgotten_more(const struct view *view, const struct view *than)
{
	size_t i;

	for (i = 0; forgotten_any(view) && i < view->forgotten->ids.count; i++)
		if (!forgotten_has(than, table_key_at(&view->forgotten->ids,
						      i)))
			return true;
	return false;
}

void forgotten_free(struct forgotten *forgotten)
{
	if (!forgotten)
		return;
	table_release(&forgotten->ids);
	free(forgotten);
}
