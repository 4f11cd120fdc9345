#include "refs/view/view_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/trust/open.h"
#include "refs/trust/settle.h"
#include "refs/verify/bounds.h"
#include "refs/verify/verify.h"

#define NAME_STEPS 64		/* back from a head for a note that opens */

static int view_fill(struct view *view, struct err *err)
{
	struct vault *vault = view->vault;
	struct version version;
	int rc = vault_codec(vault, view->ref_name, &view->codec, err);

	if (rc < 0)
		return rc;
	if (view->heads_n == 1) {
		/* The version says its root, and entered only because it is
		 * true: no tree need be read. */
		version_init(&version);
		rc = version_read(vault->store, &view->heads[0], &version,
				  err);
		if (rc == 0) {
			view->tree = version.tree;
			memcpy(view->root, version.root, SHA256_BYTES);
		}
		version_release(&version);
		return rc;
	}
	rc = history_union(vault->store, view->heads, view->heads_n,
			   &view->tree, err);
	if (rc < 0)
		return rc;
	return tree_root(vault->store, &view->tree, view->root, err);
}

/* What this version's note says; false where it says nothing of use. */
static bool note_name(struct view *view, const struct version *version,
		      int *rc, struct err *err)
{
	struct err quiet = ERR_INIT;

	*rc = vault_construct_name(view->vault, version, view->construct,
				   &quiet);
	if (*rc == 0 || *rc == ERR_NO_KEY) {
		*rc = 0;
		return true;
	}
	if (*rc == ERR_NOMEM || *rc == ERR_IO) {
		*rc = err_set(err, (enum err_code)*rc, "%s", quiet.text);
		return true;
	}
	*rc = 0;
	return false;
}

/*
 * The construct's own name, where this device can read it. A writer may have
 * made a note that nobody can read: that must not hide the construct, so the
 * versions before are asked, and in the end the keyed name will do.
 */
static int view_name(struct view *view, struct err *err)
{
	struct version version;
	bool is_done = false;
	git_oid id;
	size_t i;
	size_t steps;
	int rc = 0;

	version_init(&version);
	for (i = 0; rc == 0 && !is_done && i < view->heads_n; i++) {
		id = view->heads[i];
		for (steps = 0; rc == 0 && !is_done && steps < NAME_STEPS;
		     steps++) {
			rc = version_read(view->vault->store, &id, &version,
					  err);
			if (rc < 0)
				break;
			is_done = note_name(view, &version, &rc, err);
			if (!version.parents_n)
				break;
			id = version.parents[0];
		}
	}
	version_release(&version);
	return rc;
}

struct persona {
	struct buf *out;
	size_t start;		/* of it in out */
	bool is_found;
	const char *own;	/* the entity that is the construct itself */
};

/* A construct's state has the capsule's persona below its own already. */
static int take_persona(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct persona *persona = arg;
	bool is_own = span_equals(entity->entity, span_str(persona->own));
	struct span value;

	/* What was merged into it has a persona as well. */
	if ((persona->is_found && !is_own) || !entity->state.at ||
	    !jcs_find(entity->state, "persona", &value))
		return 0;
	persona->is_found = true;
	buf_cut(persona->out, persona->start);
	return buf_add_span(persona->out, value, err);
}

int view_open_versions(struct vault *vault, const char *ref_name,
		       const git_oid *versions, size_t versions_n,
		       struct view **out, struct err *err)
{
	struct view *view;
	int rc;

	view = calloc(1, sizeof(*view));
	if (!view)
		return err_set(err, ERR_NOMEM, "out of memory");
	view->vault = vault;
	memcpy(view->ref_name, ref_name, strlen(ref_name) + 1);
	view->heads = calloc(versions_n + 1, sizeof(*versions));
	if (!view->heads) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto fail;
	}
	if (versions_n)
		memcpy(view->heads, versions, versions_n * sizeof(*versions));
	view->heads_n = versions_n;
	rc = view_fill(view, err);
	if (rc == 0)
		rc = view_name(view, err);
	if (rc < 0)
		goto fail;
	*out = view;
	return 0;
fail:
	view_free(view);
	return rc;
}

