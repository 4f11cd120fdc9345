#include "cmd/capture/hook_table.h"

#include <stddef.h>

/* Each turn, since an end is often missed: a terminal that is closed, a crash.
 * What compacting may rewrite is looked at before. */
#define TURNS (const char *const[]){ "Stop", "SessionEnd", NULL }

const struct agent_hook claude_hook = {
	HOOK_IN_GROUPS,
	{ "CLAUDE_CONFIG_DIR", "settings.json", ".claude/settings.json" },
	TURNS, 10, false, NULL
};

const struct agent_hook codex_hook = {
	HOOK_IS_NOTIFY,
	{ "CODEX_HOME", "config.toml", ".codex/config.toml" },
	NULL, 0, false, NULL
};

const struct agent_hook gemini_hook = {
	HOOK_IN_GROUPS,
	{ "GEMINI_CLI_HOME", ".gemini/settings.json",
	  ".gemini/settings.json" },
	(const char *const[]){ "AfterAgent", "PreCompress", "SessionEnd",
			       NULL }, 10000, true, NULL
};

const struct agent_hook copilot_hook = {
	HOOK_IN_LISTS,
	{ "COPILOT_HOME", "hooks/vvault.json", ".copilot/hooks/vvault.json" },
	(const char *const[]){ "agentStop", "sessionEnd", NULL }, 10, false,
	NULL
};

const struct agent_hook qwen_hook = {
	HOOK_IN_GROUPS,
	{ "QWEN_HOME", "settings.json", ".qwen/settings.json" },
	TURNS, 10000, true, NULL
};

/* hooks.json comes before what its settings say of hooks. */
const struct agent_hook droid_hook = {
	HOOK_IN_GROUPS, { NULL, NULL, ".factory/settings.json" },
	TURNS, 10, true, ".factory/hooks.json"
};

const struct agent_hook cursor_hook = {
	HOOK_IN_COMMANDS,
	{ "CURSOR_CONFIG_DIR", "hooks.json", ".cursor/hooks.json" },
	(const char *const[]){ "stop", "sessionEnd", NULL }, 0, false, NULL
};

const struct agent_hook kimi_hook = {
	HOOK_IN_TABLES,
	{ "KIMI_SHARE_DIR", "config.toml", ".kimi/config.toml" },
	TURNS, 10, false, ".kimi-code/config.toml"
};

const struct agent_hook cline_hook = {
	HOOK_IS_SCRIPT, { "CLINE_HOOKS_DIR", "", ".cline/hooks" },
	(const char *const[]){ "TaskComplete", "TaskCancel", NULL }, 0, false,
	NULL
};

const struct agent_hook opencode_hook = {
	HOOK_IS_PLUGIN,
	{ "XDG_CONFIG_HOME", "opencode/plugin/vvault.js",
	  ".config/opencode/plugin/vvault.js" },
	NULL, 0, false, NULL
};
