/*
 * What is odd and told of no otherwise than before: things that are left out
 * whatever they say.
 */
#ifndef VV_TESTS_LOSS_LEFT_OUT_H
#define VV_TESTS_LOSS_LEFT_OUT_H

#include <stddef.h>

/* What is never read, whatever it says, and the words of the report that tell
 * so of each sample. */
static const struct left_out {
	const char *format;
	const char *file;	/* of a folder; NULL: any */
	const char *path;	/* begins so; all of it before a "$" */
	const char *said;
} left_out[] = {
	{ "chatgpt", "user.json", "", "the account's own data" },
	{ "chatgpt", "message_feedback.json", "", "ratings of answers" },
	{ "chatgpt", "shared_conversations.json", "",
	  "the list of shared links" },
	{ "chatgpt", "export_manifest.json", "", "the list of the export" },
	{ "chatgpt", "edge.json", ".#.mapping.a", "nodes that are no objects" },
	{ "claude", "users.json", "", "an account: its name" },
	{ "claude", NULL, ".#.creator.email_address", "e-mail addresses" },
	{ "codex", NULL, "(event_msg/user_message)", "event: user_message" },
	{ "codex", NULL, "(event_msg/agent_message)",
	  "event: agent_message" },
	{ "codex", NULL, "(event_msg/task_started)", "event: task_started" },
	{ "codex", NULL, "(event_msg/task_complete)",
	  "event: task_complete" },
	{ "codex", NULL, "(event_msg/turn_aborted)", "event: turn_aborted" },
	{ "codex", NULL, "(event_msg/thread_settings_applied)",
	  "event: thread_settings_applied" },
	{ "codex", NULL, "(event_msg/token_count)", "event: token_count" },
	/* The place of a line in its file, and when one was written of which
	 * no message is made. */
	{ "codex", NULL, "(session_meta).ordinal", "" },
	{ "codex", NULL, "(session_meta).timestamp", "" },
	{ "codex", NULL, "(event_msg/token_count).timestamp", "" },
	{ "codex", NULL, "(event_msg/thread_rolled_back)",
	  "event: thread_rolled_back" },
	{ "codex", NULL, "(event_msg/token_count).payload.info.total",
	  "totals and limits" },
	{ "codex", NULL, "(event_msg/token_count).payload.rate_limits",
	  "totals and limits" },
	{ "codex", NULL, "(turn_context).payload.user_instructions",
	  "instructions in the context" },
	{ "codex", NULL, "(compacted).payload.replacement_history",
	  "copies of messages" },
	{ "af", NULL, ".agents.#.secrets", "emptied before storing" },
	{ "af", NULL, ".agents.#.tool_exec_environment_variables",
	  "emptied before storing" },
	{ "af", NULL, ".tool_exec_environment_variables",
	  "emptied before storing" },
	{ "af", NULL, ".mcp_servers", "emptied before storing" },
	{ "gemini-cli", NULL, "(gemini)", "was said most fully" },
	{ "gemini-cli", NULL, ".lastUpdated", "was said most fully" },
	{ "gemini-cli", NULL, ".$set.lastUpdated", "was said most fully" },
	{ "gemini-takeout", NULL, ".#.time", "an activity that is no prompt" },
	{ "locomo", NULL, ".#.qa", "questions and summaries of a benchmark" },
	{ "locomo", NULL, ".#.conversation.odd", "that is no session" },
	{ "locomo", NULL, ".#.conversation.session_2_date_time$",
	  "that is no session" },
	{ "mcp-memory", NULL, "._savedAt", "when the graph was saved" },
	{ "mcp-memory", NULL, ".made", "an unknown member of the graph" },
	{ "mem0", NULL, ".results.#.score", "which belongs to a search" },
	{ "mem0", NULL, ".total", "an unknown member beside" },
	{ "vivim", NULL, ".deviceId", "beside \"operations\"" },
	{ "vivim", NULL, ".lastSyncId", "beside \"operations\"" },
	{ "vivim", NULL, ".operations.#$", "an operation that is no object" },
	{ "vvault-index", NULL, ".latest_uuid", "says of itself" },
	{ "vvault-index", NULL, ".created_at", "says of itself" },
	{ "vvault-index", NULL, ".updated_at", "says of itself" },
	{ "vscode-chat", NULL, ".v.lastMessageDate", "was said last" },
	{ "vscode-chat", NULL, ".v.#.response", "was said last" },
	/* What an export of an app has beside its chats, as its note says. */
	{ "bigagi", NULL, ".folders", "titles of their folders are read" },
	{ "bigagi", NULL, ".models", "not the models and their keys" },
	{ "chatbox", NULL, ".__exported", "not the settings and keys" },
	{ "chatbox", NULL, ".settings", "not the settings and keys" },
	{ "nextchat", NULL, ".access-control", "not the settings and keys" },
	{ "nextchat", NULL, ".app-config", "not the settings and keys" },
	{ "nextchat", NULL, ".chat-next-web-store.currentSessionIndex",
	  "not the settings and keys" },
	{ "nextchat", NULL, ".mask-store.masks.m-2.name",
	  "a mask that says nothing" },
	{ "typingmind", NULL, ".checksum", "not the settings" },
	{ "typingmind", NULL, ".v", "not the settings" },
	{ "typingmind", NULL, ".data.settings", "not the settings" },
	{ "typingmind", NULL, ".data.folders", "titles of folders are read" },
	{ "typingmind", NULL, ".data.chats.#.modelInfo", "may hold keys" },
	{ "nextchat", NULL, ".chat-next-web-store.sessions.#.mask.modelConfig.apiKey",
	  "among settings" },
	{ "chatbox", NULL, ".session:cb-1.settings.openaiKey",
	  "among settings" },
	{ "chatbox", NULL, ".session:cb-1.settings.providers.#.apiKey",
	  "among settings" },
	{ "typingmind", NULL, ".data.chats.#.character.apiKey",
	  "among settings" },
	/* The list repeats what the sessions say of themselves. */
	{ "chatbox", NULL, ".chat-sessions-list", "" },
	{ "deepseek", NULL, ".#.mapping.6", "a node without a message" },
	{ "deepseek", NULL, ".#.mapping.7", "a node without a message" },
	/* The root of a tree, which is no message. */
	{ "deepseek", NULL, ".#.mapping.root", "" },
	{ "cline", "context_history.json", "", "no part of their sessions" },
	/* What the panel shows of what a message has. */
	{ "cline", "ui_messages.json", ".#.conversationHistoryIndex",
	  "what the panel shows of what a message has" },
	{ "cline", "ui_messages.json", ".#.type",
	  "what the panel shows of what a message has" },
	{ "cline", "ui_messages.json", ".#.ts",
	  "what the panel shows of what a message has" },
	{ "cline", "ui_messages.json", ".#.lastCheckpointHash",
	  "what the panel shows without words" },
};

