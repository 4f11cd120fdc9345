#include "cmd/import/claude_code/claude_code.h"

#include <stdlib.h>

#include "cmd/import/claude_code/files.h"
#include "cmd/import/claude_code/session.h"
#include "cmd/import/beside/awaited.h"
#include "cmd/import/beside/home.h"
#include "cmd/import/records/session_title.h"
#include "cmd/import/sniff.h"
#include "lib/base/xxh.h"

#define OTHER_WORDS "message of another session, which says something else " \
	"there: what that one has stays (compare with 'vvault read'); its " \
	"own file, imported, speaks for it"
#define OTHER_TITLE "title of another session, which has its own file or is " \
	"in the vault: import that file to change it"

#define PLANS_MAX_BYTES ((size_t)64 << 20)	/* of all sources */

/* A record of a session, or one of those that stand between them. */
static bool is_record(struct span line)
{
	if (!sniff_has(line, "type"))
		return false;
	if (sniff_has(line, "uuid"))
		return sniff_has(line, "sessionId") &&
		       (sniff_has(line, "message") ||
			sniff_has(line, "parentUuid"));
	return (sniff_has(line, "summary") && sniff_has(line, "leafUuid")) ||
	       (sniff_has(line, "messageId") && sniff_has(line, "snapshot")) ||
	       (sniff_has(line, "operation") && sniff_has(line, "sessionId"));
}

static bool sniff(const struct import_input *input)
{
	if (input->is_folder || input->bundle)
		return false;
	if (sniff_has(buf_span(&input->head), "loglines"))
		return true;
	/* Qwen Code's are alike, and some lines of both the same. */
	return !sniff_lines_have(buf_span(&input->head), "message.parts") &&
	       !sniff_lines_have(buf_span(&input->head), "systemPayload") &&
	       sniff_any_line(buf_span(&input->head), is_record);
}

static void free_plan(void *plan)
{
	cc_skeleton_release(plan);
	free(plan);
}

static int new_plan(struct cc_skeleton **out, struct err *err)
{
	static const struct cc_skeleton empty = CC_SKELETON_INIT;

	*out = malloc(sizeof(**out));
	if (!*out)
		return err_set(err, ERR_NOMEM, "out of memory");
	**out = empty;
	return 0;
}

/*
 * What several sessions hold can be judged only when all of them have been
 * looked at. What was found is kept, as long as it is not too much.
 */
static int claude_code_identify(struct import_job *job,
				struct import_source *source, struct err *err)
{
	struct cc_skeleton *skeleton = NULL;
	struct lineage *lineage;
	int rc;

	rc = import_name(job, source,
			 span_str(home_construct(&source->input, &cc_home,
						 CLAUDE_CODE)), err);
	if (rc || job->sources_n < 2 || source->input.is_pipe ||
	    cc_is_part(source))
		return rc;
	rc = lineage_get(job, CLAUDE_CODE, &lineage, err);
	if (rc >= 0)
		rc = new_plan(&skeleton, err);
	if (rc < 0)
		return rc;
	rc = cc_skeleton_read(&source->input, skeleton, err);
	if (rc >= 0)
		rc = cc_skeleton_claim(skeleton, lineage, err);
	if (rc >= 0 && job->plans < PLANS_MAX_BYTES) {
		job->plans += cc_skeleton_memory(skeleton);
		source->plan = skeleton;
		source->plan_free = free_plan;
	} else {
		free_plan(skeleton);
	}
	return rc;
}

/* The skeleton of the source, to be freed by free_plan(). */
static int take_plan(struct import_source *source, struct cc_skeleton **out,
		     struct err *err)
{
	int rc;

	if (source->plan) {
		*out = source->plan;
		source->plan = NULL;
		return 0;
	}
	rc = input_hold(&source->input, err);
	if (rc >= 0)
		rc = new_plan(out, err);
	if (rc >= 0)
		rc = cc_skeleton_read(&source->input, *out, err);
	return rc < 0 ? rc : input_rewind(&source->input, err);
}

