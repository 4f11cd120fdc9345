#include "cmd/resume/tool_names.h"

#include <stddef.h>

#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"

#define PATH_OF(word) [WORD_PATH] = word
#define EDIT_OF(path, old, new) \
	{ PATH_OF(path), [WORD_OLD] = old, [WORD_NEW] = new }
#define SEARCH { [WORD_PATTERN] = "pattern" }

const struct tool_names tool_names_claude_code = {
	{ "Bash", "Read", "Write", "Edit", "Grep", "Glob", "WebFetch",
	  "Task" },
	{ [TOOL_SHELL] = { [WORD_COMMAND] = "command" },
	  [TOOL_READ] = { PATH_OF("file_path") },
	  [TOOL_WRITE] = { PATH_OF("file_path"), [WORD_CONTENT] = "content" },
	  [TOOL_EDIT] = EDIT_OF("file_path", "old_string", "new_string"),
	  [TOOL_GREP] = SEARCH, [TOOL_GLOB] = SEARCH,
	  [TOOL_FETCH] = { [WORD_URL] = "url" },
	  [TOOL_AGENT] = { [WORD_PROMPT] = "prompt" } }
};

/* It reads and changes files by its shell and by patches. */
const struct tool_names tool_names_codex = {
	{ [TOOL_SHELL] = "exec_command" },
	{ [TOOL_SHELL] = { [WORD_COMMAND] = "cmd" } }
};

const struct tool_names tool_names_copilot = {
	{ [TOOL_SHELL] = "bash", [TOOL_READ] = "view",
	  [TOOL_WRITE] = "create", [TOOL_EDIT] = "edit",
	  [TOOL_GREP] = "grep", [TOOL_GLOB] = "glob",
	  [TOOL_AGENT] = "task" },
	{ [TOOL_SHELL] = { [WORD_COMMAND] = "command" },
	  [TOOL_READ] = { PATH_OF("path") },
	  [TOOL_WRITE] = { PATH_OF("path"), [WORD_CONTENT] = "file_text" },
	  [TOOL_EDIT] = EDIT_OF("path", "old_str", "new_str"),
	  [TOOL_GREP] = SEARCH, [TOOL_GLOB] = SEARCH,
	  [TOOL_AGENT] = { [WORD_PROMPT] = "prompt" } }
};

const struct tool_names tool_names_gemini_cli = {
	{ [TOOL_SHELL] = "run_shell_command", [TOOL_READ] = "read_file",
	  [TOOL_WRITE] = "write_file", [TOOL_EDIT] = "replace",
	  [TOOL_GREP] = "grep_search", [TOOL_GLOB] = "glob" },
	{ [TOOL_SHELL] = { [WORD_COMMAND] = "command" },
	  [TOOL_READ] = { PATH_OF("file_path") },
	  [TOOL_WRITE] = { PATH_OF("file_path"), [WORD_CONTENT] = "content" },
	  [TOOL_EDIT] = EDIT_OF("file_path", "old_string", "new_string"),
	  [TOOL_GREP] = SEARCH, [TOOL_GLOB] = SEARCH }
};

const struct tool_names tool_names_qwen = {
	{ [TOOL_SHELL] = "run_shell_command", [TOOL_READ] = "read_file",
	  [TOOL_WRITE] = "write_file", [TOOL_EDIT] = "edit",
	  [TOOL_GREP] = "grep_search", [TOOL_GLOB] = "glob",
	  [TOOL_FETCH] = "web_fetch" },
	{ [TOOL_SHELL] = { [WORD_COMMAND] = "command" },
	  [TOOL_READ] = { PATH_OF("file_path") },
	  [TOOL_WRITE] = { PATH_OF("file_path"), [WORD_CONTENT] = "content" },
	  [TOOL_EDIT] = EDIT_OF("file_path", "old_string", "new_string"),
	  [TOOL_GREP] = SEARCH, [TOOL_GLOB] = SEARCH,
	  [TOOL_FETCH] = { [WORD_URL] = "url" } }
};

const struct tool_names tool_names_opencode = {
	{ "bash", "read", "write", "edit", "grep", "glob", "webfetch",
	  "task" },
	{ [TOOL_SHELL] = { [WORD_COMMAND] = "command" },
	  [TOOL_READ] = { PATH_OF("filePath") },
	  [TOOL_WRITE] = { PATH_OF("filePath"), [WORD_CONTENT] = "content" },
	  [TOOL_EDIT] = EDIT_OF("filePath", "oldString", "newString"),
	  [TOOL_GREP] = SEARCH, [TOOL_GLOB] = SEARCH,
	  [TOOL_FETCH] = { [WORD_URL] = "url" },
	  [TOOL_AGENT] = { [WORD_PROMPT] = "prompt" } }
};

const struct tool_names tool_names_pi = {
	{ [TOOL_SHELL] = "bash", [TOOL_READ] = "read",
	  [TOOL_WRITE] = "write", [TOOL_EDIT] = "edit" },
	{ [TOOL_SHELL] = { [WORD_COMMAND] = "command" },
	  [TOOL_READ] = { PATH_OF("path") },
	  [TOOL_WRITE] = { PATH_OF("path"), [WORD_CONTENT] = "content" },
	  [TOOL_EDIT] = EDIT_OF("path", "oldText", "newText") }
};

