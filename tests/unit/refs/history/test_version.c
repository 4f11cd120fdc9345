#include "refs/key/sshsig.h"

#include "refs/history/version.h"
#include "tests/unit/version_fixture.h"

/* A version that uses everything: two parents, two heads, a note. */
static void full_fixture(struct version *version)
{
	git_oid parents[3];
	unsigned char (*members)[SHA256_BYTES];

	memset(parents, 7, sizeof(parents));
	parents[1].id[0] = 1;
	parents[2].id[0] = 2;
	version_fixture(version);
	version_parents(version, parents, 3);
	members = realloc(version->members, 2 * sizeof(*members));
	if (!members || buf_add_str(&version->note, "sealed", NULL) < 0 ||
	    version_set_subject(version, span_str(VERSION_SEALED_SUBJECT),
				NULL) < 0)
		bail_out("out of memory");
	memset(members[0], 1, SHA256_BYTES);
	memset(members[1], 2, SHA256_BYTES);
	version->members = members;
	version->members_n = 2;
	version->seq = 42;
	version->change = CHANGE_FORGET;
	memcpy(version->author, VERSION_SEALED_AUTHOR,
	       sizeof(VERSION_SEALED_AUTHOR));
}

static void encode(struct version *version, struct buf *out)
{
	struct device_key key = rfc_key(0);
	struct err err = ERR_INIT;

	if (version_encode(version, &key, out, &err) < 0)
		bail_out("cannot encode: %s", err.text);
}

static void test_round(void)
{
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	struct buf again = BUF_INIT(VERSION_MAX_BYTES);
	struct table known = TABLE_INIT(DID_KEY_BYTES, TABLE_NO_LIMIT);
	struct version version, back;
	struct err err = ERR_INIT;

	full_fixture(&version);
	version_init(&back);
	encode(&version, &commit);
	is_int(version_parse(buf_span(&commit), &known, &back, &err), 0,
	       "parses");
	ok(known.count == 1 && table_get(&known, version.device, NULL),
	   "its key is known now");
	is_int(version_parse(buf_span(&commit), &known, &back, &err), 0,
	       "parses with a known key");
	table_release(&known);
	ok(git_oid_equal(&back.id, &version.id), "the same id");
	ok(!memcmp(back.digest, version.digest, SHA256_BYTES), "digest");
	ok(git_oid_equal(&back.tree, &version.tree), "tree");
	is_int(back.parents_n, 3, "three parents");
	ok(!memcmp(back.parents, version.parents, 3 * sizeof(git_oid)) &&
	   !memcmp(back.parent_digests, version.parent_digests,
		   3 * SHA256_BYTES), "and their digests");
	ok(back.members_n == 2 && !memcmp(back.members, version.members,
					  2 * SHA256_BYTES), "members");
	is_str(back.vault_id, version.vault_id, "vault");
	is_str(back.construct, "nova-001", "construct");
	ok(!memcmp(back.device, version.device, DID_KEY_BYTES), "device");
	is_int(back.seq, 42, "seq");
	is_int(back.change, CHANGE_FORGET, "change");
	ok(!memcmp(back.root, version.root, SHA256_BYTES), "root");
	is_int(back.time, 1795000000, "time");
	is_str(back.author, "vvault", "author");
	is_str(buf_text(&back.subject), VERSION_SEALED_SUBJECT, "subject");
	is_str(buf_text(&back.note), "sealed", "note");
	encode(&back, &again);
	ok(span_equals(buf_span(&commit), buf_span(&again)),
	   "encoded again: the same bytes");
	version_release(&back);
	is_int(version_parse_trusted(buf_span(&commit), &back, &err), 0,
	       "parses without the signature");
	ok(git_oid_equal(&back.id, &version.id) && back.seq == 42,
	   "to the same");
	version_release(&back);
	version_release(&version);
	buf_release(&again);
	buf_release(&commit);
}

