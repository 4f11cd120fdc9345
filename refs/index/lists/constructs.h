/*
 * What each construct is and how much it holds, remembered by its heads.
 */
#ifndef VV_REFS_INDEX_LISTS_CONSTRUCTS_H
#define VV_REFS_INDEX_LISTS_CONSTRUCTS_H

#include <stdbool.h>
#include <stdint.h>

#include "refs/index/lists/names.h"
#include "refs/view/view.h"

struct construct_summary {
	char construct[CONSTRUCT_NAME_MAX];	/* own name, "" if unreadable */
	char ref_name[CONSTRUCT_NAME_MAX];
	const git_oid *heads;	/* maximal */
	size_t heads_n;
	unsigned char root[SHA256_BYTES];	/* of their union */
	uint64_t versions;	/* reachable from them */
	uint64_t devices;	/* that have signed any of them */
	bool has_records;	/* false where this device cannot read */
	uint64_t records;	/* distinct ones */
	bool has_talks;		/* sessions, or messages */
	uint64_t conflicts;	/* fields in dispute */
	int64_t last;		/* of them; INT64_MIN: unknown */
	uint64_t sessions, memories;
	uint64_t messages;	/* as sessions have them: without empty roots */
	int64_t written;	/* when the newest version was; seconds */
	struct construct_says says;
	bool is_counted;	/* not by constructs_each_said() */
};

struct construct_visitor {
	int (*construct)(void *arg, const struct construct_summary *summary,
			 struct err *err);
	/* One that is damaged; the others go on unless it returns an error. */
	int (*hurt)(void *arg, const char *name, struct err *reason);
	void *arg;
};

/*
 * Every construct but `vault`, sorted by ref name. What follows from the heads
 * is made once, from lists, and then known from a cache (vvault/cache/counts),
 * whose entries bear this device's code, and names in no clear text; it may be
 * deleted at any time. For showing: nothing that is signed is taken from here.
 */
MUST_USE int constructs_each(struct vault *vault,
			     const struct construct_visitor *visitor,
			     struct err *err);

/* The same where its names and what it says are all that is asked for, which
 * is found without a fold: nothing else of the summary means anything. */
MUST_USE int constructs_each_said(struct vault *vault,
				  const struct construct_visitor *visitor,
				  struct err *err);

#endif
