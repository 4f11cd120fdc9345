#include "objects/record/head.h"

#include <stdio.h>

#include "lib/id/encode.h"

#define LEAVES "{\"leaves\":\""
#define REST "\",\"rest\":\""
#define END "\",\"vvault\":\"segment-1\"}\n"
#define HEX_LEN (2 * SHA256_BYTES)

_Static_assert(sizeof(LEAVES) + sizeof(REST) + sizeof(END) - 3 + 2 * HEX_LEN ==
	       HEAD_BYTES, "length of a head");

void head_put(const struct segment_head *head, char *out)
{
	char leaves[HEX_TEXT(SHA256_BYTES) + 1];
	char rest[HEX_TEXT(SHA256_BYTES) + 1];
	char line[HEAD_BYTES + 1];

	hex_text(head->leaves, SHA256_BYTES, leaves);
	hex_text(head->rest, SHA256_BYTES, rest);
	snprintf(line, sizeof(line), LEAVES "%s" REST "%s" END, leaves, rest);
	memcpy(out, line, HEAD_BYTES);
}

static void skip(struct span *bytes, size_t len)
{
	*bytes = span_of(bytes->at + len, bytes->len - len);
}

/* The words where they must stand, and behind them a digest. */
static bool take_digest(struct span *bytes, const char *words,
			unsigned char out[SHA256_BYTES])
{
	if (!span_begins(*bytes, words))
		return false;
	skip(bytes, strlen(words));
	if (bytes->len < HEX_LEN ||
	    !hex_decode(span_of(bytes->at, HEX_LEN), out, SHA256_BYTES))
		return false;
	skip(bytes, HEX_LEN);
	return true;
}

bool head_split(struct span bytes, struct segment_head *out,
		struct span *out_rest)
{
	struct segment_head head;

	if (!take_digest(&bytes, LEAVES, head.leaves) ||
	    !take_digest(&bytes, REST, head.rest) || !span_begins(bytes, END))
		return false;
	skip(&bytes, sizeof(END) - 1);
	if (out)
		*out = head;
	if (out_rest)
		*out_rest = bytes;
	return true;
}

bool bears_name(struct span bytes, const unsigned char digest[SHA256_BYTES])
{
	unsigned char found[SHA256_BYTES];
	struct segment_head head;
	struct span rest;

	name_digest(bytes, found);
	if (memcmp(found, digest, sizeof(found)))
		return false;
	if (!head_split(bytes, &head, &rest))
		return true;
	sha256_of(rest.at, rest.len, found);
	return !memcmp(found, head.rest, sizeof(found));
}

void name_digest(struct span bytes, unsigned char out[SHA256_BYTES])
{
	if (head_split(bytes, NULL, NULL))
		bytes.len = HEAD_BYTES;
	sha256_of(bytes.at, bytes.len, out);
}
