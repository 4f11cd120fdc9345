#include "objects/blob/blob.h"

#include <stdlib.h>

#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "objects/record/kinds.h"

#define OFFSET_BYTES 8
#define PIECE_MAX (OFFSET_BYTES + BLOB_PIECE_BYTES)

static void put_u64(unsigned char out[OFFSET_BYTES], uint64_t value)
{
	size_t i;

	for (i = 0; i < OFFSET_BYTES; i++)
		out[i] = (unsigned char)(value >> (56 - 8 * i));
}

static uint64_t get_u64(const char *in)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < OFFSET_BYTES; i++)
		value = value << 8 | (unsigned char)in[i];
	return value;
}

/* The folder of all pieces of a blob. */
static int blob_place(const struct codec *codec,
		      const unsigned char digest[SHA256_BYTES],
		      struct place *out, struct err *err)
{
	unsigned char hash[PLACE_HASH_BYTES];
	char dir[PLACE_NAME_LEN + 1];
	char cid[CID_TEXT_MAX];
	struct home home = { .dir = BLOB_DIR, .is_shared = true };

	if (codec_mode(codec) == CODEC_BLIND)
		return err_set(err, ERR_NO_KEY, "this device holds no key");
	cid_text(CID_RAW, digest, cid);
	home.key = span_str(cid);
	codec_place_hash(codec, &home, hash);
	codec_dir_name(codec, BLOB_DIR, dir);
	place_of_hash(dir, hash, TREE_DIGITS, true, out);
	return 0;
}

static int add_ref(const unsigned char digest[SHA256_BYTES], size_t size,
		   const char *media, struct buf *out, struct err *err)
{
	char cid[CID_TEXT_MAX];
	int rc;

	cid_text(CID_RAW, digest, cid);
	rc = buf_printf(out, err, "{\"$blob\":\"%s\",\"media\":", cid);
	if (rc == 0)
		rc = jcs_add_string(out, span_str(media), err);
	if (rc == 0)
		rc = buf_printf(out, err, ",\"size\":%zu}", size);
	return rc;
}

/* The buffers serve one piece after another. */
struct cutter {
	const struct blob_sink *sink;
	struct tree_segment segment;
	struct buf plain;
	struct buf coded;
};

static int write_piece(struct cutter *cutter, struct span bytes, size_t at,
		       struct err *err)
{
	unsigned char offset[OFFSET_BYTES];
	size_t len = bytes.len - at;
	struct span coded;
	int rc;

	if (len > BLOB_PIECE_BYTES)
		len = BLOB_PIECE_BYTES;
	put_u64(offset, at);
	buf_reset(&cutter->plain);
	buf_reset(&cutter->coded);
	rc = buf_add(&cutter->plain, offset, sizeof(offset), err);
	if (rc == 0)
		rc = buf_add(&cutter->plain, bytes.at + at, len, err);
	if (rc == 0)
		rc = codec_encode_blob(cutter->sink->codec,
				       buf_span(&cutter->plain),
				       &cutter->coded, err);
	if (rc < 0)
		return rc;
	coded = buf_span(&cutter->coded);
	sha256_of(coded.at, coded.len, cutter->segment.digest);
	rc = store_add(cutter->sink->store, OBJECT_BLOB, coded,
		       &cutter->segment.blob, err);
	if (rc == 0)
		rc = tree_segments_add(cutter->sink->pieces, &cutter->segment,
				       err);
	return rc;
}

int blob_write(const struct blob_sink *sink, struct span bytes,
	       const char *media, struct buf *ref, struct err *err)
{
	struct cutter cutter = {
		.sink = sink,
		.plain = BUF_INIT(PIECE_MAX),
		.coded = BUF_INIT(STORE_OBJECT_MAX),
	};
	unsigned char digest[SHA256_BYTES];
	size_t start = ref->len;
	size_t at = 0;
	int rc;

	if (bytes.len > BLOB_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "value of %zu bytes, at most "
			       "%zu", bytes.len, BLOB_MAX_BYTES);
	sha256_of(bytes.at, bytes.len, digest);
	if (!sink->store)
		return add_ref(digest, bytes.len, media, ref, err);
	rc = blob_place(sink->codec, digest, &cutter.segment.place, err);
	if (rc < 0)
		return rc;
	/* An empty value has one empty piece: no piece means a lost blob. */
	do {
		rc = write_piece(&cutter, bytes, at, err);
		at += BLOB_PIECE_BYTES;
	} while (rc == 0 && at < bytes.len);
	if (rc == 0)
		rc = add_ref(digest, bytes.len, media, ref, err);
	if (rc < 0 && ref->data)
		buf_cut(ref, start);
	buf_wipe(&cutter.plain);
	buf_release(&cutter.coded);
	return rc;
}

