/* objects/codec: names and bytes, plain, sealed and blind. */
#include "objects/record/codec.h"
#include "tests/unit/fixture.h"

static unsigned char name_key[NAME_KEY_BYTES];

static struct codec *make_sealed(const char *construct)
{
	struct content_key key;
	struct sealer *sealer = NULL;
	struct codec *codec = NULL;

	memset(key.key, 7, sizeof(key.key));
	content_key_id(key.key, key.id);
	if (sealer_new("bvault", construct, &key, 1, &sealer, NULL) < 0 ||
	    codec_new_sealed(name_key, construct, sealer, &codec, NULL) < 0)
		bail_out("cannot make a codec");
	return codec;
}

static void is_hash(const struct codec *codec, const char *entity,
		    const char *hex, const char *what)
{
	unsigned char want[PLACE_HASH_BYTES];
	unsigned char got[PLACE_HASH_BYTES];
	const struct kind *kind;
	struct home home;

	from_hex(hex, want, sizeof(want));
	if (entity_home(span_str(entity), &home, &kind, NULL) < 0)
		bail_out("no entity");
	codec_place_hash(codec, &home, got);
	is_bytes(got, sizeof(got), want, sizeof(want), what);
}

static void test_plain(void)
{
	struct buf out = BUF_INIT(100);
	char name[PLACE_NAME_LEN + 1];
	struct codec *codec = NULL;
	struct codec *copy = NULL;

	is_int(codec_new_plain(&codec, NULL), 0, "a plain codec");
	is_int(codec_mode(codec), CODEC_PLAIN, "is plain");
	/* sha256sum of the home's entity */
	is_hash(codec, "message:chatgpt:abc/1",
		"c054f3df6a26e1c0c3d816b488b038f3", "a message's place");
	is_hash(codec, "session:chatgpt:abc",
		"c054f3df6a26e1c0c3d816b488b038f3", "its session's place");
	is_hash(codec, "memory:abcdefghijklmnopqrstuvwxy2",
		"9d720b68ceffb5b42da0fcbaf30ba8b6", "a memory's place");
	codec_dir_name(codec, "session", name);
	is_str(name, "session", "folders have their own names");
	is_int(codec_encode_blob(codec, span_str("abc"), &out, NULL),
	       0, "bytes go in");
	is_str(buf_text(&out), "abc", "as they are");
	is_int(codec_copy(codec, &copy, NULL), 0, "a copy");
	is_int(codec_decode(copy, SEAL_BLOB, span_str("def"), &out, NULL),
	       0, "bytes come out");
	is_str(buf_text(&out), "abcdef", "behind what stood there");
	codec_free(codec);
	codec_free(copy);
	codec_free(NULL);
	buf_release(&out);
}

/* Vectors from Python's hashlib.blake2b and base64. */
static void test_names(void)
{
	unsigned char want[NAME_KEY_BYTES];
	unsigned char subkey[NAME_KEY_BYTES];
	char name[PLACE_NAME_LEN + 1];
	struct codec *codec = make_sealed("nova-001");
	struct codec *copy = NULL;

	from_hex("02fd1fce06a3a578861b8c1a82ad34cc0bf7875d174f5e874ae4666ba581"
		 "60b6", want, sizeof(want));
	name_key_for_refs(name_key, subkey);
	is_bytes(subkey, 32, want, 32, "the subkey of refs");
	keyed_name(subkey, span_str("nova-001"), name);
	is_str(name, "4tviqanxfctp4f76l5t5e6fzou", "a ref's name");
	from_hex("58677075bc2ed67e86b81ac01535242042b45968a37d0e3245ef1361877f"
		 "0f7f", want, sizeof(want));
	name_key_for_construct(name_key, "nova-001", subkey);
	is_bytes(subkey, 32, want, 32, "the subkey of a construct's tree");
	codec_dir_name(codec, "session", name);
	is_str(name, "b5q35lhpgylqjxfulvf3bnv4ya", "a folder's name");
	is_hash(codec, "message:chatgpt:abc/1",
		"759b6a8deedf3a1be113748d07d9fd42", "a message's place");
	is_hash(codec, "session:chatgpt:abc",
		"759b6a8deedf3a1be113748d07d9fd42", "asked twice");
	is_int(codec_copy(codec, &copy, NULL), 0, "a copy");
	is_hash(copy, "session:chatgpt:abc",
		"759b6a8deedf3a1be113748d07d9fd42", "names alike");
	codec_free(codec);
	is_hash(copy, "session:chatgpt:abc",
		"759b6a8deedf3a1be113748d07d9fd42", "and stands alone");
	codec_free(copy);
}

