#include "cmd/action/know/groups.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"

/* What has no name, and no number. */
#define NUMBER_NONE INT64_MIN

static const char *const words[] = {
	"year", "month", "week", "day", "weekday", "hour", "model",
	"provider", "project", "construct", "role", "kind", NULL
};

int stats_by_find(const char *word, enum stats_by *out, struct err *err)
{
	int i;

	*out = BY_NOTHING;
	for (i = 0; word && words[i]; i++) {
		if (!strcmp(word, words[i]))
			*out = (enum stats_by)i;
	}
	return word && *out == BY_NOTHING ?
	       err_set(err, ERR_INVALID, "--by: '%s' is none of year, month, "
		       "week, day, weekday, hour, model, provider, project, "
		       "construct, role and kind", word) : 0;
}

const char *stats_by_word(enum stats_by by)
{
	return words[by];
}

bool stats_by_is_time(enum stats_by by)
{
	return (int)by < STRETCHES;
}

void stats_groups_init(struct stats_groups *groups, enum stats_by by)
{
	*groups = (struct stats_groups){
		.by = by, .known = TABLE_INIT(8, TABLE_NO_LIMIT),
		.texts = ARENA_INIT,
		.all = { .first = INT64_MIN, .last = INT64_MIN },
	};
}

void stats_groups_release(struct stats_groups *groups)
{
	free(groups->at);
	free(groups->touched.at);
	table_release(&groups->known);
	arena_release(&groups->texts);
}

static int find_group(struct stats_groups *groups, uint64_t key,
		      struct span name, int64_t number, size_t *out,
		      struct err *err)
{
	uint64_t at = groups->n;
	struct span kept = { NULL, 0 };
	int rc = 0;

	if (!table_get(&groups->known, &key, &at)) {
		rc = array_room(groups, err);
		if (rc == 0 && name.at)
			rc = arena_keep(&groups->texts, name, &kept, err);
		if (rc == 0)
			rc = table_put(&groups->known, &key, at, err);
		if (rc < 0)
			return rc;
		groups->at[groups->n++] = (struct stats_group){
			.name = kept, .number = number,
			.first = INT64_MIN, .last = INT64_MIN,
		};
	}
	*out = (size_t)at;
	return 0;
}

int stats_group_named(struct stats_groups *groups, struct span name,
		      size_t *out, struct err *err)
{
	if (!name.len)
		name.at = NULL;
	return find_group(groups, name.at ? xxh64_of(name.at, name.len) : 0,
			  name, NUMBER_NONE, out, err);
}

int stats_group_numbered(struct stats_groups *groups, int64_t number,
			 size_t *out, struct err *err)
{
	char name[STRETCH_NAME_MAX];

	stretch_name((enum stretch)groups->by, number, name);
	return find_group(groups, (uint64_t)number + 1, span_str(name), number,
			  out, err);
}

/* --- counting --- */

void stats_session_begin(struct stats_groups *groups)
{
	groups->session++;
	groups->touched.n = 0;
}

static void join(struct stats_groups *groups, struct stats_group *group)
{
	group->session = groups->session;
	group->in_session = 0;
	group->sessions++;
}

int stats_session_in(struct stats_groups *groups, size_t at, struct err *err)
{
	struct stats_group *group = &groups->at[at];
	int rc;

	if (groups->all.session != groups->session)
		join(groups, &groups->all);
	if (group->session == groups->session)
		return 0;
	rc = array_room(&groups->touched, err);
	if (rc < 0)
		return rc;
	groups->touched.at[groups->touched.n++] = at;
	join(groups, group);
	return 0;
}

static void count(struct stats_group *group, const struct stats_said *what)
{
	const struct lists_said *said = what->said;

	if (said->seen != LISTS_VISIBLE)
		group->apart[said->seen]++;
	if (said->seen == LISTS_VISIBLE || what->is_all) {
		group->messages++;
		group->in_session++;
		group->users += what->is_users;
		group->assistants += what->is_assistants;
		group->words += said->words;
	}
	if (said->micros != INT64_MIN) {
		if (group->first == INT64_MIN || said->micros < group->first)
			group->first = said->micros;
		if (said->micros > group->last)
			group->last = said->micros;
	}
	if (!what->more)
		return;
	group->tools += what->more->tools;
	group->told += !!(said->flags & LISTS_HAS_TOKENS);
	group->input += what->more->input;
	group->cached += what->more->cached;
	group->output += what->more->output;
}

void stats_count(struct stats_groups *groups, size_t group,
		 const struct stats_said *said)
{
	count(&groups->at[group], said);
	count(&groups->all, said);
}

static int measure(struct stats_groups *groups, struct stats_group *group,
		   struct span construct, const struct lists_session *session,
		   struct err *err)
{
	struct stats_longest *longest = &group->longest;
	struct span title = session->title.len ? session->title :
			    session->first;
	int rc;

	if (group->in_session <= longest->messages)
		return 0;
	longest->messages = group->in_session;
	rc = arena_keep(&groups->texts, construct, &longest->construct, err);
	if (rc == 0)
		rc = arena_keep(&groups->texts, session->entity,
				&longest->session, err);
	return rc < 0 ? rc : arena_keep(&groups->texts, title, &longest->title,
					err);
}

int stats_session_end(struct stats_groups *groups, struct span construct,
		      const struct lists_session *session, struct err *err)
{
	size_t i;
	int rc = 0;

	if (groups->all.session == groups->session)
		rc = measure(groups, &groups->all, construct, session, err);
	for (i = 0; rc == 0 && i < groups->touched.n; i++)
		rc = measure(groups, &groups->at[groups->touched.at[i]],
			     construct, session, err);
	return rc;
}

/* --- order --- */

static int by_number(const void *a, const void *b)
{
	const struct stats_group *x = a;
	const struct stats_group *y = b;

	/* What has none stands last. */
	if (!x->name.at != !y->name.at)
		return x->name.at ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

static int by_size(const void *a, const void *b)
{
	const struct stats_group *x = a;
	const struct stats_group *y = b;

	if (x->messages != y->messages)
		return x->messages > y->messages ? -1 : 1;
	if (x->entities != y->entities)
		return x->entities > y->entities ? -1 : 1;
	return span_compare(x->name, y->name);
}

void stats_groups_sort(struct stats_groups *groups)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < groups->n; i++) {
		if (groups->at[i].sessions || groups->at[i].records)
			groups->at[kept++] = groups->at[i];
	}
	groups->n = kept;
	if (groups->n)
		qsort(groups->at, groups->n, sizeof(*groups->at),
		      stats_by_is_time(groups->by) ? by_number : by_size);
}
