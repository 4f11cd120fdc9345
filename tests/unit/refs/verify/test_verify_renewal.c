/*
 * Lineages: what an owner made anew counts where an owner's word names it, and
 * what was before it does no more. All versions here are validly signed.
 */
#include "objects/blob/blob.h"
#include "tests/unit/judge.h"

#define NOVA "nova-001"

enum { ALICE, BOB, RHEA, CAROL };	/* owner, writer, reader, owner */

static git_oid before;		/* of `vault`, without a renewal */
static git_oid old_first;	/* by bob, */
static git_oid old_second;	/* and on that */
static git_oid first;		/* the same by alice, made anew */
static git_oid second;
static git_oid renewed;		/* of `vault`: names the second */

/* What the next version is said to stand for. */
static const git_oid *stands_for;
static size_t writer;

static void digest_of(const git_oid *id, unsigned char out[SHA256_BYTES])
{
	unsigned char (*digests)[SHA256_BYTES] = NULL;
	struct err err = ERR_INIT;

	must(versions_digests(store, id, 1, &digests, &err), &err, "digest");
	memcpy(out, digests[0], SHA256_BYTES);
	free(digests);
}

static void make_anew(struct version *version)
{
	version->is_renewed = true;
	digest_of(stands_for, version->renews);
	memcpy(version->writer, keys[writer].public, DID_KEY_BYTES);
}

static git_oid data(size_t key, const char *name, const git_oid *known,
		    const git_oid *parent)
{
	struct spec spec = { .construct = NOVA, .key = key,
			     .lines = name ? say_memory(name) : NULL };

	spec.members[spec.members_n++] = *known;
	if (parent)
		spec.parents[spec.parents_n++] = *parent;
	if (stands_for)
		spec.spoil = make_anew;
	return forge(&spec);
}

static git_oid anew(size_t key, size_t of, const char *name,
		    const git_oid *old, const git_oid *parent)
{
	git_oid id;

	stands_for = old;
	writer = of;
	id = data(key, name, &before, parent);
	stands_for = NULL;
	return id;
}

/* A version of `vault` on top of one: these were made anew. */
static git_oid say_renewed(size_t key, const git_oid *head, const git_oid *on)
{
	unsigned char digest[SHA256_BYTES];
	char hex[HEX_TEXT(SHA256_BYTES) + 1];
	char text[512];

	digest_of(head, digest);
	hex_text(digest, SHA256_BYTES, hex);
	snprintf(text, sizeof(text), "{\"constructs\":[{\"construct\":\"%s\","
		 "\"heads\":[\"sha256:%s\"],\"old\":[]}]}", NOVA, hex);
	return vault_version(key, say_record("vault:renew",
					     "vault:aaaaaaaaaaaaaaaaaaaaaaaaaa",
					     text), on, NULL);
}

static void stands(const git_oid *vault, size_t key, const git_oid *id,
		   const char *name)
{
	vault_head = *vault;
	is_int(judge_as(NOVA, key, id), VERDICT_OK, name);
	ok(!problems.n || has_problem("none"), "without a problem");
}

static void falls(const git_oid *vault, size_t key, const git_oid *id,
		  const char *code, const char *name)
{
	vault_head = *vault;
	is_int(judge_as(NOVA, key, id), VERDICT_REFUSED, name);
	ok(has_problem(code), "as %s", code);
}

static void test_heads(void)
{
	git_oid id;

	stands(&before, BOB, &old_second, "before a renewal all is as ever");
	stands(&renewed, ALICE, &second, "what the word names stands");
	falls(&before, ALICE, &second, "not-renewed", "without it nothing");
	falls(&renewed, ALICE, &first, "not-renewed", "nor what it does not");
	falls(&renewed, BOB, &old_second, "old-history", "nor the old line");
	id = data(BOB, "late", &before, &old_second);
	falls(&renewed, BOB, &id, "old-history", "and what is built on it");
	id = data(BOB, "beside", &before, NULL);
	falls(&renewed, BOB, &id, "old-history", "or beside, unknowing");
	id = data(BOB, "beside", &renewed, NULL);
	stands(&renewed, BOB, &id, "who knows the word begins beside it");
}

static void test_parents(void)
{
	git_oid id = data(BOB, "next", &renewed, &second);

	stands(&renewed, BOB, &id, "on top goes on who knows the word");
	id = data(BOB, "next", &before, &second);
	falls(&renewed, BOB, &id, "not-renewed", "and nobody else");
	id = data(BOB, "next", &renewed, &first);
	falls(&renewed, BOB, &id, "not-renewed", "not on what is not named");
	id = data(BOB, "next", &renewed, &old_second);
	falls(&renewed, BOB, &id, "old-history", "not on the old line");
	id = anew(ALICE, BOB, "two", &old_second, &old_first);
	falls(&renewed, ALICE, &id, "not-renewed",
	      "what is made anew stands on what is");
}

static void test_makers(void)
{
	git_oid id = anew(CAROL, BOB, "one", &old_first, NULL);
	git_oid word = say_renewed(ALICE, &id, &before);

	falls(&word, CAROL, &id, "not-renewed",
	      "who signs it is who says so");
	word = say_renewed(CAROL, &id, &before);
	word = vault_version(ALICE, say_admit(4, "reader"), &word, NULL);
	stands(&word, CAROL, &id, "any owner may");
	word = say_renewed(BOB, &id, &before);
	vault_head = word;
	is_int(judge_as(VAULT_CONSTRUCT, BOB, &word), VERDICT_REFUSED,
	       "and nobody but owners");
	id = anew(ALICE, RHEA, "one", &old_first, NULL);
	word = say_renewed(ALICE, &id, &before);
	falls(&word, ALICE, &id, "not-a-writer",
	      "it is said to be by one who might have written it");
	id = anew(ALICE, BOB, "one", &old_first, NULL);
	word = say_renewed(ALICE, &id, &renewed);
	stands(&word, ALICE, &id, "a later renewal counts");
	falls(&word, ALICE, &second, "not-renewed", "and no earlier one");
}

