#include "cmd/import/codex/reading_internal.h"

#include <stdlib.h>

#include "lib/base/array.h"

struct span codex_home_of(const struct codex_reading *reading, uint32_t at)
{
	const struct codex_line *line = &reading->skeleton->lines.at[at];
	const struct codex_turn *turn = &reading->skeleton->turns.at[line->turn];

	return turn->is_own ? span_of(NULL, 0) :
		lineage_key(reading->lineage, turn->owner);
}

int codex_put_draft(struct codex_reading *reading, struct err *err)
{
	struct codex_draft *draft = &reading->draft;
	const struct codex_line *line;
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct span parts;
	struct chat_message message = {
		.role = draft->role,
		.created = draft->created,
		.content = buf_span(&draft->content),
		.visibility = draft->visibility
	};
	int rc;

	if (!draft->is_full)
		return 0;
	line = &reading->skeleton->lines.at[draft->line];
	message.index = line->index;
	rc = codex_key(reading->skeleton, draft->line, &reading->key, err);
	message.key = buf_span(&reading->key);
	if (line->parent == CODEX_NONE && reading->before.len)
		message.parent = buf_span(&reading->before);
	if (rc >= 0 && line->parent != CODEX_NONE) {
		rc = codex_key(reading->skeleton, line->parent,
			       &reading->parent, err);
		message.parent = buf_span(&reading->parent);
		message.parent_session = codex_home_of(reading, line->parent);
	}
	parts = codex_draft_parts(draft);
	if (rc >= 0)
		rc = codex_draft_native(draft, &native, err);
	message.native = buf_span(&native);
	message.parts = parts;
	if (draft->model.len)
		message.model = buf_span(&draft->model);
	if (rc >= 0)
		rc = chat_put_message(&reading->chat, &message, err);
	codex_draft_reset(draft);
	buf_release(&native);
	return rc;
}

static int wait_for_twin(struct codex_reading *reading, struct span text,
			 struct err *err)
{
	uint32_t line = (uint32_t)reading->line;
	uint32_t twin = reading->skeleton->lines.at[line].twin;
	uint32_t at = (uint32_t)reading->waiting.n;
	const struct codex_waiting one = { BUF_INIT(BUF_NO_LIMIT), line,
				     CODEX_NONE, at };
	struct codex_waiting *first;
	uint64_t found = at;
	int rc = array_room(&reading->waiting, err);

	if (rc == 0 && !table_get(&reading->waited, &twin, &found))
		rc = table_put(&reading->waited, &twin, at, err);
	if (rc < 0)
		return rc;
	reading->waiting.at[reading->waiting.n++] = one;
	first = &reading->waiting.at[found];
	if (found != at)
		reading->waiting.at[first->last].next = at;
	first->last = at;
	buf_put_span(&reading->waiting.at[at].text, text);
	return buf_end(&reading->waiting.at[at].text, err);
}

/* What has waited for the line at hand. */
static int join_waiting(struct codex_reading *reading, struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	const struct codex_skeleton *skeleton = reading->skeleton;
	uint32_t twin = (uint32_t)reading->line;
	struct codex_record record;
	struct codex_waiting *one;
	struct jdoc *doc;
	uint64_t at;
	int rc = 0;

	if (!table_get(&reading->waited, &twin, &at))
		return 0;
	for (; rc == 0 && at != CODEX_NONE; at = one->next) {
		one = &reading->waiting.at[at];
		doc = NULL;
		rc = jdoc_parse(buf_span(&one->text), &options, &doc, err);
		if (rc == 0) {
			codex_record_of(jdoc_root(doc), &record);
			codex_draft_join(&reading->draft, &reading->chat,
					 skeleton, &record,
					 &skeleton->lines.at[one->line]);
		}
		jdoc_free(doc);
		buf_release(&one->text);
	}
	(void)table_remove(&reading->waited, &twin);
	return rc;
}

int codex_read_joined(struct codex_reading *reading,
		       const struct codex_record *record, struct span text,
		       struct err *err)
{
	const struct codex_line *line =
		&reading->skeleton->lines.at[reading->line];

	if (line->is_copy || !reading->is_wanted)
		return codex_leave_out(reading, record, err);
	if (line->twin > reading->line)
		return wait_for_twin(reading, text, err);
	codex_draft_join(&reading->draft, &reading->chat, reading->skeleton,
			 record, line);
	return 0;
}

int codex_read_message(struct codex_reading *reading,
			const struct codex_record *record, struct err *err)
{
	const struct codex_line *line =
		&reading->skeleton->lines.at[reading->line];
	struct codex_draft *draft = &reading->draft;
	int rc;

	if (line->is_copy)
		return import_leave_out(reading->source, "copy of a message "
					"of another session", NULL, err);
	if (!reading->is_wanted)
		return import_leave_out(reading->source, "message of a "
					"session older than --since", NULL,
					err);
	rc = codex_put_draft(reading, err);
	if (rc < 0)
		return rc;
	draft->line = (uint32_t)reading->line;
	codex_draft_fill(draft, &reading->chat, reading->skeleton, record,
			 line);
	if (line->is_awaited)
		rc = join_waiting(reading, err);
	buf_put_span(&draft->turn, buf_span(&reading->turn));
	buf_reset(&reading->turn);
	if (!strcmp(draft->role, "assistant")) {
		buf_put_span(&draft->model, buf_span(&reading->model));
		reading->is_model_told = true;
	}
	if (rc >= 0 && record->what == CODEX_COMPACTED &&
	    jval_is(jval_get(record->payload, "replacement_history"),
		    JVAL_ARRAY))
		rc = import_skip(reading->source, "replacement_history of a "
				 "compaction: copies of messages", NULL, err);
	return rc;
}

