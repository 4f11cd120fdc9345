#include "cmd/import/chatgpt/canvas.h"

#include <stdlib.h>

#include "cmd/import/chatgpt/chatgpt.h"
#include "cmd/import/chatgpt/run.h"
#include "lib/base/array.h"
#include "lib/base/pattern.h"

#define TOOL "canmore."
#define ABOVE_MAX 256		/* calls above in which a document is looked for */
#define PLACES_MAX 10000	/* that one pattern may change */

#define UNDONE "changes of a canvas that cannot be made here, kept as calls"

static const struct jval *message_of(const struct chatgpt_tree *tree,
				     size_t node)
{
	return jval_get(tree->at[node].value, "message");
}

/* "create_textdoc" of a call to it; absent for all else. */
static struct span verb_of(const struct jval *message)
{
	struct span to = jval_get_text(message, "recipient");
	static const size_t len = sizeof(TOOL) - 1;

	return span_begins(to, TOOL) ? span_of(to.at + len, to.len - len) :
		span_of(NULL, 0);
}

void chatgpt_canvas_release(struct chatgpt_canvas *canvas)
{
	if (canvas->pages)
		documents_release(&canvas->documents);
	free(canvas->pages);
	while (canvas->calls.n)
		jdoc_free(canvas->calls.at[--canvas->calls.n]);
	free(canvas->calls.at);
	buf_release(&canvas->text);
	*canvas = (struct chatgpt_canvas){ .pages = NULL };
}

const struct chatgpt_page *chatgpt_canvas_page(const struct chatgpt_canvas
					       *canvas, size_t node)
{
	return canvas->pages && canvas->pages[node].text.at ?
		&canvas->pages[node] : NULL;
}

/* What the call says: an object, which is kept until the end. */
static int parse_call(struct chatgpt_canvas *canvas,
		      const struct jval *message, const struct jval **out,
		      struct err *err)
{
	static const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_COPY,
	};
	const struct jval *content = jval_get(message, "content");
	struct span text = jval_get_text(content, "text");
	struct jdoc *doc = NULL;
	int rc = array_room(&canvas->calls, err);

	*out = NULL;
	if (!text.at)
		text = jval_text(jval_first(jval_get(content, "parts")));
	if (rc < 0 || !text.len)
		return rc;
	rc = jdoc_parse(text, &options, &doc, NULL);
	if (rc < 0)
		return rc == ERR_NOMEM ? err_set(err, ERR_NOMEM,
						 "out of memory") : 0;
	canvas->calls.at[canvas->calls.n++] = doc;
	*out = jdoc_root(doc);
	return 0;
}

static const struct jval *canvas_of(const struct jval *message)
{
	return jval_get(jval_get(message, "metadata"), "canvas");
}

/* What the tool said of the document; *out_is_refused: it said no. */
static const struct jval *answer_of(const struct chatgpt_tree *tree,
				    size_t node, bool *out_is_refused)
{
	const struct jval *said = canvas_of(message_of(tree, node));
	const struct jval *answer;
	size_t i;

	*out_is_refused = false;
	for (i = tree->first[node]; i < tree->first[node + 1]; i++) {
		answer = message_of(tree, tree->family[i]);
		if (!jval_is_text(jval_at(answer, "author.role"), "tool"))
			continue;
		if (jval_get_text(canvas_of(answer), "textdoc_id").len)
			return canvas_of(answer);
		*out_is_refused = true;
	}
	if (jval_get_text(said, "textdoc_id").len)
		*out_is_refused = false;
	return said;
}

/* The document that was changed last above; absent when there is none. */
static struct span id_above(const struct chatgpt_canvas *canvas, size_t node)
{
	const struct chatgpt_tree *tree = canvas->tree;
	size_t steps;

	for (steps = 0; steps < ABOVE_MAX; steps++) {
		node = tree->at[node].parent;
		if (node == CHATGPT_NO_NODE)
			break;
		if (canvas->pages[node].id.at)
			return canvas->pages[node].id;
	}
	return span_of(NULL, 0);
}

