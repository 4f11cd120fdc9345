#include "cmd/capture/hook_internal.h"

#include <string.h>

#include "lib/json/jcs_write.h"
#include "lib/json/jdoc.h"
#include "lib/json/lex.h"

/*
 * The text is changed, not written anew: how people indent, order and number
 * is theirs. Each change is one piece put in or taken out; then the text is
 * read again.
 */

#define UNIT_DEFAULT "  "
#define UNIT_MAX 16

static const struct jdoc_options strict = {
	.flags = JDOC_BOM_SKIP | JDOC_DUPLICATES_REFUSE,
};

/* --- layout ---------------------------------------------------------------- */

static bool is_blank(struct span text)
{
	const char *end = text.at + text.len;

	return !text.len || lex_skip_space(text.at, end) == end;
}

/* The blanks that the line begins with in which this place is. */
static struct span indent_at(struct span text, size_t at)
{
	size_t begin = at;
	size_t end;

	while (begin && text.at[begin - 1] != '\n')
		begin--;
	for (end = begin; end < text.len; end++) {
		if (text.at[end] != ' ' && text.at[end] != '\t')
			break;
	}
	return span_of(text.at + begin, end - begin);
}

/* One step of indentation: that of the first member of all. */
static struct span unit_of(struct span text, const struct jval *root)
{
	size_t at = (size_t)(root->raw.at - text.at) + 1;
	struct span indent;

	while (at < text.len && lex_is_space(text.at[at]))
		at++;
	indent = indent_at(text, at);
	if (!indent.len || indent.len > UNIT_MAX || !jval_count(root) ||
	    indent.at == text.at)
		return span_str(UNIT_DEFAULT);
	return indent;
}

struct layout {
	struct span indent;	/* of the line that the piece begins in */
	struct span unit;
};

static void hook_line(struct buf *out, const struct layout *layout,
		      unsigned depth, const char *text)
{
	buf_put_char(out, '\n');
	buf_put_span(out, layout->indent);
	while (depth--)
		buf_put_span(out, layout->unit);
	buf_put_str(out, text);
}

/* --- our piece ------------------------------------------------------------- */

static void hook_member(struct buf *out, const struct layout *layout,
			unsigned depth, const char *name, struct span value)
{
	hook_line(out, layout, depth, "");
	buf_putf(out, "\"%s\": ", name);
	jcs_put_string(out, value);
	buf_put_char(out, ',');
}

/* {"type":"command", ...} */
static void hook_item(const struct hook_call *call, struct buf *out,
		      const struct layout *layout, unsigned depth)
{
	bool is_grouped = call->agent->hook->shape == HOOK_IN_GROUPS;
	struct buf command = BUF_INIT(BUF_NO_LIMIT);

	buf_fail(out, hook_command(call, &command, NULL));
	buf_put_char(out, '{');
	hook_member(out, layout, depth + 1, "type", span_str("command"));
	hook_member(out, layout, depth + 1, is_grouped ? "command" : "bash",
		   buf_span(&command));
	hook_line(out, layout, depth + 1, "");
	buf_putf(out, "\"%s\": %u", is_grouped ? "timeout" : "timeoutSec",
		 call->agent->hook->timeout);
	hook_line(out, layout, depth, "}");
	buf_release(&command);
}

/* What stands in the array of an event. */
static void hook_group(const struct hook_call *call, struct buf *out,
		       const struct layout *layout, unsigned depth)
{
	if (call->agent->hook->shape == HOOK_IN_LISTS) {
		hook_item(call, out, layout, depth);
		return;
	}
	buf_put_char(out, '{');
	hook_line(out, layout, depth + 1, "\"hooks\": [");
	hook_line(out, layout, depth + 2, "");
	hook_item(call, out, layout, depth + 2);
	hook_line(out, layout, depth + 1, "]");
	hook_line(out, layout, depth, "}");
}

static void hook_event(const struct hook_call *call, const char *event,
		       struct buf *out, const struct layout *layout,
		      unsigned depth)
{
	buf_putf(out, "\"%s\": [", event);
	hook_line(out, layout, depth + 1, "");
	hook_group(call, out, layout, depth + 1);
	hook_line(out, layout, depth, "]");
}

static void hook_hooks(const struct hook_call *call, const char *event,
		       struct buf *out, const struct layout *layout)
{
	buf_put_str(out, "\"hooks\": {");
	hook_line(out, layout, 2, "");
	hook_event(call, event, out, layout, 2);
	hook_line(out, layout, 1, "}");
}

/* --- putting in ------------------------------------------------------------ */

