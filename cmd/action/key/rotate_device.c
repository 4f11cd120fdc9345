#include "cmd/action/key/rotate.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/key/copy.h"
#include "cmd/action/result.h"
#include "lib/os/path.h"
#include "refs/key/retired.h"
#include "refs/trust/cuts.h"
#include "refs/vault/records/records.h"
#include "refs/write/write.h"

/* A device that takes another key. */
struct change {
	struct action_call *call;
	struct device_look next;	/* to let it in its secret is not
					   needed, which may be sealed */
	bool is_taken;		/* it lies in its place already, for another
				   vault took it before */
	bool has_before;	/* the key of before, by the next one's */
	struct sealed_key before;	/* passphrase */
	struct write_result written;
};

static int seal_both(struct change *change, const struct device_key *key,
		     struct sealed_key *sealed, struct err *err)
{
	struct buf passphrase = BUF_INIT(KEY_COPY_PASSPHRASE_MAX);
	int rc = key_copy_passphrase(change->call, true, &passphrase, err);

	if (rc == 0)
		rc = sealed_key_make(key, buf_span(&passphrase), sealed, err);
	if (rc == 0)
		rc = sealed_key_make(&change->call->vault->device,
				     buf_span(&passphrase), &change->before,
				     err);
	change->has_before = rc == 0;
	buf_wipe(&passphrase);
	return rc;
}

/* Sealed by a passphrase where the one before is. Another call that makes one
 * at the same time may be first: then it is that one. */
static int make_next(struct change *change, const char *folder,
		     bool is_sealed, struct err *err)
{
	struct device_key key = { .did = "" };
	struct sealed_key sealed;
	int rc = device_key_generate(&key, err);

	if (rc == 0 && is_sealed)
		rc = seal_both(change, &key, &sealed, err);
	if (rc == 0)
		rc = device_key_save_sealed(folder, &key,
					    is_sealed ? &sealed : NULL, err);
	if (rc == ERR_EXISTS) {
		err_clear(err);
		rc = 0;
	}
	device_key_wipe(&key);
	return rc < 0 ? rc : device_key_look(folder, &change->next, err);
}

/* What a call that was killed has left is gone on with: a version may let it
 * in already. */
static int find_next(struct change *change, struct err *err)
{
	const char *keys = change->call->keys_folder;
	const struct vault *vault = change->call->vault;
	struct buf folder = PATH_BUF_INIT;
	struct err why = ERR_INIT;
	struct device_look look;
	int rc = device_key_look(keys, &look, err);

	if (rc < 0)
		return rc;
	change->is_taken = memcmp(look.public, vault->device.public,
				  DID_KEY_BYTES) != 0;
	if (change->is_taken) {
		change->next = look;
		return 0;
	}
	rc = next_key_folder(keys, &folder, err);
	if (rc == 0) {
		rc = device_key_look(buf_text(&folder), &change->next, &why);
		rc = rc == ERR_NOT_FOUND ?
		     make_next(change, buf_text(&folder), look.is_sealed,
			       err) :
		     err_copy(err, rc, &why);
	}
	buf_release(&folder);
	return rc;
}

/* The new one is let in, the old one goes, and what it wrote until now stays
 * its: all in one version, by the old one. */
static int draft(const struct change *change, struct buf *records,
		 struct err *err)
{
	struct vault *vault = change->call->vault;
	const unsigned char *before = vault->device.public;
	struct span name = device_name(vault, before);
	struct buf called = BUF_INIT(BUF_NO_LIMIT);
	struct vault_admission in = {
		.state = &vault->state, .public = change->next.public,
		.role = ROLE_OWNER, .keys = vault->keys,
		.keys_n = vault->keys_n, .replaces = before,
		.name_key = vault->state.is_encrypted ? vault->name_key : NULL,
	};
	struct vault_removal out = {
		.state = &vault->state, .public = before,
		.admitted = change->next.public,
	};
	struct device_lasts lasts = DEVICE_LASTS_INIT;
	struct member_cut *cuts = NULL;
	struct vault_admitted admitted;
	struct vault_rekeyed made;
	char at[HLC_TEXT_MAX];
	int rc = vault_now(vault, at, err);

	in.at = out.at = at;
	if (rc == 0)
		rc = buf_add_span(&called, name, err);
	in.name = called.len ? buf_text(&called) : NULL;
	if (rc == 0)
		rc = device_lasts(vault, before, &lasts, err);
	if (rc == 0)
		rc = device_lasts_cuts(&lasts, &cuts, &out.cuts_n, err);
	out.cuts = cuts;
	if (rc == 0)
		rc = vault_records_admit(&in, records, &admitted, err);
	if (rc == 0)
		rc = vault_records_remove(&out, records, &made, err);
	free(cuts);
	device_lasts_release(&lasts);
	buf_release(&called);
	return rc;
}

static int check_owner(const struct vault *vault, struct err *err)
{
	if (vault_state_role(&vault->state, vault->device.public) ==
	    ROLE_OWNER)
		return 0;
	return err_set(err, ERR_DENIED, "only an owner's device takes another "
		       "key by itself. For a key of its own " KEY_OTHER);
}

static int publish(struct change *change, struct err *err)
{
	struct vault *vault = change->call->vault;
	struct buf records = BUF_INIT(BUF_NO_LIMIT);
	struct writer *writer = NULL;
	int rc;

	rc = check_owner(vault, err);
	if (rc == 0)
		rc = writer_new(vault, VAULT_CONSTRUCT, 0, &writer, err);
	if (rc == 0)
		rc = find_next(change, err);
	if (rc == 0)
		rc = draft(change, &records, err);
	if (rc == 0)
		rc = writer_add_lines(writer, buf_span(&records), err);
	if (rc == 0)
		rc = writer_commit(writer, "key: rotate the device's",
				   &change->written, err);
	writer_free(writer);
	buf_release(&records);
	return rc;
}

static int emit_device(const struct change *change, const char *before,
		       struct err *err)
{
	const struct action_call *call = change->call;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "did", change->next.did);
	fields_str(&fields, "replaced", before);
	result_id(&fields, "version", change->written.has_version ?
		  &change->written.version : NULL);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	if (rc < 0)
		return rc;
	host_note(call->host, "the others learn of this from the next 'vvault "
		  "push'; make a new backup: 'vvault key backup <file>'");
	if (!change->is_taken)
		host_note(call->host, "other vaults of this device go on with "
			  "the key that it had, until each has had its own "
			  "'vvault key rotate --device'");
	return 0;
}

/* A call that was killed between the version and the key that it is about. */
static bool was_published(struct change *change)
{
	const struct vault_state *state = &change->call->vault->state;
	struct buf folder = PATH_BUF_INIT;
	bool is_there = next_key_folder(change->call->keys_folder, &folder,
					NULL) == 0 &&
			device_key_look(buf_text(&folder), &change->next,
					NULL) == 0 &&
			vault_state_role(state, change->next.public) !=
				ROLE_NONE;

	buf_release(&folder);
	return is_there;
}

int key_rotate_device(struct action_call *call, struct err *err)
{
	struct change change = { .call = call };
	char before[DID_TEXT_MAX];
	int rc;

	if (!call->vault->has_device)
		return err_set(err, ERR_NO_KEY, "this device has no key");
	memcpy(before, call->vault->device.did, sizeof(before));
	rc = was_published(&change) ? 0 : publish(&change, err);
	if (rc == 0 && !change.is_taken)
		rc = next_key_take(call->keys_folder, change.next.public,
				   change.has_before ? &change.before : NULL,
				   err);
	return rc < 0 ? rc : emit_device(&change, before, err);
}
