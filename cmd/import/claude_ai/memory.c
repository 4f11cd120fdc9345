#include "cmd/import/claude_ai/run.h"

#include <stdio.h>

#include "cmd/import/records/rest.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
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
	struct chat_time created;
	struct chat_time updated;
};


static int make_entity(struct buf *out, const struct recalled *recalled,
		       struct err *err)
{
	size_t i;

	buf_reset(out);
	buf_putf(out, "memory:" CLAUDE_AI_PROVIDER ":%s", recalled->kind);
	for (i = 0; i < 2 && recalled->ids[i].at; i++) {
		buf_put_char(out, '/');
		chat_put_key(out, recalled->ids[i]);
	}
	if (recalled->tail)
		buf_putf(out, "/%s", recalled->tail);
	return buf_end(out, err);
}

static void put_link(struct claude_ai_run *run, struct span project)
{
	buf_reset(&run->value);
	buf_put_str(&run->value, "[{\"entity\":\"memory:" CLAUDE_AI_PROVIDER
		    ":project/");
	chat_put_key(&run->value, project);
	buf_put_str(&run->value, "\",\"relation\":\"part_of\"}]");
	fields_buf(&run->fields, "links", &run->value);
}

/* When it changed; when it was made only where that is not known. */
static const struct chat_time *time_of(const struct recalled *recalled)
{
	return recalled->updated.micros == CHAT_TIME_UNKNOWN ?
		&recalled->created : &recalled->updated;
}

static int put(struct claude_ai_run *run, const struct recalled *recalled,
	       struct err *err)
{
	struct jcs_fields *fields = &run->fields;
	struct record_parts record = { .type = "memory:create" };
	const struct chat_time *time = time_of(recalled);
	char source[64];
	char at[HLC_TEXT_MAX];
	int rc;

	record.at = claude_ai_at(time, at);
	jcs_fields_reset(fields);
	fields_said(fields, "content", recalled->content);
	fields_said(fields, "title", recalled->title);
	fields_str(fields, "type", recalled->type);
	snprintf(source, sizeof(source), "%s/%s", CLAUDE_AI_PROVIDER,
		 recalled->file);
	fields_str(fields, "source", source);
	/* A prompt has the times of its project. */
	if (!recalled->tail) {
		fields_time(fields, "created", &recalled->created);
		fields_time(fields, "updated", &recalled->updated);
	}
	if (recalled->part_of.at)
		put_link(run, recalled->part_of);
	if (recalled->native.at)
		fields_raw(fields, "native", recalled->native);
	buf_reset(&run->content);
	rc = jcs_fields_write(fields, &run->content, err);
	jcs_fields_reset(fields);
	if (rc == 0)
		rc = make_entity(&run->key, recalled, err);
	if (rc < 0)
		return rc;
	chat_time_count(run->source, time);
	record.entity = buf_span(&run->key);
	record.data = buf_span(&run->content);
	return import_put(run->job, run->source, NULL, &record, err);
}

/* The members that are not taken, those of somebody's account emptied. */
static int native_of(struct claude_ai_run *run, struct take *take,
		     struct span *out, struct err *err)
{
	jcs_fields_reset(&run->fields);
	claude_ai_keep_person(run, take, "creator");
	claude_ai_rest(take, &run->fields);
	return claude_ai_native(run, out, err);
}

static int put_doc(struct claude_ai_run *run, struct span project,
		   const struct jval *value, size_t nth, struct err *err)
{
	struct take doc = take_begin(value);
	struct recalled recalled = {
		.kind = "project", .type = "project", .file = "projects",
		.ids = { project, take_text(&doc, "uuid") },
		.part_of = project,
		.title = take_text(&doc, "filename"),
		.content = take_text(&doc, "content"),
		.created = take_time(&doc, "created_at"),
		.updated = take_time(&doc, "updated_at"),
	};
	char made[32];
	int rc;

	snprintf(made, sizeof(made), "nth-%zu", nth);
	if (!recalled.ids[1].len)
		recalled.ids[1] = span_str(made);
	rc = native_of(run, &doc, &recalled.native, err);
	return rc < 0 ? rc : put(run, &recalled, err);
}

static int put_docs(struct claude_ai_run *run, const struct jval *docs,
		    struct span id, struct err *err)
{
	const struct jval *doc = jval_first(docs);
	size_t nth = 0;
	int rc = 0;

	for (; rc >= 0 && doc; doc = doc->next, nth++)
		rc = jval_is(doc, JVAL_OBJECT) ?
			put_doc(run, id, doc, nth, err) :
			import_leave_out(run->source, "a document of a project "
					 "that is no object", NULL, err);
	return rc;
}

