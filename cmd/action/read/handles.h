/*
 * Handles: "@1", "@2" ... for what the last list showed, in its order. An
 * action that lists says of each thing, before it emits it, what it is; the
 * list is kept where the caller has one (action_settings.handles), and any
 * action that is to be told a thing takes its handle (ref.h).
 */
#ifndef VV_CMD_ACTION_READ_HANDLES_H
#define VV_CMD_ACTION_READ_HANDLES_H

#include "cmd/action/action.h"
#include "lib/base/buf.h"
#include "refs/vault/vault.h"
#include "refs/view/view.h"

#define RECORD_MARK "="
#define HANDLES_MAX 10000	/* what is listed beyond has none */

/*
 * The file has a line for each, its fields between tabs: ref name, ids of
 * versions with ',' between them, the id of a record (behind '=' where it is
 * meant itself), the entity. None of them can hold a tab or a line end.
 */
struct handles {
	size_t n;
	struct buf text;	/* those lines */
	struct buf seen;	/* the view of the last one, and where it is */
	struct buf where;
};

#define HANDLES_INIT \
	{ 0, BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
	  BUF_INIT(BUF_NO_LIMIT) }
void handles_release(struct handles *handles);

/*
 * The object or item that the action emits next is an entity as it stands in
 * a view (record: the one that is meant, or NULL), a version, or a construct;
 * ref_name as in refs. In a view that is a construct's newest state the handle
 * goes with it; else it keeps to those versions. What fails costs the handles
 * alone.
 */
void handle_entity(struct action_call *call, const struct view *view,
		   struct span entity, const unsigned char *record);
/* That very record is meant, be it what stands now or not. */
void handle_record(struct action_call *call, const struct view *view,
		   struct span entity, const unsigned char *record);
void handle_version(struct action_call *call, const char *ref_name,
		    const git_oid *id);
void handle_construct(struct action_call *call, const char *ref_name);

/* Make those of the call the vault's last list, sealed for this device in
 * vvault/last: an empty one where an action that lists found nothing. Other
 * calls leave the list before. */
void handles_keep(const struct action_call *call);

/* What a handle stands for: a construct at versions (none: its heads), and an
 * entity in it or none. */
struct handle {
	char ref_name[CONSTRUCT_NAME_MAX];
	git_oid *versions;
	size_t versions_n;
	bool has_record;
	bool is_record;			/* it is meant, not its entity */
	unsigned char record[RECORD_ID_BYTES];
	struct buf entity;	/* empty: the state itself */
};

#define HANDLE_INIT \
	{ "", NULL, 0, false, false, { 0 }, BUF_INIT(ENTITY_MAX_BYTES) }
void handle_release(struct handle *handle);

/* Is it written as one: '@', then a number? */
bool is_handle(const char *word);
/* ERR_NOT_FOUND: the last list has no such number, or there is none. */
MUST_USE int handle_find(struct vault *vault, const char *word,
			 struct handle *out, struct err *err);

#endif
