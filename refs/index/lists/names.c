#include "refs/index/lists/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/json/jcs_scan.h"
#include "refs/index/lists/constructs.h"
#include "refs/index/lists/merged.h"
#include "refs/index/lists/names_known.h"

/* So many are asked one by one, before all are looked at. */
#define ASKED_MAX 16
#define DISPUTED_SHOWN 8
#define SHOWN_KEY_BYTES 64	/* the longest name, without its end */

/* --- what one says of itself --- */

static void take_name(struct span object, const char *field,
		      char out[CONSTRUCT_NAME_MAX])
{
	struct span name;

	if (!jcs_find_string(object, field, &name) ||
	    construct_name_check(name, NULL) < 0)
		return;
	memcpy(out, name.at, name.len);
	out[name.len] = '\0';
}

static int take_state(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct construct_says *says = arg;
	struct span merged;
	struct span count;
	int64_t records = 0;

	(void)err;
	if (!entity->state.at)
		return 0;
	take_name(entity->state, "called", says->called);
	/* Nobody could be called so. */
	if (!strcmp(says->called, VAULT_CONSTRUCT))
		says->called[0] = '\0';
	if (!jcs_find(entity->state, "merged", &merged))
		return 0;
	take_name(merged, "into", says->merged);
	if (jcs_find(merged, "records", &count) &&
	    jcs_integer(count, &records) && records > 0)
		says->merged_records = (uint64_t)records;
	return 0;
}

int construct_says(struct view *view, struct construct_says *out,
		   struct err *err)
{
	const struct view_visitor visitor = { take_state, out };
	char entity[CONSTRUCT_NAME_MAX + sizeof("construct:")];
	int rc;

	memset(out, 0, sizeof(*out));
	if (!view->construct[0] || codec_mode(view->codec) == CODEC_BLIND)
		return 0;
	snprintf(entity, sizeof(entity), "construct:%s", view->construct);
	rc = view_one(view, span_str(entity), &visitor, err);
	if (!strcmp(out->called, view->construct))
		out->called[0] = '\0';
	return rc;
}

/* --- all of them --- */

/* One that is called otherwise than its id. */
struct called {
	char id[CONSTRUCT_NAME_MAX];
	char shown[CONSTRUCT_NAME_MAX];
	char says[CONSTRUCT_NAME_MAX];
	/* Another one would be called so as well: for whom a record is meant
	 * cannot be told by it. */
	bool is_disputed;
};

struct construct_names {
	struct {
		struct called *at;
		size_t n;
		size_t cap;
	} called;			/* by id */
	struct table taken;		/* ids: 0; what was given: of which of
					   called, from 1 */
	struct merge_links links;	/* what they say of that */
	struct table merged;		/* by ref name: those that were */
};

static void names_free(void *arg)
{
	struct construct_names *names = arg;

	if (!names)
		return;
	free(names->called.at);
	table_release(&names->taken);
	table_release(&names->merged);
	merge_links_release(&names->links);
	free(names);
}

void names_forget(struct vault *vault)
{
	if (vault->names_free)
		vault->names_free(vault->names);
	vault->names = NULL;
	vault->names_plain[0] = '\0';
}

static int take_construct(void *arg, const struct construct_summary *summary,
			  struct err *err)
{
	struct construct_names *names = arg;
	char key[SHOWN_KEY_BYTES + 1] = "";
	struct called *called;
	int rc;

	if (!summary->construct[0])
		return 0;
	snprintf(key, sizeof(key), "%s", summary->construct);
	rc = table_include(&names->taken, key, NULL, err);
	if (rc == 0)
		rc = merge_links_add(&names->links, summary, err);
	if (rc < 0 || !summary->says.called[0])
		return rc;
	rc = array_room(&names->called, err);
	if (rc < 0)
		return rc;
	called = &names->called.at[names->called.n++];
	memcpy(called->id, summary->construct, sizeof(called->id));
	memcpy(called->shown, summary->says.called, sizeof(called->shown));
	memcpy(called->says, summary->says.called, sizeof(called->says));
	called->is_disputed = false;
	return 0;
}

/* What is damaged has the name that it had. */
static int pass_over(void *arg, const char *name, struct err *reason)
{
	(void)arg;
	(void)name;
	err_clear(reason);
	return 0;
}

static int order_called(const void *a, const void *b)
{
	return strcmp(((const struct called *)a)->id,
		      ((const struct called *)b)->id);
}

/* The name that it was given, or that and the first number that is free. */
static int settle_name(struct construct_names *names, struct called *called,
		       struct err *err)
{
	char key[SHOWN_KEY_BYTES + 1] = "";
	char end[16] = "";
	uint64_t holder;
	unsigned n = 1;

	for (;;) {
		memset(key, 0, sizeof(key));
		snprintf(key, sizeof(key), "%.*s%s",
			 (int)(SHOWN_KEY_BYTES - strlen(end)), called->shown,
			 end);
		if (!table_get(&names->taken, key, &holder))
			break;
		if (holder) {
			names->called.at[holder - 1].is_disputed = true;
			called->is_disputed = true;
		}
		snprintf(end, sizeof(end), "-%u", ++n);
	}
	memcpy(called->shown, key, sizeof(called->shown));
	return table_put(&names->taken, key,
			 (uint64_t)(called - names->called.at) + 1, err);
}

