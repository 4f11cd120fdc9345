/* objects/blob: pieces written, read back, outlined, damaged and lost. */
#include <time.h>

#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"
#include "objects/record/record.h"
#include "tests/unit/fixture.h"

#define BIG (2 * BLOB_PIECE_BYTES + 1000)

static struct store *store;
static struct codec *codec;
static struct tree_segments pieces = TREE_SEGMENTS_INIT;
static char big[BIG];

static struct codec *make_sealed(unsigned char fill)
{
	static const unsigned char name_key[NAME_KEY_BYTES] = "names";
	struct content_key key;
	struct sealer *sealer = NULL;
	struct codec *made = NULL;

	memset(key.key, fill, sizeof(key.key));
	content_key_id(key.key, key.id);
	if (sealer_new("bvault", "nova", &key, 1, &sealer, NULL) < 0 ||
	    codec_new_sealed(name_key, "nova", sealer, &made, NULL) < 0)
		bail_out("cannot make a codec");
	return made;
}

static struct blob_sink sink_of(struct codec *with)
{
	struct blob_sink sink = { store, with, &pieces };

	return sink;
}

static void write_blob(struct codec *with, struct span bytes, struct buf *ref)
{
	struct blob_sink sink = sink_of(with);
	struct err err = ERR_INIT;

	if (blob_write(&sink, bytes, "text/plain", ref, &err) < 0)
		bail_out("cannot write a blob: %s", err.text);
}

/* The pieces as the tree of a construct. */
static git_oid plant(const struct tree_segments *list)
{
	git_oid empty;
	git_oid tree;
	struct err err = ERR_INIT;

	if (tree_empty(store, &empty, &err) < 0 ||
	    tree_insert(store, &empty, list, &tree, &err) < 0)
		bail_out("cannot plant: %s", err.text);
	return tree;
}

static int read_rc(struct codec *with, const struct tree_segments *list,
		   struct span want)
{
	unsigned char digest[SHA256_BYTES];
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	git_oid tree = plant(list);
	int rc;

	sha256_of(want.at, want.len, digest);
	if (buf_add_str(&out, "before", NULL) < 0)
		bail_out("out of memory");
	rc = blob_read(store, with, &tree, digest, &out, &err);
	if (rc < 0 && strcmp(buf_text(&out), "before") != 0)
		bail_out("a failure changed the buffer");
	if (rc == 0 && !span_equals(span_of(out.data + 6, out.len - 6), want))
		bail_out("another blob came back");
	buf_release(&out);
	return rc;
}

static void setup(void)
{
	unsigned int state = 7;
	size_t i;

	for (i = 0; i < BIG; i++) {
		state = state * 1103515245u + 12345u;
		big[i] = (char)('a' + (state >> 16) % 16);
	}
	scratch_begin();
	if (store_init_library(NULL) < 0 ||
	    store_create(in_scratch("vault"), NULL) < 0 ||
	    store_open(in_scratch("vault"), false, &store, NULL) < 0)
		bail_out("cannot make a store");
}

static void test_round(struct span bytes, size_t count, const char *what)
{
	unsigned char want[SHA256_BYTES];
	unsigned char got[SHA256_BYTES];
	struct buf ref = BUF_INIT(1000);
	unsigned char root[SHA256_BYTES];
	uint64_t size = 0;
	git_oid tree;
	size_t bad = 0;
	size_t i;

	tree_segments_release(&pieces);
	write_blob(codec, bytes, &ref);
	is_int(pieces.n, count, what);
	is_int(jcs_check(buf_span(&ref), NULL), 0, "the reference is canonical");
	sha256_of(bytes.at, bytes.len, want);
	ok(blob_ref_parse(buf_span(&ref), got, &size) &&
	   !memcmp(want, got, sizeof(got)) && size == bytes.len,
	   "the reference names the blob and its size");
	is_int(read_rc(codec, &pieces, bytes), 0, "the blob comes back");
	for (i = 0; i < pieces.n; i++)
		bad += blob_piece_verify(store, codec, &pieces.at[i], NULL) !=
		       0;
	is_int(bad, 0, "every piece verifies at its place");
	tree = plant(&pieces);
	is_int(tree_root(store, &tree, root, NULL), 0, "the tree is valid");
	buf_release(&ref);
}

