#include "cmd/action/undo/operation.h"

#include <stdio.h>
#include <string.h>

#include "cmd/action/result.h"
#include "refs/operations/operations.h"

/* Of a list of paths so many are logged. */
#define WORDS_MAX 3
#define WORD_MAX 256

/* Parameters whose values are names. All others may be what is written, or a
 * secret, and are not logged. */
static const char *const named[] = {
	"construct", "type", "entity", "kind", "version", "what", "name",
	"remote", "role", "did", "handle", "session", "parent", "extractor",
	"format", "path", "since", "until", "from", "to", "into", "tag",
	"operation", "old", "new-name", "key", "record", NULL
};

static void put_item(struct buf *list, struct jcs_fields *fields)
{
	if (list->len)
		buf_put_char(list, ',');
	buf_fail(list, jcs_fields_write(fields, list, NULL));
	jcs_fields_release(fields);
}

void operation_moved(struct operation *operation,
		     const struct vault_move *move)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	if (!operation)
		return;
	operation->versions_n += move->version != NULL;
	fields_str(&fields, "construct", move->construct ? move->construct :
		   move->ref_name);
	fields_str(&fields, "ref", move->ref_name);
	result_id(&fields, "from", move->from);
	result_id(&fields, "to", move->to);
	result_id(&fields, "version", move->version);
	put_item(&operation->moves, &fields);
}

static void put_url(struct jcs_fields *fields, const char *name,
		    const char *url)
{
	if (url)
		fields_str(fields, name, url);
	else
		fields_null(fields, name);
}

void operation_readdressed(struct operation *operation, const char *remote,
			   const char *from, const char *to)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	if (!operation)
		return;
	fields_str(&fields, "name", remote);
	put_url(&fields, "from", from);
	put_url(&fields, "to", to);
	put_item(&operation->remotes, &fields);
}

void operation_count(struct operation *operation, uint64_t n)
{
	if (operation)
		operation->counted += n;
}

static bool is_named(const struct action_param *param)
{
	size_t i;

	for (i = 0; named[i] && strcmp(named[i], param->name) != 0; i++)
		;
	return named[i] || param->type != ACTION_TEXT;
}

static void put_word(struct buf *words, struct span word)
{
	buf_put_char(words, ' ');
	if (word.len > WORD_MAX)
		word.len = WORD_MAX;
	buf_put_span(words, word);
}

static void put_param(struct buf *words, const struct action_param *param,
		      const struct action_value *value)
{
	const char *dashes = param->name[0] == '-' ? "" : "--";
	size_t i;

	/* What nobody types but whoever shows the result. */
	if (!value->is_set || !is_named(param) ||
	    (param->flags & (ACTION_FOR_PROGRAMS | ACTION_FOR_PEOPLE)))
		return;
	if (!(param->flags & ACTION_OPERAND)) {
		buf_put_char(words, ' ');
		buf_put_str(words, dashes);
		buf_put_str(words, param->name);
	}
	for (i = 0; i < value->n && i < WORDS_MAX; i++)
		put_word(words, span_str(value->texts[i]));
	if (value->n > WORDS_MAX)
		buf_putf(words, " ... (%zu more)", value->n - WORDS_MAX);
}

static void put_words(const struct action_call *call,
		      struct jcs_fields *fields)
{
	const struct action_param *params = call->action->params;
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	buf_put_str(&words, call->action->name);
	for (i = 0; params[i].name; i++)
		put_param(&words, &params[i], &call->values[i]);
	fields_str(fields, "action", call->action->name);
	result_outside(fields, "command", buf_text(&words));
	buf_release(&words);
}

static void put_list(struct jcs_fields *fields, const char *name,
		     const struct buf *items)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);

	buf_putf(&list, "[");
	buf_put_span(&list, buf_span(items));
	buf_putf(&list, "]");
	buf_fail(&list, items->failed);
	fields_buf(fields, name, &list);
	buf_release(&list);
}

static int add_entry(struct action_call *call, struct jcs_fields *fields,
		     uint64_t *out_number, struct err *err)
{
	const struct operation *operation = call->operation;
	bool is_refused;
	int rc;

	put_words(call, fields);
	if (operation->undoes)
		fields_integer(fields, "undoes", (int64_t)operation->undoes);
	if (operation->redoes)
		fields_integer(fields, "redoes", (int64_t)operation->redoes);
	rc = operations_add(call->vault, fields, out_number, &is_refused, err);
	if (is_refused)
		host_note(call->host, "what lay there as the log of operations "
			  "was not written by this device: it is put aside as "
			  "vvault/"
			  OPERATIONS_FILE ".refused, and a new one begins");
	return rc;
}

int operation_begin(struct action_call *call, struct jcs_fields *fields,
		    struct err *err)
{
	int rc;

	fields_bool(fields, "begins", true);
	rc = add_entry(call, fields, &call->operation->begun, err);
	jcs_fields_release(fields);
	return rc;
}

/* Did it do anything? What failed half way did what it did. */
static bool is_worth(const struct action_call *call, int rc)
{
	const struct operation *operation = call->operation;
	const struct operation_kind *kind =
		operation_kind_find(call->action->name);

	if (!call->vault || !call->vault->has_device || operation->is_silent)
		return false;
	/* Half an undo stays begun: the next one ends it. */
	if (operation->begun)
		return rc == 0 || !operation->moves.len;
	if (operation->moves.len || operation->remotes.len)
		return true;
	return rc == 0 && (operation->counted || (kind && (kind->flags & OPERATION_ALWAYS)));
}

static int write_end(struct action_call *call, int rc, struct err *err)
{
	const struct operation *operation = call->operation;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	uint64_t number;

	put_list(&fields, "moves", &operation->moves);
	put_list(&fields, "remotes", &operation->remotes);
	operation_put_things(operation, &fields);
	if (operation->counted)
		fields_integer(&fields, "refs", (int64_t)operation->counted);
	if (operation->begun)
		fields_integer(&fields, "begun", (int64_t)operation->begun);
	if (rc < 0)
		fields_bool(&fields, "failed", true);
	rc = add_entry(call, &fields, &number, err);
	jcs_fields_release(&fields);
	return rc;
}

void operation_end(struct action_call *call, int rc)
{
	struct operation *operation = call->operation;
	struct err reason = ERR_INIT;

	if (!operation)
		return;
	if (is_worth(call, rc) && write_end(call, rc, &reason) < 0)
		host_note(call->host, "this is not in the log of operations, "
			  "and 'vvault undo' will not know of it: %s",
			  reason.text);
	operation_release(operation);
	call->operation = NULL;
}

void operation_release(struct operation *operation)
{
	buf_release(&operation->moves);
	buf_release(&operation->remotes);
}

int operation_adopt(struct action_call *call,
		    const struct operation *operation, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	uint64_t number;
	bool is_refused;
	int rc;

	fields_str(&fields, "action", "not logged");
	fields_str(&fields, "command", "(a command that was stopped)");
	put_list(&fields, "moves", &operation->moves);
	rc = operations_add(call->vault, &fields, &number, &is_refused, err);
	jcs_fields_release(&fields);
	return rc;
}
