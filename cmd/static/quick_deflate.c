/*
 * libgit2 compresses every object anew for a push, at zlib's level 6, sealed
 * ones too, which cannot shrink: that was two thirds of a push. In the
 * statically linked program the linker's --wrap leads zlib's deflate() here
 * (see tests/house/link.sh): sealed objects are stored, all others get level
 * 1, which is what our own packs have. Not part of libvvault; with a shared
 * libgit2 a push is only slower.
 */
#include <stdbool.h>
#include <string.h>

#include <zlib.h>

#define SEAL_MAGIC "VVS1"
#define SEAL_MAGIC_LEN 4

/* The linker's name for what was wrapped. */
int __real_deflate(z_streamp stream, int flush);

int quick_deflate(z_streamp stream, int flush);

static bool is_sealed(const z_stream *stream)
{
	return stream->avail_in > SEAL_MAGIC_LEN &&
	       !memcmp(stream->next_in, SEAL_MAGIC, SEAL_MAGIC_LEN);
}

int quick_deflate(z_streamp stream, int flush)
{
	int level = Z_BEST_SPEED;
	int rc = Z_OK;

	if (!stream->total_in && !stream->total_out) {
		if (is_sealed(stream))
			level = Z_NO_COMPRESSION;
		rc = deflateParams(stream, level, Z_DEFAULT_STRATEGY);
	}
	return rc == Z_OK ? __real_deflate(stream, flush) : rc;
}
