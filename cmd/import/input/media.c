#include "cmd/import/input/media.h"

#include <stddef.h>
#include <strings.h>

struct suffix {
	const char *suffix;
	const char *media;
};

static const struct suffix suffixes[] = {
	{ ".png", "image/png" },
	{ ".jpg", "image/jpeg" },
	{ ".jpeg", "image/jpeg" },
	{ ".webp", "image/webp" },
	{ ".gif", "image/gif" },
	{ ".svg", "image/svg+xml" },
	{ ".heic", "image/heic" },
	{ ".avif", "image/avif" },
	{ ".wav", "audio/wav" },
	{ ".mp3", "audio/mpeg" },
	{ ".m4a", "audio/mp4" },
	{ ".ogg", "audio/ogg" },
	{ ".mp4", "video/mp4" },
	{ ".webm", "video/webm" },
	{ ".pdf", "application/pdf" },
	{ ".json", "application/json" },
	{ ".zip", "application/zip" },
	{ ".html", "text/html" },
	{ ".csv", "text/csv" },
	{ ".md", "text/markdown" },
	{ ".txt", "text/plain" },
};

/* at: where in the file the bytes stand. */
static const struct magic {
	size_t at;
	const char *bytes;
	const char *media;
} magics[] = {
	{ 0, "\x89PNG", "image/png" },
	{ 0, "\xff\xd8\xff", "image/jpeg" },
	{ 0, "GIF8", "image/gif" },
	{ 8, "WEBP", "image/webp" },
	{ 8, "WAVE", "audio/wav" },
	{ 4, "ftypM4A", "audio/mp4" },
	{ 4, "ftyp", "video/mp4" },
	{ 0, "OggS", "audio/ogg" },
	{ 0, "ID3", "audio/mpeg" },
	{ 0, "%PDF", "application/pdf" },
	{ 0, "PK\003\004", "application/zip" },
};

const char *media_of_file(const char *name, struct span bytes)
{
	size_t len = strlen(name);
	size_t i;
	size_t n;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		n = strlen(suffixes[i].suffix);
		if (len >= n && !strcasecmp(name + len - n,
					    suffixes[i].suffix))
			return suffixes[i].media;
	}
	for (i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (bytes.len > magics[i].at &&
		    span_begins(span_of(bytes.at + magics[i].at,
					bytes.len - magics[i].at),
				magics[i].bytes))
			return magics[i].media;
	}
	return "application/octet-stream";
}
