#include "cmd/import/codex/reading_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/records/rest.h"
#include "lib/base/array.h"
#include "lib/base/xxh.h"

/*
 * history.jsonl has what a person typed in all sessions, those too that the
 * program did not keep: of these the prompts come home, as all that is left.
 * Their keys begin so that no look into the vault takes them for the session.
 */
#define KEY_MAX 64

/* A session of which the prompts are told. */
struct codex_prompts {
	struct span session;
	char last[KEY_MAX];	/* key of the one before */
	struct chat_time first;
	struct chat_time end;
	int64_t n;
};

static struct codex_prompts *prompts_of(struct codex_reading *reading,
					struct span session, struct err *err)
{
	uint64_t key = xxh64_of(session.at, session.len);
	uint64_t at = reading->prompts.n;
	struct codex_prompts *prompts;
	struct span kept;

	if (table_get(&reading->prompt_ids, &key, &at))
		return &reading->prompts.at[at];
	if (array_room(&reading->prompts, err) < 0 ||
	    arena_keep(&reading->skeleton->arena, session, &kept, err) < 0 ||
	    table_put(&reading->prompt_ids, &key, at, err) < 0)
		return NULL;
	prompts = &reading->prompts.at[reading->prompts.n++];
	memset(prompts, 0, sizeof(*prompts));
	prompts->session = kept;
	prompts->first.micros = CHAT_TIME_UNKNOWN;
	prompts->end.micros = CHAT_TIME_UNKNOWN;
	return prompts;
}

static int begin_chat(struct codex_reading *reading, struct span session,
		      struct err *err)
{
	chat_release(&reading->chat);
	return chat_begin(&reading->chat, reading->job, reading->source,
			  CODEX, session, err);
}

static int put_prompt(struct codex_reading *reading,
		      struct codex_prompts *prompts, struct take *line,
		      struct err *err)
{
	struct span text = take_text(line, "text");
	struct chat_time time = take_time(line, "ts");
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct chat_message message = {
		.role = "user", .visibility = "visible", .content = text,
		.created = time, .index = prompts->n++,
	};
	char key[KEY_MAX];
	int rc;

	snprintf(key, sizeof(key), CODEX_PROMPT_KEY "%lld-%016llx",
		 (long long)time.micros / 1000000,
		 (unsigned long long)xxh64_of(text.at, text.len));
	message.key = span_str(key);
	if (*prompts->last)
		message.parent = span_str(prompts->last);
	take_put(line, &native);
	message.native = buf_span(&native);
	rc = buf_end(&native, err);
	if (rc == 0)
		rc = begin_chat(reading, prompts->session, err);
	if (rc == 0)
		rc = chat_put_message(&reading->chat, &message, err);
	buf_release(&native);
	snprintf(prompts->last, sizeof(prompts->last), "%s", key);
	if (prompts->first.micros == CHAT_TIME_UNKNOWN)
		prompts->first = time;
	if (prompts->end.micros < time.micros)
		prompts->end = time;
	return rc;
}

int codex_read_prompt(struct codex_reading *reading,
		      const struct codex_record *record, struct err *err)
{
	struct take line = take_begin(record->line);
	struct span session = take_filled(&line, "session_id");
	struct codex_prompts *prompts;
	int rc = lineage_look(reading->lineage, reading->job,
			      reading->source->construct, codex_id_of, err);

	if (rc < 0)
		return rc;
	if (lineage_has(reading->lineage, session))
		return import_leave_out(reading->source, "prompt of "
					"history.jsonl, which its session has "
					"too", NULL, err);
	if (!import_is_wanted(reading->job,
			      chat_time_of(take_see(&line, "ts")).micros))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	prompts = prompts_of(reading, session, err);
	return prompts ? put_prompt(reading, prompts, &line, err) : ERR_NOMEM;
}

int codex_put_prompts(struct codex_reading *reading, struct err *err)
{
	const struct codex_prompts *prompts;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < reading->prompts.n; i++) {
		prompts = &reading->prompts.at[i];
		const struct chat_session session = {
			.provider = CODEX, .key = prompts->session,
			.created = prompts->first, .updated = prompts->end,
			.active = span_str(prompts->last),
		};
		rc = begin_chat(reading, prompts->session, err);
		if (rc == 0)
			rc = chat_put_session(&reading->chat, &session, err);
	}
	return rc;
}
