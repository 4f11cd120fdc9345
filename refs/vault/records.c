#include "refs/vault/records.h"

#include <inttypes.h>
#include <string.h>

#include <sodium.h>

#include "lib/base/random.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_write.h"
#include "objects/record/record.h"
#include "refs/history/construct_name.h"
#include "refs/vault/grant.h"

#define CUTS_PER_RECORD 2048	/* far from RECORD_MAX_BYTES */
#define ENTITY_TEXT_MAX 80	/* the longest is key:<52 characters> */

/* A record being put together. */
struct draft {
	const char *type;
	char entity[ENTITY_TEXT_MAX];
	const char *at;
	const unsigned char (*prev)[RECORD_ID_BYTES];	/* one, or NULL */
	struct jcs_fields data;
};

static void draft_init(struct draft *draft, const char *type, const char *at)
{
	const struct jcs_fields empty = JCS_FIELDS_INIT;

	memset(draft, 0, sizeof(*draft));
	draft->type = type;
	draft->at = at;
	draft->data = empty;
}

/* Append the line; releases the draft, whatever comes of it. out_id may be
 * NULL. */
static int draft_finish(struct draft *draft, struct buf *out,
			unsigned char *out_id, struct err *err)
{
	struct record_parts parts = { .type = draft->type, .at = draft->at };
	struct buf data = BUF_INIT(RECORD_MAX_BYTES);
	size_t start = out->len;
	int rc = jcs_fields_write(&draft->data, &data, err);

	parts.entity = span_str(draft->entity);
	parts.prev = draft->prev;
	parts.prev_n = draft->prev ? 1 : 0;
	parts.data = buf_span(&data);
	if (rc == 0)
		rc = record_build(&parts, out, err);
	if (rc == 0 && out_id)
		record_id(span_of(out->data + start, out->len - start),
			  out_id);
	if (rc == 0)
		rc = buf_add_char(out, '\n', err);
	if (rc < 0)
		buf_cut(out, start);
	buf_release(&data);
	jcs_fields_release(&draft->data);
	return rc;
}

static void field_did(struct draft *draft, const char *name,
		      const unsigned char public[DID_KEY_BYTES])
{
	char did[DID_TEXT_MAX];

	did_from_public(public, did);
	fields_str(&draft->data, name, did);
}

static void field_base64(struct jcs_fields *fields, const char *name,
			 struct span bytes)
{
	struct buf text = BUF_INIT(RECORD_MAX_BYTES);
	struct err why = ERR_INIT;

	fields_fail(fields, base64_add(&text, bytes.at, bytes.len, &why),
		    &why);
	fields_text(fields, name, buf_span(&text));
	buf_release(&text);
}

static void member_entity(const unsigned char public[DID_KEY_BYTES],
			  char out[ENTITY_TEXT_MAX])
{
	memcpy(out, "member:", sizeof("member:"));
	did_short(public, out + strlen("member:"));
}

/* Who writes, to whom, with which keys: shared by genesis and admission. */
struct drafting {
	const char *vault_id;
	const char *at;
	const struct content_key *keys;	/* the last one seals names */
	size_t keys_n;
	const unsigned char *name_key;	/* NULL in a plain vault */
	struct buf *out;
};

/* {"sealed": base64} of a name: a note of the construct `vault`, for the
 * member alone, so that nobody sees who has the same one. */
static void field_sealed_name(struct draft *draft,
			      const struct drafting *drafting,
			      const char *name)
{
	struct span member = span_str(draft->entity + strlen("member:"));
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct buf sealed = BUF_INIT(SEAL_PLAIN_MAX);
	struct sealer *sealer = NULL;
	struct err why = ERR_INIT;
	int rc = sealer_new(drafting->vault_id, VAULT_CONSTRUCT, drafting->keys,
			    drafting->keys_n, &sealer, &why);

	if (rc == 0)
		rc = sealer_seal_for(sealer, SEAL_NOTE, member, span_str(name),
				     &sealed, &why);
	fields_fail(&draft->data, rc, &why);
	field_base64(&inner, "sealed", buf_span(&sealed));
	fields_object(&draft->data, "name", &inner);
	jcs_fields_release(&inner);
	sealer_free(sealer);
	buf_release(&sealed);
}

static void field_name(struct draft *draft, const struct drafting *drafting,
		       const char *name)
{
	if (!name || !name[0])
		return;
	if (drafting->name_key)
		field_sealed_name(draft, drafting, name);
	else
		fields_str(&draft->data, "name", name);
}

