#include "lib/base/random.h"
#include "lib/id/encode.h"
#include "objects/blob/blob.h"
#include "objects/record/head.h"
#include "refs/history/version.h"
#include "refs/vault/grant.h"
#include "tests/unit/judge.h"
#include "tests/unit/segment_made.h"

/* A tree with one segment of these bytes, at the place of a memory. */
static git_oid tree_in(const char *construct, struct span bytes,
		       const char *entity, const char *dir)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct tree_segment segment;
	struct codec *codec = forge_codec(construct);
	unsigned char hash[PLACE_HASH_BYTES];
	char dir_name[PLACE_NAME_LEN + 1];
	struct err err = ERR_INIT;
	const struct kind *kind;
	struct home home;
	git_oid tree;

	memset(&segment, 0, sizeof(segment));
	must(entity_home(span_str(entity), &home, &kind, &err), &err, "home");
	codec_place_hash(codec, &home, hash);
	codec_dir_name(codec, dir ? dir : home.dir, dir_name);
	place_of_hash(dir_name, hash, dir ? 0 : 3, false, &segment.place);
	name_digest(bytes, segment.digest);
	must(store_add(store, OBJECT_BLOB, bytes, &segment.blob, &err), &err,
	     "blob");
	must(tree_segments_add(&list, &segment, &err), &err, "list");
	must(tree_empty(store, &tree, &err), &err, "tree");
	must(tree_insert(store, &tree, &list, &tree, &err), &err, "insert");
	tree_segments_release(&list);
	codec_free(codec);
	return tree;
}

/* The same of a text, with its head. */
static git_oid tree_of_bytes(struct span bytes, const char *entity,
			     const char *dir)
{
	struct codec *codec = forge_codec("nova-001");
	struct buf coded = BUF_INIT(65536);
	struct err err = ERR_INIT;
	git_oid tree;

	must(segment_made(codec, bytes, &coded, &err), &err,
	     "head");
	tree = tree_in("nova-001", buf_span(&coded), entity, dir);
	codec_free(codec);
	buf_release(&coded);
	return tree;
}

/* A record sealed as a segment, with one byte flipped where it says. */
static git_oid tree_of_sealed(const char *construct, size_t flip)
{
	struct codec *codec = forge_codec(construct);
	struct buf bytes = BUF_INIT(65536);
	struct err err = ERR_INIT;
	git_oid tree;

	must(segment_made(codec, span_str(say_memory("x")),
			  &bytes, &err), &err, "seal");
	bytes.data[flip < bytes.len ? flip : bytes.len - 1] ^= 1;
	tree = tree_in(construct, buf_span(&bytes), "memory:x", NULL);
	codec_free(codec);
	buf_release(&bytes);
	return tree;
}

static void test_segments(void)
{
	const char *line = say_memory("placed");
	struct buf bytes = BUF_INIT(4096);
	struct err err = ERR_INIT;
	struct spec spec = data_spec(1, NULL, NULL);
	git_oid tree;

	spec.tree = &tree;
	tree = tree_of_bytes(span_str(line), "memory:placed", NULL);
	accepts(&spec, "a segment at its place");
	tree = tree_of_bytes(span_str(line), "memory:elsewhere", NULL);
	refuses(&spec, "bad-segment", "a segment at another place");
	tree = tree_of_bytes(span_str(line), "memory:placed", "acu");
	refuses(&spec, "bad-segment", "a segment in another kind's folder");
	tree = tree_of_bytes(span_str("{}\n"), "memory:placed", NULL);
	refuses(&spec, "bad-segment", "a segment without records");
	must(buf_printf(&bytes, &err, " %s", line), &err, "text");
	tree = tree_of_bytes(buf_span(&bytes), "memory:placed", NULL);
	refuses(&spec, "bad-segment", "a record that is not canonical");
	tree = tree_of_bytes(span_of(line, strlen(line) - 1), "memory:placed",
			     NULL);
	refuses(&spec, "bad-segment", "a line without an end");
	buf_release(&bytes);
}

