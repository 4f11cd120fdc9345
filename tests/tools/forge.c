/*
 * What a forger needs and git does not have, for the tests of tampering:
 * everything else they do to a repository with git itself.
 *
 *	forge key <keys>			make a device key; print its did
 *	forge sign <keys> <repo>		a commit without gpgsig on
 *						standard input: sign, store
 *	forge note <vault> <keys> <name>	the same commit, its note sealed
 *						anew for what it says now
 *	forge root <repo> <tree>		the root of a tree
 *	forge cid				name of the segment on
 *						standard input
 *	forge seal <vault> <keys> <construct>	seal a segment's text
 *	forge bomb <vault> <keys> <construct>	seal what inflates to 64 MiB
 *	forge write <vault> <keys> <construct> <subject>
 *						records on standard input, by
 *						the library's own write path:
 *						what no command writes. @AT@ is
 *						the time. Prints the version
 *	forge rotate <vault> <keys>		a new content key, as records
 *						for write: granted to that
 *						device alone
 *	forge child <vault> <keys> <version> <tree> <change>
 *						a version on top of one, right
 *						in all but its tree
 *	forge place <vault> <keys> <construct> <entity>
 *						where a segment of it lies
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zstd.h>

#include "lib/base/random.h"
#include "lib/id/cid.h"
#include "lib/id/encode.h"
#include "lib/os/file.h"
#include "objects/record/codec.h"
#include "objects/record/head.h"
#include "objects/record/kinds.h"
#include "objects/record/segment.h"
#include "objects/tree/tree.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/key/sshsig.h"
#include "refs/trust/open.h"
#include "refs/vault/grant.h"
#include "refs/vault/vault.h"
#include "refs/write/write.h"
#include "tests/unit/seal_oracle.h"
#include "tests/unit/segment_made.h"

#define INPUT_MAX ((size_t)16 << 20)
#define BOMB_BYTES ((size_t)64 << 20)

static int read_input(struct buf *out, struct err *err)
{
	return file_read_fd(STDIN_FILENO, "standard input", INPUT_MAX, out,
			    err);
}

static int make_key(char **argv, struct err *err)
{
	struct device_key key;
	int rc = device_key_generate(&key, err);

	if (rc == 0)
		rc = device_key_save(argv[0], &key, err);
	if (rc == 0)
		printf("%s\n", key.did);
	device_key_wipe(&key);
	return rc;
}

/* As git lays a signature into a commit: each further line indented. */
static int add_signature(struct buf *out, struct span armor, struct err *err)
{
	size_t i;
	int rc = buf_add_str(out, "\ngpgsig ", err);

	for (i = 0; rc == 0 && i < armor.len; i++) {
		rc = buf_add_char(out, armor.at[i], err);
		if (rc == 0 && armor.at[i] == '\n')
			rc = buf_add_char(out, ' ', err);
	}
	return rc;
}

static int store_commit(const char *path, struct span bytes, struct err *err)
{
	struct store *store = NULL;
	char hex[GIT_OID_HEXSZ + 1];
	git_oid id;
	int rc = store_open(path, false, &store, err);

	if (rc == 0)
		rc = store_add(store, OBJECT_COMMIT, bytes, &id, err);
	if (rc == 0)
		rc = store_flush(store, err);
	if (rc == 0) {
		hex_text(id.id, GIT_OID_RAWSZ, hex);
		printf("%s\n", hex);
	}
	store_free(store);
	return rc;
}

