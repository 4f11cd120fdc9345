#include "cmd/acu/acu.h"

#include <stdlib.h>

/* A message where it stands, with the text that it is sorted by. */
struct standing_message {
	struct span entity;
	struct acu_said *said;
};

static int order_by_entity(const void *a, const void *b)
{
	const struct standing_message *x = a;
	const struct standing_message *y = b;

	return span_compare(x->entity, y->entity);
}

/* As in the source; what says no index, by time. */
static int order_by_index(const void *a, const void *b)
{
	const struct standing_message *x = a;
	const struct standing_message *y = b;
	int order;

	if (x->said->index != y->said->index)
		return x->said->index < y->said->index ? -1 : 1;
	order = strcmp(x->said->at, y->said->at);
	return order ? order : order_by_entity(a, b);
}

/*
 * Where the message is that this one replies to: the next one above it that is
 * talk, whether or not --all takes what lies between, for what is found must
 * not depend on that. Those above were placed before, so each costs one step;
 * one that stands below its reply is nobody's parent. A source without parents
 * is a line.
 */
static size_t parent_of(const struct acu_talk *talk,
			const struct standing_message *by_entity,
			const struct acu_said *said)
{
	const struct standing_message *found;
	struct standing_message key;

	if (!said->has_parent)
		return talk->last;
	key.entity = acu_talk_piece(talk, said->parent);
	found = bsearch(&key, by_entity, talk->n, sizeof(*by_entity),
			order_by_entity);
	return found && found->said->is_placed ? found->said->place :
	       ACU_NO_MESSAGE;
}

/* "message:<provider>:<conversation>/<node>", and either may lack colons. */
static void split_entity(struct span entity, struct acu_message *out)
{
	static const size_t kind = sizeof("message:") - 1;
	struct span key = span_of(entity.at + kind, entity.len - kind);
	const char *slash = memchr(key.at, '/', key.len);
	size_t len = slash ? (size_t)(slash - key.at) : key.len;
	const char *colon = memchr(key.at, ':', len);
	size_t skip = colon ? (size_t)(colon - key.at) + 1 : 0;

	out->conversation = span_of(key.at + skip, len - skip);
	out->node = span_of(key.at + len + 1,
			    key.len > len ? key.len - len - 1 : 0);
}

static void place(struct acu_talk *talk,
		  const struct standing_message *by_entity,
		  struct acu_said *said)
{
	size_t parent = parent_of(talk, by_entity, said);
	struct acu_message *message;

	said->is_placed = true;
	said->place = parent;
	if (!said->is_taken)
		return;
	talk->taken[talk->messages_n] = said;
	message = &talk->messages[talk->messages_n];
	split_entity(acu_talk_piece(talk, said->entity), message);
	message->text = acu_talk_piece(talk, said->text);
	message->role = acu_talk_piece(talk, said->role);
	message->is_tool = said->is_tool;
	message->is_thinking = said->is_thinking;
	message->parent = parent;
	if (said->is_talk)
		said->place = talk->last = talk->messages_n;
	talk->messages_n++;
}

int acu_talk_arrange(struct acu_talk *talk, struct err *err)
{
	struct standing_message *by_entity;
	struct standing_message *by_index;
	size_t i;
	int rc = 0;

	by_entity = calloc(talk->n, sizeof(*by_entity));
	by_index = calloc(talk->n, sizeof(*by_index));
	talk->messages = calloc(talk->n, sizeof(*talk->messages));
	talk->taken = calloc(talk->n, sizeof(*talk->taken));
	if (!by_entity || !by_index || !talk->messages || !talk->taken) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	for (i = 0; i < talk->n; i++) {
		by_entity[i].said = &talk->said[i];
		by_entity[i].entity = acu_talk_piece(talk,
						     talk->said[i].entity);
		by_index[i] = by_entity[i];
	}
	qsort(by_entity, talk->n, sizeof(*by_entity), order_by_entity);
	qsort(by_index, talk->n, sizeof(*by_index), order_by_index);
	for (i = 0; i < talk->n; i++)
		place(talk, by_entity, by_index[i].said);
out:
	free(by_entity);
	free(by_index);
	return rc;
}
