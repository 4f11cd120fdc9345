/*
 * Data for the benchmark, the same on every machine: chat messages as
 * canonical record lines of about 600 bytes, session by session.
 *
 *	generate records <messages>		lines on standard output
 *	generate later <messages> <changes>	lines that a later export of the
 *						same sessions would bring
 *	generate stream				lines on standard input to a
 *						stream for git fast-import
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#define WORDS 8000
#define WORD_MAX 16
#define SESSION_MESSAGES 40
#define CONTENT_BYTES 170		/* with the rest about 600 */
#define BEGIN_SECONDS 1672531200	/* 2023-01-01 */

struct words {
	char at[WORDS][WORD_MAX];
	double up_to[WORDS];		/* share of this one and those before */
};

static const char *const common[] = {
	"the", "to", "and", "I", "a", "of", "you", "that", "in", "it", "is",
	"for", "my", "on", "with", "can", "this", "be", "have", "not", "are",
	"your", "as", "but", "or", "if", "so", "what", "how", "me", "was",
	"do", "would", "from", "like", "when", "we", "about", "more", "an",
	"need", "use", "think", "time", "want", "make", "help", "should",
	"which", "just", "could", "some", "there", "they", "at", "will",
	"then", "also", "because", "get"
};

/* splitmix64: small, even, and ours to repeat for ever. */
static uint64_t next(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static void make_word(uint64_t *state, char *out)
{
	static const char *const parts[] = {
		"ba", "con", "de", "er", "fi", "gra", "in", "ka", "lo", "men",
		"ni", "or", "pre", "re", "sta", "ti", "un", "ver", "al", "ing",
		"tion", "ous", "ly", "ment", "s"
	};
	size_t n = 2 + next(state) % 3;
	size_t len = 0;

	while (n--) {
		const char *part = parts[next(state) % 25];

		len += (size_t)snprintf(out + len, WORD_MAX - len, "%s", part);
		if (len >= WORD_MAX)
			return;
	}
}

/* Zipf's law, as in speech: the nth word is 1/n as frequent as the first. */
static void words_init(struct words *words)
{
	uint64_t state = 1;
	double sum = 0;
	size_t i;

	for (i = 0; i < WORDS; i++) {
		if (i < sizeof(common) / sizeof(*common))
			snprintf(words->at[i], WORD_MAX, "%s", common[i]);
		else
			make_word(&state, words->at[i]);
		sum += 1.0 / (double)(i + 1);
		words->up_to[i] = sum;
	}
	for (i = 0; i < WORDS; i++)
		words->up_to[i] /= sum;
}

static const char *draw(const struct words *words, uint64_t *state)
{
	double want = (double)(next(state) >> 11) / 9007199254740992.0;
	size_t low = 0;
	size_t high = WORDS - 1;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (words->up_to[middle] < want)
			low = middle + 1;
		else
			high = middle;
	}
	return words->at[low];
}

static void put_text(const struct words *words, uint64_t *state, size_t bytes)
{
	size_t sentence = 0;
	size_t len = 0;

	while (len < bytes) {
		const char *word = draw(words, state);

		len += (size_t)printf("%s", word);
		if (++sentence % 14 == 13)
			len += (size_t)printf("%s", next(state) % 4 ? ". " :
					      ".\\n");
		else
			len += (size_t)printf(" ");
	}
	printf("ok");
}

struct key {
	char text[37];
};

/* The nth id of a kind, in the form that exports use. */
static struct key key_of(uint64_t kind, uint64_t number)
{
	uint64_t state = kind << 56 ^ number;
	uint64_t a = next(&state);
	uint64_t b = next(&state);
	struct key key;

	snprintf(key.text, sizeof(key.text), "%08x-%04x-4%03x-a%03x-%012llx",
		 (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xffff),
		 (unsigned)(a & 0xfff), (unsigned)(b >> 52),
		 (unsigned long long)(b & 0xffffffffffffu));
	return key;
}

/* Proleptic dates are not needed: years from 2023 on, by counting. */
static void put_at(uint64_t seconds, unsigned micros)
{
	static const unsigned lengths[] = { 31, 28, 31, 30, 31, 30,
					    31, 31, 30, 31, 30, 31 };
	uint64_t day = (seconds - BEGIN_SECONDS) / 86400;
	unsigned year = 2023;
	unsigned month = 0;
	unsigned len;

	for (;;) {
		len = lengths[month] + (month == 1 && year % 4 == 0);
		if (day < len)
			break;
		day -= len;
		if (++month == 12) {
			month = 0;
			year++;
		}
	}
	printf("%04u-%02u-%02uT%02u:%02u:%02u.%06uZ-0000-00000000", year,
	       month + 1, (unsigned)day + 1, (unsigned)(seconds / 3600 % 24),
	       (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60), micros);
}

