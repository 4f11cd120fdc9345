/*
 * Which of what constructs say of having been merged is so. Anybody who writes
 * to one may say it, so it counts only where it can be true: where there is
 * another one of that id, which holds some of what this one does. Of those that
 * are said to be in each other, in a ring, the first by its id stays. Left out
 * is one only as long as all that it holds stands in the other one.
 */
#ifndef VV_REFS_INDEX_LISTS_MERGED_H
#define VV_REFS_INDEX_LISTS_MERGED_H

#include "refs/index/lists/constructs.h"

struct merge_link {
	char id[CONSTRUCT_NAME_MAX];
	char ref_name[CONSTRUCT_NAME_MAX];
	char into[CONSTRUCT_NAME_MAX];
	uint64_t records;	/* that the other one should have */
	uint64_t since;		/* of them, that it has not */
	size_t walk;		/* that came by */
	bool is_so;
};

struct merge_links {
	struct merge_link *at;
	size_t n;
	size_t cap;
};
void merge_links_release(struct merge_links *links);

/* What one says, if it does. */
MUST_USE int merge_links_add(struct merge_links *links,
			     const struct construct_summary *summary,
			     struct err *err);

/* All have been added: what is so? ids: of all constructs, as names.c has
 * them. What was compared is remembered (vvault/cache/merged). */
MUST_USE int merge_links_settle(struct merge_links *links, struct vault *vault,
				const struct table *ids, struct err *err);

/* Does the record say where its construct went, and nothing else? Then it is
 * said of that one alone. */
bool merged_is_all_said(const struct record *record);

#endif
