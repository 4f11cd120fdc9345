#include "cmd/import/cline/cline_internal.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/records/rest.h"
#include "lib/id/hash.h"

#define TITLE_MAX ((size_t)160)	/* bytes */

/* A folder that was moved says whose it is by what lies in it. */
static const char *provider_of(const struct import_source *source)
{
	static const char *const known[] = { "cline", "roo", "kilo" };
	struct span family = beside_get(source, "family");
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (span_equals(family, span_str(known[i])))
			return known[i];
	}
	return beside_get(source, "item").at ? "roo" : "cline";
}

void cline_reading_begin(struct cline_reading *reading, struct import_job *job,
			 struct import_source *source)
{
	static const struct cline_reading empty = {
		.chat = CHAT_INIT, .parts = PARTS_INIT,
		.keys = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.given = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.key = BUF_INIT(BUF_NO_LIMIT), .last = BUF_INIT(BUF_NO_LIMIT),
		.first = CHAT_TIME_NONE, .latest = CHAT_TIME_NONE,
		.model = BUF_INIT(BUF_NO_LIMIT),
		.title = BUF_INIT(BUF_NO_LIMIT), .cwd = BUF_INIT(BUF_NO_LIMIT),
	};

	*reading = empty;
	reading->job = job;
	reading->source = source;
	reading->provider = provider_of(source);
}

void cline_reading_release(struct cline_reading *reading)
{
	chat_release(&reading->chat);
	parts_release(&reading->parts);
	table_release(&reading->keys);
	table_release(&reading->given);
	buf_release(&reading->key);
	buf_release(&reading->last);
	buf_release(&reading->model);
	buf_release(&reading->title);
	buf_release(&reading->cwd);
}

void cline_put_title(struct span text, struct buf *out)
{
	size_t from = 0;
	size_t to;

	if (!text.len)
		return;
	while (from < text.len && (text.at[from] == ' ' ||
				   text.at[from] == '\n' ||
				   text.at[from] == '\r' ||
				   text.at[from] == '\t'))
		from++;
	text = span_of(text.at + from, text.len - from);
	to = 0;
	while (to < text.len && text.at[to] != '\n' && text.at[to] != '\r')
		to++;
	text.len = to;
	if (text.len <= TITLE_MAX) {
		buf_put_span(out, text);
		return;
	}
	/* Not in the middle of a character. */
	text.len = TITLE_MAX;
	while (text.len && ((unsigned char)text.at[text.len] & 0xc0) == 0x80)
		text.len--;
	buf_put_span(out, text);
	buf_put_str(out, "\xe2\x80\xa6");
}

/* The second message of a key is another one. */
static int claim_key(struct cline_reading *reading, struct span key,
		     struct err *err)
{
	unsigned char hash[SHA256_BYTES];
	uint64_t before = 0;
	int rc;

	sha256_of(key.at, key.len, hash);
	rc = table_count(&reading->keys, hash, &before, err);
	buf_reset(&reading->key);
	buf_put_span(&reading->key, key);
	if (before)
		buf_putf(&reading->key, "~%llu",
			 (unsigned long long)(before + 1));
	return rc < 0 ? rc : buf_end(&reading->key, err);
}

static void turn_note(struct cline_reading *reading, const struct cline_turn *turn)
{
	const struct chat_time *time = &turn->created;

	if (time->micros != CHAT_TIME_UNKNOWN) {
		if (reading->first.micros == CHAT_TIME_UNKNOWN)
			reading->first = *time;
		if (reading->latest.micros == CHAT_TIME_UNKNOWN ||
		    reading->latest.micros < time->micros)
			reading->latest = *time;
	}
	if (turn->model.len) {
		buf_reset(&reading->model);
		buf_put_span(&reading->model, turn->model);
	}
	if (!reading->title.len && !strcmp(turn->role, "user") &&
	    !strcmp(turn->visibility, "visible"))
		cline_put_title(buf_span(&reading->parts.content),
				&reading->title);
}

static void turn_native(const struct cline_turn *turn, struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	if (turn->request.len)
		fields_raw(&fields, "request", turn->request);
	if (turn->rest)
		take_rest(turn->rest, &fields);
	fields_put(&fields, out);
	jcs_fields_release(&fields);
}

int cline_put_turn(struct cline_reading *reading,
		   const struct cline_turn *turn, struct err *err)
{
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct chat_message message = {
		.index = reading->index, .role = turn->role,
		.visibility = turn->visibility, .created = turn->created,
		.changed = CHAT_TIME_UNKNOWN, .model = turn->model,
	};
	int rc = claim_key(reading, turn->key, err);

	turn_note(reading, turn);
	turn_native(turn, &native);
	if (rc == 0)
		rc = buf_end(&native, err);
	if (rc == 0)
		rc = parts_list(&reading->parts, &message.parts, err);
	message.key = buf_span(&reading->key);
	if (reading->last.len)
		message.parent = buf_span(&reading->last);
	message.content = buf_span(&reading->parts.content);
	message.native = buf_span(&native);
	if (rc == 0)
		rc = chat_put_message(&reading->chat, &message, err);
	reading->index++;
	buf_reset(&reading->last);
	buf_put_span(&reading->last, buf_span(&reading->key));
	parts_reset(&reading->parts);
	buf_release(&native);
	return rc < 0 ? rc : buf_end(&reading->last, err);
}
