#include "cmd/import/logs/log.h"

#include <stdlib.h>

#include "cmd/import/input/whole.h"
#include "cmd/import/records/rest.h"
#include "lib/base/array.h"
#include "lib/id/encode.h"

#define MADE_BYTES 16		/* of a hash, as a key that was made */
_Static_assert(LOG_MADE_MAX == HEX_TEXT(MADE_BYTES) + 1, "as long as its hex");
#define ANOTHER_BYTES 4		/* behind a key that was taken */

static void log_fail(struct log *log, int rc, const struct err *why)
{
	if (rc < 0 && !log->err.code)
		(void)err_set(&log->err, (enum err_code)rc, "%s", why->text);
}

void log_learn(struct log *log, struct span *what, struct span text)
{
	struct err why = ERR_INIT;

	if (text.len)
		log_fail(log, arena_keep(&log->arena, text, what, &why), &why);
}

void log_learn_once(struct log *log, struct span *what, struct span text)
{
	if (!what->len)
		log_learn(log, what, text);
}

struct blocks log_blocks(struct log *log, bool is_prompt)
{
	struct blocks blocks = {
		.parts = &log->parts, .chat = &log->chat,
		.is_prompt = is_prompt,
	};

	return blocks;
}

void log_error(struct log *log, struct span text)
{
	part_begin(&log->parts, "error");
	part_place(&log->parts.content, text, &log->parts.fields);
	part_end(&log->parts);
}

void log_take_parent(struct take *line, const char *name,
		     const struct chat_message *message)
{
	/* A link that is another one's stays in the rest. */
	if (!message->parent.len ||
	    !take_same(line, name, message->parent))
		(void)take_value(line, name, JVAL_NULL);
}

bool log_is_more(const struct log *log)
{
	return log->lines.at[log->line - 1].is_more;
}

/* --- first: what there is -------------------------------------------------- */

static uint64_t begin_of(const unsigned char digest[SHA256_BYTES])
{
	return (uint64_t)u32_at(digest) << 32 | u32_at(digest + 4);
}

void log_make_key(unsigned char before[SHA256_BYTES], struct span says,
		  bool is_aside, char out[LOG_MADE_MAX])
{
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;

	sha256_init(&hash);
	sha256_add(&hash, before, SHA256_BYTES);
	sha256_add(&hash, says.at, says.len);
	sha256_finish(&hash, digest);
	if (!is_aside)
		memcpy(before, digest, sizeof(digest));
	hex_text(digest, MADE_BYTES, out);
}

/*
 * Of several lines of one id, those that say the same are one; another one is
 * called by what it says, too. *out_is_double: it stands before.
 */
static int claim(struct log *log, const struct jval *line, struct span *key,
		 bool *out_is_double, struct err *err)
{
	unsigned char said[SHA256_BYTES];
	unsigned char id[SHA256_BYTES];
	char room[HEX_TEXT(ANOTHER_BYTES) + 1];
	uint64_t holds;
	uint64_t before;

	sha256_of(line->raw.at, line->raw.len, said);
	holds = begin_of(said);
	sha256_of(key->at, key->len, id);
	if (!table_get(&log->keys, id, &before))
		return table_put(&log->keys, id, holds, err);
	*out_is_double = before == holds;
	if (*out_is_double)
		return 0;
	hex_text(said, ANOTHER_BYTES, room);
	buf_reset(&log->text);
	buf_put_span(&log->text, *key);
	buf_putf(&log->text, "~%s", room);
	*key = buf_span(&log->text);
	sha256_of(key->at, key->len, id);
	*out_is_double = table_get(&log->keys, id, NULL);
	return *out_is_double ? 0 : table_put(&log->keys, id, holds, err);
}

static int add_message(struct log *log, const struct log_turn *turn,
		       const struct jval *line, struct log_line *out,
		       struct err *err)
{
	struct link link = { .kind = turn->kind,
			     .parent = turn->is_first ? LINK_NONE :
				LINK_UNSAID };
	struct span key = turn->key;
	char room[LOG_MADE_MAX];
	int rc;

