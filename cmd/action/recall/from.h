/*
 * Whose word a hit is, by the signature of the version that brought it.
 */
#ifndef VV_CMD_ACTION_RECALL_FROM_H
#define VV_CMD_ACTION_RECALL_FROM_H

#include "lib/json/jcs_write.h"
#include "refs/index/recall.h"
#include "refs/view/origin.h"

/* What was found out about each view of a recall, in their order. */
struct from_list {
	struct origins **at;
	size_t n;
};

void from_list_release(struct from_list *list);

/*
 * "from": {name, role, signer, source, via} of a row whose text was read; name,
 * role and signer are null where it stays unknown. role: what the signer may do
 * in the vault now, or "removed". Of a memory it is from_put_least(). via:
 * "import", "mcp:<client>", else "cli"; source: the provider that it was
 * imported from, or what a memory says of its source.
 */
MUST_USE int from_put(struct from_list *list, struct recall *recall,
		      const struct row *row, const struct spoken *spoken,
		      struct jcs_fields *fields, struct err *err);

/* The same of a version itself; its source is null. */
MUST_USE int from_put_version(struct vault *vault,
			      const struct version *version,
			      struct jcs_fields *fields, struct err *err);

/* The same of a record of one view. */
struct from_view {
	struct origins *origins;	/* of the view */
	struct vault *vault;
	struct span source;
};

/* Of all records that an entity was made of, the one whose word counts least:
 * an agent's before what was imported, that before a person's; then by what
 * the signer may do. */
MUST_USE int from_put_least(const struct from_view *from,
			    const struct view_entity *entity,
			    struct jcs_fields *fields, struct err *err);

MUST_USE int from_put_record(const struct from_view *from, struct span entity,
			     const unsigned char id[RECORD_ID_BYTES],
			     struct jcs_fields *fields, struct err *err);

#endif