struct reading {
	struct import_job *job;
	struct import_source *source;
	struct cc_skeleton *skeleton;
	struct lineage *lineage;
	struct chat chat;
	uint32_t session;		/* that chat has begun */
	struct cc_about about;
	struct cc_draft *open;
	struct cc_draft *spare;
	size_t line;			/* of the skeleton, to come */
	uint32_t before;		/* the answer before this line, */
	struct table calls;		/* and SHA-256 of its calls */
};

/* What the next message may repeat. */
static int note_calls(struct reading *reading, uint32_t message,
		      const struct jval *record, struct err *err)
{
	const struct jval *block = jval_first(jval_at(record,
						      "message.content"));
	unsigned char id[SHA256_BYTES];
	int rc = 0;

	if (!cc_is_type(record, "assistant"))
		return 0;
	table_reset(&reading->calls);
	reading->before = message;
	for (; rc == 0 && block; block = block->next) {
		if (!jval_is_text(jval_get(block, "type"), "tool_use"))
			continue;
		sha256_of(block->raw.at, block->raw.len, id);
		rc = table_include(&reading->calls, id, NULL, err);
	}
	return rc;
}

static int tell_repeated(struct import_source *source, struct cc_draft *draft,
			 struct err *err)
{
	int rc = 0;

	for (; rc == 0 && draft->repeated; draft->repeated--)
		rc = import_skip(source, "a call that the message before has "
				 "already", NULL, err);
	return rc;
}

static int begin_session(struct reading *reading, uint32_t session,
			 struct err *err)
{
	if (reading->session == session)
		return 0;
	reading->session = session;
	return chat_begin(&reading->chat, reading->job, reading->source,
			  CLAUDE_CODE,
			  reading->skeleton->sessions.at[session].key, err);
}

static int open_draft(struct reading *reading, uint32_t message,
		      struct cc_draft **out, bool *out_is_first,
		      struct err *err)
{
	struct cc_draft *draft;
	int rc = 0;

	for (draft = reading->open; draft; draft = draft->next) {
		if (draft->message == message)
			break;
	}
	*out_is_first = !draft;
	if (!draft && reading->spare) {
		draft = reading->spare;
		reading->spare = draft->next;
	} else if (!draft) {
		rc = cc_draft_new(&draft, err);
	}
	if (rc < 0)
		return rc;
	if (*out_is_first) {
		draft->message = message;
		draft->next = reading->open;
		reading->open = draft;
	}
	*out = draft;
	return 0;
}

static void drop_draft(struct reading *reading, struct cc_draft *draft)
{
	struct cc_draft **at = &reading->open;

	while (*at != draft)
		at = &(*at)->next;
	*at = draft->next;
	cc_draft_reset(draft);
	draft->next = reading->spare;
	reading->spare = draft;
}

/* The session whose folder holds the files: of an agent's, its first part. */
static struct span root_of(struct span key)
{
	const char *colon = memchr(key.at, ':', key.len);

	return colon ? span_of(key.at, (size_t)(colon - key.at)) : key;
}

static int read_piece(struct reading *reading, uint32_t at,
		      const struct jval *record, struct err *err)
{
	struct cc_message *message = &reading->skeleton->messages.at[at];
	const struct cc_session *session =
		&reading->skeleton->sessions.at[message->session];
	struct cc_draft *draft = NULL;
	struct cc_piece piece = {
		.record = record, .key = message->key,
		.is_best = message->best == reading->line,
		.is_alone = message->is_alone,
		.is_raw_parent = message->is_raw_parent,
		.is_agent = session->agent.at != NULL,
		.before = reading->before == at ? NULL : &reading->calls,
		.queued = message->queued
	};
	int rc;

	rc = begin_session(reading, message->session, err);
	if (rc >= 0)
		rc = open_draft(reading, at, &draft, &piece.is_first, err);
	if (rc < 0)
		return rc;
	cc_draft_add(draft, &reading->chat, &piece);
	rc = tell_repeated(reading->source, draft, err);
	if (rc == 0)
		rc = note_calls(reading, at, record, err);
	if (rc < 0 || --message->lines)
		return rc;
	rc = cc_put_message(&reading->chat, reading->skeleton,
			    reading->lineage, draft, err);
	if (rc >= 0 && draft->names_file)
		rc = awaited_note_files(&reading->chat,
					root_of(session->key), CC_RESULTS,
					err);
	drop_draft(reading, draft);
	return rc;
}

