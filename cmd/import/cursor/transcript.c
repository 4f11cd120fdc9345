#include "cmd/import/cursor/cursor.h"

#include <stdio.h>

#include "cmd/import/beside/beside.h"
#include "cmd/import/cursor/cursor_internal.h"
#include "cmd/import/identity/lineage.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/records/rest.h"

/*
 * projects/<path>/agent-transcripts/<id>.jsonl, or <id>/<id>.jsonl and
 * <id>/subagents/<id>.jsonl: {"role","message":{"content"}}. It has no times
 * and nothing that tools gave, so that it counts only where no database has
 * its session.
 */
#define FOLDER "agent-transcripts"
#define SUFFIX ".jsonl"

struct transcript {
	struct cursor_run run;
	uint64_t line;
};

/* --- where it lies --------------------------------------------------------- */

/* How many folders it lies below the one of all transcripts; 0: elsewhere. */
static size_t depth_of(struct span place)
{
	size_t up;

	for (up = 1; up < 4; up++) {
		if (span_equals(beside_part(place, up), span_str(FOLDER)))
			return up;
	}
	return 0;
}

static enum import_place cursor_transcript_place(
	const struct import_input *input, struct span place,
	const char **out_reason)
{
	(void)input;
	(void)out_reason;
	return depth_of(place) && span_ends(beside_part(place, 0), SUFFIX) ?
		PLACE_OWN : PLACE_ANYWHERE;
}

static int cursor_transcript_beside(const struct import_input *input,
				    struct span place, struct beside *to,
				    struct err *err)
{
	struct span name = beside_part(place, 0);
	size_t depth = depth_of(place);
	int rc;

	(void)input;
	if (!span_ends(name, SUFFIX))
		return 0;
	name.len -= strlen(SUFFIX);
	rc = beside_say(to, "session", name, err);
	if (rc == 0 && depth)
		rc = beside_say(to, "project",
				beside_part(place, depth + 1), err);
	if (rc == 0 && depth == 3)
		rc = beside_say(to, "parent", beside_part(place, 2), err);
	return rc;
}

/* --- reading --------------------------------------------------------------- */

static int transcript_put_line(void *arg, const struct value_line *line, struct err *err)
{
	struct transcript *transcript = arg;
	struct cursor_run *run = &transcript->run;
	struct take take = take_begin(line->value);
	struct take message = take_inner(&take, "message");
	const struct jval *content = take_any(message.object ? &message :
					      &take, "content");
	int rc;

	if (!take.object)
		return import_malformed(run->job, run->source,
					"a line that is no object",
					line->offset, line->text, err);
	buf_reset(&run->key);
	buf_putf(&run->key, CURSOR_LINE_KEY "%llu",
		 (unsigned long long)transcript->line++);
	/* More than is known of the message: all of it stays. */
	if (message.object && take_left(&message, NULL))
		take = take_begin(line->value);
	rc = cursor_put_message(run, &take, content, err);
	return rc;
}

static int transcript_put_session(struct transcript *transcript, struct span key,
		       struct err *err)
{
	struct cursor_run *run = &transcript->run;
	struct chat_session session = {
		.provider = run->provider, .key = key,
		.created = CHAT_TIME_NONE, .updated = CHAT_TIME_NONE,
		.parent = beside_get(run->source, "parent"),
	};
	struct span project = beside_get(run->source, "project");
	int rc;

	if (run->parent.len)
		session.active = buf_span(&run->parent);
	jcs_fields_reset(&run->fields);
	if (project.at)
		fields_said(&run->fields, "project", project);
	buf_reset(&run->native);
	fields_put(&run->fields, &run->native);
	rc = buf_end(&run->native, err);
	session.native = buf_span(&run->native);
	return rc < 0 ? rc : chat_put_session(&run->chat, &session, err);
}

struct span cursor_id_of(struct span key)
{
	return span_begins(key, CURSOR_LINE_KEY) ? span_of(NULL, 0) : key;
}

/* Has a database the session, in this run or in the vault? */
static int is_whole_elsewhere(struct import_job *job,
			      const struct import_source *source,
			      struct span key, bool *out, struct err *err)
{
	struct lineage *lineage = NULL;
	int rc = lineage_get(job, CURSOR_PROVIDER, &lineage, err);

	if (rc == 0)
		rc = lineage_look(lineage, job, source->construct,
				  cursor_id_of, err);
	*out = rc == 0 && lineage_has(lineage, key);
	return rc;
}

static int put_transcript(struct transcript *transcript, struct span key,
			  struct err *err)
{
	struct cursor_run *run = &transcript->run;
	const struct lines_visitor visitor = { transcript_put_line, transcript };
	int rc = chat_begin(&run->chat, run->job, run->source, run->provider,
			    key, err);

	if (rc == 0)
		rc = whole_lines(run->job, run->source, &visitor, err);
	if (rc == 0 && !transcript->line)
		return 0;
	return rc < 0 ? rc : transcript_put_session(transcript, key, err);
}

static int read_transcript(struct import_job *job,
			   struct import_source *source, struct err *err)
{
	struct span key = beside_get(source, "session");
	struct transcript transcript = { .line = 0 };
	bool is_known = false;
	int rc = whole_load(source, WHOLE_MAX_BYTES, err);

	if (!key.len)
		key = span_str("transcript");
	if (rc == 0)
		rc = is_whole_elsewhere(job, source, key, &is_known, err);
	if (rc)
		return rc;
	if (is_known)
		return import_leave_out(source, "a transcript whose session a "
					"database has whole", NULL, err);
	cursor_run_begin(&transcript.run, job, source, CURSOR_PROVIDER);
	rc = put_transcript(&transcript, key, err);
	cursor_run_release(&transcript.run);
	return rc;
}

const struct importer cursor_transcript_importer = {
	.name = "cursor-transcript",
	.one = "transcript of Cursor",
	.many = "transcripts of Cursor",
	.construct = "cursor",
	.signs = (const char *const[]){
		"role message.content !uuid|sessionId", NULL
	},
	.place = cursor_transcript_place,
	.beside = cursor_transcript_beside,
	.read = read_transcript,
	.is_of_agents = true,
};
