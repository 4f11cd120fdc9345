#include "refs/history/version.h"

#include <inttypes.h>

#include "lib/id/encode.h"
#include "refs/history/history_internal.h"
#include "refs/key/sshsig.h"

#define ARMOR_MAX 512

static void put_hex(struct buf *out, const void *bytes, size_t len)
{
	buf_fail(out, hex_add(out, bytes, len, NULL));
}

static void put_oid(struct buf *out, const char *header, const git_oid *id)
{
	buf_put_str(out, header);
	put_hex(out, id->id, GIT_OID_RAWSZ);
	buf_put_char(out, '\n');
}

static void put_person(struct buf *out, const char *header, const char *name,
		       const unsigned char public[DID_KEY_BYTES], int64_t time)
{
	char device[DID_SHORT_MAX];

	did_short(public, device);
	buf_putf(out, "%s %s <%s@vvault> %" PRId64 " +0000\n", header, name,
		 device, time);
}

static void put_headers(const struct version *version, struct buf *out)
{
	size_t i;

	put_oid(out, "tree ", &version->tree);
	for (i = 0; i < version->parents_n; i++)
		put_oid(out, "parent ", &version->parents[i]);
	put_person(out, "author", version->author, version_writer(version),
		   version->time);
	put_person(out, "committer", version->is_renewed ?
		   VERSION_SEALED_AUTHOR : version->author, version->device,
		   version->time);
}

/* A header of several lines: each but the first begins with a blank. */
static void put_armor(struct span armor, struct buf *out)
{
	size_t i;

	buf_put_str(out, "gpgsig ");
	for (i = 0; i < armor.len; i++) {
		buf_put_char(out, armor.at[i]);
		if (armor.at[i] == '\n')
			buf_put_char(out, ' ');
	}
	buf_put_char(out, '\n');
}

/* "<name>: sha256:<hex>,<hex>...", or "none" of them. */
static void put_digests(struct buf *out, const char *name,
			const unsigned char (*digests)[SHA256_BYTES], size_t n)
{
	size_t i;

	buf_putf(out, "%s: %s", name, n ? "sha256:" : "none");
	for (i = 0; i < n; i++) {
		if (i)
			buf_put_char(out, ',');
		put_hex(out, digests[i], SHA256_BYTES);
	}
	buf_put_char(out, '\n');
}

static void put_renewal(const struct version *version, struct buf *out)
{
	char writer[DID_TEXT_MAX];

	if (!version->is_renewed)
		return;
	did_from_public(version->writer, writer);
	buf_put_str(out, VERSION_RENEWS_TRAILER);
	put_hex(out, version->renews, SHA256_BYTES);
	buf_putf(out, " %s\n", writer);
}

static void put_note(const struct version *version, struct buf *out)
{
	if (!version->note.len)
		return;
	buf_put_str(out, "Vvault-Note: ");
	buf_fail(out, base64_add(out, version->note.data, version->note.len,
				 NULL));
	buf_put_char(out, '\n');
}

static void put_trailers(const struct version *version, struct buf *out)
{
	char device[DID_TEXT_MAX];

	did_from_public(version->device, device);
	buf_putf(out, "Vvault-Format: 1\n"
		 "Vvault-Vault: %s\n"
		 "Vvault-Construct: %s\n"
		 VERSION_DEVICE_TRAILER "%s\n"
		 "Vvault-Seq: %" PRIu64 "\n"
		 "Vvault-Change: %s\n",
		 version->vault_id, version->construct, device, version->seq,
		 version_change_word(version->change));
	put_renewal(version, out);
	if (version->members_n)
		put_digests(out, "Vvault-Members",
			    (const unsigned char (*)[SHA256_BYTES])
			    version->members, version->members_n);
	put_digests(out, "Vvault-Root",
		    (const unsigned char (*)[SHA256_BYTES])&version->root, 1);
	put_digests(out, "Vvault-Parents",
		    (const unsigned char (*)[SHA256_BYTES])
		    version->parent_digests, version->parents_n);
	put_note(version, out);
}

int version_bytes(const struct version *version, struct span armor,
		  struct buf *out, struct err *err)
{
	put_headers(version, out);
	if (armor.len)
		put_armor(armor, out);
	buf_put_char(out, '\n');
	buf_put_span(out, buf_span(&version->subject));
	buf_put_str(out, "\n\n");
	put_trailers(version, out);
	return buf_end(out, err);
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
