/*
 * The one read path: a construct at a version, or at the union of its heads.
 */
#ifndef VV_REFS_VIEW_VIEW_H
#define VV_REFS_VIEW_VIEW_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "objects/fold/fold.h"
#include "refs/vault/vault.h"

struct view {
	struct vault *vault;		/* borrowed */
	char construct[CONSTRUCT_NAME_MAX];	/* own name, "" if unreadable */
	char ref_name[CONSTRUCT_NAME_MAX];
	git_oid *heads;			/* maximal; one for a single version */
	size_t heads_n;
	git_oid tree;
	unsigned char root[SHA256_BYTES];
	struct codec *codec;
	struct forgotten *forgotten;	/* NULL until records are read */
	uint64_t lacks;			/* parts that could not be read and
					   were left out: see view_lacks() */
	struct {
		size_t n, all;
	} unsearched;			/* segments that a search had no time
					   for, of all: see shards_open() */
	bool has_read;			/* some segment */
	bool is_newest;			/* of all heads that count, by then */
	struct view_lack *first;	/* not told before that, or NULL */
	bool knows_called;
	char called[CONSTRUCT_NAME_MAX];	/* construct_shown() */
};

/*
 * Open what an expression names: <construct>, <construct>@{date} (the union
 * of each device's newest before what dates_read() makes of it ends),
 * <construct>/<device>, the same with @{date}, or a version's 40-digit id or an
 * unambiguous prefix of at least 7 digits. Behind any of them steps back, as
 * many as one likes: ~<n> (first parents, versions that change no record being
 * stepped over; ~ is ~1), ^<n> (the nth parent; ^ is ^1). A name beats an id.
 * ERR_NOT_FOUND names what is missing and what there is; ERR_INVALID.
 */
MUST_USE int view_open(struct vault *vault, const char *expression,
		       struct view **out, struct err *err);
void view_free(struct view *view);

/*
 * The construct's heads as refs (for their devices), and the maximal ids of
 * those that count, an array that the caller frees: where rights were taken, a
 * head beyond the cut is replaced by what it stands on and still counts.
 */
MUST_USE int view_heads(struct vault *vault, const char *ref_name,
		       struct head_list *heads, git_oid **out, size_t *out_n,
		       struct err *err);

/*
 * The same for every construct, sorted by ref name, from one look at the refs:
 * a look for each costs a dozen system calls. ids are borrowed for the call.
 * Damage to one construct stops no other: it is told, and stops where hurt
 * returns an error.
 */
struct view_heads_visitor {
	int (*construct)(void *arg, const char *ref_name, const git_oid *ids,
			 size_t n, struct err *err);
	int (*hurt)(void *arg, const char *ref_name, struct err *reason);
	void *arg;
};
MUST_USE int view_heads_each(struct vault *vault,
			     const struct view_heads_visitor *visitor,
			     struct err *err);

/* All constructs' ref names, sorted (from refs/heads). */
struct name_list {
	char (*at)[CONSTRUCT_NAME_MAX];
	size_t n;
};
MUST_USE int view_constructs(struct vault *vault, struct name_list *out,
			     struct err *err);

/* Without `vault`, which says who the members are. */
MUST_USE int view_constructs_proper(struct vault *vault, struct name_list *out,
				    struct err *err);
void name_list_release(struct name_list *list);

/*
 * A view of these versions of one construct, none an ancestor of another; of
 * nothing when there are none.
 */
MUST_USE int view_open_versions(struct vault *vault, const char *ref_name,
				const git_oid *versions, size_t versions_n,
				struct view **out, struct err *err);

/*
 * A part of a construct (a segment or a blob, of that digest) cannot be read,
 * for this reason. Where the vault is only looked at (vault_calls.may_lack) and
 * the part is damaged, that is told, once, and counted, and 0: go on without.
 * Else it is the error, with the next step; nothing is built on half of what
 * stands.
 */
MUST_USE int view_lacks(struct view *view, const char *what,
			const unsigned char digest[SHA256_BYTES],
			const struct err *reason, struct err *err);

/* Append the bytes of a blob. Where they lack, and that is passed over so,
 * *out_is_there is false, and out as it was. */
MUST_USE int view_blob(struct view *view,
		       const unsigned char digest[SHA256_BYTES],
		       struct buf *out, bool *out_is_there, struct err *err);