static int add_member(const struct drafting *drafting,
		      const unsigned char public[DID_KEY_BYTES],
		      enum role role, const char *name, struct err *err)
{
	unsigned char box[DID_KEY_BYTES];
	char text[DID_SHORT_MAX];
	struct draft draft;
	int rc = did_box_public(public, box, err);

	if (rc < 0)
		return rc;
	did_box_short(box, text);
	draft_init(&draft, "member:add", drafting->at);
	member_entity(public, draft.entity);
	fields_str(&draft.data, "box", text);
	field_did(&draft, "did", public);
	fields_str(&draft.data, "role", role_word(role));
	field_name(&draft, drafting, name);
	return draft_finish(&draft, drafting->out, NULL, err);
}

static void field_cuts(struct draft *draft,
		       const unsigned char public[DID_KEY_BYTES],
		       const struct member_cut *cuts, size_t n)
{
	struct buf list = BUF_INIT(RECORD_MAX_BYTES);
	char hex[HEX_TEXT(SHA256_BYTES) + 1];
	char device[DID_SHORT_MAX];
	size_t i;

	did_short(public, device);
	buf_put_char(&list, '[');
	for (i = 0; i < n; i++) {
		hex_text(cuts[i].digest, SHA256_BYTES, hex);
		buf_putf(&list, "%s{\"construct\":\"%s\",\"device\":\"%s\","
			 "\"digest\":\"sha256:%s\",\"seq\":%" PRIu64 "}",
			 i ? "," : "", cuts[i].construct, device, hex,
			 cuts[i].seq);
	}
	buf_put_char(&list, ']');
	fields_buf(&draft->data, "cuts", &list);
	buf_release(&list);
}

/* One member:update; role ROLE_NONE, name NULL and no cuts: not said. */
static int update_member(const struct drafting *drafting,
			 const struct vault_admission *what,
			 const struct member_cut *cuts, size_t cuts_n,
			 struct err *err)
{
	struct draft draft;

	draft_init(&draft, "member:update", drafting->at);
	member_entity(what->public, draft.entity);
	if (cuts_n)
		field_cuts(&draft, what->public, cuts, cuts_n);
	field_did(&draft, "did", what->public);
	field_name(&draft, drafting, what->name);
	if (what->role != ROLE_NONE)
		fields_str(&draft.data, "role", role_word(what->role));
	return draft_finish(&draft, drafting->out, NULL, err);
}

/* As many records as the cuts need: together they are one word. */
static int update_with_cuts(const struct drafting *drafting,
			    const struct vault_admission *what,
			    struct err *err)
{
	size_t at = 0;
	int rc;

	do {
		size_t n = what->cuts_n - at;

		if (n > CUTS_PER_RECORD)
			n = CUTS_PER_RECORD;
		rc = update_member(drafting, what, n ? what->cuts + at : NULL,
				   n, err);
		at += n;
	} while (rc == 0 && at < what->cuts_n);
	return rc;
}

static void key_entity(const unsigned char id[KEY_ID_BYTES],
		       char out[ENTITY_TEXT_MAX])
{
	memcpy(out, "key:", sizeof("key:"));
	base32_text(id, KEY_ID_BYTES, out + strlen("key:"));
}

static int add_key(const struct drafting *drafting,
		   const struct content_key *key, const char *use,
		   unsigned char out_id[RECORD_ID_BYTES], struct err *err)
{
	struct draft draft;

	draft_init(&draft, "key:create", drafting->at);
	key_entity(key->id, draft.entity);
	fields_str(&draft.data, "id", draft.entity + strlen("key:"));
	fields_str(&draft.data, "use", use);
	return draft_finish(&draft, drafting->out, out_id, err);
}

/* prev: the key's own record where the writer has it at hand. */
static int add_grant(const struct drafting *drafting,
		     const struct content_key *key,
		     const unsigned char (*prev)[RECORD_ID_BYTES],
		     const unsigned char public[DID_KEY_BYTES],
		     struct err *err)
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
	int rc = add_key(drafting, key, use, created[0], err);

	for (i = 0; rc == 0 && i < n; i++)
		rc = add_grant(drafting, key,
			       (const unsigned char (*)[RECORD_ID_BYTES])created,
			       owners[i], err);
	return rc;
}