/* One that an owner made anew says for whom, and is otherwise as any. */
static void test_renewed(void)
{
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	struct device_key writer = rfc_key(1);
	struct version version, back;
	struct err err = ERR_INIT;
	char person[96];
	size_t i, accepted = 0;

	full_fixture(&version);
	version_init(&back);
	version.is_renewed = true;
	memset(version.renews, 7, SHA256_BYTES);
	memcpy(version.writer, writer.public, DID_KEY_BYTES);
	encode(&version, &commit);
	is_int(version_parse(buf_span(&commit), NULL, &back, &err), 0,
	       "one made anew parses");
	ok(back.is_renewed && version_identity(&back)[0] == 7 &&
	   !memcmp(version_writer(&back), writer.public, DID_KEY_BYTES),
	   "and says which it stands for, and whose it is");
	snprintf(person, sizeof(person), "author vvault <%s@vvault>",
		 writer.name);
	ok(strstr(buf_text(&commit), person) != NULL,
	   "git's author is who signed it first");
	for (i = 0; i < commit.len; i++) {
		commit.data[i] = (char)(commit.data[i] ^ 1);
		accepted += version_parse(buf_span(&commit), NULL, &back,
					  NULL) != ERR_UNTRUSTED;
		commit.data[i] = (char)(commit.data[i] ^ 1);
	}
	is_int(accepted, 0, "every changed byte of it is refused");
	version_release(&back);
	buf_reset(&commit);
	memcpy(version.construct, VAULT_CONSTRUCT, sizeof(VAULT_CONSTRUCT));
	version.members_n = 0;
	version.note.len = 0;
	is_int(version_encode(&version, &writer, &commit, &err), ERR_INVALID,
	       "a version of 'vault' never is");
	version_release(&version);
	buf_release(&commit);
}

static void test_every_byte(void)
{
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	struct version version, back;
	size_t i, accepted = 0;
	int bit;

	full_fixture(&version);
	version_init(&back);
	encode(&version, &commit);
	for (i = 0; i < commit.len; i++) {
		for (bit = 1; bit < 256; bit *= 16) {
			commit.data[i] = (char)(commit.data[i] ^ bit);
			accepted += version_parse(buf_span(&commit), NULL, &back,
						  NULL) != ERR_UNTRUSTED;
			commit.data[i] = (char)(commit.data[i] ^ bit);
		}
	}
	is_int(accepted, 0, "every changed byte is refused");
	for (i = 0; i < commit.len; i++)
		accepted += version_parse(span_of(commit.data, i), NULL, &back,
					  NULL) != ERR_UNTRUSTED;
	is_int(accepted, 0, "every truncation is refused");
	is_int(back.parents_n, 0, "and nothing was handed out");
	version_release(&back);
	version_release(&version);
	buf_release(&commit);
}

struct edit {
	const char *name;
	const char *from;
	const char *to;
	bool is_fit;	/* only the signature tells */
};

/* Replace the first occurrence of from. */
static void edit_text(const struct buf *in, const struct edit *edit,
		      struct buf *out)
{
	const char *at = strstr(in->data, edit->from);
	size_t begin;

	if (!at)
		bail_out("'%s' is not in the version", edit->from);
	begin = (size_t)(at - in->data);
	buf_reset(out);
	if (buf_add(out, in->data, begin, NULL) < 0 ||
	    buf_add_str(out, edit->to, NULL) < 0 ||
	    buf_add_str(out, at + strlen(edit->from), NULL) < 0)
		bail_out("out of memory");
}

/*
 * What git would accept, or what keeps its meaning: refused as it stands, and
 * refused when it is signed afresh by the key's owner.
 */
