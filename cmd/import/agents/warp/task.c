/*
 * The fields of Warp's tasks (warp.multi_agent.v1.Task, whose descriptions
 * Warp has published), as far as people read them; the others keep their
 * numbers.
 */
#include "cmd/import/agents/warp/protobuf.h"
#include "cmd/import/agents/warp/warp_internal.h"

#define TEXT(number, name) { number, name, PROTOBUF_TEXT, false, NULL }
#define TEXTS(number, name) { number, name, PROTOBUF_TEXT, true, NULL }
#define NUMBER(number, name) { number, name, PROTOBUF_NUMBER, false, NULL }
#define YES(number, name) { number, name, PROTOBUF_BOOL, false, NULL }
#define TIME(number, name) { number, name, PROTOBUF_TIME, false, NULL }
#define ONE(number, name, fields) \
	{ number, name, PROTOBUF_MESSAGE, false, fields }
#define MANY(number, name, fields) \
	{ number, name, PROTOBUF_MESSAGE, true, fields }
#define ANY(number, name) { number, name, PROTOBUF_MESSAGE, false, NULL }
#define END { 0, NULL, PROTOBUF_TEXT, false, NULL }

/* --- calls ----------------------------------------------------------------- */

static const struct protobuf_field shell_fields[] = {
	TEXT(1, "command"), YES(2, "is_read_only"), YES(3, "uses_pager"),
	YES(5, "is_risky"), YES(6, "wait_until_complete"),
	NUMBER(7, "risk_category"), END
};
static const struct protobuf_field search_fields[] = {
	TEXT(1, "query"), TEXTS(2, "path_filters"),
	TEXT(3, "codebase_path"), END
};
static const struct protobuf_field payload_fields[] = { TEXT(1, "payload"), END };
static const struct protobuf_field range_fields[] = {
	NUMBER(1, "start"), NUMBER(2, "end"), END
};
static const struct protobuf_field file_fields[] = {
	TEXT(1, "name"), MANY(2, "line_ranges", range_fields), END
};
static const struct protobuf_field read_fields[] = { MANY(1, "files", file_fields), END };
static const struct protobuf_field diff_fields[] = {
	TEXT(1, "file_path"), TEXT(2, "search"), TEXT(3, "replace"), END
};
static const struct protobuf_field new_file_fields[] = {
	TEXT(1, "file_path"), TEXT(2, "content"), END
};
static const struct protobuf_field path_fields[] = { TEXT(1, "file_path"), END };
static const struct protobuf_field hunk_fields[] = {
	TEXTS(1, "change_context"), TEXT(2, "pre_context"), TEXT(3, "old"),
	TEXT(4, "new"), TEXT(5, "post_context"), END
};
static const struct protobuf_field update_fields[] = {
	TEXT(1, "file_path"), TEXT(2, "move_to"),
	MANY(3, "hunks", hunk_fields), END
};
static const struct protobuf_field apply_fields[] = {
	TEXT(1, "summary"), MANY(2, "diffs", diff_fields),
	MANY(3, "new_files", new_file_fields),
	MANY(4, "deleted_files", path_fields),
	MANY(5, "v4a_updates", update_fields), END
};
static const struct protobuf_field grep_fields[] = {
	TEXTS(1, "queries"), TEXT(2, "path"), END
};
static const struct protobuf_field glob_fields[] = {
	TEXTS(1, "patterns"), TEXT(2, "path"), END
};
static const struct protobuf_field glob2_fields[] = {
	TEXTS(1, "patterns"), TEXT(2, "search_dir"), NUMBER(3, "max_matches"),
	NUMBER(4, "max_depth"), NUMBER(5, "min_depth"), END
};
static const struct protobuf_field resource_fields[] = {
	TEXT(1, "uri"), TEXT(2, "server_id"), END
};
static const struct protobuf_field mcp_fields[] = {
	TEXT(1, "name"), { 2, "args", PROTOBUF_STRUCT, false, NULL },
	TEXT(3, "server_id"), END
};
static const struct protobuf_field write_fields[] = {
	TEXT(1, "input"), ANY(2, "mode"), TEXT(3, "command_id"), END
};
static const struct protobuf_field subagent_fields[] = {
	TEXT(1, "task_id"), TEXT(2, "payload"), END
};
static const struct protobuf_field output_fields[] = { TEXT(1, "command_id"), END };
static const struct protobuf_field document_fields[] = {
	TEXT(1, "content"), TEXT(2, "title"), END
};
static const struct protobuf_field documents_fields[] = {
	MANY(1, "new_documents", document_fields), END
};
static const struct protobuf_field skill_fields[] = {
	TEXT(1, "skill_path"), TEXT(2, "bundled_skill_id"), TEXT(3, "name"),
	END
};