static void test_rounds(void)
{
	test_round(span_of(big, BIG), 3, "three pieces");
	test_round(span_of(big, 2 * BLOB_PIECE_BYTES), 2, "two full pieces");
	test_round(span_of(big, 1), 1, "one byte");
	test_round(span_of("", 0), 1, "an empty blob");
}

static void test_lost_and_doubled(void)
{
	struct tree_segments all = TREE_SEGMENTS_INIT;
	struct buf ref = BUF_INIT(1000);
	struct codec *other = make_sealed(9);
	struct codec *blind = NULL;
	struct tree_segment lost;
	size_t i;

	tree_segments_release(&pieces);
	write_blob(codec, span_of(big, BIG), &ref);
	for (i = 0; i < 3; i++) {
		lost = pieces.at[i];
		pieces.at[i] = pieces.at[--pieces.n];
		is_int(read_rc(codec, &pieces, span_of(big, BIG)), ERR_CORRUPT,
		       "a piece is missing");
		pieces.at[pieces.n++] = pieces.at[i];
		pieces.at[i] = lost;
	}
	is_int(read_rc(codec, &pieces, span_of(big, 5)), ERR_NOT_FOUND,
	       "another blob is not there");
	is_int(read_rc(codec, &all, span_of(big, BIG)), ERR_NOT_FOUND,
	       "nothing is there");
	is_int(codec_new_blind(&blind, NULL), 0, "a blind codec");
	is_int(read_rc(blind, &pieces, span_of(big, BIG)), ERR_NO_KEY,
	       "cannot look");
	for (i = 0; i < 3 && codec_mode(codec) == CODEC_SEALED; i++)
		is_int(blob_piece_verify(store, blind, &pieces.at[i], NULL), 0,
		       "but verify the form");
	if (codec_mode(codec) == CODEC_PLAIN)
		is_int(blob_piece_verify(store, blind, &pieces.at[0], NULL),
		       ERR_CORRUPT, "and sees what is not sealed");
	codec_free(blind);
	codec_free(other);
	buf_release(&ref);
	tree_segments_release(&all);
}

/* The same blob, sealed with an old key and with a new one. */
static void test_two_keys(void)
{
	struct content_key keys[2];
	struct sealer *sealer = NULL;
	static const unsigned char name_key[NAME_KEY_BYTES] = "names";
	struct codec *both = NULL;
	struct codec *new_key = make_sealed(9);
	struct buf ref = BUF_INIT(1000);

	memset(keys[0].key, 7, 32);
	memset(keys[1].key, 9, 32);
	content_key_id(keys[0].key, keys[0].id);
	content_key_id(keys[1].key, keys[1].id);
	if (sealer_new("bvault", "nova", keys, 2, &sealer, NULL) < 0 ||
	    codec_new_sealed(name_key, "nova", sealer, &both, NULL) < 0)
		bail_out("cannot make a codec");
	tree_segments_release(&pieces);
	write_blob(codec, span_of(big, BIG), &ref);
	write_blob(new_key, span_of(big, BIG), &ref);
	is_int(pieces.n, 6, "the pieces differ");
	is_int(read_rc(both, &pieces, span_of(big, BIG)), 0,
	       "doubled pieces count once");
	is_int(read_rc(new_key, &pieces, span_of(big, BIG)), ERR_NO_KEY,
	       "a key is missing");
	codec_free(both);
	codec_free(new_key);
	buf_release(&ref);
}