static const struct jval *last_of(const struct jval *container)
{
	const struct jval *last = jval_first(container);

	while (last && last->next)
		last = last->next;
	return last;
}

/* The text up to where a piece behind the last one in a container goes; *rest:
 * what follows it. */
static void begin_piece(struct span text, const struct jval *container,
			const struct layout *layout, struct buf *out,
			size_t *rest)
{
	const struct jval *last = last_of(container);
	size_t at = last ? (size_t)(last->raw.at - text.at) + last->raw.len :
		    (size_t)(container->raw.at - text.at) + 1;

	buf_put(out, text.at, at);
	if (last)
		buf_put_char(out, ',');
	hook_line(out, layout, 1, "");
	*rest = at;
}

static void end_piece(struct span text, const struct jval *container,
		      const struct layout *layout, struct buf *out,
		      size_t rest)
{
	if (!jval_count(container)) {
		hook_line(out, layout, 0, "");
		while (rest < text.len && lex_is_space(text.at[rest]))
			rest++;
	}
	buf_put(out, text.at + rest, text.len - rest);
}

static int check_shape(const struct jval *value, enum jval_type type,
		       const char *name, const char *what, struct err *err)
{
	if (!value || jval_is(value, type))
		return 0;
	return err_set(err, ERR_INVALID, "'%s' is no %s there", name, what);
}

/* One event more, in a text that does not have ours there. */
static int add_event(const struct hook_call *call, const char *event,
		     struct span text, struct buf *out, struct err *err)
{
	struct jdoc *doc = NULL;
	const struct jval *root;
	const struct jval *hooks;
	const struct jval *list;
	const struct jval *in;
	struct layout layout;
	size_t rest = 0;
	int rc = jdoc_parse(text, &strict, &doc, err);

	if (rc < 0)
		return rc;
	root = jdoc_root(doc);
	hooks = jval_get(root, "hooks");
	list = jval_get(hooks, event);
	rc = check_shape(root, JVAL_OBJECT, "the whole", "object", err);
	if (rc == 0)
		rc = check_shape(hooks, JVAL_OBJECT, "hooks", "object", err);
	if (rc == 0)
		rc = check_shape(list, JVAL_ARRAY, event, "array", err);
	if (rc < 0)
		goto out;
	in = list ? list : hooks ? hooks : root;
	layout.unit = unit_of(text, root);
	layout.indent = indent_at(text, (size_t)(in->raw.at - text.at));
	begin_piece(text, in, &layout, out, &rest);
	if (list)
		hook_group(call, out, &layout, 1);
	else if (hooks)
		hook_event(call, event, out, &layout, 1);
	else
		hook_hooks(call, event, out, &layout);
	end_piece(text, in, &layout, out, rest);
	rc = buf_end(out, err);
out:
	jdoc_free(doc);
	return rc;
}

/* --- taking out ------------------------------------------------------------ */

/* Where ours stands: the whole, its hooks, the list of an event, and in that
 * the item; or a group, its hooks, and the item. */
struct trail {
	const struct jval *at[6];
	size_t n;
};
#define TRAIL_LIST 3		/* so many lead to what is in a list */
#define TRAIL_GROUP_HOOKS 4	/* place of the hooks of a group */

static struct span command_of(const struct jval *item)
{
	struct span command = jval_get_text(item, "command");

	return command.at ? command : jval_get_text(item, "bash");
}

static bool find_in_group(const struct hook_call *call,
			  const struct jval *group, struct trail *trail)
{
	const struct jval *items = jval_get(group, "hooks");
	const struct jval *item;

	for (item = jval_first(items); item; item = item->next) {
		if (!hook_is_ours(call, command_of(item)))
			continue;
		trail->at[trail->n++] = items;
		trail->at[trail->n++] = item;
		return true;
	}
	return false;
}

/* In the list of an event, which the trail leads to. */
static bool find_item(const struct hook_call *call, const struct jval *list,
		      struct trail *trail)
{
	const struct jval *one;

	for (one = jval_first(list); one; one = one->next) {
		trail->at[trail->n++] = one;
		if (hook_is_ours(call, command_of(one)) ||
		    find_in_group(call, one, trail))
			return true;
		trail->n--;
	}
	return false;
}

static bool find_ours(const struct hook_call *call, const struct jval *root,
		      struct trail *trail)
{
	const struct jval *hooks = jval_get(root, "hooks");
	const struct jval *list;

	for (list = jval_first(hooks); list; list = list->next) {
		*trail = (struct trail){ { root, hooks, list }, TRAIL_LIST };
		if (find_item(call, list, trail))
			return true;
	}
	return false;
}

