#include "cmd/export/conversations.h"

#include <stdlib.h>

#include "lib/base/array.h"

/*
 * A view gives a place at a time, sorted by entity, so that the messages of a
 * session come in a row and before it. They wait here.
 */
struct waiting {
	const struct export *export;
	const struct export_conversation_visitor *visitor;
	struct buf provider;		/* "chatgpt:" */
	struct buf out;			/* the conversation at hand */
	uint64_t written;
	struct export_state *at;
	size_t first;			/* those before are done */
	size_t n;
	size_t cap;
	uint64_t foreign;
};

static void state_release(struct export_state *state)
{
	buf_release(&state->entity);
	buf_release(&state->state);
}

static struct span key_of(const struct export_state *message)
{
	return export_conversation_of(buf_span(&message->entity));
}

static int keep_message(struct waiting *waiting,
			const struct view_entity *entity, struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct export_state *state;
	int rc;

	if (waiting->first == waiting->n)
		waiting->first = waiting->n = 0;
	rc = array_room(waiting, err);
	if (rc < 0)
		return rc;
	state = &waiting->at[waiting->n++];
	*state = (struct export_state){ none, none };
	rc = buf_add_span(&state->entity, entity->entity, err);
	return rc < 0 ? rc : buf_add_span(&state->state, entity->state, err);
}

/* Write it with the messages from begin to end, which are then forgotten. */
static int write(struct waiting *waiting, struct span entity,
		 struct span state, size_t begin, size_t end, struct err *err)
{
	const struct export_conversation conversation = {
		entity, state, waiting->at + begin, end - begin
	};
	size_t i;
	int rc;

	buf_put_str(&waiting->out, waiting->written++ ? ",\n" : "");
	rc = waiting->visitor->conversation(waiting->visitor->arg,
					    &conversation, &waiting->out, err);
	if (rc == 0)
		rc = export_bytes(waiting->export, &waiting->out, err);
	for (i = begin; i < end; i++)
		state_release(&waiting->at[i]);
	if (begin > waiting->first)
		memmove(waiting->at + waiting->first + end - begin,
			waiting->at + waiting->first,
			(begin - waiting->first) * sizeof(*waiting->at));
	waiting->first += end - begin;
	return rc;
}

static size_t run_end(const struct waiting *waiting, size_t begin,
		      struct span key)
{
	while (begin < waiting->n &&
	       span_equals(key_of(&waiting->at[begin]), key))
		begin++;
	return begin;
}

static int take_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct waiting *waiting = arg;
	struct span key = export_conversation_of(entity->entity);
	bool is_ours = span_begins(key, buf_text(&waiting->provider));
	size_t begin;

	if (!entity->state.at)
		return 0;
	if (!strcmp(entity->kind->name, "message"))
		return is_ours ? keep_message(waiting, entity, err) : 0;
	if (strcmp(entity->kind->name, "session"))
		return 0;
	if (!is_ours) {
		waiting->foreign++;
		return 0;
	}
	for (begin = waiting->first; begin < waiting->n; begin++) {
		if (span_equals(key_of(&waiting->at[begin]), key))
			break;
	}
	return write(waiting, entity->entity, entity->state, begin,
		     run_end(waiting, begin, key), err);
}

/* Messages whose session has no record. */
static int write_rest(struct waiting *waiting, struct err *err)
{
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	struct span key;
	int rc = 0;

	while (rc == 0 && waiting->first < waiting->n) {
		key = key_of(&waiting->at[waiting->first]);
		buf_reset(&entity);
		buf_put_str(&entity, "session:");
		buf_put_span(&entity, key);
		rc = buf_end(&entity, err);
		if (rc == 0)
			rc = write(waiting, buf_span(&entity), span_str("{}"),
				   waiting->first,
				   run_end(waiting, waiting->first, key),
				   err);
	}
	buf_release(&entity);
	return rc;
}

int export_conversations(const struct export *export,
			 const struct export_conversation_visitor *visitor,
			 struct err *err)
{
	struct waiting waiting = {
		.export = export, .visitor = visitor,
		.provider = BUF_INIT(BUF_NO_LIMIT),
		.out = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct view_visitor entities = { take_entity, &waiting };
	int rc;

	buf_putf(&waiting.provider, "%s:", visitor->provider);
	rc = buf_end(&waiting.provider, err);
	if (rc == 0)
		rc = host_bytes(export->host, span_str("["), err);
	if (rc == 0)
		rc = view_each(export->view, NULL, false, &entities, err);
	if (rc == 0)
		rc = write_rest(&waiting, err);
	if (rc == 0)
		rc = host_bytes(export->host, span_str("]\n"), err);
	if (rc == 0 && waiting.foreign)
		host_note(export->host, "left out: %llu conversations that "
			  "did not come from %s",
			  (unsigned long long)waiting.foreign, visitor->name);
	while (waiting.first < waiting.n)
		state_release(&waiting.at[waiting.first++]);
	free(waiting.at);
	buf_release(&waiting.provider);
	buf_release(&waiting.out);
	return rc;
}
