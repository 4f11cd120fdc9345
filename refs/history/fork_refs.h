/*
 * A second line of a device: a head that cannot stand under refs/heads,
 * because another version of that device and construct stands there, and
 * neither descends from the other (a restored backup, a copied key). Both are
 * heads of the construct until a version joins them.
 *
 *	refs/forks/<id>/<construct>/<device>
 */
#ifndef VV_REFS_HISTORY_FORK_REFS_H
#define VV_REFS_HISTORY_FORK_REFS_H

#include "refs/history/ref.h"

/* Append the second lines of a construct (NULL: of all) to out. */
MUST_USE int fork_refs_list(struct store *store, const char *construct,
			    struct head_list *out, struct err *err);

/* Keep a head as one; a success where it is kept already. */
MUST_USE int fork_refs_add(struct store *store, const struct head *head,
			   struct err *err);

/*
 * The same below another prefix ("refs/quarantine/"): refs named after what
 * they point to, so that any number of heads of one device may stand there.
 */
MUST_USE int id_refs_list(struct store *store, const char *prefix,
			  const char *construct, struct head_list *out,
			  struct err *err);
bool id_refs_has(struct store *store, const char *prefix,
		 const struct head *head);
MUST_USE int id_refs_add(struct store *store, const char *prefix,
			 const struct head *head, struct err *err);
MUST_USE int id_refs_remove(struct store *store, const char *prefix,
			    const struct head *head, struct err *err);

/* Forget it: a head under refs/heads descends from it now. */
MUST_USE int fork_refs_remove(struct store *store, const struct head *head,
			      struct err *err);

#endif
