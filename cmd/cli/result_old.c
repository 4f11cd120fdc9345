#include "cmd/cli/result_old.h"

#include "lib/id/encode.h"

void id_hex(const git_oid *id, char out[GIT_OID_HEXSZ + 1])
{
	hex_text(id->id, GIT_OID_RAWSZ, out);
}

int old_result_id(struct jcs_fields *fields, const char *name, const git_oid *id,
	      struct err *err)
{
	char hex[GIT_OID_HEXSZ + 1];

	if (!id)
		return jcs_fields_null(fields, name, err);
	id_hex(id, hex);
	return jcs_fields_text(fields, name, span_str(hex), err);
}

int old_result_ids(struct jcs_fields *fields, const char *name, const git_oid *ids,
	       size_t n, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;
	int rc;

	rc = buf_add_char(&list, '[', err);
	for (i = 0; rc >= 0 && i < n; i++) {
		id_hex(&ids[i], hex);
		rc = buf_printf(&list, err, "%s\"%s\"", i ? "," : "", hex);
	}
	if (rc >= 0)
		rc = buf_add_char(&list, ']', err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, name, buf_span(&list), err);
	buf_release(&list);
	return rc;
}

int old_result_digest(struct jcs_fields *fields, const char *name,
		  const unsigned char digest[SHA256_BYTES], struct err *err)
{
	char hex[HEX_TEXT(SHA256_BYTES) + 1];

	hex_text(digest, SHA256_BYTES, hex);
	return jcs_fields_text(fields, name, span_str(hex), err);
}

int old_result_construct(struct jcs_fields *fields, const struct view *view,
		     struct err *err)
{
	return jcs_fields_text(fields, "construct",
			       span_str(view_title(view)), err);
}

int old_result_view(struct jcs_fields *fields, const struct view *view,
		struct err *err)
{
	int rc = old_result_construct(fields, view, err);

	if (rc >= 0)
		rc = old_result_ids(fields, "heads", view->heads, view->heads_n,
				err);
	if (rc >= 0)
		rc = old_result_digest(fields, "root", view->root, err);
	return rc;
}

int old_result_record_ids(struct buf *out,
		      const unsigned char (*ids)[RECORD_ID_BYTES], size_t n,
		      struct err *err)
{
	char text[CID_TEXT_MAX];
	size_t i;
	int rc;

	rc = buf_add_char(out, '[', err);
	for (i = 0; rc >= 0 && i < n; i++) {
		cid_text(CID_JSON, ids[i], text);
		rc = buf_printf(out, err, "%s\"%s\"", i ? "," : "", text);
	}
	if (rc >= 0)
		rc = buf_add_char(out, ']', err);
	return rc;
}

int old_result_problem(struct buf *out, const struct problem *problem,
		   struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	rc = jcs_fields_text(&fields, "code", span_str(problem->code), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "object",
				     span_str(problem->object), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "message",
				     span_str(problem->message), err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

void old_kind_counts_add(struct old_kind_counts *counts, const struct kind *kind)
{
	counts->at[kind - kind_table]++;
}

int old_result_counts(struct jcs_fields *fields, const char *name,
		  const struct old_kind_counts *counts, struct err *err)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(4096);
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && kind_table[i].name; i++) {
		if (counts->at[i])
			rc = jcs_fields_integer(&inner, kind_table[i].name,
						(int64_t)counts->at[i], err);
	}
	if (rc >= 0)
		rc = jcs_fields_write(&inner, &text, err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, name, buf_span(&text), err);
	jcs_fields_release(&inner);
	buf_release(&text);
	return rc;
}