static const struct edit edits[] = {
	{ "another zone", " +0000\ncommitter", " -0000\ncommitter", false },
	{ "a zone of an hour", " +0000\ngpgsig", " +0100\ngpgsig", false },
	{ "a committer of his own", "committer vvault", "committer vvaulT", false },
	{ "a committer's time", "1795000000 +0000\ngpgsig",
	  "1795000001 +0000\ngpgsig", false },
	{ "a time with a zero", "> 1795", "> 01795", false },
	{ "a time below zero", "> 1795", "> -1795", false },
	{ "an encoding header", "\ngpgsig", "\nencoding UTF-8\ngpgsig", false },
	{ "a header behind", "-----\n\nA", "-----\nmergetag x\n\nA", false },
	{ "gpgsig-sha256", "-----\n\nA", "-----\ngpgsig-sha256 x\n\nA", false },
	{ "a second gpgsig", "-----\n\nA", "-----\ngpgsig x\n\nA", false },
	{ "armor that ends in a newline", "-----\n\nA", "-----\n \n\nA", false },
	{ "no blank line", "\n\nVvault-Format", "\nVvault-Format", false },
	{ "two blank lines", "\n\nVvault-Format", "\n\n\nVvault-Format", false },
	{ "a body", "\n\nVvault-Format", "\n\nbody\n\nVvault-Format", false },
	{ "a CR", "construct\n\nV", "construct\r\n\nV", false },
	{ "a CR in a trailer", "Vvault-Seq: 42", "Vvault-Seq: 42\r", false },
	{ "another subject", "A version of", "A Version of", false },
	{ "an empty subject", VERSION_SEALED_SUBJECT, "", false },
	{ "a blank before the subject", "\n\nA v", "\n\n A v", false },
	{ "another format", "Format: 1", "Format: 2", false },
	{ "a format with a zero", "Format: 1", "Format: 01", false },
	{ "a doubled trailer", "Vvault-Seq: 42\n",
	  "Vvault-Seq: 42\nVvault-Seq: 42\n", false },
	{ "a missing trailer", "Vvault-Seq: 42\n", "", false },
	{ "an unknown trailer", "Vvault-Seq: 42\n",
	  "Vvault-Seq: 42\nVvault-New: 1\n", false },
	{ "seq with a zero", "Seq: 42", "Seq: 042", false },
	{ "seq zero", "Seq: 42", "Seq: 0", false },
	{ "seq with a sign", "Seq: 42", "Seq: +42", false },
	{ "seq too high", "Seq: 42", "Seq: 9007199254740993", false },
	{ "an unknown change", "forget", "remember", false },
	{ "a name with two dots", "nova-001", "nova..001", false },
	{ "a name in upper case", "nova-001", "Nova-001", false },
	{ "the name of the vault", "nova-001", "vault", false },
	{ "trailer in lower case", "Vvault-Seq", "vvault-seq", false },
	{ "a tab behind the colon", "Seq: ", "Seq:\t", false },
	{ "hex in upper case", "Root: sha256:48", "Root: sha256:4", false },
	{ "another hash", "Root: sha256:", "Root: sha512:", false },
	{ "a member less", "0101,", ",", false },
	{ "members unsorted", "Members: sha256:01", "Members: sha256:03", false },
	{ "no parents", "Parents: sha256:", "Parents: none", false },
	{ "a parent less", "parent 0107", "parent 01", false },
	{ "an empty note", "Note: c2VhbGVk", "Note: ", false },
	{ "a note without padding", "Note: c2VhbGVk", "Note: c2VhbGV", false },
	{ "a note in two lines", "Note: c2VhbGVk", "Note: c2Vh\n bGVk", false },
	{ "no note", "Vvault-Note: c2VhbGVk\n", "", true },
	{ "an author who says more", "author vvault", "author Laptop", false },
	{ "another address", "@vvault>", "@example>", false },
	{ "a mark in front", "tree ", "\xef\xbb\xbftree ", false },
	{ "another tree", "tree 4b", "tree 4c", true },
};

static void drop_armor(const struct buf *commit, struct buf *out)
{
	const char *begin = strstr(commit->data, "\ngpgsig ");
	const char *end = begin ? strstr(begin, "-----END") : NULL;

	buf_reset(out);
	end = end ? strchr(end, '\n') : NULL;
	if (!end)
		return;
	if (buf_add(out, commit->data, (size_t)(begin - commit->data), NULL) ||
	    buf_add_str(out, end, NULL))
		bail_out("out of memory");
}

