/*
 * Keys, versions and repositories for the tests of refs/, and real git and
 * ssh-keygen to ask for a second opinion.
 */
#ifndef VV_TESTS_UNIT_VERSION_FIXTURE_H
#define VV_TESTS_UNIT_VERSION_FIXTURE_H

#include <sodium.h>

#include "lib/id/encode.h"
#include "lib/os/file.h"
#include "lib/os/process.h"
#include "objects/store/store.h"
#include "objects/tree/tree.h"
#include "refs/history/ref.h"
#include "refs/history/version.h"
#include "refs/key/key.h"
#include "tests/unit/fixture.h"

/* Seeds of RFC 8032, section 7.1, tests 1 to 3, and their public keys. */
static const char *const rfc_seeds[3] = {
	"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"
};

static const char *const TAP_UNUSED rfc_publics[3] = {
	"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
	"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
};

/* Any text of that form will do for a version. */
#define FIXTURE_VAULT_ID \
	"bagaaiera4oymiquy7qobjgx36tejs35zeqt24qpemsnzgtfeswmrw6csxbkq"

static TAP_UNUSED struct device_key key_of_seed(const char *hex)
{
	unsigned char seed[32];
	struct device_key key;

	memset(&key, 0, sizeof(key));
	from_hex(hex, seed, sizeof(seed));
	crypto_sign_seed_keypair(key.public, key.secret, seed);
	did_from_public(key.public, key.did);
	did_short(key.public, key.name);
	did_node(key.public, key.node);
	return key;
}

static TAP_UNUSED struct device_key rfc_key(size_t i)
{
	return key_of_seed(rfc_seeds[i]);
}

/* Run a program: its exit status, -1 if it could not be run. */
static int TAP_UNUSED run(struct buf *out, const char *const *argv)
{
	static const char *const env[] = {
		"GIT_CONFIG_NOSYSTEM=1", "HOME=/nonexistent", "LC_ALL=C", NULL
	};
	struct process_spec spec = { .argv = argv, .env_add = env,
				     .timeout_ms = 60000 };
	struct buf errors = BUF_INIT(1 << 20);
	struct process_end end;
	struct err err = ERR_INIT;
	int rc;

	buf_reset(out);
	rc = process_run(&spec, out, &errors, &end, &err);
	if (rc < 0)
		diag("cannot run %s: %s", argv[0], err.text);
	else if (end.signal || end.status)
		diag("%s: %s", argv[0], buf_text(&errors));
	buf_release(&errors);
	return rc < 0 || end.signal ? -1 : end.status;
}

#define RUN(out, ...) run((out), (const char *const[]){ __VA_ARGS__, NULL })

static bool TAP_UNUSED has_program(const char *name)
{
	char command[64];
	struct buf out = BUF_INIT(4096);
	int status;

	snprintf(command, sizeof(command), "command -v %s", name);
	status = RUN(&out, "sh", "-c", command);
	buf_release(&out);
	return status == 0;
}

static void TAP_UNUSED write_text(const char *path, const char *text)
{
	if (file_write_atomic(path, span_str(text), 0600, NULL) < 0)
		bail_out("cannot write %s", path);
}

/* An empty repository, opened. */
static TAP_UNUSED struct store *store_fixture(const char *path)
{
	struct store *store = NULL;
	struct err err = ERR_INIT;

	if (store_create(path, &err) < 0 ||
	    store_open(path, false, &store, &err) < 0)
		bail_out("cannot make a repository: %s", err.text);
	return store;
}

/* The first version of a construct: no parents, an empty tree. */
static void TAP_UNUSED version_fixture(struct version *version)
{
	version_init(version);
	hex_decode(span_str("4b825dc642cb6eb9a060e54bf8d69288fbee4904"),
		   version->tree.id, 20);
	memcpy(version->vault_id, FIXTURE_VAULT_ID, sizeof(FIXTURE_VAULT_ID));
	memcpy(version->construct, "nova-001", sizeof("nova-001"));
	memcpy(version->author, "laptop", sizeof("laptop"));
	version->seq = 1;
	version->time = 1795000000;
	sha256_of("root", 4, version->root);
	version->members_n = 1;
	version->members = calloc(1, sizeof(*version->members));
	sha256_of("head", 4, version->members[0]);
	if (version_set_subject(version, span_str("import: 3 conversations"),
				NULL) < 0)
		bail_out("out of memory");
}

/* Give the version these parents; digests made up from their ids. */
static void TAP_UNUSED version_parents(struct version *version,
				       const git_oid *parents, size_t n)
{
	size_t i;

	version->parents_n = n;
	version->parents = calloc(n + 1, sizeof(*parents));
	version->parent_digests = calloc(n + 1, SHA256_BYTES);
	for (i = 0; i < n; i++) {
		version->parents[i] = parents[i];
		sha256_of(parents[i].id, GIT_OID_RAWSZ,
			  version->parent_digests[i]);
	}
}

/* Add a version with its tree (staged, or the empty one); its id. */
static TAP_UNUSED git_oid version_add(struct store *store,
				      struct version *version,
				      const struct device_key *key)
{
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	struct err err = ERR_INIT;
	git_oid id, empty;

	if (tree_empty(store, &empty, &err) < 0 ||
	    store_keep(store, &empty, &err) < 0 ||
	    tree_keep(store, &version->tree, &err) < 0 ||
	    version_encode(version, key, &commit, &err) < 0 ||
	    store_add(store, OBJECT_COMMIT, buf_span(&commit), &id, &err) < 0)
		bail_out("cannot store a version: %s", err.text);
	buf_release(&commit);
	return id;
}

/* The same, on disk at once. */
static TAP_UNUSED git_oid version_store(struct store *store,
					struct version *version,
					const struct device_key *key)
{
	git_oid id = version_add(store, version, key);

	if (store_flush(store, NULL) < 0)
		bail_out("cannot flush");
	return id;
}

#endif