/* Does the pattern mean all of the text? */
static bool is_whole(struct span pattern)
{
	static const char *const words[] = {
		".*", "(?s).*", "(?s)^.*$", "^.*$", ".+", "(.*)", "[\\s\\S]*",
		"^[\\s\\S]*$", "[\\s\\S]+",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (span_equals(pattern, span_str(words[i])))
			return true;
	}
	return false;
}

/* Does what comes in its place name a group of the pattern? */
static bool names_group(struct span text)
{
	size_t i;

	for (i = 0; i + 1 < text.len; i++) {
		if (text.at[i] == '\\' && (text.at[i + 1] == 'g' ||
		    (text.at[i + 1] >= '1' && text.at[i + 1] <= '9')))
			return true;
	}
	return false;
}

/* The first place, or each; is_done: there was one. */
static int replace(struct pattern *pattern, struct span text, struct span by,
		   bool each, struct buf *out, bool *out_is_done)
{
	struct pattern_match match;
	size_t from = 0;
	size_t done = 0;
	size_t places = 0;
	int rc;

	*out_is_done = false;
	do {
		rc = pattern_find(pattern, text, &from, &match, NULL);
		if (rc < 0 || !match.is_found)
			break;
		if (++places > PLACES_MAX)
			return ERR_LIMIT;
		buf_put(out, text.at + done, match.start - done);
		buf_put_span(out, by);
		done = match.end;
		*out_is_done = true;
	} while (each);
	buf_put(out, text.at + done, text.len - done);
	return rc;
}

/* One change of the text so far, into out; *out_is_done: it could be made. */
static int change(struct span text, const struct jval *update,
		  struct buf *out, bool *out_is_done, struct err *err)
{
	struct span wanted = jval_get_text(update, "pattern");
	struct span by = jval_get_text(update, "replacement");
	bool each = jval_is(jval_get(update, "multiple"), JVAL_TRUE);
	struct pattern *pattern = NULL;
	struct err why = ERR_INIT;
	int rc;

	*out_is_done = false;
	if (!wanted.len || !by.at)
		return 0;
	if (is_whole(wanted)) {
		*out_is_done = true;
		return buf_add_span(out, by, err);
	}
	rc = pattern_new(wanted, 0, &pattern, &why);
	if (rc == 0 && !names_group(by))
		rc = replace(pattern, text, by, each, out, out_is_done);
	/* What is no pattern here, or a long one, may be meant as it stands. */
	else if (rc < 0 && rc != ERR_NOMEM)
		rc = document_replace(text, wanted, by, out, out_is_done,
				      err);
	pattern_free(pattern);
	if (rc == ERR_NOMEM || out->failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	*out_is_done &= rc == 0;
	return 0;
}

/* All changes, one after the other, into canvas->text. */
static int change_all(struct chatgpt_canvas *canvas, struct span id,
		      const struct jval *call, bool *out_is_done,
		      struct err *err)
{
	const struct document *now = documents_get(&canvas->documents, id);
	const struct jval *list = jval_get(call, "updates");
	const struct jval *update = jval_is(list, JVAL_ARRAY) ?
				    jval_first(list) : NULL;
	struct buf next = BUF_INIT(BUF_NO_LIMIT);
	struct buf before;
	int rc = 0;

	*out_is_done = now && update;
	buf_reset(&canvas->text);
	if (now)
		rc = buf_add_span(&canvas->text, buf_span(&now->text), err);
	for (; rc == 0 && *out_is_done && update; update = update->next) {
		buf_reset(&next);
		rc = change(buf_span(&canvas->text), update, &next,
			    out_is_done, err);
		before = canvas->text;
		canvas->text = next;
		next = before;
	}
	buf_release(&next);
	return rc;
}

/* "document", "code/python": what it is, and in which language. */
static void find_sort(struct span type, struct document_change *out)
{
	static const char code[] = "code/";

	if (span_begins(type, code))
		out->language = span_of(type.at + sizeof(code) - 1,
					type.len - (sizeof(code) - 1));
	else if (span_equals(type, span_str("document")))
		out->media = span_str("text/markdown");
}

static int put_version(struct chatgpt_run *run, size_t node,
		       struct document_change *change, struct err *err)
{
	struct chatgpt_canvas *canvas = &run->canvas;
	const struct chatgpt_node *at = &canvas->tree->at[node];
	size_t before = canvas->documents.versions.n;
	const struct document *made;
	int rc;

