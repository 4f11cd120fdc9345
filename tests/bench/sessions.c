/*
 * A home with sessions of Claude Code, the same on every machine: prompts,
 * answers, calls of tools and what these gave, which is most of the bytes.
 *
 *	sessions <home> <how many> <bytes of each>
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PROJECTS 20
#define PATH_MAX_BYTES 4096
#define TEXT_BYTES 600
#define RESULT_BYTES 6000
#define BEGIN_DAY 1

static const char *const words[] = {
	"the", "to", "and", "a", "of", "file", "line", "in", "test", "is",
	"for", "return", "on", "with", "value", "this", "be", "error", "not",
	"build", "your", "as", "but", "or", "if", "so", "what", "buffer", "me",
	"was", "do", "would", "from", "struct", "when", "we", "about", "more",
	"function", "need", "use", "think", "time", "string", "make", "length"
};

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static void put_text(FILE *out, uint64_t *state, size_t bytes)
{
	size_t n = sizeof(words) / sizeof(*words);
	size_t done = 0;

	while (done < bytes) {
		const char *word = words[next(state) % n];

		done += (size_t)fprintf(out, done % 60 < 8 && done ?
					"%s\\n" : "%s ", word);
		if (next(state) % 7 == 0)
			done += (size_t)fprintf(out, "%llx ",
				(unsigned long long)next(state) & 0xffffff);
	}
}

struct session {
	FILE *out;
	uint64_t number;
	uint64_t state;
	unsigned line;
};

static void begin_line(struct session *session, const char *type)
{
	fprintf(session->out, "{\"type\":\"%s\",\"uuid\":\"%08llx-0000-4000-"
		"8000-%012x\",", type, (unsigned long long)session->number,
		session->line);
	if (session->line)
		fprintf(session->out, "\"parentUuid\":\"%08llx-0000-4000-8000-"
			"%012x\",", (unsigned long long)session->number,
			session->line - 1);
	else
		fputs("\"parentUuid\":null,", session->out);
	fprintf(session->out, "\"sessionId\":\"%08llx-0000-4000-8000-"
		"0000000000ff\",\"cwd\":\"/srv/p\",\"version\":\"2.1\","
		"\"timestamp\":\"2026-10-%02uT%02u:%02u:%02u.000Z\",",
		(unsigned long long)session->number,
		BEGIN_DAY + (unsigned)session->number % 28,
		session->line / 3600 % 24, session->line / 60 % 60,
		session->line % 60);
	session->line++;
}

static void put_prompt(struct session *session)
{
	begin_line(session, "user");
	fputs("\"message\":{\"role\":\"user\",\"content\":\"", session->out);
	put_text(session->out, &session->state, TEXT_BYTES / 2);
	fputs("\"}}\n", session->out);
}

static void put_answer(struct session *session)
{
	unsigned call = session->line;

	begin_line(session, "assistant");
	fprintf(session->out, "\"message\":{\"role\":\"assistant\",\"id\":"
		"\"msg_%llx_%x\",\"model\":\"claude-x\",\"content\":[{\"type\":"
		"\"text\",\"text\":\"", (unsigned long long)session->number,
		call);
	put_text(session->out, &session->state, TEXT_BYTES);
	fprintf(session->out, "\"},{\"type\":\"tool_use\",\"id\":\"toolu_%x\","
		"\"name\":\"Bash\",\"input\":{\"command\":\"make %u\"}}],"
		"\"usage\":{\"input_tokens\":100,\"output_tokens\":200}}}\n",
		call, call);
	begin_line(session, "user");
	fprintf(session->out, "\"message\":{\"role\":\"user\",\"content\":["
		"{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_%x\","
		"\"content\":\"", call);
	put_text(session->out, &session->state, RESULT_BYTES);
	fputs("\"}]}}\n", session->out);
}

static int write_session(const char *home, uint64_t number, long bytes)
{
	struct session session = { .number = number, .state = number + 1 };
	char path[PATH_MAX_BYTES];

	snprintf(path, sizeof(path), "%s/.claude/projects/-srv-p%llu/%08llx-"
		 "0000-4000-8000-0000000000ff.jsonl", home,
		 (unsigned long long)(number % PROJECTS),
		 (unsigned long long)number);
	session.out = fopen(path, "w");
	if (!session.out)
		return -1;
	while (ftell(session.out) < bytes) {
		put_prompt(&session);
		put_answer(&session);
		put_answer(&session);
	}
	return fclose(session.out);
}

static int make_folders(const char *home)
{
	char path[PATH_MAX_BYTES];
	unsigned i;

	snprintf(path, sizeof(path), "%s/.claude", home);
	(void)mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/.claude/projects", home);
	(void)mkdir(path, 0700);
	for (i = 0; i < PROJECTS; i++) {
		snprintf(path, sizeof(path), "%s/.claude/projects/-srv-p%u",
			 home, i);
		if (mkdir(path, 0700) < 0)
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	long many = argc == 4 ? strtol(argv[2], NULL, 10) : 0;
	long bytes = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
	long i;

	if (many <= 0 || bytes <= 0) {
		fputs("usage: sessions <home> <how many> <bytes of each>\n",
		      stderr);
		return 2;
	}
	if (make_folders(argv[1]) < 0) {
		perror(argv[1]);
		return 1;
	}
	for (i = 0; i < many; i++) {
		if (write_session(argv[1], (uint64_t)i, bytes) < 0) {
			perror(argv[1]);
			return 1;
		}
	}
	return 0;
}
