#include "cmd/import/parse/zip.h"

#include "cmd/import/parse/zip_name.h"
#include "tests/unit/zip_made.h"

/* Close an archive that was opened from made_fd(). */
struct opened {
	int fd;
	int rc;
	struct zip *zip;
	struct err err;
};

static struct opened open_bytes(const void *bytes, size_t len)
{
	struct opened out = { made_fd(bytes, len), 0, NULL, ERR_INIT };

	out.rc = zip_open_fd(out.fd, "x.zip", &out.zip, &out.err);
	return out;
}

static void opened_close(struct opened *opened)
{
	zip_free(opened->zip);
	close(opened->fd);
}

/* An archive of these members, ended by one without a name. */
static struct opened open_made(const struct made_member *members)
{
	struct made_zip made = MADE_ZIP;
	struct opened out;

	while (members->name)
		made_add(&made, members++);
	made_end(&made, made.count, false);
	out = open_bytes(made.bytes.data, made.bytes.len);
	made_release(&made);
	return out;
}

static void refused(const struct made_member *members, int code,
		    const char *text, const char *name)
{
	struct opened opened = open_made(members);

	is_int(opened.rc, code, name);
	ok(strstr(opened.err.text, text) != NULL, "and says '%s'", text);
	if (!strstr(opened.err.text, text))
		diag("it says '%s'", opened.err.text);
	ok(!opened.zip, "and gives nothing");
	opened_close(&opened);
}

static void loads(struct zip *zip, const char *name, const char *want)
{
	const struct zip_member *member = zip_find(zip, name);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;

	if (!ok(member != NULL, "'%s' is found", name))
		return;
	is_int(zip_member_load(zip, member, 1 << 20, &out, &err), 0,
	       "and loaded");
	is_str(buf_text(&out), want, "and right");
	if (err.code)
		diag("%s", err.text);
	buf_release(&out);
}

static void test_good(void)
{
	const struct made_member members[] = {
		{ .name = "b/conversations.json", .bytes = "[1,2,3,1,2,3]",
		  .is_deflated = true },
		{ .name = "./a.txt", .bytes = "stored" },
		{ .name = "b/", .attributes = 0x10 },
		{ .name = "b/", .attributes = 0x10 },
		{ .name = "b//empty", .host = 3,
		  .attributes = 0100644u << 16 },
		{ .name = NULL },
	};
	struct opened opened = open_made(members);
	struct zip *zip = opened.zip;

	if (!is_int(opened.rc, 0, "an archive opens"))
		bail_out("%s", opened.err.text);
	is_int(zip_count(zip), 5, "it has its members");
	is_str(zip_at(zip, 0)->name, "a.txt", "sorted, './' left out");
	is_str(zip_at(zip, 1)->name, "b", "a folder without its slash");
	ok(zip_at(zip, 1)->is_dir, "which is one");
	is_int(zip_at(zip, 3)->size, 13, "the size");
	ok(!zip_at(zip, 3)->is_dir, "a file is none");
	loads(zip, "b/conversations.json", "[1,2,3,1,2,3]");
	loads(zip, "a.txt", "stored");
	loads(zip, "b/empty", "");
	loads(zip, "a.txt", "stored");
	ok(!zip_find(zip, "conversations.json"), "not by its last part");
	ok(!zip_find(zip, "./a.txt"), "nor by another form");
	is_int(zip_member_open(zip, zip_at(zip, 1), NULL), ERR_INVALID,
	       "a folder does not open");
	opened_close(&opened);
}

