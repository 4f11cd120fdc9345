#include "refs/remote/remote_internal.h"

#include <stdio.h>
#include <string.h>

#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/history/fork_refs.h"
#include "refs/remote/exchange/exchange.h"
#include "refs/remote/intake/heal.h"
#include "refs/remote/intake/intake.h"
#include "refs/remote/repair.h"
#include "refs/remote/side/side.h"
#include "refs/remote/transport/trip.h"
#include "refs/trust/marks.h"
#include "refs/trust/open.h"
#include "refs/trust/whole.h"
#include "refs/upkeep/mend.h"
#include "refs/upkeep/restore.h"

struct fetch {
	struct vault *vault;
	struct side side;
	struct marks marks;
	struct head_list shown;		/* by the remote */
	struct trip trip;
	const struct remote_fetch_options *options;
	struct sync_report *report;
	bool moved_vault;
};

/* Keep in a list only what the vault has itself. */
static void keep_known(struct vault *vault, struct head_list *list)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (store_has(vault->store, &list->at[i].id))
			list->at[kept++] = list->at[i];
	}
	list->n = kept;
}

/* Of those refused, keep what is refused by its id alone. */
static void drop_whole(struct side *side)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < side->refused.n; i++) {
		if (!store_has(side->store, &side->refused.at[i].id))
			side->refused.at[kept++] = side->refused.at[i];
	}
	side->refused.n = kept;
}

/*
 * After the intake: what is in the vault need not lie here too. Where
 * something was missing, all goes, so that the next fetch asks for it again
 * and not only for what builds upon it.
 */
static int side_settle(struct side *side, bool lacks_objects, struct err *err)
{
	int rc = 0;

	if (lacks_objects) {
		keep_known(side->vault, &side->seen);
		side->held.n = 0;
		drop_whole(side);
		rc = copied_forget(side, err);
	}
	if (rc == 0)
		rc = side_save(side, err);
	return rc < 0 ? rc : side_clean(side, err);
}

static int travel(struct fetch *fetch, const char *url, struct err *err)
{
	struct trip *trip = &fetch->trip;
	struct side *side = &fetch->side;
	int saved;
	int rc = trip_begin(trip, url, fetch->options->limits,
			    fetch->options->calls, err);

	trip->report = fetch->report;
	if (rc == 0 && trip->url.kind == REMOTE_PATH)
		rc = local_fetch(trip, side, &fetch->shown, err);
	else if (rc == 0)
		rc = network_fetch(trip, side, &fetch->shown, err);
	fetch->report->bytes = trip->counts.bytes;
	fetch->report->objects = trip->counts.objects;
	trip_end(trip);
	/* A talk has left only its own refs there. */
	saved = side_save(side, rc < 0 ? NULL : err);
	return rc < 0 ? rc : saved;
}

static int seen_update(struct fetch *fetch, struct err *err)
{
	struct side *side = &fetch->side;
	size_t kept = 0;
	size_t i;
	int rc = side_reopen(side, err);

	side->seen.n = 0;
	side->held.n = 0;
	drop_whole(side);
	for (i = 0; i < side->refused.n; i++) {
		const struct head *refused = &side->refused.at[i];
		const struct head *shown = head_list_find(&fetch->shown,
							  refused);

		if (shown && git_oid_equal(&shown->id, &refused->id))
			side->refused.at[kept++] = *refused;
	}
	side->refused.n = kept;
	for (i = 0; rc == 0 && i < fetch->shown.n; i++) {
		if (store_has(side->store, &fetch->shown.at[i].id))
			rc = head_list_add(&side->seen, &fetch->shown.at[i],
					   err);
	}
	return rc;
}

