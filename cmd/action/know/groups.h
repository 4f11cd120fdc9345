/*
 * What is counted of messages, in groups: of one month, of one model ...
 */
#ifndef VV_CMD_ACTION_KNOW_GROUPS_H
#define VV_CMD_ACTION_KNOW_GROUPS_H

#include "lib/base/arena.h"
#include "lib/base/table.h"
#include "lib/time/stretch.h"
#include "refs/index/lists/lists.h"

/* What groups are made by; those of a calendar are enum stretch. */
enum stats_by {
	BY_MODEL = STRETCHES, BY_PROVIDER, BY_PROJECT, BY_CONSTRUCT, BY_ROLE,
	BY_KIND,
	BY_NOTHING
};

/* ERR_INVALID names what there is. NULL: by nothing. */
MUST_USE int stats_by_find(const char *word, enum stats_by *out,
			   struct err *err);
/* "month"; NULL of nothing. */
const char *stats_by_word(enum stats_by by);
bool stats_by_is_time(enum stats_by by);

/* The session with most messages in a group; no session: none has any. */
struct stats_longest {
	uint64_t messages;
	struct span construct, session, title;
};

struct stats_group {
	struct span name;	/* at NULL: of what has none */
	int64_t number;		/* of a calendar */
	uint64_t sessions;
	uint64_t messages;	/* that are seen, or all that are asked for; */
	uint64_t users, assistants;	/* of these, by whom */
	uint64_t apart[LISTS_HIDDEN + 1];	/* what is not seen, by why */
	uint64_t words, tools;
	uint64_t told;		/* messages whose tokens are known ... */
	uint64_t input, cached, output;	/* ... and these */
	int64_t first, last;	/* INT64_MIN: unknown */
	uint64_t entities, records, bytes;	/* of constructs and kinds */
	struct stats_longest longest;
	uint64_t in_session;	/* messages of the session that is counted */
	uint64_t session;	/* which one that is */
};

struct stats_groups {
	enum stats_by by;
	struct stats_group all;
	struct stats_group *at;
	size_t n;
	size_t cap;
	struct table known;
	struct {
		size_t *at;
		size_t n;
		size_t cap;
	} touched;		/* by the session that is counted */
	uint64_t session;
	struct arena texts;
};

void stats_groups_init(struct stats_groups *groups, enum stats_by by);
void stats_groups_release(struct stats_groups *groups);

/* The group of that name (absent: of what has none), or number. */
MUST_USE int stats_group_named(struct stats_groups *groups, struct span name,
			       size_t *out, struct err *err);
MUST_USE int stats_group_numbered(struct stats_groups *groups, int64_t number,
				  size_t *out, struct err *err);

/* A session begins, has something in a group, and ends; is_all: messages that
 * are not seen count as those that are. */
void stats_session_begin(struct stats_groups *groups);
MUST_USE int stats_session_in(struct stats_groups *groups, size_t group,
			      struct err *err);
struct stats_said {
	const struct lists_said *said;
	const struct lists_more *more;	/* NULL: none */
	bool is_users, is_assistants, is_all;
};
/* Count a message in the group and in all; the session is in it. */
void stats_count(struct stats_groups *groups, size_t group,
		 const struct stats_said *said);
MUST_USE int stats_session_end(struct stats_groups *groups,
			       struct span construct,
			       const struct lists_session *session,
			       struct err *err);

/* By time, else the largest first; what nothing is in is gone. The groups'
 * numbers hold no longer. */
void stats_groups_sort(struct stats_groups *groups);

#endif
