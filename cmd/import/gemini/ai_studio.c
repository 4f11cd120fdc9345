#include "cmd/import/gemini/ai_studio.h"

#include "cmd/import/gemini/ai_studio_run.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"
#include "lib/id/encode.h"

static bool sniff(const struct import_input *input)
{
	return !input->is_folder && !input->bundle &&
	       ai_studio_is_begin(buf_span(&input->head));
}

/* --- the session ----------------------------------------------------------- */

static bool is_of_begin(const struct jval *member)
{
	static const char *const names[] = {
		"role", "text", "parts", "createTime"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (span_equals(member->key, span_str(names[i])))
			return true;
	}
	return ai_studio_is_file(member);
}

/* The file's own id, or the hash of how it begins: canonical, for a program
 * may write it in another way the next time. */
static int make_session_key(const struct jval *root, const struct jval *chunk,
			    struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf begin = BUF_INIT(BUF_NO_LIMIT);
	unsigned char digest[SHA256_BYTES];
	const struct jval *member;
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (jval_get_text(root, "id").len)
		return buf_add_span(out, jval_get_text(root, "id"), err);
	member = jval_first(chunk);
	for (; rc >= 0 && member; member = member->next) {
		buf_reset(&value);
		if (member->marks & JVAL_KEY_WTF || !is_of_begin(member))
			continue;
		rc = jdoc_to_jcs(member, &value, err);
		if (rc >= 0)
			rc = jcs_fields_add(&fields, member->key,
					    buf_span(&value), err);
	}
	if (rc >= 0)
		rc = jcs_fields_write(&fields, &begin, err);
	sha256_of(begin.data, begin.len, digest);
	if (rc >= 0)
		rc = hex_add(out, digest, AI_STUDIO_KEY_BYTES, err);
	jcs_fields_release(&fields);
	buf_release(&begin);
	buf_release(&value);
	return rc;
}

/* The rest of the document, and where it branches. */
static int make_native(struct ai_studio_run *run, const struct jval *root,
		       struct buf *out, struct err *err)
{
	static const char *const taken[] = {
		"id", "title", "chunkedPrompt", "systemInstruction", NULL
	};
	static const char *const chunks[] = { "chunks", NULL };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = rest_add(&fields, root, taken, err);
	if (rc >= 0)
		rc = rest_add_under(&fields, "chunkedPrompt",
				    jval_get(root, "chunkedPrompt"), chunks,
				    err);
	buf_reset(&list);
	if (rc >= 0)
		rc = buf_printf(&list, err, "[%s]", buf_text(&run->branches));
	if (rc >= 0 && run->branches.len)
		rc = jcs_fields_raw(&fields, "branches", buf_span(&list),
				    err);
	if (rc >= 0 && fields.count)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	buf_release(&list);
	return rc;
}

static int put_session(struct ai_studio_run *run, const struct jval *root,
		       struct span key, struct err *err)
{
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct chat_session session = {
		.provider = AI_STUDIO_PROVIDER, .key = key,
		.title = jval_get_text(root, "title"),
		.created = run->first, .updated = run->last,
		.model = jval_text(jval_at(root, "runSettings.model")),
	};
	int rc;

	if (run->key.len)
		session.active = buf_span(&run->key);
	rc = make_native(run, root, &native, err);
	if (native.len)
		session.native = buf_span(&native);
	if (rc >= 0)
		rc = chat_put_session(&run->chat, &session, err);
	buf_release(&native);
	return rc;
}

/* --- what is said ---------------------------------------------------------- */

/* An instruction is no answer to anything, and may be another one tomorrow: it
 * stands beside the turns. */
static int put_system(struct ai_studio_run *run, const struct jval *system,
		      struct err *err)
{
	static const char *const taken[] = { "text", "parts", NULL };
	unsigned char digest[SHA256_BYTES];
	char key[8 + AI_STUDIO_KEY_BYTES * 2] = "system-";
	struct chat_message message = {
		.key = span_str(key), .role = "system",
		.created = CHAT_TIME_NONE, .visibility = "hidden",
	};
	struct buf *text = &run->parts.content;
	const struct jval *part = jval_first(jval_get(system, "parts"));
	int rc;

