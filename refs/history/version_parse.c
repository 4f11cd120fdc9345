#include "refs/history/version.h"

#include <stdlib.h>

#include "lib/id/encode.h"
#include "refs/history/history_internal.h"
#include "refs/key/sshsig.h"

/*
 * Reading takes the fields apart and then lets version_bytes() write them
 * again: what differs by one byte was not written by vvault. So the readers
 * below may be simple, and need not know every rule of the encoding.
 */
#define ARMOR_MAX 4096
#define PERSON_END " +0000"
#define DIGEST_PREFIX "sha256:"
#define DIGEST_TEXT 64

struct reader {
	struct span rest;
	bool is_checked;	/* points of keys are worth their cost, */
	struct table *known;	/* and these were found good; or NULL */
	struct buf armor;
};

static int version_refuse(struct err *err, const char *what)
{
	return err_set(err, ERR_UNTRUSTED, "not a version of vvault: %s",
		       what);
}

static bool line_take(struct span *rest, struct span *out)
{
	const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;

	if (!end)
		return false;
	*out = span_of(rest->at, (size_t)(end - rest->at));
	*rest = span_of(end + 1, rest->len - out->len - 1);
	return true;
}

/* The line must come next and begin with prefix; out is what follows it. */
static bool field_take(struct reader *in, const char *prefix,
		       struct span *out)
{
	size_t len = strlen(prefix);
	struct span rest = in->rest;
	struct span line;

	if (!line_take(&rest, &line) || !span_begins(line, prefix))
		return false;
	*out = span_of(line.at + len, line.len - len);
	in->rest = rest;
	return true;
}

static bool text_copy(struct span text, char *out, size_t max)
{
	if (text.len >= max || memchr(text.at, '\0', text.len))
		return false;
	memcpy(out, text.at, text.len);
	out[text.len] = '\0';
	return true;
}

static bool number_read(struct span text, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;
	size_t i;

	if (!text.len || text.len > 18)
		return false;
	for (i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(text.at[i] - '0');
	}
	*out = value;
	return value <= max;
}

static int parents_read(struct reader *in, struct version *out,
			struct err *err)
{
	struct span rest = in->rest;
	struct span line;
	size_t n = 0;

	while (line_take(&rest, &line) && span_begins(line, "parent "))
		n++;
	if (n > VERSION_PARENTS_MAX)
		return version_refuse(err, "too many parents");
	if (!n)
		return 0;
	out->parents = calloc(n, sizeof(*out->parents));
	if (!out->parents)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (; out->parents_n < n; out->parents_n++) {
		if (!field_take(in, "parent ", &line) ||
		    !hex_decode(line, out->parents[out->parents_n].id,
				GIT_OID_RAWSZ))
			return version_refuse(err, "a parent is unreadable");
	}
	return 0;
}

/* "<name> <z6Mk...@vvault> <time> +0000": the device comes with a trailer. */
static bool author_read(struct span line, struct version *out)
{
	const char *open = line.len ? memchr(line.at, '<', line.len) : NULL;
	size_t end = strlen(PERSON_END);
	size_t name_len, skipped;
	uint64_t time;

	if (!open || open - line.at < 2 || open[-1] != ' ')
		return false;
	name_len = (size_t)(open - line.at) - 1;
	skipped = name_len + 2 + DID_SHORT + strlen("@vvault> ");
	if (line.len < skipped + end)
		return false;
	if (!text_copy(span_of(line.at, name_len), out->author,
		       sizeof(out->author)) ||
	    !number_read(span_of(line.at + skipped,
				 line.len - skipped - end), INT64_MAX, &time))
		return false;
	out->time = (int64_t)time;
	return true;
}

static int armor_read(struct reader *in, struct err *err)
{
	struct span line;

	if (!field_take(in, "gpgsig ", &line))
		return version_refuse(err, "it is not signed");
	buf_put_span(&in->armor, line);
	while (field_take(in, " ", &line)) {
		if (in->armor.len + line.len + 1 > ARMOR_MAX)
			return version_refuse(err, "the signature is too long");
		buf_put_char(&in->armor, '\n');
		buf_put_span(&in->armor, line);
	}
	return buf_end(&in->armor, err);
}

static int headers_read(struct reader *in, struct version *out,
			struct err *err)
{
	struct span line;
	int rc;

