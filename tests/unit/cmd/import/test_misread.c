/*
 * Each sample of each format, given to every importer's sniffer: its own alone
 * knows it. What other programs write is none's, and called by its name.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/import.h"
#include "cmd/import/input/from_database.h"
#include "cmd/import/strangers.h"
#include "lib/os/dir.h"
#include "lib/os/path.h"
#include "tests/tap.h"

/* All files below a folder are of a format, or of none (NULL) where they only
 * go with what is. */
struct sample {
	const char *folder;
	const char *format;
	bool has_others;	/* beside it: files that are no source */
};

static const struct sample own[] = {
	{ "agents/kiro", "kiro", true }, { "agents/amp", "amp", false },
	{ "agents/continue", "continue", false },
	{ "agents/droid", "droid", true },
	{ "af", "af", false }, { "aider", "aider", true },
	{ "apps/anythingllm", "anythingllm", false },
	{ "apps/bigagi", "bigagi", false },
	{ "apps/chatbox", "chatbox", false },
	{ "apps/deepseek", "deepseek", false },
	{ "apps/jan/threads/th-1", "jan", false },
	{ "apps/librechat", "librechat", false },
	{ "apps/lmstudio", "lmstudio", false },
	{ "apps/nextchat", "nextchat", false },
	{ "apps/openwebui", "openwebui", false },
	{ "apps/typingmind", "typingmind", false },
	{ "beam", "beam", false },
	{ "capsules", "capsule", true }, { "cards", "card", false },
	{ "chatty", "chatty", false }, { "claude-code", "claude-code", true },
	{ "claude", "claude", true }, { "cline", "cline", true },
	{ "codex", "codex", true },
	{ "cursor", "cursor-transcript", true },
	{ "cutthroat", "cutthroat", false },
	{ "gemini/takeout", "gemini-takeout", true }, { "grok", "grok", false },
	{ "locomo", "locomo", false }, { "mcp-memory", "mcp-memory", false },
	{ "mem0", "mem0", false }, { "memorybank", "memorybank", false },
	{ "oasst", "oasst", false }, { "openai", "openai-jsonl", false },
	{ "opencode", "opencode", true },
	{ "sharegpt", "sharegpt", false },
	{ "sillytavern", "sillytavern", true }, { "vivim", "vivim", false },
	{ "vvault", "vvault-index", false },
	{ "grok-build", "grok-build", true }, { "kimi", "kimi", true },
	{ "qwen", "qwen", false }, { "vibe", "vibe", true },
	{ "pi", "pi", false },
};

static const struct sample shared[] = {
	{ "data/agents/goose/home", "goose", false },
	{ "data/agents/zed", "zed", true },
	{ "data/agents/peers/agentsview/kiro_sqlite", "kiro", true },
	{ "data/claude-code/snapshots", "claude-code", false },
	{ "data/claude-code-fixtures/vscode", "claude-code", true },
	{ "data/agents/claude-code/home", "claude-code", true },
	{ "data/agents/claude-code-2.1.332/home", "claude-code", true },
	{ "data/agents/aider/proj", "aider", true },
	{ "data/agents/codex/home", "codex", true },
	{ "data/agents/gemini-cli/home", "gemini-cli", true },
	{ "data/agents/opencode-json/home", "opencode", true },
	{ "data/agents/opencode-sqlite/home", "opencode", true },
	{ "data/agents/copilot-cli/home", "copilot-cli", true },
	{ "data/agents/cline/home", "cline", true },
	{ "data/agents/amp/home", "amp", false },
	{ "data/agents/continue/home", "continue", false },
	{ "data/agents/roo/home", "cline", false },
	{ "data/agents/pi/home", "pi", false },
	{ "data/agents/kimi/home", "kimi", true },
	{ "data/agents/qwen/home", "qwen", false },
	{ "data/agents/peers/agentsview/vibe", "vibe", true },
	{ "data/agents/peers/agentsview/grok-build", "grok-build", true },
	{ "data/agents/peers/agentsview/iflow", "claude-code", false },
	{ "data/agentsview-fixtures/traex", "codex", false },
	{ "data/agents/cursor/home/.config", "cursor", true },
	{ "data/agents/cursor/home/.cursor/chats", "cursor-cli", false },
	{ "data/agents/cursor/home/.cursor/projects", "cursor-transcript",
	  false },
	{ "data/agents/openclaw/home", "pi", true },
	{ "data/agents/peers/agentsview/pi", "pi", false },
	{ "data/agents/peers/agentsview/codex", "codex", false },
	{ "data/agents/peers/agentsview/gemini", "gemini-cli", false },
	{ "data/agents/chatbox", "chatbox", true },
	{ "data/agents/deepseek", "deepseek", true },
	{ "data/agents/lmstudio/home", "lmstudio", false },
	{ "data/agents/nextchat", "nextchat", true },
	{ "data/agents/openwebui", "openwebui", true },
	{ "data/agents/typingmind", "typingmind", true },
	{ "data/codex", "codex", true }, { "data/gemini", "gemini-takeout", true },
	{ "data/letta-af", "af", true }, { "data/oasst", "oasst", true },
	{ "data/vivim", "vivim", true }, { "data/mem0", "mem0", true },
	{ "data/chatgpt-edge", "chatgpt", true },
	{ "data/claude-ai", "claude", true },
	{ "data/vvault/transcripts", "chatty", true },
	{ "data/vvault/capsules", "capsule", true },
	{ "field/12-gemini-takeout-local", "gemini-takeout", true },
	{ "field/08-chatgpt-missing-fields", "chatgpt", true },
	{ "field/30-cc-double-compaction", "claude-code", true },
};