/* A piece of our own making, added where the blob of `big` lies. */
static void forge(struct span plain, struct tree_segment *out)
{
	struct buf coded = BUF_INIT(BUF_NO_LIMIT);

	*out = pieces.at[0];
	if (codec_encode_blob(codec, plain, &coded, NULL) < 0 ||
	    store_add(store, OBJECT_BLOB, buf_span(&coded), &out->blob,
		      NULL) < 0)
		bail_out("cannot forge");
	sha256_of(coded.data, coded.len, out->digest);
	buf_release(&coded);
}

static void test_forged(void)
{
	static char plain[8 + BLOB_PIECE_BYTES + 1];
	static const struct {
		const char *what;
		unsigned char offset[8];
		size_t len;
		int verify;
	} forged[] = {
		{ "a piece that differs", { 0 }, 8 + BLOB_PIECE_BYTES, 0 },
		{ "a piece between", { 0, 0, 0, 0, 0, 0, 1 }, 20, ERR_CORRUPT },
		{ "a piece behind", { 0, 0, 0, 0, 0, 16 }, 20, 0 },
		{ "a piece at 4 GiB", { 0, 0, 0, 1 }, 20, ERR_CORRUPT },
		{ "a piece at the end of all", { 128 }, 20, ERR_CORRUPT },
		{ "no offset", { 0 }, 7, ERR_CORRUPT },
		{ "nothing at all", { 0 }, 0, ERR_CORRUPT },
		{ "a piece too long", { 0 }, 9 + BLOB_PIECE_BYTES, ERR_CORRUPT },
	};
	struct buf ref = BUF_INIT(1000);
	struct tree_segment extra;
	size_t i;

	tree_segments_release(&pieces);
	write_blob(codec, span_of(big, BIG), &ref);
	for (i = 0; i < sizeof(forged) / sizeof(*forged); i++) {
		memset(plain, 'z', sizeof(plain));
		memcpy(plain, forged[i].offset, 8);
		forge(span_of(plain, forged[i].len), &extra);
		is_int(blob_piece_verify(store, codec, &extra, NULL),
		       forged[i].verify, forged[i].what);
		if (tree_segments_add(&pieces, &extra, NULL) < 0)
			bail_out("out of memory");
		is_int(read_rc(codec, &pieces, span_of(big, BIG)), ERR_CORRUPT,
		       "spoils the blob");
		pieces.n--;
	}
	extra = pieces.at[0];
	extra.digest[0] ^= 1;
	is_int(blob_piece_verify(store, codec, &extra, NULL), ERR_CORRUPT,
	       "a name of other bytes");
	extra = pieces.at[0];
	extra.place.home[0] = '\0';
	is_int(blob_piece_verify(store, codec, &extra, NULL), ERR_CORRUPT,
	       "not in a home");
	extra = pieces.at[0];
	memcpy(extra.place.dir, "memory", 7);
	is_int(blob_piece_verify(store, codec, &extra, NULL), ERR_CORRUPT,
	       "not among blobs");
	extra = pieces.at[0];
	memset(&extra.blob, 7, sizeof(extra.blob));
	is_int(blob_piece_verify(store, codec, &extra, NULL), ERR_NOT_FOUND,
	       "not there");
	buf_release(&ref);
}

static void test_refs(void)
{
#define NAME "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"
	static const char *const bad[] = {
		"{}", "\"x\"", "null", "[]", "{\"$blob\":\"" NAME "\"}",
		"{\"$blob\":\"" NAME "\",\"media\":\"a\"}",
		"{\"$blob\":\"x\",\"media\":\"a\",\"size\":1}",
		"{\"$blob\":1,\"media\":\"a\",\"size\":1}",
		"{\"$blob\":\"" NAME "\",\"media\":1,\"size\":1}",
		"{\"$blob\":\"" NAME "\",\"media\":\"a\",\"size\":-1}",
		"{\"$blob\":\"" NAME "\",\"media\":\"a\",\"size\":1.5}",
		"{\"$blob\":\"" NAME "\",\"media\":\"a\",\"size\":4294967297}",
		"{\"$blob\":\"" NAME "\",\"media\":\"a\",\"size\":1,\"z\":1}",
		"{\"$$blob\":\"" NAME "\",\"media\":\"a\",\"size\":1}",
	};
	unsigned char digest[SHA256_BYTES];
	uint64_t size = 0;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(!blob_ref_parse(span_str(bad[i]), digest, &size),
		   "no reference: %s", bad[i]);
	ok(!blob_ref_parse(span_of(NULL, 0), digest, &size), "nor nothing");
	ok(blob_ref_parse(span_str("{\"$blob\":\"" NAME
				   "\",\"media\":\"a\",\"size\":4294967296}"),
			  digest, &size) && size == BLOB_MAX_BYTES,
	   "the largest blob");
}