static const struct protobuf_field call_fields[] = {
	TEXT(1, "tool_call_id"), ONE(2, "run_shell_command", shell_fields),
	ONE(3, "search_codebase", search_fields),
	ONE(4, "server", payload_fields), ONE(5, "read_files", read_fields),
	ONE(6, "apply_file_diffs", apply_fields), ANY(7, "suggest_plan"),
	ANY(8, "suggest_create_plan"), ONE(9, "grep", grep_fields),
	ONE(10, "file_glob", glob_fields),
	ONE(11, "read_mcp_resource", resource_fields),
	ONE(12, "call_mcp_tool", mcp_fields),
	ONE(13, "write_to_long_running_shell_command", write_fields),
	ANY(14, "suggest_new_conversation"),
	ONE(15, "file_glob_v2", glob2_fields), ANY(16, "suggest_prompt"),
	ANY(17, "open_code_review"), ANY(18, "init_project"),
	ONE(19, "subagent", subagent_fields), ANY(20, "read_documents"),
	ANY(21, "edit_documents"),
	ONE(22, "create_documents", documents_fields),
	ONE(23, "read_shell_command_output", output_fields),
	ANY(24, "use_computer"), ANY(25, "insert_review_comments"),
	ONE(26, "read_skill", skill_fields), ANY(27, "request_computer_use"),
	ANY(28, "fetch_conversation"), ANY(29, "start_agent"),
	ANY(30, "send_message_to_agent"),
	ANY(31, "transfer_shell_command_control_to_user"), END
};

/* --- results --------------------------------------------------------------- */

static const struct protobuf_field finished_fields[] = {
	TEXT(1, "output"), NUMBER(2, "exit_code"), TEXT(3, "command_id"), END
};
static const struct protobuf_field snapshot_fields[] = { TEXT(1, "output"), END };
static const struct protobuf_field error_fields[] = { TEXT(1, "message"), END };
static const struct protobuf_field ran_fields[] = {
	TEXT(1, "output"), NUMBER(2, "exit_code"), TEXT(3, "command"),
	ONE(4, "long_running_command_snapshot", snapshot_fields),
	ONE(5, "command_finished", finished_fields),
	ANY(6, "permission_denied"), END
};
static const struct protobuf_field wrote_fields[] = {
	ONE(1, "long_running_command_snapshot", snapshot_fields),
	ONE(2, "command_finished", finished_fields), ANY(3, "error"), END
};
static const struct protobuf_field output_result_fields[] = {
	TEXT(1, "command"),
	ONE(2, "long_running_command_snapshot", snapshot_fields),
	ONE(3, "command_finished", finished_fields), ANY(4, "error"), END
};
static const struct protobuf_field success_fields[] = {
	ANY(1, "success"), ONE(2, "error", error_fields), END
};
static const struct protobuf_field files_result_fields[] = {
	ANY(1, "text_files_success"), ONE(2, "error", error_fields),
	ANY(3, "any_files_success"), END
};
static const struct protobuf_field mcp_text_fields[] = { TEXT(1, "text"), END };
static const struct protobuf_field mcp_result_fields[] = {
	ONE(1, "text", mcp_text_fields), ANY(2, "image"), ANY(3, "resource"),
	END
};
static const struct protobuf_field mcp_results_fields[] = {
	MANY(1, "results", mcp_result_fields), END
};
static const struct protobuf_field mcp_success_fields[] = {
	ONE(1, "success", mcp_results_fields), ONE(2, "error", error_fields),
	END
};
static const struct protobuf_field server_result_fields[] = {
	TEXT(1, "serialized_result"), END
};

