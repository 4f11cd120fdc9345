#include "cmd/export/talk.h"

#include <stdlib.h>

#include "cmd/export/markdown.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"

void said_reset(struct said_list *list)
{
	while (list->n) {
		struct said *said = &list->at[--list->n];

		buf_release(&said->entity);
		buf_release(&said->parent);
		buf_release(&said->state);
	}
}

void said_release(struct said_list *list)
{
	said_reset(list);
	free(list->at);
	list->at = NULL;
	list->cap = 0;
}

int talk_text(struct view *view, struct span state, const char *name,
	      struct buf *out, struct err *err)
{
	struct span value;

	if (!jcs_find(state, name, &value) || jcs_type_of(value) == JCS_NULL)
		return 0;
	return export_text(view, value, out, err);
}

int said_add(struct said_list *list, struct view *view,
	     const struct view_entity *message, struct err *err)
{
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct said *said;
	struct span value;
	int rc = array_room(list, err);

	if (rc < 0)
		return rc;
	said = &list->at[list->n++];
	*said = (struct said){ none, none, none, 0 };
	rc = buf_add_span(&said->entity, message->entity, err);
	if (rc == 0)
		rc = buf_add_span(&said->state, message->state, err);
	if (rc == 0)
		rc = talk_text(view, message->state, "parent", &said->parent,
			       err);
	if (jcs_find(message->state, "index", &value))
		(void)jcs_integer(value, &said->index);
	return rc;
}

static int order_said(const void *a, const void *b)
{
	const struct said *x = a;
	const struct said *y = b;

	return span_compare(buf_span(&x->entity), buf_span(&y->entity));
}

static const struct said *find_said(const struct said_list *list,
				    const struct buf *entity)
{
	struct said key = { .entity = *entity };

	return list->n ? bsearch(&key, list->at, list->n, sizeof(*list->at),
				 order_said) : NULL;
}

/* The leaf of the shown branch; unless the session names it, the message
 * that stands last in the source. */
static const struct said *find_leaf(const struct said_list *list,
				    const struct buf *active)
{
	const struct said *leaf = find_said(list, active);
	size_t i;

	if (leaf)
		return leaf;
	for (i = 0; i < list->n; i++) {
		if (!leaf || list->at[i].index >= leaf->index)
			leaf = &list->at[i];
	}
	return leaf;
}

bool said_is_shown(const struct said *said)
{
	struct span value;

	return !jcs_find(buf_span(&said->state), "visibility", &value) ||
	       jcs_is_text(value, "visible");
}

static int render_said(struct view *view, const struct said *said,
		       struct buf *out, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf head = BUF_INIT(BUF_NO_LIMIT);
	struct span state = buf_span(&said->state);
	int rc;

	buf_put_str(&head, "**");
	rc = talk_text(view, state, "role", &head, err);
	buf_put_str(&head, "** ");
	if (rc == 0)
		rc = talk_text(view, state, "created", &head, err);
	if (rc == 0)
		rc = talk_text(view, state, "content", &text, err);
	if (rc == 0)
		rc = buf_end(&head, err);
	markdown_put_lines(out, buf_span(&head), "");
	buf_put_char(out, '\n');
	markdown_put_lines(out, buf_span(&text), "> ");
	buf_put_char(out, '\n');
	buf_release(&text);
	buf_release(&head);
	return rc;
}

/* From the root to the leaf; parents may be missing, or go in a circle. */
static int render_branch(struct view *view, const struct said_list *list,
			 const struct said *leaf, struct buf *out,
			 struct err *err)
{
	const struct said **branch;
	size_t shown = 0;
	size_t n = 0;
	int rc = 0;

	branch = calloc(list->n, sizeof(*branch));
	if (!branch)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (; leaf && n < list->n; leaf = find_said(list, &leaf->parent))
		branch[n++] = leaf;
	while (rc == 0 && n) {
		leaf = branch[--n];
		if (!said_is_shown(leaf))
			continue;
		shown++;
		rc = render_said(view, leaf, out, err);
	}
	if (shown < list->n)
		buf_putf(out, "*%zu more on other branches, or hidden.*\n",
			 list->n - shown);
	free(branch);
	return rc < 0 ? rc : buf_end(out, err);
}

int talk_render(struct view *view, struct said_list *list,
		const struct buf *active, struct buf *out, struct err *err)
{
	if (!list->n)
		return 0;
	qsort(list->at, list->n, sizeof(*list->at), order_said);
	return render_branch(view, list, find_leaf(list, active), out, err);
}
