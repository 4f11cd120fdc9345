/*
 * Parts of what status tells.
 */
#ifndef VV_CMD_ACTION_KNOW_STATUS_PARTS_H
#define VV_CMD_ACTION_KNOW_STATUS_PARTS_H

#include "cmd/action/actions.h"

/* A construct, as far as it is told of. */
struct status_construct {
	char ref_name[CONSTRUCT_NAME_MAX];
	char name[CONSTRUCT_NAME_MAX];	/* "": sealed for this device */
	uint64_t sessions, messages, memories;
	uint64_t versions;
	int64_t written;		/* seconds */
	uint64_t since_merge;		/* records, if it was merged */
};

/* Sorted by ref name; what cannot be read is not among them. */
struct status_constructs {
	struct status_construct *at;
	size_t n;
	size_t cap;
	uint64_t records;
	uint64_t conflicts;
};

#define STATUS_CONSTRUCTS_INIT { NULL, 0, 0, 0, 0 }
MUST_USE int status_constructs_read(struct vault *vault,
				    struct status_constructs *out,
				    struct err *err);
void status_constructs_release(struct status_constructs *list);

/* "device": who this is, and whether its key can be lost. */
MUST_USE int status_put_device(const struct action_call *call,
			       struct jcs_fields *fields, struct err *err);

/* "since_merge": what came to constructs after they were merged into others;
 * nothing where nothing did. */
void status_put_merged(const struct status_constructs *list,
		       struct jcs_fields *fields);

/* "same_name": the ids of those that are called as others are, each under what
 * it is shown as; nothing where none is. */
MUST_USE int status_put_same_name(struct vault *vault,
				  struct jcs_fields *fields, struct err *err);

/* "newest": the constructs that were written to last. */
MUST_USE int status_put_newest(struct vault *vault,
			       const struct status_constructs *list,
			       struct jcs_fields *fields, struct err *err);

/* "ahead", "behind" and "remotes": what was not pushed or pulled, by name. */
MUST_USE int status_put_remotes(struct action_call *call,
				const struct head_list *heads,
				const struct status_constructs *list,
				struct jcs_fields *fields, struct err *err);

#endif
