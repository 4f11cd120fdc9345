/*
 * Threads of Amp: T-<uuid>.json, one document that is written anew when it
 * grows. The server keeps the truth; only the thread has a time.
 */
#include "cmd/import/agents/agents.h"
#include "cmd/import/beside/home.h"
#include "cmd/import/flat/flat.h"
#include "cmd/import/records/blocks.h"

static const struct flat_row session[] = {
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_CREATED, "created", FLAT_TAKEN },
	{ FLAT_PARENT, "mainThreadID", FLAT_STAYS },
	{ FLAT_CWD, "env.initial.trees.0.uri", FLAT_STAYS },
	FLAT_ROWS_END
};

static const struct flat_row turn[] = {
	{ FLAT_KEY, "messageId", FLAT_STAYS },
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	{ FLAT_MODEL, "usage.model", FLAT_STAYS },
	{ FLAT_SAID, "content", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_role roles[] = {
	{ "user", "user", NULL }, { "assistant", "assistant", NULL },
	{ "system", "system", "hidden" }, { "info", "system", "meta" },
	{ NULL, NULL, NULL }
};

/* What a tool gave, or why it gave nothing. */
static const struct jval *outcome(struct take *run)
{
	const struct jval *result = take_see(run, "result");

	if (!result || jval_is(result, JVAL_NULL))
		result = take_see(run, "error");
	take_done(run, result);
	return result;
}

/* {"type":"tool_result","toolUseID","run":{"status","result"}} */
static void run_put(struct blocks *blocks, const struct jval *block)
{
	struct take take = take_begin(block);
	struct take run = take_inner(&take, "run");
	struct span id = take_text(&take, "toolUseID");
	const struct jval *status = take_see(&run, "status");
	bool is_error = !jval_is_text(status, "done") &&
			!jval_is_text(status, "in-progress");
	const struct jval *result;

	(void)take_word(&take, "type", "tool_result");
	(void)take_word(&run, "status", "done");
	result = outcome(&run);
	/* More than is known of the run: all of the block stays. */
	if (take_left(&run, NULL))
		take = take_begin(block);
	blocks_result(blocks, id, result, is_error, &take);
}

static void amp_piece(struct blocks *blocks, const struct jval *block)
{
	if (jval_is_text(jval_get(block, "type"), "tool_result") &&
	    jval_is(jval_get(block, "run"), JVAL_OBJECT))
		run_put(blocks, block);
	else
		blocks_put_one(blocks, block);
}

static int amp_say(struct flat *flat, struct flat_item *item,
		   struct chat_message *message, struct err *err)
{
	struct blocks blocks = {
		.parts = &flat->parts, .chat = &flat->chat,
		.is_prompt = !strcmp(message->role, "user"),
	};
	const struct jval *said = item->said;
	const struct jval *block = jval_is(said, JVAL_ARRAY) ?
		jval_first(said) : NULL;

	(void)err;
	take_done(&item->take, said);
	if (!jval_is(said, JVAL_ARRAY))
		blocks_put(&blocks, said);
	for (; block; block = block->next)
		amp_piece(&blocks, block);
	message->role = blocks_role(&blocks, message->role);
	if (!strcmp(message->visibility, "visible"))
		message->visibility = blocks_visibility(&blocks);
	return 0;
}

static const struct flat_format amp_format = {
	.provider = "amp",
	.document = "v created messages",
	.turns = (const char *const[]){ "messages", NULL },
	.malformed = "a thread without messages",
	.session = session,
	.turn = turn,
	.roles = roles,
	.no_turn = "a message that is no object",
	.say = amp_say,
	.time = chat_time_of_ms,
};

static const struct import_home amp_home = {
	.folder = "amp",
	.rooms = (const char *const[]){ "threads", NULL },
	.signs = (const char *const[]){ NULL },
	.reason = "of Amp, and no thread",
};

const struct importer amp_importer = {
	.name = "amp",
	.one = "thread of Amp",
	.many = "threads of Amp",
	.construct = "amp",
	.signs = (const char *const[]){
		"v id created messages !mapping|role", NULL
	},
	.home = &amp_home,
	.read = flat_read,
	.flat = &amp_format,
	.is_of_agents = true,
};
