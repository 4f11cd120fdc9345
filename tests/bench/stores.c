/*
 * A store of an agent or an app, the same on every machine, made after a shape
 * (stores/<family>/<name>.shape): what stands once, around each session and in
 * each turn of it. Says how many sessions, messages and bytes it made, and of
 * what kind the messages are.
 *
 *	stores <shape> <folder> <bytes> [one]
 *
 * With "one" all is a single session. A shape is comment up to its first line
 * that begins with %; lines of words not named here are others' to read. Then
 *
 *	%count <a> <b> [<kind>]	messages (or entities of that kind) of a session
 *			beyond its turns, and of a turn
 *	%begin %open %turn %close %end	begin a section; all but %turn may be left out
 *	%file <path>	what follows goes to this file below the folder
 *
 * and in texts and paths
 *
 *	@p @w @r	words: a prompt, an answer, what a tool gave (newlines as \n)
 *	@P @W @R	the same with newlines as they are; @F as @r, without any
 *	@E		words of exactly 1500 bytes, without any
 *	@s @i @j @k	session (12 digits); turn, the one before, the next
 *	@n @N		the turn's number in the whole store, in 8 digits
 *	@t @u @d @+	time in ms, in s, as a date; a second later
 *	@,		a comma, but not in what is the first of its kind
 *	@?a@:b@.	a, but b in what is the first of its kind
 *	@!a@:b@.	a, but b in the last turn of a session
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define SHAPE_MAX_BYTES 65536
#define PATH_MAX_BYTES 4096
#define PROMPT_BYTES 300
#define ANSWER_BYTES 600
#define RESULT_BYTES 3000
#define EXACT_BYTES 1500
#define TURNS_MOST 23
#define KIND_MAX_BYTES 16
#define BEGIN_S 1700000000
#define SESSION_S 3600
#define TURN_S 30

static const char *const words[] = {
	"the", "to", "and", "a", "of", "file", "line", "in", "test", "is",
	"for", "return", "on", "with", "value", "this", "be", "error", "not",
	"build", "your", "as", "but", "or", "if", "so", "what", "buffer", "me",
	"was", "do", "would", "from", "struct", "when", "we", "about", "more",
	"function", "need", "use", "think", "time", "string", "make", "length"
};

enum section { BEGIN, OPEN, TURN, CLOSE, END, SECTIONS };

static const char *const section_names[] = {
	"begin", "open", "turn", "close", "end"
};

struct store {
	const char *folder;
	FILE *out;
	char *sections[SECTIONS];
	char file[PATH_MAX_BYTES];
	uint64_t state;
	uint64_t bytes_most;
	uint64_t bytes;
	unsigned session;
	unsigned turn;
	unsigned turns;		/* of this session, 0 = until the bytes are made */
	unsigned all_turns;
	unsigned second;	/* of this turn */
	unsigned of_session;
	unsigned of_turn;
	char kind[KIND_MAX_BYTES];
	bool is_first;
	bool is_last;
};

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static void put_words(struct store *store, size_t bytes, const char *newline)
{
	size_t n = sizeof(words) / sizeof(*words);
	size_t line = 0;

	while (bytes) {
		uint64_t drawn = next(&store->state);
		const char *word = words[drawn % n];
		char number[16];
		size_t len;

		if (drawn >> 32 & 7)
			(void)snprintf(number, sizeof(number), "%s", word);
		else
			(void)snprintf(number, sizeof(number), "%x",
				       (unsigned)(drawn >> 40));
		fputs(number, store->out);
		len = strlen(number) + 1;
		line += len;
		fputs(line > 60 ? newline : " ", store->out);
		line = line > 60 ? 0 : line;
		bytes -= len < bytes ? len : bytes;
	}
	fputs("so.", store->out);
}

/* For formats that say how long a text is. */
static void put_exactly(struct store *store, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++) {
		uint64_t drawn = next(&store->state);

		fputc(drawn % 5 ? "etaoinshrdlucmfw"[drawn >> 8 & 15] : ' ',
		      store->out);
	}
}

static int64_t seconds(const struct store *store)
{
	return BEGIN_S + (int64_t)store->session * SESSION_S +
	       (int64_t)store->turn * TURN_S + store->second;
}

static void put_number(const struct store *store, char what, FILE *out)
{
	time_t at = (time_t)seconds(store);
	char date[32];
	struct tm tm;

	switch (what) {
	case 's':
		fprintf(out, "%012u", store->session);
		break;
	case 'i':
		fprintf(out, "%u", store->turn);
		break;
	case 'j':
		fprintf(out, "%u", store->turn - 1);
		break;
	case 'k':
		fprintf(out, "%u", store->turn + 1);
		break;
	case 'n':
		fprintf(out, "%u", store->all_turns);
		break;
	case 'N':
		fprintf(out, "%08u", store->all_turns);
		break;
	case 't':
		fprintf(out, "%lld", (long long)seconds(store) * 1000);
		break;
	case 'u':
		fprintf(out, "%lld", (long long)seconds(store));
		break;
	default:
		(void)strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S",
			       gmtime_r(&at, &tm));
		fputs(date, out);
	}
}

/* Past the next @: or @. of this choice, which holds no other. */
static const char *past(const char *at, char mark)
{
	for (; *at; at++) {
		if (at[0] == '@' && at[1] == mark)
			return at + 2;
	}
	return at;
}

