#include "refs/verify/verify_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/id/encode.h"
#include "objects/record/seal.h"
#include "refs/history/history.h"
#include "refs/history/version.h"

/*
 * Codes of problems. A version is refused for:
 *
 *	missing-object, bad-encoding, bad-signature, bad-tree, wrong-root
 *	foreign-vault, wrong-construct, wrong-parents, wrong-seq,
 *	wrong-members, not-a-member, not-a-writer, not-an-owner,
 *	removed-member, removed-parent
 *	dropped-segment, changed-record, bad-change, bad-segment,
 *	unknown-key, missing-blob, no-note, bad-note, vault-record, foreign-record
 *	not-renewed, old-history
 *	no-vault-create, not-the-creator, second-beginning, not-above,
 *	bad-vault-record		(of `vault` only)
 *
 * and held for unknown-members and no-key. About heads: wrong-ref, broken-history,
 * refused-ancestor, held-ancestor, not-a-member, removed-member, not-renewed,
 * old-history, and held: renewed. Beside them:
 * fork, stray-ref, bad-grant, lost-ref, rolled-back.
 */

/* A rule that was broken: it is refused, or waits for what it names. */
struct breach {
	const char *code;		/* NULL: none was */
	const char *message;
	bool is_held;
};

/* What is being judged. */
struct judged {
	struct verifier *verifier;
	const struct version *version;
	struct facts *parents[VERSION_PARENTS_MAX];
	struct facts *facts;		/* its own, being made */
	bool is_vault;
};

static int breach(struct breach *out, const char *code, const char *message)
{
	out->code = code;
	out->message = message;
	return ERR_UNTRUSTED;
}

static int check_identity(struct judged *judged, struct breach *out)
{
	const struct version *version = judged->version;
	const struct verifier *verifier = judged->verifier;
	const char *vault_id = authority_vault_id(verifier->authority);
	size_t i;

	if (vault_id[0] ? strcmp(version->vault_id, vault_id)
			: verifier->expected_id[0] &&
			  strcmp(version->vault_id, verifier->expected_id))
		return breach(out, "foreign-vault",
			      "it belongs to another vault");
	for (i = 0; i < version->parents_n; i++)
		if (strcmp(version->construct, judged->parents[i]->construct))
			return breach(out, "wrong-construct",
				      "a parent is of another construct");
	if (judged->is_vault || !verifier->state.is_encrypted)
		return 0;
	if (!base32_is_key26(span_str(version->construct)))
		return breach(out, "wrong-construct",
			      "an encrypted vault holds a construct whose name "
			      "is not keyed");
	/* With a note come the fixed author and subject: nothing else of a
	 * version could tell a host what it is about. */
	if (!seal_has_form(buf_span(&version->note)))
		return breach(out, "no-note",
			      "an encrypted vault holds a version without a "
			      "sealed note");
	return 0;
}

/*
 * None twice, none an ancestor of another. Mostly the seqs tell: who has not
 * seen a's seq of a's device has not seen a.
 */
static int check_distinct(struct judged *judged, struct breach *out,
			  struct err *err)
{
	const struct version *version = judged->version;
	size_t n = version->parents_n;
	size_t i;

	for (i = 0; i < n * n; i++) {
		const struct facts *a = judged->parents[i / n];
		const struct facts *b = judged->parents[i % n];
		const git_oid *a_id = &version->parents[i / n];
		const git_oid *b_id = &version->parents[i % n];
		bool is_before = false;
		uint64_t seen;
		int rc;

		if (i / n == i % n)
			continue;
		if (git_oid_equal(a_id, b_id))
			return breach(out, "wrong-parents",
				      "it names a parent twice");
		rc = seqs_get(judged->verifier, &b->seqs, a->device, &seen,
			      err);
		if (rc == 0 && seen >= a->seq)
			rc = history_is_ancestor(judged->verifier->store, a_id,
						 b_id, &is_before, err);
		if (rc < 0)
			return rc;
		if (is_before)
			return breach(out, "wrong-parents",
				      "a parent is an ancestor of another");
	}
	return 0;
}

