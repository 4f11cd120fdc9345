/*
 * What the files of verification share. The order of work: walk (which
 * versions are new), read (bytes and signatures, on threads), rules (one
 * version after its parents), change (what its tree did), jobs (segments, on
 * threads), verdicts.
 */
#ifndef VV_REFS_VERIFY_VERIFY_INTERNAL_H
#define VV_REFS_VERIFY_VERIFY_INTERNAL_H

#include "lib/base/table.h"
#include "objects/record/codec.h"
#include "objects/tree/tree.h"
#include "refs/vault/authority.h"
#include "refs/verify/verify.h"

#define VERIFY_THREADS_MAX 16
#define NODE_NONE UINT32_MAX
#define MEMBERS_NONE UINT32_MAX

/* The highest seq of each device among a version and its ancestors. */
struct seq_entry {
	uint32_t device;
	uint64_t seq;
};

struct seqs {
	struct seq_entry *at;	/* from versions verified in this run */
	size_t n;
	size_t cap;
	git_oid *known;		/* and what the histories of these hold */
	size_t known_n;
	size_t known_cap;
};

/* What children need to know of a version. */
struct facts {
	unsigned char digest[SHA256_BYTES];
	git_oid tree;
	char construct[CONSTRUCT_NAME_MAX];
	unsigned char device[DID_KEY_BYTES];
	uint64_t seq;
	uint32_t members;	/* MEMBERS_NONE in `vault` */
	bool is_renewed;
	struct seqs seqs;
};

enum node_status { NODE_WAITING, NODE_OK, NODE_HELD, NODE_REFUSED };

struct verify_node {
	git_oid id;
	size_t parents;		/* index into verifier->parents */
	uint32_t parents_n;
	uint32_t children;	/* that are not judged yet */
	uint32_t cause;		/* the node that made this one fail */
	unsigned char status;
	bool is_opened;		/* sorting: its parents were pushed, */
	bool is_listed;		/* and it has its place */
	struct facts *facts;	/* only while somebody needs them */
};

/* What a Vvault-Members stands for. */
struct members {
	struct index_set closure;
	struct index_set effective;
	bool has_sealing_key;			/* of that state */
	unsigned char sealing_key[KEY_ID_BYTES];
	bool has_renewal;			/* and the newest: which lineage */
	uint32_t renewal;			/* its writer knew */
};

struct named_codec {
	char construct[CONSTRUCT_NAME_MAX];
	struct codec *codec;
};

/* One thread's own way to the objects. */
struct worker {
	struct store *store;
	const struct codec *origin;
	struct codec *copy;		/* of the codec that was asked for last */
	struct table devices;		/* whose keys it found sound */
	struct table blobs;		/* pieces and sizes found to be right */
};

/* A blob that a record refers to. */
struct blob_use {
	unsigned char digest[SHA256_BYTES];
	uint64_t size;
	unsigned char record[RECORD_ID_BYTES];
};

struct blob_uses {
	struct blob_use *at;
	size_t n;
	size_t cap;
};

#define JOB_KEY_BYTES 16

enum job_kind { JOB_SEGMENT, JOB_PIECE, JOB_BLOB, JOB_COMPACT, JOB_FORGET };

struct job {
	enum job_kind kind;
	uint32_t node;
	unsigned char key[JOB_KEY_BYTES];	/* segment, piece, blob */
	struct tree_segment segment;	/* segment, piece; a blob's first */
	struct tree_segments gone;	/* compact, forget */
	struct tree_segments fresh;	/* and all pieces of a blob */
	git_oid blobs;			/* segment: the folder of blobs */
	git_oid tree;			/* the version's */
	const struct codec *codec;
	uint32_t members;
	bool is_addition;		/* may not bring what only owners may */
	bool is_renewed;		/* an owner answers for its key */
	/* out */
	int rc;
	const char *code;
	struct err err;
	uint64_t records;
	bool is_unreadable;		/* sealed with a key we do not hold */
	char unread[200];		/* which one */
};

/* A segment that waits in the queue for another version already. */
struct job_twin {
	uint32_t node;
	unsigned char key[JOB_KEY_BYTES];
};

struct job_list {
	struct job *at;
	size_t n;
	size_t cap;
	struct job_twin *twins;
	size_t twins_n;
	size_t twins_cap;
};

