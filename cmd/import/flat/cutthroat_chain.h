/*
 * The hashes of VVAULT's memory records: of the text, of the record (leaf),
 * and of the chain that they form.
 *
 * chain = sha256(text of the previous chain hash, then text of the leaf). For
 * the first link two rules are in use: the checker of the original takes 64
 * zeros for the previous one, while its writer has none and stores the leaf
 * itself, which its own checker then refuses.
 */
#ifndef VV_CMD_IMPORT_FLAT_CUTTHROAT_CHAIN_H
#define VV_CMD_IMPORT_FLAT_CUTTHROAT_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/id/hash.h"
#include "lib/json/jdoc.h"

#define CHAIN_HEX (SHA256_BYTES * 2)

enum chain_check {
	CHAIN_ABSENT,		/* the record does not say */
	CHAIN_WRONG,
	CHAIN_RIGHT,
	CHAIN_ZEROS,		/* right as first link, behind 64 zeros */
	CHAIN_LEAF		/* right as first link: the leaf itself */
};

/* What came so far. */
struct chain {
	char last[CHAIN_HEX + 1];	/* "": none */
};

struct chain_checks {
	enum chain_check text;
	enum chain_check leaf;
	enum chain_check link;
	bool is_gap;		/* the one before is not that of the source */
};

MUST_USE int chain_check(struct chain *chain, const struct jval *record,
			 struct chain_checks *out, struct err *err);

/*
 * Append the record as Python's json.dumps(record, separators=(",", ":"),
 * sort_keys=True) writes it, without the three members of the chain.
 */
MUST_USE int chain_leaf_text(const struct jval *record, struct buf *out,
			     struct err *err);

#endif
