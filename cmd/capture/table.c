#include "cmd/capture/agent.h"

#include <stddef.h>

#include "cmd/capture/hook_table.h"

#define MAC_SUPPORT "Library/Application Support/"
#define WINDOWS_SUPPORT "AppData/Roaming/"

static const struct agent_place claude_places[] = {
	{ "CLAUDE_CONFIG_DIR", "projects", ".claude/projects" },
	{ "XDG_CONFIG_HOME", "claude/projects", ".config/claude/projects" },
	{ NULL, NULL, NULL }
};

/* Subagents lie below the session that called them, as what its tools gave at
 * length; older ones beside it. */
static const struct agent_files claude_files[] = {
	{ "*/agent-*.jsonl", true },
	{ "*/*.jsonl", false },
	{ "*/*/subagents/**/*.jsonl", true },
	{ "*/*/tool-results/*", true },
	{ NULL, false }
};

#define COWORK "Claude/local-agent-mode-sessions"
static const struct agent_place cowork_places[] = {
	{ NULL, NULL, MAC_SUPPORT COWORK },
	{ NULL, NULL, WINDOWS_SUPPORT COWORK },
	{ "XDG_CONFIG_HOME", COWORK, ".config/" COWORK },
	{ NULL, NULL, NULL }
};

#define COWORK_FILES "*/*/local_*/.claude/projects/"
static const struct agent_files cowork_files[] = {
	{ COWORK_FILES "*/agent-*.jsonl", true },
	{ COWORK_FILES "*/*.jsonl", false },
	{ COWORK_FILES "*/*/subagents/**/*.jsonl", true },
	{ COWORK_FILES "*/*/tool-results/*", true },
	{ NULL, false }
};

/* Agents that write what Claude Code does, each in a home of its own. */
static const struct agent_place iflow_places[] = {
	{ NULL, NULL, ".iflow/projects" },
	{ NULL, NULL, NULL }
};

static const struct agent_place qoder_places[] = {
	{ NULL, NULL, ".qoder/projects" },
	{ NULL, NULL, ".qoderwork/projects" },
	{ NULL, NULL, NULL }
};

static const struct agent_place openclaude_places[] = {
	{ "OPENCLAUDE_CONFIG_DIR", "projects", ".openclaude/projects" },
	{ NULL, NULL, NULL }
};

static const struct agent_place codex_places[] = {
	{ "CODEX_HOME", "", ".codex" },
	{ NULL, NULL, NULL }
};

/* The index has the names of sessions, the history what was asked in those
 * that were not kept. */
static const struct agent_files codex_files[] = {
	{ "sessions/**/rollout-*.jsonl", false },
	{ "sessions/**/rollout-*.jsonl.zst", false },
	{ "archived_sessions/**/rollout-*.jsonl", false },
	{ "archived_sessions/**/rollout-*.jsonl.zst", false },
	{ "session_index.jsonl", true },
	{ "history.jsonl", true },
	{ NULL, false }
};

/* As Codex does. */
static const struct agent_place traex_places[] = {
	{ NULL, NULL, ".trae/cli" },
	{ NULL, NULL, NULL }
};

static const struct agent_place gemini_places[] = {
	{ "GEMINI_CLI_HOME", ".gemini/tmp", ".gemini/tmp" },
	{ NULL, NULL, NULL }
};

static const struct agent_files gemini_files[] = {
	{ "*/chats/session-*.jsonl", false },
	{ "*/chats/session-*.json", false },
	{ "*/chats/*/*.jsonl", true },
	{ "*/tool-outputs/*/*", true },
	{ "*/logs.json", true },
	{ NULL, false }
};

static const struct agent_place copilot_places[] = {
	{ "COPILOT_HOME", "session-state", ".copilot/session-state" },
	{ "XDG_STATE_HOME", ".copilot/session-state",
	  ".local/state/.copilot/session-state" },
	{ NULL, NULL, NULL }
};