struct verifier {
	struct store *store;	/* our own: what we stage is nobody's */
	struct verify_options options;
	char expected_id[CID_TEXT_MAX];
	struct head_list known;

	struct verify_node *nodes;
	size_t nodes_n;
	size_t nodes_cap;
	struct table by_id;
	git_oid *parents;
	size_t parents_n;
	size_t parents_cap;
	uint32_t *order;	/* of this group, parents first */
	size_t order_n;
	size_t order_cap;

	struct authority *authority;
	struct members *members;
	size_t members_n;
	size_t members_cap;
	struct table members_by_hash;
	struct table devices;
	struct table known_seqs;	/* id, device */
	struct table by_seq;		/* construct, device, seq */

	struct index_set accepted;	/* what all heads of `vault` stand for */
	struct index_set nameable;	/* what Vvault-Members may name: all
					   that is valid */
	struct index_set here;		/* what counts, and what is in the vault
					   whether it counts or not */
	struct index_set needed;	/* not here, and yet named by what is
					   taken */
	struct vault_state state;
	struct vault_keyring ring;
	struct named_codec *codecs;
	size_t codecs_n;
	size_t codecs_cap;

	struct worker workers[VERIFY_THREADS_MAX];
	unsigned workers_n;
	struct job_list jobs;
	struct table checked;	/* segments by key: what became of each */
	struct verify_counts counts;
	struct problem_list *problems;	/* of the call that runs */
};

/* verify_nodes.c */
MUST_USE int nodes_walk(struct verifier *verifier, const struct head *head,
			uint32_t *out_node, struct err *err);
MUST_USE int nodes_sort(struct verifier *verifier, struct err *err);
/* The node of a parent, made and taken as good if it was known before. */
MUST_USE int node_of(struct verifier *verifier, const git_oid *id,
		     uint32_t *out_node, struct err *err);
MUST_USE int node_facts(struct verifier *verifier, uint32_t node,
			struct facts **out, struct err *err);
void node_forget(struct verify_node *node);
/* A child has been judged: facts that nobody needs any more go. */
void node_leave(struct verifier *verifier, uint32_t node);

/* verify_seqs.c */
void seqs_release(struct seqs *seqs);
MUST_USE int seqs_copy(const struct seqs *from, struct seqs *to,
		       struct err *err);
MUST_USE int seqs_join(struct verifier *verifier, struct seqs *into,
		       const struct seqs *from, struct err *err);
MUST_USE int seqs_set(struct verifier *verifier, struct seqs *seqs,
		      const unsigned char device[DID_KEY_BYTES], uint64_t seq,
		      struct err *err);
MUST_USE int seqs_add_known(struct verifier *verifier, struct seqs *seqs,
			    const git_oid *id, struct err *err);
MUST_USE int seqs_get(struct verifier *verifier, const struct seqs *seqs,
		      const unsigned char device[DID_KEY_BYTES],
		      uint64_t *out, struct err *err);
MUST_USE int seq_of_known(struct verifier *verifier, const git_oid *id,
			  const unsigned char device[DID_KEY_BYTES],
			  uint64_t *out, struct err *err);

/* verify_rules.c: judge one version; its verdict goes into the node. */
MUST_USE int rules_check(struct verifier *verifier, uint32_t node,
			 const struct version *version, struct err *err);

/*
 * renewal.c: does a version stand in one lineage with its parents, and a head
 * in the one that counts? NULL, also as *out_code: it does; else the code of
 * what is wrong, and words for it.
 */
struct lineage_look {
	const char *construct;
	const unsigned char *digest;
	const unsigned char *device;	/* its signer */
	bool is_renewed;
	uint32_t members;		/* that it names */
};
MUST_USE int lineage_of_head(struct verifier *verifier,
			     const struct lineage_look *head,
			     const char **out_code, const char **out_message,
			     struct err *err);
const char *lineage_of_parent(struct verifier *verifier,
			      const struct facts *own,
			      const struct facts *parent,
			      const char **out_message);
/* Does this head of `vault` hold a renewal that no known head holds? */
bool renewal_is_new(const struct verifier *verifier, uint32_t number);

/* verify_report.c: say what is wrong; return 0 or an error of their own. */
MUST_USE int node_refuse(struct verifier *verifier, uint32_t node,
			 const char *code, const char *message,
			 struct err *err);
