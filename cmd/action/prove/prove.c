#include "cmd/action/actions.h"
#include "cmd/action/read/ref.h"
#include "lib/id/cid.h"
#include "refs/proof/proof.h"

struct wanted {
	struct ref ref;
	unsigned char id[RECORD_ID_BYTES];
	bool is_found;
};

static int mean_record(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct wanted *wanted = arg;
	const struct fold_record *record = ref_record(&wanted->ref, entity);

	(void)err;
	wanted->is_found = record != NULL;
	if (record)
		memcpy(wanted->id, record->id, RECORD_ID_BYTES);
	return 0;
}

/* The record that is meant: of an entity the newest. */
static int find_record(struct action_call *call, struct wanted *wanted,
		       struct err *err)
{
	const struct view_visitor visitor = { mean_record, wanted };
	int rc = ref_open(call->vault, action_text(call, "what"),
			  action_text(call, "entity"), &wanted->ref, err);

	if (rc < 0)
		return rc;
	if (!wanted->ref.entity.len)
		return err_set(err, ERR_INVALID, "'%s' is a version, which "
			       "git can verify by itself; a record is shown "
			       "by its id, its entity or a handle",
			       action_text(call, "what"));
	rc = view_one(wanted->ref.view, buf_span(&wanted->ref.entity),
		      &visitor, err);
	if (rc == 0 && !wanted->is_found)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' is not there",
			     buf_text(&wanted->ref.entity));
	return rc;
}

static int prove_run(struct action_call *call, struct err *err)
{
	struct wanted wanted = { .ref = REF_INIT };
	struct buf proof = BUF_INIT(PROOF_MAX_BYTES);
	char id[CID_TEXT_MAX];
	int rc = find_record(call, &wanted, err);

	if (rc == 0)
		rc = proof_make(wanted.ref.view, buf_span(&wanted.ref.entity),
				wanted.id, &proof, err);
	if (rc == 0)
		rc = host_bytes(call->host, buf_span(&proof), err);
	if (rc == 0) {
		cid_text(CID_JSON, wanted.id, id);
		host_note(call->host, "a proof of '%s', %zu bytes: it shows "
			  "that record to whoever gets it, and nothing of "
			  "others; 'vvault check-proof <file>' checks it "
			  "anywhere", id, proof.len);
	}
	buf_release(&proof);
	ref_release(&wanted.ref);
	return rc;
}

static const struct action_param params[] = { REF_PARAMS, ACTION_PARAMS_END };

const struct action action_prove = {
	"prove", "show that a record stands in a signed version", params, 0,
	ref_check, prove_run
};