/* In a folder of its own, or flat as it was once. */
static const struct agent_files copilot_files[] = {
	{ "*/events.jsonl", false },
	{ "*.jsonl", false },
	{ NULL, false }
};

#define FLAVOUR(name) \
	{ "XDG_CONFIG_HOME", name "/User", ".config/" name "/User" }, \
	{ NULL, NULL, MAC_SUPPORT name "/User" }, \
	{ NULL, NULL, WINDOWS_SUPPORT name "/User" }

static const struct agent_place vscode_places[] = {
	FLAVOUR("Code"),
	FLAVOUR("Code - Insiders"),
	FLAVOUR("VSCodium"),
	{ "VSCODE_PORTABLE", "user-data/User", ".vscode-server/data/User" },
	{ NULL, NULL, ".vscode-server-insiders/data/User" },
	{ NULL, NULL, NULL }
};

static const struct agent_files vscode_files[] = {
	{ "workspaceStorage/*/chatSessions/*.json", false },
	{ "workspaceStorage/*/chatSessions/*.jsonl", false },
	{ "globalStorage/emptyWindowChatSessions/*.json", false },
	{ "globalStorage/emptyWindowChatSessions/*.jsonl", false },
	{ NULL, false }
};

static const struct agent_place pi_places[] = {
	{ "PI_CODING_AGENT_DIR", "sessions", ".pi/agent/sessions" },
	{ NULL, NULL, ".omp/agent/sessions" },
	{ NULL, NULL, ".prime/agent/sessions" },
	{ NULL, NULL, NULL }
};

static const struct agent_files pi_files[] = {
	{ "**/*.jsonl", false },
	{ NULL, false }
};

static const struct agent_place openclaw_places[] = {
	{ "OPENCLAW_STATE_DIR", "agents", ".openclaw/agents" },
	{ NULL, NULL, ".qclaw/agents" },
	{ NULL, NULL, ".kimi_openclaw/agents" },
	{ NULL, NULL, NULL }
};

/* What was put away under another name has the turns that are gone. */
static const struct agent_files openclaw_files[] = {
	{ "*/sessions/*.checkpoint.*.jsonl", true },
	{ "*/sessions/*.jsonl", false },
	{ "*/sessions/*.jsonl.reset.*", false },
	{ "*/sessions/*.jsonl.deleted.*", false },
	{ "*/sessions/*.bak", true },
	{ NULL, false }
};

/* Extensions keep their tasks with each editor that they run in. */
#define STORAGE(editor, extension) \
	{ "XDG_CONFIG_HOME", editor "/User/globalStorage/" extension, \
	  ".config/" editor "/User/globalStorage/" extension }, \
	{ NULL, NULL, MAC_SUPPORT editor "/User/globalStorage/" extension }, \
	{ NULL, NULL, WINDOWS_SUPPORT editor "/User/globalStorage/" extension }
#define EXTENSION(extension) \
	STORAGE("Code", extension), \
	STORAGE("Code - Insiders", extension), \
	STORAGE("VSCodium", extension), \
	STORAGE("Cursor", extension), \
	STORAGE("Windsurf", extension), \
	{ NULL, NULL, ".vscode-server/data/User/globalStorage/" extension }

static const struct agent_place cline_places[] = {
	{ "CLINE_DATA_DIR", "", ".cline/data" },
	{ "CLINE_DIR", "data", ".cline/data" },
	EXTENSION("saoudrizwan.claude-dev"),
	{ NULL, NULL, NULL }
};

static const struct agent_place roo_places[] = {
	EXTENSION("rooveterinaryinc.roo-cline"),
	EXTENSION("zoocodeorganization.zoo-code"),
	{ NULL, NULL, NULL }
};

/* Before it had the database of OpenCode. */
static const struct agent_place kilo_classic_places[] = {
	EXTENSION("kilocode.kilo-code"),
	{ NULL, NULL, NULL }
};