	if (!field_take(in, "tree ", &line) ||
	    !hex_decode(line, out->tree.id, GIT_OID_RAWSZ))
		return version_refuse(err, "its tree is unreadable");
	rc = parents_read(in, out, err);
	if (rc < 0)
		return rc;
	if (!field_take(in, "author ", &line) || !author_read(line, out) ||
	    !field_take(in, "committer ", &line))
		return version_refuse(err, "its author is unreadable");
	rc = armor_read(in, err);
	if (rc < 0)
		return rc;
	if (!field_take(in, "", &line) || line.len)
		return version_refuse(err, "it has another header");
	if (!field_take(in, "", &line) || line.len > VERSION_SUBJECT_MAX)
		return version_refuse(err, "it has no fit subject");
	buf_reset(&out->subject);
	rc = buf_add_span(&out->subject, line, err);
	if (rc == 0 && (!field_take(in, "", &line) || line.len))
		rc = version_refuse(err, "its subject is not one line");
	return rc;
}

/* n digests with commas between; *out is owned by the caller. */
static int digests_read(struct span text, size_t max,
			unsigned char (**out)[SHA256_BYTES], size_t *out_n,
			struct err *err)
{
	size_t prefix = strlen(DIGEST_PREFIX);
	size_t n, i;

	if (!span_begins(text, DIGEST_PREFIX))
		return version_refuse(err, "a list of digests is unreadable");
	text = span_of(text.at + prefix, text.len - prefix);
	n = (text.len + 1) / (DIGEST_TEXT + 1);
	if (!n || n > max || text.len != n * (DIGEST_TEXT + 1) - 1)
		return version_refuse(err,
				      "a list of digests has a wrong length");
	*out = calloc(n, sizeof(**out));
	if (!*out)
		return err_set(err, ERR_NOMEM, "out of memory");
	*out_n = n;
	for (i = 0; i < n; i++) {
		if (!hex_decode(span_of(text.at + i * (DIGEST_TEXT + 1),
					DIGEST_TEXT), (*out)[i], SHA256_BYTES))
			return version_refuse(err, "a digest is unreadable");
	}
	return 0;
}

static bool change_read(struct span word, enum version_change *out)
{
	static const enum version_change all[] = {
		CHANGE_ADD, CHANGE_COMPACT, CHANGE_FORGET
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (span_equals(word, span_str(version_change_word(all[i])))) {
			*out = all[i];
			return true;
		}
	}
	return false;
}

static int device_read(const struct reader *in, struct span did,
		       unsigned char out[DID_KEY_BYTES], struct err *err)
{
	size_t prefix = strlen(DID_PREFIX);
	int rc = 0;

	if (!span_begins(did, DID_PREFIX) ||
	    !did_spelled(span_of(did.at + prefix, did.len - prefix),
			 out))
		return version_refuse(err, "its device is no did:key");
	if (!in->is_checked || (in->known && table_get(in->known, out, NULL)))
		return 0;
	if (did_parse(did, out, NULL) < 0)
		return version_refuse(err, "its device is no did:key");
	if (in->known)
		rc = table_put(in->known, out, 0, err);
	return rc;
}

static int renewal_read(struct reader *in, struct version *out,
			struct err *err)
{
	struct span text;

	if (!field_take(in, VERSION_RENEWS_TRAILER, &text))
		return 0;
	if (text.len < DIGEST_TEXT + 1 ||
	    !hex_decode(span_of(text.at, DIGEST_TEXT), out->renews,
			SHA256_BYTES))
		return version_refuse(err, "what it renews is unreadable");
	out->is_renewed = true;
	return device_read(in, span_of(text.at + DIGEST_TEXT + 1,
				       text.len - DIGEST_TEXT - 1),
			   out->writer, err);
}

static int parent_digests_read(struct reader *in, struct version *out,
			       struct err *err)
{
	struct span text;
	size_t n = 0;
	int rc;

	if (!field_take(in, "Vvault-Parents: ", &text))
		return version_refuse(err, "it has no Vvault-Parents");
	if (span_equals(text, span_str("none")))
		return out->parents_n ?
		       version_refuse(err,
				      "Vvault-Parents leave parents out") : 0;
	rc = digests_read(text, VERSION_PARENTS_MAX, &out->parent_digests, &n,
			  err);
	if (rc == 0 && n != out->parents_n)
		rc = version_refuse(err,
				    "Vvault-Parents are not one per parent");
	return rc;
}

static int members_read(struct reader *in, struct version *out,
			struct err *err)
{
	struct span text;

	if (!field_take(in, "Vvault-Members: ", &text))
		return 0;
	return digests_read(text, VERSION_HEADS_MAX, &out->members,
			    &out->members_n, err);
}

