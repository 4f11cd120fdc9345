/*
 * What the files of renewing share. The order of work: stage (a vault in the
 * making), scan (which segments hold what was forgotten), replay (versions),
 * word (vault:renew, and the heads), exchange (it takes the old one's place).
 */
#ifndef VV_REFS_RENEW_RENEW_INTERNAL_H
#define VV_REFS_RENEW_RENEW_INTERNAL_H

#include "lib/base/table.h"
#include "lib/os/path.h"
#include "objects/record/leaves.h"
#include "objects/tree/without.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/renew/renew.h"
#include "refs/view/view.h"

/* Words of a version that might tell what it brought. */
#define NEUTRAL_SUBJECT "of what this brought, something was forgotten"
#define FORGET_SUBJECT "forget"

#define RENEWING "renewing"		/* in vvault/ */
#define RENEWING_VAULT RENEWING "/vault"
#define RENEWING_READY RENEWING "/ready"
#define RENEWING_TRASH RENEWING "/old"

/* A vault in the making, under a lock that no other call holds. */
struct stage {
	struct vault *vault;		/* the one that stands */
	const struct renew_options *options;
	struct lock lock;
	struct lock packing;		/* no other packs old objects anew */
	struct buf path;
	struct store *store;		/* of the one in the making, or NULL ... */
	struct vault *made;		/* once it is open as a vault */
	struct head_list heads;		/* of the old one, that were verified */
	struct head_list refs;		/* and all, as they stood then */
	struct renew_report report;
};

/* stage.c: make it empty; what another call left there goes. */
MUST_USE int stage_begin(struct stage *stage, struct err *err);
/* Copy all that these versions reach. */
MUST_USE int stage_copy(struct stage *stage, const git_oid *heads, size_t n,
			struct err *err);
/* `vault`, as it stands. */
MUST_USE int stage_copy_vault(struct stage *stage, struct err *err);
MUST_USE int stage_open(struct stage *stage, struct err *err);
void stage_progress(const struct stage *stage, const char *what,
		    uint64_t done, uint64_t total);
/* Let it go, with all that was made and did not take the old one's place. */
void stage_end(struct stage *stage);

/* exchange.c: the one in the making takes the old one's place, unless a ref of
 * that has moved since (ERR_CHANGED). */
MUST_USE int stage_exchange(struct stage *stage, struct err *err);
MUST_USE int stage_list_refs(const struct stage *stage, struct head_list *out,
			     struct err *err);
/* Under the lock: end what is ready, and take away what is not. */
MUST_USE int renewal_clear(const char *path, struct err *err);

/* What becomes of a segment that held something forgotten. */
struct recut_segment {
	bool is_gone;			/* it held nothing else */
	unsigned char digest[SHA256_BYTES];
	git_oid blob;
};

/* A codec that seals with one of the keys. */
struct keyed_codec {
	unsigned char key[KEY_ID_BYTES];
	struct codec *codec;
};

/* A version that was made anew. */
struct made_version {
	git_oid id;
	unsigned char digest[SHA256_BYTES];
	uint64_t seq;
};

/* A construct on its way. */
struct renewal {
	struct stage *stage;
	struct view *view;		/* the union of its heads */
	git_oid *versions;		/* children first */
	size_t versions_n;
	size_t versions_cap;
	struct table trees;		/* that were scanned */
	struct table segments;		/* blob: 0, or 1 + its place in recut */
	struct recut_segment *recut;
	size_t recut_n;
	size_t recut_cap;
	struct table blobs_gone;	/* that forgotten records refer to, */
	struct table blobs_kept;	/* and others */
	struct table homes_gone;	/* of pieces: names of folders */
	char blob_dir[PLACE_NAME_LEN + 1];
	struct keyed_codec *codecs;
	size_t codecs_n;
	size_t codecs_cap;
	struct buf sealed;		/* of the segment at hand */
	struct buf text;
	struct buf kept;		/* of it, and the ids */
	struct leaf_ids kept_ids;
	struct tree_rewrite trees_made;
	struct table by_version;	/* old id: its place in made */
	struct made_version *made;	/* room for all versions */
	size_t made_n;
};