/* Its own device's head first where there is one, the rest by id. */
static int check_order(const struct judged *judged, struct breach *out)
{
	const struct version *version = judged->version;
	bool is_own_first = false;
	bool has_own = false;
	size_t i;

	for (i = 0; i < version->parents_n; i++) {
		bool is_own = !memcmp(judged->parents[i]->device,
				      version->device, DID_KEY_BYTES);

		has_own = has_own || is_own;
		is_own_first = is_own_first || (is_own && !i);
	}
	if (has_own && !is_own_first)
		return breach(out, "wrong-parents",
			      "its device's previous head is not the first "
			      "parent");
	for (i = is_own_first ? 2 : 1; i < version->parents_n; i++)
		if (git_oid_cmp(&version->parents[i - 1],
				&version->parents[i]) >= 0)
			return breach(out, "wrong-parents",
				      "its parents are not in order");
	return 0;
}

static int check_parents(struct judged *judged, struct breach *out,
			 struct err *err)
{
	const struct version *version = judged->version;
	size_t i;
	int rc;

	for (i = 0; i < version->parents_n; i++)
		if (memcmp(version->parent_digests[i],
			   judged->parents[i]->digest, SHA256_BYTES))
			return breach(out, "wrong-parents",
				      "the digest of a parent is wrong");
	rc = check_order(judged, out);
	if (rc || version->parents_n < 2)
		return rc;
	return check_distinct(judged, out, err);
}

/* Join what the parents know of seqs into the version's own facts. */
static int join_seqs(struct judged *judged, struct err *err)
{
	const struct version *version = judged->version;
	struct seqs *own = &judged->facts->seqs;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < version->parents_n; i++)
		rc = i ? seqs_join(judged->verifier, own,
				   &judged->parents[i]->seqs, err)
		       : seqs_copy(&judged->parents[i]->seqs, own, err);
	return rc;
}

static int check_seq(struct judged *judged, struct breach *out,
		     struct err *err)
{
	const struct version *version = judged->version;
	struct verifier *verifier = judged->verifier;
	struct seqs *own = &judged->facts->seqs;
	uint64_t highest;
	int rc = join_seqs(judged, err);

	if (rc == 0)
		rc = seqs_get(verifier, own, version->device, &highest, err);
	if (rc < 0)
		return rc;
	if (version->seq != highest + 1)
		return breach(out, "wrong-seq",
			      "its seq is not one more than its device's "
			      "highest among the ancestors");
	return seqs_set(verifier, own, version->device, version->seq, err);
}

/* Of one that was made anew, who is said to have signed it first. */
static int check_signer(struct judged *judged, const struct roster *roster,
			struct breach *out)
{
	const struct version *version = judged->version;
	const unsigned char *writer = version_writer(version);
	const struct roster_member *member = roster_member(roster, writer);
	enum role role = roster_role(roster, writer);

	if (!member)
		return breach(out, "not-a-member", "its signer is no member");
	if (member->removals.n)
		return breach(out, "removed-member",
			      "its signer had been removed");
	if (role < ROLE_WRITER)
		return breach(out, "not-a-writer",
			      "its signer is a reader only");
	if (version->change == CHANGE_FORGET && role != ROLE_OWNER)
		return breach(out, "not-an-owner",
			      "only owners make versions that forget");
	return 0;
}

static int check_lineage(const struct judged *judged, struct breach *out)
{
	const char *message = NULL;
	const char *code = NULL;
	size_t i;

	for (i = 0; !code && i < judged->version->parents_n; i++)
		code = lineage_of_parent(judged->verifier, judged->facts,
					 judged->parents[i], &message);
	return code ? breach(out, code, message) : 0;
}

/* Who knows that rights were taken builds on nothing beyond the cut. */
static int check_cuts(const struct judged *judged, const struct roster *roster,
		      struct breach *out, struct err *err)
{
	bool is_limited[VERSION_PARENTS_MAX];
	bool counts = true;
	size_t i;
	int rc = 0;

	for (i = 0; i < judged->version->parents_n; i++) {
		const struct roster_member *member =
			roster_member(roster, judged->parents[i]->device);

		is_limited[i] = !member || member->limits_n;
	}
	for (i = 0; rc == 0 && counts && i < judged->version->parents_n; i++)
		if (is_limited[i])
			rc = members_allow(judged->verifier,
					   judged->facts->members,
					   &judged->version->parents[i],
					   &counts, err);
	if (rc < 0 || counts)
		return rc;
	return breach(out, "removed-parent",
		      "a parent lies beyond the cut of a device whose rights "
		      "were taken, or its signer is no member");
}

