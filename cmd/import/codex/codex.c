#include "cmd/import/codex/reading_internal.h"

#include <stdlib.h>

#include "cmd/import/input/whole.h"
#include "cmd/import/beside/home.h"
#include "cmd/import/sniff.h"
#include "lib/base/xxh.h"

/* --- recognising ---------------------------------------------------------- */

static bool is_record(struct span line)
{
	if (sniff_has(line, "payload"))
		return sniff_has(line, "type") &&
		       (sniff_has(line, "payload.type") ||
			sniff_has(line, "payload.turn_id") ||
			sniff_has(line, "payload.id"));
	if (sniff_has(line, "id") && sniff_has(line, "timestamp") &&
	    sniff_has(line, "instructions"))
		return true;
	if (sniff_has(line, "id") && sniff_has(line, "thread_name"))
		return sniff_has(line, "updated_at");
	return sniff_has(line, "session_id") && sniff_has(line, "ts") &&
	       sniff_has(line, "text");
}

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->is_folder || input->bundle)
		return false;
	return sniff_any_line(head, is_record);
}

/* An agent of the same making. */
static const struct import_home traex_home = {
	.folder = ".trae/cli",
	.rooms = (const char *const[]){ "sessions", "archived_sessions",
					NULL },
	.signs = (const char *const[]){ NULL },
	.reason = "of TraeX, and no part of its sessions",
	.construct = "traex",
};

static const struct import_home codex_home = {
	.folder = ".codex",
	.rooms = (const char *const[]){
		"sessions", "archived_sessions", "session_index.jsonl",
		"history.jsonl", NULL
	},
	.signs = (const char *const[]){
		"auth.json", "version.json", "models_cache.json",
		"state_5.sqlite", NULL
	},
	.reason = "of Codex, and no part of its sessions",
	.notes = (const char *const[]){
		"AGENTS.md", "AGENTS.override.md", "memories", NULL
	},
	.next = &traex_home,
};

static int codex_identify(struct import_job *job, struct import_source *source,
			  struct err *err)
{
	struct codex_skeleton skeleton = CODEX_SKELETON_INIT;
	struct lineage *lineage;
	int rc;

	rc = import_name(job, source,
			 span_str(home_construct(&source->input, &codex_home,
						 CODEX)), err);
	if (rc || job->sources_n < 2 || source->input.is_pipe)
		return rc;
	rc = lineage_get(job, CODEX, &lineage, err);
	if (rc >= 0)
		rc = codex_skeleton_read(&source->input, &skeleton, err);
	if (rc >= 0)
		rc = codex_skeleton_claim(&skeleton, lineage, err);
	if (rc >= 0)
		rc = codex_segment_note(&skeleton, lineage, err);
	codex_skeleton_release(&skeleton);
	return rc;
}

/* --- reading -------------------------------------------------------------- */

static int read_record(struct codex_reading *reading,
		       const struct value_line *line, struct err *err)
{
	struct codex_record record;

	codex_record_of(line->value, &record);
	if (reading->skeleton->lines.at[reading->line].is_message)
		return codex_read_message(reading, &record, err);
	if (reading->skeleton->lines.at[reading->line].is_joined)
		return codex_read_joined(reading, &record, line->text, err);
	return codex_read_about(reading, &record, err);
}

/* False when the file is not what it was: a program is writing to it. */
static bool is_as_before(const struct codex_reading *reading,
			 const struct value_line *line)
{
	return reading->skeleton->lines.at[reading->line].hash ==
	       xxh64_of(line->text.at, line->text.len);
}

static int read_line(struct codex_reading *reading, struct value_lines *lines,
		     bool *out_is_end, struct err *err)
{
	struct value_line line;
	int rc;

	*out_is_end = true;
	rc = value_lines_next(lines, &line, err);
	if (rc < 0)
		return rc;
	if (line.found == FOUND_BAD) {
		*out_is_end = false;
		return import_malformed_line(reading->job, reading->source,
					     &line, err);
	}
	/* What has come since waits for the next time. */
	if (line.found == FOUND_END ||
	    reading->line == reading->skeleton->lines.n)
		return 0;
	if (!is_as_before(reading, &line))
		return import_changed(reading->job, reading->source,
				      line.offset, err);
	*out_is_end = false;
	rc = read_record(reading, &line, err);
	reading->line++;
	return rc;
}