#define LEFT_OUT (sizeof(left_out) / sizeof(left_out[0]))

/* The same of a part of a sample, whose paths others have too: so many odd
 * leaves at most. */
static const struct left_part {
	struct left_out row;
	size_t most;
} left_parts[] = {
	{ { "anythingllm", "export.json", ".#$", "a chat that is no object" },
	  8 },
	/* The frame of a program around what a person said to a tool. */
	{ { "cline", "api_conversation_history.json", ".#.content.#.text$",
	    "" }, 10 },
	{ { "cline", "api_conversation_history.json", ".#.content.#.type$",
	    "" }, 20 },
	/* Other words in an item that has no text; and what a request cost,
	 * where its answer tells it in parts. */
	{ { "cline", "ui_messages.json", ".#.ask$",
	    "what the panel shows without words" }, 12 },
	{ { "cline", "ui_messages.json", ".#.say$",
	    "what the panel shows without words" }, 22 },
	{ { "codex", "fork.jsonl", "(event_msg/token_count).timestamp", "" },
	  1 },
	{ { "codex", "rollout.jsonl",
	    "(event_msg/thread_name_updated).timestamp", "" }, 1 },
	{ { "gemini-takeout", "MyActivity.json", ".#.header$",
	    "an activity of another product" }, 27 },
	{ { "gemini-takeout", "MyActivity.json", ".#.title$",
	    "an activity of another product" }, 18 },
	{ { "gemini-takeout", "MyActivity.json", ".#.products.#$",
	    "an activity of another product" }, 27 },
	{ { "grok", NULL, ".conversations.#.responses.#$",
	    "a response that is no object" }, 8 },
	{ { "memorybank", NULL, ".Ines Gray.history.2024-05-04.#$",
	    "a turn that is no object" }, 8 },
	{ { "librechat", "tree.json", ".messagesTree.#$",
	    "a message that is no object" }, 8 },
	{ { "lmstudio", NULL, ".messages.#.versions.#$",
	    "a version that is no object" }, 8 },
	{ { "nextchat", NULL, ".chat-next-web-store.sessions.#.messages.#$",
	    "a message that is no object" }, 8 },
	{ { "openwebui", NULL, ".#.chat.history.messages.m6$",
	    "a message that is no object" }, 8 },
	/* Names of constructs, of which whoever imports has the last word. */
	{ { "sillytavern", "cai.json", ".info.character.name$", "" }, 4 },
	{ { "vscode-chat", "chat.jsonl", ".v.#.value$", "was said last" }, 9 },
	{ { "vscode-chat", "chat.jsonl", ".v.#.timestamp$",
	    "was said last" }, 9 },
	{ { "vvault-index", NULL, ".instance_name$", "" }, 4 },
	{ { "vvault-index", NULL, ".tags.lost.#$",
	    "that the index does not have" }, 9 },
};

#define LEFT_PARTS (sizeof(left_parts) / sizeof(left_parts[0]))

/* The same of lines of a file, from and to. */
static const struct left_lines {
	const char *file;
	size_t from;
	size_t to;
	const char *said;
} left_lines[] = {
	{ "11111111-aaaa-4000-8000-000000000001.jsonl", 29, 29,
	  "record whose uuid stands before" },
	{ "fork.jsonl", 2, 2, "session_meta of another session" },
	{ "chat.jsonl", 7, 7, "a change of a kind that is not known" },
	{ "chat.jsonl", 8, 8, "a request that the log takes back" },
	{ "22222222-bbbb-4000-8000-000000000002.jsonl", 1, 10,
	  "copy of a message of another session" },
	{ "legacy.jsonl", 2, 2, "state record" },
	{ "plain.jsonl", 3, 3, "an entity whose name stands before" },
	{ "plain.jsonl", 5, 5, "a relation that stands before" },
	{ "plain.jsonl", 9, 9, "neither entity nor relation" },
	{ "push.json", 10, 10, "a kind of entity that vvault does not have" },
	{ "push.json", 11, 11, "a message of an unknown conversation" },
	{ "chat.json", 28, 31, "a message without text" },
	{ "1793606400000.conversation.json", 13, 13,
	  "a message without versions" },
	{ "export.json", 14, 14, "a persona or prompt without a text" },
	{ "backup.json", 10, 10, "a persona or prompt without a text" },
};

#define LEFT_LINES (sizeof(left_lines) / sizeof(left_lines[0]))

#endif
