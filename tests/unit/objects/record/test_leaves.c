/* objects/record/leaves and head: the root over a segment's blinded ids. */
#include "objects/record/head.h"
#include "objects/record/leaves.h"
#include "tests/unit/fixture.h"

static struct leaf_ids ids;
static unsigned char subkey[LEAF_SUBKEY_BYTES];

/* Vectors from Python's hashlib, by the recursive definition. */
static const struct {
	size_t n;
	const char *plain;
	const char *keyed;
} vectors[] = {
	{ 1,
	  "80b7c387caae31100808c86967f59de88fad65ad"
	  "11b226662f4d1a0785c9523b",
	  "79ab43359f06902d134ce49b521b5d775faeffa1"
	  "2c3ab2fb08fd75873964e15d" },
	{ 2,
	  "691a231b7f16fa23e372db5ec9f7e6fcf69fffa7"
	  "9823df134132be78ac51c780",
	  "c5475b949801dd7c298d9b066a4e36a381c29068"
	  "612016b73653f5278ac8adba" },
	{ 3,
	  "1f4576b5089175d0d97e6a0bf729077d414b3832"
	  "72590e401d3ecf755c13ce5a",
	  "1c9796e51ac9717087c83755a036f0018e365818"
	  "c157fdca2e858a692d10b8e8" },
	{ 5,
	  "51c0d5a03fcb02f0222522f6aa7f94ec2333d69c"
	  "c1975f73412bf78dcb665fe7",
	  "d26360894cc400be8890e91a9942cd401686b40f"
	  "31bc4ed7f367791d2aaeffa6" },
	{ 8,
	  "c7c836994ba2598c5bbcf278f9ad168cf206c586"
	  "cbe8bdaaebb0c88d1ea6da96",
	  "23c1e0a7aa7479aa74612bd1d8cae200285033ff"
	  "fa5ff515b4a1ee59e994a519" },
	{ 100,
	  "5af6eb7ef18854de980e66ebf22f5d23033c7987"
	  "e89fb841ef91dc5d293500eb",
	  "57e8fff21fd0b3b8e26b2792f954cd585b4f4898"
	  "0e7b1aa1bda35f3f436395ca" },
	{ 256,
	  "200027f57206d0b924995c8222ea903be5aa5b51"
	  "8b81fb0e82d0946897e4b893",
	  "e87ddae1bc77137bfd8f27a8ca420cbb86a7b1dc"
	  "51467b069f2d3167cffae810" },
};

static void test_vectors(void)
{
	unsigned char want[SHA256_BYTES], got[SHA256_BYTES];
	size_t i;

	for (i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		from_hex(vectors[i].plain, want, sizeof(want));
		ids.n = vectors[i].n;
		leaves_root(&ids, NULL, got);
		is_bytes(got, sizeof(got), want, sizeof(want), "plain");
		from_hex(vectors[i].keyed, want, sizeof(want));
		leaves_root(&ids, subkey, got);
		is_bytes(got, sizeof(got), want, sizeof(want), "keyed");
	}
}

/* Every leaf of every size leads to the root, and another id does not. */
static void test_proofs(void)
{
	unsigned char root[SHA256_BYTES], got[SHA256_BYTES];
	struct leaf_proof proof;
	size_t wrong = 0, astray = 0, deepest = 0;
	size_t n, i;

	for (n = 1; n <= SEGMENT_RECORDS_MAX; n += n < 20 ? 1 : 59) {
		ids.n = n;
		leaves_root(&ids, subkey, root);
		for (i = 0; i < n; i++) {
			leaves_prove(&ids, subkey, i, &proof);
			leaf_proof_root(&proof, ids.at[i], got);
			wrong += memcmp(root, got, sizeof(got)) != 0;
			leaf_proof_root(&proof, ids.at[(i + 1) % 256], got);
			astray += !memcmp(root, got, sizeof(got));
			if (proof.steps_n > deepest)
				deepest = proof.steps_n;
		}
	}
	is_int(wrong, 0, "every record is shown");
	is_int(astray, 0, "and none in its place");
	is_int(deepest, LEAF_PATH_MAX, "the longest way up");
}

/* What a proof gives away of one record says nothing of another segment. */
static void test_blinding(void)
{
	struct leaf_proof one, two, other;

	ids.n = 2;
	leaves_prove(&ids, subkey, 0, &one);
	leaves_prove(&ids, NULL, 0, &other);
	ids.n = 3;
	leaves_prove(&ids, subkey, 0, &two);
	ok(memcmp(one.key, two.key, LEAF_KEY_BYTES) != 0,
	   "a record has another key beside others");
	ok(memcmp(one.key, other.key, LEAF_KEY_BYTES) != 0,
	   "and another in a plain vault");
}

/* Is it named by its first len bytes, and by no other? */
static void is_named(struct span bytes, size_t len, const char *what)
{
	unsigned char want[SHA256_BYTES], got[SHA256_BYTES];

	sha256_of(bytes.at, len, want);
	name_digest(bytes, got);
	is_bytes(got, sizeof(got), want, sizeof(want), what);
	ok(bears_name(bytes, got), "which it bears");
	got[0] ^= 1;
	ok(!bears_name(bytes, got), "alone");
}

static void test_head(void)
{
	struct segment_head head = { { 1, 2, 3 }, { 0 } }, back;
	unsigned char want[SHA256_BYTES];
	char bytes[HEAD_BYTES + 4] = "";
	size_t refused = 0, i;
	struct span rest;

	memcpy(bytes + HEAD_BYTES, "abc\n", 4);
	sha256_of("abc\n", 4, head.rest);
	head_put(&head, bytes);
	ok(head_split(span_of(bytes, sizeof(bytes)), &back, &rest),
	   "a head is found");
	is_bytes(&back, sizeof(back), &head, sizeof(head), "as it was");
	ok(span_equals(rest, span_str("abc\n")), "and what follows");
	is_named(span_of(bytes, sizeof(bytes)), HEAD_BYTES,
		 "its name is that of the head");
	bytes[HEAD_BYTES] = 'x';
	name_digest(span_of(bytes, sizeof(bytes)), want);
	ok(!bears_name(span_of(bytes, sizeof(bytes)), want),
	   "none where the head is not true of what follows");
	sha256_of(bytes, sizeof(bytes), want);
	ok(!bears_name(span_of(bytes, sizeof(bytes)), want),
	   "nor that of the whole");
	is_named(span_of(bytes + 1, HEAD_BYTES), HEAD_BYTES, "nor without one");
	is_named(span_of(NULL, 0), 0, "nothing has a name");
	for (i = 0; i < HEAD_BYTES; i++) {
		refused += !head_split(span_of(bytes, i), NULL, NULL);
		bytes[i] ^= 0x20;
		refused += !head_split(span_of(bytes, sizeof(bytes)), NULL,
				       NULL);
		bytes[i] ^= 0x20;
	}
	is_int(refused, 2 * HEAD_BYTES, "in one form alone");
}

int main(void)
{
	size_t i, k;

	for (i = 0; i < SEGMENT_RECORDS_MAX; i++)
		for (k = 0; k < RECORD_ID_BYTES; k++)
			ids.at[i][k] = (unsigned char)(i * 7 + k * 3 + i * k);
	for (k = 0; k < sizeof(subkey); k++)
		subkey[k] = (unsigned char)(200 - k);
	test_vectors();
	test_proofs();
	test_blinding();
	test_head();
	return done_testing();
}
