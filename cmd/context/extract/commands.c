#include "cmd/context/extract/extract_internal.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/resume/tool_names.h"
#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/base/text.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "refs/index/words/part_gist.h"

#define TAIL_BYTES 1200		/* of what a command said last */
#define COMMAND_BYTES 400
#define STATUS_BYTES 400	/* in which the person's decision is said */

/* A command, and how it went when it was run last. */
struct command {
	struct span text;	/* of the brief's arena */
	struct extract_call last;
	size_t nth;		/* of the calls */
};

struct commands {
	struct command *at;
	size_t n;
	size_t cap;
	struct table places;	/* of texts' hashes, in at */
	size_t calls;
};

/* Append the words of a command; nothing where the tool runs none. */
static void put_command(const struct passage_call *call, struct buf *out)
{
	enum tool_sense sense;

	if (!tool_names_sense(call->name, &sense) || sense != TOOL_SHELL)
		return;
	part_gist(call->input, out);
}

static int note(struct commands *commands, const struct extracting *extracting,
		const struct extract_call *at, struct span text,
		struct err *err)
{
	struct command made = { .last = *at };
	unsigned char digest[SHA256_BYTES];
	uint64_t place = 0;
	int rc;

	sha256_of(text.at, text.len, digest);
	if (!table_get(&commands->places, digest, &place)) {
		place = commands->n;
		rc = array_room(commands, err);
		if (rc == 0)
			rc = table_put(&commands->places, digest, place, err);
		if (rc == 0)
			rc = arena_keep(&extracting->brief->arena, text,
					&made.text, err);
		if (rc < 0)
			return rc;
		commands->at[commands->n++] = made;
	}
	commands->at[place].last = *at;
	commands->at[place].nth = commands->calls++;
	return 0;
}

static int last_first(const void *a, const void *b)
{
	const struct command *x = a;
	const struct command *y = b;

	return x->nth == y->nth ? 0 : x->nth > y->nth ? -1 : 1;
}

/* The end of what it said, from the begin of a line on: there stands why. */
static struct span tail_of(struct span text)
{
	const char *line;
	size_t cut;

	while (text.len && strchr(" \r\n", text.at[text.len - 1]))
		text.len--;
	if (text.len <= TAIL_BYTES)
		return text;
	cut = text.len - TAIL_BYTES;
	line = memchr(text.at + cut, '\n', text.len - cut);
	while (!line && cut < text.len &&
	       ((unsigned char)text.at[cut] & 0xc0) == 0x80)
		cut++;
	if (line)
		cut = (size_t)(line - text.at) + 1;
	return span_of(text.at + cut, text.len - cut);
}

static int tell_commands(const struct extracting *extracting,
		const struct command *command, size_t rank, struct err *err)
{
	struct span result = command->last.call->result;
	struct span tail = tail_of(result);
	struct span shown = text_cut(command->text, COMMAND_BYTES);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_str(&text, "$ ");
	buf_put_span(&text, shown);
	buf_put_str(&text, shown.len < command->text.len ? " ..." : "");
	if (tail.at > result.at)
		buf_putf(&text, "\n[%zu bytes before]",
			 (size_t)(tail.at - result.at));
	buf_put_str(&text, tail.len ? "\n" : "");
	buf_put_span(&text, tail);
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = extract_add(extracting, command->last.turn,
				 span_str("failed"), buf_span(&text), rank,
				 err);
	buf_release(&text);
	return rc;
}

int extract_failed(const struct extracting *extracting, struct err *err)
{
	struct extract_walk walk = { .passage = extracting->passage };
	struct commands commands = {
		.places = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct extract_call at;
	size_t i;
	int rc = 0;

	brief_section(extracting->brief, "failed", "Commands that failed last",
		      "commands that failed", 7);
	while (rc == 0 && extract_next(&walk, &at)) {
		buf_reset(&text);
		put_command(at.call, &text);
		rc = buf_end(&text, err);
		if (rc == 0 && text.len)
			rc = note(&commands, extracting, &at, buf_span(&text),
				  err);
	}
	if (rc == 0 && commands.n)
		qsort(commands.at, commands.n, sizeof(*commands.at),
		      last_first);
	for (i = 0; rc == 0 && i < commands.n; i++) {
		if (extract_has_failed(commands.at[i].last.call))
			rc = tell_commands(extracting, &commands.at[i], i, err);
	}
	free(commands.at);
	table_release(&commands.places);
	buf_release(&text);
	return rc;
}

/* Tools by which an agent asks, and those by which it shows a plan. */
static bool is_one_of(struct span name, const char *const *names)
{
	for (; *names; names++) {
		if (span_equals(name, span_str(*names)))
			return true;
	}
	return false;
}

static bool has_any(struct span text, const char *const *words)
{
	while (*words && !span_has(text, *words))
		words++;
	return *words != NULL;
}

/* Decided is what the program says that the person decided, in words of its
 * own: a time that ran out is no answer. */
static const char *plan_head(const struct passage_call *call)
{
	static const char *const yes[] = {
		"ser has approved", "ser approved", "lan approved", NULL
	};
	static const char *const no[] = {
		"doesn't want to proceed", "was rejected", "ser rejected",
		"lan rejected", "ser declined", NULL
	};
	struct span begin = text_cut(call->result, STATUS_BYTES);

	if (has_any(begin, no))
		return "plan refused";
	return !call->is_error && has_any(begin, yes) ? "plan accepted" :
	       "plan, not answered";
}

static const char *question_head(const struct passage_call *call)
{
	static const char *const yes[] = {
		"ser has answered", "ser answered", "ser selected",
		"ser responded", "ser provided", "\"answers\":", "<answer>",
		"<user_message>", NULL
	};
	struct span begin = text_cut(call->result, STATUS_BYTES);

	return !call->is_error && has_any(begin, yes) &&
	       !span_has(begin, "\"answers\":{}") ? "answered" :
	       "not answered";
}

static int tell_decision(const struct extracting *extracting,
			 const struct extract_call *at, size_t rank,
			 struct err *err)
{
	static const char *const asks[] = {
		"AskUserQuestion", "ask_followup_question", "ask_user",
		"request_user_input", "question", NULL
	};
	static const char *const plans[] = {
		"ExitPlanMode", "exit_plan_mode", "plan_mode_respond", NULL
	};
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	const char *head;
	struct span plan;
	bool is_plan = is_one_of(at->call->name, plans);
	int rc;

	if (!is_plan && !is_one_of(at->call->name, asks))
		return 0;
	head = is_plan ? plan_head(at->call) : question_head(at->call);
	/* What is refused is answered in words, which stand in the result. */
	if (is_plan && strcmp(head, "plan refused") != 0 &&
	    jcs_find(at->call->input, "plan", &plan))
		extract_put_words(&text, plan);
	else
		buf_put_span(&text, at->call->result);
	rc = buf_end(&text, err);
	if (rc == 0 && text.len)
		rc = extract_add(extracting, at->turn, span_str(head),
				 buf_span(&text), rank, err);
	buf_release(&text);
	return rc;
}

int extract_decisions(const struct extracting *extracting, struct err *err)
{
	struct extract_walk walk = { .passage = extracting->passage };
	struct extract_call at;
	size_t nth = 0;
	int rc = 0;

	brief_section(extracting->brief, "decisions", "What was decided",
		      "decisions", 8);
	/* The last one is kept first. */
	while (rc == 0 && extract_next(&walk, &at))
		rc = tell_decision(extracting, &at, SIZE_MAX - nth++, err);
	return rc;
}
