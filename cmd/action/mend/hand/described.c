#include "cmd/action/mend/hand/described.h"

#include <string.h>

#include "cmd/action/mend/form/form.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/json/jcs_scan.h"

#define WORDS_BYTES 50
#define ROLE_BYTES 20
#define MESSAGE "message:"

/* How a text begins, in quotes behind the words before it; nothing where that
 * is no line. */
static void put_begin(struct buf *out, const char *before, struct span text)
{
	struct span rest = text;
	struct span whole = span_take_line(&rest);
	struct span line = text_cut(whole, WORDS_BYTES);
	const char *more = line.len < whole.len ? "..." : rest.len ? " ..." :
			   "";

	while (line.len && line.at[line.len - 1] == ' ')
		line.len--;
	if (line.len && utf8_is_line(line))
		buf_putf(out, "%s'%.*s%s'", before, (int)line.len, line.at,
			 more);
}

static int put_field(struct buf *out, const char *before, struct span state,
		     const char *name, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	int rc = 0;

	if (jcs_find(state, name, &value) && jcs_type_of(value) == JCS_STRING)
		rc = jcs_string_decode(value, &text, err);
	if (rc == 0)
		put_begin(out, before, buf_span(&text));
	buf_release(&text);
	return rc;
}

static int put_title(void *arg, const struct view_entity *session,
		     struct err *err)
{
	return session->state.at ?
	       put_field(arg, " in ", session->state, "title", err) : 0;
}

static int put_session(const struct target *message, struct buf *out,
		       struct err *err)
{
	const struct view_visitor visitor = { put_title, out };
	struct buf session = BUF_INIT(ENTITY_MAX_BYTES);
	struct span entity = target_entity(message);
	size_t slash = span_find(entity, "/", 0);
	int rc;

	if (!span_begins(entity, MESSAGE) || slash == SPAN_NOWHERE)
		return 0;
	rc = buf_printf(&session, err, "session:%.*s",
			(int)(slash - strlen(MESSAGE)),
			entity.at + strlen(MESSAGE));
	if (rc == 0)
		rc = view_one(message->ref.view, buf_span(&session), &visitor,
			      err);
	buf_release(&session);
	return rc;
}

static void put_role(struct buf *out, struct span state)
{
	struct span role;

	if (!jcs_find_string(state, "role", &role) || !utf8_is_line(role))
		return;
	role = text_cut(role, ROLE_BYTES);
	buf_putf(out, " of %.*s", (int)role.len, role.at);
}

int described(const struct target *target, struct buf *out, struct err *err)
{
	bool is_message = !strcmp(target->kind->name, "message");
	struct span state = buf_span(&target->state);
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	int rc = target_words(target, form_words(target->kind), &words, err);

	buf_put_str(out, target->kind->name);
	if (is_message)
		put_role(out, state);
	if (words.len)
		put_begin(out, " ", buf_span(&words));
	else if (rc == 0)
		rc = put_field(out, " ", state,
			       !strcmp(target->kind->name, "session") ?
			       "title" : "name", err);
	if (rc == 0 && is_message)
		rc = put_session(target, out, err);
	buf_release(&words);
	return rc < 0 ? rc : buf_end(out, err);
}

int described_entity(struct view *view, const struct view_entity *entity,
		     struct buf *out, struct err *err)
{
	struct target target = TARGET_INIT;
	int rc = buf_add_span(&target.ref.entity, entity->entity, err);

	target.kind = entity->kind;
	target.ref.view = view;
	if (rc == 0)
		rc = buf_add_span(&target.state, entity->state, err);
	if (rc == 0)
		rc = described(&target, out, err);
	target.ref.view = NULL;		/* borrowed */
	target_release(&target);
	return rc;
}

/* What stood in the fields that are changed. */
static int put_was(const struct target *target, struct span data,
		   struct jcs_fields *fields, struct err *err)
{
	const char *words = form_words(target->kind);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_fields was = JCS_FIELDS_INIT;
	struct jcs_iter iter = jcs_iter_object(data);
	char name[64];
	struct span key;
	struct span value;
	int rc = target_words(target, words, &text, err);

	while (rc == 0 && jcs_next(&iter, &key, &value)) {
		/* An odd one is not worth the trouble. */
		if (key.len >= sizeof(name))
			continue;
		memcpy(name, key.at, key.len);
		name[key.len] = '\0';
		if (words && !strcmp(name, words) && text.len)
			fields_text(&was, name, buf_span(&text));
		else if (jcs_find(buf_span(&target->state), name, &value))
			fields_raw(&was, name, value);
	}
	fields_object(fields, "was", &was);
	jcs_fields_release(&was);
	buf_release(&text);
	return rc;
}

int described_put(const struct target *target, struct span data,
		  struct jcs_fields *fields, struct err *err)
{
	struct buf what = BUF_INIT(BUF_NO_LIMIT);
	int rc = described(target, &what, err);

	if (rc == 0)
		rc = put_was(target, data, fields, err);
	fields_text(fields, "entity", target_entity(target));
	fields_raw(fields, "data", data);
	fields_str(fields, "what", buf_text(&what));
	fields_bool(fields, "imported", target->is_imported);
	buf_release(&what);
	return rc;
}
