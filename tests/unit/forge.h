/*
 * Histories made version by version, honest or not: for the tests of the
 * state of members and of verification.
 */
#ifndef VV_TESTS_UNIT_FORGE_H
#define VV_TESTS_UNIT_FORGE_H

#include "lib/time/hlc.h"
#include "objects/tree/arrange.h"
#include "refs/history/history.h"
#include "refs/vault/records/records.h"
#include "refs/verify/verify.h"
#include "tests/unit/version_fixture.h"

#define FORGE_KEYS 6
#define FORGE_MAX 16

static struct store *store;
static struct device_key keys[FORGE_KEYS];
static char vault_id[CID_TEXT_MAX];
static struct content_key content_key;
static unsigned char name_key[NAME_KEY_BYTES];
static bool is_sealed;

/* What to sign; zero fields are filled in as an honest writer would. */
struct spec {
	size_t key;
	const char *construct;
	git_oid parents[FORGE_MAX];
	size_t parents_n;
	git_oid members[FORGE_MAX];
	size_t members_n;
	const char *lines;		/* new records */
	enum version_change change;
	uint64_t seq;
	const git_oid *tree;		/* instead of what lines make */
	void (*spoil)(struct version *version);
};

static TAP_UNUSED void must(int rc, const struct err *err, const char *what)
{
	if (rc < 0)
		bail_out("%s: %s", what, err->text);
}

static void TAP_UNUSED forge_begin(void)
{
	struct err err = ERR_INIT;
	size_t i;

	scratch_begin();
	must(store_init_library(&err), &err, "libgit2");
	for (i = 0; i < FORGE_KEYS; i++)
		must(device_key_generate(&keys[i], &err), &err, "key");
}

/* A fresh repository under another name. */
static void TAP_UNUSED forge_open(const char *name)
{
	struct err err = ERR_INIT;

	store_free(store);
	store = NULL;
	must(store_create(in_scratch(name), &err), &err, "create");
	must(store_open(in_scratch(name), true, &store, &err), &err, "open");
}

static void TAP_UNUSED forge_end(void)
{
	store_free(store);
	store_stop_library();
	scratch_end();
}

static TAP_UNUSED struct codec *forge_codec(const char *construct)
{
	struct sealer *sealer = NULL;
	struct codec *codec = NULL;
	struct err err = ERR_INIT;

	if (!is_sealed || !strcmp(construct, VAULT_CONSTRUCT)) {
		must(codec_new_plain(&codec, &err), &err, "codec");
		return codec;
	}
	must(sealer_new(vault_id, construct, &content_key, 1, &sealer, &err),
	     &err, "sealer");
	must(codec_new_sealed(name_key, construct, sealer, &codec, &err), &err,
	     "codec");
	return codec;
}

/* Where the records of these lines go. */
static TAP_UNUSED void forge_segments(const char *construct, const char *lines,
				      struct tree_segments *out)
{
	struct codec *codec = forge_codec(construct);
	struct arrange_record records[64];
	unsigned char id[RECORD_ID_BYTES];
	struct err err = ERR_INIT;
	struct record record;
	struct span line;
	size_t pos = 0;
	size_t n = 0;

	while (n < 64 && segment_next(span_str(lines), &pos, &line)) {
		must(record_parse(line, &record, &err), &err, "record");
		record_id(line, id);
		must(arrange_record_init(codec, &record, id, &records[n++],
					 &err), &err, "record");
	}
	must(arrange(store, codec, records, n, out, &err), &err, "arrange");
	codec_free(codec);
}

static void forge_tree(const struct spec *spec, git_oid *out)
{
	struct tree_segments fresh = TREE_SEGMENTS_INIT;
	struct err err = ERR_INIT;
	git_oid base;

	if (spec->tree) {
		*out = *spec->tree;
		return;
	}
	if (spec->parents_n)
		must(history_union(store, spec->parents, spec->parents_n,
				   &base, &err), &err, "union");
	else
		must(tree_empty(store, &base, &err), &err, "tree");
	if (spec->lines)
		forge_segments(spec->construct, spec->lines, &fresh);
	must(tree_insert(store, &base, &fresh, out, &err), &err, "insert");
	tree_segments_release(&fresh);
}

static int forge_compare(const void *a, const void *b)
{
	return memcmp(a, b, SHA256_BYTES);
}

static void *forge_digests(const git_oid *ids, size_t n)
{
	unsigned char (*out)[SHA256_BYTES] = calloc(n + 1, sizeof(*out));
	struct err err = ERR_INIT;
	struct version version;
	size_t i;

	version_init(&version);
	for (i = 0; i < n; i++) {
		must(version_read(store, &ids[i], &version, &err), &err,
		     "digest");
		memcpy(out[i], version.digest, SHA256_BYTES);
	}
	version_release(&version);
	return out;
}