/* A piece on its way back: coded bytes as stored, plain with its offset. */
struct piece {
	struct buf coded;
	struct buf plain;
	uint64_t offset;
	struct span bytes;	/* borrowed from plain */
};

#define PIECE_INIT { BUF_INIT(STORE_OBJECT_MAX), BUF_INIT(SEAL_PLAIN_MAX), \
		     0, { NULL, 0 } }

static void piece_release(struct piece *piece)
{
	buf_release(&piece->coded);
	buf_wipe(&piece->plain);
}

static int corrupt(const struct tree_segment *segment, const char *what,
		   struct err *err)
{
	char cid[CID_TEXT_MAX];

	cid_text(CID_RAW, segment->digest, cid);
	return err_set(err, ERR_CORRUPT, "damaged piece of a blob '%s': %s",
		       cid, what);
}

static int piece_fetch(struct store *store, const struct tree_segment *segment,
		       struct piece *piece, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	int rc = store_read(store, &segment->blob, OBJECT_BLOB,
			    STORE_OBJECT_MAX, &piece->coded, err);

	if (rc < 0)
		return rc;
	sha256_of(piece->coded.data, piece->coded.len, digest);
	if (memcmp(digest, segment->digest, sizeof(digest)))
		return corrupt(segment, "bytes do not match the name", err);
	return 0;
}

static int piece_load(struct store *store, struct codec *codec,
		      const struct tree_segment *segment, struct piece *piece,
		      struct err *err)
{
	int rc = piece_fetch(store, segment, piece, err);

	if (rc < 0)
		return rc;
	buf_reset(&piece->plain);
	rc = codec_decode(codec, SEAL_BLOB, buf_span(&piece->coded),
			  &piece->plain, err);
	if (rc == ERR_LIMIT)
		rc = ERR_CORRUPT;
	if (rc < 0)
		return rc;
	if (piece->plain.len < OFFSET_BYTES || piece->plain.len > PIECE_MAX)
		return corrupt(segment, "wrong length", err);
	piece->offset = get_u64(piece->plain.data);
	piece->bytes = span_of(piece->plain.data + OFFSET_BYTES,
			       piece->plain.len - OFFSET_BYTES);
	if (piece->offset % BLOB_PIECE_BYTES ||
	    piece->offset >= BLOB_MAX_BYTES)
		return corrupt(segment, "wrong offset", err);
	return 0;
}

/* The blob as it grows: lens[i] is 1 + length of the piece at i, 0: none. */
struct joiner {
	char *bytes;		/* room for n pieces */
	size_t *lens;
	size_t n;
};

static int join_piece(struct joiner *joiner, const struct piece *piece,
		      const struct tree_segment *segment, struct err *err)
{
	size_t nth = (size_t)(piece->offset / BLOB_PIECE_BYTES);
	char *to = joiner->bytes + piece->offset;

	/* With n pieces none can lie behind the n-th, or one is missing. */
	if (nth >= joiner->n)
		return corrupt(segment, "another piece is missing", err);
	if (!joiner->lens[nth]) {
		memcpy(to, piece->bytes.at, piece->bytes.len);
		joiner->lens[nth] = 1 + piece->bytes.len;
		return 0;
	}
	if (!span_equals(piece->bytes, span_of(to, joiner->lens[nth] - 1)))
		return corrupt(segment, "another one differs", err);
	return 0;
}

