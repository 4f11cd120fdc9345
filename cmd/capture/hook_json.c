#include "cmd/capture/hook_internal.h"

#include <string.h>

#include "lib/settings/jtext.h"
#include "lib/json/jcs_write.h"

#define HOOKS "hooks"

/*
 * The text is changed, not written anew. Each change is one piece put in or
 * taken out; then the text is read again.
 */

static int read_text(const struct hook_call *call, struct span text,
		     struct jtext *out, struct err *err)
{
	return jtext_read(out, text, call->agent->hook->is_loose, err);
}

/* Some files hold nothing but the events. */
static const struct jval *events_of(const struct hook_call *call,
				    const struct jval *root)
{
	const struct jval *hooks = jval_get(root, HOOKS);

	return call->is_bare && !hooks ? root : hooks;
}

/* --- our piece ------------------------------------------------------------- */

/* {"type":"command", ...}, in a group or alone. */
static int put_item(const struct hook_call *call, struct buf *out,
		    struct err *err)
{
	const struct agent_hook *hook = call->agent->hook;
	bool is_grouped = hook->shape == HOOK_IN_GROUPS;
	struct buf command = BUF_INIT(BUF_NO_LIMIT);
	int rc = hook_command(call, &command, err);

	buf_put_str(out, is_grouped ? "{\"" HOOKS "\":[{" : "{");
	if (hook->shape != HOOK_IN_COMMANDS)
		buf_put_str(out, "\"type\":\"command\",");
	buf_put_str(out, hook->shape == HOOK_IN_LISTS ? "\"bash\":" :
		    "\"command\":");
	jcs_put_string(out, buf_span(&command));
	if (hook->timeout)
		buf_putf(out, ",\"%s\":%u", is_grouped ? "timeout" :
			 "timeoutSec", hook->timeout);
	buf_put_str(out, is_grouped ? "}]}" : "}");
	buf_release(&command);
	return rc < 0 ? rc : buf_end(out, err);
}

/* One event more, in a text that does not have ours there. */
static int add_event(const struct hook_call *call, const char *event,
		     struct span text, struct buf *out, struct err *err)
{
	const char *const names[] = { HOOKS, event };
	struct jtext_place place = { names, 2, NULL };
	struct jtext json = JTEXT_INIT;
	struct buf item = BUF_INIT(BUF_NO_LIMIT);
	int rc = read_text(call, text, &json, err);

	if (rc == 0)
		rc = put_item(call, &item, err);
	if (rc == 0 && events_of(call, jtext_root(&json)) ==
		       jtext_root(&json))
		place = (struct jtext_place){ names + 1, 1, NULL };
	if (rc == 0)
		rc = jtext_add(&json, &place, buf_span(&item), out, err);
	buf_release(&item);
	jtext_release(&json);
	return rc;
}

/* --- taking out ------------------------------------------------------------ */

/* Where ours stands: the whole, its hooks, the list of an event, and in that
 * the item; or a group, its hooks, and the item. */
struct trail {
	const struct jval *at[6];
	size_t n;
};

static void follow(struct trail *trail, const struct jval *value)
{
	trail->at[trail->n++] = value;
}

static struct span command_of(const struct jval *item)
{
	struct span command = jval_get_text(item, "command");

	return command.at ? command : jval_get_text(item, "bash");
}

static bool find_in_group(const struct hook_call *call,
			  const struct jval *group, struct trail *trail)
{
	const struct jval *items = jval_get(group, HOOKS);
	const struct jval *item;

	for (item = jval_first(items); item; item = item->next) {
		if (!hook_is_ours(call, command_of(item)))
			continue;
		follow(trail, items);
		follow(trail, item);
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
		follow(trail, one);
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
	const struct jval *events = events_of(call, root);
	const struct jval *list;

	for (list = jval_first(events); list; list = list->next) {
		trail->n = 0;
		follow(trail, root);
		if (events != root)
			follow(trail, events);
		follow(trail, list);
		if (find_item(call, list, trail))
			return true;
	}
	return false;
}

/* The group of the item that the trail ends with, by its place; 0: none. */
static size_t group_of(const struct trail *trail)
{
	const struct jval *items = trail->at[trail->n - 2];

	return items == jval_get(trail->at[trail->n - 3], HOOKS) &&
	       trail->n > 4 ? trail->n - 3 : 0;
}

/* One of ours, and what holds nothing else. */
static int remove_one(const struct hook_call *call, struct span text,
		      struct buf *out, bool *out_was_there, struct err *err)
{
	struct jtext json = JTEXT_INIT;
	struct trail trail = { .n = 0 };
	size_t group;
	size_t n;
	int rc = read_text(call, text, &json, err);

	*out_was_there = rc == 0 &&
			 find_ours(call, jtext_root(&json), &trail);
	if (*out_was_there) {
		/* A group goes with its only hook, whatever else it says. */
		group = group_of(&trail);
		n = trail.n - 1;
		while (n > 1 && ((group && n == group + 1) ||
				 jval_count(trail.at[n - 1]) == 1))
			n--;
		jtext_cut(&json, trail.at[n - 1], trail.at[n], out);
		rc = buf_end(out, err);
	}
	jtext_release(&json);
	return rc;
}

int hook_json_remove(const struct hook_call *call, struct span text,
		     struct buf *out, struct err *err)
{
	struct buf one = BUF_INIT(BUF_NO_LIMIT);
	bool was_there = !jtext_is_blank(text);
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
	struct jtext json = JTEXT_INIT;
	const struct jval *events = NULL;
	struct trail trail;
	bool is_there = read_text(call, text, &json, NULL) == 0 &&
			hook_command(call, &command, NULL) == 0;

	if (is_there)
		events = events_of(call, jtext_root(&json));
	for (; is_there && *event; event++) {
		trail.n = 0;
		is_there = find_item(call, jval_get(events, *event), &trail) &&
			   span_equals(command_of(trail.at[trail.n - 1]),
				       buf_span(&command));
	}
	buf_release(&command);
	jtext_release(&json);
	return is_there;
}

int hook_json_add(const struct hook_call *call, struct span text,
		  struct buf *out, struct err *err)
{
	const char *const *event = call->agent->hook->events;
	bool has_version = call->agent->hook->shape != HOOK_IN_GROUPS;
	struct buf one = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (text.len && stands(call, text))
		return buf_add_span(out, text, err);
	jtext_begin(text, has_version ? "{\n  \"version\": 1\n}\n" :
			"{\n}\n", &one);
	rc = buf_end(&one, err);
	if (rc == 0)
		rc = hook_json_remove(call, buf_span(&one), out, err);
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
