/*
 * What became of each ref in one operation with a remote.
 */
#ifndef VV_REFS_REMOTE_TRANSPORT_REPORT_H
#define VV_REFS_REMOTE_TRANSPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "refs/history/ref.h"
#include "refs/verify/verify.h"

enum ref_result {
	REF_NEW, REF_FORWARD, REF_SAME,
	REF_HELD,		/* waits for a `vault` head */
	REF_REFUSED,		/* failed verification; kept apart */
	REF_BACK,		/* the remote went back, sideways or lost it */
	REF_REJECTED		/* push: the other side did not take it */
};

const char *ref_result_word(enum ref_result result);

/* One line per ref. */
struct ref_report {
	struct head head;		/* construct as in the ref; id unused */
	bool has_from, has_to;
	git_oid from;
	git_oid to;
	enum ref_result result;
	char reason[256];		/* for the results that are not good */
};

struct sync_report {
	struct ref_report *at;
	size_t n;
	size_t cap;
	struct problem_list problems;
	bool is_broken;			/* the vault itself lacks something */
	uint64_t bytes;			/* received or sent */
	uint64_t objects;
	uint64_t left_refs;		/* fetch: new ones over the limit */
};

void sync_report_release(struct sync_report *report);

/* Append a line to a report; returns it through out (may be NULL). */
MUST_USE int report_add(struct sync_report *report, const struct head *head,
			enum ref_result result, struct ref_report **out,
			struct err *err);
void report_reason(struct ref_report *report, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

#endif
