#include "objects/record/leaves.h"

#include <assert.h>

#include <sodium.h>

/* The leaves of one segment as they are folded to their root, and the way up
 * of one of them. */
struct climb {
	unsigned char nodes[SEGMENT_RECORDS_MAX][SHA256_BYTES];
	struct leaf_proof *proof;	/* NULL: nobody asks */
};

/* The state after the key alone, which every leaf key begins with. */
static void segment_key(const struct leaf_ids *ids,
			const unsigned char *subkey, struct blake2b *out)
{
	unsigned char key[LEAF_SUBKEY_BYTES];
	struct blake2b hash;

	blake2b_init(&hash, subkey, subkey ? LEAF_SUBKEY_BYTES : 0,
		     sizeof(key));
	if (!subkey)
		blake2b_add(&hash, LEAF_SUBKEY, sizeof(LEAF_SUBKEY) - 1);
	blake2b_add(&hash, ids->at, ids->n * RECORD_ID_BYTES);
	blake2b_finish(&hash, key);
	blake2b_init(out, key, sizeof(key), LEAF_KEY_BYTES);
	sodium_memzero(key, sizeof(key));
	sodium_memzero(&hash, sizeof(hash));
}

static void leaf_key(const struct blake2b *keyed,
		     const unsigned char id[RECORD_ID_BYTES],
		     unsigned char out[LEAF_KEY_BYTES])
{
	struct blake2b hash = *keyed;

	blake2b_add(&hash, id, RECORD_ID_BYTES);
	blake2b_finish(&hash, out);
}

static void leaf_of(const unsigned char key[LEAF_KEY_BYTES],
		    const unsigned char id[RECORD_ID_BYTES],
		    unsigned char out[SHA256_BYTES])
{
	unsigned char text[1 + LEAF_KEY_BYTES + RECORD_ID_BYTES] = { 0 };

	memcpy(text + 1, key, LEAF_KEY_BYTES);
	memcpy(text + 1 + LEAF_KEY_BYTES, id, RECORD_ID_BYTES);
	sha256_of(text, sizeof(text), out);
}

static void inner_of(const unsigned char left[SHA256_BYTES],
		     const unsigned char right[SHA256_BYTES],
		     unsigned char out[SHA256_BYTES])
{
	unsigned char text[1 + 2 * SHA256_BYTES] = { 1 };

	memcpy(text + 1, left, SHA256_BYTES);
	memcpy(text + 1 + SHA256_BYTES, right, SHA256_BYTES);
	sha256_of(text, sizeof(text), out);
}

static void take_step(struct leaf_proof *proof, bool is_left,
		      const unsigned char digest[SHA256_BYTES])
{
	struct leaf_step *step = &proof->steps[proof->steps_n++];

	step->is_left = is_left;
	memcpy(step->digest, digest, SHA256_BYTES);
}

/*
 * Level by level in pairs, what is left over going up as it is: the same tree
 * as that of the definition (RFC 9162, 2.1.1), which divides from above.
 */
static void fold(struct climb *climb, size_t n, size_t nth)
{
	size_t i;

	for (; n > 1; n = (n + 1) / 2, nth /= 2) {
		if (climb->proof && (nth ^ 1) < n)
			take_step(climb->proof, nth & 1,
				  climb->nodes[nth ^ 1]);
		for (i = 0; i + 1 < n; i += 2)
			inner_of(climb->nodes[i], climb->nodes[i + 1],
				 climb->nodes[i / 2]);
		if (n % 2)
			memcpy(climb->nodes[n / 2], climb->nodes[n - 1],
			       SHA256_BYTES);
	}
}

static void plant(struct climb *climb, const struct leaf_ids *ids,
		  const unsigned char *subkey, size_t nth)
{
	unsigned char key[LEAF_KEY_BYTES];
	struct blake2b keyed;
	size_t i;

	assert(ids->n >= 1 && ids->n <= SEGMENT_RECORDS_MAX && nth < ids->n);
	segment_key(ids, subkey, &keyed);
	for (i = 0; i < ids->n; i++) {
		leaf_key(&keyed, ids->at[i], key);
		leaf_of(key, ids->at[i], climb->nodes[i]);
		if (climb->proof && i == nth)
			memcpy(climb->proof->key, key, sizeof(key));
	}
	sodium_memzero(&keyed, sizeof(keyed));
}

void leaves_root(const struct leaf_ids *ids, const unsigned char *subkey,
		 unsigned char out[SHA256_BYTES])
{
	struct climb climb;

	climb.proof = NULL;
	plant(&climb, ids, subkey, 0);
	fold(&climb, ids->n, 0);
	memcpy(out, climb.nodes[0], SHA256_BYTES);
}

void leaves_prove(const struct leaf_ids *ids, const unsigned char *subkey,
		  size_t nth, struct leaf_proof *out)
{
	struct climb climb;

	climb.proof = out;
	out->steps_n = 0;
	plant(&climb, ids, subkey, nth);
	fold(&climb, ids->n, nth);
}

void leaf_proof_root(const struct leaf_proof *proof,
		     const unsigned char id[RECORD_ID_BYTES],
		     unsigned char out[SHA256_BYTES])
{
	size_t i;

	leaf_of(proof->key, id, out);
	for (i = 0; i < proof->steps_n; i++) {
		const struct leaf_step *step = &proof->steps[i];

		if (step->is_left)
			inner_of(step->digest, out, out);
		else
			inner_of(out, step->digest, out);
	}
}
