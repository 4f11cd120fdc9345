#include <stdio.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/entry.h"
#include "cmd/action/mend/form/form.h"
#include "cmd/action/mend/hand/strict.h"
#include "cmd/action/mend/form/text.h"
#include "cmd/action/mend/hand/target.h"
#include "cmd/action/result.h"
#include "lib/base/nearest.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"

#define BY_MCP "mcp/"		/* how the source of an agent's word begins */
#define SHAPE "---\n"		/* an empty form */
#define HEADING \
	"# What is to be remembered stands below the line; left empty, nothing " \
	"is.\n"

static const char *const types[] = {
	"episodic", "semantic", "procedural", "factual", "preference",
	"identity", "relationship", "goal", "project", NULL
};

static int check(const struct action_call *call, struct err *err)
{
	const char *type = action_text(call, "type");
	const char *near = type ? nearest_of(type, types) : NULL;

	if (!near || !strcmp(near, type))
		return 0;
	return err_set(err, ERR_INVALID, "no type '%s'; is '%s' meant?", type,
		       near);
}

static int make_data(const struct action_call *call, struct span words,
		     struct buf *out, struct err *err)
{
	const struct action_value *tags = action_value(call, "tag");
	const char *type = action_text(call, "type");
	const char *source = action_text(call, "source");
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	if (words.len)
		fields_text(&fields, "content", words);
	if (type)
		fields_str(&fields, "type", type);
	if (tags->is_set)
		text_put_set(&fields, "tags", tags->texts, tags->n);
	if (source)
		fields_str(&fields, "source", source);
	rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

/* What was said so far goes into the form, and what it became into data;
 * nothing where no words are in it. */
static int edit_data(const struct action_call *call, const struct kind *kind,
		     struct span words, struct buf *data, struct err *err)
{
	struct jdoc_options options = { .flags = JDOC_COPY };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	struct span content;
	const struct text_form form = {
		"memory.md", "without --edit the words are taken as they are",
		kind, NULL, span_str(SHAPE), &text
	};
	int rc = jdoc_parse(buf_span(data), &options, &doc, err);

	buf_reset(data);
	if (rc == 0)
		rc = form_show(kind, jdoc_root(doc), words, HEADING, &text,
			       err);
	if (rc == 0)
		rc = text_edit(call, &form, data, err);
	if (rc == 0 && !jcs_find(buf_span(data), "content", &content))
		buf_reset(data);
	jdoc_free(doc);
	buf_release(&text);
	return rc;
}

/* The record's data; empty: there is nothing to remember. */
static int remembered_data(const struct action_call *call, const struct kind *kind,
		  struct buf *data, struct err *err)
{
	const struct action_value *given = action_value(call, "text");
	bool is_edited = action_flag(call, "edit") ||
			 (!given->is_set && call->settings.is_input_typed);
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	int rc = given->is_set ? text_join(call, given, &words, err) :
		 is_edited ? 0 : text_input(call, &words, err);

	if (rc == 0 && (words.len || is_edited))
		rc = make_data(call, buf_span(&words), data, err);
	if (rc == 0 && is_edited)
		rc = edit_data(call, kind, buf_span(&words), data, err);
	buf_release(&words);
	return rc;
}

/* What the version says of itself: of an agent's word also whose it is. */
static int put_subject(const struct action_call *call, struct span data,
		       struct buf *out, struct err *err)
{
	const char *source = action_text(call, "source");
	struct buf verb = BUF_INIT(TEXT_SUBJECT_MAX);
	int rc;

	if (source && span_begins(span_str(source), BY_MCP))
		buf_putf(&verb, "mcp:%s ", source + strlen(BY_MCP));
	buf_put_str(&verb, "remember");
	rc = buf_end(&verb, err);
	if (rc == 0)
		rc = text_subject(buf_text(&verb), data, out, err);
	buf_release(&verb);
	return rc;
}

/* Something new, or in place of what stood: that stays in its history. */
static int queue(struct entry *entry, const struct target *target,
		 struct span data, struct err *err)
{
	int rc;