/* What a large record says, and the pieces of its blob. */
static char large[256];

static void make_blob(struct tree_segments *pieces)
{
	static const char bytes[300000] = "";
	struct codec *codec = forge_codec(NOVA);
	struct blob_sink sink = { store, codec, pieces };
	struct buf ref = BUF_INIT(4096);
	struct err err = ERR_INIT;

	must(blob_write(&sink, span_of(bytes, sizeof(bytes)), "text/plain",
			&ref, &err), &err, "blob");
	snprintf(large, sizeof(large), "{\"content\":%s}", buf_text(&ref));
	buf_release(&ref);
	codec_free(codec);
}

/* Made anew on the first, with the large record and its blob, or without. */
static git_oid with_large(enum version_change change, bool has_record,
			  bool has_blob, const git_oid *parent)
{
	struct spec spec = { .construct = NOVA, .key = ALICE,
			     .change = change, .spoil = make_anew };
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct err err = ERR_INIT;
	git_oid tree;

	make_blob(&list);
	if (!has_blob) {
		tree_segments_release(&list);
		list = (struct tree_segments)TREE_SEGMENTS_INIT;
	}
	if (has_record)
		forge_segments(NOVA, say_record("memory:create",
						"memory:large", large), &list);
	must(history_union(store, &first, 1, &tree, &err), &err, "tree");
	must(tree_insert(store, &tree, &list, &tree, &err), &err, "insert");
	tree_segments_release(&list);
	spec.tree = &tree;
	spec.parents[spec.parents_n++] = *parent;
	spec.members[spec.members_n++] = before;
	stands_for = &old_second;
	writer = change == CHANGE_FORGET ? ALICE : BOB;
	return forge(&spec);
}

static void test_blobs(void)
{
	git_oid whole = with_large(CHANGE_ADD, true, true, &first);
	git_oid id = with_large(CHANGE_FORGET, false, false, &whole);
	git_oid word = say_renewed(ALICE, &id, &before);

	stands(&word, ALICE, &id, "a blob goes with its record");
	id = with_large(CHANGE_FORGET, true, false, &whole);
	word = say_renewed(ALICE, &id, &before);
	falls(&word, ALICE, &id, "missing-blob", "and does not go alone");
	id = with_large(CHANGE_ADD, true, false, &whole);
	word = say_renewed(ALICE, &id, &before);
	falls(&word, ALICE, &id, "missing-blob", "whatever the change is");
	id = with_large(CHANGE_COMPACT, true, false, &first);
	word = say_renewed(ALICE, &id, &before);
	falls(&word, ALICE, &id, "missing-blob", "nor does a record come so");
	stands_for = NULL;
}

/* Of two that did not know each other the deeper counts, for all; at one depth
 * the one with the greater digest. */
static void test_unknowing(void)
{
	git_oid other = anew(CAROL, BOB, "one", &old_first, NULL);
	git_oid deeper = vault_version(ALICE, say_admit(5, "reader"), &before,
				       NULL);
	git_oid alices = say_renewed(ALICE, &second, &deeper);
	git_oid carols = say_renewed(CAROL, &other, &before);
	git_oid both = vault_version(ALICE, say_admit(4, "reader"), &alices,
				     &carols);
	unsigned char digests[2][SHA256_BYTES];
	bool is_alices;

	stands(&both, ALICE, &second, "the deeper one counts");
	falls(&both, CAROL, &other, "not-renewed", "and the other does not");
	deeper = vault_version(CAROL, say_admit(5, "reader"), &before, NULL);
	carols = say_renewed(CAROL, &other, &deeper);
	both = vault_version(ALICE, say_admit(4, "reader"), &renewed, &carols);
	stands(&both, CAROL, &other, "whoever says it");
	falls(&both, ALICE, &second, "not-renewed", "and the other does not");
	carols = say_renewed(CAROL, &other, &before);
	both = vault_version(ALICE, say_admit(4, "reader"), &renewed, &carols);
	digest_of(&renewed, digests[0]);
	digest_of(&carols, digests[1]);
	is_alices = memcmp(digests[0], digests[1], SHA256_BYTES) > 0;
	stands(&both, is_alices ? ALICE : CAROL, is_alices ? &second : &other,
	       "then the one with the greater digest");
	falls(&both, is_alices ? CAROL : ALICE, is_alices ? &other : &second,
	      "not-renewed", "and the other does not");
}

static void test_unasked(void)
{
	judge_renews = false;
	vault_head = renewed;
	is_int(judge_as(VAULT_CONSTRUCT, ALICE, &renewed), VERDICT_HELD,
	       "a renewal that nobody asked for is held");
	ok(has_problem("renewed"), "and says why");
	judge_renews = true;
}

int main(void)
{
	forge_begin();
	make_members("renewal", false);
	before = vault_head;
	old_first = data(BOB, "one", &before, NULL);
	old_second = data(BOB, "two", &before, &old_first);
	first = anew(ALICE, BOB, "one", &old_first, NULL);
	second = anew(ALICE, BOB, "two", &old_second, &first);
	renewed = say_renewed(ALICE, &second, &before);
	test_heads();
	test_parents();
	test_makers();
	test_blobs();
	test_unknowing();
	test_unasked();
	forge_end();
	return done_testing();
}