static const struct protobuf_field result_fields[] = {
	TEXT(1, "tool_call_id"), ONE(2, "run_shell_command", ran_fields),
	ONE(3, "search_codebase", success_fields),
	ONE(4, "server", server_result_fields),
	ONE(5, "read_files", files_result_fields),
	ONE(6, "apply_file_diffs", success_fields), ANY(7, "suggest_plan"),
	ANY(8, "suggest_create_plan"), ONE(9, "grep", success_fields),
	ONE(10, "file_glob", success_fields), ANY(11, "context"),
	ANY(14, "cancel"), ONE(15, "read_mcp_resource", success_fields),
	ONE(16, "call_mcp_tool", mcp_success_fields),
	ONE(17, "write_to_long_running_shell_command", wrote_fields),
	ANY(18, "suggest_new_conversation"),
	ONE(19, "file_glob_v2", success_fields), ANY(20, "suggest_prompt"),
	ANY(21, "open_code_review"), ANY(22, "init_project"),
	ONE(23, "subagent", payload_fields),
	ONE(24, "read_documents", success_fields),
	ONE(25, "edit_documents", success_fields),
	ONE(26, "create_documents", success_fields),
	ONE(27, "read_shell_command_output", output_result_fields),
	ONE(28, "use_computer", success_fields),
	ANY(29, "insert_review_comments"),
	ONE(30, "read_skill", success_fields),
	ANY(31, "request_computer_use_result"),
	ONE(32, "fetch_conversation", success_fields),
	ONE(33, "start_agent", success_fields),
	ONE(34, "send_message_to_agent", success_fields),
	ONE(35, "transfer_shell_command_control_to_user", wrote_fields), END
};

/* --- messages -------------------------------------------------------------- */

static const struct protobuf_field query_fields[] = {
	TEXT(1, "query"), ANY(2, "context"),
	MANY(3, "referenced_attachments", NULL), ANY(4, "mode"),
	NUMBER(5, "intended_agent"), END
};
static const struct protobuf_field text_fields[] = { TEXT(1, "text"), END };
static const struct protobuf_field reasoning_fields[] = {
	TEXT(1, "reasoning"), ANY(2, "finished_duration"), END
};
static const struct protobuf_field summary_fields[] = {
	TEXT(1, "summary"), NUMBER(2, "token_count"), END
};
static const struct protobuf_field summarization_fields[] = {
	ONE(1, "conversation_summary", summary_fields),
	ANY(2, "finished_duration"), ANY(3, "tool_call_result_summary"), END
};
static const struct protobuf_field invoke_fields[] = {
	ANY(1, "skill"), ONE(2, "user_query", query_fields), END
};
static const struct protobuf_field model_fields[] = {
	TEXT(1, "model_id"), TEXT(2, "model_display_name"),
	YES(3, "is_fallback"), END
};

static const struct protobuf_field message_fields[] = {
	TEXT(1, "id"), ONE(2, "user_query", query_fields),
	ONE(3, "agent_output", text_fields), ONE(4, "tool_call", call_fields),
	ONE(5, "tool_call_result", result_fields),
	ONE(6, "server_event", payload_fields),
	TEXT(7, "server_message_data"), MANY(8, "citations", NULL),
	ANY(9, "system_query"), ANY(10, "update_todos"), TEXT(11, "task_id"),
	TEXT(13, "request_id"), TIME(14, "timestamp"),
	ONE(15, "agent_reasoning", reasoning_fields),
	ONE(16, "summarization", summarization_fields),
	ANY(17, "code_review"), ANY(18, "update_review_comments"),
	ANY(19, "web_search"), ANY(20, "web_fetch"),
	ONE(21, "debug_output", text_fields), ANY(22, "artifact_event"),
	ONE(23, "invoke_skill", invoke_fields),
	ANY(24, "messages_received_from_agents"),
	ONE(25, "model_used", model_fields), ANY(26, "events_from_agents"),
	END
};

static const struct protobuf_field dependency_fields[] = { TEXT(1, "parent_task_id"), END };

static const struct protobuf_field task_fields[] = {
	TEXT(1, "id"), TEXT(2, "description"),
	ONE(3, "dependencies", dependency_fields),
	MANY(5, "messages", message_fields), TEXT(6, "summary"),
	TEXT(8, "server_data"), END
};

bool warp_decode_task(const struct database_query *row, int column,
		      struct buf *out)
{
	struct database_value value = database_column(row, column);

	return value.type == DATABASE_BLOB &&
	       !strcmp(database_column_name(row, column), "task") &&
	       protobuf_to_json(value.bytes, task_fields, out);
}
