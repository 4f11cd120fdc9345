#include "refs/upkeep/gc.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "lib/os/slot_file.h"
#include "lib/time/timestamp.h"
#include "objects/tree/recut.h"
#include "refs/history/repo.h"
#include "refs/trust/whole.h"
#include "refs/view/forgotten.h"
#include "refs/view/view.h"
#include "refs/write/publish.h"
#include "refs/write/write.h"

#define BRIEF_MICROS (2 * TIMESTAMP_SECOND)	/* of cutting anew */
#define CUTS_FILE "cache/cuts"
#define CONFIG_KEY "vvault.autogc"

struct gc {
	struct vault *vault;
	const struct gc_options *options;
	struct gc_report report;
	struct slot_file *cuts;		/* the trees that were cut, or NULL */
	const struct view *view;	/* what is being cut */
	int64_t deadline;		/* of a brief one */
};

/* The tree that a construct was left with, and how much lay in it. */
struct last_cut {
	git_oid tree;
	unsigned char bytes[8];		/* big-endian */
};

static uint64_t cut_bytes(const struct last_cut *cut)
{
	uint64_t bytes = 0;
	size_t i;

	for (i = 0; i < sizeof(cut->bytes); i++)
		bytes = bytes << 8 | cut->bytes[i];
	return bytes;
}

/* By the hash of the construct's ref name. */
static void open_cuts(struct gc *gc)
{
	static const struct slot_shape shape = {
		.magic = "vvault-cuts-2",
		.key_len = SHA256_BYTES,
		.value_len = sizeof(struct last_cut),
		.slots = 4096,
	};

	/* Without it folders are read that need not be, and no more. */
	if (vault_cache_open(gc->vault, CUTS_FILE, &shape, &gc->cuts,
			     NULL) < 0)
		gc->cuts = NULL;
}

static bool cut_get(struct gc *gc, const char *ref_name, struct last_cut *out)
{
	unsigned char key[SHA256_BYTES];

	sha256_of(ref_name, strlen(ref_name), key);
	return gc->cuts && slot_file_get(gc->cuts, key, out);
}

static void cut_put(struct gc *gc, const char *ref_name, const git_oid *tree,
		    uint64_t bytes)
{
	struct last_cut cut = { .tree = *tree };
	unsigned char key[SHA256_BYTES];
	size_t i;

	for (i = sizeof(cut.bytes); i; bytes >>= 8)
		cut.bytes[--i] = (unsigned char)(bytes & 0xff);

	sha256_of(ref_name, strlen(ref_name), key);
	if (gc->cuts)
		slot_file_put(gc->cuts, key, &cut);
}

static bool is_time_up(void *arg)
{
	const struct gc *gc = arg;

	return gc->options->is_brief && timestamp_now() > gc->deadline;
}

static bool is_forgotten(void *arg, const unsigned char id[RECORD_ID_BYTES])
{
	const struct gc *gc = arg;

	return forgotten_has(gc->view, id);
}

static int note_compacted(struct gc *gc, const char *construct,
			  const git_oid *version, struct err *err)
{
	struct gc_report *report = &gc->report;
	struct gc_construct *made;
	int rc = array_room_in(report->compacted, report->compacted_n,
			       report->compacted_cap, err);

	if (rc < 0)
		return rc;
	made = &report->compacted[report->compacted_n++];
	memset(made, 0, sizeof(*made));
	memcpy(made->construct, construct, strlen(construct));
	made->version = *version;
	return 0;
}

struct weighing {
	struct store *store;
	uint64_t bytes;
};

static int weigh_segment(void *arg, const struct tree_segment *segment,
			 struct err *err)
{
	struct weighing *weighing = arg;
	struct repo_object object;
	int rc = repo_object(weighing->store, &segment->blob, "a segment",
			     &object, err);

	if (rc == 0)
		weighing->bytes += object.len;
	return rc;
}

/* The bytes of all segments of a tree, as they are stored. */
static int weigh(struct gc *gc, const git_oid *tree, uint64_t *out,
		 struct err *err)
{
	struct store *store = gc->vault->store;
	struct weighing weighing = { store, 0 };
	struct tree_visitor visitor = { weigh_segment, &weighing };
	int rc = tree_each(store, tree, &visitor, err);

	*out = weighing.bytes;
	return rc;
}

/*
 * A cut may write everything again, and what it replaces stays in the
 * history. So one that nobody asked for waits until half as much has come to
 * what the last one left: all of them together then write little more than
 * twice what there is. Folders as the last cut left them it does not read; a
 * thorough one reads all: should records have been forgotten since, what is
 * left may belong elsewhere.
 */
static int prepare_cut(struct gc *gc, const struct view *view,
		       const struct last_cut *last,
		       struct recut_options *options, bool *out_is_due,
		       struct err *err)
{
	uint64_t bytes;
	int rc;

	*out_is_due = !git_oid_equal(&last->tree, &view->tree);
	if (!*out_is_due || !gc->options->is_brief)
		return 0;
	rc = weigh(gc, &view->tree, &bytes, err);
	*out_is_due = bytes >= cut_bytes(last) + cut_bytes(last) / 2;
	if (store_has(gc->vault->store, &last->tree))
		options->settled = &last->tree;
	return rc;
}

/* The canonical cut of a view's union, whatever it is by then. */
struct cutting {
	struct view *view;
	struct recut_options options;
	struct recut_result result;
};

