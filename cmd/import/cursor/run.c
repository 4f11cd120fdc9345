#include "cmd/import/cursor/cursor_internal.h"

#include "cmd/import/input/whole.h"
#include "lib/base/xxh.h"

void cursor_run_begin(struct cursor_run *run, struct import_job *job,
		      struct import_source *source, const char *provider)
{
	static const struct cursor_run empty = {
		.chat = CHAT_INIT, .parts = PARTS_INIT,
		.fields = JCS_FIELDS_INIT, .native = BUF_INIT(BUF_NO_LIMIT),
		.key = BUF_INIT(BUF_NO_LIMIT),
		.parent = BUF_INIT(BUF_NO_LIMIT),
	};

	*run = empty;
	run->job = job;
	run->source = source;
	run->provider = provider;
}

void cursor_run_release(struct cursor_run *run)
{
	chat_release(&run->chat);
	parts_release(&run->parts);
	jcs_fields_release(&run->fields);
	buf_release(&run->native);
	buf_release(&run->key);
	buf_release(&run->parent);
}

int cursor_theirs(struct cursor_run *run, int rc)
{
	run->is_theirs |= rc < 0 && !run->is_ours;
	return rc;
}

int cursor_ours(struct cursor_run *run, int rc)
{
	run->is_ours |= rc < 0 && !run->is_theirs;
	return rc;
}

void cursor_id(struct span key, unsigned char out[CURSOR_ID_BYTES])
{
	struct xxh128 hash;

	xxh128_init(&hash);
	xxh128_add(&hash, key.at, key.len);
	xxh128_finish(&hash, out);
}

int cursor_put(struct cursor_run *run, struct chat_message *message,
	       struct err *err)
{
	int rc = buf_end(&run->native, err);

	message->key = buf_span(&run->key);
	message->index = run->index++;
	message->native = buf_span(&run->native);
	if (run->parent.len)
		message->parent = buf_span(&run->parent);
	if (rc == 0)
		rc = buf_end(&run->key, err);
	if (rc == 0)
		rc = parts_list(&run->parts, &message->parts, err);
	message->content = buf_span(&run->parts.content);
	if (rc == 0)
		rc = chat_put_message(&run->chat, message, err);
	buf_reset(&run->parent);
	buf_put_span(&run->parent, message->key);
	return rc < 0 ? rc : buf_end(&run->parent, err);
}

#define HOLLOW_DEEP 8

static bool is_hollow(const struct jval *value, size_t depth)
{
	const struct jval *inner = jval_first(value);

	if (!jval_is(value, JVAL_ARRAY) && !jval_is(value, JVAL_OBJECT))
		return false;
	while (inner && depth < HOLLOW_DEEP && is_hollow(inner, depth + 1))
		inner = inner->next;
	return !inner;
}

void cursor_take_hollow(struct take *take)
{
	const struct jval *member = jval_first(take->object);

	for (; member; member = member->next) {
		if (is_hollow(member, 0) && !take_is_done(take, member))
			take_done(take, member);
	}
}

struct chat_time cursor_time(const struct jval *value)
{
	return jval_is(value, JVAL_STRING) ? chat_time_of(value) :
		chat_time_of_ms(value);
}

int cursor_parse(struct cursor_run *run, const char *what, struct span text,
		 struct jdoc **out, struct err *err)
{
	struct buf reason = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	int rc = whole_parse(run->source, text, out, &why, err);

	if (rc == 0)
		return 0;
	*out = NULL;
	if (rc == ERR_NOMEM)
		return rc;
	buf_putf(&reason, "%s: %s", what, why.text);
	rc = buf_end(&reason, err);
	if (rc == 0)
		rc = import_malformed(run->job, run->source, buf_text(&reason),
				      0, text, err);
	buf_release(&reason);
	return rc;
}
