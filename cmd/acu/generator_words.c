#include "cmd/acu/generator_words.h"

#include <stdint.h>

#include "cmd/acu/text.h"

#define WORD_MAX 12		/* letters of the longest word below */

/* Words that only mean something beside others have a number of their own. */
enum part {
	PART_NONE, PART_THE, PART_ANSWER, PART_IN, PART_CONCLUSION, PART_TO,
	PART_SUMMARIZE, PART_SUMMARY, PART_FUNCTION, PART_CALL, PART_API,
	PART_HOW, PART_I, PART_THINK, PART_FEEL, PART_MY, PART_EXPERIENCE,
	PART_OPINION
};

struct word {
	const char *text;
	unsigned senses;
	enum part part;
};

/* Sorted, in groups of one first letter. */
static const struct word words[] = {
	{ "answer", 0, PART_ANSWER },
	{ "api", SENSE_TECHNICAL, PART_API },
	{ "artistic", SENSE_CREATIVE, PART_NONE },
	{ "call", 0, PART_CALL },
	{ "can", SENSE_ASKS, PART_NONE },
	{ "class", SENSE_TECHNICAL, PART_NONE },
	{ "code", SENSE_TECHNICAL, PART_NONE },
	{ "conclusion", 0, PART_CONCLUSION },
	{ "could", SENSE_ASKS, PART_NONE },
	{ "create", SENSE_CREATIVE, PART_NONE },
	{ "database", SENSE_TECHNICAL, PART_NONE },
	{ "developer", SENSE_TECHNICAL, PART_NONE },
	{ "diagram", SENSE_IMAGE, PART_NONE },
	{ "dream", SENSE_CREATIVE, PART_NONE },
	{ "execute", SENSE_TOOL, PART_NONE },
	{ "experience", 0, PART_EXPERIENCE },
	{ "feel", 0, PART_FEEL },
	{ "function", SENSE_TECHNICAL, PART_FUNCTION },
	{ "guide", SENSE_PROCEDURAL, PART_NONE },
	{ "how", SENSE_ASKS, PART_HOW },
	{ "i", 0, PART_I },
	{ "image", SENSE_IMAGE, PART_NONE },
	{ "imagine", SENSE_CREATIVE, PART_NONE },
	{ "in", 0, PART_IN },
	{ "instruction", SENSE_PROCEDURAL, PART_NONE },
	{ "metaphor", SENSE_CREATIVE, PART_NONE },
	{ "my", 0, PART_MY },
	{ "opinion", 0, PART_OPINION },
	{ "personally", SENSE_PERSONAL, PART_NONE },
	{ "picture", SENSE_IMAGE, PART_NONE },
	{ "poem", SENSE_CREATIVE, PART_NONE },
	{ "procedure", SENSE_PROCEDURAL, PART_NONE },
	{ "process", SENSE_PROCEDURAL, PART_NONE },
	{ "programming", SENSE_TECHNICAL, PART_NONE },
	{ "screenshot", SENSE_IMAGE, PART_NONE },
	{ "server", SENSE_TECHNICAL, PART_NONE },
	{ "software", SENSE_TECHNICAL, PART_NONE },
	{ "step", SENSE_PROCEDURAL, PART_NONE },
	{ "story", SENSE_CREATIVE, PART_NONE },
	{ "summarize", 0, PART_SUMMARIZE },
	{ "summary", 0, PART_SUMMARY },
	{ "the", 0, PART_THE },
	{ "therefore", SENSE_ANSWERS, PART_NONE },
	{ "think", 0, PART_THINK },
	{ "to", 0, PART_TO },
	{ "tool", SENSE_TOOL, PART_NONE },
	{ "tutorial", SENSE_PROCEDURAL, PART_NONE },
	{ "what", SENSE_ASKS, PART_NONE },
	{ "when", SENSE_ASKS, PART_NONE },
	{ "where", SENSE_ASKS, PART_NONE },
	{ "which", SENSE_ASKS, PART_NONE },
	{ "who", SENSE_ASKS, PART_NONE },
	{ "why", SENSE_ASKS, PART_NONE },
	{ "will", SENSE_ASKS, PART_NONE },
	{ "would", SENSE_ASKS, PART_NONE },
	{ NULL, 0, PART_NONE }
};