/* What agents call them. */
static const struct { const char *name; enum tool_sense sense; } known[] = {
	{ "Bash", TOOL_SHELL }, { "bash", TOOL_SHELL },
	{ "Shell", TOOL_SHELL }, { "shell", TOOL_SHELL },
	{ "exec_command", TOOL_SHELL }, { "shell_command", TOOL_SHELL },
	{ "run_shell_command", TOOL_SHELL },
	{ "run_terminal_cmd", TOOL_SHELL },
	{ "execute_command", TOOL_SHELL }, { "run_commands", TOOL_SHELL },
	{ "developer__shell", TOOL_SHELL },
	{ "Read", TOOL_READ }, { "read", TOOL_READ },
	{ "read_file", TOOL_READ }, { "ReadFile", TOOL_READ },
	{ "view", TOOL_READ },
	{ "Write", TOOL_WRITE }, { "write", TOOL_WRITE },
	{ "write_file", TOOL_WRITE }, { "WriteFile", TOOL_WRITE },
	{ "write_to_file", TOOL_WRITE }, { "create", TOOL_WRITE },
	{ "Edit", TOOL_EDIT }, { "edit", TOOL_EDIT },
	{ "replace", TOOL_EDIT }, { "str_replace", TOOL_EDIT },
	{ "Grep", TOOL_GREP }, { "grep", TOOL_GREP },
	{ "grep_search", TOOL_GREP }, { "search_file_content", TOOL_GREP },
	{ "search_files", TOOL_GREP },
	{ "Glob", TOOL_GLOB }, { "glob", TOOL_GLOB },
	{ "WebFetch", TOOL_FETCH }, { "webfetch", TOOL_FETCH },
	{ "web_fetch", TOOL_FETCH }, { "fetch", TOOL_FETCH },
	{ "Task", TOOL_AGENT }, { "Agent", TOOL_AGENT },
	{ "task", TOOL_AGENT }
};

/* And what they call what is said to them. */
static const char *const spellings[TOOL_WORDS][8] = {
	[WORD_COMMAND] = { "command", "cmd" },
	[WORD_PATH] = { "file_path", "path", "filePath", "absolute_path",
			"target_file", "filename" },
	[WORD_CONTENT] = { "content", "file_text", "contents" },
	[WORD_OLD] = { "old_string", "oldString", "old_str", "oldText" },
	[WORD_NEW] = { "new_string", "newString", "new_str", "newText" },
	[WORD_PATTERN] = { "pattern", "regex", "query" },
	[WORD_URL] = { "url" },
	[WORD_PROMPT] = { "prompt" }
};

bool tool_names_sense(struct span name, enum tool_sense *out)
{
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (span_equals(name, span_str(known[i].name))) {
			*out = known[i].sense;
			return true;
		}
	}
	return false;
}

/* The name in the input of a word, a text; NULL: it is not said. */
static const char *spelled(struct span input, enum tool_word word)
{
	const char *const *at = spellings[word];
	struct span value;
	size_t i;

	for (i = 0; i < 8 && at[i]; i++) {
		if (jcs_find(input, at[i], &value) &&
		    jcs_type_of(value) == JCS_STRING)
			return at[i];
	}
	return NULL;
}

bool tool_names_word(struct span input, enum tool_word word,
		     struct span *out)
{
	const char *name = spelled(input, word);

	return name && jcs_find(input, name, out);
}

/* How the input has each word that the tool needs; false: one lacks. */
static bool find_words(const char *const words[TOOL_WORDS], struct span input,
		       const char *theirs[TOOL_WORDS])
{
	size_t i;

	for (i = 0; i < TOOL_WORDS; i++) {
		theirs[i] = words[i] ? spelled(input, (enum tool_word)i) :
				       NULL;
		if (words[i] && !theirs[i])
			return false;
	}
	return true;
}

/* The name of a member from now on. */
static struct span renamed(struct span name,
			   const char *const ours[TOOL_WORDS],
			   const char *const theirs[TOOL_WORDS])
{
	size_t i;

	for (i = 0; i < TOOL_WORDS; i++) {
		if (theirs[i] && span_equals(name, span_str(theirs[i])))
			return span_str(ours[i]);
	}
	return name;
}

static int put_input(const char *const ours[TOOL_WORDS],
		     const char *const theirs[TOOL_WORDS], struct span input,
		     struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_iter iter = jcs_iter_object(input);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span name;
	struct span value;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, &name, &value)) {
		buf_reset(&text);
		rc = jcs_inner_decode(name, &text, NULL);
		fields_add(&fields, renamed(buf_span(&text), ours, theirs),
			   value);
	}
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, NULL);
	jcs_fields_release(&fields);
	buf_release(&text);
	return rc;
}

bool tool_names_turn(const struct tool_names *to, struct span name,
		     struct span input, struct buf *out_name,
		     struct buf *out_input)
{
	const char *theirs[TOOL_WORDS];
	enum tool_sense sense;
	const char *ours;

	if (!to || !tool_names_sense(name, &sense))
		return false;
	ours = to->name[sense];
	if (!ours || !find_words(to->words[sense], input, theirs))
		return false;
	/* Two members of one name would be none. */
	if (put_input(to->words[sense], theirs, input, out_input) < 0)
		return false;
	if (span_equals(name, span_str(ours)) &&
	    span_equals(buf_span(out_input), input)) {
		buf_reset(out_input);
		return false;
	}
	buf_put_str(out_name, ours);
	return true;
}