static int read_lines(struct codex_reading *reading, struct err *err)
{
	struct value_lines *lines = NULL;
	struct codex_record last = { .reason = "record: turn_context" };
	bool is_end = false;
	int rc;

	rc = value_lines_new(input_feed(&reading->source->input), &lines, err);
	while (rc == 0 && !is_end)
		rc = read_line(reading, lines, &is_end, err);
	value_lines_free(lines);
	if (rc == 0)
		rc = codex_put_draft(reading, err);
	if (rc >= 0 && reading->turn.len)
		rc = codex_leave_out(reading, &last, err);
	return rc;
}

static int codex_put_session(struct codex_reading *reading, struct err *err)
{
	const struct codex_skeleton *skeleton = reading->skeleton;
	struct chat_session session = {
		.key = skeleton->session, .created = { skeleton->first, 0 },
		.updated = { skeleton->last, 0 },
		.provider = CODEX, .parent = skeleton->parent,
		.native = buf_span(&reading->meta)
	};
	int rc = buf_end(&reading->meta, err);

	if ((skeleton->leaf == CODEX_NONE && !reading->meta.len) ||
	    !reading->is_wanted)
		return 0;
	if (reading->title.len)
		session.title = buf_span(&reading->title);
	if (reading->model.len)
		session.model = buf_span(&reading->model);
	if (skeleton->leaf != CODEX_NONE) {
		rc = codex_key(skeleton, skeleton->leaf, &reading->key, err);
		session.active = buf_span(&reading->key);
		session.active_session = codex_home_of(reading, skeleton->leaf);
	}
	return rc < 0 ? rc : chat_put_session(&reading->chat, &session, err);
}

static int look_around(struct codex_reading *reading, struct err *err)
{
	struct codex_skeleton *skeleton = reading->skeleton;
	int rc;

	rc = codex_skeleton_claim(skeleton, reading->lineage, err);
	if (rc >= 0 && skeleton->parent.at)
		rc = lineage_look(reading->lineage, reading->job,
				  reading->source->construct, codex_id_of,
				  err);
	if (rc >= 0)
		rc = codex_skeleton_judge(skeleton, reading->lineage, err);
	if (rc >= 0)
		rc = codex_segment_find(reading, err);
	reading->is_wanted = import_is_wanted(reading->job, skeleton->last);
	return rc < 0 ? rc : chat_begin(&reading->chat, reading->job,
					reading->source, CODEX,
					skeleton->session, err);
}

static void release(struct codex_reading *reading)
{
	size_t i;

	codex_draft_release(&reading->draft);
	chat_release(&reading->chat);
	buf_release(&reading->key);
	buf_release(&reading->parent);
	buf_release(&reading->before);
	buf_release(&reading->model);
	buf_release(&reading->turn);
	buf_release(&reading->title);
	buf_release(&reading->meta);
	for (i = 0; i < reading->waiting.n; i++)
		buf_release(&reading->waiting.at[i].text);
	free(reading->waiting.at);
	table_release(&reading->waited);
	prompts_release(&reading->prompts);
	codex_skeleton_release(reading->skeleton);
}

static int read_source(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	static const struct buf empty = BUF_INIT(BUF_NO_LIMIT);
	struct codex_skeleton skeleton = CODEX_SKELETON_INIT;
	struct codex_reading reading = {
		.job = job, .source = source, .skeleton = &skeleton,
		.chat = CHAT_INIT, .key = empty, .parent = empty, .before = empty,
		.model = empty, .turn = empty, .title = empty, .meta = empty,
		.draft = CODEX_DRAFT_INIT,
		.waited = TABLE_INIT(sizeof(uint32_t), TABLE_NO_LIMIT),
		.prompts = PROMPTS_INIT
	};
	int rc;

	rc = input_hold(&source->input, err);
	if (rc >= 0)
		rc = lineage_get(job, CODEX, &reading.lineage, err);
	if (rc >= 0)
		rc = codex_skeleton_read(&source->input, &skeleton, err);
	if (rc >= 0)
		rc = look_around(&reading, err);
	if (rc >= 0)
		rc = input_rewind(&source->input, err);
	if (rc >= 0)
		rc = read_lines(&reading, err);
	if (rc >= 0)
		rc = codex_put_session(&reading, err);
	if (rc >= 0)
		rc = prompts_end(&reading.prompts, &reading.chat, err);
	release(&reading);
	return rc;
}

const struct importer codex_importer = {
	.name = CODEX,
	.one = "rollout",
	.many = "rollouts",
	.construct = CODEX,
	.sniff = sniff,
	.home = &codex_home,
	.identify = codex_identify,
	.read = read_source,
	.is_of_agents = true,
};
