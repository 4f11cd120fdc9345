#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/action/actions.h"
#include "cmd/action/construct/statement.h"
#include "cmd/action/entry.h"
#include "cmd/action/mend/hand/strict.h"
#include "lib/json/jdoc.h"

#define INPUT_MAX_BYTES ((size_t)256 << 20)

/* One JSON object. */
static int add_one(struct entry *add, struct span text, struct err *err)
{
	static const struct jdoc_options options = {
		.flags = JDOC_DUPLICATES_REFUSE | JDOC_SURROGATES_KEEP,
	};
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc = jdoc_parse(text, &options, &doc, err);

	if (rc < 0) {
		err_prefix(err, "a record's data must be a JSON object");
		goto out;
	}
	if (!jval_is(jdoc_root(doc), JVAL_OBJECT)) {
		rc = err_set(err, ERR_INVALID,
			     "a record's data must be a JSON object");
		goto out;
	}
	rc = jdoc_to_jcs(jdoc_root(doc), &data, err);
	if (rc == 0 && !add->is_as_is)
		rc = strict_data(add->kind, add->type, buf_span(&data), err);
	if (rc == 0 && !add->is_as_is && add->entity)
		rc = construct_data_check(add->vault, add->construct,
					  span_str(add->entity),
					  buf_span(&data), err);
	if (rc == 0)
		rc = entry_add(add, buf_span(&data), err);
out:
	jdoc_free(doc);
	buf_release(&data);
	return rc;
}

static int add_stream(struct entry *add, FILE *in, struct err *err)
{
	char *line = NULL;
	size_t cap = 0;
	size_t number = 0;
	ssize_t len;
	int rc = 0;

	while (rc == 0 && (len = getline(&line, &cap, in)) >= 0) {
		number++;
		if ((size_t)len > INPUT_MAX_BYTES)
			rc = err_set(err, ERR_LIMIT, "line %zu is too long",
				     number);
		else if (strspn(line, " \t\r\n") < (size_t)len)
			rc = add_one(add, span_of(line, (size_t)len), err);
		if (rc < 0)
			err_prefix(err, "standard input, line %zu", number);
	}
	if (rc == 0 && ferror(in))
		rc = err_errno(err, "cannot read standard input");
	free(line);
	return rc;
}

static int add_lines(struct entry *add, int input, struct err *err)
{
	int fd = dup(input);
	FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
	int rc;

	if (!in) {
		rc = err_errno(err, "cannot read standard input");
		if (fd >= 0)
			close(fd);
		return rc;
	}
	rc = add_stream(add, in, err);
	fclose(in);
	return rc;
}

/* The words of the call against the table of kinds. */
static int check_words(struct entry *add, struct err *err)
{
	struct home home;
	const struct kind *kind;
	int rc = kind_of_type(span_str(add->type), &add->kind, err);

	if (rc < 0)
		return rc;
	if (add->kind->is_reserved)
		return err_set(err, ERR_DENIED, "records of kind '%s' are "
			       "written by vvault itself only",
			       add->kind->name);
	if (!add->entity && strcmp(add->kind->name, "construct") &&
	    !strstr(add->type, ":create"))
		return err_set(err, ERR_INVALID, "'%s' needs --entity",
			       add->type);
	if (!add->entity)
		return 0;
	rc = entity_home(span_str(add->entity), &home, &kind, err);
	if (rc == 0 && kind != add->kind)
		rc = err_set(err, ERR_INVALID, "entity '%s' is not of kind "
			     "'%s'", add->entity, add->kind->name);
	return rc;
}

/* Whoever changes something must have it, but for a construct itself. */
static int check_there(const struct entry *add, struct err *err)
{
	const char *verb = add->type + strlen(add->kind->name);

	if (add->is_as_is || add->prev.n || !strcmp(add->kind->name, "construct") ||
	    (strcmp(verb, ":update") && strcmp(verb, ":delete")))
		return 0;
	return strict_no_entity(add->vault, add->construct, add->entity, err);
}

static int queue_all(const struct action_call *call, struct entry *add,
		     struct err *err)
{
	const char *json = action_text(call, "json");
	int rc = entry_begin(add, err);

	if (rc == 0)
		rc = check_there(add, err);
	if (rc < 0)
		return rc;
	return strcmp(json, "-") ? add_one(add, span_str(json), err) :
	       add_lines(add, call->settings.input, err);
}

static int add_to(struct action_call *call, struct entry *add,
		  struct err *err)
{
	char own[CONSTRUCT_NAME_MAX + sizeof("construct:")];
	struct write_result result = { .has_version = false };
	struct buf subject = BUF_INIT(256);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc = entry_open(add, err);

	if (!add->entity && !strcmp(add->kind->name, "construct")) {
		/* A construct speaks of itself unless told otherwise. */
		snprintf(own, sizeof(own), "construct:%s", add->construct);
		add->entity = own;
	}
	if (rc == 0)
		rc = queue_all(call, add, err);
	if (rc == 0)
		rc = buf_printf(&subject, err, "add: %zu %s", add->ids.n,
				add->type);
	if (rc == 0)
		rc = entry_commit(add, call, buf_text(&subject), &result, err);
	entry_put(add, &result, &fields);
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	buf_release(&subject);
	return rc;
}

static int add_run(struct action_call *call, struct err *err)
{
	struct entry add = {
		.vault = call->vault,
		.construct = action_text(call, "construct"),
		.type = action_text(call, "type"),
		.entity = action_text(call, "entity"),
		.may_create = action_flag(call, "new"),
		.is_as_is = action_flag(call, "as-is"),
	};
	int rc = check_words(&add, err);

	if (rc == 0)
		rc = add_to(call, &add, err);
	entry_release(&add);
	return rc;
}

static const struct action_param params[] = {
	{ "new", ACTION_FLAG, 0, NULL, "the construct may be new" },
	{ "as-is", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "take data that misses something, or seems misspelt" },
	{ "entity", ACTION_TEXT, 0, "<entity>",
	  "what the records speak of; else each of something new" },
	{ "construct", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<construct>", "where to" },
	{ "type", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<kind:verb>", "memory:create, for example" },
	{ "json", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "<json|->",
	  "the data, an object; -: one on each line of the input" },
	ACTION_PARAMS_END
};

const struct action action_add = {
	"add", "write records", params, ACTION_WRITES, NULL, add_run
};