void view_free(struct view *view)
{
	if (!view)
		return;
	(void)!lacks_tell(view, NULL);
	codec_free(view->codec);
	forgotten_free(view->forgotten);
	free(view->heads);
	free(view);
}

#define NEXT_STEP "'vvault verify --repair' brings back what a remote has"

static bool is_damage(int code)
{
	return code == ERR_CORRUPT || code == ERR_NOT_FOUND ||
	       code == ERR_UNTRUSTED || code == ERR_INVALID ||
	       code == ERR_LIMIT;
}

/* The first one, while nothing was read: should nothing be, it is an error. */
struct view_lack {
	const char *what;
	unsigned char digest[SHA256_BYTES];
	struct err reason;
};

static const char *name_of(const struct view *view)
{
	return view->construct[0] ? view->construct : view->ref_name;
}

static int tell_lack(struct view *view, const char *what,
		     const unsigned char digest[SHA256_BYTES],
		     const struct err *reason, struct err *err)
{
	struct vault *vault = view->vault;
	struct problem said;
	bool is_new;
	int rc = table_include(&vault->lacking, digest, &is_new, err);

	if (rc < 0 || !is_new || !vault->calls.tell)
		return rc;
	memset(&said, 0, sizeof(said));
	snprintf(said.code, sizeof(said.code), "unreadable-%s", what);
	cid_text(CID_RAW, digest, said.object);
	snprintf(said.message, sizeof(said.message), "%.300s; what it holds "
		 "of '%s' is missing from what is shown; " NEXT_STEP,
		 reason->text, name_of(view));
	vault->calls.tell(vault->calls.arg, &said);
	return 0;
}

int lacks_tell(struct view *view, struct err *err)
{
	struct view_lack *lack = view->first;
	int rc = 0;

	view->first = NULL;
	if (lack)
		rc = tell_lack(view, lack->what, lack->digest, &lack->reason,
			       err);
	free(lack);
	return rc;
}

int lacks_all(struct view *view, struct err *err)
{
	struct view_lack *lack = view->first;
	int rc = 0;

	view->first = NULL;
	if (lack)
		rc = err_set(err, (enum err_code)lack->reason.code, "nothing "
			     "of '%s' can be read: %s; " NEXT_STEP,
			     name_of(view), lack->reason.text);
	free(lack);
	return rc;
}

int view_lacks(struct view *view, const char *what,
	       const unsigned char digest[SHA256_BYTES],
	       const struct err *reason, struct err *err)
{
	char id[CID_TEXT_MAX];
	int rc;

	if (!is_damage(reason->code))
		return err_copy(err, reason->code, reason);
	cid_text(CID_RAW, digest, id);
	if (!view->vault->calls.may_lack)
		return err_set(err, (enum err_code)reason->code, "the %s '%s' "
			       "of '%s' cannot be read, and nothing is built "
			       "on the rest: %s; " NEXT_STEP, what, id,
			       name_of(view), reason->text);
	if (!view->lacks++ && !view->has_read) {
		view->first = calloc(1, sizeof(*view->first));
		if (!view->first)
			return err_set(err, ERR_NOMEM, "out of memory");
		view->first->what = what;
		view->first->reason = *reason;
		memcpy(view->first->digest, digest, SHA256_BYTES);
		return 0;
	}
	/* Of one that is met again there is nothing new to tell. */
	if (view->first && !memcmp(view->first->digest, digest, SHA256_BYTES))
		return 0;
	rc = lacks_tell(view, err);
	return rc < 0 ? rc : tell_lack(view, what, digest, reason, err);
}

int view_blob(struct view *view, const unsigned char digest[SHA256_BYTES],
	      struct buf *out, bool *out_is_there, struct err *err)
{
	struct err reason = ERR_INIT;
	size_t begin = out->len;
	int rc = blob_read(view->vault->store, view->codec, &view->tree,
			   digest, out, &reason);

	*out_is_there = rc == 0;
	if (rc == 0)
		return 0;
	buf_cut(out, begin);
	return view_lacks(view, "blob", digest, &reason, err);
}