/* A message or a part of one: put, left out with its session, or known as
 * another session's. */
static int read_message(struct reading *reading, uint32_t at,
			const struct jval *record, struct err *err)
{
	struct cc_message *message = &reading->skeleton->messages.at[at];
	const struct cc_session *sessions = reading->skeleton->sessions.at;
	const char *reason = NULL;

	if (message->session == CC_NONE)
		reason = "record of no session, in a file that names none";
	else if (message->owner != LINEAGE_NONE && message->is_other)
		reason = OTHER_WORDS;
	else if (message->owner != LINEAGE_NONE)
		reason = "copy of a message of another session";
	else if (!import_is_wanted(reading->job,
				   sessions[message->session].last))
		reason = "message of a session older than --since";
	if (!reason)
		return read_piece(reading, at, record, err);
	return --message->lines ? 0 :
		import_leave_out(reading->source, reason, NULL, err);
}

/* May the file say something of its session: is it that one's own, as far as
 * can be told, or is there no other? */
static bool speaks(const struct reading *reading)
{
	const struct cc_skeleton *skeleton = reading->skeleton;

	return !skeleton->is_mixed || skeleton->own == CC_NONE ||
	       !lineage_is_spoken_for(reading->lineage, skeleton->sessions.at[
				      skeleton->own].number);
}

/* Something of the file's session; a summary is of the session whose leaf it
 * names, which is mostly another. */
static int read_about(struct reading *reading, const struct jval *record,
		      struct err *err)
{
	const struct cc_skeleton *skeleton = reading->skeleton;
	struct span leaf = jval_get_text(record, "leafUuid");
	struct session_title title = {
		.provider = CLAUDE_CODE, .time = CHAT_TIME_NONE,
		.title = jval_get_text(record, "summary")
	};
	uint32_t own = skeleton->own == CC_NONE ? LINEAGE_NONE :
		skeleton->sessions.at[skeleton->own].number;
	struct lineage_owner owner;

	if (!speaks(reading))
		return import_leave_out(reading->source, OTHER_TITLE, NULL, err);
	cc_about_add(&reading->about, skeleton, record);
	if (!leaf.len || !title.title.len)
		return 0;
	owner = lineage_owner(reading->lineage, leaf, own);
	if (owner.session == LINEAGE_NONE || owner.session == own)
		return 0;
	reading->source->has_kin = true;
	title.session = lineage_key(reading->lineage, owner.session);
	return session_title_put(reading->job, reading->source, &title, err);
}

static int read_record(struct reading *reading, const struct value_line *line,
		     struct err *err)
{
	const struct cc_line *at = &reading->skeleton->lines.at[reading->line];
	enum cc_what what = cc_what_is(line->value);
	int rc;

	if (at->is_double)
		rc = import_leave_out(reading->source, "record whose uuid "
				      "stands before in its file", NULL, err);
	else if (what == CC_NO_RECORD)
		rc = import_leave_out(reading->source, "value that is no "
				      "record", NULL, err);
	else if (what == CC_ABOUT)
		rc = read_about(reading, line->value, err);
	else
		rc = read_message(reading, at->message, line->value, err);
	reading->line++;
	return rc;
}

/* False when the file is not what it was: a program is writing to it. */
static bool is_as_before(const struct reading *reading,
			 const struct value_line *line)
{
	return reading->skeleton->lines.at[reading->line].hash ==
	       xxh64_of(line->text.at, line->text.len);
}

