#include "cmd/import/import.h"

#include <string.h>

#include "cmd/import/ai_studio.h"
#include "cmd/import/beam.h"
#include "cmd/import/capsule.h"
#include "cmd/import/card.h"
#include "cmd/import/chatgpt.h"
#include "cmd/import/chatty.h"
#include "cmd/import/claude_ai.h"
#include "cmd/import/claude_code.h"
#include "cmd/import/codex.h"
#include "cmd/import/copilot_cli.h"
#include "cmd/import/copilot_csv.h"
#include "cmd/import/cutthroat.h"
#include "cmd/import/gemini_cli.h"
#include "cmd/import/grok.h"
#include "cmd/import/jsonl.h"
#include "cmd/import/letta.h"
#include "cmd/import/locomo.h"
#include "cmd/import/mcp_memory.h"
#include "cmd/import/mem0.h"
#include "cmd/import/memorybank.h"
#include "cmd/import/oasst.h"
#include "cmd/import/openai_jsonl.h"
#include "cmd/import/sharegpt.h"
#include "cmd/import/sillytavern.h"
#include "cmd/import/takeout.h"
#include "cmd/import/vivim.h"
#include "cmd/import/vscode.h"
#include "cmd/import/vvault_index.h"

const struct importer *const importer_table[] = {
	&jsonl_importer,
	&capsule_importer,
	&chatgpt_importer,
	&claude_ai_importer,
	&claude_code_importer,
	&codex_importer,
	&letta_importer,
	&sillytavern_importer,
	&takeout_importer,
	&ai_studio_importer,
	&gemini_cli_importer,
	&vscode_importer,
	&copilot_cli_importer,
	&copilot_csv_importer,
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
	&openai_jsonl_importer,
	&vivim_importer,
	&chatty_importer,
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

int importer_names(struct buf *out, struct err *err)
{
	const struct importer *const *at;
	int rc = 0;

	for (at = importer_table; rc >= 0 && *at; at++)
		rc = buf_printf(out, err, "%s%s",
				at == importer_table ? "" : ", ", (*at)->name);
	return rc;
}