static int note_read(struct reader *in, struct version *out, struct err *err)
{
	struct span text;

	if (!field_take(in, "Vvault-Note: ", &text))
		return 0;
	buf_reset(&out->note);
	if (base64_decode(text, &out->note, NULL) < 0 || !out->note.len)
		return version_refuse(err, "its note is unreadable");
	return 0;
}

static int trailers_read(struct reader *in, struct version *out,
			 struct err *err)
{
	struct span vault, construct, device, seq, change, root;
	int rc;

	if (!field_take(in, "Vvault-Format: ", &root))
		return version_refuse(err, "it has no Vvault-Format");
	if (!span_equals(root, span_str("1")))
		return version_refuse(err,
				      "its format is unknown, perhaps newer");
	if (!field_take(in, "Vvault-Vault: ", &vault) ||
	    !field_take(in, "Vvault-Construct: ", &construct) ||
	    !field_take(in, VERSION_DEVICE_TRAILER, &device) ||
	    !field_take(in, "Vvault-Seq: ", &seq) ||
	    !field_take(in, "Vvault-Change: ", &change))
		return version_refuse(err,
				      "a trailer is missing or out of order");
	if (!text_copy(vault, out->vault_id, sizeof(out->vault_id)) ||
	    !text_copy(construct, out->construct, sizeof(out->construct)) ||
	    !number_read(seq, VERSION_SEQ_MAX, &out->seq) ||
	    !change_read(change, &out->change))
		return version_refuse(err, "a trailer is unreadable");
	rc = device_read(in, device, out->device, err);
	if (rc == 0)
		rc = renewal_read(in, out, err);
	if (rc == 0)
		rc = members_read(in, out, err);
	if (rc < 0)
		return rc;
	if (!field_take(in, "Vvault-Root: " DIGEST_PREFIX, &root) ||
	    !hex_decode(root, out->root, SHA256_BYTES))
		return version_refuse(err, "its root is unreadable");
	rc = parent_digests_read(in, out, err);
	if (rc == 0)
		rc = note_read(in, out, err);
	if (rc == 0 && in->rest.len)
		rc = version_refuse(err,
				    "something stands behind its trailers");
	return rc;
}

/* The fields obey the rules, and there is no other way to write them. */
static int encoding_check(const struct version *version, struct span armor,
			  struct span commit, struct err *err)
{
	struct buf again = BUF_INIT(VERSION_MAX_BYTES + ARMOR_MAX);
	struct err reason = ERR_INIT;
	int rc;

	if (version_check(version, &reason) < 0)
		return version_refuse(err, reason.text);
	rc = version_bytes(version, armor, &again, err);
	if (rc == 0 && !span_equals(buf_span(&again), commit))
		rc = version_refuse(err,
				    "it is not encoded as vvault encodes it");
	buf_release(&again);
	return rc;
}

static int signature_check(const struct version *version, struct span armor,
			   struct err *err)
{
	struct buf payload = BUF_INIT(VERSION_MAX_BYTES);
	int rc = version_bytes(version, span_of(NULL, 0), &payload, err);

	if (rc == 0)
		rc = sshsig_verify(armor, buf_span(&payload), version->device,
				   err);
	buf_release(&payload);
	return rc;
}

static int parse(struct span commit, bool is_checked, struct table *known,
		 struct version *out, struct err *err)
{
	struct reader in = { commit, is_checked, known, BUF_INIT(ARMOR_MAX) };
	struct version version;
	int rc = 0;

	version_init(&version);
	if (commit.len > VERSION_MAX_BYTES)
		rc = version_refuse(err, "it is too large");
	if (rc == 0)
		rc = headers_read(&in, &version, err);
	if (rc == 0)
		rc = trailers_read(&in, &version, err);
	if (rc == 0)
		rc = encoding_check(&version, buf_span(&in.armor), commit,
				    err);
	if (rc == 0 && is_checked)
		rc = signature_check(&version, buf_span(&in.armor), err);
	if (rc == 0)
		rc = version_identify(&version, commit, err);
	if (rc == 0) {
		version_release(out);
		*out = version;
	} else {
		version_release(&version);
	}
	buf_release(&in.armor);
	return rc;
}

int version_parse(struct span commit, struct table *known,
		  struct version *out, struct err *err)
{
	return parse(commit, true, known, out, err);
}

int version_parse_trusted(struct span commit, struct version *out,
			  struct err *err)
{
	return parse(commit, false, NULL, out, err);
}