	if (target->word)
		return target_write(target, entry, "update", data, err);
	rc = entry_begin(entry, err);
	return rc < 0 ? rc : entry_add(entry, data, err);
}

static int write(struct action_call *call, struct entry *entry,
		 const struct target *target, struct span data,
		 struct err *err)
{
	struct write_result result = { .has_version = false };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf subject = BUF_INIT(TEXT_SUBJECT_MAX);
	char key[RANDOM_KEY26_MAX];
	char entity[RANDOM_KEY26_MAX + sizeof("memory:")];
	int rc = entry_open(entry, err);

	random_key26(key);
	snprintf(entity, sizeof(entity), "memory:%s", key);
	entry->entity = entity;
	if (rc == 0)
		rc = queue(entry, target, data, err);
	if (rc == 0)
		rc = put_subject(call, data, &subject, err);
	if (rc == 0)
		rc = entry_commit(entry, call, buf_text(&subject), &result, err);
	fields_text(&fields, "entity", target->word ? target_entity(target) :
		    span_str(entity));
	entry_put(entry, &result, &fields);
	if (rc == 0)
		rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	buf_release(&subject);
	return rc;
}

/* A memory of that construct, which stands. */
static int open_replaced(struct action_call *call, const struct entry *entry,
			 struct target *target, struct err *err)
{
	const char *word = action_text(call, "replaces");
	int rc = word ? target_open(call, word, target, err) : 0;

	if (rc == 0 && word)
		rc = target_live(target, err);
	if (rc == 0 && word && (target->kind != entry->kind ||
				strcmp(target->ref.view->construct,
				       entry->construct)))
		rc = err_set(err, ERR_INVALID, "'%s' is no memory of '%s'",
			     word, entry->construct);
	return rc;
}

/* Before anybody writes a long text for nothing. */
static int check_writer(const struct entry *entry, struct err *err)
{
	struct entry trial = *entry;
	int rc = entry_open(&trial, err);

	entry_release(&trial);
	return rc;
}

static int run(struct action_call *call, struct err *err)
{
	struct entry entry = {
		.vault = call->vault, .kind = kind_find(span_str("memory")),
		.construct = action_text(call, "construct"),
		.type = "memory:create", .may_create = action_flag(call, "new"),
	};
	struct target target = TARGET_INIT;
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	int rc = check_writer(&entry, err);

	if (rc == 0)
		rc = open_replaced(call, &entry, &target, err);
	if (rc == 0)
		rc = remembered_data(call, entry.kind, &data, err);
	if (rc == 0 && !data.len) {
		host_note(call->host, "no words, so there is nothing to "
			  "remember: nothing is written");
		call->is_no = true;
	} else if (rc == 0) {
		rc = write(call, &entry, &target, buf_span(&data), err);
	}
	buf_release(&data);
	target_release(&target);
	entry_release(&entry);
	return rc;
}

static const struct action_param params[] = {
	{ "new", ACTION_FLAG, 0, NULL, "the construct may be new" },
	{ "tag", ACTION_TEXT, ACTION_REPEATED, "<tag>",
	  "with this tag; once for each" },
	{ "type", ACTION_TEXT, 0, "<type>",
	  "what it is: preference, factual, goal ..." },
	{ "edit", ACTION_FLAG, 0, NULL,
	  "in the editor, also where text is given" },
	{ "replaces", ACTION_TEXT, 0, "<memory>",
	  "in place of this one, whose words stay in its history" },
	{ "source", ACTION_TEXT, ACTION_INTERNAL, "<program>",
	  "which program says it" },
	{ "construct", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED,
	  "<construct>", "whose memory it is" },
	{ "text", ACTION_TEXT, ACTION_OPERAND | ACTION_REPEATED, "<text|->",
	  "the words; else the input's, or the editor's at a terminal" },
	ACTION_PARAMS_END
};

const struct action action_remember = {
	"remember", "keep a memory, in words", params, ACTION_WRITES, check, run
};