/* Open the union of a construct by its ref name. */
MUST_USE int view_open_ref(struct vault *vault, const char *ref_name,
			   struct view **out, struct err *err);

/* An entity with all its records at this view. */
struct view_entity {
	struct span entity;
	const struct kind *kind;
	const struct fold_record *records;
	size_t records_n;
	struct span state;		/* canonical object; at NULL if deleted */
	size_t conflicts;		/* fields in dispute */
	const struct fold_conflicts *disputed;	/* gathered by field */
	const unsigned char *home;	/* hash of the place that it shares */
	bool is_left_out;		/* of a capsule that is not the newest:
					   by view_each(), view_each_part() */
};

/* Its newest record: the last by its clock, then by id. */
const struct fold_record *view_newest(const struct view_entity *entity);

struct view_visitor {
	int (*entity)(void *arg, const struct view_entity *entity,
		      struct err *err);
	void *arg;
};

/*
 * Fold every entity (of one kind, or all: NULL), a place at a time, so that
 * memory goes with the largest place and not with the construct. Sorted by
 * nothing in particular but stable for one tree. Counts only what the fold
 * of the construct counts: memories of capsules that are not the newest one
 * are left out unless all_capsules.
 */
MUST_USE int view_each(struct view *view, const struct kind *kind,
		       bool all_capsules, const struct view_visitor *visitor,
		       struct err *err);

/* One entity; visitor is called at most once. Cost goes with its place. */
MUST_USE int view_one(struct view *view, struct span entity,
		      const struct view_visitor *visitor, struct err *err);

/* All entities that share the home of this one (a session with its messages):
 * each is read once, where view_one() reads the home for each. */
MUST_USE int view_home(struct view *view, struct span entity,
		       const struct view_visitor *visitor, struct err *err);

/*
 * Every entity of one folder of the tree (by its plain name), home by home:
 * those that share one come together, in the order of their names, so that a
 * session comes behind its acus and messages. Each segment is read once.
 */
MUST_USE int view_each_home(struct view *view, const char *dir,
			    const struct view_visitor *visitor,
			    struct err *err);

/*
 * The records of an entity that no other record of it has seen: what a new
 * record puts in `prev`. ids is an array for the caller to free, never NULL,
 * with room for one more than n; newest the highest `at` of the entity
 * (HLC_INIT when there is none). view may be NULL: nothing stands.
 */
struct standing {
	unsigned char (*ids)[RECORD_ID_BYTES];
	size_t n;
	struct hlc newest;
};

MUST_USE int view_standing(struct view *view, struct span entity,
			   struct standing *out, struct err *err);

/* Every record, in no particular order, doubles left out. */
struct view_record_visitor {
	int (*record)(void *arg, const struct fold_record *record,
		      struct err *err);
	void *arg;
};
MUST_USE int view_records(struct view *view,
			  const struct view_record_visitor *visitor,
			  struct err *err);

/* The persona: newest capsule's below construct:update; canonical object. */
MUST_USE int view_persona(struct view *view, struct buf *out, struct err *err);

/*
 * The state of the newest capsule, by (timestamp, record id): the one whose
 * persona and memories count. Replaces out where there is one, and out_entity,
 * which may be NULL, by what it is called.
 */
MUST_USE int view_newest_capsule(struct view *view, struct buf *out,
				 struct buf *out_entity, bool *out_is_found,
				 struct err *err);

/*
 * What changed between two views of one construct, entity by entity, sorted
 * by kind, then entity. A side where the entity is absent has at == NULL. The
 * construct's own change has kind construct and the persona as state. Reads
 * only places whose segments differ.
 */
struct view_change {
	const struct kind *kind;
	struct span entity;
	struct span from;
	struct span to;
};

struct view_change_visitor {
	int (*change)(void *arg, const struct view_change *change,
		      struct err *err);
	void *arg;
};
MUST_USE int view_diff(struct view *from, struct view *to,
		       const struct view_change_visitor *visitor,
		       struct err *err);

/*
 * Entities of one kind that `to` has and `from` has not, each as it stands in
 * `to`, in the order of their names. Reads only segments of that kind's folder
 * that `from` has not.
 */
MUST_USE int view_came(struct view *from, struct view *to,
		       const struct kind *kind,
		       const struct view_visitor *visitor, struct err *err);

#endif
