#include "refs/vault/records/draft.h"

#include <string.h>

#include "lib/id/encode.h"
#include "refs/history/construct_name.h"

void draft_init(struct draft *draft, const char *type, const char *at)
{
	const struct jcs_fields empty = JCS_FIELDS_INIT;

	memset(draft, 0, sizeof(*draft));
	draft->type = type;
	draft->at = at;
	draft->data = empty;
}

int draft_finish(struct draft *draft, struct buf *out,
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

void field_did(struct draft *draft, const char *name,
	       const unsigned char public[DID_KEY_BYTES])
{
	char did[DID_TEXT_MAX];

	did_from_public(public, did);
	fields_str(&draft->data, name, did);
}

void field_base64(struct jcs_fields *fields, const char *name,
		  struct span bytes)
{
	struct buf text = BUF_INIT(RECORD_MAX_BYTES);
	struct err why = ERR_INIT;

	fields_fail(fields, base64_add(&text, bytes.at, bytes.len, &why),
		    &why);
	fields_text(fields, name, buf_span(&text));
	buf_release(&text);
}

void draft_member(struct draft *draft,
		  const unsigned char public[DID_KEY_BYTES])
{
	memcpy(draft->entity, "member:", sizeof("member:"));
	did_short(public, draft->entity + strlen("member:"));
	field_did(draft, "did", public);
}

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

void field_name(struct draft *draft, const struct drafting *drafting,
		const char *name)
{
	if (!name || !name[0])
		return;
	if (drafting->name_key)
		field_sealed_name(draft, drafting, name);
	else
		fields_str(&draft->data, "name", name);
}
