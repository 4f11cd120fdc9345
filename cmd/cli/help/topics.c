#include "cmd/cli/help/topics.h"

#include <stddef.h>

/* The first words of each summary are those of the page's own name. */
const struct topic topic_table[] = {
	{ "1 vvault", "VERSIONS",
	  "how a version is named: nova~2, nova@{yesterday}, an id, @3" },
	{ "1 vvault", "DATES",
	  "how a date is written: yesterday, 2 weeks ago, may 2023" },
	{ "1 vvault", "ENVIRONMENT",
	  "variables: VVAULT_DIR, VVAULT_KEYS, PAGER, NO_COLOR, GIT_SSH" },
	{ "1 vvault", "FILES",
	  "where keys and local state lie, and what leaves this computer" },
	{ "1 vvault", "HOOKS", "programs that run before and after commands" },
	{ "1 vvault", "EXIT STATUS", "what 0, 1, 3, 128 and 129 mean" },
	{ "3 vvault-actions", NULL,
	  "what vvault can do, from a C program: the library" },
	{ "5 vvault-format", NULL,
	  "how a vault is written: records, segments, trees, keys, sealing" },
	{ "7 vvault-import-af", NULL, "Letta agent files" },
	{ "7 vvault-import-card", NULL,
	  "character cards and lorebooks, with png pictures" },
	{ "7 vvault-import-chatgpt", NULL, "ChatGPT exports of OpenAI" },
	{ "7 vvault-import-chatty", NULL, "Chatty markdown transcripts" },
	{ "7 vvault-import-claude", NULL, "exports of Claude.ai, Anthropic" },
	{ "7 vvault-import-claude-code", NULL, "sessions of Claude Code" },
	{ "7 vvault-import-codex", NULL, "rollouts of Codex" },
	{ "7 vvault-import-copilot", NULL,
	  "Copilot: VS Code, CLI, activity history; GitHub, Microsoft" },
	{ "7 vvault-import-datasets", NULL,
	  "ShareGPT, OpenAI JSON lines, OASST, Grok, benchmarks" },
	{ "7 vvault-import-gemini", NULL,
	  "Gemini: Takeout, AI Studio, CLI; Google" },
	{ "7 vvault-import-memory", NULL, "memory stores: mem0, mcp-memory" },
	{ "7 vvault-import-sillytavern", NULL, "chats of SillyTavern" },
	{ "7 vvault-import-vivim", NULL, "VIVIM sync packets" },
	{ NULL, NULL, NULL },
};
