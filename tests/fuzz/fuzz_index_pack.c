/*
 * A stranger's pack, without its trailer, which is put behind it: it is taken
 * or refused, within its limits, and leaves its two files or none.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/id/hash.h"
#include "objects/pack/index_pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static char scratch[] = "/tmp/vvault-fuzz-XXXXXX";

static void must(int claim)
{
	if (!claim)
		abort();
}

static void folder_gone(void)
{
	rmdir(scratch);
}

static const struct folder *folder_get(void)
{
	static struct folder folder = FOLDER_INIT;

	if (folder.fd >= 0)
		return &folder;
	must(git_libgit2_init() > 0 && mkdtemp(scratch) != NULL);
	must(folder_open(&folder, scratch, NULL) == 0);
	atexit(folder_gone);
	return &folder;
}

static int remove_one(void *context, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct folder *folder = folder_get();

	(void)kind;
	(void)err;
	++*(size_t *)context;
	return unlinkat(folder->fd, name, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct index_pack_counts counts = { 0, 0, 0, 0 };
	struct index_pack_options options = {
		.from = "fuzz", .folder = folder_get(),
		.limits = { 1 << 20, 1000, 1 << 16, 1 << 20 },
		.counts = &counts,
	};
	struct index_pack *pack = NULL;
	unsigned char sum[SHA1_BYTES];
	struct err err = ERR_INIT;
	struct sha1 hash;
	size_t files = 0;
	int rc = index_pack_new(&options, &pack, &err);

	must(rc == 0);
	sha1_init(&hash);
	sha1_add(&hash, data, len);
	sha1_finish(&hash, sum);
	rc = index_pack_feed(pack, span_of((const char *)data, len), &err);
	if (rc == 0)
		rc = index_pack_feed(pack, span_of((const char *)sum,
						   sizeof(sum)), &err);
	if (rc == 0)
		rc = index_pack_finish(pack, &err);
	index_pack_free(pack);
	must(rc == 0 || rc == ERR_CORRUPT || rc == ERR_LIMIT);
	must(folder_each(options.folder, remove_one, &files, NULL) == 0);
	must(files == (rc == 0 && counts.objects ? 2 : 0));
	return 0;
}