static int make_cut(void *arg, const git_oid *tree, git_oid *out,
		    struct err *err)
{
	struct cutting *cutting = arg;
	int rc = recut(cutting->view->vault->store, cutting->view->codec, tree,
		       &cutting->options, &cutting->result, err);

	if (rc == 0)
		*out = cutting->result.tree;
	return rc;
}

static int cut_view(struct gc *gc, struct view *view, struct err *err)
{
	struct publication publication = {
		.vault = gc->vault, .construct = view->construct,
		.ref_name = view->ref_name, .codec = view->codec,
		.subject = "compact"
	};
	struct cutting cutting = {
		.view = view,
		.options = { .is_forgotten = is_forgotten,
			     .is_time_up = is_time_up, .arg = gc },
	};
	const struct replacement replacement = { CHANGE_COMPACT, make_cut,
						 &cutting };
	const struct recut_result *cut = &cutting.result;
	struct last_cut last;
	git_oid version;
	bool has_version = false;
	bool is_due = true;
	uint64_t bytes = 0;
	int rc = 0;

	if (cut_get(gc, view->ref_name, &last))
		rc = prepare_cut(gc, view, &last, &cutting.options, &is_due,
				 err);
	if (rc < 0 || !is_due)
		return rc;
	gc->view = view;
	rc = forgotten_read(view, err);
	if (rc < 0)
		return rc;
	rc = publish_in_place(&publication, &replacement, &has_version,
			      &version, err);
	/* A union of heads that needs no new cut is staged and nowhere else. */
	if (rc == 0 && cut->is_whole)
		rc = weigh(gc, &cut->tree, &bytes, err);
	store_discard(gc->vault->store);
	if (rc < 0)
		return rc;
	if (cut->is_whole)
		cut_put(gc, view->ref_name, &cut->tree, bytes);
	if (!has_version)
		return 0;
	return note_compacted(gc, view->construct, &version, err);
}

static int cut_construct(struct gc *gc, const char *ref_name, struct err *err)
{
	struct view *view = NULL;
	struct err reason = ERR_INIT;
	int rc;

	if (!strcmp(ref_name, VAULT_CONSTRUCT))
		return 0;
	rc = view_open_ref(gc->vault, ref_name, &view, &reason);
	if (rc == 0 && view->construct[0])
		ref_name = view->construct;
	if (rc == 0 && view->construct[0] &&
	    codec_mode(view->codec) != CODEC_BLIND)
		rc = cut_view(gc, view, &reason);
	/* Sealed with a key that this device lacks, or its right has gone. */
	if (rc == ERR_NO_KEY || rc == ERR_DENIED)
		rc = 0;
	if (rc < 0)
		err_set(err, (enum err_code)rc, "cannot compact '%s': %s%s",
			ref_name, reason.text, rc == ERR_CORRUPT ||
			rc == ERR_NOT_FOUND ? "; 'vvault verify --repair' "
			"brings back what a remote has" : "");
	view_free(view);
	return rc;
}

static int cut_all(struct gc *gc, struct err *err)
{
	const struct gc_options *options = gc->options;
	struct name_list names = { NULL, 0 };
	size_t i;
	int rc;

	if (!options->may_sign ||
	    writer_role_check(gc->vault, "", NULL) < 0)
		return 0;
	rc = view_constructs(gc->vault, &names, err);
	open_cuts(gc);
	for (i = 0; rc == 0 && i < names.n && !is_time_up(gc); i++) {
		rc = cut_construct(gc, names.at[i], err);
		if (options->progress)
			options->progress(options->arg, "compacting", i + 1,
					  names.n);
	}
	slot_file_free(gc->cuts);
	name_list_release(&names);
	return rc;
}

static void tell_packing(void *arg, uint64_t done, uint64_t total)
{
	const struct gc *gc = arg;

	gc->options->progress(gc->options->arg, "packing", done, total);
}

static int collect(struct gc *gc, struct err *err)
{
	struct repack_options packing = {
		.is_brief = gc->options->is_brief, .arg = gc,
		.progress = gc->options->progress ? tell_packing : NULL
	};
	int rc = cut_all(gc, err);

	if (rc == 0)
		rc = store_repack(gc->vault->store, &packing,
				  &gc->report.objects, err);
	if (rc == 0)
		rc = whole_renew(gc->vault, err);
	if (rc == 0)
		gc->report.has_run = true;
	return rc;
}

int vault_gc(struct vault *vault, const struct gc_options *options,
	     struct gc_report *out, struct err *err)
{
	struct gc gc = { .vault = vault, .options = options,
			 .deadline = timestamp_now() + BRIEF_MICROS };
	struct lock lock = LOCK_INIT;
	struct err locked = ERR_INIT;
	int rc = vault_local_lock(vault, "locks/.gc",
				  options->is_brief ? 0 : WRITE_LOCK_MS, &lock,
				  &locked);

	if (rc == ERR_LOCKED && options->is_brief) {
		*out = gc.report;
		return 0;
	}
	if (rc < 0)
		return err_copy(err, rc, &locked);
	rc = collect(&gc, err);
	lock_release(&lock);
	if (rc < 0)
		gc_report_release(&gc.report);
	else
		*out = gc.report;
	return rc;
}

void gc_report_release(struct gc_report *report)
{
	free(report->compacted);
	report->compacted = NULL;
	report->compacted_n = report->compacted_cap = 0;
}

bool vault_gc_is_due(struct vault *vault)
{
	return store_is_scattered(vault->store) && !repo_setting_is_off(vault->store, CONFIG_KEY);
}