/* Sign an edited payload as version_encode() would. */
static void sign_again(const struct buf *payload, struct buf *out)
{
	struct device_key key = rfc_key(0);
	const char *split = strstr(payload->data, "\n\n");
	struct buf armor = BUF_INIT(1024);
	size_t i;

	if (!split || sshsig_sign(buf_span(payload), key.secret, &armor, NULL))
		bail_out("cannot sign");
	buf_reset(out);
	if (buf_add(out, payload->data, (size_t)(split - payload->data) + 1,
		    NULL) || buf_add_str(out, "gpgsig ", NULL))
		bail_out("out of memory");
	for (i = 0; i < armor.len; i++) {
		if (buf_add_char(out, armor.data[i], NULL) ||
		    (armor.data[i] == '\n' && buf_add_char(out, ' ', NULL)))
			bail_out("out of memory");
	}
	if (buf_add_str(out, split, NULL))
		bail_out("out of memory");
	buf_release(&armor);
}

static void test_edits(void)
{
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	struct buf edited = BUF_INIT(VERSION_MAX_BYTES);
	struct buf payload = BUF_INIT(VERSION_MAX_BYTES);
	struct buf signed_again = BUF_INIT(VERSION_MAX_BYTES);
	struct version version, back;
	size_t i;

	full_fixture(&version);
	version_init(&back);
	encode(&version, &commit);
	drop_armor(&commit, &payload);
	sign_again(&payload, &edited);
	ok(span_equals(buf_span(&edited), buf_span(&commit)),
	   "the test signs as version_encode does");
	for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		edit_text(&commit, &edits[i], &edited);
		is_int(version_parse(buf_span(&edited), NULL, &back, NULL),
		       ERR_UNTRUSTED, edits[i].name);
		drop_armor(&edited, &payload);
		if (!payload.len || strstr(payload.data, "gpgsig") ||
		    edits[i].is_fit)
			continue;
		sign_again(&payload, &signed_again);
		if (!strcmp(signed_again.data, commit.data))
			continue;	/* the edit was inside the armor */
		ok(version_parse(buf_span(&signed_again), NULL, &back, NULL) ==
		   ERR_UNTRUSTED, "%s, signed afresh", edits[i].name);
	}
	if (buf_add_char(&commit, '\n', NULL))
		bail_out("out of memory");
	is_int(version_parse(buf_span(&commit), NULL, &back, NULL),
	       ERR_UNTRUSTED, "a trailing newline");
	version_release(&back);
	version_release(&version);
	buf_release(&signed_again);
	buf_release(&payload);
	buf_release(&edited);
	buf_release(&commit);
}

static int encode_rc(struct version *version)
{
	struct device_key key = rfc_key(0);
	struct buf out = BUF_INIT(VERSION_MAX_BYTES);
	int rc = version_encode(version, &key, &out, NULL);

	buf_release(&out);
	version_release(version);
	return rc;
}

static void set_subject(struct version *version, const char *text)
{
	buf_reset(&version->subject);
	if (buf_add_str(&version->subject, text, NULL) < 0)
		bail_out("out of memory");
}

static void test_refused_fields(void)
{
	struct version version;

	version_fixture(&version);
	is_int(encode_rc(&version), 0, "the fixture is fit");
	version_fixture(&version);
	version.seq = 0;
	is_int(encode_rc(&version), ERR_INVALID, "seq 0");
	version_fixture(&version);
	version.time = -1;
	is_int(encode_rc(&version), ERR_INVALID, "a time before 1970");
	version_fixture(&version);
	version.members_n = 0;
	is_int(encode_rc(&version), ERR_INVALID, "no members");
	version_fixture(&version);
	memcpy(version.construct, "vault", 6);
	is_int(encode_rc(&version), ERR_INVALID, "members in 'vault'");
	version_fixture(&version);
	memcpy(version.construct, "vault", 6);
	version.members_n = 0;
	is_int(encode_rc(&version), 0, "'vault' has none");
	version_fixture(&version);
	version.vault_id[0] = 'B';
	is_int(encode_rc(&version), ERR_INVALID, "a vault id misspelt");
	full_fixture(&version);
	version.parents[2] = version.parents[1];
	is_int(encode_rc(&version), ERR_INVALID, "a doubled parent");
	full_fixture(&version);
	version.parents[2] = version.parents[0];
	is_int(encode_rc(&version), ERR_INVALID, "the first one doubled");
	full_fixture(&version);
	version.parents[1].id[0] = 3;
	is_int(encode_rc(&version), ERR_INVALID, "parents not in order");
	full_fixture(&version);
	memset(version.members[0], 2, SHA256_BYTES);
	is_int(encode_rc(&version), ERR_INVALID, "a doubled member");
	full_fixture(&version);
	memcpy(version.author, "Laptop", 7);
	is_int(encode_rc(&version), ERR_INVALID, "a note and a name");
	full_fixture(&version);
	set_subject(&version, "import: 3 secrets");
	is_int(encode_rc(&version), ERR_INVALID, "a note and a subject");
}

