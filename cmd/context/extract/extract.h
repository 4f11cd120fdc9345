/*
 * What somebody who takes a session over has to know, taken out of it: nothing
 * is made up, each item says where it stands.
 */
#ifndef VV_CMD_CONTEXT_EXTRACT_EXTRACT_H
#define VV_CMD_CONTEXT_EXTRACT_EXTRACT_H

#include "cmd/context/brief.h"
#include "cmd/resume/passage.h"

struct extracting {
	const struct passage *passage;
	/* The ref of each turn; NULL: none has one. */
	const char (*refs)[BRIEF_REF + 1];
	struct brief *brief;
	struct span todos;	/* as the session itself has them: a list, or
				   absent */
};

/* What the person asked first, whole. */
MUST_USE int extract_request(const struct extracting *extracting,
			     struct err *err);
/* What the person answered where the agent asked, and plans that they have
 * accepted or refused. */
MUST_USE int extract_decisions(const struct extracting *extracting,
			       struct err *err);
/* What the agent wrote down of all before, when it made room; the last. */
MUST_USE int extract_summaries(const struct extracting *extracting,
			       struct err *err);
/* The list of things to do, as it was set last. */
MUST_USE int extract_todos(const struct extracting *extracting,
			   struct err *err);
/* Files that tools read, wrote and changed, the last one first. */
MUST_USE int extract_files(const struct extracting *extracting,
			   struct err *err);
/* Commands that failed when they were run last, the last one first. */
MUST_USE int extract_failed(const struct extracting *extracting,
			    struct err *err);
/* What the person said between the request and the last turns. */
MUST_USE int extract_prompts(const struct extracting *extracting,
			     struct err *err);
/* The last turns, whole, with a line for each call. */
MUST_USE int extract_last(const struct extracting *extracting,
			  struct err *err);

#endif
