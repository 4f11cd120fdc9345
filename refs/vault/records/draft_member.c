#include "refs/vault/records/draft.h"

#include <inttypes.h>
#include <string.h>

#include "lib/id/encode.h"

#define CUTS_PER_RECORD 2048	/* far from RECORD_MAX_BYTES */

int draft_admission(const struct drafting *drafting,
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
	fields_str(&draft.data, "box", text);
	draft_member(&draft, public);
	if (drafting->replaces)
		field_did(&draft, "replaces", drafting->replaces);
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

static int draft_right_once(const struct drafting *drafting,
			    const struct draft_right *right,
			    const struct member_cut *cuts, size_t cuts_n,
			    struct err *err)
{
	struct draft draft;

	draft_init(&draft, right->is_update ? "member:update" : "member:remove",
		   drafting->at);
	if (cuts_n || !right->is_update)
		field_cuts(&draft, right->public, cuts, cuts_n);
	draft_member(&draft, right->public);
	field_name(&draft, drafting, right->name);
	if (right->role != ROLE_NONE)
		fields_str(&draft.data, "role", role_word(right->role));
	return draft_finish(&draft, drafting->out, NULL, err);
}

int draft_right(const struct drafting *drafting,
		const struct draft_right *right, struct err *err)
{
	size_t at = 0;
	int rc;

	do {
		size_t n = right->cuts_n - at;

		if (n > CUTS_PER_RECORD)
			n = CUTS_PER_RECORD;
		rc = draft_right_once(drafting, right,
				      n ? right->cuts + at : NULL, n, err);
		at += n;
	} while (rc == 0 && at < right->cuts_n);
	return rc;
}
