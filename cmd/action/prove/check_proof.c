#include "cmd/action/actions.h"
#include "cmd/action/result.h"
#include "lib/id/cid.h"
#include "lib/os/file.h"
#include "refs/proof/proof.h"

static int check(const struct action_call *call, struct err *err)
{
	const char *id = action_text(call, "vault");
	unsigned char digest[SHA256_BYTES];

	return !id || cid_parse_json(span_str(id), digest) ? 0 :
	       err_set(err, ERR_INVALID, "'%s' is no id of a vault, which "
		       "begins with bagaaiera", id);
}

static int read_proof(const struct action_call *call, struct buf *out,
		      struct err *err)
{
	const char *path = action_text(call, "proof");

	if (strcmp(path, "-"))
		return file_read(path, PROOF_MAX_BYTES, out, err);
	return call->settings.input < 0 ?
	       err_set(err, ERR_INVALID, "there is no input to read") :
	       file_read_fd(call->settings.input, "standard input",
			    PROOF_MAX_BYTES, out, err);
}

/* What the signer rests on. */
static void put_right(struct jcs_fields *fields,
		      const struct proof_found *found)
{
	fields_str(fields, "role", role_word(found->role));
	if (found->is_first_owner)
		fields_null(fields, "admitted_by");
	else
		result_did(fields, "admitted_by", found->admitted_by);
}

static int emit(const struct action_call *call,
		const struct proof_found *found, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct version *version = &found->version;
	char id[CID_TEXT_MAX];
	int rc;

	cid_text(CID_JSON, found->id, id);
	fields_bool(&fields, "holds", true);
	fields_str(&fields, "record", id);
	fields_text(&fields, "type", found->record.type);
	fields_text(&fields, "entity", found->record.entity);
	fields_text(&fields, "at", found->record.at);
	fields_raw(&fields, "data", found->record.data);
	result_did(&fields, "device", version->device);
	fields_str(&fields, "name", version->author);
	result_time(&fields, "time", version->time);
	result_id(&fields, "version", &version->id);
	result_digest(&fields, "digest", version->digest);
	fields_str(&fields, "construct", version->construct);
	fields_bool(&fields, "sealed", version->note.len != 0);
	fields_integer(&fields, "seq", (int64_t)version->seq);
	fields_str(&fields, "change", version_change_word(version->change));
	fields_str(&fields, "vault", found->vault_id);
	put_right(&fields, found);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int emit_refusal(struct action_call *call, const char *why,
			struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	call->is_no = true;
	fields_bool(&fields, "holds", false);
	result_outside(&fields, "message", why);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int check_proof_run(struct action_call *call, struct err *err)
{
	const char *vault = action_text(call, "vault");
	struct buf proof = BUF_INIT(PROOF_MAX_BYTES);
	struct proof_found found;
	struct err reason = ERR_INIT;
	int rc = read_proof(call, &proof, err);

	if (rc < 0) {
		buf_release(&proof);
		return rc;
	}
	proof_found_init(&found);
	rc = proof_check(buf_span(&proof), &found, &reason);
	if (rc == 0 && vault && strcmp(vault, found.vault_id))
		rc = err_set(&reason, ERR_UNTRUSTED, "it is of the vault '%s'",
			     found.vault_id);
	if (rc == ERR_NOMEM)
		rc = err_copy(err, rc, &reason);
	else
		rc = rc < 0 ? emit_refusal(call, reason.text, err) :
		     emit(call, &found, err);
	proof_found_release(&found);
	buf_release(&proof);
	return rc;
}

static const struct action_param params[] = {
	{ "vault", ACTION_TEXT, 0, "<id>",
	  "the vault that it must be of; else it says of which it is" },
	{ "proof", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<file|->",
	  "what 'vvault prove' has written" },
	ACTION_PARAMS_END
};

const struct action action_check_proof = {
	"check-proof", "check such a proof, without any vault", params,
	ACTION_NO_VAULT, check, check_proof_run
};
