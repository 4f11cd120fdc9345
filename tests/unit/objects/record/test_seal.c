/* objects/seal: known answers, round trips, and whatever may not open. */
#include <zstd.h>

#include "objects/record/seal.h"
#include "tests/unit/fixture.h"
#include "tests/unit/seal_oracle.h"

#define VAULT "bagaaieraonzbmqvezpx64y4n5ylb2aw6pd4abpkjbefhvuro5lb64kca3ukq"
#define CHAT "{\"content\":\"the same words again, the same words again\"}\n"

static struct content_key keys[2];
static struct sealer *sealer;
static struct oracle who = {
	"vvault-seg-1", "vvault seal", VAULT, "nova-001", NULL, NULL
};
static unsigned char input[ORACLE_MAX];
static unsigned char sealed[ORACLE_MAX + ORACLE_HEAD + 16];

static struct sealer *make_sealer(const char *vault, const char *construct,
				  const struct content_key *list, size_t n)
{
	struct sealer *made = NULL;

	if (sealer_new(vault, construct, list, n, &made, NULL) < 0)
		bail_out("cannot make a sealer");
	return made;
}

static void setup(void)
{
	size_t i;

	for (i = 0; i < 32; i++) {
		keys[0].key[i] = (unsigned char)(200 - i);
		keys[1].key[i] = (unsigned char)i;
	}
	content_key_id(keys[0].key, keys[0].id);
	content_key_id(keys[1].key, keys[1].id);
	who.key = keys[1].key;
	sealer = make_sealer(VAULT, "nova-001", keys, 2);
}

/* Vectors from Python's hashlib.blake2b. */
static void test_derivation(void)
{
	unsigned char want[32];
	unsigned char got[32];

	from_hex("1d1c3292634e7b2477f56c8a72f03fdd13ec0037ae6eaf94e5040c8c43e2"
		 "b639", want, sizeof(want));
	is_bytes(keys[1].id, 32, want, 32, "the id of a content key");
	from_hex("67f678d3303b546102c92c871703c7c1bd5da3fd41915acdb0519f4400c9"
		 "2549", want, sizeof(want));
	subkey_derive(keys[1].key, "vvault seal", "nova-001", got);
	is_bytes(got, 32, want, 32, "the subkey that seals");
	from_hex("d7116174ec8057ff28952708b684b87abbd883b9712fd96d9aaf1db2640b"
		 "c58a", want, sizeof(want));
	subkey_derive(keys[1].key, "vvault nonce", "nova-001", got);
	is_bytes(got, 32, want, 32, "the subkey of nonces");
}

static void test_padme(void)
{
	static const size_t pairs[][2] = {
		/* by Python's math.log2, after the paper's algorithm 1 */
		{ 0, 0 }, { 1, 1 }, { 2, 2 }, { 8, 8 }, { 9, 10 }, { 10, 10 },
		{ 100, 104 }, { 127, 128 }, { 200, 208 }, { 500, 512 },
		{ 1000, 1024 }, { 1025, 1088 }, { 65537, 67584 },
		{ 131072, 131072 }, { 131073, 135168 }, { 1048577, 1081344 },
	};
	size_t worst = 0;
	size_t wrong = 0;
	size_t len;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		is_int(padme_size(pairs[i][0]), pairs[i][1], "padme size");
	for (len = 1; len < 100000; len++) {
		size_t size = padme_size(len);

		wrong += size < len || padme_size(size) != size;
		if ((size - len) * 1000 / len > worst)
			worst = (size - len) * 1000 / len;
	}
	is_int(wrong, 0, "never smaller, and padding twice changes nothing");
	ok(worst <= 120, "at most 12 %% more (%zu in a thousand)", worst);
}

static bool opens_to(struct sealer *with, enum seal_label label,
		     struct span bytes, struct span plain)
{
	struct buf out = BUF_INIT(SEAL_PLAIN_MAX + 3);
	bool is_same = buf_add_str(&out, "ab.", NULL) == 0 &&
		       sealer_open(with, label, bytes, &out, NULL) == 0 &&
		       span_equals(span_of(out.data + 3, out.len - 3), plain);

