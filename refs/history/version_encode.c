#include "refs/history/version.h"

#include <inttypes.h>

#include "lib/id/encode.h"
#include "refs/history/history_internal.h"
#include "refs/key/sshsig.h"

#define ARMOR_MAX 512

static int add_oid(struct buf *out, const char *header, const git_oid *id,
		   struct err *err)
{
	int rc = buf_add_str(out, header, err);

	if (rc == 0)
		rc = hex_add(out, id->id, GIT_OID_RAWSZ, err);
	if (rc == 0)
		rc = buf_add_char(out, '\n', err);
	return rc;
}

static int add_person(struct buf *out, const char *header,
		      const struct version *version, struct err *err)
{
	char device[DID_SHORT_MAX];

	did_short(version->device, device);
	return buf_printf(out, err, "%s %s <%s@vvault> %" PRId64 " +0000\n",
			  header, version->author, device, version->time);
}

static int add_headers(const struct version *version, struct buf *out,
		       struct err *err)
{
	size_t i;
	int rc;

	rc = add_oid(out, "tree ", &version->tree, err);
	for (i = 0; rc == 0 && i < version->parents_n; i++)
		rc = add_oid(out, "parent ", &version->parents[i], err);
	if (rc == 0)
		rc = add_person(out, "author", version, err);
	if (rc == 0)
		rc = add_person(out, "committer", version, err);
	return rc;
}

/* A header of several lines: each but the first begins with a blank. */
static int add_armor(struct span armor, struct buf *out, struct err *err)
{
	size_t i;
	int rc = buf_add_str(out, "gpgsig ", err);

	for (i = 0; rc == 0 && i < armor.len; i++) {
		rc = buf_add_char(out, armor.at[i], err);
		if (rc == 0 && armor.at[i] == '\n')
			rc = buf_add_char(out, ' ', err);
	}
	if (rc == 0)
		rc = buf_add_char(out, '\n', err);
	return rc;
}

/* "<name>: sha256:<hex>,<hex>...", or "none" of them. */
static int add_digests(struct buf *out, const char *name,
		       const unsigned char (*digests)[SHA256_BYTES], size_t n,
		       struct err *err)
{
	size_t i;
	int rc;

	rc = buf_printf(out, err, "%s: %s", name, n ? "sha256:" : "none");
	for (i = 0; rc == 0 && i < n; i++) {
		if (i)
			rc = buf_add_char(out, ',', err);
		if (rc == 0)
			rc = hex_add(out, digests[i], SHA256_BYTES, err);
	}
	if (rc == 0)
		rc = buf_add_char(out, '\n', err);
	return rc;
}

static int add_note(const struct version *version, struct buf *out,
		    struct err *err)
{
	int rc;

	if (!version->note.len)
		return 0;
	rc = buf_add_str(out, "Vvault-Note: ", err);
	if (rc == 0)
		rc = base64_add(out, version->note.data, version->note.len,
				err);
	if (rc == 0)
		rc = buf_add_char(out, '\n', err);
	return rc;
}

static int add_trailers(const struct version *version, struct buf *out,
			struct err *err)
{
	char device[DID_TEXT_MAX];
	int rc;

	did_from_public(version->device, device);
	rc = buf_printf(out, err,
			"Vvault-Format: 1\n"
			"Vvault-Vault: %s\n"
			"Vvault-Construct: %s\n"
			VERSION_DEVICE_TRAILER "%s\n"
			"Vvault-Seq: %" PRIu64 "\n"
			"Vvault-Change: %s\n",
			version->vault_id, version->construct, device,
			version->seq, version_change_word(version->change));
	if (rc == 0 && version->members_n)
		rc = add_digests(out, "Vvault-Members",
				 (const unsigned char (*)[SHA256_BYTES])
				 version->members, version->members_n, err);
	if (rc == 0)
		rc = add_digests(out, "Vvault-Root",
				 (const unsigned char (*)[SHA256_BYTES])
				 &version->root, 1, err);
	if (rc == 0)
		rc = add_digests(out, "Vvault-Parents",
				 (const unsigned char (*)[SHA256_BYTES])
				 version->parent_digests, version->parents_n,
				 err);
	if (rc == 0)
		rc = add_note(version, out, err);
	return rc;
}

int version_bytes(const struct version *version, struct span armor,
		  struct buf *out, struct err *err)
{
	int rc;

	rc = add_headers(version, out, err);
	if (rc == 0 && armor.len)
		rc = add_armor(armor, out, err);
	if (rc == 0)
		rc = buf_add_char(out, '\n', err);
	if (rc == 0)
		rc = buf_add_span(out, buf_span(&version->subject), err);
	if (rc == 0)
		rc = buf_add_str(out, "\n\n", err);
	if (rc == 0)
		rc = add_trailers(version, out, err);
	return rc;
}

int version_note_owner(const struct version *version,
		       unsigned char out[SHA256_BYTES], struct err *err)
{
	struct buf text = BUF_INIT(VERSION_MAX_BYTES);
	struct version bare = *version;	/* borrows what it points to */
	int rc;

	bare.note = (struct buf)BUF_INIT(0);
	rc = version_bytes(&bare, span_of(NULL, 0), &text, err);
	if (rc == 0)
		sha256_of(text.data, text.len, out);
	buf_release(&text);
	return rc;
}

int version_encode(struct version *version, const struct device_key *key,
		   struct buf *out, struct err *err)
{
	struct buf payload = BUF_INIT(VERSION_MAX_BYTES);
	struct buf armor = BUF_INIT(ARMOR_MAX);
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	int rc;

	memcpy(version->device, key->public, DID_KEY_BYTES);
	rc = version_check(version, err);
	if (rc == 0)
		rc = version_bytes(version, span_of(NULL, 0), &payload, err);
	if (rc == 0)
		rc = sshsig_sign(buf_span(&payload), key->secret, &armor, err);
	if (rc == 0)
		rc = version_bytes(version, buf_span(&armor), &commit, err);
	if (rc == 0)
		rc = buf_reserve(out, commit.len, err);
	if (rc == 0)
		rc = version_identify(version, buf_span(&commit), err);
	if (rc == 0) {
		buf_reset(out);
		rc = buf_add_span(out, buf_span(&commit), err);
	}
	buf_release(&commit);
	buf_release(&armor);
	buf_release(&payload);
	return rc;
}
