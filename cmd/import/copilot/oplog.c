#include "cmd/import/copilot/oplog.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/utf8.h"
#include "lib/json/jcs_write.h"

static const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };

void oplog_release(struct oplog *log)
{
	size_t i;

	for (i = 0; i < log->opened.n; i++)
		free(log->opened.at[i]->at);
	free(log->opened.at);
	free(log->lost.at);
	arena_release(&log->arena);
}

static int list_add(struct oplog_list *list, struct oplog_node *node,
		    struct err *err)
{
	int rc = array_room(list, err);

	if (rc == 0)
		list->at[list->n++] = node;
	return rc;
}

static int add_child(struct oplog_node *node, struct oplog_node *child,
		     struct err *err)
{
	int rc = array_room(node, err);

	if (rc == 0)
		node->at[node->n++] = child;
	return rc;
}

static int new_node(struct oplog *log, struct span raw, struct span key,
		    struct oplog_node **out, struct err *err)
{
	struct oplog_node *node;
	char *copy = NULL;

	if (log->nodes == OPLOG_NODES_MAX)
		return err_set(err, ERR_LIMIT, "the log has too many values");
	node = arena_alloc(&log->arena, sizeof(*node));
	if (node && key.at)
		copy = arena_alloc(&log->arena, key.len + 1);
	if (!node || (key.at && !copy))
		return err_set(err, ERR_NOMEM, "out of memory");
	if (key.len)
		memcpy(copy, key.at, key.len);
	memset(node, 0, sizeof(*node));
	node->raw = raw;
	node->key = span_of(copy, key.len);
	log->nodes++;
	*out = node;
	return 0;
}

static bool can_open(const struct jval *value)
{
	if (jval_is(value, JVAL_ARRAY))
		return true;
	return jval_is(value, JVAL_OBJECT) &&
	       !(value->marks & JVAL_MEMBER_WTF) &&
	       jval_count(value) <= OPLOG_MEMBERS_MAX;
}

/* Give an unopened container its children; all of them, or it stays as it
 * is. */
static int open_node(struct oplog *log, struct oplog_node *node,
		     struct err *err)
{
	struct oplog_node *child;
	const struct jval *value;
	struct jdoc *doc = NULL;
	int rc;

	if (!node->raw.at)
		return 0;
	rc = jdoc_parse(node->raw, &options, &doc, err);
	if (rc < 0)
		return rc;
	value = jdoc_root(doc);
	if (!can_open(value)) {
		rc = err_set(err, ERR_INVALID, "a change inside a value that "
			     "has no parts");
		goto out;
	}
	rc = list_add(&log->opened, node, err);
	node->is_array = jval_is(value, JVAL_ARRAY);
	value = jval_first(value);
	for (; rc >= 0 && value; value = value->next) {
		rc = new_node(log, value->raw, value->key, &child, err);
		if (rc >= 0)
			rc = add_child(node, child, err);
	}
	if (rc >= 0)
		node->raw = span_of(NULL, 0);
out:
	jdoc_free(doc);
	return rc;
}

/* --- paths ----------------------------------------------------------------- */

static bool as_index(const struct jval *step, size_t *out)
{
	struct span digits = jval_is(step, JVAL_STRING) ? jval_text(step) :
		step->raw;
	size_t i;

	*out = 0;
	for (i = 0; i < digits.len && i < 10; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return false;
		*out = *out * 10 + (size_t)(digits.at[i] - '0');
	}
	return i && i == digits.len;
}

/* The place of the child that a step names; the one behind the last when it
 * is not there. */
static int find_child(const struct oplog_node *node, const struct jval *step,
		      size_t *out_at, struct err *err)
{
	struct span name = jval_is(step, JVAL_STRING) ? jval_text(step) :
		jval_is(step, JVAL_NUMBER) ? step->raw : span_of(NULL, 0);

	if (!name.at || !utf8_is_valid(name))
		return err_set(err, ERR_INVALID, "a path with a step that is "
			       "no name");
	if (node->is_array) {
		if (!as_index(step, out_at) || *out_at > node->n)
			return err_set(err, ERR_INVALID, "a path that leads "
				       "behind the end of an array");
		return 0;
	}
	for (*out_at = 0; *out_at < node->n; (*out_at)++) {
		if (span_equals(node->at[*out_at]->key, name))
			break;
	}
	return 0;
}

