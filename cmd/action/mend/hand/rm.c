#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/mend/hand/described.h"
#include "cmd/action/mend/hand/doomed.h"
#include "cmd/action/result.h"
#include "cmd/action/undo/operation.h"

/* All that goes of one construct. */
struct removal {
	char construct[CONSTRUCT_NAME_MAX];
	struct doomed doomed;
	struct buf named;	/* what was named, items of an array of JSON */
	struct buf first;	/* the first of them, in words */
};

struct removals {
	struct removal at[ACTION_PARAMS_MAX];	/* constructs in one call */
	size_t n;
};

static struct removal *removal_of(struct removals *removals,
				  const char *construct, struct err *err)
{
	size_t i;

	for (i = 0; i < removals->n; i++) {
		if (!strcmp(removals->at[i].construct, construct))
			return &removals->at[i];
	}
	if (i == ACTION_PARAMS_MAX) {
		(void)err_set(err, ERR_LIMIT, "of too many constructs at once");
		return NULL;
	}
	removals->n++;
	memcpy(removals->at[i].construct, construct, strlen(construct) + 1);
	removals->at[i].named = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	removals->at[i].first = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	return &removals->at[i];
}

/* So that who deletes sees what it was. */
static int keep_words(struct removal *removal, const struct target *target,
		      struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf what = BUF_INIT(BUF_NO_LIMIT);
	int rc = described(target, &what, err);

	fields_text(&fields, "entity", target_entity(target));
	fields_str(&fields, "what", buf_text(&what));
	buf_put_str(&removal->named, removal->named.len ? "," : "");
	if (rc == 0)
		rc = jcs_fields_write(&fields, &removal->named, err);
	if (rc == 0 && !removal->first.len)
		rc = buf_add_span(&removal->first, buf_span(&what), err);
	jcs_fields_release(&fields);
	buf_release(&what);
	return rc;
}

/* One that was named twice is one. */
static int add_named(struct removal *removal, const struct target *target,
		     struct err *err)
{
	size_t before = removal->doomed.n;
	int rc = doomed_add(&removal->doomed, target, err);

	return rc < 0 || removal->doomed.n == before ? rc :
	       keep_words(removal, target, err);
}

static int doom_named(struct action_call *call, const char *word,
		      struct removals *removals, struct err *err)
{
	struct target target = TARGET_INIT;
	struct removal *removal = NULL;
	int rc = target_open(call, word, &target, err);

	if (rc == 0 && target.is_whole)
		rc = err_set(err, ERR_INVALID, "'%s' is a construct: rm "
			     "deletes what is in one", word);
	if (rc == 0 && !target.is_live) {
		host_note(call->host, "'%s' is deleted already", word);
		call->is_no = true;
	} else if (rc == 0) {
		rc = target_live(&target, err);
		if (rc == 0)
			removal = removal_of(removals,
					     target.ref.view->construct, err);
		if (rc == 0)
			rc = removal ? add_named(removal, &target, err) :
			     ERR_LIMIT;
	}
	target_release(&target);
	return rc;
}

/* Who names a session may not think of all that is in it. */
static int ask(struct action_call *call, const struct removals *removals,
	       bool *out_goes_on, struct err *err)
{
	struct buf question = BUF_INIT(256);
	size_t messages = 0;
	size_t i;
	int rc = 0;

	for (i = 0; i < removals->n; i++)
		messages += removals->at[i].doomed.messages;
	*out_goes_on = true;
	if (!messages || action_flag(call, "yes"))
		return 0;
	if (!host_can_ask(call->host))
		return err_set(err, ERR_INVALID, "what is in it would go as "
			       "well, %zu message%s: --yes says that they may",
			       messages, messages == 1 ? "" : "s");
	rc = buf_printf(&question, err, "Delete what is in it as well, %zu "
			"message%s?", messages, messages == 1 ? "" : "s");
	*out_goes_on = rc == 0 &&
		       host_confirm(call->host, buf_span(&question));
	buf_release(&question);
	return rc;
}

static void put_entities(struct jcs_fields *fields,
			 const struct removal *removal)
{
	const struct doomed *doomed = &removal->doomed;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < doomed->n; i++) {
		buf_put_str(&list, i ? "," : "");
		jcs_put_string(&list, span_str(doomed->at[i].entity));
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "deleted", &list);
	buf_reset(&list);
	buf_putf(&list, "[%s]", buf_text(&removal->named));
	fields_buf(fields, "named", &list);
	buf_release(&list);
}

static int remove_from(struct action_call *call,
		       const struct removal *removal, struct err *err)
{
	const struct doomed *doomed = &removal->doomed;
	struct entry entry = {
		.vault = call->vault, .construct = removal->construct,
	};
	struct write_result result = { .has_version = false };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf subject = BUF_INIT(ENTITY_MAX_BYTES + 64);
	size_t i;
	int rc = entry_open(&entry, err);

	for (i = 0; rc == 0 && i < doomed->n; i++) {
		const struct doomed_one *one = &doomed->at[i];
		const struct stood stood = {
			one->entity, one->kind, &one->standing
		};

		operation_says(call->operation, one->kind->name, 1);
		rc = target_write_stood(&stood, &entry, "delete",
					span_str("{}"), err);
	}
	if (rc == 0)
		rc = doomed->n == 1 ?
		     buf_printf(&subject, err, "rm: %s",
				buf_text(&removal->first)) :
		     buf_printf(&subject, err, "rm: %zu deleted", doomed->n);
	if (rc == 0)
		rc = entry_commit(&entry, call, buf_text(&subject), &result,
				  err);
	put_entities(&fields, removal);
	entry_put(&entry, &result, &fields);
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	buf_release(&subject);
	entry_release(&entry);
	return rc;
}

static int run(struct action_call *call, struct err *err)
{
	const struct action_value *words = action_value(call, "what");
	struct removals removals = { .n = 0 };
	bool goes_on = false;
	size_t i;
	int rc = 0;

	/* Nothing is deleted before all is found. */
	for (i = 0; rc == 0 && i < words->n; i++)
		rc = doom_named(call, words->texts[i], &removals, err);
	if (rc == 0)
		rc = ask(call, &removals, &goes_on, err);
	for (i = 0; rc == 0 && goes_on && i < removals.n; i++)
		rc = remove_from(call, &removals.at[i], err);
	if (rc == 0 && goes_on && removals.n)
		host_note(call->host, "the history keeps it, on each device "
			  "that has it: 'vvault undo' brings it back");
	call->is_no |= rc == 0 && !goes_on;
	for (i = 0; i < removals.n; i++) {
		doomed_release(&removals.at[i].doomed);
		buf_release(&removals.at[i].named);
		buf_release(&removals.at[i].first);
	}
	return rc;
}

static const struct action_param params[] = {
	{ "yes", ACTION_FLAG, 0, NULL,
	  "what is in a session goes too, without asking" },
	TARGET_CONSTRUCT,
	{ "what", ACTION_TEXT,
	  ACTION_OPERAND | ACTION_REQUIRED | ACTION_REPEATED,
	  "<entity|record|@n>", "what is deleted" },
	ACTION_PARAMS_END
};

const struct action action_rm = {
	"rm", "delete memories, messages, sessions", params, ACTION_WRITES,
	NULL, run
};