#define BLOB "bafkreienxw4ulhbtxk6kzznwjaedesgjo3gp676srkklk64d7sxaqg3niy"

static const char *say_blob(unsigned long long size)
{
	char data[256];

	snprintf(data, sizeof(data), "{\"content\":{\"$blob\":\"" BLOB "\","
		 "\"media\":\"text/plain\",\"size\":%llu}}", size);
	return say_record("memory:create", "memory:blob", data);
}

/* A blob that no tree holds, whatever its size is said to be. */
static void test_blobs(void)
{
	struct spec spec = data_spec(1, say_blob(300000), NULL);

	refuses(&spec, "missing-blob", "a blob that is not there");
	spec.lines = say_blob(0);
	refuses(&spec, "missing-blob", "nor an empty one");
	spec.lines = say_blob(4000000000);
	refuses(&spec, "missing-blob", "nor a large one");
	spec.lines = say_record("memory:create", "memory:text",
				"{\"content\":\"{\\\"$blob\\\":1}\"}");
	accepts(&spec, "a text that looks like one");
}

/* What is done to the three pieces of a blob. */
enum pieces { AS_THEY_ARE, ONE_LESS, ANOTHER_FIRST, ELSEWHERE };

/* What a record says of it. */
static char piece_data[256];

/* On top of a tree, the pieces as they are or with what somebody did. */
static git_oid tree_of_pieces(const git_oid *base, enum pieces what)
{
	static const char bytes[600000] = "";
	static const char other[] = "\0\0\0\0\0\0\0\0another";
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct codec *codec = forge_codec("nova-001");
	struct blob_sink sink = { store, codec, &list };
	struct buf ref = BUF_INIT(4096);
	struct err err = ERR_INIT;
	struct tree_segment extra;
	struct place place;
	git_oid tree = *base;

	must(blob_write(&sink, span_of(bytes, sizeof(bytes)), "text/plain",
			&ref, &err), &err, "blob");
	snprintf(piece_data, sizeof(piece_data), "{\"content\":%s}",
		 buf_text(&ref));
	must(blob_write(&sink, span_of(bytes, 1), "text/plain", &ref, &err),
	     &err, "blob");
	extra = list.at[0];
	place = list.at[--list.n].place;
	list.n -= what == ONE_LESS;
	if (what == ANOTHER_FIRST) {
		sha256_of(other, sizeof(other) - 1, extra.digest);
		must(store_add(store, OBJECT_BLOB,
			       span_of(other, sizeof(other) - 1), &extra.blob,
			       &err), &err, "piece");
		list.at[0] = extra;
		list.n = 1;
	} else if (what == ELSEWHERE) {
		list.at[0].place = list.at[1].place = list.at[2].place = place;
	}
	must(tree_insert(store, &tree, &list, &tree, &err), &err, "insert");
	tree_segments_release(&list);
	buf_release(&ref);
	codec_free(codec);
	return tree;
}

/* Where pieces come the blob is whole: what lies beside it could not be told
 * from it later, and it would be lost. */
static void test_pieces(void)
{
	struct spec spec = data_spec(1, NULL, NULL);
	struct err err = ERR_INIT;
	git_oid empty, whole, tree, parent;

	must(tree_empty(store, &empty, &err), &err, "tree");
	spec.tree = &tree;
	tree = tree_of_pieces(&empty, ONE_LESS);
	refuses(&spec, "bad-segment", "a blob that lacks a piece");
	tree = tree_of_pieces(&empty, ANOTHER_FIRST);
	refuses(&spec, "bad-segment", "a piece that is no blob");
	tree = tree_of_pieces(&empty, ELSEWHERE);
	refuses(&spec, "bad-segment", "a blob in the folder of another");
	tree = whole = tree_of_pieces(&empty, AS_THEY_ARE);
	accepts(&spec, "a whole blob");
	parent = forge(&spec);
	spec.parents[0] = parent;
	spec.parents_n = 1;
	tree = tree_of_pieces(&whole, ANOTHER_FIRST);
	refuses(&spec, "bad-segment", "another piece beside a whole blob");
	spec.tree = NULL;
	spec.lines = say_record("memory:create", "memory:large", piece_data);
	accepts(&spec, "a record of a blob that is there");
	spec.parents[0] = forge(&spec);
	spec.key = 0;
	spec.parents_n = 0;
	spec.parents[1] = forge(&spec);
	refuses(&spec, "missing-blob", "the same beside no blob");
	spec.key = 1;
	spec.parents_n = 2;
	spec.lines = say_memory("both");
	refuses(&spec, "refused-ancestor", "nor is it believed for the other");
}

