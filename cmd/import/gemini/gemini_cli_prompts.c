#include "cmd/import/gemini/gemini_cli_internal.h"

#include "cmd/import/beside/prompts.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/records/rest.h"

/* A message of a session, of which no prompt in a list tells. */
static struct span id_of(struct span key)
{
	return span_begins(key, PROMPT_KEY) ? span_of(NULL, 0) : key;
}

int gemini_cli_note(struct import_job *job, struct span session,
		    struct err *err)
{
	struct lineage *lineage = NULL;
	uint32_t number;
	int rc = lineage_get(job, GEMINI_CLI_PROVIDER, &lineage, err);

	return rc < 0 ? rc : lineage_session(lineage, session, INT64_MIN,
					     &number, err);
}

static int read_prompt(struct prompts *prompts, struct chat *chat,
		       const struct jval *item, struct err *err)
{
	struct take take = take_begin(item);
	bool is_prompt = take_word(&take, "type", "user");
	struct prompt prompt = {
		.session = take_filled(&take, "sessionId"),
		.text = take_text(&take, "message"),
		.time = take_time(&take, "timestamp"), .rest = &take,
	};

	if (!is_prompt || !prompt.session.len || !prompt.text.at)
		return import_leave_out(chat->source, "an item of a list of "
					"prompts that is none", NULL, err);
	return prompts_put(prompts, chat, &prompt, err);
}

/* The folder, for sessions that say nothing themselves. */
static int put_root(const struct import_source *source, struct buf *out,
		    struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf root = BUF_INIT(BUF_NO_LIMIT);
	int rc = gemini_cli_root(source, &root, err);

	if (root.len)
		fields_said(&fields, "cwd", buf_span(&root));
	fields_put(&fields, out);
	jcs_fields_release(&fields);
	buf_release(&root);
	return rc < 0 ? rc : buf_end(out, err);
}

static int read_list(struct import_job *job, struct import_source *source,
		     const struct jval *list, struct err *err)
{
	struct prompts prompts = PROMPTS_INIT;
	struct chat chat = CHAT_INIT;
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *item = jval_first(list);
	int rc = put_root(source, &native, err);

	prompts.id_of = id_of;
	if (native.len)
		prompts.native = buf_span(&native);
	if (rc == 0)
		rc = lineage_get(job, GEMINI_CLI_PROVIDER, &prompts.lineage,
				 err);
	if (rc == 0)
		rc = chat_begin(&chat, job, source, GEMINI_CLI_PROVIDER,
				span_str(""), err);
	for (; rc == 0 && item; item = item->next)
		rc = read_prompt(&prompts, &chat, item, err);
	if (rc == 0)
		rc = prompts_end(&prompts, &chat, err);
	prompts_release(&prompts);
	chat_release(&chat);
	buf_release(&native);
	return rc;
}

int gemini_cli_read_prompts(struct import_job *job,
			    struct import_source *source, struct err *err)
{
	struct jdoc *doc = NULL;
	int rc = whole_read(source, &doc, err);

	if (rc)
		return rc;
	rc = read_list(job, source, jdoc_root(doc), err);
	jdoc_free(doc);
	return rc;
}