static int take_in(struct fetch *fetch, struct err *err)
{
	struct intake intake = {
		.vault = fetch->vault, .side = &fetch->side,
		.heads = &fetch->shown, .marks = &fetch->marks,
		.report = fetch->report, .calls = fetch->options->calls,
		.expected_vault_id = fetch->options->expected_vault_id,
		.is_all = true,
	};
	int rc = seen_update(fetch, err);

	if (rc == 0)
		rc = intake_run(&intake, err);
	fetch->moved_vault = intake.moved_vault;
	if (rc == 0)
		rc = marks_save(fetch->vault, fetch->side.name, &fetch->marks,
				err);
	if (rc == 0)
		rc = side_settle(&fetch->side, intake.lacks_objects, err);
	return rc;
}

static int tell_healed(struct fetch *fetch, const struct head_list *restored,
		       uint64_t brought, struct err *err)
{
	struct problem_list *out = &fetch->report->problems;
	char message[128];
	int rc = refs_restored_tell(restored, out, err);

	snprintf(message, sizeof(message), "%llu objects that were missing "
		 "are here again", (unsigned long long)brought);
	if (rc == 0 && brought)
		rc = problem_list_add(out, "healed", fetch->side.name, message,
				      err);
	return rc;
}

/*
 * What this vault has lost, before anything is built on it: refs are found
 * among its own versions, objects at the remote.
 */
static int heal(struct fetch *fetch, const char *url, struct err *err)
{
	struct wholeness whole = WHOLENESS_INIT;
	struct head_list restored = HEAD_LIST_INIT;
	struct head_list heads = HEAD_LIST_INIT;
	const struct healing healing = {
		&fetch->side, url, &heads, &whole.holes,
		fetch->options->limits, fetch->options->calls, fetch->report
	};
	struct vault *vault = fetch->vault;
	uint64_t brought = 0;
	int rc = whole_check(vault, &whole, err);

	if (rc == 0)
		rc = refs_restore(vault, &whole, &restored, err);
	if (rc == 0 && whole.holes.count &&
	    (fetch->options->heals_again ||
	     !heal_is_vain(&fetch->side, &whole.holes))) {
		rc = heads_list(vault->store, HEADS_PREFIX, NULL, &heads, NULL,
				err);
		if (rc == 0)
			rc = fork_refs_list(vault->store, NULL, &heads, err);
		/* What is damaged stands in the way of what comes. */
		if (rc == 0 && !fetch->options->heals_again)
			rc = vault_mend_objects(vault,
						&fetch->report->problems, err);
		if (rc == 0)
			rc = heal_objects(&healing, &brought, err);
		if (rc == 0)
			rc = store_refresh(vault->store, err);
		if (rc == 0)
			rc = side_reopen(&fetch->side, err);
	}
	if (rc == 0)
		rc = tell_healed(fetch, &restored, brought, err);
	head_list_release(&heads);
	head_list_release(&restored);
	wholeness_release(&whole);
	return rc;
}

/* Whatever came, or not: what is whole is remembered, what is not is told. */
static int conclude(struct fetch *fetch, struct err *err)
{
	struct wholeness whole = WHOLENESS_INIT;
	int rc = whole_check(fetch->vault, &whole, err);

	if (rc == 0 && !whole_is(&whole)) {
		fetch->report->is_broken = true;
		rc = whole_tell(&whole, &fetch->report->problems, err);
	}
	if (rc == 0 && whole.holes.count)
		heal_note_vain(&fetch->side, &whole.holes);
	wholeness_release(&whole);
	return rc;
}

static int fetch_one(struct fetch *fetch, const char *name, struct err *err)
{
	struct buf url = BUF_INIT(PATH_TEXT_MAX);
	int rc = remote_url(fetch->vault, name, &url, err);

	if (rc == 0)
		rc = side_open(fetch->vault, name, &fetch->side, err);
	if (rc == 0)
		rc = marks_load(fetch->vault, name, &fetch->marks, err);
	if (rc == 0)
		rc = marks_mend(fetch->vault, name, &fetch->marks,
				&fetch->report->problems, err);
	if (rc == 0)
		rc = heal(fetch, buf_text(&url), err);
	if (rc == 0)
		rc = travel(fetch, buf_text(&url), err);
	if (rc == 0)
		rc = take_in(fetch, err);
	if (rc == 0)
		rc = conclude(fetch, err);
	buf_release(&url);
	return rc;
}