/* Set before a version is spoiled. */
static git_oid bad_tree;

static void spoil_tree(struct version *version)
{
	version->tree = bad_tree;
}

/* Trees that git and libgit2 would take. */
static void test_trees(void)
{
	static const struct {
		const char *mode;
		const char *name;
	} entries[] = {
		{ "120000 ", "a symlink" }, { "160000 ", "a submodule" },
		{ "100664 ", "another mode" }, { "040000 ", "a padded mode" },
		{ "100644 ", "a stray file" }, { "40000 ", "a stray folder" },
	};
	struct spec spec = data_spec(1, say_memory("tree"), NULL);
	struct buf raw = BUF_INIT(4096);
	struct err err = ERR_INIT;
	git_oid empty;
	size_t i;

	must(store_add(store, OBJECT_TREE, buf_span(&raw), &empty, &err), &err,
	     "tree");
	spec.spoil = spoil_tree;
	for (i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		buf_reset(&raw);
		must(buf_add_str(&raw, entries[i].mode, &err), &err, "tree");
		must(buf_add(&raw, "memory", 7, &err), &err, "tree");
		must(buf_add(&raw, empty.id, GIT_OID_RAWSZ, &err), &err,
		     "tree");
		must(store_add(store, OBJECT_TREE, buf_span(&raw), &bad_tree,
			       &err), &err, "tree");
		must(store_flush(store, &err), &err, "flush");
		refuses(&spec, "bad-tree", entries[i].name);
	}
	memset(bad_tree.id, 9, sizeof(bad_tree.id));
	refuses(&spec, "missing-object", "a tree that is not there");
	buf_release(&raw);
}

/* A good segment whose bytes are damaged in the object database. */
static void test_missing(void)
{
	struct tree_segments all = TREE_SEGMENTS_INIT;
	struct spec spec = data_spec(1, say_memory("lost"), NULL);
	char hex[GIT_OID_HEXSZ + 1];
	struct err err = ERR_INIT;
	struct version version;
	git_oid id = forge(&spec);
	char path[FIXTURE_PATH_MAX * 4];
	git_oid empty;

	version_init(&version);
	must(version_read(store, &id, &version, &err), &err, "read");
	must(tree_empty(store, &empty, &err), &err, "tree");
	must(tree_diff(store, &empty, &version.tree, NULL, &all, &err), &err,
	     "diff");
	hex_text(all.at[0].blob.id, GIT_OID_RAWSZ, hex);
	snprintf(path, sizeof(path), "%s/objects/%.2s/%s", store_path(store),
		 hex, hex + 2);
	is_int(unlink(path), 0, "a segment is lost");
	is_int(judge_as("nova-001", 1, &id), VERDICT_REFUSED, "refused");
	ok(has_problem("missing-object"), "as missing-object");
	tree_segments_release(&all);
	version_release(&version);
}