MUST_USE int node_hold(struct verifier *verifier, uint32_t node,
		       const char *code, const char *message,
		       struct err *err);
/* verify_members.c */
MUST_USE int members_find(struct verifier *verifier,
			  const struct version *version, uint32_t *out,
			  struct err *err);
void members_forget(struct verifier *verifier);
/*
 * Does a valid version count by itself (refs/verify/bounds.h) in the eyes of who
 * knows these members, or, with MEMBERS_NONE, all that was accepted?
 */
MUST_USE int members_allow(struct verifier *verifier, uint32_t members,
			   const git_oid *id, bool *out_counts,
			   struct err *err);
MUST_USE int members_learn(struct verifier *verifier, struct err *err);
/* Of `vault` all that a version names and that is not here is needed. Does one
 * of its versions count, or stand on what is needed? */
MUST_USE int members_need(struct verifier *verifier, const git_oid *id,
			  struct err *err);
bool members_stand(const struct verifier *verifier, const git_oid *id);
MUST_USE int verifier_codec(struct verifier *verifier, const char *construct,
			    const struct codec **out, struct err *err);

/* verify_change.c: what the tree did against its parents'. */
MUST_USE int change_check(struct verifier *verifier, uint32_t node,
			  const struct version *version, struct err *err);

/* verify_vault.c: the same, at once, for a version of `vault`. */
MUST_USE int vault_change_check(struct verifier *verifier, uint32_t node,
				const struct version *version,
				const struct tree_segments *gone,
				const struct tree_segments *fresh,
				struct err *err);

/* verify_jobs.c */
MUST_USE int jobs_add(struct verifier *verifier, const struct job *job,
		      struct err *err);
MUST_USE int jobs_run(struct verifier *verifier, struct err *err);
/* Do one job with this worker; the result is in the job. */
void job_do(const struct verifier *verifier, struct worker *worker,
	    struct job *job);
/* Note what a record refers to; at is released with free(). */
MUST_USE int blob_uses_note(struct blob_uses *uses,
			    const struct record *record,
			    const unsigned char id[RECORD_ID_BYTES],
			    struct err *err);

/*
 * Is what they refer to in the tree, and of that size? Each blob is read once
 * by a worker, however many records refer to it. On failure out_bad is the one
 * that is not.
 */
MUST_USE int blob_uses_check(struct worker *worker, struct codec *codec,
			     const git_oid *tree, struct blob_uses *uses,
			     const struct blob_use **out_bad, struct err *err);

void job_release(struct job *job);

/* verify_kept.c: take out of lost (sorted), records of the segments gone,
 * those that stand in the tree all the same. */
struct id_list;
MUST_USE int drop_kept(struct store *store, struct codec *codec,
		       const git_oid *tree, const struct tree_segments *gone,
		       struct id_list *lost, struct err *err);
/* And those which records that forget list in the tree. */
MUST_USE int drop_forgotten(struct store *store, struct codec *codec,
			    const git_oid *tree, struct id_list *lost,
			    struct err *err);
/* Append the ids of those records. */
MUST_USE int forget_words(struct store *store, struct codec *codec,
			  const git_oid *tree, struct id_list *out,
			  struct err *err);

/* verify_threads.c: work(item) for each of n items, on all workers. */
struct work {
	const struct verifier *verifier;
	void (*item)(const struct verifier *verifier, struct worker *worker,
		     void *items, size_t index);
	void *items;
	size_t n;
};
MUST_USE int workers_init(struct verifier *verifier, struct err *err);
void workers_release(struct verifier *verifier);
void workers_forget_codecs(struct verifier *verifier);
void workers_run(struct verifier *verifier, const struct work *work);
/* *out serves until the next call. */
MUST_USE int worker_codec(struct worker *worker, const struct codec *origin,
			  struct codec **out, struct err *err);

/* verify_walk.c: judge all that waits (`vault`, or all others). */
MUST_USE int verify_order(struct verifier *verifier, bool is_vault,
			  struct err *err);
/* Name the version that is missing or unreadable in the history of a head. */
MUST_USE int verify_blame(struct verifier *verifier, const git_oid *head,
			  struct err *err);

/* verify.c */
MUST_USE int verify_progress(struct verifier *verifier, struct err *err);

#endif