/* What means one alone is what that name means here. */
static void keep_known(const struct construct_names *names,
		       struct vault *vault)
{
	/* Of a part of the vault it is not known what means one alone. */
	struct names_known *known = names->called.n && !vault->scope ?
				    names_known_open(vault) : NULL;
	char id[CONSTRUCT_NAME_MAX];
	const struct called *called;
	size_t i;

	for (i = 0; known && i < names->called.n; i++) {
		called = &names->called.at[i];
		if (!called->is_disputed &&
		    !strcmp(called->shown, called->says) &&
		    (!names_known_get(known, called->says, id) ||
		     strcmp(id, called->id) != 0))
			names_known_put(known, called->says, called->id);
	}
	names_known_free(known);
}

/* As long as what was given is not among the ids. */
static int settle_merged(struct construct_names *names, struct vault *vault,
			 struct err *err)
{
	char key[SHOWN_KEY_BYTES + 1];
	int rc = merge_links_settle(&names->links, vault, &names->taken, err);
	size_t i;

	for (i = 0; rc == 0 && i < names->links.n; i++) {
		if (!names->links.at[i].is_so)
			continue;
		memset(key, 0, sizeof(key));
		snprintf(key, sizeof(key), "%s", names->links.at[i].ref_name);
		rc = table_put(&names->merged, key, i, err);
	}
	return rc;
}

static int names_load(struct vault *vault, struct construct_names **out,
		      struct err *err)
{
	struct construct_visitor visitor = { take_construct, pass_over, NULL };
	struct construct_names *names = vault->names;
	size_t i;
	int rc;

	*out = names;
	if (names)
		return 0;
	names = calloc(1, sizeof(*names));
	if (!names)
		return err_set(err, ERR_NOMEM, "out of memory");
	names->taken = (struct table)TABLE_INIT(SHOWN_KEY_BYTES, TABLE_NO_LIMIT);
	names->merged = (struct table)TABLE_INIT(SHOWN_KEY_BYTES,
						 TABLE_NO_LIMIT);
	visitor.arg = names;
	rc = constructs_each_said(vault, &visitor, err);
	if (rc == 0)
		rc = settle_merged(names, vault, err);
	if (rc == 0 && names->called.n)
		qsort(names->called.at, names->called.n,
		      sizeof(*names->called.at), order_called);
	for (i = 0; rc == 0 && i < names->called.n; i++)
		rc = settle_name(names, &names->called.at[i], err);
	if (rc < 0) {
		names_free(names);
		return rc;
	}
	keep_known(names, vault);
	vault->names = names;
	vault->names_free = names_free;
	*out = names;
	return 0;
}

int names_shown(struct vault *vault, const char *id, const char **out,
		struct err *err)
{
	struct construct_names *names;
	const struct called *called;
	struct called key;
	int rc = names_load(vault, &names, err);

	*out = NULL;
	if (rc < 0 || !names->called.n)
		return rc;
	snprintf(key.id, sizeof(key.id), "%s", id);
	called = bsearch(&key, names->called.at, names->called.n, sizeof(key),
			 order_called);
	*out = called ? called->shown : NULL;
	return 0;
}

/* What cannot be read has no other name. */
static bool is_called(struct vault *vault, const char *id, const char *so)
{
	struct construct_says says = { .merged_records = 0 };
	char ref_name[CONSTRUCT_NAME_MAX];
	struct view *view = NULL;
	bool is_so;

	if (!strcmp(id, VAULT_CONSTRUCT))
		return false;
	/* A ref that is lost is for those to tell who look for it. */
	vault->is_glanced_at = true;
	is_so = vault_ref_name(vault, id, ref_name, NULL) == 0 &&
		view_open_ref(vault, ref_name, &view, NULL) == 0 &&
		construct_says(view, &says, NULL) == 0 && says.called[0] &&
		(!so || !strcmp(says.called, so));
	view_free(view);
	vault->is_glanced_at = false;
	return is_so;
}

int names_shown_of_few(struct vault *vault, const char *id, const char **out,
		       struct err *err)
{
	if (vault->names || vault->names_asked >= ASKED_MAX)
		return names_shown(vault, id, out, err);
	*out = NULL;
	if (!strcmp(vault->names_plain, id))
		return 0;
	vault->names_asked++;
	if (is_called(vault, id, NULL))
		return names_shown(vault, id, out, err);
	snprintf(vault->names_plain, sizeof(vault->names_plain), "%s", id);
	return 0;
}

static int find_called(struct vault *vault, const char *shown,
		       const struct construct_names **out_names,
		       const struct called **out, struct err *err)
{
	struct construct_names *names;
	size_t i;
	int rc = names_load(vault, &names, err);

	*out = NULL;
	*out_names = names;
	for (i = 0; rc == 0 && i < names->called.n; i++) {
		if (!strcmp(names->called.at[i].shown, shown))
			*out = &names->called.at[i];
	}
	return rc;
}