	change->message = at->key;
	change->time = chatgpt_time(jval_get(message_of(canvas->tree, node),
					     "create_time"));
	rc = documents_put(&canvas->documents, change, err);
	if (rc < 0 || canvas->documents.versions.n == before)
		return rc;
	made = &canvas->documents.versions.at[before];
	canvas->pages[node] = (struct chatgpt_page){
		buf_span(&made->text), change->id, made->title, made->number
	};
	return 0;
}

static int create(struct chatgpt_run *run, size_t node,
		  const struct jval *call, const struct jval *said,
		  bool *out_is_done, struct err *err)
{
	struct document_change change = {
		.id = jval_get_text(said, "textdoc_id"),
		.text = jval_get_text(call, "content"),
		.title = jval_get_text(call, "name"),
	};

	*out_is_done = change.text.at != NULL;
	if (!change.text.at)
		return 0;
	if (!change.id.len)
		change.id = run->canvas.tree->at[node].key;
	find_sort(jval_get_text(call, "type"), &change);
	return put_version(run, node, &change, err);
}

static int update(struct chatgpt_run *run, size_t node,
		  const struct jval *call, const struct jval *said,
		  bool *out_is_done, struct err *err)
{
	struct document_change change = {
		.id = jval_get_text(said, "textdoc_id"),
	};
	int rc;

	if (!change.id.len)
		change.id = id_above(&run->canvas, node);
	rc = change_all(&run->canvas, change.id, call, out_is_done, err);
	if (rc < 0 || !*out_is_done)
		return rc;
	change.text = buf_span(&run->canvas.text);
	return put_version(run, node, &change, err);
}

static int enter(void *arg, size_t node, struct err *err)
{
	struct chatgpt_run *run = arg;
	const struct jval *message = message_of(run->canvas.tree, node);
	struct span verb = verb_of(message);
	const struct jval *call;
	const struct jval *said;
	bool is_refused = false;
	bool is_done = false;
	int rc;

	if (!span_equals(verb, span_str("create_textdoc")) &&
	    !span_equals(verb, span_str("update_textdoc")))
		return 0;
	said = answer_of(run->canvas.tree, node, &is_refused);
	if (is_refused)
		return 0;
	rc = parse_call(&run->canvas, message, &call, err);
	if (rc == 0 && call)
		rc = *verb.at == 'c' ?
			create(run, node, call, said, &is_done, err) :
			update(run, node, call, said, &is_done, err);
	return rc < 0 || is_done ? rc :
		import_skip(run->source, UNDONE, NULL, err);
}

static bool has_canvas(const struct chatgpt_tree *tree)
{
	size_t i;

	for (i = 0; i < tree->n; i++) {
		if (verb_of(message_of(tree, i)).at)
			return true;
	}
	return false;
}

int chatgpt_canvas_read(struct chatgpt_run *run,
			const struct chatgpt_tree *tree, struct err *err)
{
	struct chatgpt_canvas *canvas = &run->canvas;
	const struct documents none = DOCUMENTS_INIT(&run->chat,
						     run->conversation);
	size_t *parents;
	size_t i;
	int rc;

	chatgpt_canvas_release(canvas);
	if (!has_canvas(tree))
		return 0;
	parents = calloc(tree->n, sizeof(*parents));
	canvas->pages = calloc(tree->n, sizeof(*canvas->pages));
	canvas->tree = tree;
	canvas->documents = none;
	canvas->text = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	if (!parents || !canvas->pages) {
		free(parents);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	for (i = 0; i < tree->n; i++)
		parents[i] = tree->at[i].parent;
	rc = documents_replay(&canvas->documents, parents, tree->n, enter, run,
			      err);
	free(parents);
	return rc;
}
