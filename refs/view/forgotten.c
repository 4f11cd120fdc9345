#include "refs/view/forgotten.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "refs/view/view_internal.h"

struct forgotten {
	struct table ids;
	unsigned char sum[RECORD_ID_BYTES];
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
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < entity->records_n; i++) {
		struct span data = entity->records[i].record.data;

		rc = add_list(arg, data, "records", err);
		if (rc == 0)
			rc = add_list(arg, data, "again", err);
	}
	return rc;
}

static int read_own(struct view *view, struct forgotten *forgotten,
		    struct err *err)
{
	const struct view_visitor visitor = { add_listed, forgotten };

	return view_each_in(view, "forget", NULL, &visitor, err);
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

/* What is damaged by now does not keep anybody from what was before. */
static int ask_now(struct vault *vault, const char *ref_name,
		   struct forgotten *out, struct err *err)
{
	struct err reason = ERR_INIT;
	struct view *now = NULL;
	int rc = view_open_ref(vault, ref_name, &now, &reason);

	if (rc == 0 && codec_mode(now->codec) != CODEC_BLIND) {
		/* Stands before it is read, so that reading it ends there. */
		now->forgotten = out;
		rc = read_own(now, out, &reason);
		now->forgotten = NULL;
	}
	view_free(now);
	return rc == ERR_NOMEM || rc == ERR_IO ? err_copy(err, rc, &reason) : 0;
}

static int find_now(struct vault *vault, const char *ref_name,
		    const struct forgotten **out, struct err *err)
{
	struct forgets *found = vault->forgets;
	int rc;

	while (found && strcmp(found->ref_name, ref_name) != 0)
		found = found->next;
	if (found) {
		*out = &found->forgotten;
		return 0;
	}
	found = calloc(1, sizeof(*found));
	if (!found)
		return err_set(err, ERR_NOMEM, "out of memory");
	snprintf(found->ref_name, sizeof(found->ref_name), "%s", ref_name);
	found->forgotten = forgotten_of_none();
	found->next = vault->forgets;
	vault->forgets = found;
	vault->forgets_free = forgets_free;
	rc = ask_now(vault, ref_name, &found->forgotten, err);
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
	int rc = find_now(view->vault, view->ref_name, &now, err);

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

bool forgotten_has(const struct view *view,
		   const unsigned char id[RECORD_ID_BYTES])
{
	return view->forgotten && view->forgotten->ids.count &&
	       table_get(&view->forgotten->ids, id, NULL);
}

bool forgotten_any(const struct view *view)
{
	return view->forgotten && view->forgotten->ids.count;
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