/* Agents and apps that nobody here reads yet, by what they are called. */
static const struct sample strange[] = {
	{ "data/agents/peers/agentsview/qwenpaw", "QwenPaw", false },
};

struct look {
	const struct sample *sample;
	const char *path;
	bool is_strange;
	size_t found;
	size_t wrong;
};

/* The names of all that know it, with blanks between. */
static void ask_all(const struct import_input *input, struct buf *out)
{
	const struct importer *const *at;

	for (at = importer_table; *at; at++) {
		if (importer_knows(*at, input))
			buf_putf(out, "%s%s", out->len ? " " : "",
				 (*at)->name);
	}
}

static void look_at(struct look *look, const char *path)
{
	struct import_input input = IMPORT_INPUT_INIT;
	struct buf knows = BUF_INIT(BUF_NO_LIMIT);
	struct database *db = NULL;
	const char *stranger;
	bool is_right;

	input.path = (char *)(uintptr_t)path;
	input.is_plain = true;
	if (input_open(&input, NULL) < 0)
		return;
	/* An archive is looked at as a whole. */
	if (database_is_magic(buf_span(&input.head)) &&
	    input_database(&input, &db, NULL) < 0)
		db = NULL;
	stranger = input.bundle || db ? NULL :
		   stranger_of(buf_span(&input.head));
	if (!stranger)
		ask_all(&input, &knows);
	if (db && !knows.len)
		stranger = stranger_of_database(db);
	if (look->is_strange)
		is_right = stranger ? strstr(stranger, look->sample->format) != NULL :
			look->sample->has_others && !knows.len;
	else
		is_right = !stranger &&
			(span_equals(buf_span(&knows), span_str(look->sample->format)) ||
			 (look->sample->has_others && !knows.len));
	look->found += look->is_strange ? stranger != NULL : knows.len > 0;
	if (!is_right) {
		look->wrong++;
		diag("'%s': known to '%s'%s%s", path, buf_text(&knows),
		     stranger ? ", " : "", stranger ? stranger : "");
	}
	buf_release(&knows);
	input.path = NULL;
	input_close(&input);
	input_release(&input);
}

static int look_entry(void *arg, const char *name, enum dir_kind kind,
		      struct err *err)
{
	struct look *look = arg;
	const char *above = look->path;
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, above, name, err);

	if (rc == 0 && kind == DIR_KIND_DIR) {
		look->path = buf_text(&path);
		rc = dir_each(look->path, look_entry, look, err);
		look->path = above;
	} else if (rc == 0) {
		look_at(look, buf_text(&path));
	}
	buf_release(&path);
	return rc;
}

static void look_below(const char *root, const struct sample *samples,
		       size_t n, bool is_strange)
{
	struct err err = ERR_INIT;
	char path[4096];
	size_t i;

	for (i = 0; i < n; i++) {
		struct look look = { &samples[i], path, is_strange, 0, 0 };

		snprintf(path, sizeof(path), "%s/%s", root, samples[i].folder);
		ok(dir_each(path, look_entry, &look, &err) == 0 &&
		   look.found && !look.wrong,
		   "%s: %s, and nobody else's", samples[i].folder,
		   samples[i].format);
	}
}

static void is_called(const char *text, const char *want)
{
	const char *got = stranger_of(span_str(text));

	is_str(got ? got : "nobody known", want, want);
}

/* What looks most like something that is read. */
static void test_names(void)
{
	is_called("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}\n",
		  "nobody known");
	is_called("", "nobody known");
	is_called("not JSON, though it says \"session_start\"", "nobody known");
}

int main(void)
{
	const char *top = getenv("VV_TOP");
	const char *beside = getenv("VV_SHARED");
	char data[4096];

	snprintf(data, sizeof(data), "%s/tests/data", top ? top : ".");
	look_below(data, own, sizeof(own) / sizeof(*own), false);
	test_names();
	if (beside && *beside) {
		look_below(beside, shared, sizeof(shared) / sizeof(*shared),
			   false);
		look_below(beside, strange, sizeof(strange) / sizeof(*strange),
			   true);
	} else {
		diag("the shared samples are not here: own ones alone");
	}
	return done_testing();
}