/* Agents of a team lie beside the session that called them. */
static const struct agent_files cline_files[] = {
	{ "sessions/*/*__*.messages.json", true },
	{ "sessions/*/*.messages.json", false },
	{ "tasks/*/api_conversation_history.json", false },
	{ "tasks/*/ui_messages.json", true },
	{ "tasks/_index.json", true },
	{ "state/taskHistory.json", true },
	{ NULL, false }
};

static const struct agent_place amp_places[] = {
	{ "XDG_DATA_HOME", "amp/threads", ".local/share/amp/threads" },
	{ NULL, NULL, NULL }
};

static const struct agent_files amp_files[] = {
	{ "T-*.json", false },
	{ NULL, false }
};

static const struct agent_place continue_places[] = {
	{ "CONTINUE_GLOBAL_DIR", "sessions", ".continue/sessions" },
	{ NULL, NULL, NULL }
};

static const struct agent_files continue_files[] = {
	{ "sessions.json", true },
	{ "*.json", false },
	{ NULL, false }
};

static const struct agent_place droid_places[] = {
	{ NULL, NULL, ".factory/sessions" },
	{ NULL, NULL, ".factory/projects" },
	{ NULL, NULL, NULL }
};

static const struct agent_files droid_files[] = {
	{ "*/*.jsonl", false },
	{ "*.jsonl", false },
	{ NULL, false }
};

static const struct agent_place cursor_places[] = {
	FLAVOUR("Cursor"),
	{ NULL, NULL, NULL }
};

/* The chats of all projects, and what only one of them has. */
static const struct agent_files cursor_files[] = {
	{ "globalStorage/state.vscdb", false },
	{ "workspaceStorage/*/state.vscdb", true },
	{ NULL, false }
};

static const struct agent_place cursor_cli_places[] = {
	{ "CURSOR_CONFIG_DIR", "", ".cursor" },
	{ NULL, NULL, NULL }
};

/* Transcripts are of the editor's sessions, too. */
static const struct agent_files cursor_cli_files[] = {
	{ "chats/*/*/store.db", false },
	{ "projects/*/agent-transcripts/*.jsonl", true },
	{ "projects/*/agent-transcripts/*/*.jsonl", true },
	{ "projects/*/agent-transcripts/*/subagents/*.jsonl", true },
	{ NULL, false }
};

static const struct agent_place windsurf_places[] = {
	FLAVOUR("Windsurf"),
	FLAVOUR("Windsurf - Next"),
	{ NULL, NULL, NULL }
};

static const struct agent_place trae_places[] = {
	FLAVOUR("Trae"),
	FLAVOUR("Trae CN"),
	{ NULL, NULL, NULL }
};

#define OPENCODE_LIKE(name) \
	static const struct agent_place name##_places[] = { \
		{ "XDG_DATA_HOME", #name, ".local/share/" #name }, \
		{ NULL, NULL, NULL } \
	}

/* The same on each system. */
OPENCODE_LIKE(opencode);
OPENCODE_LIKE(kilo);
OPENCODE_LIKE(mimocode);

/* Each version of it has a database of its own; older ones had files. */
static const struct agent_files opencode_files[] = {
	{ "*.db", false },
	{ "storage/session/*/*.json", false },
	{ NULL, false }
};

/* Where programs keep data of a person, by whose system. */
#define DATA_PLACE(linux, mac, windows) \
	{ "XDG_DATA_HOME", linux, ".local/share/" linux }, \
	{ NULL, NULL, MAC_SUPPORT mac }, \
	{ NULL, NULL, windows }

static const struct agent_place goose_places[] = {
	{ "GOOSE_PATH_ROOT", "data/sessions", ".local/share/goose/sessions" },
	DATA_PLACE("goose/sessions", "Block/goose/sessions",
		   WINDOWS_SUPPORT "Block/goose/data/sessions"),
	{ NULL, NULL, NULL }
};

