#include "cmd/export/chatgpt/chatgpt.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/export/plain.h"

static int order_nodes(const void *a, const void *b)
{
	const struct chatgpt_export_node *x = a;
	const struct chatgpt_export_node *y = b;

	return span_compare(x->entity, y->entity);
}

size_t export_chatgpt_find(const struct chatgpt_export_talk *talk,
			   struct span entity)
{
	struct chatgpt_export_node wanted = { .entity = entity };
	const struct chatgpt_export_node *found = NULL;

	if (entity.at && talk->n)
		found = bsearch(&wanted, talk->nodes, talk->n, sizeof(wanted),
				order_nodes);
	return found ? (size_t)(found - talk->nodes) : SIZE_MAX;
}

struct span export_chatgpt_key(const struct jval *native, struct span spelt)
{
	const struct jval *key = jval_get(native, "key");

	return jval_is(key, JVAL_STRING) ? jval_text(key) : spelt;
}

static int read_node(struct chatgpt_export_talk *talk,
		     const struct export_state *state,
		     struct chatgpt_export_node *node, struct err *err)
{
	struct span spelt = buf_span(&state->entity);
	const char *slash = memchr(spelt.at, '/', spelt.len);
	int rc;

	node->entity = spelt;
	rc = export_doc(talk->view, buf_span(&state->state), &node->doc, err);
	if (rc < 0)
		return rc;
	node->native = jval_get(jdoc_root(node->doc), "native");
	if (slash++)
		spelt = span_of(slash, spelt.len - (size_t)(slash - spelt.at));
	node->key = export_chatgpt_key(node->native, spelt);
	(void)jval_integer(jval_get(node->native, "sibling"), &node->sibling);
	return 0;
}

/* qsort() carries no context, so these are sorted. */
struct child {
	const struct chatgpt_export_node *node;
	size_t number;
};

