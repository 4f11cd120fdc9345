#include "cmd/action/resume/coming.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"

void coming_release(struct coming *coming)
{
	size_t i;

	for (i = 0; i < coming->n; i++) {
		buf_release(&coming->at[i].entity);
		buf_release(&coming->at[i].state);
		said_release(&coming->at[i].said);
	}
	free(coming->at);
	buf_release(&coming->left);
	buf_release(&coming->from);
}

/* The session that a record is of. */
static int find_session(struct coming *coming, struct span entity,
			struct coming_session **out, struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct span name = export_conversation_of(entity);
	struct coming_session *session;
	size_t i;
	int rc;

	for (i = coming->n; i-- > 0;) {
		*out = &coming->at[i];
		if (span_equals(export_conversation_of(
				buf_span(&(*out)->entity)), name))
			return 0;
	}
	rc = array_room(coming, err);
	if (rc < 0)
		return rc;
	session = &coming->at[coming->n++];
	*session = (struct coming_session){ .entity = none, .state = none };
	buf_put_str(&session->entity, "session:");
	buf_put_span(&session->entity, name);
	*out = session;
	return buf_end(&session->entity, err);
}

static int add_message(struct coming_session *session, struct span entity,
		       struct span data, struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct said *said;
	struct span value;
	int rc = array_room(&session->said, err);

	if (rc < 0)
		return rc;
	said = &session->said.at[session->said.n++];
	*said = (struct said){ .entity = none, .parent = none, .state = none };
	rc = buf_add_span(&said->entity, entity, err);
	if (rc == 0)
		rc = buf_add_span(&said->state, data, err);
	if (rc == 0 && jcs_find(data, "parent", &value) &&
	    jcs_type_of(value) == JCS_STRING)
		rc = jcs_string_decode(value, &said->parent, err);
	if (jcs_find(data, "index", &value))
		(void)jcs_integer(value, &said->index);
	return rc;
}

int coming_take(void *arg, const struct record_parts *parts,
		struct err *err)
{
	struct coming_session *session = NULL;
	bool is_session = span_begins(parts->entity, "session:");
	int rc;

	if (!is_session && !span_begins(parts->entity, "message:"))
		return 0;
	rc = find_session(arg, parts->entity, &session, err);
	if (rc == 0 && !is_session)
		return add_message(session, parts->entity, parts->data, err);
	if (rc == 0)
		buf_reset(&session->state);
	return rc < 0 ? rc : buf_add_span(&session->state, parts->data, err);
}

/* One that speaks: others are about it, or of agents that it called. */
struct coming_session *coming_choose(struct coming *coming)
{
	struct coming_session *most = NULL;
	size_t i;

	for (i = 0; i < coming->n; i++) {
		if (!most || coming->at[i].said.n > most->said.n)
			most = &coming->at[i];
	}
	return most && most->said.n ? most : NULL;
}