/*
 * Walk to the opened container of the last step, and find its place there.
 * The path has a step at least.
 */
static int walk(struct oplog *log, const struct jval *path,
		struct oplog_node **out_in, size_t *out_at, struct err *err)
{
	struct oplog_node *node = log->root;
	const struct jval *step = jval_first(path);
	int rc;

	if (!node)
		return err_set(err, ERR_INVALID, "a change before the "
			       "document");
	if (jval_count(path) > OPLOG_PATH_MAX)
		return err_set(err, ERR_INVALID, "a path of too many steps");
	for (;;) {
		rc = open_node(log, node, err);
		if (rc >= 0)
			rc = find_child(node, step, out_at, err);
		if (rc < 0 || !step->next)
			break;
		if (*out_at == node->n)
			return err_set(err, ERR_INVALID, "a path that leads "
				       "nowhere");
		node = node->at[*out_at];
		step = step->next;
	}
	*out_in = node;
	return rc;
}

static struct span last_name(const struct jval *path)
{
	const struct jval *step = jval_first(path);

	while (step->next)
		step = step->next;
	return jval_is(step, JVAL_STRING) ? jval_text(step) : step->raw;
}

/* --- changes --------------------------------------------------------------- */

static struct span home(const struct oplog_place *place,
			const struct jval *value)
{
	return span_of(place->log.at + place->offset +
		       (value->raw.at - place->from), value->raw.len);
}

/* A fresh child at a place, in place of what is there. */
static int put_child(struct oplog *log, struct oplog_node *in, size_t at,
		     struct span raw, struct span name, struct err *err)
{
	struct oplog_node *child = NULL;
	int rc;

	if (at == in->n && !in->is_array && in->n >= OPLOG_MEMBERS_MAX)
		return err_set(err, ERR_LIMIT, "an object of too many "
			       "members");
	rc = new_node(log, raw, in->is_array ? span_of(NULL, 0) : name,
		      &child, err);
	if (rc < 0 || at == in->n)
		return rc < 0 ? rc : add_child(in, child, err);
	in->at[at] = child;
	log->replaced++;
	return 0;
}

static int apply_set(struct oplog *log, const struct jval *path,
		     struct span raw, struct err *err)
{
	struct oplog_node *in = NULL;
	size_t at = 0;
	int rc;

	if (!jval_count(path)) {
		log->replaced += log->root != NULL;
		return new_node(log, raw, span_of(NULL, 0), &log->root, err);
	}
	rc = walk(log, path, &in, &at, err);
	return rc < 0 ? rc : put_child(log, in, at, raw, last_name(path),
				       err);
}

static int cut(struct oplog *log, struct oplog_node *array, size_t len,
	       bool is_told, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = len; rc >= 0 && is_told && i < array->n; i++)
		rc = list_add(&log->lost, array->at[i], err);
	log->replaced += array->n - len;
	if (rc >= 0)
		array->n = len;
	return rc;
}

static int find_array(struct oplog *log, const struct jval *path,
		      struct oplog_node **out, struct err *err)
{
	struct oplog_node *in = NULL;
	size_t at = 0;
	int rc;

	if (!jval_count(path)) {
		*out = log->root;
		rc = log->root ? 0 : err_set(err, ERR_INVALID, "a change "
					     "before the document");
	} else {
		rc = walk(log, path, &in, &at, err);
		if (rc >= 0 && at == in->n)
			rc = put_child(log, in, at, span_str("[]"),
				       last_name(path), err);
		if (rc >= 0)
			*out = in->at[at];
	}
	if (rc >= 0)
		rc = open_node(log, *out, err);
	if (rc >= 0 && !(*out)->is_array)
		rc = err_set(err, ERR_INVALID, "items for what is no array");
	return rc;
}

