#include "cmd/import/beside/prompts.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"

#define KEY_MAX 64

/* A session of which the prompts are told. */
struct prompts_session {
	struct span key;
	char last[KEY_MAX];	/* key of the one before */
	struct chat_time first;
	struct chat_time end;
	int64_t n;
};

void prompts_release(struct prompts *prompts)
{
	free(prompts->sessions.at);
	table_release(&prompts->ids);
	arena_release(&prompts->arena);
}

static int session_of(struct prompts *prompts, struct span key,
		      struct prompts_session **out, struct err *err)
{
	uint64_t id = xxh64_of(key.at, key.len);
	uint64_t at = prompts->sessions.n;
	struct prompts_session session = {
		.first = CHAT_TIME_NONE, .end = CHAT_TIME_NONE
	};
	int rc = 0;

	if (!table_get(&prompts->ids, &id, &at)) {
		rc = array_room(&prompts->sessions, err);
		if (rc == 0)
			rc = arena_keep(&prompts->arena, key, &session.key,
					err);
		if (rc == 0)
			rc = table_put(&prompts->ids, &id, at, err);
		if (rc < 0)
			return rc;
		prompts->sessions.at[prompts->sessions.n++] = session;
	}
	*out = &prompts->sessions.at[at];
	return 0;
}

static int begin_prompts(struct chat *chat, struct span session, struct err *err)
{
	return chat_begin(chat, chat->job, chat->source, chat->provider,
			  session, err);
}

static int put_prompt(struct prompts_session *session, struct chat *chat,
	       const struct prompt *prompt, struct err *err)
{
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct chat_message message = {
		.role = "user", .visibility = "visible",
		.content = prompt->text, .created = prompt->time,
		.index = session->n++,
	};
	char key[KEY_MAX];
	int rc;

	snprintf(key, sizeof(key), PROMPT_KEY "%lld-%016llx",
		 (long long)prompt->time.micros / 1000000,
		 (unsigned long long)xxh64_of(prompt->text.at,
					      prompt->text.len));
	message.key = span_str(key);
	if (*session->last)
		message.parent = span_str(session->last);
	take_put(prompt->rest, &native);
	message.native = buf_span(&native);
	rc = buf_end(&native, err);
	if (rc == 0)
		rc = begin_prompts(chat, session->key, err);
	if (rc == 0)
		rc = chat_put_message(chat, &message, err);
	buf_release(&native);
	snprintf(session->last, sizeof(session->last), "%s", key);
	if (session->first.micros == CHAT_TIME_UNKNOWN)
		session->first = prompt->time;
	if (session->end.micros < prompt->time.micros)
		session->end = prompt->time;
	return rc;
}

int prompts_put(struct prompts *prompts, struct chat *chat,
		const struct prompt *prompt, struct err *err)
{
	struct prompts_session *session = NULL;
	int rc = lineage_look(prompts->lineage, chat->job,
			      chat->source->construct, prompts->id_of, err);

	if (rc < 0)
		return rc;
	if (lineage_has(prompts->lineage, prompt->session))
		return import_leave_out(chat->source, "prompt in a list of "
					"them, whose session is here itself",
					NULL, err);
	if (!import_is_wanted(chat->job, prompt->time.micros))
		return import_leave_out(chat->source, "older than --since",
					NULL, err);
	rc = session_of(prompts, prompt->session, &session, err);
	return rc < 0 ? rc : put_prompt(session, chat, prompt, err);
}

int prompts_end(struct prompts *prompts, struct chat *chat, struct err *err)
{
	const struct prompts_session *at;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < prompts->sessions.n; i++) {
		at = &prompts->sessions.at[i];
		const struct chat_session session = {
			.provider = chat->provider, .key = at->key,
			.created = at->first, .updated = at->end,
			.active = span_str(at->last),
			.native = prompts->native,
		};
		rc = begin_prompts(chat, at->key, err);
		if (rc == 0)
			rc = chat_put_session(chat, &session, err);
	}
	return rc;
}
