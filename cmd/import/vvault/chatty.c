#include "cmd/import/vvault/chatty.h"

#include <stdio.h>

#include "cmd/import/identity/namesake.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/vvault/chatty_parse.h"
#include "lib/base/table.h"
#include "lib/base/utf8.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/os/path.h"

#define PROVIDER "chatty"
#define FILE_PREFIX "chat_with_"
#define KEY_BYTES 16		/* of a hash, in a key */
#define KEY_TEXT (2 * KEY_BYTES)
#define TITLE_MAX_BYTES 64	/* of one that names a construct */

/* What the program itself writes into a new transcript. */
#define CREATED_MARK "CONVERSATION_CREATED:"

static bool sniff_transcript(const struct import_input *input)
{
	return !input->is_folder && !input->bundle &&
	       chatty_sniff(buf_span(&input->head));
}

/* "zen-001" of "chat_with_zen-001.md". */
static struct span callsign_of(const char *path)
{
	struct span name = span_str(path_base(path));
	size_t len = sizeof(FILE_PREFIX) - 1;

	if (!span_begins(name, FILE_PREFIX))
		return span_of(NULL, 0);
	name = span_of(name.at + len, name.len - len);
	if (name.len > 3 && span_ends(name, ".md"))
		name.len -= 3;
	return name;
}

/* Whose transcript it is, if it says so. */
static struct span construct_of(const struct import_source *source,
				const struct chatty *chatty)
{
	const struct span none = { NULL, 0 };
	struct span found = callsign_of(source->input.path);
	size_t i;

	if (found.len)
		return found;
	if (chatty->title.len && chatty->title.len <= TITLE_MAX_BYTES)
		return chatty->title;
	for (i = 0; i < chatty->n && !chatty->are_roles_guessed; i++) {
		if (!chatty->at[i].is_assistant ||
		    chatty_side_of(chatty->at[i].name, none, none) !=
		    CHATTY_UNKNOWN)
			continue;
		return chatty->at[i].name;
	}
	return span_str(PROVIDER);
}

static int parse(struct import_source *source, struct chatty *out,
		 struct err *err)
{
	int rc;

	memset(out, 0, sizeof(*out));
	rc = input_load(&source->input, CHATTY_MAX_BYTES, err);
	return rc < 0 ? rc : chatty_parse(buf_span(&source->input.head),
					  callsign_of(source->input.path),
					  out, err);
}

static int chatty_identify(struct import_job *job, struct import_source *source,
			   struct err *err)
{
	struct chatty chatty;
	struct err why = ERR_INIT;
	int rc;

	rc = parse(source, &chatty, &why);
	if (rc == ERR_NOMEM)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	else if (rc < 0)
		rc = import_refuse_err(source, &why, err);
	else if (!chatty.n)
		rc = import_refuse(source, "nobody speaks in it", NULL, err);
	else
		rc = import_name(job, source, construct_of(source, &chatty),
				 err);
	if (rc == 0)
		rc = namesake_spare(job, source, err);
	chatty_release(&chatty);
	return rc;
}

/* A transcript on its way to records. */
struct chatty_telling {
	struct chat chat;
	struct chatty chatty;
	struct table seen;	/* how often a message came that says this */
	struct buf text;
	struct buf native;
	struct buf key;
	struct buf parent;
};

/* The source's text, its lines ended by a newline alone. */
static void make_plain(struct span text, struct buf *out)
{
	const char *end = text.at + text.len;
	const char *at;

	buf_reset(out);
	while (text.len && (at = memchr(text.at, '\r', text.len))) {
		buf_put(out, text.at, (size_t)(at - text.at));
		if (at + 1 == end || at[1] != '\n')
			buf_put_char(out, '\r');
		text = span_of(at + 1, (size_t)(end - at) - 1);
	}
	buf_put_span(out, text);
}

