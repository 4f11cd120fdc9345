#include "refs/vault/statement.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "refs/vault/limits.h"

#define NAME_SEALED_MAX ((size_t)8192)
#define GRANT_SEALED_MAX ((size_t)4096)

void statement_release(struct statement *statement)
{
	buf_release(&statement->name);
	buf_release(&statement->sealed);
	free(statement->cuts);
	free(statement->owners);
	free(statement->renewed);
	buf_release(&statement->remote);
	memset(statement, 0, sizeof(*statement));
}

static int bad_field(const char *field, struct err *err)
{
	return err_set(err, ERR_UNTRUSTED, "its field '%s' is missing or wrong",
		       field);
}

/* A field that is a did in its one spelling. */
static int read_did(struct span data, const char *field,
		    unsigned char out[DID_KEY_BYTES], struct err *err)
{
	struct span text;

	if (!jcs_find_string(data, field, &text) || did_parse(text, out, NULL))
		return bad_field(field, err);
	return 0;
}

static int read_base64(struct span value, const char *field, size_t max,
		       struct buf *out, struct err *err)
{
	if (!jcs_string_is_plain(value))
		return bad_field(field, err);
	out->max = max;
	if (base64_decode(jcs_string_inner(value), out, NULL))
		return bad_field(field, err);
	return 0;
}

static bool read_bool(struct span data, const char *field, bool *out)
{
	struct span value;
	enum jcs_type type;

	if (!jcs_find(data, field, &value))
		return false;
	type = jcs_type_of(value);
	*out = type == JCS_TRUE;
	return type == JCS_TRUE || type == JCS_FALSE;
}

static int read_owners(struct statement *out, struct span data,
		       struct err *err)
{
	struct jcs_iter iter;
	struct span list;
	struct span item;

	if (!jcs_find(data, "owners", &list) ||
	    jcs_type_of(list) != JCS_ARRAY)
		return bad_field("owners", err);
	out->owners = calloc(OWNERS_MAX, sizeof(*out->owners));
	if (!out->owners)
		return err_set(err, ERR_NOMEM, "out of memory");
	iter = jcs_iter_array(list);
	while (jcs_next(&iter, NULL, &item)) {
		size_t i;

		if (out->owners_n == OWNERS_MAX ||
		    did_parse(jcs_string_inner(item),
			      out->owners[out->owners_n], NULL))
			return bad_field("owners", err);
		for (i = 0; i < out->owners_n; i++)
			if (!memcmp(out->owners[i], out->owners[out->owners_n],
				    DID_KEY_BYTES))
				return bad_field("owners", err);
		out->owners_n++;
	}
	return out->owners_n ? 0 : bad_field("owners", err);
}

static int parse_create(struct statement *out, const struct record *record,
			struct err *err)
{
	struct span key = record->entity;
	size_t i;
	int rc;

	key.at += strlen("vault:");
	key.len -= strlen("vault:");
	if (!base32_is_key26(key))
		return err_set(err, ERR_UNTRUSTED,
			       "its entity is not 128 random bits");
	if (!read_bool(record->data, "encrypted", &out->is_encrypted))
		return bad_field("encrypted", err);
	rc = read_did(record->data, "creator", out->public, err);
	if (rc == 0)
		rc = read_owners(out, record->data, err);
	if (rc < 0)
		return rc;
	for (i = 0; i < out->owners_n; i++)
		if (!memcmp(out->owners[i], out->public, DID_KEY_BYTES))
			return 0;
	return err_set(err, ERR_UNTRUSTED, "its creator is not an owner");
}

static int read_name(struct statement *out, struct span data, struct err *err)
{
	struct span value;
	struct span sealed;

	if (!jcs_find(data, "name", &value))
		return 0;
	if (jcs_type_of(value) == JCS_STRING) {
		out->name.max = MEMBER_NAME_MAX;
		return jcs_string_decode(value, &out->name, NULL) < 0
			       ? bad_field("name", err) : 0;
	}
	if (jcs_type_of(value) != JCS_OBJECT ||
	    !jcs_find(value, "sealed", &sealed))
		return bad_field("name", err);
	out->is_name_sealed = true;
	return read_base64(sealed, "name", NAME_SEALED_MAX, &out->name, err);
}

static int read_role(struct statement *out, struct span data, struct err *err)
{
	char word[16] = "";
	struct span text;

	if (!jcs_find_string(data, "role", &text) || text.len >= sizeof(word))
		return bad_field("role", err);
	memcpy(word, text.at, text.len);
	if (role_parse(word, &out->role, NULL) < 0)
		return bad_field("role", err);
	out->has_role = true;
	return 0;
}