/* Of the heads of `vault` its state knows which count. */
static int take_vault_heads(struct vault *vault, git_oid **ids, size_t *n,
			    struct err *err)
{
	git_oid *heads;
	int rc = vault_refresh(vault, err);

	if (rc < 0)
		return rc;
	heads = calloc(vault->state.heads_n + 1, sizeof(*heads));
	if (!heads)
		return err_set(err, ERR_NOMEM, "out of memory");
	*n = vault->state.heads_n;
	if (*n)
		memcpy(heads, vault->state.heads, *n * sizeof(*heads));
	free(*ids);
	*ids = heads;
	return 0;
}

/* What counts of one construct's heads and second lines; forks: of all, unless
 * there are no heads that name the construct. */
static int settle_heads(struct vault *vault, const struct head_list *heads,
			const struct head_list *forks, git_oid **out,
			size_t *out_n, struct err *err)
{
	const char *ref_name = heads->n ? heads->at->construct : NULL;
	git_oid *ids = calloc(heads->n + forks->n + 1, sizeof(*ids));
	bool may_bind = false;
	size_t count = 0;
	size_t i;
	int rc = 0;

	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < heads->n; i++) {
		may_bind = may_bind ||
			   bounds_may_bind(vault, heads->at[i].device);
		ids[count++] = heads->at[i].id;
	}
	for (i = 0; i < forks->n; i++) {
		if (ref_name && strcmp(forks->at[i].construct, ref_name))
			continue;
		ref_name = forks->at[i].construct;
		may_bind = may_bind ||
			   bounds_may_bind(vault, forks->at[i].device);
		ids[count++] = forks->at[i].id;
	}
	if (ref_name && !strcmp(ref_name, VAULT_CONSTRUCT)) {
		rc = take_vault_heads(vault, &ids, &count, err);
	} else {
		if (may_bind)
			rc = bounds_settle(vault, &ids, &count, err);
		if (rc == 0)
			rc = history_maximal(vault->store, ids, &count, err);
	}
	if (rc < 0) {
		free(ids);
		return rc;
	}
	*out = ids;
	*out_n = count;
	return 0;
}

int view_heads(struct vault *vault, const char *ref_name,
	      struct head_list *heads, git_oid **out, size_t *out_n,
	      struct err *err)
{
	struct head_list forks = HEAD_LIST_INIT;
	int rc;

	/* Second lines are heads too, but no refs that a device moves. */
	rc = heads_settled(vault, ref_name, heads, &forks, err);
	if (rc == 0)
		rc = settle_heads(vault, heads, &forks, out, out_n, err);
	head_list_release(&forks);
	return rc;
}

static int visit_heads(struct vault *vault, const struct head_list *heads,
		       const struct head_list *forks,
		       const struct view_heads_visitor *visitor,
		       struct err *err)
{
	struct err reason = ERR_INIT;
	git_oid *ids = NULL;
	size_t ids_n = 0;
	size_t i;
	int rc = 0;

	/* A damaged ref: asked for alone, it says so. */
	for (i = 0; rc == 0 && i < heads->n; i++) {
		struct head_list one = HEAD_LIST_INIT;

		if (git_oid_is_zero(&heads->at[i].id))
			rc = heads_list(vault->store,
					"refs/heads/", heads->at->construct,
					&one, NULL, &reason);
		head_list_release(&one);
	}
	if (rc == 0)
		rc = settle_heads(vault, heads, forks, &ids, &ids_n, &reason);
	if (rc < 0)
		rc = visitor->hurt(visitor->arg, heads->at->construct,
				   &reason);
	else
		rc = visitor->construct(visitor->arg, heads->at->construct,
					ids, ids_n, err);
	free(ids);
	return rc;
}

