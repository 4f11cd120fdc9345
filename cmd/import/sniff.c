#include "cmd/import/sniff.h"

#include "lib/text.h"
#include "lib/utf8.h"

#define PATH_DEPTH 8
#define SHOWN_MEMBERS 6

/* A walk over the members of torn JSON, without checking it. */
struct peek {
	const char *at;
	const char *end;
	size_t depth;			/* of the objects and arrays open */
	bool is_object[64];
	struct span name[PATH_DEPTH];	/* last member's, by depth */
	bool is_name_next;
};

static void skip_space(struct peek *peek)
{
	while (peek->at < peek->end && strchr(" \t\r\n", *peek->at) &&
	       *peek->at)
		peek->at++;
}

/* What stands between the quotes; absent when the text ends before. */
static struct span take_string(struct peek *peek)
{
	const char *begin = ++peek->at;

	while (peek->at < peek->end && *peek->at != '"')
		peek->at += *peek->at == '\\' ? 2 : 1;
	if (peek->at >= peek->end)
		return span_of(NULL, 0);
	return span_of(begin, (size_t)(peek->at++ - begin));
}

static bool open_container(struct peek *peek, bool is_object)
{
	if (peek->depth + 1 >= sizeof(peek->is_object))
		return false;
	peek->is_object[++peek->depth] = is_object;
	peek->is_name_next = is_object;
	peek->at++;
	return true;
}

static bool close_container(struct peek *peek)
{
	peek->at++;
	peek->is_name_next = false;
	return peek->depth && --peek->depth;
}

/* Step to the next member's name; false at the end of all. */
static bool next_member(struct peek *peek)
{
	struct span text;
	char c;

	for (;;) {
		skip_space(peek);
		if (peek->at >= peek->end)
			return false;
		c = *peek->at;
		if (c == '"') {
			text = take_string(peek);
			if (!text.at)
				return false;
			if (!peek->is_name_next)
				continue;
			peek->is_name_next = false;
			if (peek->depth < PATH_DEPTH)
				peek->name[peek->depth] = text;
			return true;
		}
		if (c == '{' || c == '[') {
			if (!open_container(peek, c == '{'))
				return false;
		} else if (c == '}' || c == ']') {
			if (!close_container(peek))
				return false;
		} else {
			peek->is_name_next = c == ',' &&
				peek->is_object[peek->depth];
			peek->at++;
		}
	}
}

static struct peek peek_begin(struct span text)
{
	struct peek peek = { .at = text.at, .end = text.at + text.len };

	if (span_begins(text, "\xef\xbb\xbf"))
		peek.at += 3;
	skip_space(&peek);
	return peek;
}

/* Is the member that was just read the one at path? base: depth of the
 * outermost object. */
static bool is_at_path(const struct peek *peek, size_t base, const char *path)
{
	size_t depth = base;
	size_t len;

	for (;; depth++) {
		len = strcspn(path, ".");
		if (depth > peek->depth || depth >= PATH_DEPTH ||
		    !peek->is_object[depth] ||
		    !span_equals(peek->name[depth], span_of(path, len)))
			return false;
		if (!path[len])
			return depth == peek->depth;
		path += len + 1;
	}
}

bool sniff_has(struct span text, const char *path)
{
	struct peek peek = peek_begin(text);
	size_t base;

	if (peek.at >= peek.end || (*peek.at != '{' && *peek.at != '['))
		return false;
	base = *peek.at == '{' ? 1 : 2;
	while (next_member(&peek)) {
		if (is_at_path(&peek, base, path))
			return true;
	}
	return false;
}

bool sniff_mentions(struct span text, const char *bytes)
{
	const char *end = text.at + text.len;
	const char *at = text.at;
	size_t len = strlen(bytes);

	while (text.len && (size_t)(end - at) >= len) {
		at = memchr(at, bytes[0], (size_t)(end - at) - len + 1);
		if (!at)
			return false;
		if (!memcmp(at, bytes, len))
			return true;
		at++;
	}
	return false;
}

static const char *magic_name(struct span text)
{
	static const struct {
		const char *begin;
		const char *name;
	} magics[] = {
		{ "PK\003\004", "a zip archive" },
		{ "\x1f\x8b", "gzip data" },
		{ "\x28\xb5\x2f\xfd", "zstd data" },
		{ "\x89PNG", "a PNG image" },
		{ "SQLite format 3", "an SQLite database" },
		{ "%PDF", "a PDF document" },
		{ "\xff\xfe", "UTF-16 text" },
		{ "\xfe\xff", "UTF-16 text" },
	};
	size_t i;

	for (i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (span_begins(text, magics[i].begin))
			return magics[i].name;
	}
	return NULL;
}

static int describe_members(struct span text, struct buf *out,
			    struct err *err)
{
	struct peek peek = peek_begin(text);
	size_t shown = 0;
	int rc;

	rc = buf_add_str(out, "a JSON object with the members ", err);
	while (rc >= 0 && shown < SHOWN_MEMBERS && next_member(&peek)) {
		if (peek.depth != 1)
			continue;
		if (shown++)
			rc = buf_add_str(out, ", ", err);
		if (rc >= 0)
			rc = text_escape(out, text_cut(peek.name[1], 40), 0,
					 err);
	}
	if (rc >= 0 && !shown)
		rc = buf_add_str(out, "(none)", err);
	else if (rc >= 0 && next_member(&peek))
		rc = buf_add_str(out, " ...", err);
	return rc;
}

int sniff_describe(struct span text, struct buf *out, struct err *err)
{
	struct peek peek = peek_begin(text);
	const char *magic = magic_name(text);

	if (!text.len)
		return buf_add_str(out, "an empty file", err);
	if (magic)
		return buf_add_str(out, magic, err);
	if (peek.at >= peek.end)
		return buf_add_str(out, "white space alone", err);
	if (memchr(text.at, '\0', text.len) ||
	    utf8_valid_prefix(text) + UTF8_MAX < text.len)
		return buf_add_str(out, "binary data", err);
	if (*peek.at == '{')
		return describe_members(text, out, err);
	if (*peek.at == '[')
		return buf_add_str(out, "a JSON array", err);
	return buf_add_str(out, "plain text", err);
}
