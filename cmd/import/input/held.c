#include "cmd/import/input/held.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "objects/tree/home_filter.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/view/view.h"

/* Was anything taken back since, which the source may bring again, or
 * forgotten, which it may not? Where a segment's records are not known,
 * perhaps. */
static int is_taken_back(struct import_job *job, const struct held *held,
			 const git_oid *heads, size_t n, bool *out)
{
	struct tree_segments news = TREE_SEGMENTS_INIT;
	struct store *store = job->vault->store;
	char forgets[PLACE_NAME_LEN + 1];
	struct codec *codec = NULL;
	struct version version;
	git_oid tree;
	size_t i;
	int rc;

	*out = false;
	version_init(&version);
	rc = vault_codec(job->vault, held->ref_name, &codec, NULL);
	if (rc == 0 && codec_mode(codec) == CODEC_BLIND)
		rc = ERR_NO_KEY;
	if (rc == 0)
		rc = version_read(store, &held->version, &version, NULL);
	if (rc == 0)
		rc = history_union(store, heads, n, &tree, NULL);
	if (rc == 0)
		rc = tree_diff(store, &version.tree, &tree, NULL, &news, NULL);
	if (rc == 0)
		codec_dir_name(codec, "forget", forgets);
	for (i = 0; rc == 0 && !*out && i < news.n; i++)
		*out = !strcmp(news.at[i].place.dir, forgets) ||
		       store_may_hold(store, news.at[i].digest,
				      filter_key_reverts());
	codec_free(codec);
	version_release(&version);
	tree_segments_release(&news);
	return rc;
}

static int find_out(struct import_job *job, struct held_answer *answer,
		    struct err *err)
{
	const struct held *held = &answer->asked;
	bool *out = &answer->is_held;
	struct head_list heads = HEAD_LIST_INIT;
	git_oid *ids = NULL;
	bool is_gone;
	size_t n = 0;
	size_t i;
	int rc;

	*out = false;
	rc = view_heads(job->vault, held->ref_name, &heads, &ids, &n, err);
	for (i = 0; rc == 0 && !*out && i < n; i++) {
		rc = history_is_ancestor(job->vault->store, &held->version,
					 &ids[i], out, NULL);
		answer->head = ids[i];
	}
	if (rc == 0 && *out) {
		rc = is_taken_back(job, held, ids, n, &is_gone);
		*out = rc == 0 && !is_gone;
	}
	head_list_release(&heads);
	free(ids);
	/* A version that is gone altogether cannot be walked to. */
	return rc == ERR_NOMEM ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

static int own_name(struct import_job *job, const char *ref_name,
		    char out[CONSTRUCT_NAME_MAX], struct err *err)
{
	struct view *view = NULL;
	int rc;

	rc = view_open_ref(job->vault, ref_name, &view, err);
	if (rc == 0)
		memcpy(out, view->construct, CONSTRUCT_NAME_MAX);
	view_free(view);
	return rc;
}

int held_ask(struct import_job *job, struct held_answers *answers,
	     const struct held *held, const struct held_answer **out,
	     struct err *err)
{
	struct held_answer answer = { .asked = *held };
	struct held_answer *known;
	size_t i;
	int rc;

	for (i = answers->n; i-- > 0;) {
		known = &answers->at[i];
		if (!strcmp(known->asked.ref_name, held->ref_name) &&
		    git_oid_equal(&known->asked.version, &held->version)) {
			*out = known;
			return 0;
		}
	}
	rc = array_room(answers, err);
	if (rc == 0)
		rc = find_out(job, &answer, err);
	if (rc == 0 && answer.is_held)
		rc = own_name(job, held->ref_name, answer.own_name, err);
	if (rc < 0)
		return rc;
	answers->at[answers->n] = answer;
	*out = &answers->at[answers->n++];
	return 0;
}

int held_find(struct import_job *job, const struct import_results *results,
	      const char *construct, struct held *out, bool *out_is_there,
	      struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	const struct import_result *result;
	git_oid *ids = NULL;
	size_t n = 0;
	int rc;

	rc = vault_ref_name(job->vault, construct, out->ref_name, err);
	if (rc < 0)
		return rc;
	result = import_result(results, construct);
	*out_is_there = result && result->write.has_version;
	if (*out_is_there) {
		out->version = result->write.version;
		return 0;
	}
	rc = view_heads(job->vault, out->ref_name, &heads, &ids, &n, err);
	*out_is_there = rc == 0 && n;
	if (*out_is_there)
		out->version = ids[0];
	head_list_release(&heads);
	free(ids);
	return rc;
}
