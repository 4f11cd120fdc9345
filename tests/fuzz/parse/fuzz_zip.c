/*
 * Zip archives: whatever is in one, opening it ends with an archive whose
 * members keep their promises, or with a reason.
 */
#include <assert.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/import/parse/zip.h"
#include "lib/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define LOAD_MAX ((size_t)1 << 20)

static int write_file(const uint8_t *data, size_t len)
{
	char path[] = "/tmp/vv-fuzz-zip-XXXXXX";
	int fd = mkstemp(path);

	assert(fd >= 0 && unlink(path) == 0);
	assert(write(fd, data, len) == (ssize_t)len);
	return fd;
}

static void check_name(const struct zip_member *member)
{
	const char *name = member->name;

	assert(utf8_is_valid(span_str(name)));
	assert(name[0] != '/' && !strchr(name, '\\'));
	assert(strcmp(name, "..") != 0 && strncmp(name, "../", 3) != 0);
	assert(!strstr(name, "/../"));
	assert(name[0] || member->is_dir);
}

static void read_member(struct zip *zip, const struct zip_member *member)
{
	struct buf whole = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	uint64_t sum = 0;
	char part[301];
	size_t got = 1;
	int rc;

	rc = zip_member_open(zip, member, NULL);
	while (rc == 0 && got && sum < LOAD_MAX) {
		rc = zip_member_read(zip, part, sizeof(part), &got, NULL);
		sum += rc == 0 ? got : 0;
		assert(sum <= member->size);
	}
	assert(rc < 0 || got || sum == member->size);
	if (member->size <= LOAD_MAX) {
		assert((zip_member_load(zip, member, LOAD_MAX, &whole, &err)
			== 0) == (rc == 0));
		assert(whole.len == (rc == 0 ? sum : 0));
		assert(rc == 0 || err.text[0]);
	}
	buf_release(&whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	int fd = write_file(data, len);
	struct err err = ERR_INIT;
	struct zip *zip = NULL;
	size_t i;

	if (zip_open_fd(fd, "fuzz", &zip, &err) < 0) {
		assert(!zip && err.code && err.text[0]);
	} else {
		for (i = 0; i < zip_count(zip); i++) {
			const struct zip_member *member = zip_at(zip, i);

			check_name(member);
			assert(member->is_dir ||
			       zip_find(zip, member->name) == member);
			read_member(zip, member);
		}
	}
	zip_free(zip);
	close(fd);
	return 0;
}
