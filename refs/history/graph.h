/*
 * The part of the history that a question has looked at so far: explored from
 * heads down, newest first, reading only ids, parents and times.
 */
#ifndef VV_REFS_HISTORY_GRAPH_H
#define VV_REFS_HISTORY_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <git2.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/table.h"
#include "lib/id/did.h"
#include "objects/store/store.h"
#include "objects/tree/tree.h"

struct node {
	git_oid id;
	git_oid tree;
	int64_t time;
	uint64_t seq;		/* if it is by the graph's device, else 0 */
	size_t parents;		/* index into graph->parents */
	size_t parents_n;
	size_t depth;		/* steps from what was added first */
	size_t children_n;	/* for sorting; the graph does not fill it */
	bool is_explored;	/* its parents are nodes as well */
	bool is_hidden;		/* reachable from what was hidden */
	bool is_removal;	/* takes segments away: compact or forget */
};

/* Indexes of nodes, the newest (then the smallest id) on top. */
struct node_heap {
	size_t *at;
	size_t n;
	size_t cap;
};

struct graph {
	struct store *store;	/* borrowed */
	char device[96];	/* trailers to look for; "": none */
	struct table index;
	struct node *nodes;
	size_t n;
	size_t cap;
	git_oid *parents;
	size_t parents_n;
	size_t parents_cap;
	struct node_heap todo;	/* seen, not explored */
	size_t depth;		/* of what is added now */
	size_t hidden_n;	/* of those */
	size_t shown_n;		/* explored and not hidden */
	int64_t oldest;		/* no shown node is older */
	bool has_root;		/* a version without parents was explored */
	size_t join;		/* the last explored with several parents */
	bool has_join;
	struct buf raw;		/* the commit that was read last, */
	git_oid raw_id;		/* and its id */
	size_t *stack;		/* for hiding what was explored */
	size_t stack_cap;
};

void graph_init(struct graph *graph, struct store *store);
void graph_release(struct graph *graph);

/* Read the seq of each version that this device has signed. Before adding. */
void graph_watch_device(struct graph *graph,
			const unsigned char device[DID_KEY_BYTES]);

/* Forget all nodes. */
void graph_reset(struct graph *graph);

/* See a version; is_hidden hides it and all its ancestors. A missing or
 * unreadable one is ERR_CORRUPT. */
MUST_USE int graph_add(struct graph *graph, const git_oid *id, bool is_hidden,
		       struct err *err);

/* Explore the newest version of todo; out_node may be NULL. */
MUST_USE int graph_explore(struct graph *graph, size_t *out_node,
			   struct err *err);

/* Hide a node's ancestors, not itself. */
MUST_USE int graph_hide_parents(struct graph *graph, size_t node,
				struct err *err);

/* NULL if it has not been seen. */
struct node *graph_find(struct graph *graph, const git_oid *id);

/*
 * All histories have come together in the versions that are left to explore:
 * no version explored so far is an ancestor of one of them.
 *
 * That is so if no root was explored and one version is left, or several of
 * which none is another's ancestor, as the parents of one version are. For
 * the ancestors of an explored version lead, if to no root, to a version that
 * is left; were the explored one an ancestor of another that is left, the one
 * would be the other's ancestor. So no clock is trusted here.
 */
bool graph_is_joined(const struct graph *graph);

/* Trees of common ancestors of pairs; a and b are places among the heads. */
struct base_list {
	struct tree_base *at;
	size_t n;
	size_t cap;
};

/*
 * All best common ancestors of each pair of heads, which are the nodes of the
 * graph, in one walk; or none at all where no version that some head lacks
 * takes segments away, for then no base holds what a head lacks. Appended to
 * out, which the caller frees.
 */
MUST_USE int graph_bases(struct graph *graph, const git_oid *heads,
			 size_t heads_n, struct base_list *out,
			 struct err *err);

MUST_USE int node_heap_push(const struct graph *graph, struct node_heap *heap,
			    size_t node, struct err *err);
size_t node_heap_pop(const struct graph *graph, struct node_heap *heap);

/* Does a come before b in every listing: newer, then smaller id? */
bool node_precedes(const struct node *a, const struct node *b);

#endif
