#include "lib/json/jdoc_parser.h"

#include <string.h>

#include "lib/base/utf8.h"
#include "lib/id/encode.h"
#include "lib/json/string_scan.h"

/* From a quote to behind its partner; what stands between is not decoded. */
static int scan_string(struct parser *parser, struct span *inner,
		       bool *has_escapes)
{
	const char *from = ++parser->at;

	*has_escapes = false;
	for (;;) {
		parser->at = string_skip_ordinary(parser->at, parser->end);
		if (parser->at == parser->end)
			return parser_refuse(parser, "open string");
		if (*parser->at == '"')
			break;
		if (*parser->at == '\\') {
			*has_escapes = true;
			parser->at++;
			if (parser->at < parser->end &&
			    (unsigned char)*parser->at < 0x80)
				parser->at++;
			continue;
		}
		if ((unsigned char)*parser->at < 0x20)
			return parser_refuse(parser, "bare control character");
		parser->at = string_skip_sequences(parser->at, parser->end);
		if (parser->at < parser->end &&
		    (unsigned char)*parser->at >= 0x80)
			return parser_refuse(parser, "wrong UTF-8");
	}
	*inner = span_of(from, (size_t)(parser->at - from));
	parser->at++;
	return 0;
}

/* The code unit of a "\uXXXX" at the begin of text; -1 when there is none. */
static long escape_unit(struct span text)
{
	long unit = 0;
	size_t i;

	if (text.len < 6 || text.at[0] != '\\' || text.at[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		if (hex_digit(text.at[i]) < 0)
			return -1;
		unit = unit * 16 + hex_digit(text.at[i]);
	}
	return unit;
}

static bool is_high(long unit)
{
	return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low(long unit)
{
	return unit >= 0xdc00 && unit < 0xe000;
}

/* Length of the escape at the begin of text, 0 when it is none. */
static size_t escape_point(struct span text, uint32_t *point)
{
	static const char shorts[] = "\"n\\t/rbf";
	static const char bytes[] = "\"\n\\\t/\r\b\f";
	const char *found;
	long unit;
	long low;

	if (text.len > 1 && text.at[1] && text.at[1] != 'u') {
		found = strchr(shorts, text.at[1]);
		if (found)
			*point = (unsigned char)bytes[found - shorts];
		return found ? 2 : 0;
	}
	unit = escape_unit(text);
	if (is_high(unit)) {
		low = escape_unit(span_of(text.at + 6, text.len - 6));
		*point = (uint32_t)unit;
		if (!is_low(low))
			return 6;
		*point = (uint32_t)(0x10000 + ((unit - 0xd800) << 10) +
				    (low - 0xdc00));
		return 12;
	}
	if (unit < 0)
		return 0;
	*point = (uint32_t)unit;
	return 6;
}

/* Decode escapes into arena memory; *is_wtf tells of lone surrogates. */
static int decode_string(struct parser *parser, struct span inner,
			 struct span *out, bool *is_wtf)
{
	char *text = arena_alloc(&parser->doc->arena, inner.len);
	const char *end = inner.at + inner.len;
	const char *behind = parser->at;
	const char *slash;
	uint32_t point = 0;
	size_t used = 0;
	size_t len;

	if (!text)
		return parser_nomem(parser);
	while ((slash = memchr(inner.at, '\\', inner.len))) {
		len = (size_t)(slash - inner.at);
		memcpy(text + used, inner.at, len);
		used += len;
		parser->at = slash;
		len = escape_point(span_of(slash, (size_t)(end - slash)),
				   &point);
		if (!len)
			return parser_refuse(parser, "wrong escape");
		if (point >= 0xd800 && point < 0xe000) {
			if (!(parser->flags & JDOC_SURROGATES_KEEP))
				return parser_refuse(parser, "lone surrogate");
			*is_wtf = true;
		}
		used += utf8_encode(point, text + used);
		inner = span_of(slash + len, (size_t)(end - slash) - len);
	}
	memcpy(text + used, inner.at, inner.len);
	parser->at = behind;
	*out = span_of(text, used + inner.len);
	return 0;
}

int parser_string(struct parser *parser, struct span *out, bool *is_wtf)
{
	bool has_escapes;
	int rc = scan_string(parser, out, &has_escapes);

	*is_wtf = false;
	if (rc < 0 || !has_escapes)
		return rc;
	return decode_string(parser, *out, out, is_wtf);
}
