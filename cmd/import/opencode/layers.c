#include "cmd/import/opencode/opencode_internal.h"

struct opencode_layers opencode_layers(const struct jval *value)
{
	struct opencode_layers layers = { .outer = take_begin(value) };

	if (jval_is(take_see(&layers.outer, "info"), JVAL_OBJECT))
		layers.inner = take_inner(&layers.outer, "info");
	else if (jval_is(take_see(&layers.outer, "data"), JVAL_OBJECT))
		layers.inner = take_inner(&layers.outer, "data");
	else if (take_see(&layers.outer, "data"))
		layers.inner = take_begin(NULL);
	else {
		layers.inner = layers.outer;
		layers.outer = take_begin(NULL);
	}
	return layers;
}

struct span opencode_id(struct opencode_layers *layers, const char *inner,
			const char *outer)
{
	struct span id = take_filled(&layers->inner, inner);

	return id.len ? id : take_filled(outer == inner ||
					 layers->outer.object ?
					 &layers->outer : &layers->inner,
					 outer);
}

struct chat_time opencode_time(struct opencode_layers *layers,
			       const char *inner, const char *outer)
{
	static const struct chat_time none = CHAT_TIME_NONE;
	struct take *of = layers->outer.object ? &layers->outer :
			  &layers->inner;
	const struct jval *said = jval_at(layers->inner.object, inner);
	const struct jval *column = take_see(of, outer);
	struct chat_time time = said ? chat_time_of_ms(said) : none;
	struct chat_time other = column ? chat_time_of_ms(column) : none;

	if (time.micros == CHAT_TIME_UNKNOWN)
		time = other;
	if (column && other.micros == time.micros &&
	    chat_time_is_whole(&other))
		take_done(of, column);
	return time;
}

void opencode_take_nulls(struct take *take)
{
	const struct jval *member = jval_first(take->object);

	for (; member; member = member->next) {
		if (jval_is(member, JVAL_NULL))
			take_done(take, member);
	}
}
