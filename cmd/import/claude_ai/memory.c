#include "cmd/import/claude_ai/run.h"

#include "lib/time/hlc.h"

/* A memory on its way; absent spans leave their field out. */
struct recalled {
	const char *kind;		/* "project": begins its entity */
	struct span ids[2];		/* then these, the second may lack */
	const char *tail;		/* then this, or NULL */
	const char *type;
	const char *file;		/* where in the export it stands */
	struct span title;
	struct span content;
	struct span part_of;		/* id of the project it belongs to */
	struct span native;
	struct chat_time time;
};

static int add_text(struct claude_ai_run *run, const char *name,
		    struct span text, struct err *err)
{
	int rc;

	if (!text.at)
		return 0;
	buf_reset(&run->value);
	rc = chat_add_text(&run->value, text, err);
	return rc < 0 ? rc : jcs_fields_raw(&run->fields, name,
					    buf_span(&run->value), err);
}

static int make_entity(struct buf *out, const struct recalled *recalled,
		       struct err *err)
{
	size_t i;
	int rc;

	buf_reset(out);
	rc = buf_printf(out, err, "memory:" CLAUDE_AI_PROVIDER ":%s",
			recalled->kind);
	for (i = 0; rc >= 0 && i < 2 && recalled->ids[i].at; i++) {
		rc = buf_add_char(out, '/', err);
		if (rc >= 0)
			rc = chat_add_key(out, recalled->ids[i], err);
	}
	if (rc >= 0 && recalled->tail)
		rc = buf_printf(out, err, "/%s", recalled->tail);
	return rc;
}

static int add_link(struct claude_ai_run *run, struct span project,
		    struct err *err)
{
	int rc;

	buf_reset(&run->value);
	rc = buf_add_str(&run->value, "[{\"entity\":\"memory:"
			 CLAUDE_AI_PROVIDER ":project/", err);
	if (rc >= 0)
		rc = chat_add_key(&run->value, project, err);
	if (rc >= 0)
		rc = buf_add_str(&run->value, "\",\"relation\":\"part_of\"}]",
				 err);
	return rc < 0 ? rc : jcs_fields_raw(&run->fields, "links",
					    buf_span(&run->value), err);
}

static int put(struct claude_ai_run *run, const struct recalled *recalled,
	       struct err *err)
{
	struct jcs_fields *fields = &run->fields;
	struct record_parts record = { .type = "memory:create" };
	char at[HLC_TEXT_MAX];
	int rc;

	record.at = claude_ai_at(&recalled->time, at);
	jcs_fields_reset(fields);
	rc = add_text(run, "content", recalled->content, err);
	if (rc >= 0)
		rc = add_text(run, "title", recalled->title, err);
	if (rc >= 0)
		rc = jcs_fields_text(fields, "type", span_str(recalled->type),
				     err);
	buf_reset(&run->key);
	if (rc >= 0)
		rc = buf_printf(&run->key, err, "%s/%s", CLAUDE_AI_PROVIDER,
				recalled->file);
	if (rc >= 0)
		rc = jcs_fields_text(fields, "source", buf_span(&run->key),
				     err);
	if (rc >= 0 && recalled->part_of.at)
		rc = add_link(run, recalled->part_of, err);
	if (rc >= 0 && recalled->native.at)
		rc = jcs_fields_raw(fields, "native", recalled->native, err);
	buf_reset(&run->content);
	if (rc >= 0)
		rc = jcs_fields_write(fields, &run->content, err);
	jcs_fields_reset(fields);
	if (rc >= 0)
		rc = make_entity(&run->key, recalled, err);
	if (rc < 0)
		return rc;
	run->source->unknown_times += recalled->time.micros ==
		CHAT_TIME_UNKNOWN;
	record.entity = buf_span(&run->key);
	record.data = buf_span(&run->content);
	return import_put(run->job, run->source, NULL, &record, err);
}

/* The members that are not taken, those of somebody's account emptied. */
static int native_of(struct claude_ai_run *run, const struct jval *object,
		     const char *const *taken, struct span *out,
		     struct err *err)
{
	int rc;

	jcs_fields_reset(&run->fields);
	rc = claude_ai_keep_rest(run, object, taken, err);
	if (rc >= 0)
		rc = claude_ai_keep_person(run, "creator",
					   jval_get(object, "creator"), err);
	if (rc >= 0)
		rc = claude_ai_native(run, out, err);
	return rc;
}

static int put_doc(struct claude_ai_run *run, struct span project,
		   const struct jval *doc, size_t nth, struct err *err)
{
	static const char *const taken[] = {
		"uuid", "filename", "content", "created_at", "creator", NULL
	};
	struct recalled recalled = {
		.kind = "project", .type = "project", .file = "projects",
	};
	struct buf made = BUF_INIT(64);
	int rc;

	rc = buf_printf(&made, err, "nth-%zu", nth);
	recalled.ids[0] = project;
	recalled.ids[1] = jval_get_text(doc, "uuid");
	if (!recalled.ids[1].len)
		recalled.ids[1] = buf_span(&made);
	recalled.part_of = project;
	recalled.title = jval_get_text(doc, "filename");
	recalled.content = jval_get_text(doc, "content");
	recalled.time = chat_time_of(jval_get(doc, "created_at"));
	if (rc >= 0)
		rc = native_of(run, doc, taken, &recalled.native, err);
	if (rc >= 0)
		rc = put(run, &recalled, err);
	buf_release(&made);
	return rc;
}

