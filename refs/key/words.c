#include "refs/key/sealed.h"

#include <sodium.h>

#define ROW_BYTES (SEALED_KEY_BYTES / SEALED_KEY_ROWS)
#define CHECK_BYTES 2
#define WORD_LETTERS 5

static const char consonants[] = "bdfghjklmnprstvz";
static const char vowels[] = "aiou";

static void row_check(const unsigned char *row, size_t number,
		      unsigned char out[CHECK_BYTES])
{
	unsigned char text[1 + ROW_BYTES];
	unsigned char hash[crypto_generichash_BYTES];

	text[0] = (unsigned char)number;
	memcpy(text + 1, row, ROW_BYTES);
	crypto_generichash(hash, sizeof(hash), text, sizeof(text), NULL, 0);
	memcpy(out, hash, CHECK_BYTES);
}

static void word_put(const unsigned char two[2], char out[WORD_LETTERS])
{
	unsigned bits = (unsigned)two[0] << 8 | two[1];

	out[0] = consonants[bits >> 12];
	out[1] = vowels[bits >> 10 & 3];
	out[2] = consonants[bits >> 6 & 15];
	out[3] = vowels[bits >> 4 & 3];
	out[4] = consonants[bits & 15];
}

void sealed_key_row(const struct sealed_key *sealed, size_t row,
		    char out[SEALED_KEY_ROW_MAX])
{
	unsigned char bytes[ROW_BYTES + CHECK_BYTES];
	size_t i;

	memcpy(bytes, sealed->bytes + row * ROW_BYTES, ROW_BYTES);
	row_check(bytes, row, bytes + ROW_BYTES);
	for (i = 0; i < SEALED_KEY_ROW_WORDS; i++) {
		word_put(bytes + 2 * i, out + i * (WORD_LETTERS + 1));
		out[i * (WORD_LETTERS + 1) + WORD_LETTERS] = ' ';
	}
	out[SEALED_KEY_ROW_MAX - 1] = '\0';
}

static bool letter_take(const char *letters, char letter, unsigned shift,
			unsigned *bits)
{
	const char *found = letter ? strchr(letters, letter) : NULL;

	if (found)
		*bits = *bits << shift | (unsigned)(found - letters);
	return found != NULL;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The next word; false where it is none. A text that has ended gives "". */
static bool word_take(struct span *rest, unsigned char out[2], bool *has_word)
{
	char word[WORD_LETTERS + 1] = "";
	unsigned bits = 0;
	size_t len = 0;
	size_t i;
	bool is_word = true;

	while (rest->len && !is_letter(*rest->at))
		*rest = span_of(rest->at + 1, rest->len - 1);
	for (; rest->len && is_letter(*rest->at); len++) {
		if (len < WORD_LETTERS)
			word[len] = (char)(*rest->at | 0x20);
		*rest = span_of(rest->at + 1, rest->len - 1);
	}
	*has_word = len > 0;
	for (i = 0; i < WORD_LETTERS; i++)
		is_word = is_word &&
			  letter_take(i % 2 ? vowels : consonants, word[i],
				      i % 2 ? 2 : 4, &bits);
	out[0] = (unsigned char)(bits >> 8);
	out[1] = (unsigned char)bits;
	sodium_memzero(word, sizeof(word));
	return is_word && len == WORD_LETTERS;
}

int sealed_key_read_words(struct span text, struct sealed_key *out,
			  struct err *err)
{
	unsigned char bytes[ROW_BYTES + CHECK_BYTES];
	unsigned char check[CHECK_BYTES];
	struct sealed_key made;
	bool has_word = true;
	size_t row;
	size_t i;

	memset(&made, 0, sizeof(made));
	for (row = 0; row < SEALED_KEY_ROWS; row++) {
		for (i = 0; i < SEALED_KEY_ROW_WORDS; i++) {
			if (word_take(&text, bytes + 2 * i, &has_word))
				continue;
			return err_set(err, ERR_INVALID, has_word ?
				       "row %zu, word %zu is none of a key on "
				       "paper" : "the words end in row %zu, "
				       "before word %zu", row + 1, i + 1);
		}
		row_check(bytes, row, check);
		if (memcmp(check, bytes + ROW_BYTES, CHECK_BYTES))
			return err_set(err, ERR_INVALID, "there is a slip in "
				       "row %zu of the words", row + 1);
		memcpy(made.bytes + row * ROW_BYTES, bytes, ROW_BYTES);
	}
	if (word_take(&text, bytes, &has_word) || has_word)
		return err_set(err, ERR_INVALID, "there are more words than "
			       "a key has: %d",
			       SEALED_KEY_ROWS * SEALED_KEY_ROW_WORDS);
	*out = made;
	return 0;
}
