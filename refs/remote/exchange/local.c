#include "refs/remote/exchange/exchange_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/id/encode.h"
#include "lib/os/path.h"
#include "refs/history/ref_files.h"
#include "refs/trust/verified.h"

#define REF_FILE_MAX 256
#define ATTEMPTS 3		/* while git repacks the other side */

struct ref_walk {
	struct trip *trip;
	struct head_list *out;
	const struct folder *folder;	/* refs/heads, or below */
	const char *construct;		/* NULL in refs/heads */
	bool is_push;			/* locks of the dead are removed */
};

static bool is_lock(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && !strcmp(name + len - 5, ".lock");
}

static int ref_add(struct ref_walk *walk, const char *name, struct span hex,
		   struct err *err)
{
	struct head_list *out = walk->out;
	struct head head;

	if (head_parse(name, &head, NULL) < 0)
		return 0;
	if (!hex_decode(hex, head.id.id, GIT_OID_RAWSZ))
		return err_set(err, ERR_CORRUPT, "the ref '%s' of '%s' is "
			       "damaged", name, walk->trip->text);
	if (out->n >= trip_refs_max(walk->trip))
		return err_set(err, ERR_LIMIT, "'%s' has more than %llu refs",
			       walk->trip->text, (unsigned long long)
			       trip_refs_max(walk->trip));
	return head_list_add(out, &head, err);
}

static int loose_ref(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	struct ref_walk *walk = context;
	struct buf text = BUF_INIT(REF_FILE_MAX);
	char full[REF_NAME_MAX];
	int rc = trip_check_time(walk->trip, err);

	if (rc < 0)
		return rc;
	if (walk->is_push && is_lock(name))
		ref_lock_break(walk->folder, name);
	snprintf(full, sizeof(full), "%s/%s", walk->construct, name);
	if (kind != DIR_KIND_FILE || strlen(name) > DID_SHORT_MAX ||
	    strchr(name, '.'))
		return 0;
	rc = folder_read(walk->folder, name, &text, err);
	while (text.len && text.data[text.len - 1] == '\n')
		buf_cut(&text, text.len - 1);
	if (rc == 0)
		rc = ref_add(walk, full, buf_span(&text), err);
	buf_release(&text);
	return rc;
}

static int loose_folder(void *context, const char *name, enum dir_kind kind,
			struct err *err)
{
	struct ref_walk *walk = context;
	struct ref_walk inner = *walk;
	struct folder folder = FOLDER_INIT;
	int rc;

	if (kind != DIR_KIND_DIR || strlen(name) >= CONSTRUCT_NAME_MAX)
		return 0;
	rc = folder_enter(walk->folder, name, false, &folder, err);
	inner.folder = &folder;
	inner.construct = name;
	if (rc == 0)
		rc = folder_each(&folder, loose_ref, &inner, err);
	folder_release(&folder);
	return rc;
}

/* Those of the packed-refs file that have no file of their own. */
static int packed_refs(struct ref_walk *walk, const struct folder *git_dir,
		       struct err *err)
{
	const size_t skip = strlen(HEADS_PREFIX);
	const size_t loose_n = walk->out->n;
	struct packed_refs packed = PACKED_REFS_INIT;
	struct head_list loose = { walk->out->at, loose_n, loose_n };
	char name[REF_NAME_MAX], hex[GIT_OID_HEXSZ + 1];
	struct head head;
	size_t i;
	int rc = packed_refs_read(git_dir, trip_refs_max(walk->trip) *
				  REF_NAME_MAX, &packed, err);

	for (i = 0; rc == 0 && i < packed.n; i++) {
		struct span full = packed.at[i].name;

		if (full.len <= skip || full.len - skip >= sizeof(name) ||
		    !span_begins(full, HEADS_PREFIX))
			continue;
		memcpy(name, full.at + skip, full.len - skip);
		name[full.len - skip] = '\0';
		loose.at = walk->out->at;
		if (head_parse(name, &head, NULL) == 0 &&
		    head_list_find(&loose, &head))
			continue;
		hex_text(packed.at[i].id.id, GIT_OID_RAWSZ, hex);
		rc = ref_add(walk, name, span_str(hex), err);
	}
	packed_refs_release(&packed);
	return rc;
}

/* Loose ones first: a ref is packed before its loose file goes. */
int local_heads(struct trip *trip, const struct folder *git_dir,
		bool is_push, struct head_list *out, struct err *err)
{
	struct folder folder = FOLDER_INIT;
	struct ref_walk walk = { trip, out, &folder, NULL, is_push };
	struct err reason = ERR_INIT;
	int rc = folder_enter(git_dir, "refs/heads", false, &folder, &reason);

	if (is_push) {
		ref_lock_break(git_dir, "HEAD.lock");
		ref_lock_break(git_dir, "packed-refs.lock");
	}
	if (rc == 0)
		rc = folder_each(&folder, loose_folder, &walk, &reason);
	else if (rc == ERR_NOT_FOUND)
		rc = 0;
	folder_release(&folder);
	if (rc < 0)
		return err_copy(err, rc, &reason);
	head_list_sort(out);
	rc = packed_refs(&walk, git_dir, err);
	head_list_sort(out);
	return rc;
}

/* Verified here, and so with all that it needs: a fetch that was killed may
 * have left the one without the other. */
static bool has_heads(const struct side *side, const struct head_list *heads)
{
	size_t i;

	if (side->is_blank)
		return false;
	for (i = 0; i < heads->n; i++) {
		if (side_refuses(side, &heads->at[i]))
			continue;
		if (!store_has(side->vault->store, &heads->at[i].id) ||
		    !side->vault->verified ||
		    verified_get(side->vault->verified, &heads->at[i]) ==
			    VOUCH_NONE)
			return false;
	}
	return true;
}

/*
 * What is there is checked as what comes by wire is: the other side's indexes
 * are not believed, and its files are not kept open.
 */
int local_fetch(struct trip *trip, struct side *side, struct head_list *out,
		struct err *err)
{
	struct folder git_dir = FOLDER_INIT;
	struct err reason = ERR_INIT;
	unsigned attempt = 0;
	int rc = local_open(trip, false, &git_dir, err);

	if (rc == 0)
		rc = local_heads(trip, &git_dir, false, out, err);
	if (rc == 0)
		rc = flood_bound(trip, side, out, err);
	if (rc < 0 || has_heads(side, out))
		goto out;
	do {
		err_clear(&reason);
		rc = local_objects(trip, side, &git_dir, &reason);
	} while (rc == ERR_NOT_FOUND && ++attempt < ATTEMPTS);
	rc = err_copy(err, rc, &reason);
out:
	folder_release(&git_dir);
	return rc;
}