static int read_lines(struct reading *reading, struct err *err)
{
	struct cc_lines lines = CC_LINES_INIT;
	struct value_line line;
	int rc;

	rc = cc_lines_open(&reading->source->input, &lines, err);
	while (rc >= 0) {
		rc = cc_lines_next(&lines, &line, err);
		if (rc < 0 || line.found == FOUND_END)
			break;
		if (line.found == FOUND_BAD) {
			rc = import_malformed_line(reading->job,
						   reading->source, &line,
						   err);
			continue;
		}
		/* What has come since waits for the next time. */
		if (reading->line == reading->skeleton->lines.n)
			break;
		if (!is_as_before(reading, &line)) {
			rc = import_changed(reading->job, reading->source,
					    line.offset, err);
			break;
		}
		rc = read_record(reading, &line, err);
	}
	cc_lines_release(&lines);
	return rc < 0 ? rc : 0;
}

static int put_sessions(struct reading *reading, struct err *err)
{
	const struct cc_skeleton *skeleton = reading->skeleton;
	const struct cc_session *session;
	uint32_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < skeleton->sessions.n; i++) {
		session = &skeleton->sessions.at[i];
		/* Lines that were copied make no session of their own. */
		if (!session->count ||
		    ((i != skeleton->own || !speaks(reading)) &&
		     !session->own) ||
		    !import_is_wanted(reading->job, session->last))
			continue;
		rc = begin_session(reading, i, err);
		if (rc >= 0)
			rc = cc_put_session(&reading->chat, skeleton,
					    reading->lineage, i,
					    i == skeleton->own &&
					    speaks(reading) ?
					    &reading->about : NULL, err);
		if (rc >= 0 && session->agent.at)
			rc = awaited_note(&reading->chat, session->key, err);
	}
	return rc;
}

static void free_drafts(struct cc_draft *draft)
{
	struct cc_draft *next;

	for (; draft; draft = next) {
		next = draft->next;
		cc_draft_free(draft);
	}
}

static int read_source(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	struct cc_skeleton *skeleton = NULL;
	struct reading reading = {
		.job = job, .source = source,
		.chat = CHAT_INIT, .session = CC_NONE,
		.about = CC_ABOUT_INIT, .before = CC_NONE,
		.calls = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};
	bool is_claimed = source->plan != NULL;
	int rc;

	if (cc_is_part(source))
		return cc_read_part(job, source, err);
	rc = lineage_get(job, CLAUDE_CODE, &reading.lineage, err);
	if (rc >= 0)
		rc = take_plan(source, &skeleton, err);
	reading.skeleton = skeleton;
	if (rc >= 0 && !is_claimed)
		rc = cc_skeleton_claim(skeleton, reading.lineage, err);
	if (rc >= 0 && (!source->was_alone || cc_skeleton_has_kin(skeleton)))
		rc = lineage_look(reading.lineage, job, source->construct,
				  cc_id_of, err);
	if (rc >= 0)
		rc = cc_skeleton_look(skeleton, reading.lineage, job,
				      source->construct, err);
	if (rc >= 0)
		rc = cc_learn_words(skeleton, job, source->construct,
				    reading.lineage, err);
	if (rc >= 0)
		rc = cc_skeleton_judge(skeleton, reading.lineage, err);
	source->has_kin = rc >= 0 && cc_skeleton_has_kin(skeleton);
	if (rc >= 0)
		rc = cc_find_caller(job, source, skeleton, err);
	if (rc >= 0)
		rc = read_lines(&reading, err);
	if (rc >= 0)
		rc = put_sessions(&reading, err);
	free_drafts(reading.open);
	free_drafts(reading.spare);
	table_release(&reading.calls);
	cc_about_release(&reading.about);
	chat_release(&reading.chat);
	if (skeleton)
		free_plan(skeleton);
	return rc;
}

const struct importer claude_code_importer = {
	.name = CLAUDE_CODE,
	.one = "agent session",
	.many = "agent sessions",
	.construct = CLAUDE_CODE,
	.sniff = sniff,
	.place = cc_place,
	.home = &cc_home,
	.beside = cc_beside,
	.identify = claude_code_identify,
	.read = read_source,
	.is_of_agents = true,
};