	buf_release(&out);
	return is_same;
}

/* What sealer_seal() says must be what the oracle makes of a zstd frame. */
static void test_known_answer(enum seal_label label, const char *name,
			      const char *subkey, struct span plain)
{
	struct oracle as = who;
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	static unsigned char frame[ORACLE_MAX];
	size_t frame_len;
	size_t len;

	as.label = name;
	as.subkey = subkey;
	frame_len = ZSTD_compress(frame, sizeof(frame), plain.at, plain.len, 3);
	len = oracle_input(frame, frame_len, padme_size(4 + frame_len), input);
	len = oracle_seal(&as, input, len, false, sealed);
	is_int(sealer_seal(sealer, label, plain, &out, NULL), 0, name);
	is_bytes(out.data, out.len, sealed, len, "is what the oracle seals");
	ok(opens_to(sealer, label, buf_span(&out), plain), "and opens");
	ok(seal_has_form(buf_span(&out)), "and has the form");
	buf_release(&out);
}

static void test_known_answers(void)
{
	static char large[SEAL_PLAIN_MAX];
	unsigned int state = 1;
	size_t i;

	for (i = 0; i < sizeof(large); i++) {
		state = state * 1103515245u + 12345u;
		large[i] = (char)(state >> 16);
	}
	test_known_answer(SEAL_SEGMENT, "vvault-seg-1", "vvault seal",
			  span_str(CHAT));
	test_known_answer(SEAL_BLOB, "vvault-blob-1", "vvault blob",
			  span_str(CHAT));
	test_known_answer(SEAL_NOTE, "vvault-note-1", "vvault note",
			  span_str(CHAT));
	test_known_answer(SEAL_NOTE, "vvault-note-1", "vvault note",
			  span_of("", 0));
	test_known_answer(SEAL_SEGMENT, "vvault-seg-1", "vvault seal",
			  span_of(large, sizeof(large)));
	memset(large, 'x', sizeof(large));
	test_known_answer(SEAL_SEGMENT, "vvault-seg-1", "vvault seal",
			  span_of(large, sizeof(large)));
}

static void seal_chat(struct buf *out)
{
	if (sealer_seal(sealer, SEAL_SEGMENT, span_str(CHAT), out, NULL) < 0)
		bail_out("cannot seal");
}

static bool holds(struct span bytes, const char *word)
{
	size_t i;

	for (i = 0; i + strlen(word) <= bytes.len; i++) {
		if (!memcmp(bytes.at + i, word, strlen(word)))
			return true;
	}
	return false;
}

static void test_equal_bytes(void)
{
	struct buf first = BUF_INIT(BUF_NO_LIMIT);
	struct buf again = BUF_INIT(BUF_NO_LIMIT);
	struct buf other = BUF_INIT(BUF_NO_LIMIT);
	struct sealer *copy = NULL;

	seal_chat(&first);
	seal_chat(&again);
	is_bytes(first.data, first.len, again.data, again.len,
		 "equal bytes seal to equal objects");
	is_int(sealer_copy(sealer, &copy, NULL), 0, "a copy");
	is_int(sealer_seal(copy, SEAL_SEGMENT, span_str(CHAT), &other, NULL),
	       0, "seals");
	is_bytes(first.data, first.len, other.data, other.len, "the same");
	ok(opens_to(copy, SEAL_SEGMENT, buf_span(&first), span_str(CHAT)),
	   "and opens");
	sealer_free(copy);
	buf_reset(&other);
	is_int(sealer_seal(sealer, SEAL_SEGMENT, span_str(CHAT "x"), &other,
			   NULL), 0, "other bytes");
	ok(memcmp(first.data + 36, other.data + 36, 24) != 0,
	   "have another nonce");
	ok(!holds(buf_span(&first), "words"), "no plain text shows");
	buf_release(&first);
	buf_release(&again);
	buf_release(&other);
}

