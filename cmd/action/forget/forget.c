#include "cmd/action/actions.h"
#include "cmd/action/forget/forget_list.h"
#include "cmd/action/forget/going.h"
#include "cmd/action/hook.h"
#include "cmd/action/mend/hand/target.h"
#include "cmd/action/result.h"
#include "cmd/action/undo/operation.h"

static int gather_going(struct going *going, struct err *err)
{
	const struct action_value *words = action_value(going->call, "what");
	const struct action_value *texts = action_value(going->call, "match");
	const char *source = action_text(going->call, "source");
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < words->n; i++)
		rc = going_add_word(going, words->texts[i], err);
	for (i = 0; rc == 0 && i < texts->n; i++)
		rc = going_add_match(going, texts->texts[i], err);
	if (rc == 0 && source)
		rc = going_add_source(going, source, err);
	for (i = 0; rc == 0 && i < going->n; i++) {
		rc = going_add_referring(going->at[i], err);
		if (rc == 0)
			rc = going_add_holding(going->at[i], going->call, err);
		if (rc == 0)
			rc = going_add_subjects(going->at[i], err);
	}
	return rc < 0 || !going_records(going) ? rc :
	       going_add_elsewhere(going, err);
}

static void put_one(const struct going_one *one, struct jcs_fields *fields)
{
	static const char *const whys[GOING_WHYS] = {
		NULL, "drawn", "copies", "files"
	};
	struct jcs_fields kinds = JCS_FIELDS_INIT;
	struct jcs_fields also = JCS_FIELDS_INIT;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; kind_table[i].name; i++)
		if (one->kinds[i])
			fields_integer(&kinds, kind_table[i].name,
				       (int64_t)one->kinds[i]);
	for (i = GOING_DRAWN; i < GOING_WHYS; i++)
		fields_integer(&also, whys[i], (int64_t)one->why[i]);
	result_construct(fields, one->view);
	fields_object(fields, "kinds", &kinds);
	fields_object(fields, "also", &also);
	buf_putf(&list, "[%s]", buf_text(&one->named));
	fields_buf(fields, "named", &list);
	fields_integer(fields, "more", one->named_n > GOING_SHOWN ?
		       (int64_t)(one->named_n - GOING_SHOWN) : 0);
	fields_integer(fields, "left", (int64_t)one->left);
	fields_integer(fields, "capsules", (int64_t)one->capsules);
	fields_integer(fields, "subjects", (int64_t)one->subjects);
	fields_integer(fields, "disputed", (int64_t)one->disputed);
	jcs_fields_release(&kinds);
	jcs_fields_release(&also);
	buf_release(&list);
}

static int tell_forgotten(struct action_call *call, const struct going_one *one,
		const struct forget_result *result, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	put_one(one, &fields);
	result_id(&fields, "version",
		  result->has_version ? &result->version : NULL);
	fields_integer(&fields, "records", (int64_t)result->records);
	fields_integer(&fields, "blobs", (int64_t)result->blobs);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	if (result->has_index)
		host_note(call->host, "what is kept here to find it by cannot "
			  "be deleted: remove the folder 'vvault/index' of the "
			  "vault");
	return rc;
}

static int forget_one(struct action_call *call, struct going_one *one,
		      struct err *err)
{
	struct forget_result result = { .has_version = false };
	struct write_result written = { .has_version = false };
	struct buf subject = BUF_INIT(128);
	size_t count = forgetting_count(one->forgetting);
	size_t i;
	int rc = buf_printf(&subject, err, "forget: %zu record%s", count,
			    count == 1 ? "" : "s");

	for (i = 0; kind_table[i].name; i++)
		if (one->kinds[i])
			operation_says(call->operation, kind_table[i].name,
				       one->kinds[i]);
	if (rc == 0)
		rc = forgetting_commit(one->forgetting, buf_text(&subject),
				       &result, err);
	buf_release(&subject);
	if (rc == 0)
		rc = tell_forgotten(call, one, &result, err);
	written.has_version = result.has_version;
	written.version = result.version;
	written.records_new = 1;
	return rc < 0 || !result.has_version ? rc :
	       hook_after_write(call, "post-commit", one->view->construct,
				&written, err);
}

static int show_one(struct action_call *call, const struct going_one *one,
		    struct err *err)
{
	const struct forget_result none = {
		.records = forgetting_count(one->forgetting),
	};

	return tell_forgotten(call, one, &none, err);
}

static int do_all(struct going *going, struct err *err)
{
	struct action_call *call = going->call;
	bool is_dry = action_flag(call, "dry-run");
	bool goes_on = true;
	size_t i;
	int rc;

	going_note_beside(going);
	rc = is_dry ? 0 : going_ask(going, &goes_on, err);
	for (i = 0; rc == 0 && goes_on && i < going->n; i++) {
		if (!forgetting_count(going->at[i]->forgetting))
			continue;
		rc = is_dry ? show_one(call, going->at[i], err) :
			      forget_one(call, going->at[i], err);
	}
	if (rc == 0 && goes_on && !is_dry)
		going_note_left(going);
	call->is_no |= rc == 0 && !goes_on;
	return rc;
}

static int forget_run(struct action_call *call, struct err *err)
{
	struct going going = GOING_INIT(call);
	int rc;

	if (action_flag(call, "list"))
		return forget_list(call, err);
	rc = gather_going(&going, err);
	if (rc == 0 && !going_records(&going)) {
		host_note(call->host, "nothing here has it, or it is forgotten "
			  "already");
		call->is_no = true;
	} else if (rc == 0) {
		rc = do_all(&going, err);
	}
	going_release(&going);
	return rc;
}

static int forget_check(const struct action_call *call, struct err *err)
{
	bool has_any = action_value(call, "what")->n ||
		       action_flag(call, "match") ||
		       action_flag(call, "source");
	const struct action_value *texts = action_value(call, "match");
	size_t i;

	if (action_flag(call, "list"))
		return has_any ? err_set(err, ERR_INVALID, "--list takes "
					 "nothing else") : 0;
	if (!has_any)
		return err_set(err, ERR_INVALID, "what is to be forgotten? "
			       "Name it, or --match finds it by its words and "
			       "--source by the file that brought it");
	for (i = 0; i < texts->n; i++)
		if (!texts->texts[i][0])
			return err_set(err, ERR_INVALID, "every text has "
				       "nothing in it");
	return 0;
}

static const struct action_param params[] = {
	{ "yes", ACTION_FLAG, 0, NULL, "it may go, without asking" },
	{ "dry-run", ACTION_FLAG, 0, NULL, "show what would go" },
	{ "match", ACTION_TEXT, ACTION_REPEATED, "<text>",
	  "what has these words, in capital letters where they are" },
	{ "source", ACTION_TEXT, 0, "<file|sha256>",
	  "what this file brought, or what came of that hash" },
	{ "list", ACTION_FLAG, 0, NULL,
	  "what was forgotten, and where it may still stand" },
	TARGET_CONSTRUCT,
	{ "what", ACTION_TEXT, ACTION_OPERAND | ACTION_REPEATED,
	  "<entity|record|@n>", "what is forgotten" },
	ACTION_PARAMS_END
};

const struct action action_forget = {
	"forget", "take something out of the vault for good", params,
	ACTION_WRITES, forget_check, forget_run
};