static void test_lines(void)
{
	static const char *const unfit[] = {
		"", " x", "x ", "a\nb", "a\rb", "a\tb", "a\x7f",
		"a\xc2\x85" "b", "a\xe2\x80\xa8" "b", "\xff", "a\xc3"
	};
	struct version version;
	size_t i;

	for (i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++) {
		version_fixture(&version);
		set_subject(&version, unfit[i]);
		ok(encode_rc(&version) == ERR_INVALID,
		   "unfit subject %zu is refused", i);
		version_fixture(&version);
		snprintf(version.author, sizeof(version.author), "%s",
			 unfit[i]);
		ok(encode_rc(&version) == ERR_INVALID,
		   "unfit author %zu is refused", i);
	}
	version_fixture(&version);
	memcpy(version.author, "a <b> c", 8);
	is_int(encode_rc(&version), ERR_INVALID, "brackets in a name");
	version_fixture(&version);
	memcpy(version.author, "K\xc3\xa4the's laptop", 16);
	is_int(encode_rc(&version), 0, "any letters will do");
}

static void test_set_subject(void)
{
	struct version version;
	char longest[3000];

	version_fixture(&version);
	if (version_set_subject(&version, span_str(" a\nb\tc\xff \n"), NULL))
		bail_out("out of memory");
	is_str(buf_text(&version.subject), "a b c", "made fit");
	if (version_set_subject(&version, span_str("\n\n"), NULL))
		bail_out("out of memory");
	is_str(buf_text(&version.subject), "-", "something must stand there");
	memset(longest, 'x', sizeof(longest));
	memcpy(longest + VERSION_SUBJECT_MAX - 1, "\xc3\xa4", 2);
	longest[sizeof(longest) - 1] = '\0';
	if (version_set_subject(&version, span_str(longest), NULL))
		bail_out("out of memory");
	is_int(version.subject.len, VERSION_SUBJECT_MAX - 1,
	       "cut before the character that does not fit");
	is_int(encode_rc(&version), 0, "and fit");
}

/* 32 characters: twice is the longest name. */
#define BASE32_ALPHABET "abcdefghijklmnopqrstuvwxyz234567"

static void test_names(void)
{
	static const char *const good[] = {
		"a", "0", "nova-001", "a.b", "a_b", "a-", "vault",
		BASE32_ALPHABET BASE32_ALPHABET
	};
	static const char *const bad[] = {
		"", "A", ".a", "-a", "_a", "a..b", "a.", "a.lock", "a/b",
		"a b", "a\n", "\xc3\xa4", "a:b", "a@{b", "a~1",
		BASE32_ALPHABET BASE32_ALPHABET "8"
	};
	static const char *const folds[][2] = {
		{ "Nova-001", "nova-001" }, { "Nova 001", "nova-001" },
		{ "K\xc3\xa4the", "k-the" }, { ".hidden", "hidden" },
		{ "a..b", "a.-b" }, { "x.lock", "x-lock" },
		{ "x.lock.", "x-lock" }, { "a...", "a.-" },
		{ "../../etc", "etc" }, { "A/B", "a-b" },
	};
	char out[CONSTRUCT_NAME_MAX];
	char longest[201];
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ok(construct_name_check(span_str(good[i]), NULL) == 0,
		   "good name %zu", i);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(construct_name_check(span_str(bad[i]), NULL) ==
		   ERR_INVALID, "bad name %zu", i);
	ok(construct_name_check(span_of("a\0b", 3), NULL) == ERR_INVALID,
	   "a NUL");
	for (i = 0; i < sizeof(folds) / sizeof(folds[0]); i++) {
		if (construct_name_fold(span_str(folds[i][0]), out, NULL))
			out[0] = '\0';
		is_str(out, folds[i][1], "folded");
		ok(construct_name_check(span_str(out), NULL) == 0, "and good");
	}
	is_int(construct_name_fold(span_str("\xe6\x97\xa5"), out, NULL),
	       ERR_INVALID, "nothing left");
	is_int(construct_name_fold(span_str("Vault"), out, NULL), ERR_INVALID,
	       "reserved");
	memset(longest, 'a', 200);
	longest[200] = '\0';
	is_int(construct_name_fold(span_str(longest), out, NULL), 0, "long");
	is_int(strlen(out), 64, "is cut");
}