static int open_rc(struct sealer *with, enum seal_label label,
		   struct span bytes)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	int rc;

	if (buf_add_str(&out, "before", NULL) < 0)
		bail_out("out of memory");
	rc = sealer_open(with, label, bytes, &out, &err);
	if (rc < 0 && (strcmp(buf_text(&out), "before") || err.code != rc))
		bail_out("a failure changed the buffer or said nothing");
	buf_release(&out);
	return rc;
}

static void test_wrong_sealers(void)
{
	struct buf good = BUF_INIT(BUF_NO_LIMIT);
	struct sealer *others[4];
	struct content_key swapped[2] = { keys[1], keys[0] };
	size_t i;

	seal_chat(&good);
	is_int(open_rc(sealer, SEAL_BLOB, buf_span(&good)), ERR_CORRUPT,
	       "another label");
	is_int(open_rc(sealer, SEAL_NOTE, buf_span(&good)), ERR_CORRUPT,
	       "a third label");
	others[0] = make_sealer(VAULT, "nova-002", keys, 2);
	others[1] = make_sealer("b" VAULT, "nova-001", keys, 2);
	others[2] = make_sealer(VAULT, "nova-001", keys, 1);
	others[3] = make_sealer(VAULT, "nova-001", swapped, 2);
	is_int(open_rc(others[0], SEAL_SEGMENT, buf_span(&good)), ERR_CORRUPT,
	       "another construct");
	is_int(open_rc(others[1], SEAL_SEGMENT, buf_span(&good)), ERR_CORRUPT,
	       "another vault");
	is_int(open_rc(others[2], SEAL_SEGMENT, buf_span(&good)), ERR_NO_KEY,
	       "without the key");
	is_int(open_rc(others[3], SEAL_SEGMENT, buf_span(&good)), 0,
	       "any key opens, not the last one only");
	for (i = 0; i < 4; i++)
		sealer_free(others[i]);
	sealer_free(NULL);
	buf_release(&good);
}

static void test_flips_and_cuts(void)
{
	struct buf good = BUF_INIT(BUF_NO_LIMIT);
	size_t opened = 0;
	size_t wrong_code = 0;
	size_t at;
	int bit;

	seal_chat(&good);
	for (at = 0; at < good.len * 8; at++) {
		bit = 1 << at % 8;
		good.data[at / 8] = (char)(good.data[at / 8] ^ bit);
		switch (open_rc(sealer, SEAL_SEGMENT, buf_span(&good))) {
		case 0:
			opened++;
			break;
		case ERR_CORRUPT:
			break;
		case ERR_NO_KEY:
			wrong_code += at / 8 < 4 || at / 8 >= 36;
			break;
		default:
			wrong_code++;
		}
		good.data[at / 8] = (char)(good.data[at / 8] ^ bit);
	}
	is_int(opened, 0, "no object with a flipped bit opens");
	is_int(wrong_code, 0, "each is corrupt, or of an unknown key");
	for (at = 0; at < good.len; at++)
		opened += open_rc(sealer, SEAL_SEGMENT, span_of(good.data, at))
			  != ERR_CORRUPT;
	is_int(opened, 0, "no beginning of an object opens");
	for (at = 0; at < 300; at++) {
		if (buf_add_char(&good, 0, NULL) < 0)
			bail_out("out of memory");
		opened += open_rc(sealer, SEAL_SEGMENT, buf_span(&good)) !=
			  ERR_CORRUPT;
	}
	is_int(opened, 0, "nothing may follow");
	buf_release(&good);
}

/* What a key holder could seal: the input is his, the rest is right. */
static int open_forged(size_t input_len)
{
	size_t len = oracle_seal(&who, input, input_len, false, sealed);

	return open_rc(sealer, SEAL_SEGMENT, span_of(sealed, len));
}

static int open_frame(const void *frame, size_t len)
{
	return open_forged(oracle_input(frame, len, padme_size(4 + len),
					input));
}

