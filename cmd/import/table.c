#include "cmd/import/import.h"

#include <string.h>

#include "cmd/import/capsule.h"
#include "cmd/import/card.h"
#include "cmd/import/chatgpt.h"
#include "cmd/import/claude_ai.h"
#include "cmd/import/claude_code.h"
#include "cmd/import/jsonl.h"
#include "cmd/import/letta.h"
#include "cmd/import/sillytavern.h"

const struct importer *const importer_table[] = {
	&jsonl_importer,
	&capsule_importer,
	&chatgpt_importer,
	&claude_ai_importer,
	&claude_code_importer,
	&letta_importer,
	&sillytavern_importer,
	&card_importer,
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
