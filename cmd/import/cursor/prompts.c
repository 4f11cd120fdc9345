#include "cmd/import/cursor/prompts.h"

#include <stdio.h>

#include "cmd/import/beside/beside.h"
#include "cmd/import/beside/prompts.h"
#include "cmd/import/identity/lineage.h"
#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

/* A set of hashes, which lasts as long as the run: kept as a lineage is, of a
 * provider that nobody is. */
#define SAID "cursor.said"
#define SAID_TEXT (2 * CURSOR_ID_BYTES + 16)

/* Of a program: another one's chats say nothing of its. */
static struct span hash_text(const struct cursor_run *run, struct span text,
			     char room[SAID_TEXT])
{
	char hash[2 * CURSOR_ID_BYTES + 1];
	unsigned char id[CURSOR_ID_BYTES];

	cursor_id(text, id);
	hex_text(id, sizeof(id), hash);
	(void)snprintf(room, SAID_TEXT, "%s.%s", hash, run->provider);
	return span_str(room);
}

int cursor_said_begin(struct cursor_run *run, struct err *err)
{
	return lineage_get(run->job, SAID, &run->said, err);
}

int cursor_said(struct cursor_run *run, struct span text, struct err *err)
{
	char room[SAID_TEXT];
	uint32_t number;

	return run->said && text.len ?
		lineage_session(run->said, hash_text(run, text, room), INT64_MIN,
				&number, err) : 0;
}

int cursor_said_end(struct cursor_run *run, struct err *err)
{
	uint32_t number;

	return lineage_session(run->said, span_str(run->provider), INT64_MIN, &number,
			       err);
}

/* --- the list -------------------------------------------------------------- */

static int put_one(struct cursor_run *run, const struct jval *prompt,
		   struct err *err)
{
	struct take take = take_begin(prompt);
	struct chat_message message = {
		.role = "user", .visibility = "visible",
		.created = CHAT_TIME_NONE,
	};
	struct span text = take_text(&take, "text");
	char room[SAID_TEXT];
	int rc;

	if (!text.len)
		text = take_text(&take, "inputText");
	if (!text.len || lineage_has(run->said, hash_text(run, text, room)))
		return 0;
	/* The same words twice in a list are one. */
	rc = cursor_said(run, text, err);
	parts_reset(&run->parts);
	buf_put_span(&run->parts.content, text);
	cursor_take_hollow(&take);
	jcs_fields_reset(&run->fields);
	take_rest(&take, &run->fields);
	buf_reset(&run->native);
	fields_put(&run->fields, &run->native);
	buf_reset(&run->key);
	buf_put_str(&run->key, PROMPT_KEY);
	buf_put(&run->key, room, 2 * CURSOR_ID_BYTES);
	return rc < 0 ? rc : cursor_put(run, &message, err);
}

static int put_list_session(struct cursor_run *run, struct span key,
			    struct span cwd, struct err *err)
{
	struct chat_session session = {
		.provider = run->provider, .key = key,
		.created = CHAT_TIME_NONE, .updated = CHAT_TIME_NONE,
		.active = buf_span(&run->parent),
	};
	int rc;

	jcs_fields_reset(&run->fields);
	if (cwd.at)
		fields_said(&run->fields, "cwd", cwd);
	fields_str(&run->fields, "source", "prompts");
	buf_reset(&run->native);
	fields_put(&run->fields, &run->native);
	rc = buf_end(&run->native, err);
	session.native = buf_span(&run->native);
	return rc < 0 ? rc : chat_put_session(&run->chat, &session, err);
}

static int put_prompt_list(struct cursor_run *run, const struct jval *list,
		   struct span cwd, struct err *err)
{
	struct span project = beside_get(run->source, "project");
	const struct jval *prompt = jval_first(list);
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put_str(&key, "prompts.");
	buf_put_span(&key, project.at ? project : span_str("all"));
	rc = buf_end(&key, err);
	if (rc == 0)
		rc = chat_begin(&run->chat, run->job, run->source,
				run->provider, buf_span(&key), err);
	run->index = 0;
	buf_reset(&run->parent);
	for (; rc == 0 && prompt; prompt = prompt->next)
		rc = put_one(run, prompt, err);
	if (rc == 0 && run->index)
		rc = put_list_session(run, buf_span(&key), cwd, err);
	buf_release(&key);
	return rc;
}

int cursor_put_prompts(struct cursor_run *run, const struct jval *list,
		       struct span cwd, struct err *err)
{
	bool is_beside = beside_get(run->source, "all").at != NULL;

	if (!jval_is(list, JVAL_ARRAY) || !jval_count(list))
		return 0;
	if (is_beside && !lineage_has(run->said, span_str(run->provider)))
		return run->job->options.is_found ? 0 :
			import_skip(run->source, "a list of what was typed, "
				    "which is read with the chats of all "
				    "projects: import the folder", NULL, err);
	return put_prompt_list(run, list, cwd, err);
}