static void test_forged_inputs(void)
{
	unsigned char frame[512];
	size_t len = ZSTD_compress(frame, sizeof(frame), CHAT,
				   sizeof(CHAT) - 1, 3);
	size_t total = padme_size(4 + len);

	while (total == 4 + len) {	/* the test needs some padding */
		len = ZSTD_compress(frame, sizeof(frame), CHAT "abcd", 58, 3);
		total = padme_size(4 + len);
	}
	is_int(open_frame(frame, len), 0, "the oracle's own opens");
	oracle_input(frame, len, total, input);
	input[total - 1] = 1;
	is_int(open_forged(total), ERR_CORRUPT, "padding that is not zero");
	oracle_input(frame, len, 4 + len, input);
	is_int(open_forged(4 + len), ERR_CORRUPT, "no padding");
	total = padme_size(total + 1);
	oracle_input(frame, len, total, input);
	is_int(open_forged(total), ERR_CORRUPT, "the next Padme size");
	total = padme_size(4 + len);
	oracle_input(frame, len, total, input);
	input[3] = (unsigned char)(total - 3);
	is_int(open_forged(total), ERR_CORRUPT, "a frame beyond the input");
	memset(input, 0xff, 4);
	is_int(open_forged(total), ERR_CORRUPT, "a frame of 4 GiB");
	oracle_input(frame, len, total, input);
	input[3]--;
	is_int(open_forged(total), ERR_CORRUPT, "a frame cut by one byte");
	oracle_input(frame, len, total, input);
	input[3]++;
	is_int(open_forged(total), ERR_CORRUPT, "a frame with a byte behind");
	is_int(open_forged(4), ERR_CORRUPT, "nothing but a length");
	is_int(open_forged(3), ERR_CORRUPT, "not even a length");
	is_int(open_forged(0), ERR_CORRUPT, "an empty input");
	oracle_input(frame, len, total, input);
	len = oracle_seal(&who, input, total, true, sealed);
	is_int(open_rc(sealer, SEAL_SEGMENT, span_of(sealed, len)),
	       ERR_CORRUPT, "a nonce of the sealer's own choice");
}

/* A frame of plain with one parameter that we do not write. */
static size_t odd_frame(ZSTD_cParameter parameter, int value,
			struct span plain, unsigned char *out, size_t max)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t len;

	if (!context ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(context, parameter, value)))
		bail_out("zstd does not know a parameter");
	len = ZSTD_compress2(context, out, max, plain.at, plain.len);
	if (ZSTD_isError(len))
		bail_out("zstd does not compress");
	ZSTD_freeCCtx(context);
	return len;
}

static void test_forged_frames(void)
{
	static unsigned char frame[ORACLE_MAX];
	static const unsigned char skippable[] = {
		0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4
	};
	struct span chat = span_str(CHAT);
	size_t len = ZSTD_compress(frame, 512, chat.at, chat.len, 3);

	memcpy(frame + len, frame, len);
	is_int(open_frame(frame, 2 * len), ERR_CORRUPT, "two frames");
	memcpy(frame + len, skippable, sizeof(skippable));
	is_int(open_frame(frame, len + sizeof(skippable)), ERR_CORRUPT,
	       "a skippable frame behind");
	is_int(open_frame(frame + len, sizeof(skippable)), ERR_CORRUPT,
	       "a skippable frame alone");
	memmove(frame + sizeof(skippable), frame, len);
	memcpy(frame, skippable, sizeof(skippable));
	is_int(open_frame(frame, sizeof(skippable) + len), ERR_CORRUPT,
	       "a skippable frame in front");
	is_int(open_frame(CHAT, chat.len), ERR_CORRUPT, "no frame at all");
	is_int(open_frame(frame, 0), ERR_CORRUPT, "an empty frame");
	len = odd_frame(ZSTD_c_checksumFlag, 1, chat, frame, 512);
	is_int(open_frame(frame, len), ERR_CORRUPT, "a frame with checksum");
	len = odd_frame(ZSTD_c_contentSizeFlag, 0, chat, frame, 512);
	is_int(open_frame(frame, len), ERR_CORRUPT, "a frame without size");
	len = odd_frame(ZSTD_c_compressionLevel, 19, chat, frame, 512);
	is_int(open_frame(frame, len), 0, "another level is no matter");
	frame[len - 3] ^= 0x55;
	is_int(open_frame(frame, len), ERR_CORRUPT, "a damaged frame");
}

