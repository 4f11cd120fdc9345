/*
 * Versions: what is taken has one encoding, holds fields that the writer would
 * take, and stays so when another device signs the same fields.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include <sodium.h>

#include "refs/history/version.h"
#include "refs/key/sshsig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const unsigned char seed[32] = { 1 };

static void sign_again(struct version *version)
{
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	struct device_key key;
	struct version back;

	memset(&key, 0, sizeof(key));
	crypto_sign_seed_keypair(key.public, key.secret, seed);
	version_init(&back);
	/* The bytes that were taken may leave no room for another signature:
	 * every one of ours is equally long, so they do. */
	assert(version_encode(version, &key, &commit, NULL) == 0 ||
	       commit.len == 0);
	if (commit.len) {
		assert(version_parse(buf_span(&commit), NULL, &back, NULL) == 0);
		assert(git_oid_equal(&back.id, &version->id));
		assert(back.parents_n == version->parents_n);
	}
	version_release(&back);
	buf_release(&commit);
}

static void try_names(struct span text)
{
	char name[CONSTRUCT_NAME_MAX];

	if (construct_name_fold(text, name, NULL) == 0)
		assert(construct_name_check(span_str(name), NULL) == 0);
	if (construct_name_check(text, NULL) == 0)
		assert(text.len < CONSTRUCT_NAME_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text = span_of(data, len);
	struct version version;
	unsigned char public[DID_KEY_BYTES] = { 1 };
	int trusted;

	version_init(&version);
	trusted = version_parse_trusted(text, &version, NULL);
	if (trusted == 0)
		sign_again(&version);
	if (version_parse(text, NULL, &version, NULL) == 0)
		assert(trusted == 0);
	if (version_set_subject(&version, text, NULL) == 0)
		assert(version.subject.len > 0 &&
		       version.subject.len <= VERSION_SUBJECT_MAX);
	version_release(&version);
	try_names(text);
	assert(sshsig_verify(text, text, public, NULL) != 0);
	return 0;
}