/* The note is as new as the segments. */
static int check_note_key(const struct judged *judged, struct breach *out)
{
	const struct members *members =
		&judged->verifier->members[judged->facts->members];
	unsigned char key[KEY_ID_BYTES];

	if (!judged->version->note.len)
		return 0;
	seal_key_id(buf_span(&judged->version->note), key);
	if (members->has_sealing_key &&
	    !memcmp(members->sealing_key, key, KEY_ID_BYTES))
		return 0;
	return breach(out, "unknown-key",
		      "its note is not sealed with the newest content key of "
		      "the 'vault' that it names");
}

/* A note that was sealed for another version, or is damaged, is nobody's. */
static int check_note(const struct judged *judged, struct breach *out,
		      struct err *err)
{
	struct verifier *verifier = judged->verifier;
	struct buf text = BUF_INIT(SEAL_PLAIN_MAX);
	unsigned char owner[SHA256_BYTES];
	const struct codec *origin;
	struct codec *codec;
	int rc = verifier_codec(verifier, judged->version->construct, &origin,
				err);

	if (rc < 0 || !judged->version->note.len ||
	    codec_mode(origin) != CODEC_SEALED)
		return rc;
	rc = worker_codec(&verifier->workers[0], origin, &codec, err);
	if (rc == 0)
		rc = version_note_owner(judged->version, owner, err);
	if (rc < 0)
		return rc;
	rc = codec_open_note(codec,
			     span_of((const char *)owner, sizeof(owner)),
			     buf_span(&judged->version->note), &text, NULL);
	buf_wipe(&text);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	/* Without the key of the note there is none of its segments either. */
	if (rc == 0 || rc == ERR_NO_KEY)
		return 0;
	return breach(out, "bad-note",
		      "its note was not sealed for this version");
}

/* -1 and less: an error; 0: fine; 1: a breach; 2: hold. */
static int check_members(struct judged *judged, struct breach *out,
			 struct err *err)
{
	struct verifier *verifier = judged->verifier;
	const struct roster *roster;
	struct err reason = ERR_INIT;
	uint32_t number;
	size_t i;
	int rc = members_find(verifier, judged->version, &number, &reason);

	out->is_held = rc == ERR_NOT_FOUND;
	if (rc == ERR_NOT_FOUND)
		return breach(out, "unknown-members",
			      "it names a version of 'vault' that is not here "
			      "yet, or was refused");
	if (rc < 0)
		return err_copy(err, rc, &reason);
	judged->facts->members = number;
	for (i = 0; i < judged->version->parents_n; i++) {
		uint32_t theirs = judged->parents[i]->members;

		if (theirs != number &&
		    !index_set_covers(&verifier->members[number].closure,
				      &verifier->members[theirs].closure))
			return breach(out, "wrong-members",
				      "it does not know all of 'vault' that "
				      "its parents knew");
	}
	rc = authority_roster(verifier->authority,
			      &verifier->members[number].effective, &roster,
			      err);
	if (rc == 0)
		rc = check_signer(judged, roster, out);
	if (rc == 0)
		rc = check_note_key(judged, out);
	if (rc == 0)
		rc = check_note(judged, out, err);
	if (rc == 0)
		rc = check_lineage(judged, out);
	/* What was beyond a cut when it was made anew an owner took in. */
	if (rc || judged->version->is_renewed)
		return rc;
	return check_cuts(judged, roster, out, err);
}

static int check_root(struct judged *judged, struct breach *out,
		      struct err *err)
{
	unsigned char root[SHA256_BYTES];
	struct err reason = ERR_INIT;
	int rc = tree_root(judged->verifier->store, &judged->version->tree,
			   root, &reason);

	if (rc < 0 && !is_finding(rc))
		return err_copy(err, rc, &reason);
	if (rc < 0) {
		/* The words are needed by the caller, who has err. */
		err_copy(err, rc, &reason);
		return breach(out, rc == ERR_NOT_FOUND ? "missing-object"
						       : "bad-tree",
			      err ? err->text : "its tree is bad");
	}
	if (memcmp(root, judged->version->root, SHA256_BYTES))
		return breach(out, "wrong-root",
			      "Vvault-Root is not the root of its tree");
	return 0;
}

static int load_parents(struct judged *judged, struct err *err)
{
	const struct version *version = judged->version;
	uint32_t number;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < version->parents_n; i++) {
		rc = node_of(judged->verifier, &version->parents[i], &number,
			     err);
		if (rc == 0)
			rc = node_facts(judged->verifier, number,
					&judged->parents[i], err);
	}
	return rc;
}