/* A record full of what only begins like references, two true ones in it. */
static void test_ref_next(void)
{
	static const char lure[] = "{\"$blob\":1},";
	static const char ref[] = "{\"$blob\":\"" NAME "\",\"media\":\"}\","
				  "\"size\":7},";
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	unsigned char digest[SHA256_BYTES];
	clock_t begin = clock();
	uint64_t size = 0, sum = 0;
	size_t pos = 0, n = 0, i;
	int rc = buf_add_char(&text, '[', NULL);

	for (i = 0; rc == 0 && text.len < RECORD_MAX_BYTES; i++)
		rc = buf_add_str(&text, i == 9 || i == 50000 ? ref : lure,
				 NULL);
	if (rc == 0)
		rc = buf_add_str(&text, "{\"$blob\":1}]", NULL);
	if (rc < 0)
		bail_out("out of memory");
	for (; blob_ref_next(buf_span(&text), &pos, digest, &size); n++)
		sum += size;
	is_int(n, 2, "references among what is none");
	is_int(sum, 14, "with their sizes");
	ok(clock() - begin < 2 * CLOCKS_PER_SEC, "in a moment");
	buf_release(&text);
}

static void add_member(struct buf *out, const char *lead, size_t len,
		       const char *tail)
{
	if (buf_add_str(out, lead, NULL) < 0 ||
	    buf_add(out, big, len, NULL) < 0 ||
	    buf_add_str(out, tail, NULL) < 0)
		bail_out("out of memory");
}

static int outline(struct span object, size_t limit, struct buf *out)
{
	struct blob_sink sink = sink_of(codec);
	int rc;

	tree_segments_release(&pieces);
	buf_reset(out);
	rc = blob_outline(&sink, object, limit, out, NULL);
	if (rc == 0 && jcs_check(buf_span(out), NULL) < 0)
		bail_out("the result is not canonical");
	return rc;
}

static void test_outline_strings(void)
{
	struct buf in = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	unsigned char digest[SHA256_BYTES];
	struct span value;
	struct span inner;
	uint64_t size = 0;

	add_member(&in, "{\"a\":\"\\n", VALUE_INLINE_MAX - 1,
		   "\",\"b\":{\"c\":[1,\"");
	add_member(&in, "", VALUE_INLINE_MAX, "\"]},\"d\":null}");
	is_int(outline(buf_span(&in), RECORD_MAX_BYTES, &out), 0,
	       "a string over the limit");
	is_int(pieces.n, 1, "becomes a blob, the one beside it does not");
	ok(jcs_find(buf_span(&out), "a", &value) &&
	   blob_ref_parse(value, digest, &size), "where it stood");
	is_int(size, VALUE_INLINE_MAX, "its text without the escape");
	ok(jcs_find(buf_span(&out), "b", &value) &&
	   jcs_find(value, "c", &inner) && inner.len > VALUE_INLINE_MAX &&
	   jcs_find(buf_span(&out), "d", &value) && jcs_is_text(value, "") ==
	   false && value.len == 4, "the rest stays");
	buf_cut(&in, 0);
	add_member(&in, "{\"a\":\"", 100, "\"}");
	is_int(outline(buf_span(&in), RECORD_MAX_BYTES, &out), 0, "a small one");
	ok(!pieces.n && span_equals(buf_span(&in), buf_span(&out)),
	   "stays as it is");
	is_int(outline(span_str("[]"), 10, &out), ERR_INVALID, "no object");
	buf_release(&in);
	buf_release(&out);
}