static void forge_links(const struct spec *spec, struct version *version)
{
	version->parents = calloc(spec->parents_n + 1, sizeof(git_oid));
	memcpy(version->parents, spec->parents,
	       spec->parents_n * sizeof(git_oid));
	version->parents_n = spec->parents_n;
	version->parent_digests = forge_digests(spec->parents,
						spec->parents_n);
	if (!strcmp(spec->construct, VAULT_CONSTRUCT))
		return;
	version->members = forge_digests(spec->members, spec->members_n);
	version->members_n = spec->members_n;
	qsort(version->members, version->members_n, SHA256_BYTES,
	      forge_compare);
}

/* An encrypted vault's versions say nothing in plain words. */
static void forge_words(const struct spec *spec, struct version *version)
{
	const char *subject = "a version";
	struct err err = ERR_INIT;

	snprintf(version->author, sizeof(version->author), "vvault");
	if (is_sealed && strcmp(spec->construct, VAULT_CONSTRUCT))
		subject = VERSION_SEALED_SUBJECT;
	must(buf_add_str(&version->subject, subject, &err), &err, "text");
}

/* Sealed for the version as it is. */
static void forge_note(const struct spec *spec, struct version *version)
{
	struct sealer *sealer = NULL;
	unsigned char owner[SHA256_BYTES];
	struct err err = ERR_INIT;

	if (!is_sealed || !strcmp(spec->construct, VAULT_CONSTRUCT))
		return;
	must(sealer_new(vault_id, spec->construct, &content_key, 1, &sealer,
			&err), &err, "sealer");
	must(version_note_owner(version, owner, &err), &err, "note");
	must(sealer_seal_for(sealer, SEAL_NOTE,
			     span_of((const char *)owner, sizeof(owner)),
			     span_str("{}"), &version->note, &err), &err,
	     "note");
	sealer_free(sealer);
}

/* The signed bytes, on disk; returns the version's id. */
static TAP_UNUSED git_oid forge(const struct spec *spec)
{
	const struct device_key *key = &keys[spec->key];
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	struct err err = ERR_INIT;
	struct version version;
	git_oid id;

	version_init(&version);
	forge_links(spec, &version);
	forge_tree(spec, &version.tree);
	memcpy(version.vault_id, vault_id, sizeof(version.vault_id));
	snprintf(version.construct, sizeof(version.construct), "%s",
		 spec->construct);
	memcpy(version.device, key->public, DID_KEY_BYTES);
	must(history_seq(store, spec->parents, spec->parents_n, key->public,
			 &version.seq, &err), &err, "seq");
	version.seq = spec->seq ? spec->seq : version.seq + 1;
	version.change = spec->change;
	must(tree_root(store, &version.tree, version.root, &err), &err,
	     "root");
	version.time = 1700000000 + (int64_t)version.seq;
	forge_words(spec, &version);
	forge_note(spec, &version);
	if (spec->spoil)
		spec->spoil(&version);
	must(version_encode(&version, key, &commit, &err), &err, "encode");
	must(store_add(store, OBJECT_COMMIT, buf_span(&commit), &id, &err),
	     &err, "store");
	if (tree_keep(store, &version.tree, &err) < 0)
		err_clear(&err);	/* spoiled */
	must(store_flush(store, &err), &err, "flush");
	version_release(&version);
	buf_release(&commit);
	return id;
}

/* The first version of a vault of keys[0], of an unused repository. */
static TAP_UNUSED git_oid forge_genesis(bool wants_seal,
					const unsigned char *recovery)
{
	struct vault_genesis genesis = { &keys[0], recovery, "laptop",
					 HLC_UNKNOWN_TEXT, wants_seal };
	struct buf lines = BUF_INIT(65536);
	struct spec spec = { .construct = VAULT_CONSTRUCT };
	struct err err = ERR_INIT;
	git_oid id;

	is_sealed = wants_seal;
	must(vault_records_genesis(&genesis, &lines, vault_id, &content_key,
				   name_key, &err), &err, "genesis");
	spec.lines = buf_text(&lines);
	id = forge(&spec);
	buf_release(&lines);
	return id;
}

/* Lines of records about members; good until the next but three. */
static TAP_UNUSED const char *say_record(const char *type, const char *entity,
					 const char *data)
{
	static struct buf lines[4] = {
		BUF_INIT(1 << 20), BUF_INIT(1 << 20), BUF_INIT(1 << 20),
		BUF_INIT(1 << 20)
	};
	static size_t next;
	struct buf *out = &lines[next++ % 4];
	struct record_parts parts = { .type = type, .at = HLC_UNKNOWN_TEXT };
	struct err err = ERR_INIT;

	parts.entity = span_str(entity);
	parts.data = span_str(data);
	buf_reset(out);
	must(record_build(&parts, out, &err), &err, "record");
	must(buf_add_char(out, '\n', &err), &err, "record");
	return buf_text(out);
}