/* By a device without keys, and by one that wants another vault. */
static void test_blind(const char *construct, const git_oid *id)
{
	struct verify_options options = { .device = &keys[5] };
	struct head_list heads = HEAD_LIST_INIT;
	struct verifier *verifier = NULL;
	enum verdict verdicts[2];
	struct err err = ERR_INIT;

	add_head(&heads, VAULT_CONSTRUCT, 0, &vault_head);
	add_head(&heads, construct, 0, id);
	problem_list_release(&problems);
	must(verifier_new(store, NULL, &options, &verifier, &err),
	     &err, "verifier");
	must(verifier_check(verifier, &heads, verdicts, &problems,
			    &err), &err, "check");
	is_int(verdicts[1], VERDICT_OK, "verified without a key");
	is_str(verifier_vault_id(verifier), vault_id, "this vault");
	verifier_free(verifier);
	options.expected_vault_id = FIXTURE_VAULT_ID;
	must(verifier_new(store, NULL, &options, &verifier, &err),
	     &err, "verifier");
	must(verifier_check(verifier, &heads, verdicts, &problems,
			    &err), &err, "check");
	is_int(verdicts[0], VERDICT_REFUSED, "another was expected");
	ok(verdicts[1] != VERDICT_OK, "so nothing is accepted");
	verifier_free(verifier);
	head_list_release(&heads);
}

static git_oid seal_as(struct spec *spec, const struct content_key *key)
{
	struct content_key real = content_key;
	git_oid id;

	content_key = *key;
	id = forge(spec);
	content_key = real;
	return id;
}

static void is_judged(const struct spec *spec, const git_oid *id,
		      enum verdict verdict, const char *code, const char *name)
{
	is_int(judge_as(spec->construct, spec->key, id), (int)verdict, name);
	ok(!code || has_problem(code), "as %s", code ? code : "nothing");
}

/* A tree with one segment sealed with this key, where no kind lives or
 * where memories do. */
static git_oid tree_of_key(const char *construct,
			   const struct content_key *key, const char *dir)
{
	struct content_key real = content_key;
	struct buf bytes = BUF_INIT(65536);
	struct err err = ERR_INIT;
	struct codec *codec;
	git_oid tree;

	content_key = *key;
	codec = forge_codec(construct);
	must(segment_made(codec, span_str(say_memory("hidden")),
			  &bytes, &err), &err, "seal");
	tree = tree_in(construct, buf_span(&bytes), "memory:hidden", dir);
	content_key = real;
	codec_free(codec);
	buf_release(&bytes);
	return tree;
}

/* The owner makes a key that it keeps to itself, or loses. */
static void make_lonely_key(struct content_key *key)
{
	char entity[80], data[256], id[BASE32_TEXT(KEY_ID_BYTES) + 1];

	random_bytes(key->key, sizeof(key->key));
	content_key_id(key->key, key->id);
	base32_text(key->id, KEY_ID_BYTES, id);
	snprintf(entity, sizeof(entity), "key:%s", id);
	snprintf(data, sizeof(data), "{\"id\":\"%s\",\"use\":\"content\"}",
		 id);
	vault_head = vault_version(0, say_record("key:create", entity, data),
				   &vault_head, NULL);
}

