#include "cmd/import/others.h"

#include <stdlib.h>

#include "cmd/action/change_json.h"
#include "lib/base/text.h"

#define CHANGES_LISTED 8
#define FIELDS_SHOWN 6
#define VALUE_BYTES 120
#define REFUSED "would change what others made here: --allow-changes takes it"

int others_new(struct import_job *job, const char *construct,
	       struct import_others **out, struct err *err)
{
	struct import_others *others = calloc(1, sizeof(*others));

	if (!others)
		return err_set(err, ERR_NOMEM, "out of memory");
	others->job = job;
	memcpy(others->construct, construct, strlen(construct) + 1);
	others->list = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	*out = others;
	return 0;
}

void others_free(struct import_others *others)
{
	if (!others)
		return;
	buf_release(&others->list);
	free(others);
}

static int take_change(void *arg, const struct writer_change *change,
		       struct err *err)
{
	const struct view_change found = {
		change->kind, change->entity, change->from, change->to
	};
	struct import_others *others = arg;

	if (change->to.at)
		others->changed++;
	else
		others->removed++;
	if (others->listed == CHANGES_LISTED)
		return 0;
	if (others->listed++)
		buf_put_char(&others->list, ',');
	return change_json(&found, false, &others->list, err);
}

/* Standard input may be the source itself: nobody is asked then. */
bool import_can_ask(const struct import_job *job)
{
	size_t i;

	for (i = 0; i < job->sources_n; i++) {
		if (!strcmp(job->sources[i].input.path, "-"))
			return false;
	}
	return !job->options.is_dry_run && host_can_ask(job->host);
}

/* "<construct>", what would become of it, and the question. */
static int make_question(const struct import_others *others, struct buf *out,
			 struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc;

	others_json(others, &fields);
	rc = jcs_fields_write(&fields, &json, err);
	if (rc == 0)
		rc = jdoc_parse(buf_span(&json), &(struct jdoc_options){ 0 },
				&doc, err);
	buf_putf(out, "%s\n", others->construct);
	if (rc == 0)
		rc = others_show(jval_get(jdoc_root(doc), "others"),
				 "would change", out, err);
	buf_put_str(out, "  Take these changes?");
	jdoc_free(doc);
	jcs_fields_release(&fields);
	buf_release(&json);
	return rc < 0 ? rc : buf_end(out, err);
}

static int decide(void *arg, bool *out_is_taken, struct err *err)
{
	struct import_others *others = arg;
	const struct import_job *job = others->job;
	struct buf question = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	*out_is_taken = job->options.allows_changes;
	if (*out_is_taken || !import_can_ask(job))
		return 0;
	rc = make_question(others, &question, err);
	if (rc == 0)
		*out_is_taken = host_confirm(job->host, buf_span(&question));
	buf_release(&question);
	return rc;
}

/* One record of a source that was counted as imported. */
static int refused(void *arg, void *of, struct span entity, struct err *err)
{
	struct import_others *others = arg;
	struct import_source *source = of;
	struct import_share *share = import_share(source, others->construct);

	others->refused++;
	source->imported -= source->imported > 0;
	if (share)
		share->imported -= share->imported > 0;
	return import_refuse_part(source, REFUSED, entity, err);
}

struct writer_others others_judge(struct import_others *others)
{
	const struct writer_others judge = {
		take_change, decide, refused, others
	};

	return judge;
}

int others_merge(struct import_others *into, const struct import_others *more,
		 struct err *err)
{
	into->changed += more->changed;
	into->removed += more->removed;
	into->refused += more->refused;
	if (into->listed >= CHANGES_LISTED || !more->listed)
		return 0;
	if (into->listed)
		buf_put_char(&into->list, ',');
	into->listed += more->listed;
	buf_put_span(&into->list, buf_span(&more->list));
	return buf_end(&into->list, err);
}

void others_json(const struct import_others *others, struct jcs_fields *line)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);

	if (!others || !others->listed)
		return;
	fields_integer(&fields, "changed", (int64_t)others->changed);
	fields_integer(&fields, "removed", (int64_t)others->removed);
	fields_integer(&fields, "refused", (int64_t)others->refused);
	buf_put_char(&list, '[');
	buf_put_span(&list, buf_span(&others->list));
	buf_put_char(&list, ']');
	fields_buf(&fields, "first", &list);
	fields_object(line, "others", &fields);
	jcs_fields_release(&fields);
	buf_release(&list);
}

static void put_escaped(struct buf *out, struct span text)
{
	buf_fail(out, text_escape(out, text, 0, NULL));
}

static void show_value(struct buf *out, const struct jval *value)
{
	struct span all = jval_is(value, JVAL_STRING) ? jval_text(value) :
			  value->raw;
	struct span shown = text_cut(all, VALUE_BYTES);

	put_escaped(out, shown);
	if (shown.len < all.len)
		buf_put_str(out, "...");
}

static void show_field(struct buf *out, const struct jval *field)
{
	const struct jval *from = jval_get(field, "from");
	const struct jval *to = jval_get(field, "to");

	buf_put_str(out, "        ");
	put_escaped(out, jval_get_text(field, "path"));
	buf_put_str(out, ": ");
	if (from) {
		show_value(out, from);
		buf_put_char(out, ' ');
	}
	buf_put_str(out, "-> ");
	if (to)
		show_value(out, to);
	else
		buf_put_str(out, "(gone)");
	buf_put_char(out, '\n');
}

static void show_change(struct buf *out, const struct jval *change)
{
	const struct jval *fields = jval_get(change, "fields");
	const struct jval *field = jval_first(fields);
	bool is_gone = jval_is_text(jval_get(change, "change"), "removed");
	size_t n;

	buf_put_str(out, is_gone ? "      - " : "      ~ ");
	put_escaped(out, jval_get_text(change, "entity"));
	buf_put_char(out, '\n');
	for (n = 0; field && n < FIELDS_SHOWN; n++, field = field->next)
		show_field(out, field);
	if (field)
		buf_putf(out, "        and %zu fields more\n",
			 jval_count(fields) - n);
}

int others_show(const struct jval *others, const char *verb, struct buf *out,
		struct err *err)
{
	const struct jval *first = jval_get(others, "first");
	const struct jval *change = jval_first(first);
	long long changed = 0;
	long long removed = 0;
	long long more;

	(void)jval_integer(jval_get(others, "changed"), &changed);
	(void)jval_integer(jval_get(others, "removed"), &removed);
	buf_putf(out, "    of what others made it %s %lld and %s %lld:\n",
		 verb, changed, *verb == 'w' ? "remove" : "removed", removed);
	for (; change; change = change->next)
		show_change(out, change);
	more = changed + removed - (long long)jval_count(first);
	if (more > 0)
		buf_putf(out, "      and %lld more\n", more);
	return buf_end(out, err);
}
