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

static void put_cut(struct buf *out, struct span text, size_t max)
{
	buf_fail(out, text_escape(out, text_cut(text, max), 0, NULL));
}

/* The members of the first object at this depth. */
static void describe_members(struct span text, const char *what, size_t depth,
			     struct buf *out)
{
	struct peek peek = peek_begin(text);
	size_t shown = 0;

	buf_putf(out, "%s with the members ", what);
	while (shown <= SHOWN_MEMBERS && next_member(&peek)) {
		if (peek.depth != depth)
			continue;
		if (shown == SHOWN_MEMBERS) {
			buf_put_str(out, " ...");
			return;
		}
		buf_put_str(out, shown++ ? ", " : "");
		put_cut(out, peek.name[depth], 40);
	}
	if (!shown)
		buf_put_str(out, "(none)");
}

static void describe_json(struct span text, struct buf *out)
{
	struct peek peek = peek_begin(text);
	bool is_array = *peek.at++ == '[';

	skip_space(&peek);
	if (sniff_is_lines(text))
		describe_members(sniff_line(text, 1), "JSON lines of objects",
				 1, out);
	else if (!is_array)
		describe_members(text, "a JSON object", 1, out);
	else if (peek.at < peek.end && *peek.at == '{')
		describe_members(text, "a JSON array of objects", 2, out);
	else
		buf_put_str(out, "a JSON array");
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

static void describe_text(struct span text, struct buf *out)
{
	struct span rest = sniff_begin(text);

	if (begins_tag(rest, "<!doctype html") || begins_tag(rest, "<html")) {
		buf_put_str(out, "an HTML page");
	} else if (begins_tag(rest, "<?xml")) {
		buf_put_str(out, "an XML document");
	} else if (*rest.at == '"') {
		buf_put_str(out, "a JSON string");
	} else if (span_begins(rest, "# ") || span_begins(rest, "## ") ||
		   span_begins(rest, "---\n") ||
		   span_begins(rest, "---\r\n")) {
		buf_put_str(out, "Markdown text");
	} else if (is_table(rest)) {
		buf_put_str(out, "a CSV table that begins with ");
		put_cut(out, sniff_line(text, 1), 80);
	} else {
		buf_put_str(out, "plain text");
	}
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

void sniff_describe(struct span text, struct buf *out)
{
	struct span rest = sniff_begin(text);
	const char *magic = magic_name(text);
	const char *encoding = sniff_encoding(text);
	size_t valid = utf8_valid_prefix(text);

	if (!text.len)
		buf_put_str(out, "an empty file");
	else if (magic)
		buf_put_str(out, magic);
	else if (encoding)
		buf_putf(out, "%s text", encoding);
	else if (!rest.len)
		buf_put_str(out, "white space alone");
	else if (valid + UTF8_MAX < text.len && is_old_text(text))
		buf_putf(out, "text that is no UTF-8 (byte %zu)", valid);
	else if (valid + UTF8_MAX < text.len ||
		 memchr(text.at, '\0', text.len))
		buf_put_str(out, "binary data");
	else if (*rest.at == '{' || *rest.at == '[')
		describe_json(text, out);
	else
		describe_text(text, out);
}