/* scan.c */
MUST_USE int renewal_scan(struct renewal *renewal, struct err *err);
/* keys.c: as the object that was decoded last, or a note, is sealed. */
MUST_USE int renewal_codec(struct renewal *renewal,
			   const unsigned char *key, struct codec **out,
			   struct err *err);
MUST_USE int renewal_note(struct renewal *renewal, struct version *version,
			  const struct version_note *note,
			  const unsigned char *key, struct err *err);
void renewal_codecs_free(struct renewal *renewal);
/* replay.c */
MUST_USE int renewal_replay(struct renewal *renewal, struct err *err);
const struct made_version *renewal_made(const struct renewal *renewal,
					 const git_oid *old);

/* The heads of one construct, in a statement. */
struct word_head {
	char construct[CONSTRUCT_NAME_MAX];	/* ref name */
	unsigned char old[SHA256_BYTES];
	struct made_version made;
};

struct word {
	struct word_head *at;		/* by construct */
	size_t n;
	size_t cap;
};

/* word.c: say it in `vault` of the vault in the making, lay its refs. */
MUST_USE int word_say(struct stage *stage, const struct word *word,
		      struct err *err);
/* Where a construct has several heads, one version on top of them. */
MUST_USE int word_join(struct stage *stage, const struct word *word,
		       struct err *err);

/*
 * ancestry.c: all versions of all constructs but `vault` that count, by what
 * they are whatever lineage they stand in (version_identity()), by their
 * digests and their ids.
 */
struct ancestry {
	struct table identities;	/* the number of each, in this order */
	struct table digests;		/* that number */
	struct table versions;		/* by id: that number */
	git_oid *ids;			/* by number */
	size_t n;
	size_t cap;
	/* The owner who made it: of the word that counts for it. */
	unsigned char maker[DID_KEY_BYTES];
};

void ancestry_init(struct ancestry *lineage);
void ancestry_release(struct ancestry *lineage);
/*
 * Those of a vault. before: the lineage that it is to replace here; then
 * ERR_UNTRUSTED where two stand for the same, or one is said to be of this
 * device and is not in that. NULL: this is the one that stands here.
 */
MUST_USE int ancestry_read(struct vault *vault, const struct ancestry *before,
			  struct ancestry *lineage, struct err *err);
/* NULL where it has none such. */
const unsigned char *ancestry_identity(const struct ancestry *lineage,
				      const git_oid *id);
const git_oid *ancestry_find(const struct ancestry *lineage,
			    const unsigned char identity[SHA256_BYTES]);
/* Have the two, each in its lineage, parents that are the same? */
bool ancestry_has_parents(const struct ancestry *before,
			 const struct version *old,
			 const struct ancestry *lineage,
			 const struct version *made);

/*
 * compare.c: is the vault in the making what stands here, version by version,
 * less what is forgotten in it? What it lacks is carried over.
 */
MUST_USE int compare_lineages(struct stage *stage, struct err *err);
/* follow.c: is all there that the newest word names, and is it news? */
MUST_USE int follow_check_word(struct stage *stage,
			       const struct ancestry *before,
			       struct ancestry *lineage, struct err *err);
/* tried.c: was this tried before, with the same there and here? Then
 * ERR_NOT_FOUND, in the words of then. And remember one. */
MUST_USE int tried_check(const struct stage *stage,
			 const struct renew_source *source, struct err *err);
void tried_note(const struct stage *stage, const struct renew_source *source,
		const struct err *reason);
/* carry.c: the records of the versions that the new one lacks, on top of it. */
MUST_USE int carry_over(struct stage *stage, const struct view *old,
			struct view *made, const struct table *lacking,
			struct err *err);

#endif