/* All pieces full but the last, which ends the blob; then its hash. */
static int join_end(const struct joiner *joiner,
		    const unsigned char digest[SHA256_BYTES], size_t *out_len,
		    struct err *err)
{
	unsigned char got[SHA256_BYTES];
	size_t count = joiner->n;
	size_t len = 0;
	size_t i;

	while (count && !joiner->lens[count - 1])
		count--;
	for (i = 0; i < count; i++) {
		if (i + 1 < count && joiner->lens[i] != 1 + BLOB_PIECE_BYTES)
			return err_set(err, ERR_CORRUPT, "damaged blob: piece "
				       "%zu is missing or cut", i);
		len += joiner->lens[i] - 1;
	}
	sha256_of(joiner->bytes, len, got);
	if (memcmp(got, digest, sizeof(got)))
		return err_set(err, ERR_CORRUPT,
			       "damaged blob: bytes do not match the name");
	*out_len = len;
	return 0;
}

static int join(struct store *store, struct codec *codec,
		const struct tree_segments *pieces,
		const unsigned char digest[SHA256_BYTES], struct buf *out,
		struct err *err)
{
	struct piece piece = PIECE_INIT;
	struct joiner joiner = { NULL, NULL, pieces->n };
	size_t len = 0;
	size_t i;
	int rc;

	rc = buf_reserve(out, joiner.n * BLOB_PIECE_BYTES, err);
	if (rc < 0)
		return rc;
	joiner.bytes = out->data + out->len;
	joiner.lens = calloc(joiner.n, sizeof(*joiner.lens));
	if (!joiner.lens)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < joiner.n; i++) {
		rc = piece_load(store, codec, &pieces->at[i], &piece, err);
		if (rc == 0)
			rc = join_piece(&joiner, &piece, &pieces->at[i], err);
	}
	if (rc == 0)
		rc = join_end(&joiner, digest, &len, err);
	if (rc == 0)
		out->len += len;
	out->data[out->len] = '\0';
	free(joiner.lens);
	piece_release(&piece);
	return rc;
}

int blob_read(struct store *store, struct codec *codec, const git_oid *tree,
	      const unsigned char digest[SHA256_BYTES], struct buf *out,
	      struct err *err)
{
	struct tree_segments pieces = TREE_SEGMENTS_INIT;
	struct place place;
	char cid[CID_TEXT_MAX];
	int rc = blob_place(codec, digest, &place, err);

	if (rc < 0)
		return rc;
	rc = tree_at(store, tree, &place, &pieces, err);
	cid_text(CID_RAW, digest, cid);
	if (rc == 0 && !pieces.n)
		rc = err_set(err, ERR_NOT_FOUND, "no blob '%s'", cid);
	if (rc == 0)
		rc = join(store, codec, &pieces, digest, out, err);
	tree_segments_release(&pieces);
	return rc;
}

bool blob_ref_parse(struct span value, unsigned char digest[SHA256_BYTES],
		    uint64_t *out_size)
{
	struct jcs_iter iter = jcs_iter_object(value);
	struct span name[3];
	struct span member[3];
	int64_t size;
	size_t i;

	for (i = 0; i < 3; i++) {
		if (!jcs_next(&iter, &name[i], &member[i]))
			return false;
	}
	if (jcs_next(&iter, NULL, NULL) ||
	    !span_equals(name[0], span_str("$blob")) ||
	    !span_equals(name[1], span_str("media")) ||
	    !span_equals(name[2], span_str("size")))
		return false;
	if (jcs_type_of(member[1]) != JCS_STRING ||
	    !jcs_integer(member[2], &size) || size < 0 ||
	    (uint64_t)size > BLOB_MAX_BYTES ||
	    !cid_parse_raw(jcs_string_inner(member[0]), digest))
		return false;
	*out_size = (uint64_t)size;
	return true;
}

/* Quotes in a string are escaped, so these are never part of one. */
#define REFERENCE "{\"$blob\":"
#define SIZE ",\"size\":"

static const char *blob_find(const char *at, const char *end, const char *words)
{
	size_t len = strlen(words);

	while (at && (size_t)(end - at) >= len) {
		at = memchr(at, words[0], (size_t)(end - at) - len + 1);
		if (at && !memcmp(at, words, len))
			return at;
		at += at != NULL;
	}
	return NULL;
}

