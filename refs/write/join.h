/*
 * Two lines of this device, as a restored backup or a copied key leaves them,
 * made one: a device's own ref moves forward only, so that without a version
 * on top of both no remote can have both.
 */
#ifndef VV_REFS_WRITE_JOIN_H
#define VV_REFS_WRITE_JOIN_H

#include "refs/vault/vault.h"

/* The constructs, each once, where a second line of this device stands that
 * its own head does not descend from. Reads refs alone where there is none. */
MUST_USE int second_lines(struct vault *vault, struct head_list *out,
			  struct err *err);

/*
 * Write a version of such a construct that brings no record, with all heads as
 * parents, as the next write would. construct: its own name. ERR_DENIED,
 * ERR_NO_KEY as writer_new().
 */
MUST_USE int second_line_join(struct vault *vault, const char *construct,
			      git_oid *out, struct err *err);

#endif