	if (!key.len) {
		log_make_key(log->before, turn->says.at ? turn->says :
			     line->raw, turn->is_aside, room);
		key = span_str(room);
	}
	out->is_double = turn->is_copy;
	if (turn->after.len)
		link.parent = LINK_ELSEWHERE;
	rc = turn->is_copy ? 0 : claim(log, line, &key, &out->is_double, err);
	if (rc == 0)
		rc = buf_end(&log->text, err);
	if (rc == 0)
		rc = arena_keep(&log->arena, key, &out->key, err);
	if (rc == 0 && turn->after.len)
		rc = arena_keep(&log->arena, turn->after, &out->after, err);
	out->time = turn->time;
	return rc < 0 || out->is_double ? rc :
		link_talk_add(&log->links, &link, out->key, turn->parent, err);
}

static void look_time(struct log *log, const struct chat_time *time)
{
	struct chat_session *session = &log->session;

	if (time->micros == CHAT_TIME_UNKNOWN)
		return;
	if (session->created.micros == CHAT_TIME_UNKNOWN)
		session->created = *time;
	if (time->micros > session->updated.micros)
		session->updated = *time;
}

static int log_look_line(void *arg, const struct value_line *line, struct err *err)
{
	static const struct log_line none = { .time = CHAT_TIME_NONE };
	struct log *log = arg;
	struct log_turn turn = { .time = CHAT_TIME_NONE };
	int rc;

	if (!jval_is(line->value, JVAL_OBJECT))
		return 0;
	rc = array_room(&log->lines, err);
	if (rc < 0)
		return rc;
	log->lines.at[log->lines.n] = none;
	log->format->look(log, line->value, &turn);
	look_time(log, &turn.time);
	log->lines.at[log->lines.n].is_more = turn.is_more && log->is_open;
	if (turn.is_message)
		log->is_open = true;
	if (turn.is_message && !log->lines.at[log->lines.n].is_more)
		rc = add_message(log, &turn, line->value,
				 &log->lines.at[log->lines.n], err);
	log->lines.n++;
	return rc;
}

/* --- then: putting --------------------------------------------------------- */

/* Put the message at hand, if there is one. */
static int log_close(struct log *log, struct err *err)
{
	struct chat_message *message = &log->open;
	int rc;

	if (!log->is_open)
		return 0;
	log->is_open = false;
	if (log->format->said)
		log->format->said(log, message);
	rc = parts_list(&log->parts, &message->parts, err);
	message->content = buf_span(&log->parts.content);
	if (log->more.len) {
		buf_put_char(&log->more, ']');
		fields_buf(&log->rest, "more", &log->more);
	}
	buf_reset(&log->text);
	fields_put(&log->rest, &log->text);
	if (rc == 0)
		rc = buf_end(&log->text, err);
	message->native = buf_span(&log->text);
	return rc < 0 ? rc : chat_put_message(&log->chat, message, err);
}

/* What the message borrows of a line outlives it. */
static int keep_texts(struct log *log, struct err *err)
{
	struct chat_message *message = &log->open;
	struct span *const texts[] = {
		&message->name, &message->model, &message->copy_of,
		&message->parent_session,
	};
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i]->at)
			rc = arena_keep(&log->arena, *texts[i], texts[i], err);
	}
	return rc;
}

static int log_open(struct log *log, const struct log_line *at,
		    struct err *err)
{
	const struct chat_message message = {
		.key = at->key, .index = (int64_t)log->message,
		.role = "system", .visibility = "meta", .created = at->time,
		.parent = at->after.len ? at->after :
			link_talk_parent(&log->links, log->message),
	};
	int rc = log_close(log, err);

	log->open = message;
	log->is_open = true;
	log->message++;
	parts_reset(&log->parts);
	jcs_fields_reset(&log->native);
	buf_reset(&log->more);
	return rc;
}

/* What is left of a line. */
static void keep_rest(struct log *log, const struct take *line, bool is_more)
{
	struct jcs_fields rest;

	take_rest(line, &log->native);
	if (is_more && log->native.count) {
		buf_put_char(&log->more, log->more.len ? ',' : '[');
		fields_put(&log->native, &log->more);
	} else if (!is_more) {
		rest = log->native;
		log->native = log->rest;
		log->rest = rest;
	}
	jcs_fields_reset(&log->native);
}

static int log_put_line(void *arg, const struct value_line *line,
			struct err *err)
{
	struct log *log = arg;
	const struct log_line *at;
	struct take take = take_begin(line->value);
	int rc;