static const struct agent_files goose_files[] = {
	{ "sessions.db", false },
	{ "*.jsonl", false },
	{ NULL, false }
};

/* Sessions lie in each project. */
static const struct agent_place crush_places[] = {
	{ NULL, NULL, ".crush" },
	{ NULL, NULL, NULL }
};

static const struct agent_list crush_list = {
	{ "CRUSH_GLOBAL_DATA", "projects.json",
	  ".local/share/crush/projects.json" },
	"projects", "data_dir", "path", ".crush"
};

static const struct agent_files crush_files[] = {
	{ "crush.db", false },
	{ NULL, false }
};

static const struct agent_place aider_places[] = {
	{ NULL, NULL, NULL }
};

static const struct agent_files aider_files[] = {
	{ ".aider.chat.history.md", false },
	{ NULL, false }
};

static const struct agent_place zed_places[] = {
	DATA_PLACE("zed/threads", "Zed/threads", "AppData/Local/Zed/threads"),
	{ NULL, NULL, NULL }
};

static const struct agent_files zed_files[] = {
	{ "threads.db", false },
	{ NULL, false }
};

#define KIRO_EDITOR "Kiro/User/globalStorage/kiro.kiroagent"
static const struct agent_place kiro_places[] = {
	{ NULL, NULL, ".kiro/sessions" },
	DATA_PLACE("kiro-cli", "kiro-cli", WINDOWS_SUPPORT "kiro-cli"),
	DATA_PLACE("amazon-q", "amazon-q", WINDOWS_SUPPORT "amazon-q"),
	{ "XDG_CONFIG_HOME", KIRO_EDITOR, ".config/" KIRO_EDITOR },
	{ NULL, NULL, MAC_SUPPORT KIRO_EDITOR },
	{ NULL, NULL, WINDOWS_SUPPORT KIRO_EDITOR },
	{ NULL, NULL, NULL }
};

static const struct agent_files kiro_files[] = {
	{ "cli/*.jsonl", false },
	{ "cli/*.json", true },
	{ "*/sess_*/messages.jsonl", false },
	{ "*/sess_*/session.json", true },
	{ "data.sqlite3", false },
	{ "workspace-sessions/*/sessions.json", true },
	{ "workspace-sessions/*/*.json", false },
	{ "*/*.chat", false },
	{ NULL, false }
};

static const struct agent_place hermes_places[] = {
	{ "HERMES_HOME", "", ".hermes" },
	{ NULL, NULL, NULL }
};

static const struct agent_files hermes_files[] = {
	{ "state.db", false },
	{ "sessions/*.jsonl", false },
	{ "sessions/session_*.json", false },
	{ "profiles/*/state.db", false },
	{ "profiles/*/sessions/*.jsonl", false },
	{ NULL, false }
};

#define WARP_MAC MAC_SUPPORT "dev.warp.Warp-Stable"
static const struct agent_place warp_places[] = {
	{ "XDG_STATE_HOME", "warp-terminal", ".local/state/warp-terminal" },
	{ NULL, NULL, WARP_MAC },
	{ NULL, NULL, "Library/Group Containers/2BBY89MBSN.dev.warp/"
		WARP_MAC },
	{ NULL, NULL, "AppData/Local/warp/Warp/data" },
	{ NULL, NULL, NULL }
};

static const struct agent_files warp_files[] = {
	{ "warp.sqlite", false },
	{ NULL, false }
};

/* Chat apps that keep what is said on this machine. */
static const struct agent_place lmstudio_places[] = {
	{ NULL, NULL, ".lmstudio/conversations" },
	{ NULL, NULL, ".cache/lm-studio/conversations" },
	{ NULL, NULL, NULL }
};

static const struct agent_files lmstudio_files[] = {
	{ "**/*.conversation.json", false },
	{ NULL, false }
};

