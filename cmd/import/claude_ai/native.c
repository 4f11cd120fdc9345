#include "cmd/import/claude_ai/run.h"
#include "cmd/import/records/rest.h"
#include "lib/time/timestamp.h"

struct chat_time claude_ai_take_time(struct take *take, const char *name)
{
	const struct jval *value = take_see(take, name);
	struct chat_time time = chat_time_of(value);
	char text[TIMESTAMP_TEXT_MAX];

	if (time.micros != CHAT_TIME_UNKNOWN)
		timestamp_text(time.micros, text);
	if (time.micros != CHAT_TIME_UNKNOWN && jval_is_text(value, text))
		take_done(take, value);
	return time;
}

void claude_ai_take_key(struct claude_ai_run *run, struct take *take,
			const char *name, struct span key)
{
	const struct jval *value = take_see(take, name);

	buf_reset(&run->value);
	chat_put_key(&run->value, key);
	if (jval_is(value, JVAL_STRING) &&
	    (!key.at || span_equals(buf_span(&run->value), key)))
		take_done(take, value);
}

/* Who somebody is beside a name. */
const char *const claude_ai_secrets[] = {
	"email", "email_address", "phone", "phone_number",
	"verified_phone_number", NULL
};

void claude_ai_keep_person(struct claude_ai_run *run, struct take *take,
			   const char *name)
{
	const struct jval *value = take_any(take, name);
	struct take person = take_exact(value);
	size_t i;

	for (i = 0; claude_ai_secrets[i]; i++)
		run->source->redactions +=
			take_any(&person, claude_ai_secrets[i]) != NULL;
	if (person.n)
		take_rest_under(&person, name, &run->fields);
	else
		fields_exact(&run->fields, name, value);
}

void claude_ai_keep(struct take *take, const char *const *names,
		    struct jcs_fields *fields)
{
	for (; *names; names++) {
		if (!take_is_done(take, take_see(take, *names)))
			fields_exact(fields, *names, take_any(take, *names));
	}
}

void claude_ai_rest(const struct take *take, struct jcs_fields *fields)
{
	/* What is one value, or has a name of ours, stands apart. */
	if ((take->object && take->object->marks & JVAL_MEMBER_WTF) ||
	    take_see(take, "rest") || take_see(take, "blocks") ||
	    take_see(take, "absent"))
		take_rest_under(take, "rest", fields);
	else
		take_rest(take, fields);
}

void claude_ai_absent(struct claude_ai_run *run, const struct take *take,
		      const char *const *written)
{
	buf_reset(&run->value);
	take_absent(take, "", written, &run->value);
	if (!run->value.len)
		return;
	buf_put_char(&run->value, ']');
	fields_buf(&run->fields, "absent", &run->value);
}

int claude_ai_native(struct claude_ai_run *run, struct span *out,
		     struct err *err)
{
	int rc = fields_end(&run->fields, err);

	buf_reset(&run->native);
	fields_put(&run->fields, &run->native);
	*out = run->native.len ? buf_span(&run->native) : span_of(NULL, 0);
	jcs_fields_reset(&run->fields);
	return rc < 0 ? rc : buf_end(&run->native, err);
}

const char *claude_ai_at(const struct chat_time *time, char out[HLC_TEXT_MAX])
{
	chat_time_at(time, out);
	return out;
}
