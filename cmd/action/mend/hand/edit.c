#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/construct/statement.h"
#include "cmd/action/mend/form/form.h"
#include "cmd/action/mend/hand/described.h"
#include "cmd/action/mend/form/text.h"
#include "cmd/action/result.h"
#include "cmd/action/undo/operation.h"
#include "lib/json/jcs_scan.h"
#include "refs/write/publish.h"

#define HEADING_BYTES (ENTITY_MAX_BYTES + 256)

static int take_field(const char *word, struct form_change *out,
		      struct err *err)
{
	const char *equal = strchr(word, '=');

	if (!equal || equal == word)
		return err_set(err, ERR_INVALID, "'%s' is no <field>=<value>",
			       word);
	word += word[0] == '/';
	out->name = span_of(word, (size_t)(equal - word));
	out->text = equal[1] ? span_str(equal + 1) : span_of(NULL, 0);
	return 0;
}

static int check(const struct action_call *call, struct err *err)
{
	const struct action_value *fields = action_value(call, "field");
	struct form_change change;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < fields->n; i++)
		rc = take_field(fields->texts[i], &change, err);
	return rc;
}

/* What --content and --field say. */
static int data_of_options(const struct action_call *call,
			   const struct kind *kind, const struct jval *state,
			   struct buf *data, struct err *err)
{
	const struct action_value *fields = action_value(call, "field");
	const char *field = form_words(kind);
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	struct form_change *changes = calloc(fields->n + 1, sizeof(*changes));
	size_t n = 0;
	int rc = changes ? 0 : err_set(err, ERR_NOMEM, "out of memory");

	while (rc == 0 && n < fields->n) {
		rc = take_field(fields->texts[n], &changes[n], err);
		n++;
	}
	if (rc == 0 && action_flag(call, "content")) {
		rc = field ? text_join(call, action_value(call, "content"),
				       &words, err) :
		     err_set(err, ERR_INVALID, "a %s has no content",
			     kind->name);
		changes[n++] = (struct form_change){
			span_str(field), buf_span(&words)
		};
	}
	if (rc == 0)
		rc = form_data(kind, state, changes, n, data, err);
	free(changes);
	buf_release(&words);
	return rc;
}

static int data_of_editor(const struct action_call *call,
			  const struct target *target,
			  const struct jval *state, struct buf *data,
			  struct err *err)
{
	struct buf heading = BUF_INIT(HEADING_BYTES);
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	struct buf shown = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	char name[64];
	struct text_form form = {
		name, "--content gives the words", target->kind, state, span_of(NULL, 0), &text
	};
	int rc = target_words(target, form_words(target->kind), &words, err);

	if (rc == 0)
		rc = buf_printf(&heading, err, "# %s of %s\n# Without its line "
				"a field is deleted; an empty file changes "
				"nothing.\n", buf_text(&target->ref.entity),
				view_title(target->ref.view));
	if (rc == 0)
		rc = form_show(target->kind, state, buf_span(&words),
			       buf_text(&heading), &shown, err);
	if (rc == 0)
		rc = buf_add_span(&text, buf_span(&shown), err);
	form.shown = buf_span(&shown);
	snprintf(name, sizeof(name), "%s.md", target->kind->name);
	if (rc == 0)
		rc = text_edit(call, &form, data, err);
	buf_release(&heading);
	buf_release(&words);
	buf_release(&shown);
	buf_release(&text);
	return rc;
}

/* Empty: the form was emptied. */
static int edited_data(const struct action_call *call, const struct target *target,
		  struct buf *data, struct err *err)
{
	bool has_options = action_flag(call, "content") ||
			   action_flag(call, "field");
	struct jdoc_options options = { .flags = JDOC_COPY };
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc = jdoc_from_jcs(buf_span(&target->state), &plain, err);

	if (rc == 0)
		rc = jdoc_parse(buf_span(&plain), &options, &doc, err);
	if (rc == 0)
		rc = has_options ?
		     data_of_options(call, target->kind, jdoc_root(doc), data,
				     err) :
		     data_of_editor(call, target, jdoc_root(doc), data, err);
	jdoc_free(doc);
	buf_release(&plain);
	return rc;
}

/* What another writer has said meanwhile stands beside ours. */
static int look_again(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	(void)err;
	*(size_t *)arg = entity->conflicts;
	return 0;
}

static int tell_conflicts(struct action_call *call,
			  const struct target *target, struct err *err)
{
	size_t conflicts = 0;
	const struct view_visitor visitor = { look_again, &conflicts };
	struct view *view = NULL;
	int rc = view_open_ref(call->vault, target->ref.view->ref_name, &view,
			       err);

	if (rc == 0)
		rc = view_one(view, target_entity(target), &visitor, err);
	if (rc == 0 && conflicts > target->conflicts)
		host_note(call->host, "another device or program changed the "
			  "same meanwhile: 'vvault conflicts' shows both");
	view_free(view);
	return rc;
}

static int write(struct action_call *call, const struct target *target,
		 struct span data, struct err *err)
{
	struct entry entry = {
		.vault = call->vault,
		.construct = target->ref.view->construct,
	};
	struct write_result result = { .has_version = false };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf subject = BUF_INIT(TEXT_SUBJECT_MAX);
	bool is_same = span_equals(data, span_str("{}"));
	int rc = described_put(target, data, &fields, err);

	operation_says(call->operation, target->kind->name, 1);
	if (rc == 0)
		rc = construct_data_check(call->vault, entry.construct,
					  target_entity(target), data, err);
	if (rc == 0 && !is_same)
		rc = entry_open(&entry, err);
	if (rc == 0 && !is_same)
		rc = target_write(target, &entry, "update", data, err);
	if (rc == 0 && !is_same)
		rc = text_subject("edit", data, &subject, err);
	if (rc == 0 && !is_same)
		rc = entry_commit(&entry, call, buf_text(&subject), &result,
				  err);
	entry_put(&entry, &result, &fields);
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	if (rc == 0 && !is_same)
		rc = tell_conflicts(call, target, err);
	jcs_fields_release(&fields);
	buf_release(&subject);
	entry_release(&entry);
	return rc;
}

static int run(struct action_call *call, struct err *err)
{
	struct target target = TARGET_INIT;
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	int rc = target_open(call, action_text(call, "what"), &target, err);

	if (rc == 0)
		rc = target_live(&target, err);
	if (rc == 0)
		rc = writer_role_check(call->vault, target.ref.view->construct,
				       err);
	if (rc == 0)
		rc = edited_data(call, &target, &data, err);
	if (rc == 0 && !data.len) {
		host_note(call->host, "the text is empty, so nothing is "
			  "changed; 'vvault rm' deletes");
		call->is_no = true;
	} else if (rc == 0) {
		rc = write(call, &target, buf_span(&data), err);
	}
	buf_release(&data);
	target_release(&target);
	return rc;
}

static const struct action_param params[] = {
	{ "content", ACTION_TEXT, 0, "<text|->",
	  "its words, without an editor" },
	{ "field", ACTION_TEXT, ACTION_REPEATED, "<field>=<value>",
	  "a field, without an editor; of no value: delete it" },
	TARGET_CONSTRUCT,
	{ "what", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<entity|record|@n>", "what is changed" },
	ACTION_PARAMS_END
};

const struct action action_edit = {
	"edit", "change what stands, in your editor", params, ACTION_WRITES,
	check, run
};
