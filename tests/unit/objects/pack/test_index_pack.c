#include "objects/pack/index_pack.h"

#include <git2/odb_backend.h>
#include <git2/sys/odb_backend.h>
#include <unistd.h>
#include <zlib.h>

#include "lib/id/hash.h"
#include "lib/os/dir.h"
#include "tests/tap.h"

#define BIG 100000

static char scratch[] = "/tmp/vvault-test-XXXXXX";
static struct folder folder = FOLDER_INIT;
static unsigned ticks_left;

static int on_tick(void *arg, struct err *err)
{
	(void)arg;
	if (!ticks_left--)
		return err_set(err, ERR_TIMEOUT, "too late");
	return 0;
}

/* What a pack may be, and where its counts go. */
static struct index_pack_options options_make(struct index_pack_counts *counts)
{
	struct index_pack_options options = {
		.from = "test", .folder = &folder,
		.limits = { 1 << 20, 300, BIG, 3 * BIG },
		.counts = counts, .tick = on_tick,
	};

	memset(counts, 0, sizeof(*counts));
	ticks_left = UINT32_MAX;
	return options;
}

static void add(struct buf *pack, const void *bytes, size_t len)
{
	if (buf_add(pack, bytes, len, NULL) < 0)
		bail_out("out of memory");
}

static void header(struct buf *pack, unsigned char count)
{
	const unsigned char bytes[12] = {
		'P', 'A', 'C', 'K', 0, 0, 0, 2, 0, 0, 0, count
	};

	buf_reset(pack);
	add(pack, bytes, sizeof(bytes));
}

static void trailer(struct buf *pack)
{
	unsigned char sum[SHA1_BYTES];
	struct sha1 hash;

	sha1_init(&hash);
	sha1_add(&hash, pack->data, pack->len);
	sha1_finish(&hash, sum);
	add(pack, sum, sizeof(sum));
}

/* "hello" as a blob, which is the base of deltas by id. */
static const char hello_id[] = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";

/* How far back, as a delta by offset says it. */
static void distance_add(struct buf *pack, size_t distance)
{
	unsigned char bytes[10];
	size_t at = sizeof(bytes);

	bytes[--at] = distance & 0x7f;
	while (distance >>= 7)
		bytes[--at] = (unsigned char)(0x80 | (--distance & 0x7f));
	add(pack, bytes + at, sizeof(bytes) - at);
}

/* An entry that says one size and holds another; a delta is of what begins at
 * base, or of the id. */
static size_t entry_of(struct buf *pack, unsigned type, size_t base,
		       const char *id, size_t says, struct span content)
{
	static unsigned char packed[2 * BIG];
	uLongf packed_len = sizeof(packed);
	size_t begin = pack->len;
	unsigned char byte = (unsigned char)(type << 4 | (says & 15));
	git_oid oid;

	for (says >>= 4; says; says >>= 7) {
		byte |= 0x80;
		add(pack, &byte, 1);
		byte = (unsigned char)(says & 0x7f);
	}
	add(pack, &byte, 1);
	if (type == 6)
		distance_add(pack, begin - base);
	if (type == 7 && git_oid_fromstr(&oid, id) == 0)
		add(pack, oid.id, GIT_OID_RAWSZ);
	if (compress(packed, &packed_len, (const Bytef *)content.at,
		     (uLong)content.len) != Z_OK)
		bail_out("cannot compress");
	add(pack, packed, packed_len);
	return begin;
}

static void entry(struct buf *pack, unsigned type, size_t says,
		  const void *bytes, size_t len)
{
	entry_of(pack, type, 12, hello_id, says, span_of(bytes, len));
}

static int remove_one(void *context, const char *name, enum dir_kind kind,
		      struct err *err)
{
	(void)kind;
	(void)err;
	++*(size_t *)context;
	return unlinkat(folder.fd, name, 0);
}

/* Empty the folder; how many files were there? */
static size_t files_remove(void)
{
	size_t n = 0;

	if (folder_each(&folder, remove_one, &n, NULL) < 0)
		bail_out("cannot empty the folder");
	return n;
}