static int sign(char **argv, struct err *err)
{
	struct buf payload = BUF_INIT(INPUT_MAX);
	struct buf armor = BUF_INIT(INPUT_MAX);
	struct buf commit = BUF_INIT(INPUT_MAX);
	struct device_key key;
	const char *body;
	size_t head;
	int rc = device_key_load(argv[0], &key, err);

	if (rc == 0)
		rc = read_input(&payload, err);
	body = rc == 0 ? strstr(buf_text(&payload), "\n\n") : NULL;
	if (rc == 0 && !body)
		rc = err_set(err, ERR_INVALID, "not a commit");
	if (rc < 0)
		goto out;
	head = (size_t)(body - payload.data);
	rc = sshsig_sign(buf_span(&payload), key.secret, &armor, err);
	if (rc == 0)
		rc = buf_add(&commit, payload.data, head, err);
	if (rc == 0)
		rc = add_signature(&commit, buf_span(&armor), err);
	if (rc == 0)
		rc = buf_add(&commit, body, payload.len - head, err);
	if (rc == 0)
		rc = store_commit(argv[1], buf_span(&commit), err);
out:
	device_key_wipe(&key);
	buf_release(&commit);
	buf_release(&armor);
	buf_release(&payload);
	return rc;
}

/* The value of a trailer, or of none (at NULL). The payload ends in a NUL. */
static struct span trailer(struct span payload, const char *name)
{
	const char *at = strstr(payload.at, name);
	const char *end;

	if (!at)
		return span_of(NULL, 0);
	at += strlen(name);
	end = memchr(at, '\n', (size_t)(payload.at + payload.len - at));
	return span_of(at, end ? (size_t)(end - at) : 0);
}

static int seal_note(struct vault *vault, struct span construct,
		     struct span owner, const char *name, struct buf *out,
		     struct err *err)
{
	char keyed[CONSTRUCT_NAME_MAX] = "";
	struct buf text = BUF_INIT(4096);
	struct sealer *sealer = NULL;
	int rc;

	if (construct.len < sizeof(keyed))
		memcpy(keyed, construct.at, construct.len);
	rc = buf_printf(&text, err, "{\"construct\":\"%s\",\"subject\":"
			"\"forged\"}", name);
	if (rc == 0)
		rc = sealer_new(vault->state.vault_id, keyed, vault->keys,
				vault->keys_n, &sealer, err);
	if (rc == 0)
		rc = sealer_seal_for(sealer, SEAL_NOTE, owner,
				     buf_span(&text), out, err);
	sealer_free(sealer);
	buf_release(&text);
	return rc;
}

/* As version_note_owner() has it, of words that need not be a version. */
static int note(char **argv, struct err *err)
{
	static const char name[] = "\nVvault-Note: ";
	unsigned char owner[SHA256_BYTES];
	struct buf payload = BUF_INIT(INPUT_MAX);
	struct buf bare = BUF_INIT(INPUT_MAX);
	struct buf sealed = BUF_INIT(INPUT_MAX);
	struct buf text = BUF_INIT(INPUT_MAX);
	struct vault *vault = NULL;
	struct span old;
	size_t at;
	int rc = vault_open(argv[0], argv[1], &vault, err);

	if (rc == 0)
		rc = read_input(&payload, err);
	if (rc < 0)
		goto out;
	old = trailer(buf_span(&payload), name);
	at = old.at ? (size_t)(old.at - payload.data) : payload.len;
	if (old.at)
		rc = buf_add(&bare, payload.data, at - sizeof(name) + 2, err);
	if (rc == 0 && old.at)
		rc = buf_add_str(&bare, payload.data + at + old.len + 1, err);
	sha256_of(bare.data, bare.len, owner);
	if (rc == 0 && old.at)
		rc = seal_note(vault,
			       trailer(buf_span(&payload),
				       "\nVvault-Construct: "),
			       span_of((const char *)owner, sizeof(owner)),
			       argv[2], &sealed, err);
	if (rc == 0)
		rc = base64_add(&text, sealed.data, sealed.len, err);
	if (rc == 0)
		printf("%.*s%s%s", (int)at, payload.data, buf_text(&text),
		       payload.data + at + (old.at ? old.len : 0));
out:
	vault_close(vault);
	buf_release(&payload);
	buf_release(&bare);
	buf_release(&sealed);
	buf_release(&text);
	return rc;
}