static int put_prompt(struct claude_ai_run *run, struct span prompt,
		      struct recalled *recalled, struct err *err)
{
	if (!prompt.len)
		return 0;
	recalled->content = prompt;
	recalled->tail = "prompt";
	recalled->type = "procedural";
	recalled->part_of = recalled->ids[0];
	recalled->native = span_of(NULL, 0);
	return put(run, recalled, err);
}

int claude_ai_project(struct claude_ai_run *run, const struct jval *value,
		      struct err *err)
{
	struct take project = take_begin(value);
	struct recalled recalled = {
		.kind = "project", .type = "project", .file = "projects",
		.ids = { take_text(&project, "uuid") },
		.title = take_text(&project, "name"),
		.content = take_text(&project, "description"),
		.created = take_time(&project, "created_at"),
		.updated = take_time(&project, "updated_at"),
	};
	struct span prompt = take_text(&project, "prompt_template");
	const struct jval *docs = take_value(&project, "docs", JVAL_ARRAY);
	int rc;

	if (!recalled.ids[0].len)
		return import_leave_out(run->source, "a project without an id",
					NULL, err);
	if (!import_is_wanted(run->job, time_of(&recalled)->micros))
		return import_leave_out(run->source, "older than --since",
					NULL, err);
	rc = native_of(run, &project, &recalled.native, err);
	if (rc >= 0)
		rc = put(run, &recalled, err);
	if (rc >= 0)
		rc = put_prompt(run, prompt, &recalled, err);
	return rc < 0 ? rc : put_docs(run, docs, recalled.ids[0], err);
}

static int put_remembered(struct claude_ai_run *run, const char *tail,
			  struct span account, struct span project,
			  struct span text, struct err *err)
{
	struct recalled recalled = {
		.kind = "memory", .type = "semantic", .file = "memories",
		.tail = tail,
		.created = CHAT_TIME_NONE, .updated = CHAT_TIME_NONE,
	};

	recalled.ids[0] = account.len ? account : span_str("account");
	recalled.ids[1] = project;
	recalled.part_of = project;
	recalled.content = text;
	return put(run, &recalled, err);
}

static int put_of_projects(struct claude_ai_run *run, struct span account,
			   const struct jval *memories, struct err *err)
{
	const struct jval *child = jval_first(memories);
	struct span text;
	int rc = 0;

	for (; rc >= 0 && child; child = child->next) {
		text = jval_text(child);
		rc = text.len && child->key.len ?
			put_remembered(run, NULL, account, child->key, text,
				       err) :
			import_leave_out(run->source, "a memory without text",
					 NULL, err);
	}
	return rc;
}

int claude_ai_memory(struct claude_ai_run *run, const struct jval *value,
		     struct err *err)
{
	struct take memory = take_begin(value);
	struct span account = take_text(&memory, "account_uuid");
	struct span text = take_text(&memory, "conversations_memory");
	const struct jval *projects = take_see(&memory, "project_memories");
	const struct jval *left;
	int rc = 0;

	if (jval_is(projects, JVAL_OBJECT) || jval_is(projects, JVAL_ARRAY) ||
	    jval_is(projects, JVAL_NULL))
		take_done(&memory, projects);
	if (text.len)
		rc = put_remembered(run, "conversations", account,
				    span_of(NULL, 0), text, err);
	if (rc >= 0)
		rc = put_of_projects(run, account, projects, err);
	for (left = take_left(&memory, NULL); rc >= 0 && left;
	     left = take_left(&memory, left))
		rc = import_leave_out(run->source, "an unknown member of a "
				      "memories file", NULL, err);
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

/* Only a name in its folder is looked at. */
static bool is_missing(const struct claude_ai_run *run, struct span name)
{
	const char *own = run->source->input.path;
	struct buf path = PATH_BUF_INIT;
	bool is_there = true;

	if (name.len && !memchr(name.at, '/', name.len) &&
	    !memchr(name.at, '\0', name.len)) {
		buf_put(&path, own, (size_t)(path_base(own) - own));
		buf_put_span(&path, name);
		is_there = path.failed || file_exists(buf_text(&path));
	}
	buf_release(&path);
	return !is_there;
}

int claude_ai_manifest(struct claude_ai_run *run,
		       const struct jval *manifest, struct err *err)
{
	const struct jval *file = jval_first(jval_get(manifest, "files"));
	const struct import_input *input = &run->source->input;
	bool is_alone = !input->bundle && !input->archive && !input->is_pipe;
	struct span name;
	int rc = 0;

	for (; rc >= 0 && is_alone && file; file = file->next) {
		name = jval_get_text(file, "name");
		buf_reset(&run->value);
		buf_put_span(&run->value, name);
		if (is_missing(run, name))
			rc = import_skip(run->source, "a file that the "
					 "manifest names and that is not "
					 "beside it", buf_text(&run->value),
					 err);
	}
	return rc < 0 ? rc : import_leave_out(run->source, "a manifest: it "
					      "names the files of an export",
					      NULL, err);
}