/* Feed in pieces; 0 or the code of the first failure. */
static int feed(const struct index_pack_options *options, struct span bytes,
		size_t piece, struct err *err)
{
	struct index_pack *pack;
	size_t at, n;
	int rc;

	if (index_pack_new(options, &pack, err) < 0)
		bail_out("cannot begin: %s", err->text);
	for (at = 0, rc = 0; rc == 0 && at < bytes.len; at += n) {
		n = bytes.len - at < piece ? bytes.len - at : piece;
		rc = index_pack_feed(pack, span_of(bytes.at + at, n), err);
	}
	if (rc == 0)
		rc = index_pack_finish(pack, err);
	index_pack_free(pack);
	return rc;
}

static int check(const struct buf *pack, size_t piece)
{
	struct index_pack_counts counts;
	struct index_pack_options options = options_make(&counts);
	struct err err = ERR_INIT;
	int rc = feed(&options, buf_span(pack), piece, &err);
	size_t files = files_remove();

	if (files != (rc == 0 && counts.objects ? 2 : 0))
		bail_out("%zu files are left after %d", files, rc);
	return rc;
}

static void check_good(struct buf *pack)
{
	const unsigned char delta[] = { 5, 7, 0x90, 5, 2, 'x', 'y' };
	struct index_pack_counts counts;
	struct index_pack_options options = options_make(&counts);
	struct err err = ERR_INIT;

	header(pack, 4);
	entry(pack, 3, 5, "hello", 5);
	entry(pack, 3, 0, "", 0);
	entry(pack, 6, sizeof(delta), delta, sizeof(delta));
	entry(pack, 7, sizeof(delta), delta, sizeof(delta));
	trailer(pack);
	is_int(check(pack, pack->len), 0, "a pack at once");
	is_int(check(pack, 1), 0, "byte by byte");
	is_int(check(pack, 7), 0, "in sevens");
	is_int(feed(&options, buf_span(pack), 3, &err), 0, "again");
	is_int(counts.objects, 4, "objects are counted");
	is_int(counts.received, 4, "as they come");
	is_int(counts.bytes, pack->len, "bytes are counted");
	is_int(counts.inflated, 5 + 2 * (sizeof(delta) + 7),
	       "so is what it inflates to, with what deltas become");
	files_remove();
}

/* "<text>xy" by a delta whose base is of that length. */
static struct span delta_of(unsigned char len)
{
	static unsigned char delta[7];
	const unsigned char bytes[] = { len, len + 2, 0x90, len, 2, 'x', 'y' };

	memcpy(delta, bytes, sizeof(bytes));
	return span_of((const char *)delta, sizeof(delta));
}

static void id_of(const char *text, char out[GIT_OID_HEXSZ + 1])
{
	git_oid id;

	if (git_odb_hash(&id, text, strlen(text), GIT_OBJECT_BLOB) < 0)
		bail_out("cannot hash");
	git_oid_tostr(out, GIT_OID_HEXSZ + 1, &id);
}

static char pack_name[256];

static int name_note(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	(void)context;
	(void)kind;
	(void)err;
	if (strstr(name, ".idx"))
		snprintf(pack_name, sizeof(pack_name), "%s/%s", scratch, name);
	return 0;
}

/* Does libgit2 read the text in the pack that lies there? */
static bool has(const char *text)
{
	git_odb_backend *backend = NULL;
	git_odb_object *object = NULL;
	git_odb *odb = NULL;
	git_oid id;
	bool is;

	if (folder_each(&folder, name_note, NULL, NULL) < 0 ||
	    git_odb_new(&odb) < 0 ||
	    git_odb_backend_one_pack(&backend, pack_name) < 0 ||
	    git_odb_add_backend(odb, backend, 1) < 0 ||
	    git_odb_hash(&id, text, strlen(text), GIT_OBJECT_BLOB) < 0)
		return false;
	is = git_odb_read(&object, odb, &id) == 0 &&
	     git_odb_object_size(object) == strlen(text) &&
	     !memcmp(git_odb_object_data(object), text, strlen(text));
	git_odb_object_free(object);
	git_odb_free(odb);
	return is;
}

static int feed_whole(const struct buf *pack, git_odb *bases)
{
	struct index_pack_counts counts;
	struct index_pack_options options = options_make(&counts);
	struct err err = ERR_INIT;

	int rc;

	options.bases = bases;
	rc = feed(&options, buf_span(pack), 50, &err);
	if (rc < 0)
		diag("%s", err.text);
	return rc;
}

