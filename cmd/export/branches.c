#include "cmd/export/branches.h"

#include <stdlib.h>

#include "lib/json/jcs_scan.h"

/* While a tree is built. */
struct planting {
	struct said_list *list;
	struct branch_node *at;
	size_t *by_index;	/* messages as the source has them */
	size_t *order;		/* parents before their children */
};

static int by_entity(const void *a, const void *b)
{
	const struct said *x = a;
	const struct said *y = b;

	return span_compare(buf_span(&x->entity), buf_span(&y->entity));
}

static size_t place_of(const struct said_list *list, const struct buf *entity)
{
	struct said key = { .entity = *entity };
	const struct said *found;

	found = list->n ? bsearch(&key, list->at, list->n, sizeof(*list->at),
				  by_entity) : NULL;
	return found ? (size_t)(found - list->at) : BRANCHES_NONE;
}

static struct span created_of(const struct said *said)
{
	struct span value;

	return jcs_find(buf_span(&said->state), "created", &value) &&
	       jcs_type_of(value) == JCS_STRING ? value : span_of(NULL, 0);
}

/* Alternatives of one place were made one after the other. The list is sorted,
 * so that all else keeps the order of entities. */
static int by_place(const void *a, const void *b)
{
	const struct said *x = *(const struct said *const *)a;
	const struct said *y = *(const struct said *const *)b;
	int by_time;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	by_time = span_compare(created_of(x), created_of(y));
	return by_time ? by_time : (x > y) - (x < y);
}

static int sort_places(struct planting *planting, struct err *err)
{
	struct said_list *list = planting->list;
	const struct said **sorted = calloc(list->n + 1, sizeof(*sorted));
	size_t i;

	if (!sorted)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < list->n; i++)
		sorted[i] = &list->at[i];
	qsort(sorted, list->n, sizeof(*sorted), by_place);
	for (i = 0; i < list->n; i++)
		planting->by_index[i] = (size_t)(sorted[i] - list->at);
	free(sorted);
	return 0;
}

/* Cut each circle where a walk towards the root comes back to itself.
 * `newest` holds the walk that came by, as long as the tree is built. */
static void cut_circles(struct planting *planting)
{
	struct branch_node *at = planting->at;
	size_t root = planting->list->n;
	size_t i;
	size_t here;

	for (i = 0; i < root; i++) {
		here = planting->by_index[i];
		while (here != root && !at[here].newest) {
			at[here].newest = i + 1;
			if (at[here].parent != root &&
			    at[at[here].parent].newest == i + 1)
				at[here].parent = root;
			here = at[here].parent;
		}
	}
}

static size_t top_of(const struct planting *planting, size_t here)
{
	const struct branch_node *at = planting->at;

	while (at[here].parent != planting->list->n)
		here = at[here].parent;
	return here;
}

/* What a forgotten message stood on nobody knows any more. So that all of the
 * branch that is shown is told, what followed it hangs on what was said
 * before. */
static void hang_lost(struct planting *planting, size_t shown)
{
	const struct said *said = planting->list->at;
	size_t i = planting->list->n;
	size_t top = top_of(planting, shown);
	size_t on = top;
	size_t next;

	while (said[top].parent.len) {
		while (i && said[on].index >= said[top].index)
			on = planting->by_index[--i];
		next = top_of(planting, on);
		if (said[on].index >= said[top].index || next == top)
			return;
		planting->at[top].parent = on;
		top = next;
	}
}

static void hang_children(struct planting *planting)
{
	struct branch_node *at = planting->at;
	size_t i = planting->list->n;
	size_t here;

	while (i--) {
		here = planting->by_index[i];
		at[here].newest = i;
		at[here].next = at[at[here].parent].first;
		at[at[here].parent].first = here;
	}
}

/* Breadth first: a parent comes before its children. */
static void order_nodes(struct planting *planting)
{
	struct branch_node *at = planting->at;
	size_t end = 1;
	size_t done;
	size_t child;

	planting->order[0] = planting->list->n;
	for (done = 0; done < end; done++) {
		struct branch_node *node = &at[planting->order[done]];

		for (child = node->first; child != BRANCHES_NONE;
		     child = at[child].next) {
			at[child].nth = ++node->children;
			planting->order[end++] = child;
		}
	}
}

/* From the leaves up: how much is below, and which child goes on to what
 * stands last. */
static void sum_up(struct planting *planting)
{
	struct branch_node *at = planting->at;
	size_t i = planting->list->n + 1;

	while (--i) {
		size_t here = planting->order[i];
		struct branch_node *parent = &at[at[here].parent];

		at[here].n++;
		parent->n += at[here].n;
		if (parent->chosen == BRANCHES_NONE ||
		    at[here].newest > at[parent->chosen].newest)
			parent->chosen = here;
		if (at[here].newest > parent->newest)
			parent->newest = at[here].newest;
	}
}

