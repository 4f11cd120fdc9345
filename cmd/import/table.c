#include "cmd/import/import.h"

#include <string.h>

#include "cmd/import/agents/agents.h"
#include "cmd/import/apps/formats.h"
#include "cmd/import/agents/agents.h"
#include "cmd/import/capsule/capsule.h"
#include "cmd/import/chatgpt/chatgpt.h"
#include "cmd/import/claude_ai/claude_ai.h"
#include "cmd/import/claude_code/claude_code.h"
#include "cmd/import/cline/cline.h"
#include "cmd/import/codex/codex.h"
#include "cmd/import/copilot/copilot_cli.h"
#include "cmd/import/copilot/copilot_csv.h"
#include "cmd/import/copilot/vscode.h"
#include "cmd/import/cursor/cursor.h"
#include "cmd/import/database/database.h"
#include "cmd/import/flat/formats.h"
#include "cmd/import/gemini/ai_studio.h"
#include "cmd/import/gemini/gemini_cli.h"
#include "cmd/import/gemini/takeout.h"
#include "cmd/import/jsonl/jsonl.h"
#include "cmd/import/kimi/kimi.h"
#include "cmd/import/letta/letta.h"
#include "cmd/import/notes/agent_notes.h"
#include "cmd/import/notes/aider.h"
#include "cmd/import/notes/notes.h"
#include "cmd/import/opencode/opencode.h"
#include "cmd/import/pi/pi.h"
#include "cmd/import/roleplay/card.h"
#include "cmd/import/roleplay/sillytavern.h"
#include "cmd/import/sniff.h"
#include "cmd/import/vivim/vivim.h"
#include "cmd/import/vvault/chatty.h"

const struct importer *const importer_table[] = {
	&jsonl_importer,
	&capsule_importer,
	&chatgpt_importer,
	&claude_ai_importer,
	&claude_code_importer,
	&codex_importer,
	&cline_importer,
	&amp_importer,
	&continue_importer,
	&droid_importer,
	&letta_importer,
	&sillytavern_importer,
	&takeout_importer,
	&ai_studio_importer,
	&gemini_cli_importer,
	&vscode_importer,
	&copilot_cli_importer,
	&copilot_csv_importer,
	&cursor_importer,
	&cursor_cli_importer,
	&cursor_transcript_importer,
	&kimi_importer,
	&pi_importer,
	&goose_importer,
	&crush_importer,
	&zed_importer,
	&kiro_importer,
	&hermes_importer,
	&warp_importer,
	&qwen_importer,
	&vibe_importer,
	&grok_build_importer,
	&card_importer,
	&mcp_memory_importer,
	&mem0_importer,
	&vvault_index_importer,
	&cutthroat_importer,
	&grok_importer,
	&sharegpt_importer,
	&oasst_importer,
	&beam_importer,
	&locomo_importer,
	&memorybank_importer,
	&anythingllm_importer,
	&bigagi_importer,
	&chatbox_importer,
	&deepseek_importer,
	&jan_importer,
	&librechat_importer,
	&lmstudio_importer,
	&nextchat_importer,
	&openwebui_importer,
	&typingmind_importer,
	&openai_jsonl_importer,
	&vivim_importer,
	&aider_importer,
	&opencode_importer,
	&chatty_importer,
	&agent_notes_importer,
	&notes_importer,	/* knows what no other does */
	NULL
};

const struct importer *importer_find(const char *name)
{
	const struct importer *const *at;

	for (at = importer_table; *at; at++) {
		if (!strcmp((*at)->name, name))
			return *at;
	}
	return NULL;
}

bool importer_knows(const struct importer *format,
		    const struct import_input *input)
{
	if (input->database)
		return format->tables &&
		       database_has_any(input->database, format->tables);
	if (format->sniff)
		return format->sniff(input);
	return !input->bundle && !input->is_folder && format->signs &&
	       sniff_any(buf_span(&input->head), format->signs);
}

int importer_names(struct buf *out, struct err *err)
{
	const struct importer *const *at;

	for (at = importer_table; *at; at++)
		buf_putf(out, "%s%s", at == importer_table ? "" : ", ",
			 (*at)->name);
	return buf_end(out, err);
}