/* One hash of who says what when: lines have no ids. */
static void hash_message(const struct chatty_message *message,
			 struct span text, unsigned char out[SHA256_BYTES])
{
	char time[32];
	struct sha256 hash;

	snprintf(time, sizeof(time), "%lld", (long long)message->time.micros);
	sha256_init(&hash);
	sha256_add(&hash, message->name.at, message->name.len);
	sha256_add(&hash, "", 1);
	sha256_add(&hash, time, strlen(time) + 1);
	sha256_add(&hash, text.at, text.len);
	sha256_finish(&hash, out);
}

/* The hash, and which one of those that are alike it is. */
static int chatty_make_key(struct chatty_telling *telling,
			   const struct chatty_message *message, struct err *err)
{
	unsigned char hash[SHA256_BYTES];
	char hex[KEY_TEXT + 1];
	uint64_t nth;
	int rc;

	hash_message(message, buf_span(&telling->text), hash);
	rc = table_count(&telling->seen, hash, &nth, err);
	hex_text(hash, KEY_BYTES, hex);
	buf_reset(&telling->key);
	buf_put(&telling->key, hex, KEY_TEXT);
	if (nth)
		buf_putf(&telling->key, "-%llu", (unsigned long long)nth + 1);
	return rc < 0 ? rc : buf_end(&telling->key, err);
}

/*
 * A transcript has no id, and its title is that of all transcripts of a
 * construct. What tells it from others, and stays when it grows, is how it
 * begins: the title and the first two messages.
 */
static int make_session_key(struct chatty_telling *telling,
			    char out[KEY_TEXT + 1], struct err *err)
{
	const struct chatty *chatty = &telling->chatty;
	unsigned char part[SHA256_BYTES];
	struct sha256 hash;
	size_t i;
	int rc = 0;

	sha256_init(&hash);
	sha256_add(&hash, chatty->title.at, chatty->title.len);
	for (i = 0; rc == 0 && i < 2 && i < chatty->n; i++) {
		make_plain(chatty->at[i].text, &telling->text);
		rc = buf_end(&telling->text, err);
		hash_message(&chatty->at[i], buf_span(&telling->text), part);
		sha256_add(&hash, part, sizeof(part));
	}
	sha256_finish(&hash, part);
	hex_text(part, KEY_BYTES, out);
	return rc;
}

static int put_message(struct chatty_telling *telling, size_t at,
		       struct err *err)
{
	const struct chatty_message *said = &telling->chatty.at[at];
	struct chat_message message = {
		.index = (int64_t)at, .name = said->name,
		.role = said->is_assistant ? "assistant" : "user",
		.created = said->time,
	};
	int rc;

	make_plain(said->text, &telling->text);
	rc = buf_end(&telling->text, err);
	if (rc == 0)
		rc = chatty_make_key(telling, said, err);
	buf_reset(&telling->native);
	buf_putf(&telling->native, "{\"dialect\":\"%s\"}",
		 chatty_dialect_word(said->dialect));
	message.key = buf_span(&telling->key);
	if (at)
		message.parent = buf_span(&telling->parent);
	message.content = buf_span(&telling->text);
	message.visibility = span_begins(message.content, CREATED_MARK) ?
		"meta" : "visible";
	message.native = buf_span(&telling->native);
	if (rc == 0)
		rc = buf_end(&telling->native, err);
	if (rc == 0)
		rc = chat_put_message(&telling->chat, &message, err);
	buf_reset(&telling->parent);
	buf_put_span(&telling->parent, buf_span(&telling->key));
	return rc < 0 ? rc : buf_end(&telling->parent, err);
}

