#include "cmd/import/records/prose.h"

#include "cmd/import/records/rest.h"
#include "lib/base/table.h"
#include "lib/base/text.h"
#include "lib/base/xxh.h"

#define DEPTH_MAX 64		/* below it nobody says anything */
#define TOKEN_MIN 32		/* a word so long is a key or bytes */
#define WIDE_MIN 2		/* letters of scripts that set no spaces */

/* How much the name of a member tells of the text in it. */
enum naming { NAME_UNTOLD, NAME_SAYS, NAME_NEVER };

static const char *const says[] = {
	"text", "content", "contents", "message", "body", "markdown",
	"prompt", "question", "answer", "reply", "response", "comment",
	"summary", "thinking", "thought", "thoughts", "reasoning", "plan",
	"explanation", "transcript", "caption", "note", "notes", "stdout",
	"stderr", "output", "result", "error", "warning", "query", "input",
	"arguments", "quote", "lines", NULL
};

/* Texts under these names are a program's own words. */
static const char *const never[] = {
	"type", "kind", "id", "uuid", "role", "status", "state", "model",
	"signature", "encrypted_content", "cwd", "path", "file_path",
	"timestamp", "version", "url", "uri", "hash", "sha256", "media_type",
	"mimeType", "mime_type", "language", NULL
};

/* These say no more than what they stand in. */
static const char *const neutral[] = {
	"value", "values", "parts", "items", "children", "node", "nodes",
	"elements", "blocks", NULL
};

/* A program's is all that stands in these. */
static const char *const closed[] = {
	"usage", "telemetry", "toolTelemetry", "metrics", "schema",
	"input_schema", "inputSchema", "json_schema", "parameters", "tools",
	"headers", "env", "environment", "settings", "permissions", NULL
};

struct telling {
	struct buf *out;
	size_t start;		/* of what is told, in out */
	struct table told;	/* hashes of texts */
	bool is_look;		/* the first one is enough */
	bool has_one;
};

static bool is_in(const char *const *names, struct span name)
{
	while (*names && !span_equals(name, span_str(*names)))
		names++;
	return *names != NULL;
}

/* "text", and "review_text" or "reviewText". */
static bool is_saying(struct span name)
{
	size_t i;

	for (i = 0; says[i]; i++) {
		size_t len = strlen(says[i]);
		const char *at = name.at + name.len - len;

		if (name.len < len || memcmp(at + 1, says[i] + 1, len - 1))
			continue;
		if (name.len == len ? *at == *says[i] :
		    (at[-1] == '_' && *at == *says[i]) ||
		    *at == *says[i] - 'a' + 'A')
			return true;
	}
	return false;
}

static enum naming naming_of(struct span name, enum naming around)
{
	if (!name.at || is_in(neutral, name))
		return around;
	if (is_in(never, name) || span_ends(name, "_id") ||
	    span_ends(name, "Id") || span_ends(name, "_at") ||
	    span_ends(name, "At"))
		return NAME_NEVER;
	return is_saying(name) ? NAME_SAYS : NAME_UNTOLD;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The words of a text that have letters; *out_longest: bytes of its longest
 * one; *out_wide: letters of three bytes and more. */
static size_t count_words(struct span text, size_t *out_longest,
			  size_t *out_wide)
{
	bool has_letter = false;
	size_t words = 0;
	size_t start = 0;
	size_t i;

	*out_longest = 0;
	*out_wide = 0;
	for (i = 0; i <= text.len; i++) {
		if (i < text.len && !is_space(text.at[i])) {
			has_letter |= is_letter(text.at[i]);
			*out_wide += (unsigned char)text.at[i] >= 0xe0;
			continue;
		}
		if (i - start > *out_longest)
			*out_longest = i - start;
		words += has_letter;
		has_letter = false;
		start = i + 1;
	}
	return words;
}

static bool is_said(struct span text, enum naming naming)
{
	size_t longest;
	size_t wide;
	size_t words;

	if (naming == NAME_NEVER)
		return false;
	words = count_words(text, &longest, &wide);
	if (words > 1 || wide >= WIDE_MIN)
		return true;
	return naming == NAME_SAYS && longest &&
	       (longest < TOKEN_MIN || span_has(text, "://"));
}

static void tell_text(struct telling *telling, struct span text)
{
	uint64_t key = xxh64_of(text.at, text.len);
	bool is_new = true;
	int rc;

	telling->has_one = true;
	if (telling->is_look)
		return;
	rc = table_include(&telling->told, &key, &is_new, NULL);
	if (rc < 0)
		buf_fail(telling->out, rc);
	if (rc < 0 || !is_new)
		return;
	if (telling->out->len > telling->start)
		buf_put_str(telling->out, "\n\n");
	buf_put_span(telling->out, text);
}

static void find_words(struct telling *telling, const struct jval *value,
		 enum naming around, unsigned depth)
{
	const struct jval *child = jval_first(value);
	enum naming naming;

	if (jval_is(value, JVAL_STRING) && is_said(jval_text(value), around))
		tell_text(telling, jval_text(value));
	if (depth >= DEPTH_MAX)
		return;
	for (; child; child = child->next) {
		if (telling->is_look && telling->has_one)
			return;
		naming = naming_of(child->key, around);
		/* Of what is called a state, its members have a say. */
		if (naming == NAME_NEVER && !jval_is(child, JVAL_STRING))
			naming = NAME_UNTOLD;
		if (!child->key.at || !is_in(closed, child->key))
			find_words(telling, child, naming, depth + 1);
	}
}

void prose_put(const struct jval *value, struct buf *out)
{
	struct telling telling = {
		.out = out, .start = out->len,
		.told = TABLE_INIT(sizeof(uint64_t), TABLE_NO_LIMIT)
	};

	find_words(&telling, value, NAME_SAYS, 0);
	table_release(&telling.told);
}

bool prose_is_in(const struct jval *value)
{
	struct telling telling = { .is_look = true };

	find_words(&telling, value, NAME_SAYS, 0);
	return telling.has_one;
}

void prose_place(struct buf *content, const struct jval *value,
		 struct jcs_fields *fields)
{
	const struct jval *kind = jval_get(value, "type");
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (!kind)
		kind = jval_get(value, "kind");
	if (!kind)
		kind = jval_get(value, "content_type");
	prose_put(value, &text);
	fields_str(fields, "type", "other");
	if (jval_is(kind, JVAL_STRING))
		fields_value(fields, "kind", kind);
	if (text.len)
		part_place(content, buf_span(&text), fields);
	buf_fail(content, text.failed);
	fields_value(fields, "native", value);
	buf_release(&text);
}

void part_other(struct parts *parts, const struct jval *value)
{
	jcs_fields_reset(&parts->fields);
	parts->is_plain = false;
	prose_place(&parts->content, value, &parts->fields);
	part_end(parts);
}