static TAP_UNUSED const char *say_admit(size_t member, const char *role)
{
	char entity[80], data[512], box_text[DID_SHORT_MAX];
	unsigned char box[DID_KEY_BYTES];
	struct err err = ERR_INIT;

	must(did_box_public(keys[member].public, box, &err), &err, "box");
	did_box_short(box, box_text);
	snprintf(entity, sizeof(entity), "member:%s", keys[member].name);
	snprintf(data, sizeof(data),
		 "{\"box\":\"%s\",\"did\":\"%s\",\"role\":\"%s\"}", box_text,
		 keys[member].did, role);
	return say_record("member:add", entity, data);
}

/* An owner that takes the place of another. */
static TAP_UNUSED const char *say_replace(size_t member, size_t replaced)
{
	char entity[80], data[512], box_text[DID_SHORT_MAX];
	unsigned char box[DID_KEY_BYTES];
	struct err err = ERR_INIT;

	must(did_box_public(keys[member].public, box, &err), &err, "box");
	did_box_short(box, box_text);
	snprintf(entity, sizeof(entity), "member:%s", keys[member].name);
	snprintf(data, sizeof(data),
		 "{\"box\":\"%s\",\"did\":\"%s\",\"replaces\":\"%s\","
		 "\"role\":\"owner\"}", box_text, keys[member].did,
		 keys[replaced].did);
	return say_record("member:add", entity, data);
}

static TAP_UNUSED const char *say_role(size_t member, const char *role)
{
	char entity[80], data[512];

	snprintf(entity, sizeof(entity), "member:%s", keys[member].name);
	snprintf(data, sizeof(data), "{\"did\":\"%s\",\"role\":\"%s\"}",
		 keys[member].did, role);
	return say_record("member:update", entity, data);
}

/* The cut of one member's version: the last one that still counts. */
static TAP_UNUSED void say_cut(size_t member, const git_oid *last,
			       struct buf *out)
{
	char hex[HEX_TEXT(SHA256_BYTES) + 1];
	struct err err = ERR_INIT;
	struct version version;

	version_init(&version);
	must(version_read(store, last, &version, &err), &err, "cut");
	hex_text(version.digest, SHA256_BYTES, hex);
	must(buf_printf(out, &err, "%s{\"construct\":\"%s\","
			"\"device\":\"%s\",\"digest\":\"sha256:%s\","
			"\"seq\":%llu}", out->len ? "," : "",
			version.construct, keys[member].name, hex,
			(unsigned long long)version.seq), &err, "cut");
	version_release(&version);
}

/* A removal (role NULL) or a role, with the cuts of up to two versions. */
static TAP_UNUSED const char *say_limit(size_t member, const char *role,
					const git_oid *a, const git_oid *b)
{
	char entity[80], data[2048], said[80] = "";
	struct buf cuts = BUF_INIT(1024);
	const char *line;

	if (a)
		say_cut(member, a, &cuts);
	if (b)
		say_cut(member, b, &cuts);
	if (role)
		snprintf(said, sizeof(said), ",\"role\":\"%s\"", role);
	snprintf(entity, sizeof(entity), "member:%s", keys[member].name);
	snprintf(data, sizeof(data), "{\"cuts\":[%s],\"did\":\"%s\"%s}",
		 cuts.len ? buf_text(&cuts) : "", keys[member].did, said);
	line = say_record(role ? "member:update" : "member:remove", entity,
			  data);
	buf_release(&cuts);
	return line;
}

/* With one cut at most. */
static TAP_UNUSED const char *say_remove(size_t member, const git_oid *last)
{
	return say_limit(member, NULL, last, NULL);
}

static TAP_UNUSED const char *say_memory(const char *name)
{
	char entity[128], data[256];

	snprintf(entity, sizeof(entity), "memory:%s", name);
	snprintf(data, sizeof(data), "{\"content\":\"%s\"}", name);
	return say_record("memory:create", entity, data);
}

/* A version of `vault` by keys[key] on top of these parents (one may be 0). */
static TAP_UNUSED git_oid vault_version(size_t key, const char *lines,
					const git_oid *a, const git_oid *b)
{
	struct spec spec = { .construct = VAULT_CONSTRUCT, .key = key,
			     .lines = lines };

	spec.parents[spec.parents_n++] = *a;
	if (b)
		spec.parents[spec.parents_n++] = *b;
	return forge(&spec);
}

#endif
