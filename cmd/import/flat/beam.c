/*
 * Chats of the BEAM benchmark: batches of turns, all of one session. The mark
 * that its generator put behind a question ("->-> 1,1") is native.mark.
 */
#include "cmd/import/flat/flat.h"
#include "cmd/import/flat/formats.h"
#include "cmd/import/records/rest.h"

#define MARK "->-> "

static struct chat_time time_of(const struct jval *value)
{
	return chat_time_said(jval_text(value));
}

/* Where the generator's mark begins, at the end of a text; else its end. */
static size_t find_mark(struct span text)
{
	static const size_t len = sizeof(MARK) - 1;
	size_t at = text.len;

	while (at && ((text.at[at - 1] >= '0' && text.at[at - 1] <= '9') ||
		      text.at[at - 1] == ','))
		at--;
	if (at == text.len || at < len ||
	    memcmp(text.at + at - len, MARK, len) != 0)
		return text.len;
	return at - len;
}

/* The session's key is the hash of the first message: two chats begin with
 * others. */
static int beam_begin(struct flat *flat, const struct flat_item *turn,
		      struct err *err)
{
	const struct span first[1] = { jval_text(turn->said) };

	if (flat->next_key.len)
		return 0;
	flat->session.created = turn->created;
	flat_hash(first, 1, &flat->next_key);
	return flat_begin(flat, err);
}

static void keep_batch(struct flat *flat)
{
	struct take batch = take_begin(flat->given->value);

	(void)take_any(&batch, "turns");
	(void)take_value(&batch, "time_anchor", JVAL_NULL);
	fields_value(&flat->native, "batch_number",
		     take_any(&batch, "batch_number"));
	take_rest_under(&batch, "batch", &flat->native);
}

static int beam_say(struct flat *flat, struct flat_item *turn,
		    struct chat_message *message, struct err *err)
{
	struct span text = jval_text(turn->said);
	size_t mark = find_mark(text);
	size_t end = mark;
	int rc;

	(void)message;
	rc = beam_begin(flat, turn, err);
	keep_batch(flat);
	if (mark < text.len)
		fields_said(&flat->native, "mark",
			    span_of(text.at + mark, text.len - mark));
	while (mark < text.len && end && text.at[end - 1] == ' ')
		end--;
	take_done(&turn->take, turn->said);
	buf_put_span(&flat->parts.content, span_of(text.at, end));
	return rc;
}

static int beam_batch(struct flat *flat, struct err *err)
{
	const struct jval *list = jval_get(flat->given->value, "turns");
	const struct jval *turn = jval_first(list);
	int rc = 0;

	if (!jval_is(list, JVAL_ARRAY))
		return flat_malformed(flat, "a batch without turns",
				      flat->given->value, err);
	for (; rc >= 0 && turn; turn = turn->next)
		rc = jval_is(turn, JVAL_ARRAY) ? flat_turns(flat, turn, err) :
			flat_turn(flat, turn, err);
	return rc;
}

static int beam_end(struct flat *flat, struct err *err)
{
	return flat->next_key.len ? flat_end(flat, err) : 0;
}

static const struct flat_row turn_rows[] = {
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	{ FLAT_CREATED, "time_anchor", FLAT_STAYS },
	{ FLAT_SAID, "content", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_role roles[] = {
	{ "user", "user", NULL },
	{ "assistant", "assistant", NULL },
	{ NULL, NULL, NULL }
};

static const struct flat_format beam_format = {
	.provider = "beam",
	.value = beam_batch,
	.turn = turn_rows,
	.roles = roles,
	.needs_text = true,
	.no_turn = "a message without text",
	.say = beam_say,
	.time = time_of,
	.end = beam_end,
};

const struct importer beam_importer = {
	.name = "beam",
	.one = "BEAM chat",
	.many = "BEAM chats",
	.construct = "beam",
	.signs = (const char *const[]){ "batch_number turns", NULL },
	.read = flat_read,
	.flat = &beam_format,
};