static const char *put_mark(struct store *store, const char *at)
{
	static const char kinds[] = "pwrPWRF";
	static const size_t sizes[] = { PROMPT_BYTES, ANSWER_BYTES,
					RESULT_BYTES };
	const char *kind = strchr(kinds, *at);

	if (kind && *kind == 'F')
		put_words(store, RESULT_BYTES, " ");
	else if (*at == 'E')
		put_exactly(store, EXACT_BYTES);
	else if (kind)
		put_words(store, sizes[(kind - kinds) % 3],
			  kind - kinds < 3 ? "\\n" : "\n");
	else if (*at == '+')
		store->second++;
	else if (*at == ',' && !store->is_first)
		fputc(',', store->out);
	else if ((*at == '?' && store->is_first) ||
		 (*at == '!' && store->is_last))
		return past(at, ':');
	else if (*at == ':')
		return past(at, '.');
	else if (strchr("sijknNtud", *at))
		put_number(store, *at, store->out);
	return at + 1;
}

static void put_text(struct store *store, const char *at, const char *end)
{
	while (at < end) {
		if (*at == '@' && at[1])
			at = put_mark(store, at + 1);
		else
			fputc(*at++, store->out);
	}
}

static int make_folders(char *path)
{
	char *at;

	for (at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			return -1;
		*at = '/';
	}
	return 0;
}

static int close_file(struct store *store)
{
	long size = store->out ? ftell(store->out) : 0;
	int rc = store->out ? fclose(store->out) : 0;

	store->bytes += size > 0 ? (uint64_t)size : 0;
	store->out = NULL;
	return rc;
}

/* A file that was begun before goes on. */
static int open_file(struct store *store, const char *at, const char *end)
{
	char *name = NULL;
	size_t len = 0;
	FILE *memory = open_memstream(&name, &len);
	char path[PATH_MAX_BYTES];
	int rc = -1;
	long was;

	if (!memory || close_file(store))
		goto out;
	store->out = memory;
	put_text(store, at, end);
	store->out = NULL;
	if (fflush(memory))
		goto out;
	(void)snprintf(path, sizeof(path), "%s/%s", store->folder, name);
	if (make_folders(path) < 0)
		goto out;
	store->out = fopen(path, "a");
	if (!store->out || fseek(store->out, 0, SEEK_END))
		goto out;
	was = ftell(store->out);
	store->bytes -= was > 0 ? (uint64_t)was : 0;
	rc = 0;
out:
	if (memory)
		(void)fclose(memory);
	free(name);
	return rc;
}

static uint64_t made(const struct store *store)
{
	long size = store->out ? ftell(store->out) : 0;

	return store->bytes + (size > 0 ? (uint64_t)size : 0);
}

static int put_section(struct store *store, enum section section, bool is_first)
{
	const char *at = store->sections[section];

	store->is_first = is_first;
	store->second = 0;
	while (at && *at) {
		const char *end = strchr(at, '\n');

		end = end ? end + 1 : at + strlen(at);
		if (!strncmp(at, "%file ", 6)) {
			if (open_file(store, at + 6, end - 1) < 0)
				return -1;
		} else if (store->out) {
			put_text(store, at, end);
		}
		at = end;
	}
	return 0;
}

static int put_session(struct store *store)
{
	bool is_first = true;

	store->turn = 0;
	store->is_last = false;
	if (put_section(store, OPEN, store->session == 1) < 0)
		return -1;
	while (!store->is_last) {
		store->turn++;
		store->all_turns++;
		store->is_last = store->turns ? store->turn == store->turns :
				 made(store) >= store->bytes_most;
		if (put_section(store, TURN, is_first) < 0)
			return -1;
		is_first = false;
	}
	return put_section(store, CLOSE, store->session == 1);
}

static int put_store(struct store *store, bool is_one)
{
	if (put_section(store, BEGIN, true) < 0)
		return -1;
	do {
		store->session++;
		store->turns = is_one ? 0 :
			1 + (unsigned)(next(&store->state) % TURNS_MOST);
		if (put_session(store) < 0)
			return -1;
	} while (made(store) < store->bytes_most);
	if (put_section(store, END, true) < 0)
		return -1;
	return close_file(store);
}

/* Cuts the shape into its sections, in place. */
static int read_shape(struct store *store, char *text)
{
	char *line;
	char *end;
	size_t i;

	for (line = text; line; line = end ? end + 1 : NULL) {
		end = strchr(line, '\n');
		if (sscanf(line, "%%count %u %u%*[ ]%15[a-z]", &store->of_session,
			   &store->of_turn, store->kind) >= 2)
			continue;
		for (i = 0; i < SECTIONS; i++) {
			size_t len = strlen(section_names[i]);

			if (*line != '%' || line[1 + len] != '\n' ||
			    strncmp(line + 1, section_names[i], len))
				continue;
			*line = '\0';
			store->sections[i] = line + len + 2;
		}
	}
	return store->sections[TURN] && *store->kind ? 0 : -1;
}

int main(int argc, char **argv)
{
	static char text[SHAPE_MAX_BYTES];
	struct store store = { .state = 1, .kind = "message" };
	FILE *shape = argc >= 4 ? fopen(argv[1], "r") : NULL;
	size_t len = shape ? fread(text, 1, sizeof(text) - 1, shape) : 0;

	if (!len || read_shape(&store, text) < 0) {
		fputs("usage: stores <shape> <folder> <bytes> [one]\n", stderr);
		return 2;
	}
	(void)fclose(shape);
	store.folder = argv[2];
	store.bytes_most = strtoull(argv[3], NULL, 10);
	if (put_store(&store, argc > 4) < 0) {
		perror(argv[2]);
		return 1;
	}
	printf("%u %u %llu %s\n", store.session, store.session * store.of_session +
	       store.all_turns * store.of_turn, (unsigned long long)store.bytes,
	       store.kind);
	return 0;
}