static int print_root(char **argv, struct err *err)
{
	unsigned char root[SHA256_BYTES];
	char hex[HEX_TEXT(SHA256_BYTES) + 1];
	struct store *store = NULL;
	git_oid tree;
	int rc = store_open(argv[0], false, &store, err);

	if (rc == 0 && git_oid_fromstr(&tree, argv[1]) < 0)
		rc = err_set(err, ERR_INVALID, "not an id: '%s'", argv[1]);
	if (rc == 0)
		rc = tree_root(store, &tree, root, err);
	if (rc == 0) {
		hex_text(root, sizeof(root), hex);
		printf("%s\n", hex);
	}
	store_free(store);
	return rc;
}

static int print_cid(char **argv, struct err *err)
{
	struct buf bytes = BUF_INIT(INPUT_MAX);
	unsigned char digest[SHA256_BYTES];
	char text[CID_TEXT_MAX];
	int rc = read_input(&bytes, err);

	(void)argv;
	if (rc == 0) {
		name_digest(buf_span(&bytes), digest);
		cid_text(CID_RAW, digest, text);
		printf("%s\n", text);
	}
	buf_release(&bytes);
	return rc;
}

static int codec_of(char **argv, struct codec **out, struct err *err)
{
	struct vault *vault = NULL;
	int rc = vault_open(argv[0], argv[1], &vault, err);

	if (rc == 0)
		rc = vault_codec(vault, argv[2], out, err);
	vault_close(vault);
	return rc;
}

static int seal(char **argv, struct err *err)
{
	struct buf plain = BUF_INIT(INPUT_MAX);
	struct buf sealed = BUF_INIT(INPUT_MAX);
	struct codec *codec = NULL;
	int rc = codec_of(argv, &codec, err);

	if (rc == 0)
		rc = read_input(&plain, err);
	if (rc == 0)
		rc = segment_made(codec, buf_span(&plain), &sealed, err);
	if (rc == 0)
		fwrite(sealed.data, 1, sealed.len, stdout);
	codec_free(codec);
	buf_release(&sealed);
	buf_release(&plain);
	return rc;
}

/* The sealer would refuse; whoever holds the key need not use ours. */
static int bomb(char **argv, struct err *err)
{
	static unsigned char frame[1 << 16];
	static unsigned char input[1 << 17];
	static unsigned char sealed[(1 << 17) + ORACLE_HEAD + 16];
	struct segment_head head = { { 0 }, { 0 } };
	struct oracle who = { "vvault-seg-1", "vvault seal", NULL, argv[2],
			      NULL, head.leaves };
	char line[HEAD_BYTES];
	struct vault *vault = NULL;
	char *plain = calloc(1, BOMB_BYTES);
	size_t len = plain ? ZSTD_compress(frame, sizeof(frame), plain,
					   BOMB_BYTES, 3) : 0;
	int rc = vault_open(argv[0], argv[1], &vault, err);

	if (rc == 0 && (!len || ZSTD_isError(len) || !vault->keys_n))
		rc = err_set(err, ERR_INVALID, "cannot make it");
	if (rc == 0) {
		who.vault = vault->state.vault_id;
		who.key = vault->keys[vault->keys_n - 1].key;
		len = oracle_input(frame, len, padme_size(len + 4), input);
		len = oracle_seal(&who, input, len, false, sealed);
		sha256_of(sealed, len, head.rest);
		head_put(&head, line);
		fwrite(line, 1, sizeof(line), stdout);
		fwrite(sealed, 1, len, stdout);
	}
	free(plain);
	vault_close(vault);
	return rc;
}

/* One line, its time filled in. */
static int write_line(struct vault *vault, struct writer *writer,
		      struct span line, struct err *err)
{
	const char *mark = strstr(line.at, "@AT@");
	struct buf text = BUF_INIT(INPUT_MAX);
	char at[HLC_TEXT_MAX];
	int rc;

