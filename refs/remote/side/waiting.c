#include "refs/remote/side/waiting.h"

#include <stdio.h>
#include <string.h>

#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/remote/side/side.h"
#include "refs/vault/remotes.h"

/* Everything that is kept out, being listed. */
struct listing {
	struct vault *vault;
	struct quarantine_notes known;	/* the reasons */
	struct quarantine_notes *out;
};

static int add(struct listing *listing, const struct head *head,
	       const char *remote, const char *state, struct err *err)
{
	const struct quarantine_note *known =
		quarantine_notes_find(&listing->known, head);
	struct quarantine_note note = { .head = *head };

	if (known)
		note = *known;
	else
		snprintf(note.state, sizeof(note.state), "%s", state);
	snprintf(note.remote, sizeof(note.remote), "%s", remote);
	return quarantine_notes_add(listing->out, &note, err);
}

/* What the vault has itself stands in its own quarantine, or entered since. */
static int add_waiting(struct listing *listing, const struct head_list *list,
		       const char *remote, const char *state, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < list->n; i++)
		if (!store_has(listing->vault->store, &list->at[i].id))
			rc = add(listing, &list->at[i], remote, state, err);
	return rc;
}

static int add_side(void *arg, const char *remote, struct err *err)
{
	struct listing *listing = arg;
	struct buf path = PATH_BUF_INIT;
	struct side side = SIDE_INIT;
	int rc = side_path(listing->vault, remote, &path, err);

	/* One that is damaged the next fetch makes anew. */
	if (rc == 0 && file_exists(buf_text(&path)))
		(void)!side_peek(listing->vault, remote, &side, NULL);
	if (rc == 0)
		rc = add_waiting(listing, &side.held, remote, "held", err);
	if (rc == 0)
		rc = add_waiting(listing, &side.refused, remote, "refused",
				 err);
	side_release(&side);
	buf_release(&path);
	return rc;
}

int remote_quarantine(struct vault *vault, struct quarantine_notes *out,
		      struct err *err)
{
	struct listing listing = { vault, QUARANTINE_NOTES_INIT, out };
	struct head_list own = HEAD_LIST_INIT;
	size_t i;
	int rc = quarantine_notes_load(vault, &listing.known, err);

	if (rc == 0)
		rc = quarantine_list(vault, &own, err);
	for (i = 0; rc == 0 && i < own.n; i++)
		rc = add(&listing, &own.at[i], "", "refused", err);
	if (rc == 0)
		rc = remote_each(vault, add_side, &listing, err);
	head_list_release(&own);
	quarantine_notes_release(&listing.known);
	return rc;
}

int remote_quarantined(struct vault *vault, uint64_t *out_count,
		       struct err *err)
{
	struct quarantine_notes all = QUARANTINE_NOTES_INIT;
	int rc = remote_quarantine(vault, &all, err);

	if (rc == 0)
		*out_count = all.n;
	quarantine_notes_release(&all);
	return rc;
}

static void forget(struct head_list *list, const struct head *head)
{
	const struct head *found = head_find(list, head);

	if (found && git_oid_equal(&found->id, &head->id))
		list->at[found - list->at] = list->at[--list->n];
}

/* The remote is asked for all of it again, should it still show it. */
static int drop_side(struct vault *vault, const struct quarantine_note *note,
		     struct err *err)
{
	struct side side = SIDE_INIT;
	int rc = side_open(vault, note->remote, &side, err);

	forget(&side.held, &note->head);
	forget(&side.refused, &note->head);
	forget(&side.seen, &note->head);
	if (rc == 0)
		rc = copied_forget(&side, err);
	if (rc == 0)
		rc = side_save(&side, err);
	if (rc == 0)
		rc = side_clean(&side, err);
	side_release(&side);
	return rc;
}

int remote_quarantine_drop(struct vault *vault,
			   const struct quarantine_note *note,
			   struct err *err)
{
	int rc = note->remote[0] ? drop_side(vault, note, err) : 0;

	return rc < 0 ? rc : quarantine_drop(vault, &note->head, err);
}

static int clean_one(void *arg, const char *remote, struct err *err)
{
	struct vault *vault = arg;
	struct buf path = PATH_BUF_INIT;
	struct side side = SIDE_INIT;
	int rc = side_path(vault, remote, &path, err);

	if (rc == 0 && file_exists(buf_text(&path))) {
		rc = side_open(vault, remote, &side, err);
		if (rc == 0)
			rc = side_clean(&side, err);
		side_release(&side);
	}
	buf_release(&path);
	return rc;
}

int remote_quarantine_clean(struct vault *vault, struct err *err)
{
	return remote_each(vault, clean_one, vault, err);
}