/* Heads of one other remote that may have been waiting for what came. */
static int recheck_held(struct vault *vault, const char *name,
			const struct remote_fetch_options *options,
			struct sync_report *report, struct err *err)
{
	struct side side = SIDE_INIT;
	struct marks marks = MARKS_INIT;
	struct head_list held = HEAD_LIST_INIT;
	struct intake intake = {
		.vault = vault, .side = &side, .heads = &held,
		.marks = &marks, .report = report, .calls = options->calls,
		.expected_vault_id = options->expected_vault_id,
	};
	int rc = side_open(vault, name, &side, err);

	if (rc < 0 || !side.held.n)
		goto out;
	held = side.held;
	side.held = (struct head_list)HEAD_LIST_INIT;
	rc = marks_load(vault, name, &marks, err);
	if (rc == 0)
		rc = marks_mend(vault, name, &marks, &report->problems, err);
	if (rc == 0)
		rc = intake_run(&intake, err);
	if (rc == 0)
		rc = marks_save(vault, name, &marks, err);
	if (rc == 0)
		rc = side_settle(&side, false, err);
out:
	head_list_release(&held);
	marks_release(&marks);
	side_release(&side);
	return rc;
}

struct recheck {
	struct fetch *fetch;
	const char *name;		/* of the remote that was asked */
};

static int recheck_other(void *arg, const char *name, struct err *err)
{
	const struct recheck *recheck = arg;
	const struct fetch *fetch = recheck->fetch;
	struct buf path = PATH_BUF_INIT;
	int rc = 0;

	if (strcmp(name, recheck->name))
		rc = side_path(fetch->vault, name, &path, err);
	if (rc == 0 && path.len && file_exists(buf_text(&path)))
		rc = recheck_held(fetch->vault, name, fetch->options,
				  fetch->report, err);
	buf_release(&path);
	return rc;
}

int fetch_with(struct vault *vault, const char *name,
	       const struct remote_fetch_options *options,
	       struct sync_report *out, struct err *err)
{
	static const struct side no_side = SIDE_INIT;
	struct fetch fetch;
	struct recheck recheck = { &fetch, name };
	int rc;

	memset(&fetch, 0, sizeof(fetch));
	fetch.vault = vault;
	fetch.side = no_side;
	fetch.options = options;
	fetch.report = out;
	rc = fetch_one(&fetch, name, err);
	/* Given up before others are taken: two fetches never wait for each
	 * other's. */
	side_release(&fetch.side);
	marks_release(&fetch.marks);
	head_list_release(&fetch.shown);
	if (fetch.moved_vault && rc == 0)
		rc = remote_each(vault, recheck_other, &recheck, err);
	if (fetch.moved_vault && rc == 0)
		rc = vault_reload(vault, err);
	return rc;
}

int remote_fetch(struct vault *vault, const char *name,
		 const struct remote_limits *limits,
		 const struct remote_calls *calls, struct sync_report *out,
		 struct err *err)
{
	struct remote_fetch_options options = { limits, calls, NULL, false };
	char pinned[CID_TEXT_MAX];
	int rc = vault_pinned_id(vault->path, pinned, NULL);

	/* What it was pinned as before the file was lost: its heads say. */
	if (rc == ERR_NOT_FOUND && vault->vault_heads_n &&
	    vault_lay_local(vault->path, vault->state.vault_id, err) < 0)
		return ERR_IO;
	rc = vault_pinned_id(vault->path, pinned, err);
	options.expected_vault_id = pinned;
	return rc < 0 ? rc : fetch_with(vault, name, &options, out, err);
}
