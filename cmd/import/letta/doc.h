/*
 * An agent file that was read: unwrapped, and with the values of its secrets
 * emptied before anything else looks at it.
 */
#ifndef VV_CMD_IMPORT_LETTA_DOC_H
#define VV_CMD_IMPORT_LETTA_DOC_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/json/jdoc.h"

#define LETTA_MAX_BYTES ((size_t)256 << 20)

struct letta {
	struct jdoc *doc;		/* of what the strings around it hold */
	const struct jval *root;
	struct buf text;		/* what doc was parsed from, if not the
					   given bytes */
	unsigned wraps;			/* strings around it */
	bool is_bare;			/* old: the root is the agent */
	size_t doubles;			/* members that stood there before */
	uint64_t redactions;		/* values emptied */
	bool has_kept;			/* kept differs from the given bytes */
	struct buf kept;		/* the file without its secrets */
};

#define LETTA_INIT { NULL, NULL, BUF_INIT(BUF_NO_LIMIT), 0, false, 0, 0, false, \
		     BUF_INIT(BUF_NO_LIMIT) }

/*
 * Parse; bytes must outlive it. ERR_INVALID or ERR_LIMIT with the byte (of
 * the inner text, where it is wrapped); ERR_UNSUPPORTED for JSON that is no
 * agent file; ERR_NOMEM. Release in any case.
 */
MUST_USE int letta_parse(struct span bytes, struct letta *out,
			 struct err *err);
void letta_release(struct letta *letta);

/* The first agent; the others follow it (->next). NULL: none. */
const struct jval *letta_first_agent(const struct letta *letta);

/* Do the first bytes of a file look like one? */
bool letta_sniff(struct span head);

/* Places of values that are to be emptied, in the parsed text. */
struct letta_secrets {
	struct span *at;
	size_t n;
	size_t cap;
};

/* Find them all, in the order of the text. Release with free(at). */
MUST_USE int letta_find_secrets(const struct jval *root,
				struct letta_secrets *out, struct err *err);

#endif