	if (!mark || mark >= line.at + line.len)
		return writer_add(writer, line, NULL, NULL, err);
	rc = vault_now(vault, at, err);
	if (rc == 0)
		rc = buf_add(&text, line.at, (size_t)(mark - line.at), err);
	if (rc == 0)
		rc = buf_add_str(&text, at, err);
	if (rc == 0)
		rc = buf_add(&text, mark + 4,
			     (size_t)(line.at + line.len - mark) - 4, err);
	if (rc == 0)
		rc = writer_add(writer, buf_span(&text), NULL, NULL, err);
	buf_release(&text);
	return rc;
}

static int write_records(char **argv, struct err *err)
{
	struct write_result result = { .has_version = false };
	struct buf text = BUF_INIT(INPUT_MAX);
	struct writer *writer = NULL;
	struct vault *vault = NULL;
	char hex[GIT_OID_HEXSZ + 1];
	struct span line;
	size_t pos = 0;
	int rc = vault_open(argv[0], argv[1], &vault, err);

	if (rc == 0)
		rc = writer_new(vault, argv[2], WRITER_MAY_CREATE, &writer,
				err);
	if (rc == 0)
		rc = read_input(&text, err);
	while (rc >= 0 && segment_next(buf_span(&text), &pos, &line))
		rc = write_line(vault, writer, line, err);
	if (rc >= 0)
		rc = writer_commit(writer, argv[3], &result, err);
	if (rc >= 0 && result.has_version) {
		hex_text(result.version.id, GIT_OID_RAWSZ, hex);
		printf("%s\n", hex);
	}
	buf_release(&text);
	writer_free(writer);
	vault_close(vault);
	return rc < 0 ? rc : 0;
}

static int rotate(char **argv, struct err *err)
{
	char id[BASE32_TEXT(KEY_ID_BYTES) + 1];
	struct buf sealed = BUF_INIT(4096);
	struct buf text = BUF_INIT(8192);
	unsigned char box[DID_KEY_BYTES];
	struct vault *vault = NULL;
	struct content_key key;
	int rc = vault_open(argv[0], argv[1], &vault, err);

	random_bytes(key.key, sizeof(key.key));
	content_key_id(key.key, key.id);
	base32_text(key.id, KEY_ID_BYTES, id);
	if (rc == 0)
		rc = did_box_public(vault->device.public, box, err);
	if (rc == 0)
		rc = grant_seal(vault->state.vault_id, &key,
				vault->device.public, box, &sealed, err);
	if (rc == 0)
		rc = base64_add(&text, sealed.data, sealed.len, err);
	if (rc == 0)
		printf("{\"at\":\"@AT@\",\"data\":{\"id\":\"%s\",\"use\":"
		       "\"content\"},\"entity\":\"key:%s\",\"prev\":[],"
		       "\"type\":\"key:create\"}\n"
		       "{\"at\":\"@AT@\",\"data\":{\"box\":\"%s\",\"did\":"
		       "\"%s\"},\"entity\":\"key:%s\",\"prev\":[],\"type\":"
		       "\"key:grant\"}\n", id, id, buf_text(&text),
		       vault->device.did, id);
	buf_release(&sealed);
	buf_release(&text);
	vault_close(vault);
	return rc;
}

/* The parent's words, for the child. */
static int child_words(struct vault *vault, const struct version *parent,
		       struct version *child, struct err *err)
{
	struct version_note note = VERSION_NOTE_INIT;
	int rc = 0;

	memcpy(child->author, parent->author, sizeof(child->author));
	rc = buf_add_span(&child->subject, buf_span(&parent->subject), err);
	if (rc == 0 && parent->note.len) {
		rc = vault_note_open(vault, parent, &note, err);
		if (rc == 0)
			rc = vault_note_seal(vault, &note, child, err);
	}
	version_note_release(&note);
	return rc;
}

