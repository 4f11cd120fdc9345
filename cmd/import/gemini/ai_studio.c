#include "cmd/import/gemini/ai_studio.h"

#include "cmd/import/gemini/ai_studio_internal.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "cmd/import/sniff.h"
#include "lib/id/encode.h"

static const char *const signs[] = {
	"chunkedPrompt", "runSettings systemInstruction", NULL
};

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
	const struct jval *member = jval_first(chunk);
	int rc;

	if (jval_get_text(root, "id").len)
		return buf_add_span(out, jval_get_text(root, "id"), err);
	for (; member; member = member->next) {
		if (!(member->marks & JVAL_KEY_WTF) && is_of_begin(member))
			fields_member(&fields, member);
	}
	rc = jcs_fields_write(&fields, &begin, err);
	sha256_of(begin.data, begin.len, digest);
	if (rc >= 0)
		rc = hex_add(out, digest, AI_STUDIO_KEY_BYTES, err);
	jcs_fields_release(&fields);
	buf_release(&begin);
	return rc;
}

/* The rest of the document, and where it branches. */
static void make_native(struct ai_studio_run *run, struct take *root,
			struct jcs_fields *fields)
{
	struct take prompt = take_begin(take_value(root, "chunkedPrompt",
						   JVAL_OBJECT));
	struct buf list = BUF_INIT(BUF_NO_LIMIT);

	(void)take_value(&prompt, "chunks", JVAL_ARRAY);
	(void)take_filled(root, "id");
	take_rest_under(&prompt, "chunkedPrompt", fields);
	buf_putf(&list, "[%s]", buf_text(&run->branches));
	buf_fail(&list, run->branches.failed);
	if (run->branches.len)
		fields_buf(fields, "branches", &list);
	take_rest(root, fields);
	buf_release(&list);
}

static int ai_studio_put_session(struct ai_studio_run *run, struct take *root,
				 struct span key, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct chat_session session = {
		.provider = AI_STUDIO_PROVIDER, .key = key,
		.title = take_text(root, "title"),
		.created = run->first, .updated = run->last,
		.model = jval_text(jval_at(root->object, "runSettings.model")),
	};
	int rc;

	if (run->key.len)
		session.active = buf_span(&run->key);
	make_native(run, root, &fields);
	fields_put(&fields, &native);
	rc = buf_end(&native, err);
	session.native = buf_span(&native);
	if (rc == 0)
		rc = chat_put_session(&run->chat, &session, err);
	jcs_fields_release(&fields);
	buf_release(&native);
	return rc;
}

/* --- what is said ---------------------------------------------------------- */

/* The text of an instruction; its parts are taken where they are no more. */
static void add_instruction(struct ai_studio_run *run, struct take *system)
{
	struct buf *out = &run->parts.content;
	const struct jval *parts = take_see(system, "parts");
	const struct jval *part = jval_first(parts);
	struct span text = take_text(system, "text");
	bool is_said = true;

	buf_put_span(out, text);
	if (text.at)
		return;
	for (; part; part = part->next) {
		text = jval_is(part, JVAL_STRING) ? jval_text(part) :
			jval_get_text(part, "text");
		is_said &= text.at && jval_count(part) < 2;
		buf_put_span(out, text);
	}
	if (is_said)
		take_done(system, parts);
}

/* An instruction is no answer to anything, and may be another one tomorrow: it
 * stands beside the turns. */
static int put_system(struct ai_studio_run *run, struct take *root,
		      struct err *err)
{
	const struct jval *said = take_see(root, "systemInstruction");
	unsigned char digest[SHA256_BYTES];
	char key[8 + AI_STUDIO_KEY_BYTES * 2] = "system-";
	struct chat_message message = {
		.key = span_str(key), .role = "system",
		.created = CHAT_TIME_NONE, .visibility = "hidden",
	};
	struct take system = take_begin(said);
	struct buf *text = &run->parts.content;
	int rc;

	parts_reset(&run->parts);
	buf_put_span(text, jval_text(said));
	add_instruction(run, &system);
	rc = buf_end(text, err);
	if (rc < 0 || !text->len)
		return rc;
	take_done(root, said);
	sha256_of(text->data, text->len, digest);
	hex_text(digest, AI_STUDIO_KEY_BYTES, key + strlen(key));
	message.key = span_str(key);
	message.content = buf_span(text);
	buf_reset(&run->value);
	take_put(&system, &run->value);
	message.native = buf_span(&run->value);
	rc = buf_end(&run->value, err);
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
	struct take root = take_begin(jdoc_root(doc));
	const struct jval *chunk = jval_first(jval_at(root.object,
						      "chunkedPrompt.chunks"));
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!import_is_wanted(run->job, last_time(chunk)))
		return import_leave_out(run->source, "older than --since",
					NULL, err);
	rc = make_session_key(root.object, chunk, &key, err);
	if (rc == 0)
		rc = chat_begin(&run->chat, run->job, run->source,
				AI_STUDIO_PROVIDER, buf_span(&key), err);
	if (rc == 0)
		rc = put_system(run, &root, err);
	if (rc == 0)
		rc = put_turns(run, doc, chunk, err);
	if (rc == 0)
		rc = ai_studio_put_session(run, &root, buf_span(&key), err);
	buf_release(&key);
	return rc;
}

bool ai_studio_is_begin(struct span head)
{
	return sniff_any(head, signs);
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
	.signs = signs,
	.read = read_prompt,
};