bool blob_ref_next(struct span text, size_t *pos,
		   unsigned char digest[SHA256_BYTES], uint64_t *out_size)
{
	const char *end = text.at + text.len;
	const char *next = blob_find(text.at + *pos, end, REFERENCE);
	const char *at, *stop, *close;

	/* None holds another, so each byte is looked at a few times at most. */
	while ((at = next) != NULL) {
		next = blob_find(at + strlen(REFERENCE), end, REFERENCE);
		stop = next ? next : end;
		close = blob_find(at, stop, SIZE);
		close = close ? memchr(close, '}', (size_t)(stop - close)) :
				NULL;
		if (close && blob_ref_parse(span_of(at, (size_t)(close - at) +
							1),
					    digest, out_size)) {
			*pos = (size_t)(close - text.at);
			return true;
		}
	}
	*pos = text.len;
	return false;
}

/* What begins at one multiple of BLOB_PIECE_BYTES. */
struct slot {
	size_t nth;		/* of the pieces, from 1; 0: none */
	size_t len;
	unsigned char digest[SHA256_BYTES];
};

/* The pieces of one folder, in order; room for n. */
struct slots {
	struct store *store;
	struct codec *codec;
	const struct tree_segments *pieces;
	struct slot *at;
	size_t n;
	size_t used;
	uint64_t len;		/* of all */
};

/* A piece that lies there twice counts once, if both say the same. */
static int fill_slot(struct slot *slot, size_t nth, const struct piece *piece,
		     const struct tree_segment *segment, struct err *err)
{
	struct slot made = { .nth = nth, .len = piece->bytes.len };

	sha256_of(piece->bytes.at, piece->bytes.len, made.digest);
	if (slot->nth && (slot->len != made.len ||
			  memcmp(slot->digest, made.digest, SHA256_BYTES)))
		return corrupt(segment, "another one differs", err);
	*slot = made;
	return 0;
}

static int fill_slots(struct slots *slots, struct err *err)
{
	const struct tree_segments *pieces = slots->pieces;
	struct piece piece = PIECE_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < pieces->n; i++) {
		size_t at;

		rc = piece_load(slots->store, slots->codec, &pieces->at[i],
				&piece, err);
		at = (size_t)(piece.offset / BLOB_PIECE_BYTES);
		if (rc == 0 && at >= slots->n)
			rc = corrupt(&pieces->at[i], "it lies behind the end",
				     err);
		if (rc == 0)
			rc = fill_slot(&slots->at[at], i + 1, &piece,
				       &pieces->at[i], err);
		if (rc == 0 && slots->used <= at)
			slots->used = at + 1;
	}
	piece_release(&piece);
	return rc;
}

/* Read all pieces: none between them is missing, and only the last is cut. */
static int slots_read(struct slots *slots, struct err *err)
{
	size_t i;
	int rc;

	slots->at = calloc(slots->n, sizeof(*slots->at));
	if (!slots->at)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = fill_slots(slots, err);
	for (i = 0; rc == 0 && i < slots->used; i++) {
		const struct slot *slot = &slots->at[i];

		if (!slot->nth || (i + 1 < slots->used &&
				   slot->len != BLOB_PIECE_BYTES))
			rc = err_set(err, ERR_CORRUPT, "damaged blob: piece "
				     "%zu is missing or cut", i);
		slots->len += slot->len;
	}
	return rc;
}

int blob_pieces(struct store *store, const struct codec *codec,
		const git_oid *tree, const unsigned char digest[SHA256_BYTES],
		struct tree_segments *out, struct err *err)
{
	struct place place;
	int rc = blob_place(codec, digest, &place, err);

	return rc < 0 ? rc : tree_at(store, tree, &place, out, err);
}

int blob_check(struct store *store, struct codec *codec,
	       const struct tree_segments *pieces, uint64_t size,
	       struct err *err)
{
	struct slots slots = { .store = store, .codec = codec,
			       .pieces = pieces };
	int rc = 0;

