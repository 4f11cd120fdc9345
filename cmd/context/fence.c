#include "cmd/context/fence.h"

#include "lib/base/random.h"
#include "lib/base/text.h"
#include "lib/id/hash.h"

/* Digits and letters that are not taken for one another. */
static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

static void spell(struct fence *fence, const unsigned char *bytes)
{
	size_t i;

	for (i = 0; i < FENCE_WORD; i++)
		fence->word[i] = letters[bytes[i] & 31];
	fence->word[FENCE_WORD] = '\0';
}

void fence_by_chance(struct fence *fence)
{
	unsigned char bytes[FENCE_WORD];

	random_bytes(bytes, sizeof(bytes));
	spell(fence, bytes);
}

void fence_follow(struct fence *fence, struct span from)
{
	unsigned char digest[SHA256_BYTES];

	sha256_of(from.at, from.len, digest);
	spell(fence, digest);
}

void fence_open(struct buf *out, const struct fence *fence, bool is_tag)
{
	buf_putf(out, is_tag ? "<recalled-%s>\n" : "<<<recalled %s\n",
		 fence->word);
}

void fence_close(struct buf *out, const struct fence *fence, bool is_tag)
{
	buf_putf(out, is_tag ? "</recalled-%s>\n" : "%s>>>\n", fence->word);
}

void fence_put_line(struct buf *out, struct span text)
{
	buf_fail(out, text_escape(out, text, 0, NULL));
}

void fence_put(struct buf *out, struct span text, const char *prefix)
{
	while (text.len) {
		struct span line = span_take_line(&text);

		/* Of files that come from Windows: the end of a line. */
		if (span_ends(line, "\r"))
			line.len--;
		buf_put_str(out, prefix);
		buf_fail(out, text_escape(out, line, TEXT_KEEP_LINES, NULL));
		buf_put_char(out, '\n');
	}
}