/* What a device with keys, and one without, make of keys that they lack. */
static void test_keys(struct spec *spec)
{
	git_oid older = vault_head;
	struct content_key named, lonely;
	git_oid base, id, tree;

	memcpy(named.key, name_key, sizeof(named.key));
	content_key_id(named.key, named.id);
	make_lonely_key(&lonely);
	spec->lines = say_memory("kept");
	base = forge(spec);
	spec->lines = say_memory("keyed");
	for (judge_key = 0; judge_key <= 5; judge_key += 5) {
		id = seal_as(spec, &named);
		is_judged(spec, &id, VERDICT_REFUSED, "unknown-key",
			  "sealed with the name key");
		id = seal_as(spec, &lonely);
		is_judged(spec, &id, VERDICT_REFUSED, "unknown-key",
			  "with a key that its version does not name");
	}
	spec->members[0] = vault_head;
	id = seal_as(spec, &lonely);
	judge_key = 0;
	is_judged(spec, &id, VERDICT_HELD, "no-key", "with a key not granted");
	judge_key = 5;
	is_judged(spec, &id, VERDICT_OK, NULL, "which is nothing to a device "
		  "without any");
	judge_key = 0;
	spec->lines = NULL;
	spec->tree = &tree;
	spec->change = CHANGE_COMPACT;
	spec->parents[spec->parents_n++] = base;
	tree = tree_of_key(spec->construct, &lonely, NULL);
	id = seal_as(spec, &lonely);
	is_judged(spec, &id, VERDICT_HELD, "no-key",
		  "a compaction that cannot be weighed");
	tree = tree_of_key(spec->construct, &named, NULL);
	id = seal_as(spec, &lonely);
	is_judged(spec, &id, VERDICT_REFUSED, "unknown-key",
		  "a compaction that hides behind the name key");
	tree = tree_of_key(spec->construct, &lonely, "nowhere");
	id = seal_as(spec, &lonely);
	is_judged(spec, &id, VERDICT_REFUSED, "bad-segment",
		  "a segment in a folder of no kind");
	spec->members[0] = older;
	tree = tree_of_key(spec->construct, &content_key, NULL);
	id = forge(spec);
	is_judged(spec, &id, VERDICT_REFUSED, "changed-record",
		  "a compaction that changes what it holds");
	vault_head = older;
}

/* A key that the owner holds, on top of this head of `vault`. */
static git_oid rotate(const git_oid *head, struct content_key *key)
{
	char entity[80], data[256], id[BASE32_TEXT(KEY_ID_BYTES) + 1];
	unsigned char box[DID_KEY_BYTES];
	struct buf sealed = BUF_INIT(4096);
	struct buf grant = BUF_INIT(4096);
	struct err err = ERR_INIT;
	git_oid next;

	random_bytes(key->key, sizeof(key->key));
	content_key_id(key->key, key->id);
	base32_text(key->id, KEY_ID_BYTES, id);
	snprintf(entity, sizeof(entity), "key:%s", id);
	snprintf(data, sizeof(data), "{\"id\":\"%s\",\"use\":\"content\"}",
		 id);
	next = vault_version(0, say_record("key:create", entity, data), head,
			     NULL);
	must(did_box_public(keys[0].public, box, &err), &err, "box");
	must(grant_seal(vault_id, key, keys[0].public, box, &sealed, &err),
	     &err, "grant");
	must(buf_printf(&grant, &err, "{\"box\":\""), &err, "grant");
	must(base64_add(&grant, sealed.data, sealed.len, &err), &err, "grant");
	must(buf_printf(&grant, &err, "\",\"did\":\"%s\"}", keys[0].did),
	     &err, "grant");
	next = vault_version(0, say_record("key:grant", entity,
					   buf_text(&grant)), &next, NULL);
	buf_release(&grant);
	buf_release(&sealed);
	return next;
}

/* What is new is sealed with the newest key, as the version's own state has
 * it; what was there stays. */
static void test_rotation(struct spec *spec)
{
	git_oid older = vault_head;
	struct content_key real = content_key;
	struct content_key fresh, other;
	git_oid base, id, tree, forked;

	spec->members[0] = vault_head;
	spec->lines = say_memory("before");
	base = forge(spec);
	forked = rotate(&older, &other);
	vault_head = rotate(&older, &fresh);
	spec->lines = say_memory("hidden");
	spec->parents[spec->parents_n++] = base;
	for (judge_key = 0; judge_key <= 5; judge_key += 5) {
		id = forge(spec);
		is_judged(spec, &id, VERDICT_OK, NULL,
			  "the old key, by who names the old state");
		spec->members[0] = vault_head;
		id = forge(spec);
		is_judged(spec, &id, VERDICT_REFUSED, "unknown-key",
			  "and by who names the new one");
		tree = tree_of_key(spec->construct, &real, NULL);
		spec->tree = &tree;
		spec->parents_n = 0;
		id = seal_as(spec, &fresh);
		is_judged(spec, &id, VERDICT_REFUSED, "unknown-key",
			  "with a new note over an old key's segment");
		spec->tree = NULL;
		spec->parents_n = 1;
		id = seal_as(spec, &fresh);
		is_judged(spec, &id, VERDICT_OK, NULL,
			  "the new key, on top of what the old one sealed");
		spec->members[0] = older;
	}
	judge_key = 0;
	vault_head = vault_version(0, NULL, &forked, &vault_head);
	spec->members[0] = vault_head;
	content_key = fresh;
	id = forge(spec);
	content_key = other;
	forked = forge(spec);
	content_key = real;
	ok((judge_as(spec->construct, 0, &id) == VERDICT_OK) !=
	   (judge_as(spec->construct, 0, &forked) == VERDICT_OK),
	   "of two keys made side by side one is the newest, for everybody");
	vault_head = older;
	spec->members[0] = older;
	spec->parents_n = 0;
}

