#include "refs/vault/records/records.h"

#include <string.h>

#include <sodium.h>

#include "lib/id/encode.h"
#include "refs/vault/records/draft.h"

/* The first owners, in order: the recovery key before the creator. */
static size_t genesis_owners(const struct vault_genesis *genesis,
			     const unsigned char *owners[2])
{
	size_t n = 0;

	if (genesis->recovery &&
	    memcmp(genesis->recovery, genesis->creator->public, DID_KEY_BYTES))
		owners[n++] = genesis->recovery;
	owners[n++] = genesis->creator->public;
	return n;
}

static int add_create(const struct vault_genesis *genesis, struct buf *out,
		      char vault_id[CID_TEXT_MAX], struct err *err)
{
	const unsigned char *owners[2];
	size_t n = genesis_owners(genesis, owners);
	struct buf list = BUF_INIT(1024);
	unsigned char id[RECORD_ID_BYTES];
	char did[DID_TEXT_MAX];
	struct draft draft;
	size_t i;
	int rc;

	draft_init(&draft, "vault:create", genesis->at);
	memcpy(draft.entity, "vault:", sizeof("vault:"));
	random_key26(draft.entity + strlen("vault:"));
	field_did(&draft, "creator", genesis->creator->public);
	fields_bool(&draft.data, "encrypted", genesis->is_encrypted);
	for (i = 0; i < n; i++) {
		did_from_public(owners[i], did);
		buf_putf(&list, "%s\"%s\"", i ? "," : "[", did);
	}
	buf_put_char(&list, ']');
	fields_buf(&draft.data, "owners", &list);
	rc = draft_finish(&draft, out, id, err);
	if (rc == 0)
		cid_text(CID_JSON, id, vault_id);
	buf_release(&list);
	return rc;
}

/* A key and a grant of it to each of the first owners. */
static int add_granted_key(const struct drafting *drafting,
			   const struct content_key *key, const char *use,
			   const struct vault_genesis *genesis,
			   struct err *err)
{
	unsigned char created[1][RECORD_ID_BYTES];
	const unsigned char *owners[2];
	size_t n = genesis_owners(genesis, owners);
	size_t i;
	int rc = draft_key(drafting, key, use, created[0], err);

	for (i = 0; rc == 0 && i < n; i++)
		rc = draft_grant(drafting, key,
			       (const unsigned char (*)[RECORD_ID_BYTES])created,
			       owners[i], err);
	return rc;
}

int vault_records_genesis(const struct vault_genesis *genesis, struct buf *out,
			  char vault_id[CID_TEXT_MAX],
			  struct content_key *out_key,
			  unsigned char name_key[NAME_KEY_BYTES],
			  struct err *err)
{
	struct drafting drafting = { .at = genesis->at, .out = out };
	const unsigned char *owners[2];
	size_t n = genesis_owners(genesis, owners);
	struct content_key content;
	struct content_key name;
	size_t start = out->len;
	char id[CID_TEXT_MAX];
	size_t i;
	int rc;

	draft_make_key(&content);
	draft_make_key(&name);
	rc = add_create(genesis, out, id, err);
	drafting.vault_id = id;
	drafting.keys = &content;
	drafting.keys_n = 1;
	drafting.name_key = genesis->is_encrypted ? name.key : NULL;
	for (i = 0; rc == 0 && i < n; i++)
		rc = draft_admission(&drafting, owners[i], ROLE_OWNER,
				owners[i] == genesis->creator->public
					? genesis->name : "recovery",
				err);
	if (rc == 0 && genesis->is_encrypted)
		rc = add_granted_key(&drafting, &content, "content", genesis,
				     err);
	if (rc == 0 && genesis->is_encrypted)
		rc = add_granted_key(&drafting, &name, "name", genesis, err);
	if (rc == 0) {
		memcpy(vault_id, id, sizeof(id));
		*out_key = content;
		memcpy(name_key, name.key, NAME_KEY_BYTES);
	} else {
		buf_cut(out, start);
	}
	sodium_memzero(&content, sizeof(content));
	sodium_memzero(&name, sizeof(name));
	return rc;
}

