#include "cmd/acu/acu.h"

#include <stdlib.h>

#include "cmd/export/export.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"

struct span acu_talk_piece(const struct acu_talk *talk,
			   struct acu_piece piece)
{
	return span_of(buf_text(&talk->bytes) + piece.at, piece.len);
}

bool acu_talk_holds(const struct acu_talk *talk, struct span message)
{
	struct span first;

	if (!talk->n)
		return true;
	first = acu_talk_piece(talk, talk->said[0].entity);
	return span_equals(export_conversation_of(first),
			   export_conversation_of(message));
}

static int add_text(struct acu_talk *talk, struct span state, struct err *err)
{
	struct span value;
	struct span blob;

	if (!jcs_find(state, "content", &value))
		return 0;
	if (jcs_is_words(value) || jcs_find(value, "$blob", &blob))
		return export_text(talk->view, value, &talk->bytes, err);
	return 0;
}

/* Append a text member; nothing where there is none. */
static int add_member(struct acu_talk *talk, struct span state,
		      const char *name, struct acu_piece *out, struct err *err)
{
	struct span value;
	int rc = 0;

	out->at = talk->bytes.len;
	if (jcs_find(state, name, &value) && jcs_type_of(value) == JCS_STRING)
		rc = jcs_string_decode(value, &talk->bytes, err);
	out->len = talk->bytes.len - out->at;
	return rc;
}

static bool is_talk(const struct acu_talk *talk, const struct acu_said *said,
		    struct span state)
{
	const char *const *role = talk->job->extractor->roles;
	struct span value;

	if (jcs_find(state, "visibility", &value) &&
	    !jcs_is_text(value, "visible"))
		return false;
	for (; role && *role; role++) {
		if (span_equals(acu_talk_piece(talk, said->role),
				span_str(*role)))
			return true;
	}
	return !talk->job->extractor->roles;
}

static int fill(struct acu_talk *talk, struct acu_said *said,
		const struct view_entity *message, struct err *err)
{
	struct span state = message->state;
	struct span value;
	int rc;

	said->entity.at = talk->bytes.len;
	said->entity.len = message->entity.len;
	acu_birth(message, said->at);
	rc = buf_add_span(&talk->bytes, message->entity, err);
	if (rc == 0)
		rc = add_member(talk, state, "parent", &said->parent, err);
	if (rc == 0)
		rc = add_member(talk, state, "role", &said->role, err);
	if (rc < 0)
		return rc;
	said->has_parent = jcs_find(state, "parent", &value);
	if (jcs_find(state, "index", &value))
		(void)jcs_integer(value, &said->index);
	if (jcs_find(state, "visibility", &value)) {
		said->is_tool = jcs_is_text(value, "tool");
		said->is_thinking = jcs_is_text(value, "thinking");
	}
	said->is_talk = is_talk(talk, said, state);
	said->is_taken = said->is_talk || talk->job->takes_all;
	said->text.at = talk->bytes.len;
	if (said->is_taken)
		rc = add_text(talk, state, err);
	said->text.len = talk->bytes.len - said->text.at;
	return rc;
}

int acu_talk_add(struct acu_talk *talk, const struct view_entity *message,
		 struct err *err)
{
	struct acu_said *said;
	int rc = array_room_in(talk->said, talk->n, talk->cap, err);

	if (rc < 0)
		return rc;
	said = &talk->said[talk->n++];
	memset(said, 0, sizeof(*said));
	said->place = ACU_NO_MESSAGE;
	return fill(talk, said, message, err);
}

struct span acu_talk_entity(const struct acu_talk *talk, size_t place)
{
	return acu_talk_piece(talk, talk->taken[place]->entity);
}

void acu_talk_reset(struct acu_talk *talk)
{
	talk->n = 0;
	talk->messages_n = 0;
	talk->last = ACU_NO_MESSAGE;
	buf_reset(&talk->bytes);
	free(talk->messages);
	free(talk->taken);
	talk->messages = NULL;
	talk->taken = NULL;
}

void acu_talk_release(struct acu_talk *talk)
{
	acu_talk_reset(talk);
	free(talk->said);
	buf_release(&talk->bytes);
}

void acu_birth(const struct view_entity *entity, char out[HLC_TEXT_MAX])
{
	struct span first = entity->records[0].record.at;
	size_t i;

	for (i = 1; i < entity->records_n; i++) {
		if (span_compare(entity->records[i].record.at, first) < 0)
			first = entity->records[i].record.at;
	}
	memcpy(out, first.at, HLC_TEXT - HLC_NODE);
	memcpy(out + HLC_TEXT - HLC_NODE, HLC_NODE_IMPORT, HLC_NODE_MAX);
}