static void put_session(const struct words *words, uint64_t session)
{
	uint64_t state = ~session;
	struct key key = key_of(1, session);

	printf("{\"at\":\"");
	put_at(BEGIN_SECONDS + session * 600, 0);
	printf("\",\"data\":{\"provider\":\"chatgpt\",\"title\":\"");
	put_text(words, &state, 24);
	printf("\"},\"entity\":\"session:chatgpt:%s\",\"prev\":[],"
	       "\"type\":\"session:create\"}\n", key.text);
}

/* The nth message of all, in the session that is given. */
static void put_message(const struct words *words, uint64_t session,
			uint64_t number)
{
	uint64_t state = number;
	uint64_t index = number % SESSION_MESSAGES;
	struct key in = key_of(1, session);
	struct key key = key_of(2, number);
	struct key parent = key_of(2, number - 1);

	printf("{\"at\":\"");
	put_at(BEGIN_SECONDS + session * 600 + index * 17,
	       (unsigned)(next(&state) % 1000000));
	printf("\",\"data\":{\"content\":\"");
	/* Short questions, long answers. */
	put_text(words, &state, index % 2 ?
		 CONTENT_BYTES + next(&state) % CONTENT_BYTES :
		 CONTENT_BYTES / 3 + next(&state) % CONTENT_BYTES);
	printf("\",\"index\":%llu,", (unsigned long long)index);
	if (index)
		printf("\"parent\":\"message:chatgpt:%s/%s\",", in.text,
		       parent.text);
	else
		printf("\"parent\":null,");
	printf("\"role\":\"%s\",\"session\":\"session:chatgpt:%s\","
	       "\"visibility\":\"visible\"},"
	       "\"entity\":\"message:chatgpt:%s/%s\",\"prev\":[],"
	       "\"type\":\"message:create\"}\n",
	       index % 2 ? "assistant" : "user", in.text, in.text, key.text);
}

static void put_records(const struct words *words, uint64_t messages)
{
	uint64_t i;

	for (i = 0; i < messages; i++) {
		if (i % SESSION_MESSAGES == 0)
			put_session(words, i / SESSION_MESSAGES);
		put_message(words, i / SESSION_MESSAGES, i);
	}
}

/* New messages in sessions far apart. */
static void put_later(const struct words *words, uint64_t messages,
		      uint64_t changes)
{
	uint64_t sessions = messages / SESSION_MESSAGES;
	uint64_t i;

	for (i = 0; i < changes; i++)
		put_message(words, (i * 2 + 1) * sessions / (changes * 2),
			    messages + i);
}

/* One blob a line, and a commit that holds them all, 40 in a folder. */
static int put_stream(void)
{
	char *line = NULL;
	size_t cap = 0;
	unsigned long n = 0;
	unsigned long i;
	ssize_t len;

	while ((len = getline(&line, &cap, stdin)) > 0) {
		printf("blob\nmark :%lu\ndata %zd\n", ++n, len);
		fwrite(line, 1, (size_t)len, stdout);
		printf("\n");
	}
	free(line);
	printf("commit refs/heads/main\n"
	       "committer bench <bench@example.org> %d +0000\ndata 6\nimport\n",
	       BEGIN_SECONDS);
	for (i = 1; i <= n; i++)
		printf("M 100644 :%lu s%05lu/%lu.json\n", i,
		       i / SESSION_MESSAGES, i);
	printf("\n");
	return ferror(stdin) != 0;
}

int main(int argc, char **argv)
{
	struct words *words = malloc(sizeof(*words));
	int rc = 129;

	if (!words)
		return 128;
	words_init(words);
	if (argc == 2 && !strcmp(argv[1], "stream")) {
		rc = put_stream();
	} else if (argc == 3 && !strcmp(argv[1], "records")) {
		put_records(words, strtoull(argv[2], NULL, 10));
		rc = 0;
	} else if (argc == 4 && !strcmp(argv[1], "later")) {
		put_later(words, strtoull(argv[2], NULL, 10),
			  strtoull(argv[3], NULL, 10));
		rc = 0;
	}
	free(words);
	if (rc == 0 && (fflush(stdout) || ferror(stdout)))
		rc = 128;
	return rc;
}
