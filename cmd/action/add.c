#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json/jdoc.h"
#include "refs/trust/whole.h"
#include "refs/write/write.h"
#include "cmd/action/entry.h"
#include "cmd/action/auto_gc.h"
#include "cmd/action/hook.h"
#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "cmd/cli/result_old.h"

#define INPUT_MAX_BYTES ((size_t)256 << 20)

/* One JSON object. */
static int add_one(struct entry *add, struct span text)
{
	static const struct jdoc_options options = {
		.flags = JDOC_DUPLICATES_REFUSE | JDOC_SURROGATES_KEEP,
	};
	struct err *err = &add->session->err;
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc;

	rc = jdoc_parse(text, &options, &doc, err);
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
	if (rc >= 0)
		rc = entry_add(add, buf_span(&data));
out:
	jdoc_free(doc);
	buf_release(&data);
	return rc;
}

static int add_lines(struct entry *add)
{
	struct err *err = &add->session->err;
	char *line = NULL;
	size_t cap = 0;
	size_t number = 0;
	ssize_t len;
	int rc = 0;

	while (rc >= 0 && (len = getline(&line, &cap, stdin)) >= 0) {
		number++;
		if ((size_t)len > INPUT_MAX_BYTES)
			rc = err_set(err, ERR_LIMIT, "line %zu is too long",
				     number);
		else if (strspn(line, " \t\r\n") < (size_t)len)
			rc = add_one(add, span_of(line, (size_t)len));
		if (rc < 0)
			err_prefix(err, "standard input, line %zu", number);
	}
	if (rc >= 0 && ferror(stdin))
		rc = err_errno(err, "cannot read standard input");
	free(line);
	return rc;
}

static int print(struct entry *add, const struct write_result *result)
{
	struct err *err = &add->session->err;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf ids = BUF_INIT(BUF_NO_LIMIT);
	const unsigned char (*list)[RECORD_ID_BYTES] =
		(const unsigned char (*)[RECORD_ID_BYTES])add->ids;
	char text[CID_TEXT_MAX];
	size_t i;
	int rc;

	if (!add->session->is_json) {
		for (i = 0; i < add->ids_n; i++) {
			cid_text(CID_JSON, add->ids[i], text);
			out_printf("%s\n", text);
		}
		return 0;
	}
	rc = jcs_fields_text(&fields, "construct", span_str(add->construct),
			     err);
	if (rc >= 0)
		rc = old_result_id(&fields, "version",
			       result->has_version ? &result->version : NULL,
			       err);
	if (rc >= 0)
		rc = old_result_record_ids(&ids, list, add->ids_n, err);
	if (rc >= 0)
		rc = jcs_fields_raw(&fields, "records", buf_span(&ids), err);
	if (rc >= 0)
		rc = out_json(add->session, &fields);
	jcs_fields_release(&fields);
	buf_release(&ids);
	return rc;
}

/* The words of the command against the table of kinds. */
static int check_words(struct entry *add)
{
	struct err *err = &add->session->err;
	struct home home;
	const struct kind *kind;
	int rc;

	rc = kind_of_type(span_str(add->type), &add->kind, err);
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
	if (rc >= 0 && kind != add->kind)
		rc = err_set(err, ERR_INVALID, "entity '%s' is not of kind "
			     "'%s'", add->entity, add->kind->name);
	return rc;
}

static int run(struct entry *add, bool is_new, const char *json)
{
	struct err *err = &add->session->err;
	char own[CONSTRUCT_NAME_MAX + sizeof("construct:")];
	struct buf subject = BUF_INIT(256);
	struct write_result result;
	int rc;

	rc = writer_new(add->vault, add->construct,
			is_new ? WRITER_MAY_CREATE : 0, &add->writer, err);
	if (rc < 0)
		return rc;
	if (!add->entity && !strcmp(add->kind->name, "construct")) {
		/* A construct speaks of itself unless told otherwise. */
		snprintf(own, sizeof(own), "construct:%s", add->construct);
		add->entity = own;
	}
	rc = entry_begin(add);
	if (rc >= 0)
		rc = strcmp(json, "-") ? add_one(add, span_str(json)) :
		     add_lines(add);
	if (rc >= 0)
		rc = buf_printf(&subject, err, "add: %zu %s", add->ids_n,
				add->type);
	if (rc >= 0)
		rc = writer_commit(add->writer, buf_text(&subject), &result,
				   err);
	if (rc >= 0)
		rc = print(add, &result);
	if (rc >= 0 && result.has_version)
		rc = hook_after_write(&add->session->call, "post-commit",
				      add->construct, &result, err);
	if (rc >= 0 && result.has_version)
		auto_gc(&add->session->call, add->vault, true);
	/* So that its ref is missed should it get lost. */
	if (rc >= 0 && is_new)
		(void)!whole_renew(add->vault, NULL);
	buf_release(&subject);
	return rc;
}

int cmd_add(struct session *session, int argc, char **argv)
{
	struct entry add = { .session = session };
	bool is_new = false;
	const struct option_row rows[] = {
		{ "--new", OPTION_FLAG, &is_new },
		{ "--entity", OPTION_TEXT, &add.entity },
		{ NULL, OPTION_FLAG, NULL },
	};
	int rc;

	rc = options_parse(session, argc, argv, rows, 3, 3);
	if (rc < 0)
		return rc;
	add.construct = argv[1];
	add.type = argv[2];
	rc = check_words(&add);
	if (rc < 0)
		return rc;
	rc = session_open(session, &add.vault);
	if (rc >= 0)
		rc = run(&add, is_new, argv[3]);
	writer_free(add.writer);
	vault_close(add.vault);
	entry_release(&add);
	return rc;
}