/* One parent, and all that the parent says of the vault. */
static int child_fill(struct vault *vault, const struct version *parent,
		      struct version *child, struct err *err)
{
	child->parents = calloc(1, sizeof(*child->parents));
	child->parent_digests = calloc(1, sizeof(*child->parent_digests));
	child->members = calloc(parent->members_n + 1,
				sizeof(*child->members));
	if (!child->parents || !child->parent_digests || !child->members)
		return err_set(err, ERR_NOMEM, "out of memory");
	child->parents[0] = parent->id;
	memcpy(child->parent_digests[0], parent->digest, SHA256_BYTES);
	child->parents_n = 1;
	memcpy(child->members, parent->members,
	       parent->members_n * sizeof(*child->members));
	child->members_n = parent->members_n;
	memcpy(child->vault_id, parent->vault_id, sizeof(child->vault_id));
	memcpy(child->construct, parent->construct,
	       sizeof(child->construct));
	memcpy(child->device, vault->device.public, DID_KEY_BYTES);
	child->seq = parent->seq + 1;
	child->time = parent->time;
	if (tree_root(vault->store, &child->tree, child->root, err) < 0)
		return ERR_INVALID;
	return child_words(vault, parent, child, err);
}

static int make_child(char **argv, struct err *err)
{
	struct buf commit = BUF_INIT(INPUT_MAX);
	struct vault *vault = NULL;
	struct version parent;
	struct version child;
	git_oid id;
	int rc = vault_open(argv[0], argv[1], &vault, err);

	version_init(&parent);
	version_init(&child);
	if (rc == 0 && (git_oid_fromstr(&id, argv[2]) < 0 ||
			git_oid_fromstr(&child.tree, argv[3]) < 0))
		rc = err_set(err, ERR_INVALID, "not an id");
	if (rc == 0)
		rc = version_read(vault->store, &id, &parent, err);
	child.change = !strcmp(argv[4], "compact") ? CHANGE_COMPACT :
		       !strcmp(argv[4], "forget") ? CHANGE_FORGET : CHANGE_ADD;
	if (rc == 0)
		rc = child_fill(vault, &parent, &child, err);
	if (rc == 0)
		rc = version_encode(&child, &vault->device, &commit, err);
	if (rc == 0)
		rc = store_commit(argv[0], buf_span(&commit), err);
	version_release(&parent);
	version_release(&child);
	vault_close(vault);
	buf_release(&commit);
	return rc;
}

static int print_place(char **argv, struct err *err)
{
	unsigned char hash[PLACE_HASH_BYTES];
	char hex[HEX_TEXT(PLACE_HASH_BYTES) + 1];
	char dir[PLACE_NAME_LEN + 1];
	struct codec *codec = NULL;
	const struct kind *kind;
	struct home home;
	int rc = codec_of(argv, &codec, err);

	if (rc == 0)
		rc = entity_home(span_str(argv[3]), &home, &kind, err);
	if (rc == 0) {
		codec_place_hash(codec, &home, hash);
		codec_dir_name(codec, home.dir, dir);
		hex_text(hash, sizeof(hash), hex);
		printf("%s/%c/%c/%c\n", dir, hex[0], hex[1], hex[2]);
	}
	codec_free(codec);
	return rc;
}

static const struct {
	const char *name;
	int args;
	int (*run)(char **argv, struct err *err);
} commands[] = {
	{ "key", 1, make_key }, { "sign", 2, sign },
	{ "note", 3, note }, { "root", 2, print_root }, { "cid", 0, print_cid },
	{ "seal", 3, seal }, { "bomb", 3, bomb },
	{ "child", 5, make_child }, { "place", 4, print_place }, { "write", 4, write_records },
	{ "rotate", 2, rotate },
};

int main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	size_t i;
	int rc = store_init_library(&err);

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (argc > 1 && !strcmp(argv[1], commands[i].name) &&
		    argc - 2 == commands[i].args)
			break;
	}
	if (i == sizeof(commands) / sizeof(commands[0])) {
		fprintf(stderr, "usage: see tests/tools/forge.c\n");
		return 129;
	}
	if (rc >= 0)
		rc = commands[i].run(argv + 2, &err);
	store_stop_library();
	if (rc < 0)
		fprintf(stderr, "forge: %s\n", err.text);
	return rc < 0 ? 128 : 0;
}