#define JAN "Jan/data/threads"
static const struct agent_place jan_places[] = {
	{ "XDG_CONFIG_HOME", JAN, ".config/" JAN },
	{ NULL, NULL, MAC_SUPPORT JAN },
	{ NULL, NULL, WINDOWS_SUPPORT JAN },
	{ NULL, NULL, "jan/threads" },
	{ NULL, NULL, NULL }
};

static const struct agent_files jan_files[] = {
	{ "*/messages.jsonl", false },
	{ "*/thread.json", true },
	{ NULL, false }
};

#define ANYTHINGLLM "anythingllm-desktop/storage"
static const struct agent_place anythingllm_places[] = {
	{ "XDG_CONFIG_HOME", ANYTHINGLLM, ".config/" ANYTHINGLLM },
	{ NULL, NULL, MAC_SUPPORT ANYTHINGLLM },
	{ NULL, NULL, WINDOWS_SUPPORT ANYTHINGLLM },
	{ NULL, NULL, NULL }
};

static const struct agent_files anythingllm_files[] = {
	{ "anythingllm.db", false },
	{ NULL, false }
};

static const struct agent_place qwen_places[] = {
	{ "QWEN_RUNTIME_DIR", "projects", ".qwen/projects" },
	{ "QWEN_HOME", "projects", ".qwen/projects" },
	{ NULL, NULL, NULL }
};

static const struct agent_files qwen_files[] = {
	{ "*/chats/*.jsonl", false },
	{ "*/subagents/**/*.jsonl", true },
	{ NULL, false }
};

static const struct agent_place kimi_places[] = {
	{ "KIMI_SHARE_DIR", "sessions", ".kimi/sessions" },
	{ NULL, NULL, ".kimi-code/sessions" },
	{ NULL, NULL, NULL }
};

/* The context, and what was put away when it was begun anew; Kimi Code's logs
 * are of an agent each. */
static const struct agent_files kimi_files[] = {
	{ "*/*/context.jsonl", false },
	{ "*/*/context_*.jsonl", true },
	{ "*/*/subagents/*/context.jsonl", true },
	{ "*/*/agents/main/wire.jsonl", false },
	{ "*/*/agents/*/wire.jsonl", true },
	{ "*/*.jsonl", false },
	{ NULL, false }
};

static const struct agent_place vibe_places[] = {
	{ "VIBE_HOME", "logs/session", ".vibe/logs/session" },
	{ NULL, NULL, NULL }
};

static const struct agent_files vibe_files[] = {
	{ "*/messages.jsonl", false },
	{ "*/agents/**/messages.jsonl", true },
	{ NULL, false }
};

static const struct agent_place grok_places[] = {
	{ "GROK_HOME", "sessions", ".grok/sessions" },
	{ NULL, NULL, NULL }
};

static const struct agent_files grok_files[] = {
	{ "*/*/chat_history.jsonl", false },
	{ NULL, false }
};