	parts_reset(&run->parts);
	rc = buf_add_span(text, jval_is(system, JVAL_STRING) ?
			  jval_text(system) : jval_get_text(system, "text"),
			  err);
	for (; rc >= 0 && part && !jval_get(system, "text");
	     part = part->next)
		rc = buf_add_span(text, jval_is(part, JVAL_STRING) ?
				  jval_text(part) :
				  jval_get_text(part, "text"), err);
	if (rc < 0 || !text->len)
		return rc;
	sha256_of(text->data, text->len, digest);
	hex_text(digest, AI_STUDIO_KEY_BYTES, key + strlen(key));
	message.key = span_str(key);
	message.content = buf_span(text);
	buf_reset(&run->value);
	rc = chat_add_rest(&run->value, system, taken, err);
	if (run->value.len)
		message.native = buf_span(&run->value);
	return rc < 0 ? rc : chat_put_message(&run->chat, &message, err);
}

/* How many of the chunks from this one on are one turn. */
static size_t turn_len(const struct jval *chunk)
{
	size_t n = 1;

	for (; ai_studio_goes_on(chunk, chunk->next); chunk = chunk->next)
		n++;
	return n;
}

static int put_turns(struct ai_studio_run *run, const struct jdoc *doc,
		     const struct jval *chunk, struct err *err)
{
	size_t n;
	int rc = 0;

	while (rc >= 0 && chunk) {
		if (!jval_is(chunk, JVAL_OBJECT)) {
			rc = import_malformed(run->job, run->source,
					      "a chunk that is no object",
					      jdoc_offset(doc, chunk),
					      chunk->raw, err);
			chunk = chunk->next;
			continue;
		}
		n = turn_len(chunk);
		rc = ai_studio_put(run, chunk, n, err);
		for (; n; n--)
			chunk = chunk->next;
	}
	return rc;
}

/* When it was last touched, as far as it says so. */
static int64_t last_time(const struct jval *chunk)
{
	struct chat_time time;
	int64_t last = CHAT_TIME_UNKNOWN;

	for (; chunk; chunk = chunk->next) {
		time = chat_time_of(jval_get(chunk, "createTime"));
		if (time.micros > last)
			last = time.micros;
	}
	return last;
}

static int put_prompt(struct ai_studio_run *run, const struct jdoc *doc,
		      struct err *err)
{
	const struct jval *root = jdoc_root(doc);
	const struct jval *chunk = jval_first(jval_at(root,
						      "chunkedPrompt.chunks"));
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!import_is_wanted(run->job, last_time(chunk)))
		return import_leave_out(run->source, "older than --since",
					NULL, err);
	rc = make_session_key(root, chunk, &key, err);
	if (rc >= 0)
		rc = chat_begin(&run->chat, run->job, run->source,
				AI_STUDIO_PROVIDER, buf_span(&key), err);
	if (rc >= 0)
		rc = put_system(run, jval_get(root, "systemInstruction"), err);
	if (rc >= 0)
		rc = put_turns(run, doc, chunk, err);
	if (rc >= 0)
		rc = put_session(run, root, buf_span(&key), err);
	buf_release(&key);
	return rc;
}

bool ai_studio_is_begin(struct span head)
{
	return sniff_has(head, "chunkedPrompt") ||
	       (sniff_has(head, "runSettings") &&
		sniff_has(head, "systemInstruction"));
}

int ai_studio_read(struct import_job *job, struct import_source *source,
		   const struct jdoc *doc, struct err *err)
{
	struct ai_studio_run run = {
		.job = job, .source = source, .chat = CHAT_INIT,
		.parts = PARTS_INIT, .natives = BUF_INIT(BUF_NO_LIMIT),
		.branches = BUF_INIT(BUF_NO_LIMIT),
		.value = BUF_INIT(BUF_NO_LIMIT),
		.key = BUF_INIT(BUF_NO_LIMIT), .first = CHAT_TIME_NONE,
		.last = CHAT_TIME_NONE, .index = 1,
	};
	int rc = 1;

	if (jval_is(jval_get(jdoc_root(doc), "chunkedPrompt"), JVAL_OBJECT))
		rc = put_prompt(&run, doc, err);
	chat_release(&run.chat);
	parts_release(&run.parts);
	buf_release(&run.natives);
	buf_release(&run.branches);
	buf_release(&run.value);
	buf_release(&run.key);
	return rc;
}

static int read_prompt(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	struct jdoc *doc = NULL;
	int rc = whole_read(source, &doc, err);

	if (rc)
		return rc;
	rc = ai_studio_read(job, source, doc, err);
	jdoc_free(doc);
	return rc != 1 ? rc : import_refuse(source, "a prompt that is no "
					    "chat: it has no chunkedPrompt",
					    NULL, err);
}

const struct importer ai_studio_importer = {
	.name = "ai-studio",
	.one = "AI Studio prompt",
	.many = "AI Studio prompts",
	.construct = "gemini",
	.sniff = sniff,
	.read = read_prompt,
};