static int order_children(const void *a, const void *b)
{
	const struct child *x = a;
	const struct child *y = b;

	if (x->node->parent != y->node->parent)
		return x->node->parent < y->node->parent ? -1 : 1;
	if (x->node->sibling != y->node->sibling)
		return x->node->sibling < y->node->sibling ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

static int make_family(struct chatgpt_export_talk *talk, struct err *err)
{
	struct child *all = calloc(talk->n + 1, sizeof(*all));
	size_t i;

	talk->family = calloc(talk->n + 1, sizeof(*talk->family));
	if (!all || !talk->family) {
		free(all);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	for (i = 0; i < talk->n; i++) {
		talk->nodes[i].parent = export_chatgpt_find(talk, jval_get_text(
			jdoc_root(talk->nodes[i].doc), "parent"));
		all[i] = (struct child){ &talk->nodes[i], i };
	}
	qsort(all, talk->n, sizeof(*all), order_children);
	for (i = 0; i < talk->n; i++)
		talk->family[i] = all[i].number;
	free(all);
	return 0;
}

/* The first place in the family of a child of this node. */
static size_t first_child(const struct chatgpt_export_talk *talk, size_t node)
{
	size_t low = 0;
	size_t high = talk->n;
	size_t middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (talk->nodes[talk->family[middle]].parent < node)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int order_odd(const void *a, const void *b)
{
	const struct chatgpt_export_odd *x = a;
	const struct chatgpt_export_odd *y = b;

	return span_compare(x->key, y->key);
}

static int read_odd(struct chatgpt_export_talk *talk, struct err *err)
{
	const struct jval *pair = jval_get(talk->native, "children");
	size_t n = jval_count(pair);

	talk->odd = calloc(n + 1, sizeof(*talk->odd));
	if (!talk->odd)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (pair = jval_first(pair); pair; pair = pair->next) {
		if (jval_count(pair) == 2)
			talk->odd[talk->odd_n++] = (struct chatgpt_export_odd){
				jval_text(jval_item(pair, 0)),
				jval_item(pair, 1)
			};
	}
	qsort(talk->odd, talk->odd_n, sizeof(*talk->odd), order_odd);
	return 0;
}

/* `children` as the source had them, where the links say otherwise. */
static const struct jval *odd_children(const struct chatgpt_export_talk *talk,
				       struct span key)
{
	struct chatgpt_export_odd wanted = { key, NULL };
	const struct chatgpt_export_odd *found;

	found = talk->odd_n ? bsearch(&wanted, talk->odd, talk->odd_n,
				      sizeof(wanted), order_odd) : NULL;
	return found ? found->list : NULL;
}

static void put_children(const struct chatgpt_export_talk *talk, size_t node,
			 struct export_members *members)
{
	const struct jval *odd = odd_children(talk, talk->nodes[node].key);
	const struct chatgpt_export_node *child;
	const char *between = "[";
	size_t i;

	if (odd) {
		export_member_raw(members, "children", odd);
		return;
	}
	export_member(members, "children");
	for (i = first_child(talk, node); i < talk->n; i++) {
		child = &talk->nodes[talk->family[i]];
		if (child->parent != node)
			break;
		buf_put_str(members->out, between);
		export_put_string(members->out, child->key);
		between = ",";
	}
	buf_put_str(members->out, *between == '[' ? "[]" : "]");
}

static void put_parent(const struct chatgpt_export_talk *talk,
		       const struct chatgpt_export_node *at,
		       struct export_members *members)
{
	if (at->parent != SIZE_MAX) {
		export_member_text(members, "parent",
				   talk->nodes[at->parent].key);
	} else {
		export_member(members, "parent");
		buf_put_str(members->out, "null");
	}
}

/* Is that member one which the record tells? */
static bool is_told(const struct chatgpt_export_node *at, const char *name)
{
	return !jval_get(jval_get(at->native, "node"),
			 name + strlen("node.")) &&
	       !export_is_absent(jval_get(at->native, "absent"), name);
}

static void put_node(struct chatgpt_export_talk *talk, size_t i)
{
	const struct chatgpt_export_node *at = &talk->nodes[i];
	struct export_members node = { .out = talk->out };

	talk->assets += jval_count(jval_get(jdoc_root(at->doc), "assets"));
	if (is_told(at, "node.id"))
		export_member_text(&node, "id", at->key);
	if (is_told(at, "node.parent"))
		put_parent(talk, at, &node);
	if (is_told(at, "node.children"))
		put_children(talk, i, &node);
	export_member_all(&node, jval_get(at->native, "node"));
	if (is_told(at, "node.message")) {
		export_member(&node, "message");
		export_chatgpt_message(at, talk->out);
	}
	export_members_end(&node);
}

int export_chatgpt_nodes(struct chatgpt_export_talk *talk,
			 const struct export_state *messages, size_t n,
			 struct err *err)
{
	int rc = 0;

	talk->nodes = calloc(n + 1, sizeof(*talk->nodes));
	if (!talk->nodes)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (; rc == 0 && talk->n < n; talk->n++)
		rc = read_node(talk, &messages[talk->n], &talk->nodes[talk->n],
			       err);
	if (rc == 0)
		rc = make_family(talk, err);
	return rc < 0 ? rc : read_odd(talk, err);
}

void export_chatgpt_mapping(struct chatgpt_export_talk *talk)
{
	const char *between = "{";
	size_t i;

	for (i = 0; i < talk->n; i++) {
		buf_put_str(talk->out, between);
		export_put_string(talk->out, talk->nodes[i].key);
		buf_put_char(talk->out, ':');
		put_node(talk, i);
		between = ",";
	}
	buf_put_str(talk->out, talk->n ? "}" : "{}");
}

void export_chatgpt_release(struct chatgpt_export_talk *talk)
{
	while (talk->n)
		jdoc_free(talk->nodes[--talk->n].doc);
	free(talk->nodes);
	free(talk->family);
	free(talk->odd);
	jdoc_free(talk->doc);
}