static void test_streaming(void)
{
	enum { LEN = 300000 };
	char *bytes = malloc(LEN);
	struct made_member members[] = {
		{ .name = "big", .bytes = bytes, .len = LEN,
		  .is_deflated = true },
		{ .name = "small", .bytes = "s" },
		{ .name = NULL },
	};
	const struct zip_member *big;
	struct opened opened;
	struct buf sum = BUF_INIT(BUF_NO_LIMIT);
	char part[777];
	size_t got;
	int i;

	for (i = 0; i < LEN; i++)
		bytes[i] = (char)((unsigned)i * 7919u >> 5);
	opened = open_made(members);
	big = zip_find(opened.zip, "big");
	is_int(zip_member_read(opened.zip, part, 1, &got, NULL), ERR_INVALID,
	       "nothing is open at first");
	is_int(zip_member_open(opened.zip, big, NULL), 0, "it opens");
	do {
		if (zip_member_read(opened.zip, part, sizeof(part), &got,
				    NULL) < 0)
			bail_out("no bytes");
		made_bytes(&sum, part, got);
	} while (got);
	is_bytes(sum.data, sum.len, bytes, LEN, "all of it, by parts");
	is_int(zip_member_read(opened.zip, part, 9, &got, NULL), 0,
	       "the end again");
	is_int(got, 0, "gives nothing");
	is_int(zip_member_open(opened.zip, big, NULL), 0, "it opens again");
	is_int(zip_member_read(opened.zip, part, 9, &got, NULL), 0, "begins");
	loads(opened.zip, "small", "s");
	is_int(zip_member_load(opened.zip, big, LEN - 1, &sum, NULL),
	       ERR_LIMIT, "too large for the caller");
	is_int(zip_member_load(opened.zip, big, LEN, &sum, NULL), 0,
	       "but not with one more");
	is_bytes(sum.data, sum.len, bytes, LEN, "all of it at once");
	buf_release(&sum);
	opened_close(&opened);
	free(bytes);
}

static void test_zip64(void)
{
	const struct made_member members[] = {
		{ .name = "a", .bytes = "aaaa", .is_deflated = true,
		  .is_zip64 = true },
		{ .name = "b", .bytes = "bb", .is_zip64 = true },
	};
	struct made_zip made = MADE_ZIP;
	struct opened opened;

	made_add(&made, &members[0]);
	made_add(&made, &members[1]);
	made_end(&made, 2, true);
	opened = open_bytes(made.bytes.data, made.bytes.len);
	if (!is_int(opened.rc, 0, "a zip64 archive opens"))
		bail_out("%s", opened.err.text);
	is_int(zip_find(opened.zip, "b")->size, 2, "with its sizes");
	loads(opened.zip, "a", "aaaa");
	loads(opened.zip, "b", "bb");
	opened_close(&opened);
	made_release(&made);
	made_add(&made, &members[0]);
	made_end(&made, 0x10001, true);
	opened = open_bytes(made.bytes.data, made.bytes.len);
	is_int(opened.rc, ERR_CORRUPT, "a 64-bit count must be right");
	opened_close(&opened);
	made_release(&made);
}

static void refused_name(const char *name, size_t len, int code,
			 const char *text)
{
	const struct made_member members[] = {
		{ .name = "good", .bytes = "x" },
		{ .name = name, .name_len = len, .bytes = "y" },
		{ .name = NULL },
	};

	refused(members, code, text, text);
}

