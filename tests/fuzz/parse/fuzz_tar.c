/*
 * Tar archives, compressed or not: whatever is in one, opening it ends with an
 * archive whose members keep their promises, or with a reason. And what is
 * compressed ends, and is the same each time.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/import/parse/packed/tar.h"
#include "cmd/import/parse/packed/unpack.h"
#include "lib/base/utf8.h"
#include "lib/base/xxh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define LOAD_MAX ((size_t)1 << 20)

static void read_member(struct tar *tar, const struct tar_member *member)
{
	uint64_t sum = 0;
	char part[301];
	size_t got = 1;
	int rc = 0;

	assert(utf8_is_valid(span_str(member->name)));
	assert(member->name[0] && member->name[0] != '/');
	assert(strncmp(member->name, "../", 3) != 0 &&
	       !strstr(member->name, "/../"));
	assert(tar_find(tar, member->name) == member);
	tar_member_open(tar, member);
	while (rc == 0 && got && sum < LOAD_MAX) {
		rc = tar_member_read(tar, part, sizeof(part), &got, NULL);
		sum += rc == 0 ? got : 0;
		assert(sum <= member->size);
	}
	assert(rc < 0 || got || sum == member->size);
}

static int read_left(void *arg, void *bytes, size_t len, size_t *out_len,
		     struct err *err)
{
	struct span *left = arg;

	(void)err;
	len = len < left->len ? len : left->len;
	memcpy(bytes, left->at, len);
	*left = span_of(left->at + len, left->len - len);
	*out_len = len;
	return 0;
}

/* Read in pieces of that size: what comes out, up to a bound. */
static uint64_t unpacked(struct span data, size_t piece, int *out_rc)
{
	struct span left = data;
	const struct feed from = { read_left, &left };
	struct unpack *unpack = NULL;
	uint64_t hash = 0;
	uint64_t sum = 0;
	char part[4096];
	struct feed feed;
	size_t got = 1;
	size_t i;

	assert(piece <= sizeof(part));
	*out_rc = unpack_new(data, from, &unpack, NULL);
	assert(*out_rc == 0);
	feed = unpack_feed(unpack);
	while (*out_rc == 0 && got && sum < LOAD_MAX) {
		*out_rc = feed.read(feed.arg, part, piece, &got, NULL);
		for (i = 0; *out_rc == 0 && i < got && sum < LOAD_MAX; i++) {
			hash = hash * 31 + (unsigned char)part[i];
			sum++;
		}
	}
	unpack_free(unpack);
	return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span bytes = span_of(data, len);
	char path[] = "/tmp/vv-fuzz-tar-XXXXXX";
	struct err err = ERR_INIT;
	struct tar *tar = NULL;
	int fd = mkstemp(path);
	int whole;
	int again;
	size_t i;

	assert(fd >= 0 && write(fd, data, len) == (ssize_t)len);
	(void)tar_is_any(bytes);
	if (tar_open(path, &tar, &err) < 0) {
		assert(!tar && err.code && err.text[0]);
	} else {
		for (i = 0; i < tar_count(tar); i++)
			read_member(tar, tar_at(tar, i));
	}
	tar_free(tar);
	assert(unlink(path) == 0 && close(fd) == 0);
	if (unpack_is_magic(bytes)) {
		uint64_t one = unpacked(bytes, 4096, &whole);
		uint64_t other = unpacked(bytes, 7, &again);

		assert(whole == again);
		assert(whole < 0 || one == other);
	}
	return 0;
}