static const struct phrase {
	enum part before;	/* PART_NONE: two words are enough */
	enum part first;
	enum part second;
	unsigned senses;
} phrases[] = {
	{ PART_NONE, PART_THE, PART_ANSWER, SENSE_ANSWERS },
	{ PART_NONE, PART_IN, PART_CONCLUSION, SENSE_ANSWERS },
	{ PART_NONE, PART_TO, PART_SUMMARIZE, SENSE_ANSWERS },
	{ PART_NONE, PART_IN, PART_SUMMARY, SENSE_ANSWERS },
	{ PART_NONE, PART_FUNCTION, PART_CALL, SENSE_TOOL },
	{ PART_NONE, PART_API, PART_CALL, SENSE_TOOL },
	{ PART_NONE, PART_HOW, PART_TO, SENSE_PROCEDURAL },
	{ PART_NONE, PART_I, PART_THINK, SENSE_PERSONAL },
	{ PART_NONE, PART_I, PART_FEEL, SENSE_PERSONAL },
	{ PART_NONE, PART_MY, PART_EXPERIENCE, SENSE_PERSONAL },
	{ PART_IN, PART_MY, PART_OPINION, SENSE_PERSONAL },
	{ PART_NONE, PART_NONE, PART_NONE, 0 }
};

/* A walk over the words of a text. */
struct senses {
	unsigned found;
	enum part before;	/* the word before the last one */
	enum part last;		/* PART_NONE unless one space parts them */
	char word[WORD_MAX];	/* the word at hand, in lower case */
	size_t len;		/* its letters, more than WORD_MAX too */
	unsigned char first[26];	/* where the words of a letter begin */
};

static void senses_begin(struct senses *senses)
{
	size_t word = 0;
	char letter;

	memset(senses, 0, sizeof(*senses));
	for (letter = 'a'; letter <= 'z'; letter++) {
		while (words[word].text && words[word].text[0] < letter)
			word++;
		senses->first[letter - 'a'] = (unsigned char)word;
	}
}

static const struct word *find_word(const struct senses *senses)
{
	char letter = senses->word[0];
	const struct word *word;

	if (!senses->len || senses->len > WORD_MAX || letter < 'a' ||
	    letter > 'z')
		return NULL;
	word = &words[senses->first[letter - 'a']];
	for (; word->text && word->text[0] == letter; word++) {
		if (!strncmp(word->text, senses->word, senses->len) &&
		    !word->text[senses->len])
			return word;
	}
	return NULL;
}

static void end_word(struct senses *senses)
{
	const struct word *word = find_word(senses);
	enum part part = word ? word->part : PART_NONE;
	const struct phrase *phrase;

	senses->len = 0;
	if (word)
		senses->found |= word->senses;
	for (phrase = phrases; part && phrase->senses; phrase++) {
		if (phrase->second == part && phrase->first == senses->last &&
		    (!phrase->before || phrase->before == senses->before))
			senses->found |= phrase->senses;
	}
	senses->before = senses->last;
	senses->last = part;
}

static void add_letter(struct senses *senses, char c)
{
	if (senses->len < WORD_MAX)
		senses->word[senses->len] = c >= 'A' && c <= 'Z' ?
					    (char)(c - 'A' + 'a') : c;
	senses->len++;
}

static void forget_words(struct senses *senses)
{
	senses->before = PART_NONE;
	senses->last = PART_NONE;
}

/*
 * Two characters become ASCII letters in lower case: the Kelvin sign a k, and
 * the dotted capital I an i with a combining dot behind it, which ends a word.
 * Returns their bytes, 0 for others.
 */
static size_t add_foreign(struct senses *senses, struct span text, size_t at)
{
	uint32_t point;
	size_t len = acu_char(text, at, &point);

	if (point == 0x212a) {
		add_letter(senses, 'k');
		return len;
	}
	if (point != 0x130)
		return 0;
	add_letter(senses, 'i');
	end_word(senses);
	forget_words(senses);
	return len;
}

unsigned generator_senses(struct span text)
{
	struct senses senses;
	size_t at = 0;
	size_t len;
	char c;

	senses_begin(&senses);
	while (at < text.len) {
		c = text.at[at];
		if (acu_is_word((unsigned char)c)) {
			add_letter(&senses, c);
			at++;
			continue;
		}
		len = (c & 0x80) ? add_foreign(&senses, text, at) : 0;
		at += len ? len : 1;
		if (len)
			continue;
		if (senses.len)
			end_word(&senses);
		else
			forget_words(&senses);
		if (c != ' ')
			forget_words(&senses);
	}
	if (senses.len)
		end_word(&senses);
	return senses.found;
}