	slots.n = size ? (size_t)((size - 1) / BLOB_PIECE_BYTES) + 1 : 1;
	if (pieces->n < slots.n)
		return err_set(err, pieces->n ? ERR_CORRUPT : ERR_NOT_FOUND,
			       "%zu of its %zu pieces are there", pieces->n,
			       slots.n);
	rc = slots_read(&slots, err);
	if (rc == 0 && slots.len != size)
		rc = err_set(err, ERR_CORRUPT, "it is not of the size that is "
			     "said of it");
	free(slots.at);
	return rc;
}

/* The digest of the whole, gone through piece by piece. */
static int slots_hash(const struct slots *slots,
		      unsigned char out[SHA256_BYTES], struct err *err)
{
	const struct tree_segment *pieces = slots->pieces->at;
	struct piece piece = PIECE_INIT;
	struct sha256 hash;
	size_t i;
	int rc = 0;

	sha256_init(&hash);
	for (i = 0; rc == 0 && i < slots->used; i++) {
		rc = piece_load(slots->store, slots->codec,
				&pieces[slots->at[i].nth - 1], &piece, err);
		if (rc == 0)
			sha256_add(&hash, piece.bytes.at, piece.bytes.len);
	}
	sha256_finish(&hash, out);
	piece_release(&piece);
	return rc;
}

int blob_home_check(struct store *store, struct codec *codec,
		    const struct tree_segments *pieces, struct err *err)
{
	struct slots slots = { .store = store, .codec = codec,
			       .pieces = pieces, .n = pieces->n };
	unsigned char digest[SHA256_BYTES];
	struct place place;
	int rc = slots_read(&slots, err);

	if (rc == 0)
		rc = slots_hash(&slots, digest, err);
	if (rc == 0)
		rc = blob_place(codec, digest, &place, err);
	if (rc == 0 && (strcmp(place.home, pieces->at[0].place.home) ||
			strcmp(place.digits, pieces->at[0].place.digits)))
		rc = corrupt(&pieces->at[0], "the whole does not belong here",
			     err);
	free(slots.at);
	return rc;
}

int blob_is_begun(const struct blob_sink *sink, const git_oid *tree,
		  const unsigned char digest[SHA256_BYTES], bool *out,
		  struct err *err)
{
	const struct tree_segments *pieces = sink->pieces;
	struct tree_segments found = TREE_SEGMENTS_INIT;
	struct place place;
	size_t i;
	int rc = blob_place(sink->codec, digest, &place, err);

	*out = false;
	if (rc < 0)
		return rc;
	for (i = pieces->n; !*out && i-- > 0;)
		*out = !strcmp(pieces->at[i].place.home, place.home) &&
		       !strcmp(pieces->at[i].place.dir, place.dir);
	if (!*out && tree) {
		rc = tree_at(sink->store, tree, &place, &found, err);
		*out = rc == 0 && found.n;
	}
	tree_segments_release(&found);
	return rc;
}

static int piece_check_place(const struct codec *codec,
			     const struct tree_segment *segment,
			     struct err *err)
{
	char dir[PLACE_NAME_LEN + 1];

	if (segment->place.digits_n != TREE_DIGITS || !segment->place.home[0])
		return corrupt(segment, "it lies in no home folder", err);
	if (codec_mode(codec) == CODEC_BLIND)
		return 0;
	codec_dir_name(codec, BLOB_DIR, dir);
	if (strcmp(dir, segment->place.dir) != 0)
		return corrupt(segment, "it does not lie among blobs", err);
	return 0;
}

int blob_piece_verify(struct store *store, struct codec *codec,
		      const struct tree_segment *piece, struct err *err)
{
	struct piece loaded = PIECE_INIT;
	int rc = piece_check_place(codec, piece, err);

	if (rc < 0)
		return rc;
	if (codec_mode(codec) != CODEC_BLIND) {
		rc = piece_load(store, codec, piece, &loaded, err);
	} else {
		rc = piece_fetch(store, piece, &loaded, err);
		if (rc == 0)
			rc = codec_look(codec, buf_span(&loaded.coded), err);
	}
	piece_release(&loaded);
	return rc;
}