/* All rules but the tree's change. As check_members(). */
static int check_all(struct judged *judged, struct breach *out,
		     struct err *err)
{
	int rc = load_parents(judged, err);

	if (rc == 0)
		rc = check_identity(judged, out);
	if (rc == 0)
		rc = check_parents(judged, out, err);
	if (rc == 0)
		rc = check_seq(judged, out, err);
	if (rc == 0 && !judged->is_vault)
		rc = check_members(judged, out, err);
	return rc < 0 ? rc : check_root(judged, out, err);
}

/* The same seq twice: both stay, and somebody should look. */
static int note_fork(struct verifier *verifier, uint32_t number,
		     const struct facts *facts, struct err *err)
{
	struct sha256 hash;
	unsigned char key[SHA256_BYTES];
	char hex[HEX_TEXT(GIT_OID_RAWSZ) + 1];
	const git_oid *id = &verifier->nodes[number].id;
	uint64_t highest = 0;
	uint64_t seq;
	bool is_known;
	bool is_new;
	size_t i;
	int rc;

	sha256_init(&hash);
	sha256_add(&hash, facts->device, DID_KEY_BYTES);
	sha256_add(&hash, &facts->seq, sizeof(facts->seq));
	sha256_add(&hash, facts->construct, strlen(facts->construct));
	sha256_finish(&hash, key);
	rc = table_include(&verifier->by_seq, key, &is_new, err);
	for (i = 0; rc == 0 && is_new && i < verifier->known.n; i++) {
		const struct head *head = &verifier->known.at[i];

		if (strcmp(head->construct, facts->construct))
			continue;
		rc = seq_of_known(verifier, &head->id, facts->device, &seq,
				  err);
		if (rc < 0)
			break;
		if (seq < facts->seq)
			continue;
		highest = seq;
		/* A clock that was wrong may show us what is known. */
		rc = history_is_ancestor(verifier->store, id, &head->id,
					 &is_known, err);
		if (rc < 0 || is_known)
			return rc;
	}
	if (rc < 0 || (is_new && highest < facts->seq))
		return rc;
	hex_text(id->id, GIT_OID_RAWSZ, hex);
	return problem_list_add(verifier->problems, "fork", hex,
				"its device has signed another version with "
				"the same seq: a restored copy, or a key in "
				"two places; both are kept", err);
}

static void fill_facts(struct facts *facts, const struct version *version)
{
	memcpy(facts->digest, version->digest, SHA256_BYTES);
	memcpy(facts->construct, version->construct,
	       sizeof(facts->construct));
	memcpy(facts->device, version->device, DID_KEY_BYTES);
	facts->tree = version->tree;
	facts->seq = version->seq;
	facts->is_renewed = version->is_renewed;
	facts->members = MEMBERS_NONE;
}

static int judge(struct judged *judged, uint32_t number, struct err *err)
{
	struct verifier *verifier = judged->verifier;
	struct breach found = { NULL, NULL, false };
	struct err reason = ERR_INIT;
	int rc = check_all(judged, &found, &reason);

	if (found.code)
		return (found.is_held ? node_hold : node_refuse)(
			verifier, number, found.code, found.message, err);
	if (rc < 0 && !is_finding(rc))
		return err_copy(err, rc, &reason);
	if (rc < 0)
		return node_refuse(verifier, number, "missing-object",
				   reason.text, err);
	return change_check(verifier, number, judged->version, err);
}

int rules_check(struct verifier *verifier, uint32_t number,
		const struct version *version, struct err *err)
{
	struct judged *judged = calloc(1, sizeof(*judged));
	struct facts *facts = calloc(1, sizeof(*facts));
	int rc;

	if (!judged || !facts) {
		free(judged);
		free(facts);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	judged->verifier = verifier;
	judged->version = version;
	judged->facts = facts;
	judged->is_vault = !strcmp(version->construct, VAULT_CONSTRUCT);
	fill_facts(facts, version);
	verifier->nodes[number].facts = facts;
	rc = judge(judged, number, err);
	if (rc == 0 && verifier->nodes[number].status == NODE_WAITING) {
		verifier->nodes[number].status = NODE_OK;
		verifier->counts.versions++;
		/* Lines of others that an owner made anew run side by side. */
		rc = version->is_renewed ? 0 : note_fork(verifier, number, facts, err);
	}
	free(judged);
	return rc;
}
