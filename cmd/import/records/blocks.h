/*
 * What a message of an agent is made of, in the shapes that the interfaces of
 * models gave to programs: Anthropic's blocks, the messages and tool calls of
 * OpenAI, the parts of the AI SDK. All of them become the same parts:
 *
 *	{"type":"thinking","text"}
 *	{"type":"tool_use","id","name","input"}
 *	{"type":"tool_result","tool_use_id","start","end","is_error"}
 *	{"type":"image"|"file","data":<blob>}
 *	{"type":"injected","text"}	what a program put into a prompt
 *	{"type":"other","kind","native"}	a block of a type not known here
 *
 * What was not understood of a block stays beside, as `native`. Plain text is
 * content; so is what a tool gave back, and where a result stands in several
 * blocks their texts are one, behind each other.
 */
#ifndef VV_CMD_IMPORT_RECORDS_BLOCKS_H
#define VV_CMD_IMPORT_RECORDS_BLOCKS_H

#include "cmd/import/records/part.h"
#include "cmd/import/records/take.h"

/* A message being put together; what it was made of so far. */
struct blocks {
	struct parts *parts;
	struct chat *chat;	/* gets the bytes of files */
	bool is_prompt;		/* it stands under a person's name: what a
				   program put there is told apart */
	bool is_answer;		/* it stands under the model's: a thought in
				   tags before it is told apart (thought.h),
				   and results in it stay out of the content */
	bool is_mixed;		/* a prompt with words of the person's beside
				   results: blocks_foresee() */
	bool has_text;		/* words; of a prompt, the person's */
	bool has_thought;
	bool has_call;
	bool has_result;
	bool has_file;
	bool has_injected;
};

/*
 * The content of a message: a text, a block, or a list of these. A block of a
 * type that is not known here, and what it says, is shown.
 */
void blocks_put(struct blocks *blocks, const struct jval *content);

/* Of a list that is not given to blocks_put(): are there words of the person's
 * among them? Then what a tool gave back beside these is no content. */
void blocks_foresee(struct blocks *blocks, const struct jval *list);

/* One block, or a bare text among them. */
void blocks_put_one(struct blocks *blocks, const struct jval *block);

/* A text, as one of the blocks. */
void blocks_text(struct blocks *blocks, struct span text);

/* A thought, and what was not taken of where it stands (may be NULL). */
void blocks_thought(struct blocks *blocks, struct span text,
		    const struct take *rest);

/*
 * A call: its input as a value, or as the text of one, which then is parsed;
 * a text that is none stays a text. rest: what was not taken of where it
 * stands (may be NULL).
 */
void blocks_call(struct blocks *blocks, struct span id, struct span name,
		 const struct jval *input, const struct take *rest);

/* What a call gave back: a text, a list of blocks, or any value, whose words
 * are shown and which then stands in `content` as it is. */
void blocks_result(struct blocks *blocks, struct span id,
		   const struct jval *result, bool is_error,
		   const struct take *rest);

/*
 * All that a message of OpenAI's shape says, taken of it in the order in which
 * it was said: reasoning_content or reasoning, content, tool_calls,
 * function_call.
 */
void blocks_take_openai(struct blocks *blocks, struct take *message);

/*
 * The visibility of a message of that role: words are "visible"; else calls
 * and results "tool", thoughts "thinking", what a program put there "meta". A
 * file that stands alone is visible too.
 */
const char *blocks_visibility(const struct blocks *blocks);

/* Its role: "tool" where a person's message is nothing but results. */
const char *blocks_role(const struct blocks *blocks, const char *role);

#endif
