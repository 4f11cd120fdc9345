#include "lib/json/jdoc_parser.h"

#include <string.h>

#include "lib/base/utf8.h"
#include "lib/json/lex.h"

/* From a quote to behind its partner; what stands between is not decoded. */
static int scan_string(struct parser *parser, struct span *inner,
		       bool *has_escapes)
{
	const char *from = parser->at + 1;
	const char *at = from;
	enum lex_stop stop;

	*has_escapes = false;
	while ((stop = lex_string_step(&at, parser->end)) != LEX_QUOTE) {
		if (stop == LEX_ESCAPE) {
			*has_escapes = true;
			at++;
			at += at < parser->end && (unsigned char)*at < 0x80;
		} else if (stop != LEX_SEQUENCES) {
			parser->at = at;
			return parser_refuse(parser, lex_fault(stop));
		}
	}
	*inner = span_of(from, (size_t)(at - from));
	parser->at = at + 1;
	return 0;
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
		len = lex_escape(span_of(slash, (size_t)(end - slash)),
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
