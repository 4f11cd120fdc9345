#include "cmd/import/identity/namesake.h"

#include <stdio.h>
#include <strings.h>

#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"

/* Names are spelt as their writers like: letters count, not their size. */
static void digest_name(struct span text, unsigned char out[SHA256_BYTES])
{
	struct sha256 hash = { { 0 } };
	size_t i;

	sha256_init(&hash);
	for (i = 0; i < text.len; i++) {
		char c = text.at[i];

		c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		sha256_add(&hash, &c, 1);
	}
	sha256_finish(&hash, out);
}

void namesake_set(struct namesake *who, enum namesake_trait trait,
		  struct span text)
{
	unsigned char *digest = who->traits[trait].digest;

	while (text.len && strchr(" \t\r\n", text.at[0]))
		text = span_of(text.at + 1, text.len - 1);
	while (text.len && strchr(" \t\r\n", text.at[text.len - 1]))
		text.len--;
	who->traits[trait].len = text.len;
	if (text.len && trait == NAMESAKE_NAME)
		digest_name(text, digest);
	else if (text.len)
		sha256_of(text.at, text.len, digest);
	if (trait != NAMESAKE_MAKER)
		return;
	text = text_cut(text, NAMESAKE_SHOWN);
	snprintf(who->maker, sizeof(who->maker), "%.*s", (int)text.len,
		 text.len ? text.at : "");
}

void namesake_set_from(struct namesake *who, enum namesake_trait trait,
		       struct span object, const char *member)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span value;

	if (jcs_find(object, member, &value) &&
	    jcs_type_of(value) == JCS_STRING &&
	    jcs_string_decode(value, &text, NULL) == 0)
		namesake_set(who, trait, buf_span(&text));
	buf_release(&text);
}

/* What stands for a name in a text that is not yet said to anybody. */
static size_t placeholder_len(struct span text)
{
	static const char *const words[] = {
		"{{user}}", "{{char}}", "<user>", "<char>", "<bot>"
	};
	size_t len;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		len = strlen(words[i]);
		if (text.len >= len && !strncasecmp(text.at, words[i], len))
			return len;
	}
	return 0;
}

/* How much of it does not count, at its begin. */
static size_t passed_over(struct span text, const struct span *names, size_t n)
{
	size_t i;

	if (strchr(" \t\r\n", text.at[0]) && text.at[0])
		return 1;
	for (i = 0; i < n; i++) {
		if (names[i].len > 1 && text.len >= names[i].len &&
		    !memcmp(text.at, names[i].at, names[i].len))
			return names[i].len;
	}
	return placeholder_len(text);
}

void namesake_add_opening(struct namesake *who, struct span text,
			  const struct span *names, size_t n)
{
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash = { { 0 } };
	size_t kept = 0;
	size_t len;

	sha256_init(&hash);
	while (text.len) {
		len = passed_over(text, names, n);
		if (!len) {
			sha256_add(&hash, text.at, 1);
			kept++;
			len = 1;
		}
		text = span_of(text.at + len, text.len - len);
	}
	if (!kept || who->openings_n == NAMESAKE_OPENINGS)
		return;
	sha256_finish(&hash, digest);
	memcpy(who->openings[who->openings_n++], digest,
	       NAMESAKE_OPENING_BYTES);
}

bool namesake_is_signed(const struct namesake *who)
{
	return who->traits[NAMESAKE_MAKER].len ||
	       who->traits[NAMESAKE_BEGIN].len ||
	       who->traits[NAMESAKE_LOOKS].len;
}

/* Is there something of this kind that is the known one's, and the other's? */
static bool shares(const struct namesake *known, const struct namesake *who,
		   enum namesake_trait trait)
{
	return known->traits[trait].len &&
	       known->traits[trait].len == who->traits[trait].len &&
	       !memcmp(known->traits[trait].digest, who->traits[trait].digest,
		       SHA256_BYTES);
}

bool namesake_is_vouched(const struct namesake *known,
			 const struct namesake *who)
{
	if (known->traits[NAMESAKE_MAKER].len)
		return shares(known, who, NAMESAKE_MAKER);
	return !namesake_is_signed(known) ||
	       shares(known, who, NAMESAKE_BEGIN) ||
	       shares(known, who, NAMESAKE_LOOKS);
}