static void test_outline_containers(void)
{
	struct buf in = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	struct span inner;
	unsigned char digest[SHA256_BYTES];
	uint64_t size = 0;
	int i;

	add_member(&in, "{\"a\":{\"b\":[", 0, "");
	for (i = 0; i < 10; i++)
		add_member(&in, i ? ",\"" : "\"", 60000, "\"");
	add_member(&in, "],\"c\":\"", 100000, "\"},\"d\":[\"");
	add_member(&in, "", 200000, "\",\"");
	add_member(&in, "", 200000, "\"]}");
	is_int(outline(buf_span(&in), 1200000, &out), 0, "what fits");
	ok(!pieces.n && span_equals(buf_span(&in), buf_span(&out)),
	   "stays as it is");
	is_int(outline(buf_span(&in), 600000, &out), 0, "what does not");
	ok(jcs_find(buf_span(&out), "a", &value) &&
	   jcs_find(value, "b", &inner) &&
	   blob_ref_parse(inner, digest, &size) && size == 600031 &&
	   jcs_find(buf_span(&out), "d", &value) && value.len > 400000,
	   "loses the deepest container first, and no more than it must");
	is_int(outline(buf_span(&in), 300000, &out), 0, "a tighter limit");
	ok(jcs_find(buf_span(&out), "d", &value) &&
	   blob_ref_parse(value, digest, &size) && out.len < 300000,
	   "takes the next one too");
	is_int(outline(buf_span(&in), 1000, &out), 0, "tighter still");
	ok(out.len <= 1000, "takes members of the object itself");
	is_int(outline(buf_span(&in), 100, &out), ERR_LIMIT,
	       "what cannot fit is refused");
	is_int(out.len, 0, "and leaves nothing");
	buf_release(&in);
	buf_release(&out);
}

/* Fifty members of 100 KB: none is too large, all together are. */
static void test_outline_members(void)
{
	struct buf in = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	unsigned char digest[SHA256_BYTES];
	struct span value;
	uint64_t size = 0;
	char lead[32];
	int i;

	for (i = 0; i < 50; i++) {
		snprintf(lead, sizeof(lead), "%s\"k%02d\":\"", i ? "," : "{",
			 i);
		add_member(&in, lead, 100000 + (size_t)i, "\"");
	}
	add_member(&in, "}", 0, "");
	is_int(outline(buf_span(&in), RECORD_MAX_BYTES / 2, &out), 0,
	       "many middling members");
	ok(out.len <= RECORD_MAX_BYTES / 2 && out.len > 400000,
	   "fit, and no more left than must");
	ok(jcs_find(buf_span(&out), "k49", &value) &&
	   blob_ref_parse(value, digest, &size) && size == 100049,
	   "the largest left, as text");
	ok(jcs_find(buf_span(&out), "k00", &value) &&
	   jcs_type_of(value) == JCS_STRING, "the smallest stayed");
	buf_release(&in);
	buf_release(&out);
}

static void test_all(const char *mode)
{
	diag("%s", mode);
	test_rounds();
	test_lost_and_doubled();
	test_forged();
	test_outline_strings();
	test_outline_containers();
	test_outline_members();
	codec_free(codec);
}

int main(void)
{
	setup();
	test_refs();
	test_ref_next();
	if (codec_new_plain(&codec, NULL) < 0)
		bail_out("cannot make a codec");
	test_all("plain");
	codec = make_sealed(7);
	test_two_keys();
	test_all("sealed");
	tree_segments_release(&pieces);
	store_free(store);
	store_stop_library();
	scratch_end();
	return done_testing();
}