/* Names are remembered: each must be what a codec says that never met it. */
static void test_many_names(void)
{
	struct codec *old = make_sealed("nova-001");
	size_t wrong = 0;
	char key[300];
	int i;

	for (i = 0; i < 2000; i++) {
		struct codec *new = NULL;
		unsigned char hashes[2][PLACE_HASH_BYTES];
		struct home home = { .dir = i % 3 ? "memory" : "construct" };

		memset(key, 'k', sizeof(key));
		snprintf(key, sizeof(key), "%d", i % 50);
		key[strlen(key)] = 'k';
		home.key = span_of(key, (size_t)(1 + i % 7 * 42));
		if (i % 2)
			home.dir = "session";
		codec_place_hash(old, &home, hashes[0]);
		if (codec_copy(old, &new, NULL) < 0)
			bail_out("out of memory");
		codec_place_hash(new, &home, hashes[1]);
		wrong += memcmp(hashes[0], hashes[1], sizeof(hashes[0])) != 0;
		codec_free(new);
	}
	is_int(wrong, 0, "what is remembered is right");
	codec_free(old);
}

static void test_constructs_differ(void)
{
	struct codec *one = make_sealed("nova-001");
	struct codec *two = make_sealed("nova-002");
	char names[2][PLACE_NAME_LEN + 1];
	struct buf sealed = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);

	codec_dir_name(one, "memory", names[0]);
	codec_dir_name(two, "memory", names[1]);
	ok(strcmp(names[0], names[1]) != 0, "constructs share no names");
	is_int(codec_encode_blob(one, span_str("abc"), &sealed, NULL), 0,
	       "sealed for one");
	is_int(codec_decode(two, SEAL_BLOB, buf_span(&sealed), &out, NULL),
	       ERR_CORRUPT, "does not open for another");
	is_int(codec_decode(one, SEAL_SEGMENT, buf_span(&sealed), &out, NULL),
	       ERR_CORRUPT, "nor under another label");
	is_int(codec_decode(one, SEAL_BLOB, buf_span(&sealed), &out, NULL), 0,
	       "opens where it belongs");
	is_str(buf_text(&out), "abc", "to what it was");
	buf_release(&sealed);
	buf_release(&out);
	codec_free(one);
	codec_free(two);
}

static void test_blind(void)
{
	struct buf out = BUF_INIT(100);
	struct codec *codec = NULL;
	struct codec *copy = NULL;

	is_int(codec_new_blind(&codec, NULL), 0, "a blind codec");
	is_int(codec_mode(codec), CODEC_BLIND, "is blind");
	is_int(codec_encode_blob(codec, span_str("abc"), &out, NULL),
	       ERR_NO_KEY, "seals nothing");
	is_int(codec_decode(codec, SEAL_SEGMENT, span_str("abc"), &out, NULL),
	       ERR_NO_KEY, "opens nothing");
	is_int(out.len, 0, "writes nothing");
	is_int(codec_copy(codec, &copy, NULL), 0, "can be copied");
	is_int(codec_mode(copy), CODEC_BLIND, "and stays blind");
	codec_free(codec);
	codec_free(copy);
	buf_release(&out);
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(name_key); i++)
		name_key[i] = (unsigned char)(100 + i);
	test_plain();
	test_names();
	test_many_names();
	test_constructs_differ();
	test_blind();
	return done_testing();
}
