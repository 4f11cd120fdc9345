#include "objects/repack/repack_internal.h"

#include <unistd.h>

/* A file that stays is a double, and goes the next time. */
static void drop_file(const char *path, const char *suffix)
{
	struct buf whole = BUF_INIT(BUF_NO_LIMIT);

	if (buf_printf(&whole, NULL, "%s%s", path, suffix) == 0)
		unlink(buf_text(&whole));
	buf_release(&whole);
}

/*
 * What git derives from packs may name one that goes. The index of a pack
 * goes last: without its pack it is passed over, and swept some day.
 */
static void drop_packs(const struct repack *repack)
{
	static const char *const suffixes[] = {
		".rev", ".bitmap", ".mtimes", ".pack", ".idx", NULL
	};
	const char *const *suffix;
	size_t i;

	if (repack->packs.n)
		drop_file(store_objects_path(repack->store),
			  "/pack/multi-pack-index");
	for (i = 0; i < repack->packs.n; i++) {
		for (suffix = suffixes; *suffix; suffix++)
			drop_file(repack->packs.at[i].stem, *suffix);
	}
}

/* The folders stay: a writer may be about to make a file there. */
static void drop_loose(const struct repack *repack)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < repack->loose_n; i++) {
		const struct oid_hex hex = oid_hex(&repack->loose[i]);

		buf_reset(&path);
		if (buf_printf(&path, NULL, "%s/%.2s/",
			       store_objects_path(repack->store), hex.text) == 0)
			drop_file(buf_text(&path), hex.text + 2);
	}
	buf_release(&path);
}

void repack_drop(struct repack *repack)
{
	drop_packs(repack);
	drop_loose(repack);
}
