/*
 * What is imported: a file, standard input, or a folder that is one source.
 */
#ifndef VV_CMD_IMPORT_INPUT_INPUT_H
#define VV_CMD_IMPORT_INPUT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/import/parse/feed.h"
#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/base/xxh.h"
#include "lib/id/hash.h"

#define INPUT_HEAD_BYTES ((size_t)64 << 10)	/* what sniffing sees */

struct archive;
struct bundle;
struct unpack;
struct database;

struct import_input {
	char *path;		/* "-": standard input; of a file in an
				   archive "<archive>!/<name>" */
	bool is_folder;
	/*
	 * Of a folder or zip archive that is one source: its files, open from
	 * input_open() to input_close(). Of a file inside an archive: NULL.
	 */
	struct bundle *bundle;
	struct archive *archive;	/* that a file is inside of, held */
	const char *member;		/* and its name there, in path */
	int fd;			/* -1: closed, or no file */
	int standard_input;	/* what "-" is; -1: there is none */
	struct database *database;	/* input_database(); NULL: not opened */
	const char *room;	/* a folder for private copies; NULL: none of ours */
	struct buf head;	/* the first bytes; more after input_load() */
	size_t head_used;	/* bytes of it that input_read() gave */
	bool is_open;
	bool is_plain;		/* nobody named it: it may be no pipe */
	bool is_found;		/* capture looked for it, at that very place */
	bool is_loaded;		/* head is all there is */
	bool is_pipe;		/* cannot be read twice */
	/* Of gzip or zstd data what they hold is read, as if it were the file:
	 * the first bytes as they are, and how many of them were unpacked. */
	struct unpack *unpack;	/* NULL: it is not compressed */
	struct buf packed;
	size_t packed_used;
	struct err torn;	/* why they end before their end; for who reads
				   it is the end of the file */
	uint64_t unpacked;	/* bytes that came out of them */
	uint64_t size;		/* bytes in all; 0: unknown. Of a bundle the
				   sum of its files */
	uint64_t bytes_read;	/* since it was opened, ahead of input_read() */
};

#define IMPORT_INPUT_INIT { .fd = -1, .standard_input = -1, \
			    .head = BUF_INIT(BUF_NO_LIMIT), \
			    .packed = BUF_INIT(BUF_NO_LIMIT) }

/*
 * Open and read the head; of a folder or of a file that begins as a zip
 * archive does, the bundle too. Of the members of archives only one can be
 * read at a time: opening another closes it. May be called again after
 * input_close(). ERR_NOT_FOUND, ERR_DENIED, ERR_IO; ERR_INVALID for what is
 * no regular file, pipe or folder; ERR_UNSUPPORTED for an archive in a pipe;
 * what bundle_open() returns.
 */
MUST_USE int input_open(struct import_input *input, struct err *err);

/* All bytes, in head. ERR_LIMIT above max_bytes. */
MUST_USE int input_load(struct import_input *input, size_t max_bytes,
			struct err *err);

/* For who reads twice: load what cannot be opened again, then begin anew.
 * ERR_LIMIT above 1 GiB, and what opening returns. */
MUST_USE int input_hold(struct import_input *input, struct err *err);
MUST_USE int input_rewind(struct import_input *input, struct err *err);

/* The next bytes, head first; *out_len 0 at the end. */
MUST_USE int input_read(struct import_input *input, void *bytes, size_t len,
			size_t *out_len, struct err *err);

/* input_read() as a feed. */
struct feed input_feed(struct import_input *input);

/*
 * XXH3-128 of all its bytes (of a bundle over names, sizes and bytes of its
 * files, in order), or SHA-256 of the bytes of the file, which a bundle that
 * is an archive has too. Reads it once and leaves it as it was, open or
 * closed; but who reads a member of an archive can then not go on.
 * ERR_UNSUPPORTED for a pipe, and for the SHA-256 of a folder.
 */
MUST_USE int input_hash(struct import_input *input,
			unsigned char out[HASH128_BYTES], struct err *err);
MUST_USE int input_sha256(struct import_input *input,
			  unsigned char out[SHA256_BYTES], struct err *err);

/* Forget the bytes until the next input_open(), unless they cannot be read
 * again (standard input and other pipes). */
void input_close(struct import_input *input);
/* Forget them for good: nobody will open it again. */
void input_finish(struct import_input *input);
void input_release(struct import_input *input);

#endif