static struct buf moved_note = BUF_INIT(1 << 16);

static void move_note(struct version *version)
{
	struct err err = ERR_INIT;

	buf_reset(&version->note);
	must(buf_add_span(&version->note, buf_span(&moved_note), &err), &err,
	     "note");
}

/* A note is of one version; a device with keys can tell. */
static void test_note(struct spec *spec)
{
	struct err err = ERR_INIT;
	struct version version;
	git_oid first, second;

	spec->lines = say_memory("first note");
	first = forge(spec);
	spec->lines = say_memory("second note");
	second = forge(spec);
	version_init(&version);
	must(version_read(store, &first, &version, &err), &err, "read");
	must(buf_add_span(&moved_note, buf_span(&version.note), &err), &err,
	     "note");
	must(version_read(store, &second, &version, &err), &err, "read");
	ok(!span_equals(buf_span(&moved_note), buf_span(&version.note)),
	   "two versions with equal notes look different");
	spec->spoil = move_note;
	refuses(spec, "bad-note", "the note of another version");
	spec->spoil = NULL;
	version_release(&version);
	buf_release(&moved_note);
}

static void test_sealed(void)
{
	struct spec spec = { .construct = "", .key = 0 };
	char construct[PLACE_NAME_LEN + 1];
	unsigned char subkey[NAME_KEY_BYTES];
	struct content_key real;
	git_oid id, tree;

	make_members("sealed", true);
	name_key_for_refs(name_key, subkey);
	keyed_name(subkey, span_str("nova-001"), construct);
	spec.construct = construct;
	spec.members[spec.members_n++] = vault_head;
	spec.lines = say_memory("sealed");
	accepts(&spec, "a sealed version");
	spec.construct = "nova-001";
	refuses(&spec, "wrong-construct", "a construct under its open name");
	spec.construct = construct;
	tree = tree_of_sealed(construct, 4000);
	spec.tree = &tree;
	refuses(&spec, "bad-segment", "a segment that does not open");
	tree = tree_of_sealed(construct, 40);
	refuses(&spec, "bad-segment", "a segment with another nonce");
	tree = tree_of_sealed(construct, 0);
	refuses(&spec, "bad-segment", "a segment with another magic");
	spec.tree = NULL;
	real = content_key;
	random_bytes(content_key.key, sizeof(content_key.key));
	content_key_id(content_key.key, content_key.id);
	refuses(&spec, "unknown-key", "a key that the vault does not know");
	content_key = real;
	spec.lines = say_memory("blind");
	id = forge(&spec);
	test_blind(construct, &id);
	spec.members[0] = vault_head;
	spec.lines = say_record("forget:create", "forget:x",
				"{\"records\":[]}");
	refuses(&spec, "bad-change", "a record that forgets in an addition");
	test_note(&spec);
	test_rotation(&spec);
	test_keys(&spec);
}

int main(void)
{
	forge_begin();
	make_members("plain", false);
	test_segments();
	test_blobs();
	test_pieces();
	test_trees();
	test_missing();
	test_sealed();
	problem_list_release(&problems);
	forge_end();
	return done_testing();
}