static void check_deltas(struct buf *pack)
{
	char first[GIT_OID_HEXSZ + 1], second[GIT_OID_HEXSZ + 1];

	id_of("helloxy", first);
	id_of("helloxyxy", second);
	header(pack, 4);
	entry_of(pack, 7, 0, second, 7, delta_of(9));
	entry_of(pack, 7, 0, first, 7, delta_of(7));
	entry_of(pack, 7, 0, hello_id, 7, delta_of(5));
	entry(pack, 3, 5, "hello", 5);
	trailer(pack);
	is_int(feed_whole(pack, NULL), 0, "bases that come later, by id");
	ok(has("hello") && has("helloxy") && has("helloxyxy") &&
	   has("helloxyxyxy"), "and all are there");
	files_remove();
	header(pack, 2);
	entry_of(pack, 7, 0, second, 7, delta_of(9));
	entry_of(pack, 7, 0, first, 7, delta_of(7));
	trailer(pack);
	is_int(feed_whole(pack, NULL), ERR_CORRUPT, "a base that is nowhere");
	is_int(files_remove(), 0, "leaves nothing");
	header(pack, 1);
	entry_of(pack, 6, 13, NULL, 7, delta_of(5));
	trailer(pack);
	is_int(feed_whole(pack, NULL), ERR_CORRUPT, "and one at no object");
}

static void check_thin(struct buf *pack)
{
	char first[GIT_OID_HEXSZ + 1];
	git_odb_backend *backend = NULL;
	git_odb *odb = NULL;
	git_oid id;

	if (git_odb_new(&odb) < 0 ||
	    git_odb_backend_loose(&backend, scratch, -1, 0, 0, 0) < 0 ||
	    git_odb_add_backend(odb, backend, 1) < 0 ||
	    git_odb_write(&id, odb, "hello", 5, GIT_OBJECT_BLOB) < 0)
		bail_out("cannot make objects");
	id_of("helloxy", first);
	header(pack, 3);
	entry_of(pack, 7, 0, first, 7, delta_of(7));
	entry_of(pack, 7, 0, hello_id, 7, delta_of(5));
	entry(pack, 3, 5, "other", 5);
	trailer(pack);
	is_int(feed_whole(pack, odb), 0, "a base that the vault has");
	ok(has("hello") && has("helloxy") && has("helloxyxy") &&
	   has("other"), "is put into the pack");
	git_odb_free(odb);
}

/* A chain so long, of deltas by offset. */
static void chain_make(struct buf *pack, unsigned deltas, struct span base,
		       struct span delta)
{
	size_t at;
	unsigned i;

	header(pack, (unsigned char)(deltas + 1));
	if (deltas + 1 > 255)
		pack->data[10] = 1;
	at = entry_of(pack, 3, 0, NULL, base.len, base);
	for (i = 0; i < deltas; i++)
		at = entry_of(pack, 6, at, NULL, delta.len, delta);
	trailer(pack);
}

/* A base of a million zeros, and the same again with other two bytes in
 * front, so small that nothing but its work tells. */
static void check_chains(struct buf *pack)
{
	static const unsigned char same[] = { 5, 5, 0x90, 5 };
	static const unsigned char large[] = {
		0xc0, 0x84, 0x3d, 0xc0, 0x84, 0x3d, 0xf0, 0x40, 0x42, 0x0f
	};
	struct index_pack_counts counts;
	struct index_pack_options options = options_make(&counts);
	struct span delta = span_of((const char *)same, sizeof(same));
	struct err err = ERR_INIT;
	char *zeros = calloc(1, 1000000);

	chain_make(pack, 250, span_str("hello"), delta);
	is_int(feed_whole(pack, NULL), 0, "a chain as git makes it at most");
	chain_make(pack, 251, span_str("hello"), delta);
	is_int(feed_whole(pack, NULL), ERR_LIMIT, "and one more");
	delta = span_of((const char *)large, sizeof(large));
	options.limits.object_bytes = 1 << 20;
	options.limits.inflated_bytes = 0;
	chain_make(pack, 240, span_of(zeros, 1000000), delta);
	is_int(feed(&options, buf_span(pack), 4096, &err), 0,
	       "240 MB by one chain");
	counts.inflated += INDEX_PACK_FREE_BYTES;
	is_int(feed(&options, buf_span(pack), 4096, &err), ERR_LIMIT,
	       "no work for nothing");
	options = options_make(&counts);
	options.limits.object_bytes = 1 << 21;
	options.limits.inflated_bytes = 0;
	ticks_left = 20;
	err_clear(&err);
	is_int(feed(&options, buf_span(pack), 4096, &err), ERR_TIMEOUT,
	       "and it is stopped in between");
	files_remove();
	free(zeros);
}