const struct agent agent_table[] = {
	{ .name = "claude-code", .title = "Claude Code",
	  .places = claude_places, .files = claude_files, .hook = &claude_hook,
	  .keeps = { 30, "cleanupPeriodDays", NULL } },
	{ .name = "claude-cowork", .title = "Claude Cowork",
	  .places = cowork_places, .files = cowork_files },
	{ .name = "codex", .title = "Codex", .places = codex_places,
	  .files = codex_files, .hook = &codex_hook },
	{ .name = "gemini-cli", .title = "Gemini CLI", .places = gemini_places,
	  .files = gemini_files, .hook = &gemini_hook,
	  .keeps = { 30, "general.sessionRetention.maxAge",
		     "general.sessionRetention.enabled" } },
	{ .name = "copilot-cli", .title = "Copilot CLI",
	  .places = copilot_places, .files = copilot_files,
	  .hook = &copilot_hook },
	{ .name = "opencode", .title = "OpenCode", .places = opencode_places,
	  .files = opencode_files, .hook = &opencode_hook,
	  .named = "OPENCODE_DB" },
	{ .name = "kilo", .title = "Kilo", .places = kilo_places,
	  .files = opencode_files },
	{ .name = "mimocode", .title = "MiMoCode", .places = mimocode_places,
	  .files = opencode_files },
	{ .name = "vscode-chat", .title = "Copilot in VS Code",
	  .places = vscode_places, .files = vscode_files },
	{ .name = "pi", .title = "Pi", .places = pi_places,
	  .files = pi_files },
	{ .name = "openclaw", .title = "OpenClaw", .places = openclaw_places,
	  .files = openclaw_files },
	{ .name = "cline", .title = "Cline", .places = cline_places,
	  .files = cline_files, .hook = &cline_hook },
	{ .name = "roo", .title = "Roo Code", .places = roo_places,
	  .files = cline_files },
	{ .name = "kilo-classic", .title = "Kilo Code, classic",
	  .places = kilo_classic_places, .files = cline_files },
	{ .name = "amp", .title = "Amp", .places = amp_places,
	  .files = amp_files },
	{ .name = "continue", .title = "Continue", .places = continue_places,
	  .files = continue_files },
	{ .name = "droid", .title = "Droid", .places = droid_places,
	  .files = droid_files, .hook = &droid_hook },
	{ .name = "cursor", .title = "Cursor", .places = cursor_places,
	  .files = cursor_files, .hook = &cursor_hook },
	{ .name = "cursor-cli", .title = "Cursor's CLI",
	  .places = cursor_cli_places, .files = cursor_cli_files,
	  .hook = &cursor_hook },
	{ .name = "windsurf", .title = "Windsurf", .places = windsurf_places,
	  .files = cursor_files },
	{ .name = "trae", .title = "Trae", .places = trae_places,
	  .files = cursor_files },
	{ .name = "goose", .title = "Goose", .places = goose_places,
	  .files = goose_files },
	{ .name = "crush", .title = "Crush", .places = crush_places,
	  .files = crush_files, .list = &crush_list,
	  .in_projects = ".crush" },
	{ .name = "aider", .title = "Aider", .places = aider_places,
	  .files = aider_files, .in_projects = "",
	  .named = "AIDER_CHAT_HISTORY_FILE" },
	{ .name = "zed", .title = "Zed", .places = zed_places,
	  .files = zed_files },
	{ .name = "kiro", .title = "Kiro", .places = kiro_places,
	  .files = kiro_files },
	{ .name = "hermes", .title = "Hermes", .places = hermes_places,
	  .files = hermes_files },
	{ .name = "warp", .title = "Warp", .places = warp_places,
	  .files = warp_files },
	{ .name = "lmstudio", .title = "LM Studio", .places = lmstudio_places,
	  .files = lmstudio_files },
	{ .name = "jan", .title = "Jan", .places = jan_places,
	  .files = jan_files },
	{ .name = "anythingllm", .title = "AnythingLLM",
	  .places = anythingllm_places, .files = anythingllm_files },
	{ .name = "qwen", .title = "Qwen Code", .places = qwen_places,
	  .files = qwen_files, .hook = &qwen_hook },
	{ .name = "kimi", .title = "Kimi", .places = kimi_places,
	  .files = kimi_files, .hook = &kimi_hook },
	{ .name = "vibe", .title = "Mistral Vibe", .places = vibe_places,
	  .files = vibe_files },
	{ .name = "grok-build", .title = "Grok Build", .places = grok_places,
	  .files = grok_files },
	{ .name = "iflow", .title = "iFlow", .places = iflow_places,
	  .files = claude_files },
	{ .name = "qoder", .title = "Qoder", .places = qoder_places,
	  .files = claude_files },
	{ .name = "openclaude", .title = "OpenClaude",
	  .places = openclaude_places, .files = claude_files },
	{ .name = "traex", .title = "TraeX", .places = traex_places,
	  .files = codex_files },
	{ .name = NULL }
};