static void records_make_key(struct content_key *key)
{
	random_bytes(key->key, CONTENT_KEY_BYTES);
	content_key_id(key->key, key->id);
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

	records_make_key(&content);
	records_make_key(&name);
	rc = add_create(genesis, out, id, err);
	drafting.vault_id = id;
	drafting.keys = &content;
	drafting.keys_n = 1;
	drafting.name_key = genesis->is_encrypted ? name.key : NULL;
	for (i = 0; rc == 0 && i < n; i++)
		rc = add_member(&drafting, owners[i], ROLE_OWNER,
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

static bool was_granted(const struct vault_state *state,
			const unsigned char id[KEY_ID_BYTES],
			const unsigned char public[DID_KEY_BYTES])
{
	size_t i;
	size_t j;

	for (i = 0; i < state->keys_n; i++) {
		const struct vault_key *key = &state->keys[i];

		for (j = 0; !memcmp(key->id, id, KEY_ID_BYTES) &&
			    j < key->grants_n; j++)
			if (!memcmp(key->grants[j].public, public,
				    DID_KEY_BYTES))
				return true;
	}
	return false;
}

static int grant(const struct drafting *drafting,
		 const struct vault_admission *what,
		 const struct content_key *key, size_t *granted,
		 struct err *err)
{
	if (was_granted(what->state, key->id, what->public))
		return 0;
	++*granted;
	return add_grant(drafting, key, NULL, what->public, err);
}

static int grant_all(const struct drafting *drafting,
		     const struct vault_admission *what, size_t *granted,
		     struct err *err)
{
	struct content_key name;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < drafting->keys_n; i++)
		rc = grant(drafting, what, &drafting->keys[i], granted, err);
	if (rc < 0 || !drafting->name_key)
		return rc;
	memcpy(name.key, drafting->name_key, NAME_KEY_BYTES);
	content_key_id(name.key, name.id);
	rc = grant(drafting, what, &name, granted, err);
	sodium_memzero(&name, sizeof(name));
	return rc;
}

/* Is it called that already? A name that cannot be read is another one. */
static bool has_name(const struct vault_admission *what,
		     const struct member *member, const char *name)
{
	struct buf now = BUF_INIT(SEAL_PLAIN_MAX);
	bool is_same = member_name(what->state, member, what->keys,
				   what->keys_n, &now, NULL) == 0 &&
		       span_equals(buf_span(&now), span_str(name));

	buf_release(&now);
	return is_same;
}

/* Change what is named of a member that stands. */
static int change_member(const struct drafting *drafting,
			 const struct vault_admission *admission,
			 const struct member *member,
			 struct vault_admitted *result, struct err *err)
{
	struct vault_admission what = *admission;

	result->before = member->role;
	result->after = member->role;
	if (what.role == member->role)
		what.role = ROLE_NONE;
	if (what.name && has_name(admission, member, what.name))
		what.name = NULL;
	result->is_renamed = what.name != NULL;
	if (what.role != ROLE_NONE)
		result->after = what.role;
	if (result->after >= result->before)
		what.cuts_n = 0;
	if (what.role == ROLE_NONE && !what.name)
		return 0;
	return update_with_cuts(drafting, &what, err);
}

int vault_records_admit(const struct vault_admission *admission,
			struct buf *out, struct vault_admitted *result,
			struct err *err)
{
	struct drafting drafting = {
		admission->state->vault_id, admission->at, admission->keys,
		admission->keys_n, admission->name_key, out
	};
	const struct member *member =
		vault_state_member(admission->state, admission->public);
	char name[DID_SHORT_MAX];
	size_t start = out->len;
	int rc;

	memset(result, 0, sizeof(*result));
	if (member && member->is_removed) {
		did_short(admission->public, name);
		return err_set(err, ERR_DENIED,
			       "a removed member never returns: '%s'", name);
	}
	if (member) {
		rc = change_member(&drafting, admission, member, result, err);
	} else {
		result->is_new = true;
		result->after = admission->role == ROLE_NONE
					? ROLE_WRITER : admission->role;
		rc = add_member(&drafting, admission->public, result->after,
				admission->name, err);
	}
	if (rc == 0)
		rc = grant_all(&drafting, admission, &result->grants, err);
	if (rc < 0)
		buf_cut(out, start);
	return rc;
}

int member_name(const struct vault_state *state, const struct member *member,
		const struct content_key *keys, size_t keys_n, struct buf *out,
		struct err *err)
{
	struct sealer *sealer = NULL;
	char owner[DID_SHORT_MAX];
	int rc;

	if (!member->name.len)
		return 0;
	if (!state->is_encrypted)
		return buf_add_span(out, buf_span(&member->name), err);
	if (!keys_n)
		return err_set(err, ERR_NO_KEY,
			       "member names are sealed, and this device "
			       "holds no key");
	rc = sealer_new(state->vault_id, VAULT_CONSTRUCT, keys, keys_n,
			&sealer, err);
	did_short(member->public, owner);
	if (rc == 0)
		rc = sealer_open_for(sealer, SEAL_NOTE, span_str(owner),
				     buf_span(&member->name), out, err);
	sealer_free(sealer);
	return rc;
}
