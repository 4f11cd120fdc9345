#include "cmd/import/cline/cline.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/cline/cline_internal.h"
#include "cmd/import/input/items.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/sniff.h"

/* --- recognising ----------------------------------------------------------- */

static bool sniff_task(struct span head)
{
	struct span begin = sniff_begin(head);

	if (!span_begins(begin, "[") || !sniff_signs(head, "role content"))
		return false;
	return sniff_signs(head, "ts") ||
	       (sniff_mentions(head, "<task>") &&
		sniff_mentions(head, "<environment_details>"));
}

static bool cline_sniff(const struct import_input *input)
{
	static const char *const signs[] = {
		"sessionId messages agent|origin|system_prompt !uuid|title",
		"session_id messages_path|workspace_root started_at",
		"ts type say|ask !role",
		"id ts task tokensIn|number|ulid|workspace",
		"version updatedAt entries *task", NULL
	};
	struct span head = buf_span(&input->head);

	return !input->bundle && !input->is_folder &&
	       (sniff_any(head, signs) || sniff_task(head));
}

static int cline_identify(struct import_job *job, struct import_source *source,
			  struct err *err)
{
	struct cline_reading reading;
	int rc;

	cline_reading_begin(&reading, job, source);
	rc = import_name(job, source, span_str(reading.provider), err);
	cline_reading_release(&reading);
	return rc;
}

/* --- reading --------------------------------------------------------------- */

static int told_damaged(struct cline_reading *reading, const char *what,
			struct span text, struct err *err)
{
	struct buf reason = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&reason, "what lies beside it as \"%s\" is no JSON", what);
	rc = buf_end(&reason, err);
	if (rc == 0)
		rc = import_malformed(reading->job, reading->source,
				      buf_text(&reason), 0, text, err);
	buf_release(&reason);
	return rc;
}

static int parse_beside(struct cline_reading *reading, const char *as,
			struct span text, struct jdoc **out, struct err *err)
{
	struct err why = ERR_INIT;
	int rc;

	*out = NULL;
	if (!text.len)
		return 0;
	rc = whole_parse(reading->source, text, out, &why, err);
	return rc == IMPORT_REFUSED ? told_damaged(reading, as, text, err) :
		rc;
}

int cline_beside_doc(struct cline_reading *reading, const char *as,
		     struct jdoc **out, struct err *err)
{
	return parse_beside(reading, as, beside_get(reading->source, as), out,
			    err);
}

/* The objects of a list that as a whole is none: it was cut off, or one of
 * them is broken. */
struct mending {
	struct buf *text;
	size_t n;
};

static int add_whole(void *arg, const struct jdoc *doc,
		     const struct array_item *item, struct err *err)
{
	struct mending *mending = arg;

	(void)doc;
	if (mending->n++)
		buf_put_char(mending->text, ',');
	buf_put_span(mending->text, item->text);
	return buf_end(mending->text, err);
}

static int mend(struct cline_reading *reading, bool is_session,
		struct buf *text, struct jdoc **out, struct err *err)
{
	struct mending mending = { text, 0 };
	const struct items_visitor visitor = {
		.item = add_whole, .arg = &mending,
		.options.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
	};
	struct err why = ERR_INIT;
	int rc;

	buf_put_str(text, is_session ? "{\"messages\":[" : "[");
	rc = input_rewind(&reading->source->input, err);
	if (rc == 0)
		rc = items_each(reading->job, reading->source,
				input_feed(&reading->source->input),
				is_session ? "messages" : NULL, &visitor, err);
	if (rc < 0)
		return rc;
	buf_put_str(text, is_session ? "]}" : "]");
	rc = buf_end(text, err);
	if (rc == 0)
		rc = whole_parse(reading->source, buf_span(text), out, &why,
				 err);
	return rc == IMPORT_REFUSED ?
		import_refuse_err(reading->source, &why, err) : rc;
}

/* Whole, or as much of it as can be read. */
static int read_text(struct cline_reading *reading, struct buf *text,
		     struct jdoc **out, struct err *err)
{
	struct import_source *source = reading->source;
	struct err why = ERR_INIT;
	int rc = input_open(&source->input, &why);

	if (rc < 0)
		return rc == ERR_NOMEM ?
			err_set(err, ERR_NOMEM, "out of memory") :
			import_refuse_err(source, &why, err);
	rc = whole_load(source, WHOLE_MAX_BYTES, err);
	if (rc == 0)
		rc = whole_parse(source, buf_span(&source->input.head), out,
				 &why, err);
	if (rc != IMPORT_REFUSED || !why.code)
		return rc;
	if (source->input.is_pipe)
		return import_refuse_err(source, &why, err);
	return mend(reading, span_begins(sniff_begin(buf_span(
			&source->input.head)), "{"), text, out, err);
}

static int read_array(struct cline_reading *reading, const struct jval *root,
		      const struct jval *items, struct err *err)
{
	const struct jval *first = jval_first(root);

	if (jval_get(first, "task") && jval_get(first, "id"))
		return cline_read_list(reading, root, err);
	if (jval_get(first, "say") || jval_get(first, "ask"))
		return cline_read_task(reading, NULL, root, err);
	if (jval_get(first, "role") || items)
		return cline_read_task(reading, root, items, err);
	return first ? import_refuse(reading->source, "a list of neither "
				     "messages nor tasks", NULL, err) : 0;
}

static int read_root(struct cline_reading *reading, const struct jval *root,
		     const struct jval *items, struct err *err)
{
	if (jval_is(root, JVAL_ARRAY))
		return read_array(reading, root, items, err);
	if (jval_is(jval_get(root, "messages"), JVAL_ARRAY))
		return cline_read_session(reading, root, err);
	if (jval_get(root, "session_id"))
		return cline_read_manifest(reading, root, err);
	if (jval_is(jval_get(root, "entries"), JVAL_ARRAY))
		return cline_read_list(reading, jval_get(root, "entries"),
				       err);
	if (jval_get(root, "id") && jval_get(root, "task"))
		return cline_read_list(reading, root, err);
	return import_refuse(reading->source, "a document without a session",
			     NULL, err);
}

static int cline_read(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct cline_reading reading;
	struct buf shown = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *items = NULL;
	struct jdoc *doc = NULL;
	int rc;

	cline_reading_begin(&reading, job, source);
	rc = beside_fetch(source, "ui", &shown, err);
	if (rc == 0)
		rc = parse_beside(&reading, "ui", buf_span(&shown), &items,
				  err);
	if (rc == 0)
		rc = read_text(&reading, &text, &doc, err);
	if (rc == 0)
		rc = read_root(&reading, jdoc_root(doc),
			       items ? jdoc_root(items) : NULL, err);
	jdoc_free(doc);
	jdoc_free(items);
	cline_reading_release(&reading);
	buf_release(&shown);
	buf_release(&text);
	return rc;
}

const struct importer cline_importer = {
	.name = "cline",
	.one = "Cline session",
	.many = "Cline sessions",
	.sniff = cline_sniff,
	.place = cline_place,
	.home = &cline_home,
	.beside = cline_beside,
	.identify = cline_identify,
	.read = cline_read,
	.is_of_agents = true,
};
