#include "refs/renew/renew_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "refs/history/history.h"
#include "refs/trust/settle.h"
#include "refs/trust/verified.h"

static int check_right(const struct vault *vault, struct err *err)
{
	if (vault_state_role(&vault->state, vault->device.public) !=
	    ROLE_OWNER)
		return err_set(err, ERR_DENIED, "only an owner makes a vault "
			       "anew, and this device is none");
	if (!vault->has_keys)
		return err_set(err, ERR_NO_KEY, "this device holds no key of "
			       "this vault");
	return 0;
}

static int add_version(void *arg, const struct version *version,
		       struct err *err)
{
	struct renewal *renewal = arg;
	int rc = array_room_in(renewal->versions, renewal->versions_n,
			       renewal->versions_cap, err);

	if (rc == 0)
		renewal->versions[renewal->versions_n++] = version->id;
	return rc;
}

static int list_versions(struct renewal *renewal, struct err *err)
{
	const struct history_visitor visitor = { add_version, renewal, NULL };
	const struct history_range range = {
		renewal->view->heads, renewal->view->heads_n, NULL, 0
	};

	return history_walk(renewal->stage->vault->store, &range, &visitor,
			    err);
}

static int note_heads(const struct renewal *renewal, struct word *word,
		      struct err *err)
{
	const struct view *view = renewal->view;
	const struct made_version *made;
	struct word_head *head;
	struct version version;
	size_t i;
	int rc = 0;

	version_init(&version);
	for (i = 0; rc == 0 && i < view->heads_n; i++) {
		made = renewal_made(renewal, &view->heads[i]);
		rc = version_read(renewal->stage->vault->store,
				  &view->heads[i], &version, err);
		if (rc == 0 && !made)
			rc = err_set(err, ERR_CORRUPT,
				     "a head was not made anew");
		if (rc == 0)
			rc = array_room(word, err);
		if (rc < 0)
			break;
		head = &word->at[word->n++];
		memcpy(head->construct, view->ref_name,
		       sizeof(head->construct));
		memcpy(head->old, version.digest, SHA256_BYTES);
		head->made = *made;
	}
	version_release(&version);
	return rc;
}

static void renewal_init(struct renewal *renewal, struct stage *stage)
{
	const struct table by_id = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	const struct table by_digest = TABLE_INIT(SHA256_BYTES,
						  TABLE_NO_LIMIT);
	const struct table by_name = TABLE_INIT(PLACE_NAME_LEN,
						TABLE_NO_LIMIT);

	memset(renewal, 0, sizeof(*renewal));
	renewal->stage = stage;
	renewal->trees = by_id;
	renewal->segments = by_id;
	renewal->by_version = by_id;
	renewal->blobs_gone = by_digest;
	renewal->blobs_kept = by_digest;
	renewal->homes_gone = by_name;
	renewal->sealed = (struct buf)BUF_INIT(STORE_OBJECT_MAX);
	renewal->text = (struct buf)BUF_INIT(SEAL_PLAIN_MAX);
	renewal->kept = (struct buf)BUF_INIT(SEAL_PLAIN_MAX);
}

static void renewal_release(struct renewal *renewal)
{
	renewal_codecs_free(renewal);
	view_free(renewal->view);
	free(renewal->versions);
	free(renewal->made);
	free(renewal->recut);
	table_release(&renewal->trees);
	table_release(&renewal->segments);
	table_release(&renewal->by_version);
	table_release(&renewal->blobs_gone);
	table_release(&renewal->blobs_kept);
	table_release(&renewal->homes_gone);
	buf_wipe(&renewal->sealed);
	buf_wipe(&renewal->text);
	buf_wipe(&renewal->kept);
}

static int renew_construct(struct stage *stage, const char *ref_name,
			   struct word *word, struct err *err)
{
	struct renewal renewal;
	int rc;

	renewal_init(&renewal, stage);
	rc = view_open_ref(stage->vault, ref_name, &renewal.view, err);
	if (rc == 0)
		rc = list_versions(&renewal, err);
	if (rc == 0)
		rc = renewal_scan(&renewal, err);
	if (rc == 0)
		rc = renewal_replay(&renewal, err);
	if (rc == 0)
		rc = note_heads(&renewal, word, err);
	if (rc == 0)
		stage->report.constructs++;
	renewal_release(&renewal);
	return rc;
}

static int renew_all(struct stage *stage, struct word *word, struct err *err)
{
	struct name_list names = { NULL, 0 };
	size_t i;
	int rc = view_constructs_proper(stage->vault, &names, err);

	for (i = 0; rc == 0 && i < names.n; i++)
		rc = renew_construct(stage, names.at[i], word, err);
	name_list_release(&names);
	return rc;
}

/* Nothing is given away unseen: what a member would refuse, we do. Each head
 * that the word names is found good here, and there is no other. */
static int check_made(struct stage *stage, const struct word *word,
		      struct err *err)
{
	struct table named = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct head_list heads = HEAD_LIST_INIT;
	bool is_good = true;
	size_t found = 0;
	size_t i;
	int rc = 0;

	stage_progress(stage, "checking", 0, word->n);
	for (i = 0; rc == 0 && i < word->n; i++)
		rc = table_include(&named, word->at[i].made.id.id, NULL, err);
	if (rc == 0)
		rc = heads_settled(stage->made, NULL, &heads, NULL, err);
	for (i = 0; i < heads.n; i++) {
		if (!strcmp(heads.at[i].construct, VAULT_CONSTRUCT))
			continue;
		found++;
		is_good = is_good && table_get(&named, heads.at[i].id.id,
					       NULL);
	}
	if (rc == 0 && (!is_good || found != named.count))
		rc = err_set(err, ERR_UNTRUSTED, "what was made anew is not "
			     "found good: nothing was changed");
	head_list_release(&heads);
	table_release(&named);
	return rc;
}

int vault_renew(struct vault *vault, const struct renew_options *options,
		struct renew_report *out, struct err *err)
{
	struct stage stage = { .vault = vault, .options = options,
			       .lock = LOCK_INIT,
			       .packing = LOCK_INIT, .path = PATH_BUF_INIT };
	struct word word = { NULL, 0, 0 };
	int rc = check_right(vault, err);

	if (rc == 0)
		rc = stage_begin(&stage, err);
	if (rc == 0)
		rc = stage_copy_vault(&stage, err);
	if (rc == 0)
		rc = renew_all(&stage, &word, err);
	if (rc == 0)
		rc = store_flush(stage.store, err);
	if (rc == 0)
		rc = stage_open(&stage, err);
	if (rc == 0)
		rc = word_say(&stage, &word, err);
	if (rc == 0)
		rc = check_made(&stage, &word, err);
	if (rc == 0)
		rc = word_join(&stage, &word, err);
	if (rc == 0)
		rc = stage_exchange(&stage, err);
	if (rc == 0)
		*out = stage.report;
	stage_end(&stage);
	free(word.at);
	return rc;
}
