#include "cmd/import/parse/png.h"

#include <stdint.h>
#include <strings.h>

#include "lib/base/deflate.h"
#include "lib/base/utf8.h"
#include "lib/id/encode.h"

#define SIGNATURE_BYTES 8
#define CHUNK_EXTRA 12		/* length, type and checksum */
#define ASSET "chara-ext-asset_"
#define KEYWORD_MAX 79		/* says the standard */

static const char signature[] = "\x89PNG\r\n\x1a\n";

bool png_is_magic(struct span head)
{
	return head.len >= SIGNATURE_BYTES &&
	       !memcmp(head.at, signature, SIGNATURE_BYTES);
}

static bool is_type(const char *at)
{
	int i;

	for (i = 0; i < PNG_TYPE_MAX - 1; i++)
		if ((at[i] | 0x20) < 'a' || (at[i] | 0x20) > 'z')
			return false;
	return true;
}

/* The chunk at this place, of which left bytes are there. */
static int take_chunk(const char *at, size_t left, size_t place,
		      struct png_chunk *out, struct err *err)
{
	size_t len;

	if (left < CHUNK_EXTRA)
		return err_set(err, ERR_CORRUPT, "the picture is cut off at "
			       "byte %zu, before its end chunk", place);
	len = u32_at(at);
	if (!is_type(at + 4))
		return err_set(err, ERR_CORRUPT,
			       "no chunk of a picture at byte %zu", place);
	if (len > left - CHUNK_EXTRA)
		return err_set(err, ERR_CORRUPT, "the chunk at byte %zu is "
			       "cut off: %zu bytes long, %zu are there", place,
			       len, left - CHUNK_EXTRA);
	if (deflate_crc32(0, span_of(at + 4, len + 4)) != u32_at(at + 8 + len))
		return err_set(err, ERR_CORRUPT, "the checksum of the chunk "
			       "at byte %zu is wrong", place);
	memcpy(out->type, at + 4, PNG_TYPE_MAX - 1);
	out->type[PNG_TYPE_MAX - 1] = '\0';
	out->data = span_of(at + 8, len);
	out->at = place;
	return 0;
}

int png_next(struct png_reader *reader, struct png_chunk *out,
	     bool *out_is_there, struct err *err)
{
	int rc;

	*out_is_there = false;
	if (reader->is_at_end)
		return 0;
	if (!reader->at) {
		if (!png_is_magic(reader->png))
			return err_set(err, ERR_INVALID, "not a PNG picture: "
				       "its signature is missing");
		reader->at = SIGNATURE_BYTES;
	}
	rc = take_chunk(reader->png.at + reader->at,
			reader->png.len - reader->at, reader->at, out, err);
	if (rc < 0)
		return rc;
	reader->at += out->data.len + CHUNK_EXTRA;
	reader->is_at_end = !strcmp(out->type, "IEND");
	*out_is_there = true;
	return 0;
}

bool png_text(const struct png_chunk *chunk, struct span *out_keyword,
	      struct span *out_text)
{
	struct span data = chunk->data;
	const char *end;

	if (strcmp(chunk->type, "tEXt") != 0 || !data.len)
		return false;
	end = memchr(data.at, '\0', data.len);
	if (!end || end == data.at || end - data.at > KEYWORD_MAX)
		return false;
	*out_keyword = span_of(data.at, (size_t)(end - data.at));
	*out_text = span_of(end + 1, data.len - out_keyword->len - 1);
	return true;
}

bool png_asset(const struct png_chunk *chunk, struct span *out_name,
	       struct span *out_text)
{
	struct span name;

	if (!png_text(chunk, &name, out_text) || !span_begins(name, ASSET))
		return false;
	name = span_of(name.at + strlen(ASSET), name.len - strlen(ASSET));
	if (span_begins(name, ":"))
		name = span_of(name.at + 1, name.len - 1);
	*out_name = name;
	return name.len && utf8_is_valid(name);
}

static bool is_word(struct span text, const char *word)
{
	return text.len == strlen(word) &&
	       !strncasecmp(text.at, word, text.len);
}

/* The texts of both keywords, absent or the last ones. */
static int find_texts(struct span png, struct span *v3, struct span *v2,
		      struct err *err)
{
	struct png_reader reader = PNG_READER_INIT(png);
	struct span keyword, text;
	struct png_chunk chunk;
	bool is_there;
	int rc;

	while ((rc = png_next(&reader, &chunk, &is_there, err)) == 0 &&
	       is_there) {
		if (!png_text(&chunk, &keyword, &text))
			continue;
		if (is_word(keyword, "ccv3"))
			*v3 = text;
		else if (is_word(keyword, "chara"))
			*v2 = text;
	}
	return rc;
}

int png_card(struct span png, struct buf *out, const char **out_keyword,
	     struct err *err)
{
	struct span v3 = { NULL, 0 };
	struct span v2 = { NULL, 0 };
	const char *keyword;
	int rc;

	rc = find_texts(png, &v3, &v2, err);
	if (rc < 0)
		return rc;
	if (!v3.at && !v2.at)
		return err_set(err, ERR_NOT_FOUND, "the picture holds no "
			       "character: no text 'ccv3' or 'chara'");
	keyword = v3.at ? "ccv3" : "chara";
	if (base64_decode_wrapped(v3.at ? v3 : v2, out, NULL) < 0)
		return err_set(err, ERR_INVALID, "the picture's text '%s' is "
			       "no base64", keyword);
	if (out_keyword)
		*out_keyword = keyword;
	return 0;
}