static void test_bombs(void)
{
	static unsigned char frame[ORACLE_MAX];
	size_t big = (size_t)64 << 20;
	char *zeros = calloc(1, big);
	size_t len;

	if (!zeros)
		bail_out("out of memory");
	len = ZSTD_compress(frame, sizeof(frame), zeros, SEAL_PLAIN_MAX, 3);
	is_int(open_frame(frame, len), 0, "1 MiB of zeros");
	len = ZSTD_compress(frame, sizeof(frame), zeros, SEAL_PLAIN_MAX + 1, 3);
	is_int(open_frame(frame, len), ERR_LIMIT, "one byte more");
	len = ZSTD_compress(frame, sizeof(frame), zeros, big, 3);
	is_int(open_frame(frame, len), ERR_LIMIT, "64 MiB of zeros");
	/* The size in the header lies: 1 KiB, and 64 MiB come out. */
	len = odd_frame(ZSTD_c_contentSizeFlag, 0, span_of(zeros, big),
			frame, sizeof(frame));
	memmove(frame + 8, frame + 6, len - 6);
	frame[4] = 0x40;
	frame[6] = 0;
	frame[7] = 3;
	is_int(open_frame(frame, len + 2), ERR_CORRUPT, "a size that lies");
	is_int(sealer_seal(sealer, SEAL_SEGMENT,
			   span_of(zeros, SEAL_PLAIN_MAX + 1),
			   &(struct buf)BUF_INIT(BUF_NO_LIMIT), NULL),
	       ERR_LIMIT, "nor can one seal more");
	free(zeros);
}

static void test_arguments(void)
{
	struct content_key mismatch = keys[0];
	char name[200];
	struct sealer *made = NULL;
	struct buf tiny = BUF_INIT(100);

	mismatch.id[31] ^= 1;
	is_int(sealer_new(VAULT, "nova-001", &mismatch, 1, &made, NULL),
	       ERR_INVALID, "a key that is not of its id");
	is_int(sealer_new(VAULT, "nova-001", keys, 0, &made, NULL),
	       ERR_INVALID, "no key");
	is_int(sealer_new("", "nova-001", keys, 1, &made, NULL), ERR_INVALID,
	       "no vault");
	is_int(sealer_new(VAULT, "", keys, 1, &made, NULL), ERR_INVALID,
	       "no construct");
	memset(name, 'a', sizeof(name));
	name[SEAL_CONSTRUCT_MAX + 1] = '\0';
	is_int(sealer_new(VAULT, name, keys, 1, &made, NULL), ERR_INVALID,
	       "a construct with a long name");
	name[SEAL_CONSTRUCT_MAX + 1] = 'a';
	name[SEAL_VAULT_ID_MAX + 1] = '\0';
	is_int(sealer_new(name, "nova-001", keys, 1, &made, NULL), ERR_INVALID,
	       "a long vault id");
	ok(!made, "none of them made a sealer");
	is_int(sealer_seal(sealer, SEAL_NOTE, span_str(CHAT), &tiny, NULL),
	       ERR_LIMIT, "no room for what is sealed");
	is_int(tiny.len, 0, "leaves the buffer alone");
	buf_release(&tiny);
}

static void test_form(void)
{
	struct buf good = BUF_INIT(BUF_NO_LIMIT);

	seal_chat(&good);
	ok(!seal_has_form(span_of(good.data, good.len - 1)) ||
	   padme_size(good.len - 77) == good.len - 77, "a Padme size");
	good.data[0] = 'v';
	ok(!seal_has_form(buf_span(&good)), "another magic");
	ok(!seal_has_form(span_of("VVS1", 4)), "only a magic");
	ok(!seal_has_form(span_of(NULL, 0)), "nothing");
	buf_release(&good);
}

int main(void)
{
	setup();
	test_derivation();
	test_padme();
	test_known_answers();
	test_equal_bytes();
	test_wrong_sealers();
	test_flips_and_cuts();
	test_forged_inputs();
	test_forged_frames();
	test_bombs();
	test_arguments();
	test_form();
	sealer_free(sealer);
	return done_testing();
}