/* A cut of the member's own ref. */
static int read_cut(struct span item,
		    const unsigned char member[DID_KEY_BYTES],
		    struct member_cut *out)
{
	struct span construct;
	struct span device;
	struct span digest;
	struct span seq;
	unsigned char public[DID_KEY_BYTES];
	int64_t number;

	if (!jcs_find_string(item, "construct", &construct) ||
	    !construct.len || construct.len >= sizeof(out->construct) ||
	    !jcs_find_string(item, "device", &device) ||
	    did_parse_short(device, public, NULL) ||
	    !jcs_find_string(item, "digest", &digest) ||
	    !span_begins(digest, "sha256:") ||
	    !hex_decode(span_of(digest.at + 7, digest.len - 7), out->digest,
			SHA256_BYTES) ||
	    !jcs_find(item, "seq", &seq) || !jcs_integer(seq, &number) ||
	    number < 1)
		return -1;
	memset(out->construct, 0, sizeof(out->construct));
	memcpy(out->construct, construct.at, construct.len);
	out->seq = (uint64_t)number;
	return memcmp(public, member, DID_KEY_BYTES) ? -1 : 0;
}

static int read_cuts(struct statement *out, struct span data, struct err *err)
{
	struct jcs_iter iter;
	struct span list;
	struct span item;
	size_t n = 0;

	if (!jcs_find(data, "cuts", &list))
		return out->kind == STATEMENT_ROLE ? 0
						   : bad_field("cuts", err);
	if (jcs_type_of(list) != JCS_ARRAY)
		return bad_field("cuts", err);
	iter = jcs_iter_array(list);
	while (jcs_next(&iter, NULL, &item))
		n++;
	if (n > CUTS_MAX)
		return err_set(err, ERR_UNTRUSTED, "it has too many cuts");
	out->cuts = calloc(n ? n : 1, sizeof(*out->cuts));
	if (!out->cuts)
		return err_set(err, ERR_NOMEM, "out of memory");
	iter = jcs_iter_array(list);
	while (jcs_next(&iter, NULL, &item)) {
		if (read_cut(item, out->public, &out->cuts[out->cuts_n]) < 0)
			return bad_field("cuts", err);
		out->cuts_n++;
	}
	cuts_sort(out->cuts, &out->cuts_n);
	return 0;
}

/* Entity and did must name the same member. */
static int parse_member(struct statement *out, const struct record *record,
			struct err *err)
{
	char entity[DID_SHORT_MAX + 8] = "member:";
	struct span role;
	int rc = read_did(record->data, "did", out->public, err);

	if (rc < 0)
		return rc;
	did_short(out->public, entity + strlen("member:"));
	if (!span_equals(record->entity, span_str(entity)))
		return err_set(err, ERR_UNTRUSTED,
			       "its entity is not the member's name");
	if (out->kind == STATEMENT_REMOVE)
		return read_cuts(out, record->data, err);
	if (out->kind == STATEMENT_ADMIT ||
	    jcs_find(record->data, "role", &role))
		rc = read_role(out, record->data, err);
	if (rc == 0)
		rc = read_name(out, record->data, err);
	if (rc < 0 || out->kind == STATEMENT_ADMIT)
		return rc;
	if (!out->has_role && !out->name.len)
		return bad_field("role", err);
	return read_cuts(out, record->data, err);
}

static int parse_admit(struct statement *out, const struct record *record,
		       struct err *err)
{
	struct span box;
	struct span replaced;
	int rc = parse_member(out, record, err);

	if (rc < 0)
		return rc;
	out->has_replaced = jcs_find(record->data, "replaces", &replaced);
	if (out->has_replaced &&
	    read_did(record->data, "replaces", out->replaced, err) < 0)
		return ERR_UNTRUSTED;
	if (!jcs_find_string(record->data, "box", &box) ||
	    did_parse_box_short(box, out->box, NULL) < 0)
		return bad_field("box", err);
	return 0;
}

static int parse_key(struct statement *out, const struct record *record,
		     struct err *err)
{
	struct span key = record->entity;
	struct span text;

	key.at += strlen("key:");
	key.len -= strlen("key:");
	if (!base32_decode(key, out->key, KEY_ID_BYTES))
		return err_set(err, ERR_UNTRUSTED,
			       "its entity is not a key id");
	if (out->kind == STATEMENT_GRANT) {
		if (!jcs_find(record->data, "box", &text))
			return bad_field("box", err);
		if (read_did(record->data, "did", out->public, err) < 0)
			return ERR_UNTRUSTED;
		return read_base64(text, "box", GRANT_SEALED_MAX, &out->sealed,
				   err);
	}
	if (!jcs_find_string(record->data, "id", &text) ||
	    !span_equals(text, key))
		return bad_field("id", err);
	if (!jcs_find_string(record->data, "use", &text))
		return bad_field("use", err);
	out->is_name_key = span_equals(text, span_str("name"));
	if (!out->is_name_key && !span_equals(text, span_str("content")))
		return bad_field("use", err);
	return 0;
}