static void test_names(void)
{
	const struct made_member members[] = {
		{ .name = "caf\x82", .bytes = "dos" },
		{ .name = "na\xc3\xafve", .bytes = "utf" },
		{ .name = "\xe2\x82\xac", .bytes = "marked", .flags = 0x800 },
		{ .name = "..a/b..", .bytes = "dots" },
		{ .name = "ab:c", .bytes = "colon", .flags = 0x800 },
		{ .name = NULL },
	};
	struct opened opened;
	char long_name[ZIP_NAME_MAX + 2];

	memset(long_name, 'n', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	refused_name("../evil", 0, ERR_INVALID, "by '..'");
	refused_name("a/../../evil", 0, ERR_INVALID, "by '..'");
	refused_name("a/..", 0, ERR_INVALID, "by '..'");
	refused_name("/etc/passwd", 0, ERR_INVALID, "absolute path");
	refused_name("C:/evil", 0, ERR_INVALID, "drive");
	refused_name("c:evil", 0, ERR_INVALID, "drive");
	refused_name("a\\b", 0, ERR_INVALID, "backslash");
	refused_name("\\\\host\\share", 0, ERR_INVALID, "backslash");
	refused_name("a\0b", 3, ERR_INVALID, "control character");
	refused_name("a\nb", 0, ERR_INVALID, "control character");
	refused_name("a\x1b[2J", 0, ERR_INVALID, "control character");
	refused_name("a\xc2\x9b" "2J", 0, ERR_INVALID, "control character");
	refused_name("a\x7f", 0, ERR_INVALID, "control character");
	refused_name(".", 0, ERR_INVALID, "no name");
	refused_name(long_name, 0, ERR_LIMIT, "4096 bytes");
	refused_name("good", 0, ERR_INVALID, "two members");
	refused_name("./good", 0, ERR_INVALID, "two members");
	refused_name("good/", 0, ERR_INVALID, "two members");
	opened = open_made(members);
	if (!is_int(opened.rc, 0, "other names are taken"))
		bail_out("%s", opened.err.text);
	loads(opened.zip, "caf\xc3\xa9", "dos");
	loads(opened.zip, "na\xc3\xafve", "utf");
	loads(opened.zip, "\xe2\x82\xac", "marked");
	loads(opened.zip, "..a/b..", "dots");
	opened_close(&opened);
}

static void test_kinds(void)
{
	struct made_member member[2] = {
		{ .name = "m", .bytes = "target", .host = 3 },
		{ .name = NULL },
	};
	static const unsigned refused_modes[] = { 0120777, 0020666, 0060660,
						  0010644, 0140755 };
	struct opened opened;
	size_t i;

	for (i = 0; i < sizeof(refused_modes) / sizeof(unsigned); i++) {
		member->attributes = refused_modes[i] << 16;
		refused(member, ERR_INVALID, "symbolic link",
			"a special file is refused");
	}
	member->host = 0;
	member->attributes = 0120777u << 16;
	refused(member, ERR_INVALID, "symbolic link", "whatever the host");
	member->attributes = 0040755u << 16;
	opened = open_made(member);
	is_int(opened.rc, 0, "a folder by its mode");
	ok(opened.zip && zip_at(opened.zip, 0)->is_dir, "is one");
	opened_close(&opened);
	member->attributes = 0;
	member->flags = 1;
	refused(member, ERR_UNSUPPORTED, "encrypted", "encryption");
	member->flags = 0x40;
	refused(member, ERR_UNSUPPORTED, "encrypted", "strong encryption");
	member->flags = 0;
	member->method = 99;
	refused(member, ERR_UNSUPPORTED, "encrypted", "AES");
}

/* What is wrong with one member leaves the others. */
static void fails_alone(const struct made_member *bad, int code,
			const char *text, const char *name)
{
	const struct made_member members[] = {
		{ .name = "a", .bytes = "before" },
		*bad,
		{ .name = "z", .bytes = "behind", .is_deflated = true },
		{ .name = NULL },
	};
	struct opened opened = open_made(members);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;

	if (!is_int(opened.rc, 0, "the archive opens"))
		bail_out("%s", opened.err.text);
	is_int(zip_member_load(opened.zip, zip_find(opened.zip, bad->name),
			       1 << 20, &out, &err), code, name);
	ok(strstr(err.text, text) && strstr(err.text, "'m' in zip"),
	   "and says '%s'", text);
	if (!strstr(err.text, text))
		diag("it says '%s'", err.text);
	is_int(out.len, 0, "and gives nothing");
	loads(opened.zip, "a", "before");
	loads(opened.zip, "z", "behind");
	buf_release(&out);
	opened_close(&opened);
}

static void test_bad_members(void)
{
	struct made_member bad = { .name = "m", .bytes = "content" };

	bad.crc_off = 1;
	fails_alone(&bad, ERR_CORRUPT, "checksum", "a wrong checksum");
	bad.is_deflated = true;
	fails_alone(&bad, ERR_CORRUPT, "checksum", "the same deflated");
	bad.crc_off = 0;
	bad.size = 100;
	fails_alone(&bad, ERR_CORRUPT, "fewer bytes", "fewer than declared");
	bad.size = 3;
	fails_alone(&bad, ERR_CORRUPT, "more bytes", "more than declared");
	bad.is_deflated = false;
	fails_alone(&bad, ERR_CORRUPT, "two sizes", "stored with two sizes");
	bad.size = 0;
	bad.is_deflated = false;
	bad.method = 8;
	fails_alone(&bad, ERR_CORRUPT, "packed bytes are damaged",
		    "no deflate stream");
	bad.method = 12;
	fails_alone(&bad, ERR_UNSUPPORTED, "bzip2", "an unknown method");
	bad.method = 77;
	fails_alone(&bad, ERR_UNSUPPORTED, "(77)", "one without a name");
}

static void test_bombs(void)
{
	struct made_member members[] = {
		{ .name = "bomb", .bytes = "0", .size = (uint64_t)1 << 31 },
		{ .name = "c", .bytes = "0" },
		{ .name = NULL },
	};
	const char *overlap = "same bytes as";

	refused(members, ERR_LIMIT, "200 times", "a declared bomb");
	members[0].size = (60u << 20);
	members[1].size = (60u << 20);
	refused(members, ERR_LIMIT, "200 times", "one of many members");
	members[0].size = 0;
	members[1].size = 0;
	members[1].begin_at = 1;
	refused(members, ERR_INVALID, overlap, "the same member twice");
	members[1].begin_at = 1 + 10;
	refused(members, ERR_INVALID, overlap, "a member inside another");
	members[1].begin_at = 1 + 60;
	refused(members, ERR_INVALID, "the directory", "one in the directory");
	members[1].begin_at = 1 + 5000;
	refused(members, ERR_CORRUPT, "behind the end", "one behind the end");
}

/* A member of 70 MB that really unpacks from a few bytes. */
static void test_real_bomb(void)
{
	size_t len = (size_t)70 << 20;
	char *zeros = calloc(1, len);
	struct made_member members[] = {
		{ .name = "zeros", .bytes = zeros, .len = len,
		  .is_deflated = true },
		{ .name = NULL },
	};

	if (!zeros)
		bail_out("out of memory");
	refused(members, ERR_LIMIT, "200 times", "a real bomb");
	members[0].size = 1000;
	fails_alone(&(struct made_member){ .name = "m", .bytes = zeros,
		    .len = (size_t)1 << 20, .is_deflated = true,
		    .size = 1000 }, ERR_CORRUPT, "more bytes",
		    "a bomb that declares little gives no more");
	free(zeros);
}

static void test_damage(void)
{
	const struct made_member members[] = {
		{ .name = "a", .bytes = "aaaaaaaaaaaaaaa" },
		{ .name = "b", .bytes = "b", .is_deflated = true },
	};
	struct made_zip made = MADE_ZIP;
	struct buf moved = BUF_INIT(BUF_NO_LIMIT);
	struct opened opened;
	size_t len;
	size_t cut = 0;

	made_add(&made, &members[0]);
	made_add(&made, &members[1]);
	made_end(&made, 2, false);
	for (len = 0; len < made.bytes.len; len++) {
		opened = open_bytes(made.bytes.data, len);
		cut += opened.rc == ERR_CORRUPT && opened.err.text[0];
		opened_close(&opened);
	}
	is_int(cut, made.bytes.len, "each truncated archive is refused");
	made_bytes(&moved, "junk", 4);
	made_bytes(&moved, made.bytes.data, made.bytes.len);
	opened = open_bytes(moved.data, moved.len);
	is_int(opened.rc, ERR_CORRUPT, "bytes put before it are");
	ok(strstr(opened.err.text, "before it") != NULL, "with the reason");
	opened_close(&opened);
	made_bytes(&made.bytes, "behind", 6);
	opened = open_bytes(made.bytes.data, made.bytes.len);
	is_int(opened.rc, 0, "bytes behind it do no harm");
	opened_close(&opened);
	made_release(&made);
	made_add(&made, &members[0]);
	made_add(&made, &members[1]);
	made_end(&made, 1, false);
	opened = open_bytes(made.bytes.data, made.bytes.len);
	is_int(opened.rc, ERR_CORRUPT, "more entries than the end says are");
	opened_close(&opened);
	made_release(&made);
	made_add(&made, &members[0]);
	made_end(&made, 2, false);
	opened = open_bytes(made.bytes.data, made.bytes.len);
	is_int(opened.rc, ERR_CORRUPT, "and fewer");
	opened_close(&opened);
	made_release(&made);
	buf_release(&moved);
}

/* The directory is believed only as far as a member's header agrees. */
static void test_disagreement(void)
{
	struct made_member member = { .name = "m", .bytes = "content" };
	struct made_zip made = MADE_ZIP;
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct opened opened;

	made_add(&made, &member);
	made_end(&made, 1, false);
	made.bytes.data[14] ^= 1;
	opened = open_bytes(made.bytes.data, made.bytes.len);
	is_int(opened.rc, 0, "it opens");
	is_int(zip_member_load(opened.zip, zip_at(opened.zip, 0), 100, &out,
			       &opened.err), ERR_CORRUPT,
	       "a header with another checksum");
	ok(strstr(opened.err.text, "other things") != NULL, "is told");
	opened_close(&opened);
	buf_release(&out);
	made_release(&made);
}

/* Sizes that follow the bytes are not in the member's own header. */
static void test_streamed(void)
{
	struct made_member member = { .name = "m", .bytes = "content",
				      .is_deflated = true, .flags = 8 };
	struct made_zip made = MADE_ZIP;
	struct opened opened;

	made_add(&made, &member);
	made_end(&made, 1, false);
	memset(made.bytes.data + 14, 0, 12);
	opened = open_bytes(made.bytes.data, made.bytes.len);
	is_int(opened.rc, 0, "it opens");
	loads(opened.zip, "m", "content");
	opened_close(&opened);
	made_release(&made);
}

/* The count at the end has 16 bits; some writers let it wrap around. */
static void test_many(void)
{
	struct made_member member = { .bytes = "x" };
	struct made_zip made = MADE_ZIP;
	struct opened opened;
	char name[16];
	int i;

	member.name = name;
	for (i = 0; i < 65537; i++) {
		snprintf(name, sizeof(name), "f%05d", i);
		made_add(&made, &member);
	}
	made_end(&made, 65537 & 0xffff, false);
	opened = open_bytes(made.bytes.data, made.bytes.len);
	is_int(opened.rc, 0, "an archive of 65537 members opens");
	is_int(zip_count(opened.zip), 65537, "with all of them");
	loads(opened.zip, "f65536", "x");
	opened_close(&opened);
	made_release(&made);
}

static void test_files(void)
{
	struct err err = ERR_INIT;
	struct zip *zip = NULL;
	int ends[2];

	is_int(zip_open("no-such.zip", &zip, &err), ERR_NOT_FOUND, "no file");
	err_clear(&err);
	is_int(zip_open("/", &zip, &err), ERR_INVALID, "a folder");
	err_clear(&err);
	if (pipe(ends) < 0)
		bail_out("no pipe");
	is_int(zip_open_fd(ends[0], "-", &zip, &err), ERR_INVALID, "a pipe");
	ok(strstr(err.text, "give the file itself") != NULL, "says what to do");
	close(ends[0]);
	close(ends[1]);
	ok(!zip, "none of them gives an archive");
	ok(zip_is_magic(span_str("PK\3\4...")), "the magic");
	ok(zip_is_magic(span_str("PK\5\6")), "of an empty one");
	ok(!zip_is_magic(span_str("PK")), "and no other");
	zip_free(NULL);
}

static void test_empty(void)
{
	struct made_zip made = MADE_ZIP;
	struct opened opened;

	made_end(&made, 0, false);
	opened = open_bytes(made.bytes.data, made.bytes.len);
	is_int(opened.rc, 0, "an empty archive opens");
	is_int(opened.zip ? zip_count(opened.zip) : 1, 0, "it is empty");
	ok(opened.zip && !zip_find(opened.zip, "a"), "nothing is in it");
	opened_close(&opened);
	made_release(&made);
}

int main(void)
{
	test_good();
	test_streaming();
	test_zip64();
	test_names();
	test_kinds();
	test_bad_members();
	test_bombs();
	test_real_bomb();
	test_damage();
	test_disagreement();
	test_streamed();
	test_many();
	test_files();
	test_empty();
	return done_testing();
}