	if (!jval_is(line->value, JVAL_OBJECT))
		return import_malformed(log->job, log->source,
					"a line that is no object",
					line->offset, line->text, err);
	at = &log->lines.at[log->line++];
	if (!at->key.at && !at->is_more)
		return 0;
	if (at->is_double)
		return import_leave_out(log->source, "a line that stands "
					"before", NULL, err);
	rc = at->is_more ? 0 : log_open(log, at, err);
	if (rc < 0)
		return rc;
	log->format->say(log, &take, &log->open);
	keep_rest(log, &take, at->is_more);
	return keep_texts(log, err);
}

static int log_put_session(struct log *log, struct err *err)
{
	struct chat_session *session = &log->session;
	uint32_t guessed = link_talk_guessed(&log->links, 0);
	int rc;

	session->provider = log->provider;
	session->active = link_talk_tail(&log->links, 0);
	session->is_guessed = guessed > 0;
	log->source->guessed += session->is_guessed;
	log->source->mended += guessed;
	buf_reset(&log->text);
	fields_put(&log->about, &log->text);
	rc = buf_end(&log->text, err);
	session->native = buf_span(&log->text);
	return rc < 0 ? rc : chat_put_session(&log->chat, session, err);
}

/* A log that names no session goes by its first message. */
static void choose_key(struct log *log)
{
	size_t i;

	for (i = 0; i < log->lines.n && !log->session.key.len; i++)
		log->session.key = log->lines.at[i].key;
	if (!log->session.key.len)
		log->session.key = span_str("unknown");
}

static int log_failed(const struct log *log, struct err *err)
{
	return log->err.code ? err_set(err, (enum err_code)log->err.code, "%s",
				       log->err.text) : 0;
}

static int log_put_all(struct log *log, struct err *err)
{
	const struct lines_visitor put = { log_put_line, log };
	int rc;

	if (!import_is_wanted(log->job, log->session.updated.micros))
		return import_leave_out(log->source, "older than --since",
					NULL, err);
	if (!log->lines.n)
		return import_leave_out(log->source, "an empty log", NULL, err);
	choose_key(log);
	rc = chat_begin(&log->chat, log->job, log->source, log->provider,
			log->session.key, err);
	if (rc == 0)
		rc = whole_lines(log->job, log->source, &put, err);
	if (rc == 0)
		rc = log_close(log, err);
	if (rc == 0)
		rc = log_failed(log, err);
	return rc < 0 || log->has_no_session ? rc : log_put_session(log, err);
}

static int log_read_lines(struct log *log, struct err *err)
{
	const struct lines_visitor look = { log_look_line, log };
	int rc;

	rc = whole_lines(NULL, log->source, &look, err);
	if (rc == 0)
		rc = link_talk_mend(&log->links, err);
	log->is_open = false;
	if (rc == 0 && log->format->looked)
		rc = log->format->looked(log, err);
	if (rc == 0)
		rc = log_failed(log, err);
	return rc < 0 ? rc : log_put_all(log, err);
}

int log_read(struct import_job *job, struct import_source *source,
	     const struct log_format *format, void *own, struct err *err)
{
	struct log log = {
		.format = format, .job = job, .source = source, .own = own,
		.provider = format->provider,
		.session = { .created = CHAT_TIME_NONE,
			     .updated = CHAT_TIME_NONE },
		.about = JCS_FIELDS_INIT, .native = JCS_FIELDS_INIT,
		.rest = JCS_FIELDS_INIT,
		.parts = PARTS_INIT, .chat = CHAT_INIT, .arena = ARENA_INIT,
		.err = ERR_INIT, .links = LINK_TALK_INIT,
		.keys = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT),
		.more = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc;

	rc = format->begin ? format->begin(&log, err) : 0;
	/* What lies beside it in an archive was read instead. */
	if (rc == 0 && !source->input.is_open)
		rc = input_open(&source->input, err);
	if (rc == 0)
		rc = whole_load(source, WHOLE_MAX_BYTES, err);
	if (rc == 0)
		rc = log_read_lines(&log, err);
	jcs_fields_release(&log.about);
	jcs_fields_release(&log.native);
	jcs_fields_release(&log.rest);
	parts_release(&log.parts);
	chat_release(&log.chat);
	link_talk_release(&log.links);
	free(log.lines.at);
	table_release(&log.keys);
	buf_release(&log.text);
	buf_release(&log.more);
	arena_release(&log.arena);
	return rc;
}