static bool read_digest(struct span text, unsigned char out[SHA256_BYTES])
{
	return span_begins(text, "sha256:") &&
	       hex_decode(span_of(text.at + 7, text.len - 7), out,
			  SHA256_BYTES);
}

/* A list of digests, behind the others; the head says of which construct. */
static int read_digests(struct statement *out, struct span item,
			const char *field, struct renewed_head *head,
			struct err *err)
{
	struct jcs_iter iter;
	struct span list;
	struct span text;
	int rc;

	head->is_old = !strcmp(field, "old");
	if (!jcs_find(item, field, &list) || jcs_type_of(list) != JCS_ARRAY)
		return bad_field(field, err);
	iter = jcs_iter_array(list);
	while (jcs_next(&iter, NULL, &text)) {
		if (!jcs_string_is_plain(text) ||
		    !read_digest(jcs_string_inner(text), head->digest) ||
		    out->renewed_n == RENEWED_MAX)
			return bad_field(field, err);
		rc = array_room_in(out->renewed, out->renewed_n,
				   out->renewed_cap, err);
		if (rc < 0)
			return rc;
		out->renewed[out->renewed_n++] = *head;
	}
	return 0;
}

static int parse_renew(struct statement *out, const struct record *record,
		       struct err *err)
{
	struct renewed_head head;
	struct jcs_iter iter;
	struct span list;
	struct span item;
	struct span text;
	int rc = 0;

	if (!jcs_find(record->data, "constructs", &list) ||
	    jcs_type_of(list) != JCS_ARRAY)
		return bad_field("constructs", err);
	iter = jcs_iter_array(list);
	while (rc == 0 && jcs_next(&iter, NULL, &item)) {
		memset(&head, 0, sizeof(head));
		if (!jcs_find_string(item, "construct", &text) || !text.len ||
		    text.len >= sizeof(head.construct))
			return bad_field("construct", err);
		memcpy(head.construct, text.at, text.len);
		rc = read_digests(out, item, "heads", &head, err);
		if (rc == 0)
			rc = read_digests(out, item, "old", &head, err);
	}
	if (rc < 0 || !jcs_find(record->data, "remote", &text))
		return rc;
	out->remote.max = RENEWED_REMOTE_MAX;
	if (jcs_type_of(text) != JCS_STRING ||
	    jcs_string_decode(text, &out->remote, NULL) < 0)
		return bad_field("remote", err);
	return 0;
}

static const struct {
	const char *type;
	enum statement_kind kind;
	int (*parse)(struct statement *out, const struct record *record,
		     struct err *err);
} statement_table[] = {
	{ "vault:create", STATEMENT_CREATE, parse_create },
	{ "member:add", STATEMENT_ADMIT, parse_admit },
	{ "member:update", STATEMENT_ROLE, parse_member },
	{ "member:remove", STATEMENT_REMOVE, parse_member },
	{ "key:create", STATEMENT_KEY, parse_key },
	{ "key:grant", STATEMENT_GRANT, parse_key },
	{ "vault:renew", STATEMENT_RENEW, parse_renew },
};

int statement_parse(const struct record *record,
		    const unsigned char id[RECORD_ID_BYTES],
		    struct statement *out, struct err *err)
{
	struct statement made;
	struct err why = ERR_INIT;
	char name[CID_TEXT_MAX];
	size_t n = sizeof(statement_table) / sizeof(statement_table[0]);
	size_t i;
	int rc;

	memset(&made, 0, sizeof(made));
	memcpy(made.record, id, RECORD_ID_BYTES);
	cid_text(CID_JSON, id, name);
	for (i = 0; i < n; i++)
		if (span_equals(record->type, span_str(statement_table[i].type)))
			break;
	if (i == n)
		return err_set(err, ERR_UNTRUSTED,
			       "record '%s' has no place in 'vault'", name);
	made.kind = statement_table[i].kind;
	rc = statement_table[i].parse(&made, record, &why);
	if (rc < 0) {
		statement_release(&made);
		return err_set(err, (enum err_code)rc, "record '%s': %s", name,
			       why.text);
	}
	*out = made;
	return 0;
}