static int put_docs(struct claude_ai_run *run, const struct jval *project,
		    struct span id, struct err *err)
{
	const struct jval *doc = jval_first(jval_get(project, "docs"));
	size_t nth = 0;
	int rc = 0;

	for (; rc >= 0 && doc; doc = doc->next, nth++)
		rc = jval_is(doc, JVAL_OBJECT) ?
			put_doc(run, id, doc, nth, err) :
			import_leave_out(run->source, "a document of a project "
					 "that is no object", NULL, err);
	return rc;
}

static int put_prompt(struct claude_ai_run *run, const struct jval *project,
		      struct recalled *recalled, struct err *err)
{
	recalled->content = jval_get_text(project, "prompt_template");
	if (!recalled->content.len)
		return 0;
	recalled->tail = "prompt";
	recalled->type = "procedural";
	recalled->part_of = recalled->ids[0];
	recalled->native = span_of(NULL, 0);
	return put(run, recalled, err);
}

int claude_ai_project(struct claude_ai_run *run, const struct jval *project,
		      struct err *err)
{
	static const char *const taken[] = {
		"uuid", "name", "description", "created_at", "updated_at",
		"prompt_template", "docs", "creator", NULL
	};
	struct recalled recalled = {
		.kind = "project", .type = "project", .file = "projects",
	};
	int rc;

	recalled.ids[0] = jval_get_text(project, "uuid");
	if (!recalled.ids[0].len)
		return import_leave_out(run->source, "a project without an id",
					NULL, err);
	recalled.title = jval_get_text(project, "name");
	recalled.content = jval_get_text(project, "description");
	recalled.time = chat_time_of(jval_get(project, "updated_at"));
	if (recalled.time.micros == CHAT_TIME_UNKNOWN)
		recalled.time = chat_time_of(jval_get(project, "created_at"));
	if (!import_is_wanted(run->job, recalled.time.micros))
		return import_leave_out(run->source, "older than --since",
					NULL, err);
	rc = native_of(run, project, taken, &recalled.native, err);
	if (rc >= 0)
		rc = put(run, &recalled, err);
	if (rc >= 0)
		rc = put_prompt(run, project, &recalled, err);
	return rc < 0 ? rc : put_docs(run, project, recalled.ids[0], err);
}

static int put_remembered(struct claude_ai_run *run, const char *tail,
			  struct span account, struct span project,
			  struct span text, struct err *err)
{
	struct recalled recalled = {
		.kind = "memory", .type = "semantic", .file = "memories",
		.tail = tail, .time = CHAT_TIME_NONE,
	};

	recalled.ids[0] = account.len ? account : span_str("account");
	recalled.ids[1] = project;
	recalled.part_of = project;
	recalled.content = text;
	return put(run, &recalled, err);
}

int claude_ai_memory(struct claude_ai_run *run, const struct jval *memory,
		     struct err *err)
{
	struct span account = jval_get_text(memory, "account_uuid");
	const struct jval *child;
	struct span text;
	int rc = 0;

	text = jval_get_text(memory, "conversations_memory");
	if (text.len)
		rc = put_remembered(run, "conversations", account,
				    span_of(NULL, 0), text, err);
	child = jval_first(jval_get(memory, "project_memories"));
	for (; rc >= 0 && child; child = child->next) {
		text = jval_text(child);
		if (text.len && child->key.len)
			rc = put_remembered(run, NULL, account, child->key,
					    text, err);
		else
			rc = import_leave_out(run->source, "a memory without "
					      "text", NULL, err);
	}
	for (child = jval_first(memory); rc >= 0 && child; child = child->next)
		if (!span_equals(child->key, span_str("account_uuid")) &&
		    !span_equals(child->key, span_str("project_memories")) &&
		    !span_equals(child->key, span_str("conversations_memory")))
			rc = import_leave_out(run->source, "an unknown member "
					      "of a memories file", NULL, err);
	return rc;
}

/* Whose account it is: nothing of it is knowledge of a construct. */
int claude_ai_user(struct claude_ai_run *run, const struct jval *user,
		   struct err *err)
{
	size_t i;

	for (i = 0; claude_ai_secrets[i]; i++)
		run->source->redactions += jval_get(user, claude_ai_secrets[i]) &&
			!jval_is(jval_get(user, claude_ai_secrets[i]), JVAL_NULL);
	return import_leave_out(run->source, "an account: its name, e-mail "
				"and phone stay out", NULL, err);
}
