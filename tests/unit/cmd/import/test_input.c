#include "cmd/import/input/input.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/import/input/bundle.h"
#include "lib/base/xxh.h"
#include "lib/id/encode.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "tests/tap.h"

static struct buf top = PATH_BUF_INIT;

static char *in_top(const char *name)
{
	struct buf path = PATH_BUF_INIT;

	if (path_join(&path, buf_text(&top), name, NULL) < 0)
		bail_out("path");
	return path.data;
}

static void make_file(const char *name, struct span bytes)
{
	char *path = in_top(name);

	if (file_write_atomic(path, bytes, 0644, NULL) < 0)
		bail_out("cannot make %s", name);
	free(path);
}

static struct import_input input_of(const char *name)
{
	struct import_input input = IMPORT_INPUT_INIT;

	input.path = in_top(name);
	return input;
}

static size_t read_all(struct import_input *input)
{
	struct feed feed = input_feed(input);
	char block[1000];
	size_t sum = 0;
	size_t len = 1;

	while (len) {
		if (feed.read(feed.arg, block, sizeof(block), &len, NULL) < 0)
			bail_out("cannot read");
		sum += len;
	}
	return sum;
}

static void test_file(void)
{
	struct import_input input = input_of("large");
	struct err err = ERR_INIT;
	static char zeros[200000];

	make_file("large", span_of(zeros, sizeof(zeros)));
	is_int(input_open(&input, &err), 0, "a file opens");
	is_int(input.size, sizeof(zeros), "its size is known");
	is_int(input.head.len, INPUT_HEAD_BYTES, "its head is there");
	is_int(input.bytes_read, INPUT_HEAD_BYTES, "and that was read");
	is_int(read_all(&input), sizeof(zeros), "a feed gives all of it");
	is_int(input.bytes_read, sizeof(zeros), "and all is counted");
	is_int(input_open(&input, &err), 0, "what is open opens");
	input_close(&input);
	ok(!input.head.data && input.fd < 0, "closed, it holds nothing");
	is_int(input_open(&input, &err), 0, "it opens again");
	is_int(input_load(&input, sizeof(zeros) - 1, &err), ERR_LIMIT,
	       "too large to load");
	err_clear(&err);
	is_int(input_load(&input, sizeof(zeros), &err), 0, "it loads");
	is_int(input.head.len, sizeof(zeros), "whole");
	is_int(read_all(&input), sizeof(zeros), "and can still be read");
	input_release(&input);
}

static void hash_hex(struct import_input *input, char out[HEX_TEXT(16) + 1])
{
	unsigned char hash[HASH128_BYTES];

	if (input_hash(input, hash, NULL) < 0)
		bail_out("cannot hash");
	hex_text(hash, sizeof(hash), out);
}

static void test_hash(void)
{
	struct import_input input = input_of("abc");
	unsigned char sha[SHA256_BYTES];
	unsigned char want[SHA256_BYTES];
	char hex[33];
	char again[33];
	char byte;
	size_t len;

	make_file("abc", span_str("abc"));
	hash_hex(&input, hex);
	is_str(hex, "06b05ab6733a618578af5f94892f3950", "a file's xxh3-128");
	ok(input_open(&input, NULL) == 0 &&
	   input_read(&input, &byte, 1, &len, NULL) == 0, "read a byte of it");
	hash_hex(&input, again);
	is_str(again, hex, "an open file's is the same");
	ok(input_read(&input, &byte, 1, &len, NULL) == 0 && byte == 'b',
	   "and its reader can go on");
	sha256_of("abc", 3, want);
	is_int(input_sha256(&input, sha, NULL), 0, "its sha-256");
	is_bytes(sha, sizeof(sha), want, sizeof(want), "is that of its bytes");
	input_release(&input);
}

