#include "refs/vault/records/draft.h"

#include <string.h>

#include "lib/base/random.h"
#include "lib/id/encode.h"
#include "refs/vault/grant.h"

static void key_entity(const unsigned char id[KEY_ID_BYTES],
		       char out[ENTITY_TEXT_MAX])
{
	memcpy(out, "key:", sizeof("key:"));
	base32_text(id, KEY_ID_BYTES, out + strlen("key:"));
}

int draft_key(const struct drafting *drafting, const struct content_key *key,
	      const char *use, unsigned char out_id[RECORD_ID_BYTES],
	      struct err *err)
{
	struct draft draft;

	draft_init(&draft, "key:create", drafting->at);
	key_entity(key->id, draft.entity);
	fields_str(&draft.data, "id", draft.entity + strlen("key:"));
	fields_str(&draft.data, "use", use);
	return draft_finish(&draft, drafting->out, out_id, err);
}

int draft_grant(const struct drafting *drafting, const struct content_key *key,
		const unsigned char (*prev)[RECORD_ID_BYTES],
		const unsigned char public[DID_KEY_BYTES], struct err *err)
{
	struct buf sealed = BUF_INIT(4096);
	unsigned char box[DID_KEY_BYTES];
	struct err why = ERR_INIT;
	struct draft draft;
	int rc = did_box_public(public, box, err);

	if (rc < 0)
		return rc;
	draft_init(&draft, "key:grant", drafting->at);
	draft.prev = prev;
	key_entity(key->id, draft.entity);
	rc = grant_seal(drafting->vault_id, key, public, box, &sealed, &why);
	fields_fail(&draft.data, rc, &why);
	field_base64(&draft.data, "box", buf_span(&sealed));
	field_did(&draft, "did", public);
	buf_release(&sealed);
	return draft_finish(&draft, drafting->out, NULL, err);
}

void draft_make_key(struct content_key *key)
{
	random_bytes(key->key, CONTENT_KEY_BYTES);
	content_key_id(key->key, key->id);
}