/* What stands before anybody speaks, and what we were not sure of. */
static int make_native(struct chatty_telling *telling, struct err *err)
{
	const struct chatty *chatty = &telling->chatty;
	struct jcs_fields fields = JCS_FIELDS_INIT;

	buf_reset(&telling->native);
	make_plain(chatty->preface, &telling->text);
	if (chatty->preface.len)
		fields_said(&fields, "preface", buf_span(&telling->text));
	if (chatty->are_roles_guessed)
		fields_str(&fields, "roles", "guessed");
	fields_put(&fields, &telling->native);
	buf_fail(&telling->native, buf_end(&telling->text, NULL));
	jcs_fields_release(&fields);
	return buf_end(&telling->native, err);
}

/* The last message, whose key stands in parent, is the leaf: no choice. */
static int chatty_put_session(struct chatty_telling *telling, struct span key,
			      struct err *err)
{
	const struct chatty *chatty = &telling->chatty;
	struct chat_session session = { .provider = PROVIDER };
	size_t i;
	int rc;

	session.key = key;
	session.title = chatty->title;
	session.created = session.updated =
		(struct chat_time)CHAT_TIME_NONE;
	for (i = 0; i < chatty->n; i++) {
		if (chatty->at[i].time.micros == CHAT_TIME_UNKNOWN)
			continue;
		if (session.created.micros == CHAT_TIME_UNKNOWN)
			session.created = chatty->at[i].time;
		if (session.updated.micros < chatty->at[i].time.micros)
			session.updated = chatty->at[i].time;
	}
	session.active = buf_span(&telling->parent);
	rc = make_native(telling, err);
	session.native = buf_span(&telling->native);
	return rc < 0 ? rc : chat_put_session(&telling->chat, &session, err);
}

static int put_all(struct chatty_telling *telling, struct import_job *job,
		   struct import_source *source, struct err *err)
{
	const struct chatty *chatty = &telling->chatty;
	struct span key = { NULL, KEY_TEXT };
	char hex[KEY_TEXT + 1];
	size_t i;
	int rc;

	rc = make_session_key(telling, hex, err);
	key.at = hex;
	if (rc == 0)
		rc = chat_begin(&telling->chat, job, source, PROVIDER, key,
				err);
	for (i = 0; rc == 0 && i < chatty->n; i++)
		rc = put_message(telling, i, err);
	if (rc == 0)
		rc = chatty_put_session(telling, key, err);
	if (rc == 0 && chatty->are_roles_guessed)
		rc = import_note(source, err, "no name tells who is the user: "
				 "who speaks first is taken for one");
	return rc;
}

static int read_transcript(struct import_job *job,
			   struct import_source *source, struct err *err)
{
	struct chatty_telling telling = {
		.chat = CHAT_INIT,
		.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT),
		.native = BUF_INIT(BUF_NO_LIMIT),
		.key = BUF_INIT(BUF_NO_LIMIT),
		.parent = BUF_INIT(BUF_NO_LIMIT),
	};
	struct err why = ERR_INIT;
	int64_t since = CHAT_TIME_UNKNOWN;
	size_t i;
	int rc;

	rc = parse(source, &telling.chatty, &why);
	for (i = 0; i < telling.chatty.n; i++) {
		if (telling.chatty.at[i].time.micros > since)
			since = telling.chatty.at[i].time.micros;
	}
	if (rc < 0)
		rc = import_refuse_err(source, &why, err);
	else if (!utf8_is_valid(buf_span(&source->input.head)))
		rc = import_refuse(source, "it is no UTF-8 text", NULL, err);
	else if (!import_is_wanted(job, since))
		rc = import_leave_out(source, "older than --since", NULL, err);
	else
		rc = put_all(&telling, job, source, err);
	chat_release(&telling.chat);
	chatty_release(&telling.chatty);
	table_release(&telling.seen);
	buf_release(&telling.text);
	buf_release(&telling.native);
	buf_release(&telling.key);
	buf_release(&telling.parent);
	return rc;
}

const struct importer chatty_importer = {
	.name = "chatty",
	.one = "transcript",
	.many = "transcripts",
	.sniff = sniff_transcript,
	.identify = chatty_identify,
	.read = read_transcript,
	.keeps_source = true,
};
