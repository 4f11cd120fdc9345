#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/mend/hand/tags.h"
#include "cmd/action/mend/hand/target.h"
#include "cmd/action/undo/operation.h"
#include "lib/json/jcs_scan.h"

static bool is_given(const struct action_value *given, const char *text)
{
	size_t i;

	for (i = 0; i < given->n; i++) {
		if (!strcmp(given->texts[i], text))
			return true;
	}
	return false;
}

/* What it has with those that are given, or without them. */
static int tags_change(const struct action_call *call,
		       const struct tags *before, struct tags *out,
		       struct err *err)
{
	const struct action_value *given = action_value(call, "tag");
	bool goes = action_flag(call, "remove");
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < before->n; i++) {
		if (!goes || !is_given(given, before->at[i]))
			rc = tags_add(out, span_str(before->at[i]), err);
	}
	for (i = 0; rc == 0 && !goes && i < given->n; i++) {
		if (!tags_have(out, given->texts[i]))
			rc = tags_add(out, span_str(given->texts[i]), err);
	}
	return rc;
}

static int write_tags(struct action_call *call, const struct target *target,
		      struct entry *entry, const struct tags *tags,
		      struct write_result *result, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct buf subject = BUF_INIT(ENTITY_MAX_BYTES + 64);
	int rc;

	tags_put(tags, &fields);
	rc = jcs_fields_write(&fields, &data, err);
	if (rc == 0)
		rc = entry_open(entry, err);
	if (rc == 0)
		rc = target_write(target, entry, "update", buf_span(&data),
				  err);
	if (rc == 0)
		rc = buf_printf(&subject, err, "tag: %s",
				buf_text(&target->ref.entity));
	if (rc == 0)
		rc = entry_commit(entry, call, buf_text(&subject), result, err);
	jcs_fields_release(&fields);
	buf_release(&data);
	buf_release(&subject);
	return rc;
}

static int tag_target(struct action_call *call, const struct target *target,
		      struct err *err)
{
	struct entry entry = {
		.vault = call->vault,
		.construct = target->ref.view->construct,
	};
	struct write_result result = { .has_version = false };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct tags before = TAGS_INIT;
	struct tags after = TAGS_INIT;
	int rc = tags_of(buf_span(&target->state), &before, err);

	if (rc == 0)
		rc = tags_change(call, &before, &after, err);
	operation_says(call->operation, target->kind->name, 1);
	if (rc == 0 && after.n != before.n)
		rc = write_tags(call, target, &entry, &after, &result, err);
	else if (rc == 0 && action_flag(call, "tag"))
		host_note(call->host, "its tags are so already: nothing is "
			  "written");
	tags_sort(&after);
	tags_put(&after, &fields);
	fields_text(&fields, "entity", target_entity(target));
	entry_put(&entry, &result, &fields);
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	tags_release(&before);
	tags_release(&after);
	entry_release(&entry);
	return rc;
}

static int take_tags(void *arg, const struct view_entity *entity,
		     struct err *err)
{
	struct span value;

	if (!entity->state.at || !jcs_find(entity->state, "tags", &value))
		return 0;
	return tags_of(entity->state, arg, err);
}

static int emit_counts(struct action_call *call, struct tags *tags,
		       struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t i;
	size_t same;
	int rc = 0;

	tags_sort(tags);
	for (i = 0; rc == 0 && i < tags->n; i += same) {
		for (same = 1; i + same < tags->n &&
		     !strcmp(tags->at[i], tags->at[i + same]);)
			same++;
		fields_str(&fields, "tag", tags->at[i]);
		fields_integer(&fields, "count", (int64_t)same);
		rc = host_object(call->host, &fields, err);
	}
	jcs_fields_release(&fields);
	return rc;
}

/* Those in use, of all constructs: each thing is looked at. */
static int list_tags(struct action_call *call, struct err *err)
{
	struct tags tags = TAGS_INIT;
	const struct view_visitor visitor = { take_tags, &tags };
	struct name_list names = { NULL, 0 };
	struct view *view = NULL;
	size_t i;
	int rc = view_constructs_proper(call->vault, &names, err);

	for (i = 0; rc == 0 && i < names.n; i++) {
		rc = view_open_ref(call->vault, names.at[i], &view, err);
		if (rc == 0)
			rc = view_each(view, NULL, false, &visitor, err);
		view_free(view);
		view = NULL;
	}
	if (rc == 0)
		rc = emit_counts(call, &tags, err);
	tags_release(&tags);
	name_list_release(&names);
	return rc;
}

static int check(const struct action_call *call, struct err *err)
{
	if (!action_flag(call, "remove") || action_flag(call, "tag"))
		return 0;
	return err_set(err, ERR_INVALID, "the tags that go must be named");
}

static int run(struct action_call *call, struct err *err)
{
	struct target target = TARGET_INIT;
	const char *word = action_text(call, "what");
	int rc;

	if (!word)
		return list_tags(call, err);
	rc = target_open(call, word, &target, err);
	if (rc == 0)
		rc = target_live(&target, err);
	if (rc == 0)
		rc = tag_target(call, &target, err);
	target_release(&target);
	return rc;
}

static const struct action_param params[] = {
	{ "remove", ACTION_FLAG, 0, NULL, "take the tags away" },
	TARGET_CONSTRUCT,
	{ "what", ACTION_TEXT, ACTION_OPERAND, "<entity|record|@n>",
	  "what they are put on; alone: which tags it has" },
	{ "tag", ACTION_TEXT, ACTION_OPERAND | ACTION_REPEATED, "<tag>",
	  "the tags" },
	ACTION_PARAMS_END
};

const struct action action_tag = {
	"tag", "put tags on what there is, or list those in use", params,
	ACTION_WRITES, check, run
};