/* Where what stands in a container begins: its key, or the value. */
static size_t begin_of(struct span text, const struct jval *container,
		       const struct jval *before)
{
	size_t at = before ? (size_t)(before->raw.at - text.at) +
			     before->raw.len :
		    (size_t)(container->raw.at - text.at) + 1;

	while (lex_is_space(text.at[at]) || (before && text.at[at] == ','))
		at++;
	return at;
}

/* All but what stands there; with the comma, and the line that it was on. */
static void put_without(struct span text, const struct jval *container,
			const struct jval *gone, struct buf *out)
{
	size_t end = (size_t)(gone->raw.at - text.at) + gone->raw.len;
	const struct jval *before = NULL;
	const struct jval *at = jval_first(container);
	size_t begin;

	for (; at != gone; at = at->next)
		before = at;
	if (before)
		begin = (size_t)(before->raw.at - text.at) + before->raw.len;
	else if (gone->next)
		begin = begin_of(text, container, NULL);
	else
		begin = (size_t)(container->raw.at - text.at) + 1;
	if (!before && gone->next)
		end = begin_of(text, container, gone);
	else if (!before)
		end = (size_t)(container->raw.at - text.at) +
		      container->raw.len - 1;
	buf_put(out, text.at, begin);
	buf_put(out, text.at + end, text.len - end);
}

/* One of ours, and what holds nothing else. */
static int remove_one(const struct hook_call *call, struct span text,
		      struct buf *out, bool *out_was_there, struct err *err)
{
	struct jdoc *doc = NULL;
	struct trail trail = { .n = 0 };
	size_t n;
	int rc = jdoc_parse(text, &strict, &doc, err);

	*out_was_there = rc == 0 && find_ours(call, jdoc_root(doc), &trail);
	if (*out_was_there) {
		/* A group goes with its only hook, whatever else it says. */
		n = trail.n - 1;
		while (n > 1 && (n == TRAIL_GROUP_HOOKS ||
				 jval_count(trail.at[n - 1]) == 1))
			n--;
		put_without(text, trail.at[n - 1], trail.at[n], out);
		rc = buf_end(out, err);
	}
	jdoc_free(doc);
	return rc;
}

int hook_json_remove(const struct hook_call *call, struct span text,
		     struct buf *out, struct err *err)
{
	struct buf one = BUF_INIT(BUF_NO_LIMIT);
	bool was_there = !is_blank(text);
	int rc;

	buf_reset(out);
	rc = buf_add_span(out, text, err);
	while (rc == 0 && was_there) {
		buf_reset(&one);
		rc = remove_one(call, buf_span(out), &one, &was_there, err);
		if (rc == 0 && was_there) {
			buf_reset(out);
			rc = buf_add_span(out, buf_span(&one), err);
		}
	}
	buf_release(&one);
	return rc;
}

/* --- all ------------------------------------------------------------------- */

/* Does ours stand at each event, once, as it would be put in? */
static bool stands(const struct hook_call *call, struct span text)
{
	const char *const *event = call->agent->hook->events;
	struct buf command = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	const struct jval *hooks;
	struct trail trail;
	bool is_there = jdoc_parse(text, &strict, &doc, NULL) == 0 &&
			hook_command(call, &command, NULL) == 0;

	hooks = is_there ? jval_get(jdoc_root(doc), "hooks") : NULL;
	for (; is_there && *event; event++) {
		trail = (struct trail){ { NULL }, TRAIL_LIST };
		is_there = find_item(call, jval_get(hooks, *event), &trail) &&
			   span_equals(command_of(trail.at[trail.n - 1]),
				       buf_span(&command));
	}
	buf_release(&command);
	jdoc_free(doc);
	return is_there;
}

static struct span begin_text(const struct hook_call *call, struct span text)
{
	if (!is_blank(text))
		return text;
	return span_str(call->agent->hook->shape == HOOK_IN_LISTS ?
			"{\n  \"version\": 1\n}\n" : "{\n}\n");
}

int hook_json_add(const struct hook_call *call, struct span text,
		  struct buf *out, struct err *err)
{
	const char *const *event = call->agent->hook->events;
	struct buf one = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (text.len && stands(call, text))
		return buf_add_span(out, text, err);
	rc = hook_json_remove(call, begin_text(call, text), out, err);
	for (; rc == 0 && *event; event++) {
		buf_reset(&one);
		rc = add_event(call, *event, buf_span(out), &one, err);
		if (rc < 0)
			break;
		buf_reset(out);
		rc = buf_add_span(out, buf_span(&one), err);
	}
	buf_release(&one);
	return rc;
}