int names_find(struct vault *vault, const char *shown, const char **out,
	       struct err *err)
{
	const struct construct_names *names;
	const struct called *called;
	int rc = find_called(vault, shown, &names, &called, err);

	*out = called ? called->id : NULL;
	return rc;
}

/* By their ids, as many as fit. */
static int refuse_disputed(const struct construct_names *names,
			   const struct called *meant, const char *shown,
			   struct err *err)
{
	struct buf ids = BUF_INIT(BUF_NO_LIMIT);
	const struct called *called;
	size_t n = 0;
	size_t i;
	int rc;

	for (i = 0; i < names->called.n; i++) {
		called = &names->called.at[i];
		if (!called->is_disputed || strcmp(called->says, meant->says))
			continue;
		if (n++ < DISPUTED_SHOWN)
			buf_putf(&ids, "%s'%s'", ids.len ? ", " : "",
				 called->id);
	}
	rc = buf_end(&ids, err);
	if (rc == 0 && n > 1)
		err_set(err, ERR_INVALID, "%zu constructs are called '%s': "
			"name the one that is meant by its id: %s", n,
			meant->says, buf_text(&ids));
	else if (rc == 0)
		err_set(err, ERR_INVALID, "more than one construct was to be "
			"called '%s': if that is '%s', name it by this, its "
			"id", shown, meant->id);
	buf_release(&ids);
	return rc < 0 ? rc : ERR_INVALID;
}

int names_find_surely(struct vault *vault, const char *shown,
		      const char **out, struct err *err)
{
	const struct construct_names *names;
	const struct called *called;
	int rc = find_called(vault, shown, &names, &called, err);

	*out = called ? called->id : NULL;
	if (rc == 0 && called && called->is_disputed)
		rc = refuse_disputed(names, called, shown, err);
	return rc;
}

int names_check_id(struct vault *vault, const char *id, struct err *err)
{
	struct names_known *known = names_known_open(vault);
	char other[CONSTRUCT_NAME_MAX];
	bool is_other = known && names_known_get(known, id, other) &&
			strcmp(other, id) && is_called(vault, other, id);

	names_known_free(known);
	return is_other ?
		err_set(err, ERR_INVALID, "'%s' is called '%s', and a "
			"construct with this id came later: give '%s' "
			"another name first ('vvault construct rename'), or "
			"name it by its id", other, id, other) : 0;
}

int names_each_disputed(struct vault *vault,
			void (*visit)(void *arg, const char *shown,
				      const char *id),
			void *arg, struct err *err)
{
	const struct called *called;
	struct construct_names *names;
	size_t i;
	int rc = names_load(vault, &names, err);

	for (i = 0; rc == 0 && i < names->called.n; i++) {
		called = &names->called.at[i];
		if (called->is_disputed)
			visit(arg, called->shown, called->id);
	}
	return rc;
}

int names_merged(struct vault *vault, const char *ref_name,
		 const char **out_into, uint64_t *out_since, struct err *err)
{
	char key[SHOWN_KEY_BYTES + 1] = "";
	struct construct_names *names;
	uint64_t at;
	int rc = names_load(vault, &names, err);

	*out_into = NULL;
	*out_since = 0;
	snprintf(key, sizeof(key), "%s", ref_name);
	if (rc == 0 && table_get(&names->merged, key, &at)) {
		*out_into = names->links.at[at].into;
		*out_since = names->links.at[at].since;
	}
	return rc;
}

int names_is_merged(struct vault *vault, const char *ref_name, bool *out,
		    struct err *err)
{
	const char *into;
	uint64_t since;
	int rc = names_merged(vault, ref_name, &into, &since, err);

	*out = rc == 0 && into && !since;
	return rc;
}

int names_is_id(struct vault *vault, const char *id, bool *out,
		struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	char ref_name[CONSTRUCT_NAME_MAX];
	git_oid *ids = NULL;
	size_t n = 0;
	int rc;

	*out = false;
	/* Without keys only what stands in refs is a name. */
	if (vault_ref_name(vault, id, ref_name, NULL) < 0)
		snprintf(ref_name, sizeof(ref_name), "%s", id);
	rc = view_heads(vault, ref_name, &heads, &ids, &n, err);
	*out = rc == 0 && heads.n;
	head_list_release(&heads);
	free(ids);
	return rc;
}

int construct_shown(struct view *view, const char **out, struct err *err)
{
	struct construct_says says = { .merged_records = 0 };
	const char *shown = NULL;
	int rc = 0;

	if (!view->knows_called) {
		rc = construct_says(view, &says, err);
		if (rc == 0 && says.called[0])
			rc = names_shown(view->vault, view->construct, &shown,
					 err);
		if (rc == 0 && shown)
			snprintf(view->called, sizeof(view->called), "%s",
				 shown);
		view->knows_called = rc == 0;
	}
	*out = view->called;
	return rc;
}
