#include "cmd/import/sniff.h"

#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/json/lex.h"

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
	peek->at = lex_skip_space(peek->at, peek->end);
}

/* What stands between the quotes; absent when the text ends before. */
static struct span take_string(struct peek *peek)
{
	const char *begin = peek->at + 1;
	const char *behind = lex_skip_string(begin, peek->end);

	peek->at = behind ? behind : peek->end;
	return behind ? span_of(begin, (size_t)(behind - 1 - begin))
		      : span_of(NULL, 0);
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

struct span sniff_begin(struct span text)
{
	if (span_begins(text, "\xef\xbb\xbf"))
		text = span_of(text.at + 3, text.len - 3);
	while (text.len && *text.at && strchr(" \t\r\n", *text.at))
		text = span_of(text.at + 1, text.len - 1);
	return text;
}

static struct peek peek_begin(struct span text)
{
	struct span rest = sniff_begin(text);
	struct peek peek = { .at = rest.at, .end = rest.at };

	if (rest.len)
		peek.end += rest.len;
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
		{ "PK\005\006", "an empty zip archive" },
		{ "\x1f\x8b", "gzip data" },
		{ "\x28\xb5\x2f\xfd", "zstd data" },
		{ "BZh", "bzip2 data" },
		{ "\xfd" "7zXZ", "xz data" },
		{ "7z\xbc\xaf\x27\x1c", "a 7z archive" },
		{ "\x89PNG", "a PNG image" },
		{ "\xff\xd8\xff", "a JPEG image" },
		{ "GIF8", "a GIF image" },
		{ "SQLite format 3", "an SQLite database" },
		{ "%PDF", "a PDF document" },
	};
	size_t i;

	for (i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (span_begins(text, magics[i].begin))
			return magics[i].name;
	}
	return NULL;
}

/* The members of the first object at this depth. */
static int describe_members(struct span text, const char *what, size_t depth,
			    struct buf *out, struct err *err)
{
	struct peek peek = peek_begin(text);
	size_t shown = 0;
	bool is_more = false;
	int rc;

	rc = buf_printf(out, err, "%s with the members ", what);
	while (rc >= 0 && !is_more && next_member(&peek)) {
		if (peek.depth != depth)
			continue;
		is_more = shown == SHOWN_MEMBERS;
		if (is_more)
			break;
		if (shown++)
			rc = buf_add_str(out, ", ", err);
		if (rc >= 0)
			rc = text_escape(out, text_cut(peek.name[depth], 40),
					 0, err);
	}
	if (rc >= 0 && !shown)
		rc = buf_add_str(out, "(none)", err);
	else if (rc >= 0 && is_more)
		rc = buf_add_str(out, " ...", err);
	return rc;
}

static int describe_json(struct span text, struct buf *out, struct err *err)
{
	struct peek peek = peek_begin(text);

	if (sniff_is_lines(text))
		return describe_members(sniff_line(text, 1),
					"JSON lines of objects", 1, out, err);
	if (*peek.at == '{')
		return describe_members(text, "a JSON object", 1, out, err);
	peek.at++;
	skip_space(&peek);
	if (peek.at < peek.end && *peek.at == '{')
		return describe_members(text, "a JSON array of objects", 2,
					out, err);
	return buf_add_str(out, "a JSON array", err);
}

static bool begins_tag(struct span text, const char *tag)
{
	size_t i;

	for (i = 0; tag[i]; i++) {
		if (i >= text.len || (text.at[i] | 0x20) != (tag[i] | 0x20))
			return false;
	}
	return true;
}

/* How many more cells than one a row has, up to its end; *row moves on. */
static size_t count_commas(struct span *row)
{
	bool is_quoted = false;
	size_t count = 0;
	size_t i;

	for (i = 0; i < row->len; i++) {
		is_quoted ^= row->at[i] == '"';
		if (!is_quoted && row->at[i] == '\n')
			break;
		count += !is_quoted && row->at[i] == ',';
	}
	*row = i < row->len ? span_of(row->at + i + 1, row->len - i - 1) :
	       span_of(NULL, 0);
	return count;
}

static bool is_table(struct span text)
{
	size_t commas = count_commas(&text);

	return commas && text.len && count_commas(&text) == commas;
}

static int describe_text(struct span text, struct buf *out, struct err *err)
{
	struct peek peek = peek_begin(text);
	struct span row = sniff_line(text, 1);
	int rc;

	text = span_of(peek.at, (size_t)(peek.end - peek.at));
	if (begins_tag(text, "<!doctype html") || begins_tag(text, "<html"))
		return buf_add_str(out, "an HTML page", err);
	if (begins_tag(text, "<?xml"))
		return buf_add_str(out, "an XML document", err);
	if (*peek.at == '"')
		return buf_add_str(out, "a JSON string", err);
	if (span_begins(text, "# ") || span_begins(text, "## ") ||
	    span_begins(text, "---\n") || span_begins(text, "---\r\n"))
		return buf_add_str(out, "Markdown text", err);
	if (!is_table(text))
		return buf_add_str(out, "plain text", err);
	rc = buf_add_str(out, "a CSV table that begins with ", err);
	return rc < 0 ? rc : text_escape(out, text_cut(row, 80), 0, err);
}

/* Text of one of the many encodings of eight bits, rather than no text? */
static bool is_old_text(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if ((unsigned char)text.at[i] < 0x20 && text.at[i] != '\n' &&
		    text.at[i] != '\r' && text.at[i] != '\t')
			return false;
	}
	return true;
}

int sniff_describe(struct span text, struct buf *out, struct err *err)
{
	struct peek peek = peek_begin(text);
	const char *magic = magic_name(text);
	const char *encoding = sniff_encoding(text);
	size_t valid = utf8_valid_prefix(text);
	int rc;

	if (!text.len)
		return buf_add_str(out, "an empty file", err);
	if (magic)
		return buf_add_str(out, magic, err);
	if (encoding)
		return buf_printf(out, err, "%s text", encoding);
	if (peek.at >= peek.end)
		return buf_add_str(out, "white space alone", err);
	if (valid + UTF8_MAX < text.len) {
		rc = buf_add_str(out, is_old_text(text) ? "text" :
				 "binary data", err);
		return rc < 0 || !is_old_text(text) ? rc :
		       buf_printf(out, err, " that is no UTF-8 (byte %zu)",
				  valid);
	}
	if (memchr(text.at, '\0', text.len))
		return buf_add_str(out, "binary data", err);
	if (*peek.at == '{' || *peek.at == '[')
		return describe_json(text, out, err);
	return describe_text(text, out, err);
}
