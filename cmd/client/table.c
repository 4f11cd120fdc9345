#include "cmd/client/client.h"

#include <stddef.h>

#define MAC_SUPPORT "Library/Application Support/"
#define PLACES_END { NULL, NULL, NULL }
#define PLACES(...) (const struct agent_place[]){ __VA_ARGS__, PLACES_END }

/* Programs of Windows start none of this system: their settings are theirs. */
#define CONFIG(linux) { "XDG_CONFIG_HOME", linux, ".config/" linux }
#define CONFIG_OR_MAC(path) CONFIG(path), { NULL, NULL, MAC_SUPPORT path }
#define EDITORS(path) \
	CONFIG_OR_MAC("Code/User/" path), \
	CONFIG_OR_MAC("Code - Insiders/User/" path), \
	CONFIG_OR_MAC("VSCodium/User/" path), \
	{ NULL, NULL, ".vscode-server/data/User/" path }
/* Extensions run in the editors that were made of that one, too. */
#define EXTENSION(path) \
	EDITORS("globalStorage/" path), \
	CONFIG_OR_MAC("Cursor/User/globalStorage/" path), \
	CONFIG_OR_MAC("Windsurf/User/globalStorage/" path)

#define SERVERS "mcpServers"
#define TYPE(name) "\"type\":\"" name "\","

const struct client client_table[] = {
	{ .name = "claude-code", .title = "Claude Code",
	  .files = PLACES({ "CLAUDE_CONFIG_DIR", ".claude.json",
			    ".claude.json" }),
	  .servers = SERVERS, .before = TYPE("stdio"), .sign = ".claude" },
	{ .name = "claude-desktop", .title = "Claude Desktop",
	  .files = PLACES(CONFIG_OR_MAC("Claude/claude_desktop_config.json")),
	  .servers = SERVERS },
	{ .name = "codex", .title = "Codex", .shape = CLIENT_TABLE,
	  .files = PLACES({ "CODEX_HOME", "config.toml",
			    ".codex/config.toml" }),
	  .servers = "mcp_servers" },
	{ .name = "gemini-cli", .title = "Gemini CLI",
	  .files = PLACES({ "GEMINI_CLI_HOME", ".gemini/settings.json",
			    ".gemini/settings.json" }),
	  .servers = SERVERS, .is_loose = true },
	{ .name = "qwen", .title = "Qwen Code",
	  .files = PLACES({ "QWEN_HOME", "settings.json",
			    ".qwen/settings.json" }),
	  .servers = SERVERS, .is_loose = true },
	{ .name = "copilot-cli", .title = "Copilot CLI",
	  .files = PLACES({ "COPILOT_HOME", "mcp-config.json",
			    ".copilot/mcp-config.json" }),
	  .servers = SERVERS, .before = TYPE("local"),
	  .after = ",\"tools\":[\"*\"]" },
	{ .name = "vscode-chat", .title = "Copilot in VS Code",
	  .files = PLACES(EDITORS("mcp.json")), .servers = "servers",
	  .before = TYPE("stdio"), .is_loose = true },
	{ .name = "cursor", .title = "Cursor",
	  .files = PLACES({ NULL, NULL, ".cursor/mcp.json" }),
	  .servers = SERVERS, .is_loose = true },
	{ .name = "windsurf", .title = "Windsurf",
	  .files = PLACES({ NULL, NULL,
			    ".codeium/windsurf/mcp_config.json" }),
	  .servers = SERVERS },
	{ .name = "zed", .title = "Zed",
	  .files = PLACES(CONFIG("zed/settings.json")),
	  .servers = "context_servers", .before = "\"source\":\"custom\",",
	  .is_loose = true },
	{ .name = "opencode", .title = "OpenCode", .shape = CLIENT_WORDS,
	  .files = PLACES(CONFIG("opencode/opencode.json")),
	  .other = "opencode.jsonc", .servers = "mcp",
	  .before = TYPE("local"), .sign = ".local/share/opencode",
	  .is_loose = true },
	{ .name = "kilo", .title = "Kilo", .shape = CLIENT_WORDS,
	  .files = PLACES(CONFIG("kilo/kilo.json")), .other = "kilo.jsonc",
	  .servers = "mcp", .before = TYPE("local"),
	  .sign = ".local/share/kilo", .is_loose = true },
	{ .name = "cline", .title = "Cline",
	  .files = PLACES({ "CLINE_MCP_SETTINGS_PATH", "",
			    ".cline/data/settings/cline_mcp_settings.json" },
			  EXTENSION("saoudrizwan.claude-dev/settings/"
				    "cline_mcp_settings.json")),
	  .servers = SERVERS },
	{ .name = "roo", .title = "Roo Code",
	  .files = PLACES(EXTENSION("rooveterinaryinc.roo-cline/settings/"
				    "mcp_settings.json")),
	  .servers = SERVERS },
	{ .name = "kilo-classic", .title = "Kilo Code, classic",
	  .files = PLACES(EXTENSION("kilocode.kilo-code/settings/"
				    "mcp_settings.json")),
	  .servers = SERVERS },
	{ .name = "amp", .title = "Amp",
	  .files = PLACES(CONFIG("amp/settings.json")),
	  .servers = "amp.mcpServers", .sign = ".local/share/amp",
	  .is_loose = true },
	{ .name = "crush", .title = "Crush",
	  .files = PLACES(CONFIG("crush/crush.json")), .servers = "mcp",
	  .before = TYPE("stdio"), .sign = ".local/share/crush" },
	{ .name = "droid", .title = "Droid",
	  .files = PLACES({ NULL, NULL, ".factory/mcp.json" }),
	  .servers = SERVERS, .before = TYPE("stdio") },
	{ .name = "kimi", .title = "Kimi",
	  .files = PLACES({ "KIMI_SHARE_DIR", "mcp.json", ".kimi/mcp.json" },
			  { "KIMI_CODE_HOME", "mcp.json",
			    ".kimi-code/mcp.json" }),
	  .servers = SERVERS },
	{ .name = "vibe", .title = "Mistral Vibe", .shape = CLIENT_LIST,
	  .files = PLACES({ "VIBE_HOME", "config.toml",
			    ".vibe/config.toml" }),
	  .servers = "mcp_servers", .before = "transport = \"stdio\"\n" },
	{ .name = "grok-build", .title = "Grok Build", .shape = CLIENT_TABLE,
	  .files = PLACES({ "GROK_HOME", "config.toml",
			    ".grok/config.toml" }),
	  .servers = "mcp_servers" },
	{ .name = "kiro", .title = "Kiro",
	  .files = PLACES({ NULL, NULL, ".kiro/settings/mcp.json" }),
	  .servers = SERVERS, .sign = ".kiro" },
	{ .name = "iflow", .title = "iFlow",
	  .files = PLACES({ NULL, NULL, ".iflow/settings.json" }),
	  .servers = SERVERS, .is_loose = true },
	{ .name = "lmstudio", .title = "LM Studio",
	  .files = PLACES({ NULL, NULL, ".lmstudio/mcp.json" }),
	  .servers = SERVERS },
	{ .name = NULL }
};
