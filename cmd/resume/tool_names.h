/*
 * Tools that most agents have, each by its own name: a shell, reading, writing
 * and changing a file, searching, fetching, calling another agent. A model that
 * is shown calls of a tool which it never had takes them for made up; so in
 * these sure cases a call is told in the words of the agent that goes on.
 */
#ifndef VV_CMD_RESUME_TOOL_NAMES_H
#define VV_CMD_RESUME_TOOL_NAMES_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/span.h"

enum tool_sense {
	TOOL_SHELL, TOOL_READ, TOOL_WRITE, TOOL_EDIT, TOOL_GREP, TOOL_GLOB,
	TOOL_FETCH, TOOL_AGENT, TOOL_SENSES
};

/* What is said to tools. */
enum tool_word {
	WORD_COMMAND, WORD_PATH, WORD_CONTENT, WORD_OLD, WORD_NEW,
	WORD_PATTERN, WORD_URL, WORD_PROMPT, TOOL_WORDS
};

/* An agent's own names; NULL: it has no such tool, or one that takes other
 * words. words by the tool that they are said to: paths are called otherwise
 * where a file is read than where one is searched. */
struct tool_names {
	const char *name[TOOL_SENSES];
	const char *words[TOOL_SENSES][TOOL_WORDS];
};

extern const struct tool_names tool_names_claude_code;
extern const struct tool_names tool_names_codex;
extern const struct tool_names tool_names_copilot;
extern const struct tool_names tool_names_gemini_cli;
extern const struct tool_names tool_names_qwen;
extern const struct tool_names tool_names_opencode;
extern const struct tool_names tool_names_pi;

/* Which of these a tool is, by what any agent calls it; false: none. */
bool tool_names_sense(struct span name, enum tool_sense *out);
/* What is said to it, a text as it stands in the input; false: it is not. */
bool tool_names_word(struct span input, enum tool_word word,
		     struct span *out);

/*
 * A call as `to` has it, into empty buffers: its name and its input, a canonical
 * object, of which words that are not known here stay. False, and nothing, where
 * the tool is none of these, lacks a word, is unknown to `to` (may be NULL), or
 * is called so already.
 */
bool tool_names_turn(const struct tool_names *to, struct span name,
		     struct span input, struct buf *out_name,
		     struct buf *out_input);

#endif