static void check_damage(struct buf *pack)
{
	size_t whole = pack->len;
	struct buf bad = BUF_INIT(BUF_NO_LIMIT);
	unsigned cut = 0;
	size_t i;

	for (i = 0; i < whole; i++) {
		buf_reset(&bad);
		add(&bad, pack->data, i);
		cut += check(&bad, 9) == ERR_CORRUPT;
	}
	is_int(cut, whole, "cut off anywhere, it is damaged");
	for (i = 0; i < whole * 8; i++) {
		pack->data[i / 8] ^= (char)(1 << i % 8);
		(void)check(pack, 11);
		pack->data[i / 8] ^= (char)(1 << i % 8);
	}
	is_int(check(pack, 64), 0, "any bit flipped, and nothing broke");
	add(pack, "x", 1);
	is_int(check(pack, 64), ERR_CORRUPT, "a byte behind the end");
	header(pack, 1);
	pack->data[7] = 3;
	is_int(check(pack, 64), ERR_CORRUPT, "another version");
	header(pack, 1);
	entry(pack, 5, 1, "x", 1);
	is_int(check(pack, 64), ERR_CORRUPT, "an unknown type");
	header(pack, 1);
	entry(pack, 3, 4, "hello", 5);
	is_int(check(pack, 64), ERR_CORRUPT, "longer than it says");
	header(pack, 1);
	entry(pack, 3, 6, "hello", 5);
	is_int(check(pack, 64), ERR_CORRUPT, "shorter than it says");
	buf_release(&bad);
}

static void check_limits(struct buf *pack)
{
	static const char zeros[BIG + 1];
	/* The result's size, as a delta writes 100,001 and 2^63 or so. */
	const unsigned char larger[] = { 5, 0xa1, 0x8d, 0x06, 0x90, 5 };
	const unsigned char huge[] = {
		5, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f
	};
	const unsigned char endless[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff
	};
	struct index_pack_counts counts;
	struct index_pack_options options;
	struct err err = ERR_INIT;

	header(pack, 1);
	entry(pack, 3, BIG, zeros, BIG);
	trailer(pack);
	is_int(check(pack, 4096), 0, "the largest object");
	header(pack, 1);
	entry(pack, 3, BIG + 1, zeros, BIG + 1);
	is_int(check(pack, 4096), ERR_LIMIT, "one byte more");
	header(pack, 2);
	entry(pack, 3, 5, "hello", 5);
	entry(pack, 6, sizeof(larger), larger, sizeof(larger));
	is_int(check(pack, 4096), ERR_LIMIT, "a delta that becomes that");
	header(pack, 1);
	entry(pack, 7, sizeof(huge), huge, sizeof(huge));
	is_int(check(pack, 4096), ERR_LIMIT, "and one without measure");
	header(pack, 1);
	entry(pack, 7, sizeof(endless), endless, sizeof(endless));
	is_int(check(pack, 4096), ERR_CORRUPT, "a number that does not end");
	header(pack, 45);
	pack->data[10] = 1;
	is_int(check(pack, 4096), ERR_LIMIT, "too many objects");
	header(pack, 4);
	entry(pack, 3, BIG, zeros, BIG);
	entry(pack, 3, BIG, zeros, BIG);
	entry(pack, 3, BIG, zeros, BIG);
	entry(pack, 3, 1, zeros, 1);
	is_int(check(pack, 4096), ERR_LIMIT, "too much when inflated");
	options = options_make(&counts);
	options.limits.bytes = 20;
	is_int(feed(&options, buf_span(pack), 16, &err), ERR_LIMIT,
	       "too many bytes");
	ok(strstr(err.text, "20 bytes") != NULL, "and it says so");
}

int main(void)
{
	struct buf pack = BUF_INIT(BUF_NO_LIMIT);

	git_libgit2_init();
	if (!mkdtemp(scratch) || folder_open(&folder, scratch, NULL) < 0)
		bail_out("cannot make a folder");
	check_good(&pack);
	check_damage(&pack);
	check_limits(&pack);
	check_chains(&pack);
	check_deltas(&pack);
	check_thin(&pack);
	buf_release(&pack);
	folder_release(&folder);
	(void)!dir_remove_all("/tmp", scratch, NULL);
	git_libgit2_shutdown();
	return done_testing();
}
