#include "lib/id/did.h"

#include <jansson.h>
#include <sodium.h>

#include "tests/unit/fixture.h"

/* The key of 32 zero bytes of seed. */
static const char known_did[] =
	"did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp";
static const char known_box[] =
	"z6LShs9GGnqk85isEBzzshkuVWrVKsRp24GnDuHk8QWkARMW";

static void keys_of_seed(const unsigned char seed[32], unsigned char *pk,
			 unsigned char *sk)
{
	crypto_sign_seed_keypair(pk, sk, seed);
}

static void test_known(void)
{
	unsigned char seed[32] = { 0 };
	unsigned char pk[32], sk[64], back[32], box[32], secret[32], made[32];
	char text[DID_TEXT_MAX];

	keys_of_seed(seed, pk, sk);
	did_from_public(pk, text);
	is_str(text, known_did, "did of a key");
	is_int(strlen(text), DID_TEXT, "has the stated length");
	is_int(did_parse(span_str(text), back, NULL), 0, "is read");
	is_bytes(back, 32, pk, 32, "back");
	did_short(pk, text);
	is_str(text, known_did + 8, "the part for ref names");
	is_int(did_parse_short(span_str(text), back, NULL), 0, "is read");
	did_node(pk, text);
	is_str(text, "6MkiTBz1", "the node of an at");
	is_int(did_box_public(pk, box, NULL), 0, "box key of a key");
	did_box_short(box, text);
	is_str(text, known_box, "its text");
	is_int(did_parse_box_short(span_str(text), back, NULL), 0, "is read");
	is_bytes(back, 32, box, 32, "back");
	did_box_secret(sk, secret);
	crypto_scalarmult_base(made, secret);
	is_bytes(made, 32, box, 32, "secret and public box key belong");
}

static int parse(const char *text)
{
	unsigned char pk[32];

	return did_parse(span_str(text), pk, NULL);
}

static void test_refused(void)
{
	char text[100];
	size_t i;
	int wrong = 0;

	for (i = 0; i < DID_TEXT; i++) {
		snprintf(text, sizeof(text), "%.*s", (int)i, known_did);
		wrong += parse(text) == 0;
	}
	is_int(wrong, 0, "every cut did is refused");
	snprintf(text, sizeof(text), "%s ", known_did);
	is_int(parse(text), ERR_INVALID, "trailing space");
	snprintf(text, sizeof(text), " %s", known_did);
	is_int(parse(text), ERR_INVALID, "leading space");
	snprintf(text, sizeof(text), "did:key:%s", known_box);
	is_int(parse(text), ERR_INVALID, "an X25519 key");
	is_int(parse("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"),
	       ERR_INVALID, "a secp256k1 key");
	is_int(parse("did:web:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"),
	       ERR_INVALID, "another method");
	snprintf(text, sizeof(text), "%s", known_did);
	text[8] = 'Z';
	is_int(parse(text), ERR_INVALID, "another base");
	text[8] = 'z';
	text[20] = '0';
	is_int(parse(text), ERR_INVALID, "a character of no base58");
	snprintf(text, sizeof(text), "did:key:z1%s", known_did + 10);
	is_int(parse(text), ERR_INVALID, "a leading zero byte");
}

/* The text of any 32 bytes is made; only real points are read. */
static int parse_point(const char *hex)
{
	unsigned char pk[32];
	char text[DID_TEXT_MAX];

	from_hex(hex, pk, sizeof(pk));
	did_from_public(pk, text);
	return parse(text);
}