static int verify_commit(const char *id, const struct device_key *key)
{
	struct buf line = BUF_INIT(1024);
	struct buf out = BUF_INIT(65536);
	char setting[1400];
	int status;

	if (buf_printf(&line, NULL, "%s ", key->did) < 0 ||
	    device_key_ssh_public(key->public, &line, NULL) < 0)
		bail_out("out of memory");
	write_text(in_scratch("allowed"), buf_text(&line));
	snprintf(setting, sizeof(setting), "gpg.ssh.allowedSignersFile=%s",
		 in_scratch("allowed"));
	status = RUN(&out, "git", "-C", in_scratch("repo"), "-c",
		     "gpg.format=ssh", "-c", setting, "verify-commit", id);
	buf_release(&line);
	buf_release(&out);
	return status;
}

/* Two versions and the ref of the second. */
static git_oid history_of_two(struct store *store,
			      const struct device_key *key)
{
	struct version version;
	char ref[REF_NAME_MAX];
	struct err err = ERR_INIT;
	git_oid id;

	version_fixture(&version);
	id = version_store(store, &version, key);
	version_release(&version);
	version_fixture(&version);
	version_parents(&version, &id, 1);
	version.seq = 2;
	id = version_store(store, &version, key);
	version_release(&version);
	if (head_ref_name("refs/heads/", "nova-001", key->name, ref, &err) ||
	    ref_swap(store, ref, NULL, &id, &err))
		bail_out("%s", err.text);
	return id;
}

/* git and ssh-keygen must agree with us about one version. */
static void test_git(void)
{
	struct device_key key = rfc_key(0);
	struct device_key other = rfc_key(1);
	struct buf out = BUF_INIT(65536);
	struct version version;
	struct store *store;
	char id[41], line[256];
	git_oid tip;

	if (!has_program("git") || !has_program("ssh-keygen")) {
		skip(8, "no git or no ssh-keygen");
		return;
	}
	store = store_fixture(in_scratch("repo"));
	tip = history_of_two(store, &key);
	hex_text(tip.id, 20, id);
	is_int(RUN(&out, "git", "-C", in_scratch("repo"), "fsck", "--strict",
		   "--full", "--no-dangling"), 0, "git fsck --strict");
	is_int(verify_commit(id, &key), 0, "git verify-commit");
	is_int(verify_commit(id, &other), 1,
	       "but not with the key of another");
	is_int(RUN(&out, "git", "-C", in_scratch("repo"), "cat-file",
		   "commit", id), 0, "git reads it");
	version_init(&version);
	is_int(version_parse(buf_span(&out), NULL, &version, NULL), 0,
	       "what git prints parses");
	ok(git_oid_equal(&version.id, &tip), "and has the same id");
	is_int(RUN(&out, "git", "-C", in_scratch("repo"), "log",
		   "--format=%an|%ae|%s|%ct|%(trailers:key=Vvault-Seq,"
		   "valueonly)", "-1", id), 0, "git log");
	snprintf(line, sizeof(line), "laptop|%s@vvault|"
		 "import: 3 conversations|1795000000|2\n\n", key.name);
	is_str(buf_text(&out), line, "reads author, subject and trailers");
	version_release(&version);
	store_free(store);
	buf_release(&out);
}

int main(void)
{
	if (sodium_init() < 0 || store_init_library(NULL) < 0)
		bail_out("cannot start the libraries");
	scratch_begin();
	test_round();
	test_renewed();
	test_every_byte();
	test_edits();
	test_refused_fields();
	test_lines();
	test_set_subject();
	test_names();
	test_git();
	scratch_end();
	store_stop_library();
	return done_testing();
}
