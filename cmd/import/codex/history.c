#include "cmd/import/codex/reading_internal.h"

/*
 * history.jsonl has what a person typed in all sessions, those too that the
 * program did not keep.
 */
int codex_read_prompt(struct codex_reading *reading,
		      const struct codex_record *record, struct err *err)
{
	struct take line = take_begin(record->line);
	struct prompt prompt = {
		.session = take_filled(&line, "session_id"),
		.text = take_text(&line, "text"),
		.time = take_time(&line, "ts"), .rest = &line,
	};

	reading->prompts.lineage = reading->lineage;
	reading->prompts.id_of = codex_id_of;
	return prompts_put(&reading->prompts, &reading->chat, &prompt, err);
}