static int apply_push(struct oplog *log, const struct jval *line,
		      const struct oplog_place *place, struct err *err)
{
	const struct jval *path = jval_get(line, "k");
	const struct jval *items = jval_get(line, "v");
	const struct jval *from = jval_get(line, "i");
	struct oplog_node *array = NULL;
	size_t len = 0;
	int rc;

	if (items && !jval_is(items, JVAL_ARRAY))
		return err_set(err, ERR_INVALID, "items that are no array");
	rc = find_array(log, path, &array, err);
	if (rc < 0)
		return rc;
	if (from && !jval_is(from, JVAL_NULL)) {
		if (!as_index(from, &len) || len > array->n)
			return err_set(err, ERR_INVALID, "an array is to be "
				       "cut where it does not reach");
		rc = cut(log, array, len, jval_count(path) == 1, err);
	}
	items = jval_first(items);
	for (; rc >= 0 && items; items = items->next)
		rc = put_child(log, array, array->n, home(place, items),
			       span_of(NULL, 0), err);
	return rc;
}

/* An item of an array leaves a hole, as in the program that writes this. */
static int apply_delete(struct oplog *log, const struct jval *path,
			struct err *err)
{
	struct oplog_node *in = NULL;
	size_t at = 0;
	int rc;

	if (!jval_count(path))
		return err_set(err, ERR_INVALID, "the document is deleted");
	rc = walk(log, path, &in, &at, err);
	if (rc < 0 || at == in->n)
		return rc;
	if (in->is_array)
		return put_child(log, in, at, span_str("null"),
				 span_of(NULL, 0), err);
	memmove(in->at + at, in->at + at + 1,
		(in->n - at - 1) * sizeof(*in->at));
	in->n--;
	log->replaced++;
	return 0;
}

int oplog_apply(struct oplog *log, const struct jval *line,
		const struct oplog_place *place, bool *out_is_known,
		struct err *err)
{
	const struct jval *path = jval_get(line, "k");
	const struct jval *value = jval_get(line, "v");
	long long kind = -1;

	*out_is_known = jval_integer(jval_get(line, "kind"), &kind) &&
		kind >= 0 && kind <= 3;
	if (!*out_is_known)
		return 0;
	if (path && !jval_is(path, JVAL_ARRAY))
		return err_set(err, ERR_INVALID, "a path that is no array");
	if (kind < 2 && !value)
		return err_set(err, ERR_INVALID, "a change without a value");
	if (kind == 0)
		return apply_set(log, NULL, home(place, value), err);
	if (kind == 1)
		return apply_set(log, path, home(place, value), err);
	return kind == 2 ? apply_push(log, line, place, err) :
		apply_delete(log, path, err);
}

/* --- writing --------------------------------------------------------------- */

/* What comes before a child: a comma, its name. */
static int write_lead(const struct oplog_node *in, size_t at, struct buf *out,
		      struct err *err)
{
	int rc = at ? buf_add_char(out, ',', err) : 0;

	if (rc < 0 || in->is_array)
		return rc;
	rc = jcs_add_string(out, in->at[at]->key, err);
	return rc < 0 ? rc : buf_add_char(out, ':', err);
}

int oplog_write(const struct oplog *log, const struct oplog_node *node,
		struct buf *out, struct err *err)
{
	/* No deeper than the paths that opened them. */
	struct {
		const struct oplog_node *node;
		size_t at;
	} stack[OPLOG_PATH_MAX + 2];
	size_t depth = 0;
	int rc = 0;

	node = node ? node : log->root;
	while (rc >= 0 && node) {
		if (node->raw.at) {
			rc = buf_add_span(out, node->raw, err);
		} else {
			stack[depth].node = node;
			stack[depth++].at = 0;
			rc = buf_add_char(out, node->is_array ? '[' : '{',
					  err);
		}
		/* Up to the next one that is not written. */
		while (rc >= 0 && depth &&
		       stack[depth - 1].at == stack[depth - 1].node->n) {
			depth--;
			rc = buf_add_char(out, stack[depth].node->is_array ?
					  ']' : '}', err);
		}
		if (rc < 0 || !depth)
			break;
		rc = write_lead(stack[depth - 1].node, stack[depth - 1].at,
				out, err);
		node = stack[depth - 1].node->at[stack[depth - 1].at++];
	}
	return rc;
}
