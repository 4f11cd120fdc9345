#include "cmd/action/context/gather.h"

#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"

#define DEEPEST 4	/* members deeper than that stand as JSON */
#define LINE_BYTES 120	/* of a text that stands among others */

/* Says most of who somebody is, wherever it came from. */
static const char *const first[] = {
	"name", "description", "identity", "system", "system_prompt",
	"instructions", "personality", "persona", "scenario", NULL
};

/* And what says least of it. */
static const char *const last[] = {
	"additional_data", "environment", "tools", "metadata", NULL
};

struct persona_telling {
	struct gathering *gathering;
	size_t rank;
};

static bool is_one_of(struct span name, const char *const *names)
{
	for (; *names; names++) {
		if (span_equals(name, span_str(*names)))
			return true;
	}
	return false;
}

static int add_persona(struct persona_telling *telling, const struct buf *path,
	       struct span text, struct err *err)
{
	struct gathering *gathering = telling->gathering;
	const struct brief_item item = {
		.head = buf_span(path), .text = text,
		.rank = telling->rank++,
	};

	if (!text.len)
		return 0;
	return brief_add(gathering->brief, gathering->persona, &item, NULL,
			err);
}

/* Texts as they are, all else as JSON; of a list of texts they alone. */
static void put_persona_value(struct span value, struct buf *out)
{
	struct jcs_iter iter = jcs_iter_array(value);
	bool is_list = jcs_type_of(value) == JCS_ARRAY;
	struct span item;
	size_t start = out->len;

	while (is_list && jcs_next(&iter, NULL, &item)) {
		is_list = jcs_is_words(item);
		buf_put_str(out, out->len > start ? ", " : "");
		buf_fail(out, jcs_words(item, out, NULL));
	}
	if (is_list)
		return;
	if (out->len > start)
		buf_cut(out, start);
	if (jcs_is_words(value))
		buf_fail(out, jcs_words(value, out, NULL));
	else
		buf_put_span(out, value);
}

/* Does it fit among others on a line? */
static bool is_short(struct span value)
{
	enum jcs_type type = jcs_type_of(value);

	if (type == JCS_OBJECT)
		return value.len == 2;
	return value.len <= LINE_BYTES && !span_has(value, "\\n");
}

static int tell_persona(struct persona_telling *telling, struct buf *path,
			struct span value,
		unsigned depth, struct err *err);

/* Members that are short in one line, each of the others by itself. */
static int tell_members(struct persona_telling *telling, struct buf *path,
			struct span object, unsigned depth, struct err *err)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct buf line = BUF_INIT(BUF_NO_LIMIT);
	size_t len = path->len;
	struct span name;
	struct span value;
	int rc;

	while (jcs_next(&iter, &name, &value)) {
		if (!is_short(value) || jcs_is_text(value, ""))
			continue;
		buf_put_str(&line, line.len ? ", " : "");
		buf_fail(&line, jcs_inner_decode(name, &line, NULL));
		buf_put_str(&line, ": ");
		put_persona_value(value, &line);
	}
	rc = buf_end(&line, err);
	if (rc == 0)
		rc = add_persona(telling, path, buf_span(&line), err);
	iter = jcs_iter_object(object);
	while (rc == 0 && jcs_next(&iter, &name, &value)) {
		if (is_short(value))
			continue;
		buf_put_char(path, '.');
		buf_fail(path, jcs_inner_decode(name, path, NULL));
		rc = tell_persona(telling, path, value, depth + 1, err);
		buf_cut(path, len);
	}
	buf_release(&line);
	return rc;
}

static int tell_persona(struct persona_telling *telling, struct buf *path,
			struct span value,
		unsigned depth, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc = buf_end(path, err);

	if (rc == 0 && jcs_type_of(value) == JCS_OBJECT && depth < DEEPEST)
		return tell_members(telling, path, value, depth, err);
	put_persona_value(value, &text);
	if (rc == 0)
		rc = buf_end(&text, err);
	if (rc == 0)
		rc = add_persona(telling, path, buf_span(&text), err);
	buf_release(&text);
	return rc;
}

static int tell_member(struct persona_telling *telling, struct span name,
		       struct span value, struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_fail(&path, jcs_inner_decode(name, &path, NULL));
	rc = tell_persona(telling, &path, value, 1, err);
	buf_release(&path);
	return rc;
}

static int tell_named(struct persona_telling *telling, struct span persona,
		      const char *const *names, struct err *err)
{
	struct span value;
	int rc = 0;

	for (; rc == 0 && *names; names++) {
		if (jcs_find(persona, *names, &value))
			rc = tell_member(telling, span_str(*names), value,
					 err);
	}
	return rc;
}

int gather_persona(struct gathering *gathering, struct err *err)
{
	struct persona_telling telling = { gathering, 0 };
	struct buf persona = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	struct span name;
	struct span value;
	int rc = view_persona(gathering->view, &persona, err);

	if (rc == 0)
		rc = tell_named(&telling, buf_span(&persona), first, err);
	iter = jcs_iter_object(buf_span(&persona));
	while (rc == 0 && jcs_next(&iter, &name, &value)) {
		if (!is_one_of(name, first) && !is_one_of(name, last))
			rc = tell_member(&telling, name, value, err);
	}
	if (rc == 0)
		rc = tell_named(&telling, buf_span(&persona), last, err);
	buf_release(&persona);
	return rc;
}