int view_heads_each(struct vault *vault,
		    const struct view_heads_visitor *visitor, struct err *err)
{
	struct head_list forks = HEAD_LIST_INIT;
	struct head_list heads = HEAD_LIST_INIT;
	struct head_list one = HEAD_LIST_INIT;
	size_t first;
	size_t next;
	int rc = heads_settled(vault, NULL, &heads, &forks, err);

	if (rc == 0)
		rc = heads_damaged(vault, &heads, err);
	head_list_sort(&heads);
	for (first = 0; rc == 0 && first < heads.n; first = next) {
		for (next = first + 1; next < heads.n; next++) {
			if (strcmp(heads.at[next].construct,
				   heads.at[first].construct))
				break;
		}
		one.at = &heads.at[first];	/* borrowed */
		one.n = next - first;
		rc = visit_heads(vault, &one, &forks, visitor, err);
	}
	head_list_release(&heads);
	head_list_release(&forks);
	return rc;
}

int view_constructs(struct vault *vault, struct name_list *out,
		    struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	const char *last = NULL;
	size_t i;
	int rc;

	out->at = NULL;
	out->n = 0;
	rc = heads_settled(vault, NULL, &heads, NULL, err);
	/* One whose refs are all damaged is there, and says so when opened. */
	if (rc == 0)
		rc = heads_damaged(vault, &heads, err);
	if (rc < 0)
		goto out;
	head_list_sort(&heads);
	out->at = calloc(heads.n + 1, sizeof(*out->at));
	if (!out->at) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	for (i = 0; i < heads.n; i++) {
		if (last && !strcmp(last, heads.at[i].construct))
			continue;
		last = heads.at[i].construct;
		memcpy(out->at[out->n++], last, strlen(last) + 1);
	}
out:
	head_list_release(&heads);
	return rc;
}

int view_constructs_proper(struct vault *vault, struct name_list *out,
			   struct err *err)
{
	size_t i = 0;
	int rc = view_constructs(vault, out, err);

	while (i < out->n && strcmp(out->at[i], VAULT_CONSTRUCT))
		i++;
	if (rc < 0 || i == out->n)
		return rc;
	out->n--;
	memmove(out->at[i], out->at[i + 1],
		(out->n - i) * sizeof(*out->at));
	return 0;
}

void name_list_release(struct name_list *list)
{
	free(list->at);
	list->at = NULL;
	list->n = 0;
}

int view_open_ref(struct vault *vault, const char *ref_name, struct view **out,
		  struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	git_oid *ids = NULL;
	size_t n = 0;
	int rc = view_heads(vault, ref_name, &heads, &ids, &n, err);

	/* What is there, and counts no more, is a view of nothing. */
	if (rc == 0 && !heads.n)
		rc = err_set(err, ERR_NOT_FOUND, "no construct '%s' here",
			     ref_name);
	if (rc == 0)
		rc = view_open_versions(vault, ref_name, ids, n, out, err);
	if (rc == 0)
		(*out)->is_newest = true;
	head_list_release(&heads);
	free(ids);
	return rc;
}

int view_persona(struct view *view, struct buf *out, struct err *err)
{
	struct snapshot snapshot = SNAPSHOT_INIT;
	char own[CONSTRUCT_NAME_MAX + sizeof("construct:")];
	struct persona persona = { out, out->len, false, own };
	struct view_visitor visitor = { take_persona, &persona };
	struct span below;
	int rc = snapshot_read(view, &snapshot, err);

	snprintf(own, sizeof(own), "construct:%s", view->construct);
	if (rc < 0)
		goto out;
	rc = view_each_in(view, "construct", &snapshot, &visitor, err);
	if (rc < 0 || persona.is_found)
		goto out;
	if (snapshot.has_capsule &&
	    jcs_find(buf_span(&snapshot.state), "persona", &below))
		rc = buf_add_span(out, below, err);
	else
		rc = buf_add_str(out, "{}", err);
out:
	snapshot_release(&snapshot);
	return rc;
}

/* Later by its clock; of two at once the one whose id is greater. */
static bool is_later(const struct fold_record *one,
		     const struct fold_record *than)
{
	int order = span_compare(one->record.at, than->record.at);

	return order ? order > 0 :
	       memcmp(one->id, than->id, RECORD_ID_BYTES) > 0;
}

const struct fold_record *view_newest(const struct view_entity *entity)
{
	const struct fold_record *best = entity->records;
	size_t i;

	for (i = 1; i < entity->records_n; i++) {
		if (is_later(&entity->records[i], best))
			best = &entity->records[i];
	}
	return best;
}
