/*
 * Sets of record ids, for comparing what segments held before and after. Only
 * for verification.
 */
#ifndef VV_REFS_VERIFY_IDS_H
#define VV_REFS_VERIFY_IDS_H

#include <stdbool.h>

#include "objects/record/record.h"

struct id_list {
	unsigned char (*at)[RECORD_ID_BYTES];
	size_t n;
	size_t cap;
};

#define ID_LIST_INIT { NULL, 0, 0 }

void id_list_release(struct id_list *list);
MUST_USE int id_list_add(struct id_list *list,
			 const unsigned char id[RECORD_ID_BYTES],
			 struct err *err);
/* Sort in the order of the texts and drop doubles. */
void id_list_sort(struct id_list *list);
/* Sorted. */
bool id_list_has(const struct id_list *list,
		 const unsigned char id[RECORD_ID_BYTES]);
/* Both sorted. */
bool id_list_equals(const struct id_list *a, const struct id_list *b);
/* What a has and b lacks; both sorted, as is out. */
MUST_USE int id_list_minus(const struct id_list *a, const struct id_list *b,
			   struct id_list *out, struct err *err);
/* Take out of list what gone has; both sorted. */
MUST_USE int id_list_remove(struct id_list *list, const struct id_list *gone,
			    struct err *err);
/* Add what a record that forgets lists, by its data: what went, or all that a
 * fold ignores from then on. ERR_UNTRUSTED. */
MUST_USE int id_list_add_listed(struct id_list *list, struct span data,
				struct err *err);
MUST_USE int id_list_add_ignored(struct id_list *list, struct span data,
				 struct err *err);
/* sha256 over each id's CID text and a newline; sorted before. */
void id_list_digest(const struct id_list *list,
		    unsigned char out[32]);

#endif