static void choose_active(struct planting *planting, const struct buf *active)
{
	size_t here = place_of(planting->list, active);

	if (here == BRANCHES_NONE)
		return;
	for (; here != planting->list->n; here = planting->at[here].parent)
		planting->at[planting->at[here].parent].chosen = here;
}

static int plant(struct planting *planting, const struct buf *active,
		 struct err *err)
{
	size_t n = planting->list->n;
	size_t shown;
	size_t i;
	int rc;

	for (i = 0; i <= n; i++)
		planting->at[i] = (struct branch_node){
			.parent = n, .first = BRANCHES_NONE,
			.next = BRANCHES_NONE, .chosen = BRANCHES_NONE,
		};
	for (i = 0; i < n; i++) {
		size_t parent = place_of(planting->list,
					 &planting->list->at[i].parent);

		if (parent != BRANCHES_NONE)
			planting->at[i].parent = parent;
	}
	rc = sort_places(planting, err);
	if (rc < 0)
		return rc;
	cut_circles(planting);
	shown = place_of(planting->list, active);
	if (n)
		hang_lost(planting, shown == BRANCHES_NONE ?
				    planting->by_index[n - 1] : shown);
	hang_children(planting);
	order_nodes(planting);
	sum_up(planting);
	choose_active(planting, active);
	return 0;
}

int branches_build(struct said_list *list, const struct buf *active,
		   struct branches *out, struct err *err)
{
	struct planting planting = { .list = list };
	int rc = ERR_NOMEM;

	if (list->n)
		qsort(list->at, list->n, sizeof(*list->at), by_entity);
	planting.at = calloc(list->n + 1, sizeof(*planting.at));
	planting.by_index = calloc(list->n + 1, sizeof(*planting.by_index));
	planting.order = calloc(list->n + 1, sizeof(*planting.order));
	if (planting.at && planting.by_index && planting.order)
		rc = plant(&planting, active, err);
	else
		err_set(err, ERR_NOMEM, "out of memory");
	free(planting.by_index);
	free(planting.order);
	if (rc < 0)
		free(planting.at);
	else
		*out = (struct branches){ list, planting.at };
	return rc;
}

void branches_release(struct branches *branches)
{
	free(branches->at);
	branches->at = NULL;
}

/* A branch on its way: the message that comes next, and the alternative to it
 * that comes before it. */
struct branch_step {
	size_t message;
	size_t other;
};

struct branches_walk {
	const struct branches *branches;
	const struct branches_visitor *visitor;
	struct branch_step steps[BRANCHES_DEEPEST + 1];
	size_t depth;
	size_t *later;		/* those that wait, in a row */
	size_t later_n;
};

static int enter_fold(struct branches_walk *walk, size_t first,
		      struct err *err)
{
	const struct branches_visitor *visitor = walk->visitor;

	if (walk->depth == BRANCHES_DEEPEST) {
		walk->later[walk->later_n++] = first;
		return visitor->later(visitor->arg, first, err);
	}
	walk->steps[++walk->depth] = (struct branch_step){ first,
							   BRANCHES_NONE };
	return visitor->fold(visitor->arg, first, err);
}

static int step_on(struct branches_walk *walk, struct err *err)
{
	const struct branch_node *at = walk->branches->at;
	const struct branches_visitor *visitor = walk->visitor;
	struct branch_step *step = &walk->steps[walk->depth];
	size_t other = step->other;
	size_t here = step->message;

	if (here == BRANCHES_NONE) {
		walk->depth--;
		return visitor->fold_end(visitor->arg, err);
	}
	if (other != BRANCHES_NONE) {
		step->other = at[other].next;
		return other == here ? 0 : enter_fold(walk, other, err);
	}
	step->message = at[here].chosen;
	if (at[here].chosen != BRANCHES_NONE)
		step->other = at[here].first;
	return visitor->message(visitor->arg, here, err);
}

/* The outermost step begins at the root, the others one deeper in a fold. */
static int walk_out(struct branches_walk *walk, struct err *err)
{
	int rc = 0;

	while (rc == 0 && (walk->depth || walk->steps[0].message !=
			   BRANCHES_NONE))
		rc = step_on(walk, err);
	return rc;
}

int branches_walk(const struct branches *branches,
		  const struct branches_visitor *visitor, struct err *err)
{
	const struct branch_node *root = branches_root(branches);
	struct branches_walk walk = {
		.branches = branches, .visitor = visitor,
		.steps[0] = { root->chosen, root->first },
	};
	size_t i;
	int rc;

	walk.later = calloc(branches->list->n + 1, sizeof(*walk.later));
	if (!walk.later)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = walk_out(&walk, err);
	for (i = 0; rc == 0 && i < walk.later_n; i++) {
		rc = enter_fold(&walk, walk.later[i], err);
		if (rc == 0)
			rc = walk_out(&walk, err);
	}
	free(walk.later);
	return rc;
}
