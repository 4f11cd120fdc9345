#include "cmd/action/know/stats_json.h"

#include "cmd/action/result.h"

static void put_count(struct jcs_fields *fields, const char *name, uint64_t n)
{
	fields_integer(fields, name, (int64_t)n);
}

static void put_apart(struct jcs_fields *fields,
		      const struct stats_group *group)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;

	put_count(&inner, "hidden", group->apart[LISTS_HIDDEN]);
	put_count(&inner, "thinking", group->apart[LISTS_THINKING]);
	put_count(&inner, "tool", group->apart[LISTS_TOOL]);
	fields_object(fields, "apart", &inner);
	jcs_fields_release(&inner);
}

static void put_roles(struct jcs_fields *fields,
		      const struct stats_group *group)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;

	put_count(&inner, "assistant", group->assistants);
	put_count(&inner, "other", group->messages - group->users -
		  group->assistants);
	put_count(&inner, "user", group->users);
	fields_object(fields, "roles", &inner);
	jcs_fields_release(&inner);
}

static void put_tokens(struct jcs_fields *fields,
		       const struct stats_group *group)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;

	if (!group->told) {
		fields_null(fields, "tokens");
		return;
	}
	put_count(&inner, "cached", group->cached);
	put_count(&inner, "input", group->input);
	put_count(&inner, "messages", group->told);
	put_count(&inner, "output", group->output);
	fields_object(fields, "tokens", &inner);
	jcs_fields_release(&inner);
}

static void put_longest(struct jcs_fields *fields,
			const struct stats_longest *longest)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;

	if (!longest->messages) {
		fields_null(fields, "longest");
		return;
	}
	fields_text(&inner, "construct", longest->construct);
	put_count(&inner, "messages", longest->messages);
	fields_text(&inner, "session", longest->session);
	result_text(&inner, "title", longest->title);
	fields_object(fields, "longest", &inner);
	jcs_fields_release(&inner);
}

static void put_said(struct jcs_fields *fields,
		     const struct stats_group *group)
{
	put_count(fields, "sessions", group->sessions);
	put_count(fields, "messages", group->messages);
	put_roles(fields, group);
	put_apart(fields, group);
	put_count(fields, "words", group->words);
	put_count(fields, "tool_calls", group->tools);
	put_tokens(fields, group);
	result_micros(fields, "first", group->first);
	result_micros(fields, "last", group->last);
	put_longest(fields, &group->longest);
}

void stats_put(struct jcs_fields *fields, enum stats_by by,
	       const struct stats_group *group)
{
	if (by == BY_NOTHING)
		fields_null(fields, "by");
	else
		fields_str(fields, "by", stats_by_word(by));
	result_text(fields, "group", group->name);
	if (by != BY_KIND)
		put_said(fields, group);
	if (!group->records)
		return;
	put_count(fields, "entities", group->entities);
	put_count(fields, "records", group->records);
	if (by != BY_KIND)
		put_count(fields, "bytes", group->bytes);
}

void stats_put_months(struct jcs_fields *fields,
		      const struct stats_groups *months)
{
	struct buf counts = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_fields inner = JCS_FIELDS_INIT;
	size_t n = months->n;
	size_t i = 0;
	int64_t number;
	char name[STRETCH_NAME_MAX];

	/* The undated stand last. */
	if (n && !months->at[n - 1].name.at)
		n--;
	if (!n)
		return;
	number = months->at[n - 1].number - STATS_MONTHS_MAX + 1;
	while (months->at[i].number < number)
		i++;
	number = months->at[i].number;
	stretch_name(STRETCH_MONTH, number, name);
	for (; i < n; number++) {
		bool is_it = months->at[i].number == number;

		buf_putf(&counts, "%c%llu", counts.len ? ',' : '[', is_it ?
			 (unsigned long long)months->at[i].messages : 0);
		i += is_it;
	}
	buf_put_char(&counts, ']');
	fields_buf(&inner, "counts", &counts);
	fields_str(&inner, "first", name);
	fields_text(&inner, "last", months->at[n - 1].name);
	fields_object(fields, "months", &inner);
	buf_release(&counts);
	jcs_fields_release(&inner);
}