static void test_folder(void)
{
	struct import_input input = input_of("folder");
	char *folder = in_top("folder");
	unsigned char sha[SHA256_BYTES];
	struct err err = ERR_INIT;
	char first[33];
	char hex[33];

	if (dir_make(folder, 0755, NULL) < 0)
		bail_out("no folder");
	free(folder);
	make_file("folder/a", span_str("bc"));
	make_file("folder/b", span_str(""));
	input.is_folder = true;
	is_int(input_open(&input, &err), 0, "a folder opens");
	ok(input.bundle && bundle_count(input.bundle) == 2 &&
	   !bundle_is_archive(input.bundle), "as a bundle");
	is_int(input.size, 2, "its size is that of its files");
	hash_hex(&input, first);
	ok(input.bundle != NULL, "hashing leaves it open");
	is_int(input_sha256(&input, sha, &err), ERR_UNSUPPORTED,
	       "it has no sha-256");
	input_close(&input);
	ok(!input.bundle, "and it closes");
	make_file("folder/b", span_str("c"));
	make_file("folder/a", span_str("b"));
	hash_hex(&input, hex);
	ok(strcmp(hex, first), "another boundary is another hash");
	make_file("folder/b", span_str(""));
	make_file("folder/a", span_str("bc"));
	hash_hex(&input, hex);
	is_str(hex, first, "the same bytes are the same");
	input_release(&input);
}

static void test_refused(void)
{
	struct import_input input = input_of("pipe");
	struct import_input missing = input_of("missing");
	struct import_input stdin_input = IMPORT_INPUT_INIT;
	struct import_input torn = input_of("torn.zip");
	unsigned char hash[HASH128_BYTES];
	struct err err = ERR_INIT;
	char dash[] = "-";

	if (mkfifo(input.path, 0600) < 0)
		bail_out("no pipe");
	is_int(input_hash(&input, hash, &err), ERR_UNSUPPORTED,
	       "a pipe is not read twice");
	err_clear(&err);
	stdin_input.path = dash;
	is_int(input_hash(&stdin_input, hash, &err), ERR_UNSUPPORTED,
	       "nor is standard input");
	err_clear(&err);
	is_int(input_open(&stdin_input, &err), ERR_INVALID,
	       "which is not there unless somebody gives it");
	err_clear(&err);
	is_int(input_open(&missing, &err), ERR_NOT_FOUND, "a missing file");
	err_clear(&err);
	make_file("torn.zip", span_str("PK\003\004 and no more"));
	ok(input_open(&torn, &err) < 0 && err.text[0] && torn.fd < 0 &&
	   !torn.bundle, "a torn archive does not open, and holds nothing");
	input_release(&input);
	input_release(&missing);
	input_release(&torn);
}

/* A file that was listed may be a pipe when it is opened, or gone. */
static void test_swapped(void)
{
	struct import_input pipe = input_of("swapped");
	struct import_input gone = input_of("gone");
	struct err err = ERR_INIT;
	static char zeros[100000];

	if (mkfifo(pipe.path, 0600) < 0)
		bail_out("no pipe");
	pipe.is_plain = true;
	is_int(input_open(&pipe, &err), ERR_INVALID,
	       "a pipe that nobody named is not waited for");
	err_clear(&err);
	make_file("gone", span_of(zeros, sizeof(zeros)));
	is_int(input_open(&gone, &err), 0, "a file opens");
	is_int(read_all(&gone), sizeof(zeros), "and is read");
	if (unlink(gone.path) < 0)
		bail_out("cannot delete");
	is_int(input_rewind(&gone, &err), 0, "gone, it begins anew");
	is_int(read_all(&gone), sizeof(zeros), "and is read again");
	is_int(gone.bytes_read, sizeof(zeros), "all of it");
	input_release(&pipe);
	input_release(&gone);
}

int main(void)
{
	if (dir_make_temp("/tmp", "input", &top, NULL) < 0)
		bail_out("no folder");
	test_file();
	test_hash();
	test_folder();
	test_refused();
	test_swapped();
	if (dir_remove_all("/tmp", buf_text(&top), NULL) < 0)
		bail_out("cannot clean up");
	buf_release(&top);
	return done_testing();
}
