#include <string.h>

#include "cmd/action/mend/form/form_internal.h"
#include "lib/json/jcs_write.h"

void form_put_name(struct buf *out, struct span name)
{
	size_t i;

	for (i = 0; i < name.len; i++) {
		if (name.at[i] == '/' || name.at[i] == '~')
			buf_put_str(out, name.at[i] == '/' ? "~1" : "~0");
		else
			buf_put_char(out, name.at[i]);
	}
}

void form_put_decoded(struct buf *out, struct span part)
{
	size_t i;

	for (i = 0; i < part.len; i++) {
		bool is_escaped = part.at[i] == '~' && i + 1 < part.len &&
				  strchr("01", part.at[i + 1]);

		if (is_escaped)
			buf_put_char(out, part.at[++i] == '1' ? '/' : '~');
		else
			buf_put_char(out, part.at[i]);
	}
}

struct span form_first_part(struct span path)
{
	const char *slash = memchr(path.at, '/', path.len);

	return span_of(path.at, slash ? (size_t)(slash - path.at) : path.len);
}

/* What stands there now; NULL: nothing. */
const struct jval *form_find(const struct jval *state, struct span path)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);

	while (state) {
		struct span part = form_first_part(path);

		buf_reset(&name);
		form_put_decoded(&name, part);
		state = jval_get_span(state, buf_span(&name));
		if (part.len == path.len)
			break;
		path = span_of(path.at + part.len + 1,
			       path.len - part.len - 1);
	}
	buf_release(&name);
	return state;
}

/* Is it JSON as it stands? Text that only looks like a word is none. */
static bool is_json(struct span text)
{
	struct jdoc_options options = { .flags = JDOC_DUPLICATES_REFUSE };
	struct jdoc *doc = NULL;
	bool is_it = jdoc_parse(text, &options, &doc, NULL) == 0;

	jdoc_free(doc);
	return is_it;
}

static void put_set(struct buf *out, struct span text)
{
	const char *between = "";

	buf_put_char(out, '[');
	while (text.len) {
		const char *comma = memchr(text.at, ',', text.len);
		size_t len = comma ? (size_t)(comma - text.at) : text.len;
		struct span one = span_trim(span_of(text.at, len), SPAN_BLANKS);

		if (one.len) {
			buf_put_str(out, between);
			jcs_put_string(out, one);
			between = ",";
		}
		len += comma != NULL;
		text = span_of(text.at + len, text.len - len);
	}
	buf_put_char(out, ']');
}

/* A text stays a text, and what was none must be JSON; of what is new both
 * may be. */
int form_put_text(struct buf *out, const struct kind *kind,
		  const struct jval *before, const struct form_change *change,
		  struct err *err)
{
	struct span text = change->text;
	const struct kind_field *field = kind_field(kind, change->name);
	bool is_words = field && (field->flags & KIND_WORDS);

	if (!text.len)
		buf_put_str(out, "null");
	else if (kind_field_is_set(kind, change->name) && text.at[0] != '[')
		put_set(out, text);
	else if (is_words || jval_is(before, JVAL_STRING) || (!before && !is_json(text)))
		jcs_put_string(out, text);
	else if (is_json(text))
		buf_put_span(out, text);
	else
		return err_set(err, ERR_INVALID, "'%.*s' must stay JSON: a "
			       "number, true, null, [...], {...} or \"text\"",
			       (int)change->name.len, change->name.at);
	return 0;
}

/* Below a path of depth bytes, "a/" for example. */
struct level {
	const struct kind *kind;
	const struct jval *state;
	const struct form_change *changes;
	size_t n;
	struct buf *out;
};

static bool is_below(struct span name, struct span path)
{
	return name.len > path.len && !memcmp(name.at, path.at, path.len) &&
	       (!path.len || path.at[path.len - 1] == '/');
}

/* Does an earlier one begin with the same part of the path? */
static bool is_told(const struct form_change *changes, size_t i, size_t len)
{
	struct span begin = span_of(changes[i].name.at, len);
	size_t j;

	for (j = 0; j < i; j++) {
		struct span name = changes[j].name;

		if (name.len >= len && !memcmp(name.at, begin.at, len) &&
		    (name.len == len || name.at[len] == '/'))
			return true;
	}
	return false;
}

static int put_level(const struct level *level, struct span path,
		     unsigned depth, struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	const char *between = "";
	size_t i;
	int rc = depth ? 0 : err_set(err, ERR_LIMIT, "too many '/'");

	buf_put_char(level->out, '{');
	for (i = 0; rc == 0 && i < level->n; i++) {
		const struct form_change *change = &level->changes[i];
		struct span part;

		if (!is_below(change->name, path))
			continue;
		part = form_first_part(span_of(change->name.at + path.len,
					  change->name.len - path.len));
		if (is_told(level->changes, i, path.len + part.len))
			continue;
		buf_put_str(level->out, between);
		between = ",";
		buf_reset(&name);
		form_put_decoded(&name, part);
		jcs_put_string(level->out, buf_span(&name));
		buf_put_char(level->out, ':');
		if (path.len + part.len == change->name.len)
			rc = form_put_text(level->out, level->kind,
				      form_find(level->state, change->name), change,
				      err);
		else
			rc = put_level(level, span_of(change->name.at,
						      path.len + part.len + 1),
				       depth - 1, err);
	}
	buf_put_char(level->out, '}');
	buf_release(&name);
	return rc;
}

int form_canonical(struct span json, struct buf *out, struct err *err)
{
	struct jdoc_options options = { .max_bytes = 0 };
	struct jdoc *doc = NULL;
	int rc = jdoc_parse(json, &options, &doc, err);

	if (rc == 0)
		rc = jdoc_to_jcs(jdoc_root(doc), out, err);
	jdoc_free(doc);
	return rc;
}

int form_data(const struct kind *kind, const struct jval *state,
	      struct form_change *changes, size_t n, struct buf *out,
	      struct err *err)
{
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	struct level level = { kind, state, changes, n, &json };
	int rc = form_choose(kind, state, changes, &level.n, err);

	if (rc == 0)
		rc = put_level(&level, span_of("", 0), JDOC_JCS_DEPTH_MAX, err);
	if (rc == 0)
		rc = buf_end(&json, err);
	if (rc == 0)
		rc = form_canonical(buf_span(&json), out, err);
	buf_release(&json);
	return rc;
}
