/*
 * What tests of the extractors share: one session of texts, and its units.
 */
#ifndef VV_TESTS_UNIT_ACU_FIXTURE_H
#define VV_TESTS_UNIT_ACU_FIXTURE_H

#include "cmd/acu/extractor.h"
#include "lib/id/encode.h"
#include "tests/tap.h"

#define TALK_MAX 32

struct talk {
	struct acu_message messages[TALK_MAX];
	size_t n;
	struct acu_list list;
};

/* Users and assistants in turn; each replies to the one before. */
static void TAP_UNUSED talk_add(struct talk *talk, struct span text)
{
	struct acu_message *message = &talk->messages[talk->n];

	memset(message, 0, sizeof(*message));
	message->conversation = span_str("c");
	message->node = span_str("n");
	message->text = text;
	message->role = span_str(talk->n % 2 ? "assistant" : "user");
	message->parent = talk->n ? talk->n - 1 : ACU_NO_MESSAGE;
	talk->n++;
}

static void TAP_UNUSED talk_run(struct talk *talk,
				const struct acu_extractor *extractor)
{
	struct err err = ERR_INIT;

	acu_list_reset(&talk->list);
	if (extractor->run(talk->messages, talk->n, &talk->list, &err) < 0)
		bail_out("%s", err.text);
}

static struct span TAP_UNUSED unit_text(const struct talk *talk, size_t i)
{
	const struct acu_unit *unit = &talk->list.units[i];

	return span_of(talk->messages[unit->message].text.at + unit->start,
		       unit->end - unit->start);
}

/* One text alone; release talk->list. */
static void TAP_UNUSED talk_one(struct talk *talk, struct span text,
				const struct acu_extractor *extractor)
{
	memset(talk, 0, sizeof(*talk));
	talk_add(talk, text);
	talk_run(talk, extractor);
}

/*
 * The promises of every list: spans rise and do not overlap, lie in their
 * text, carry its hash, begin and end at something to see; links stay inside.
 */
static bool TAP_UNUSED list_is_sound(const struct acu_message *messages,
				     size_t n, const struct acu_list *list)
{
	unsigned char sha256[SHA256_BYTES];
	size_t i;

	for (i = 0; i < list->units_n; i++) {
		const struct acu_unit *unit = &list->units[i];
		const struct acu_unit *last = i ? unit - 1 : NULL;

		if (unit->message >= n || unit->start >= unit->end ||
		    unit->end > messages[unit->message].text.len)
			return false;
		if (last && (last->message > unit->message ||
			     (last->message == unit->message &&
			      last->end > unit->start)))
			return false;
		sha256_of(messages[unit->message].text.at + unit->start,
			  unit->end - unit->start, sha256);
		if (memcmp(sha256, unit->sha256, SHA256_BYTES) ||
		    !unit->type || !unit->category)
			return false;
	}
	for (i = 0; i < list->links_n; i++) {
		if (list->links[i].from >= list->units_n ||
		    list->links[i].to >= list->units_n)
			return false;
	}
	return true;
}

#endif
