#include "cmd/import/flat/flat.h"

const struct flat_role *flat_role(const struct flat_format *format,
				  struct span word)
{
	const struct flat_role *role = format->roles;
	size_t i;

	for (; role && role->said; role++) {
		for (i = 0; i < word.len && role->said[i]; i++) {
			if ((word.at[i] | 0x20) != (role->said[i] | 0x20))
				break;
		}
		if (i == word.len && !role->said[i])
			return role;
	}
	return NULL;
}

/* Is it understood? A number is a key as well, but its digits do not say that
 * it was one: it stays. */
static bool read_text(struct flat_item *item, enum flat_what what,
		      const struct jval *value)
{
	struct span *text = &item->text[what];
	bool is_key = what == FLAT_KEY || what == FLAT_PARENT;

	if (text->len)
		return false;
	if (what == FLAT_KEY && jval_is(value, JVAL_NUMBER))
		*text = value->raw;
	if (!jval_is(value, JVAL_STRING))
		return jval_is(value, JVAL_NULL);
	*text = jval_text(value);
	return !is_key || text->len <= FLAT_KEY_SHOWN;
}

static bool read_time(const struct flat_format *format, struct chat_time *out,
		      const struct jval *value)
{
	if (out->micros != CHAT_TIME_UNKNOWN)
		return false;
	*out = format->time ? format->time(value) : chat_time_of(value);
	return chat_time_is_whole(out) || jval_is(value, JVAL_NULL);
}

/* Another word than ours stays, so that it can be written again. */
static bool read_role(const struct flat_format *format,
		      struct flat_item *item, const struct jval *value)
{
	item->role = flat_role(format, jval_text(value));
	return item->role && jval_is_text(value, item->role->role);
}

/* Returns whether the value is understood. */
static bool read_row(const struct flat_format *format,
		     const struct flat_row *row, const struct jval *value,
		     struct flat_item *item)
{
	switch (row->what) {
	case FLAT_CREATED:
		return read_time(format, &item->created, value);
	case FLAT_UPDATED:
		return read_time(format, &item->updated, value);
	case FLAT_ROLE:
		return read_role(format, item, value);
	case FLAT_SAID:
		item->said = value;
		item->said_at = row->path;
		return false;
	case FLAT_TAGS:
		item->tags = value;
		return false;
	case FLAT_NULL:
		return jval_is(value, JVAL_NULL);
	case FLAT_LEFT_OUT:
		return true;
	default:
		return read_text(item, row->what, value);
	}
}

int flat_item(struct flat *flat, const struct flat_row *rows,
	      const struct jval *object, struct flat_item *out,
	      struct err *err)
{
	const struct flat_item empty = {
		.value = object, .take = take_begin(object),
		.created = CHAT_TIME_NONE, .updated = CHAT_TIME_NONE,
	};
	const struct jval *value;
	int rc = 0;

	*out = empty;
	for (; rc >= 0 && rows->what != FLAT_END; rows++) {
		value = jval_at(out->take.object, rows->path);
		if (!value)
			continue;
		if (read_row(flat->format, rows, value, out) &&
		    rows->rest == FLAT_TAKEN)
			take_done(&out->take, value);
		if (rows->what == FLAT_LEFT_OUT && !jval_is(value, JVAL_NULL))
			rc = import_skip(flat->source, flat->format->left_out,
					 NULL, err);
	}
	return rc;
}