static void test_points(void)
{
	unsigned char zero[32] = { 0 };
	unsigned char box[32];
	char text[DID_SHORT_MAX];

	is_int(parse_point("01000000000000000000000000000000"
			   "00000000000000000000000000000000"), ERR_INVALID,
	       "the neutral point");
	is_int(parse_point("00000000000000000000000000000000"
			   "00000000000000000000000000000000"), ERR_INVALID,
	       "a point of order 4");
	is_int(parse_point("ecffffffffffffffffffffffffffffff"
			   "ffffffffffffffffffffffffffffff7f"), ERR_INVALID,
	       "a point of order 2");
	is_int(parse_point("c7176a703d4dd84fba3c0b760d10670f"
			   "2a2053fa2c39ccc64ec7fd7792ac037a"), ERR_INVALID,
	       "a point of order 8");
	is_int(parse_point("eeffffffffffffffffffffffffffffff"
			   "ffffffffffffffffffffffffffffff7f"), ERR_INVALID,
	       "a point that is not canonical");
	is_int(parse_point("02000000000000000000000000000000"
			   "00000000000000000000000000000000"), ERR_INVALID,
	       "no point of the curve");
	did_box_short(zero, text);
	is_int(did_parse_box_short(span_str(text), box, NULL), ERR_INVALID,
	       "a box key of small order");
	is_int(did_box_public(zero, box, NULL), ERR_INVALID,
	       "no box key of a weak key");
}

static void check_seed(const char *did, const json_t *entry)
{
	const char *hex = json_string_value(json_object_get(entry, "seed"));
	const json_t *agreement = json_object_get(entry, "keyAgreementKeyPair");
	const char *box_id = json_string_value(json_object_get(agreement, "id"));
	unsigned char seed[32], pk[32], sk[64], box[32];
	char text[DID_TEXT_MAX];
	char box_text[DID_SHORT_MAX];

	from_hex(hex, seed, sizeof(seed));
	keys_of_seed(seed, pk, sk);
	did_from_public(pk, text);
	is_str(text, did, "did of the vector's seed");
	is_int(did_parse(span_str(did), box, NULL), 0, "is read");
	is_int(did_box_public(pk, box, NULL), 0, "has a box key");
	did_box_short(box, box_text);
	ok(box_id && strstr(box_id, box_text), "the vector's box key");
}

static void test_vectors(void)
{
	const char *path = vector_path(
		"did-key/test-vectors/ed25519-x25519.json");
	const char *did;
	json_t *all;
	json_t *entry;

	if (!path) {
		skip(1, "../shared is not here");
		return;
	}
	all = json_load_file(path, 0, NULL);
	is_int(json_object_size(all), 5, "five vectors");
	json_object_foreach(all, did, entry)
		check_seed(did, entry);
	json_decref(all);
}

/* Every foreign did of the vectors is refused. */
static void test_foreign(const char *name)
{
	const char *path = vector_path(name);
	const char *did;
	json_t *all;
	json_t *entry;
	int wrong = 0;

	if (!path) {
		skip(1, "../shared is not here");
		return;
	}
	all = json_load_file(path, 0, NULL);
	json_object_foreach(all, did, entry)
		wrong += parse(did) == 0;
	ok(json_object_size(all) > 0 && !wrong, "%s: all refused", name);
	json_decref(all);
}

/* RFC 8032: the seeds give the keys, and the keys are accepted. */
static void test_rfc8032(void)
{
	const char *path = vector_path("rfc8032/ed25519.json");
	json_t *all;
	json_t *entry;
	size_t i;
	int wrong = 0;

	if (!path) {
		skip(1, "../shared is not here");
		return;
	}
	all = json_load_file(path, 0, NULL);
	json_array_foreach(all, i, entry)
		wrong += parse_point(json_string_value(
				 json_object_get(entry, "pk"))) != 0;
	ok(json_array_size(all) >= 3 && !wrong, "keys of RFC 8032 are read");
	json_decref(all);
}

int main(void)
{
	if (sodium_init() < 0)
		bail_out("libsodium does not start");
	test_known();
	test_refused();
	test_points();
	test_vectors();
	test_foreign("did-key/test-vectors/secp256k1.json");
	test_foreign("did-key/test-vectors/bls12381.json");
	test_foreign("did-key/test-vectors/nist-curves.json");
	test_rfc8032();
	return done_testing();
}
