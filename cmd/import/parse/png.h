/*
 * PNG files as what they are besides a picture: a row of chunks, some of
 * which hold text, such as a character card.
 */
#ifndef VV_CMD_IMPORT_PARSE_PNG_H
#define VV_CMD_IMPORT_PARSE_PNG_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define PNG_TYPE_MAX 5		/* with the terminator */

struct png_reader {
	struct span png;	/* borrowed, as the spans of its chunks */
	size_t at;		/* of the next chunk; 0: before the signature */
	bool is_at_end;
};

#define PNG_READER_INIT(bytes) { (bytes), 0, false }

struct png_chunk {
	char type[PNG_TYPE_MAX];	/* "tEXt" */
	struct span data;
	size_t at;			/* of its first byte in the file */
};

/* Does it begin with the signature? */
bool png_is_magic(struct span head);

/*
 * The next chunk, its checksum found right. There is none behind IEND,
 * whatever follows it. ERR_INVALID for what has no signature, ERR_CORRUPT with the
 * place in bytes for a chunk that is torn, too long or damaged, and for a
 * file without IEND.
 */
MUST_USE int png_next(struct png_reader *reader, struct png_chunk *out,
		      bool *out_is_there, struct err *err);

/*
 * The keyword and the text of a tEXt chunk, as they stand (Latin-1). False
 * for another chunk or one without keyword.
 */
bool png_text(const struct png_chunk *chunk, struct span *out_keyword,
	      struct span *out_text);

/*
 * The name and the text, in base64, of a file that a card's picture carries
 * beside the card: of a text chunk "chara-ext-asset_0" or
 * "chara-ext-asset_:0", both of "__asset:0". False for another chunk.
 */
bool png_asset(const struct png_chunk *chunk, struct span *out_name,
	       struct span *out_text);

/*
 * Append the JSON of the character card in the picture: the last text chunk
 * with keyword "ccv3", else the last with "chara", in any case, decoded from
 * base64; not parsed. *out_keyword, which may be NULL, is one of these two
 * literals. ERR_NOT_FOUND when there is none, ERR_INVALID when it is no
 * base64; else as png_next(), of which all chunks must be whole.
 */
MUST_USE int png_card(struct span png, struct buf *out,
		      const char **out_keyword, struct err *err);

#endif
