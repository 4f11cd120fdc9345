#include "lib/json/jdoc.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/json/jdoc_parser.h"
#include "lib/json/lex.h"
#include "lib/json/number.h"

enum {
	PARSE_DONE = 0,
	PARSE_VALUE = 1		/* a value must follow */
};

int parser_fail(const struct parser *parser, enum err_code code,
		const char *what)
{
	size_t line = 1;
	const char *start = parser->begin;
	const char *at;

	if (parser->is_cut && parser->at == parser->end)
		return err_set(parser->err, ERR_LIMIT,
			       "JSON of more than the limit of %zu bytes",
			       (size_t)(parser->end - parser->begin));
	for (at = start; at < parser->at; at++) {
		if (*at != '\n')
			continue;
		line++;
		start = at + 1;
	}
	return err_set(parser->err, code,
		       "%s at line %zu, column %zu (byte %zu)", what, line,
		       (size_t)(at - start) + 1, (size_t)(at - parser->begin));
}

int parser_refuse(const struct parser *parser, const char *what)
{
	return parser_fail(parser, ERR_INVALID, what);
}

int parser_nomem(const struct parser *parser)
{
	return err_set(parser->err, ERR_NOMEM, "out of memory");
}

static bool is_at(const struct parser *parser, char c)
{
	return parser->at < parser->end && *parser->at == c;
}

static inline void skip_space(struct parser *parser)
{
	if (parser->at < parser->end && lex_is_space(*parser->at))
		parser->at = lex_skip_space(parser->at, parser->end);
}

static int parse_word(struct parser *parser, const char *word)
{
	size_t left = (size_t)(parser->end - parser->at);
	size_t len = strlen(word);

	if (!span_begins(span_of(parser->at, left), word)) {
		if (left < len && parser->is_cut)
			parser->at = parser->end;
		return parser_refuse(parser, "no value");
	}
	parser->at += len;
	return PARSE_DONE;
}

static int parse_nan(struct parser *parser, struct jval *value)
{
	value->type = JVAL_NUMBER;
	value->marks |= JVAL_IS_NAN;
	if (is_at(parser, 'N'))
		return parse_word(parser, "NaN");
	if (is_at(parser, '-'))
		parser->at++;
	return parse_word(parser, "Infinity");
}

static int parse_number(struct parser *parser, struct jval *value)
{
	const char *from = parser->at;
	const char *at = from;
	bool is_integer = false;

	if (*from == '-' && from + 1 < parser->end && from[1] == 'I' &&
	    (parser->flags & JDOC_NAN_OK))
		return parse_nan(parser, value);
	while (at < parser->end && (lex_is_number_byte(*at) || *at == 'E'))
		at++;
	if (!number_is_json(span_of(from, (size_t)(at - from)), &is_integer)) {
		if (at == parser->end && parser->is_cut)
			parser->at = at;
		return parser_refuse(parser, "wrong number");
	}
	value->type = JVAL_NUMBER;
	if (is_integer)
		value->marks |= JVAL_IS_INTEGER;
	parser->at = at;
	return PARSE_DONE;
}

static int parse_scalar(struct parser *parser, struct jval *value)
{
	char c = *parser->at;
	bool is_wtf;
	int rc;

	if (c == '"') {
		value->type = JVAL_STRING;
		rc = parser_string(parser, &value->as.text, &is_wtf);
		if (rc == 0 && is_wtf)
			value->marks |= JVAL_TEXT_WTF;
		return rc;
	}
	if (c == '-' || (c >= '0' && c <= '9'))
		return parse_number(parser, value);
	if ((c == 'N' || c == 'I') && (parser->flags & JDOC_NAN_OK))
		return parse_nan(parser, value);
	if (c == 't') {
		value->type = JVAL_TRUE;
		return parse_word(parser, "true");
	}
	if (c == 'f') {
		value->type = JVAL_FALSE;
		return parse_word(parser, "false");
	}
	return parse_word(parser, "null");
}

static int frames_push(struct parser *parser, struct jval *container)
{
	int rc;

	if (parser->depth >= parser->max_depth)
		return parser_fail(parser, ERR_LIMIT, "nested too deep");
	rc = array_room_in(parser->frames, parser->depth, parser->cap,
			   parser->err);
	if (rc < 0)
		return rc;
	parser->frames[parser->depth].container = container;
	parser->frames[parser->depth++].last = NULL;
	return 0;
}

static struct jval *append_value(struct parser *parser)
{
	struct jval *value = arena_alloc(&parser->doc->arena, sizeof(*value));
	struct frame *frame;

	if (!value)
		return NULL;
	memset(value, 0, sizeof(*value));
	value->raw = span_of(parser->at, 0);
	if (!parser->depth) {
		parser->doc->root = value;
		return value;
	}
	frame = &parser->frames[parser->depth - 1];
	if (frame->last)
		frame->last->next = value;
	else
		frame->container->as.in.first = value;
	frame->last = value;
	frame->container->as.in.count++;
	return value;
}

/* The key and colon before a member's value. */
static int parse_key(struct parser *parser, struct jval *value)
{
	struct jval *object = parser->frames[parser->depth - 1].container;
	bool is_wtf;
	int rc;

	if (!is_at(parser, '"'))
		return parser_refuse(parser, "no key");
	rc = parser_string(parser, &value->key, &is_wtf);
	if (rc < 0)
		return rc;
	if (is_wtf) {
		value->marks |= JVAL_KEY_WTF;
		object->marks |= JVAL_MEMBER_WTF;
	}
	skip_space(parser);
	if (!is_at(parser, ':'))
		return parser_refuse(parser, "no colon");
	parser->at++;
	skip_space(parser);
	return 0;
}

/* A value with its key, if it has one; a container is only opened. */
static int parse_value(struct parser *parser)
{
	struct jval *value;
	int rc = 0;
	bool is_object;

	if (!parser->values_left--)
		return parser_fail(parser, ERR_LIMIT, "too many values");
	value = append_value(parser);
	if (!value)
		return parser_nomem(parser);
	if (parser->depth &&
	    parser->frames[parser->depth - 1].container->type == JVAL_OBJECT)
		rc = parse_key(parser, value);
	if (rc < 0)
		return rc;
	value->raw.at = parser->at;
	if (parser->at == parser->end)
		return parser_refuse(parser, "no value");
	is_object = is_at(parser, '{');
	if (!is_object && !is_at(parser, '[')) {
		rc = parse_scalar(parser, value);
		value->raw.len = (size_t)(parser->at - value->raw.at);
		return rc;
	}
	value->type = is_object ? JVAL_OBJECT : JVAL_ARRAY;
	rc = frames_push(parser, value);
	parser->at++;
	skip_space(parser);
	if (rc < 0 || is_at(parser, is_object ? '}' : ']'))
		return rc;
	return PARSE_VALUE;
}

static int close_container(struct parser *parser)
{
	struct jval *container = parser->frames[--parser->depth].container;
	const char *from = container->raw.at;

	parser->at++;
	container->raw.len = (size_t)(parser->at - from);
	if (container->type == JVAL_OBJECT)
		return parser_drop_duplicates(parser, container);
	return 0;
}

/* Behind a value: close containers until another value must follow. */
static int parse_after(struct parser *parser)
{
	bool is_object;
	int rc;

	while (parser->depth) {
		is_object = parser->frames[parser->depth - 1].container->type ==
			    JVAL_OBJECT;
		skip_space(parser);
		if (is_at(parser, ',')) {
			parser->at++;
			skip_space(parser);
			return PARSE_VALUE;
		}
		if (!is_at(parser, is_object ? '}' : ']'))
			return parser_refuse(parser, parser->at == parser->end
						? "open container"
						: "no comma and no end");
		rc = close_container(parser);
		if (rc < 0)
			return rc;
	}
	return PARSE_DONE;
}

static int parse_begin(struct parser *parser)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct span text = span_of(parser->at,
				   (size_t)(parser->end - parser->at));

	if (span_begins(text, bom)) {
		if (!(parser->flags & JDOC_BOM_SKIP))
			return parser_refuse(parser,
				"JSON must not begin with a byte order mark,"
				" found");
		parser->at += strlen(bom);
	}
	skip_space(parser);
	if (parser->at == parser->end && !parser->is_cut)
		return err_set(parser->err,
			       (enum err_code)parser->code_if_empty,
			       "no JSON value, only white space");
	return 0;
}

static int parse_run(struct parser *parser)
{
	int rc = parse_begin(parser);

	if (rc < 0)
		return rc;
	do {
		rc = parse_value(parser);
		if (rc == PARSE_DONE)
			rc = parse_after(parser);
	} while (rc == PARSE_VALUE);
	if (rc == 0 && parser->is_cut && parser->at == parser->end)
		rc = parser_fail(parser, ERR_LIMIT, "");
	return rc;
}

static int doc_new(struct span text, unsigned flags, struct jdoc **out,
		   struct err *err)
{
	struct jdoc *doc = calloc(1, sizeof(*doc));

	if (doc && (flags & JDOC_COPY)) {
		doc->copy = malloc(text.len + 1);
		if (!doc->copy) {
			free(doc);
			doc = NULL;
		} else if (text.len) {
			memcpy(doc->copy, text.at, text.len);
		}
	}
	if (!doc)
		return err_set(err, ERR_NOMEM, "out of memory");
	doc->source = doc->copy ? span_of(doc->copy, text.len) : text;
	*out = doc;
	return 0;
}

static void parser_init(struct parser *parser, struct jdoc *doc,
			const struct jdoc_options *options, struct err *err)
{
	struct span text = doc->source;

	memset(parser, 0, sizeof(*parser));
	parser->doc = doc;
	parser->flags = options->flags;
	parser->max_depth = options->max_depth ? options->max_depth
					       : JDOC_DEPTH_DEFAULT;
	parser->values_left = JDOC_VALUES_FREE + text.len / JDOC_VALUE_BYTES;
	if (options->max_values && options->max_values < parser->values_left)
		parser->values_left = options->max_values;
	parser->code_if_empty = ERR_INVALID;
	parser->err = err;
	parser->begin = text.at ? text.at : "";
	parser->at = parser->begin;
	parser->end = parser->begin + text.len;
}

int jdoc_parse_prefix(struct span text, const struct jdoc_options *options,
		      struct jdoc **out, size_t *out_used, struct err *err)
{
	bool is_cut = options->max_bytes && text.len > options->max_bytes;
	struct parser parser;
	struct jdoc *doc;
	int rc;

	if (is_cut)
		text.len = options->max_bytes;
	rc = doc_new(text, options->flags, &doc, err);
	if (rc < 0)
		return rc;
	parser_init(&parser, doc, options, err);
	parser.is_cut = is_cut;
	parser.code_if_empty = ERR_NOT_FOUND;
	rc = parse_run(&parser);
	free(parser.frames);
	if (rc < 0) {
		jdoc_free(doc);
		return rc;
	}
	*out_used = (size_t)(parser.at - parser.begin);
	*out = doc;
	return 0;
}

int jdoc_parse(struct span text, const struct jdoc_options *options,
	       struct jdoc **out, struct err *err)
{
	struct parser parser;
	struct jdoc *doc;
	int rc;

	if (options->max_bytes && text.len > options->max_bytes)
		return err_set(err, ERR_LIMIT,
			       "JSON of more than the limit of %zu bytes",
			       options->max_bytes);
	rc = doc_new(text, options->flags, &doc, err);
	if (rc < 0)
		return rc;
	parser_init(&parser, doc, options, err);
	rc = parse_run(&parser);
	skip_space(&parser);
	if (rc == 0 && parser.at < parser.end)
		rc = parser_refuse(&parser, "more than one value");
	free(parser.frames);
	if (rc < 0) {
		jdoc_free(doc);
		return rc;
	}
	*out = doc;
	return 0;
}

void jdoc_free(struct jdoc *doc)
{
	if (!doc)
		return;
	arena_release(&doc->arena);
	free(doc->copy);
	free(doc);
}

const struct jval *jdoc_root(const struct jdoc *doc)
{
	return doc->root;
}

size_t jdoc_duplicates(const struct jdoc *doc)
{
	return doc->duplicates;
}

size_t jdoc_offset(const struct jdoc *doc, const struct jval *value)
{
	return (size_t)(value->raw.at - doc->source.at);
}
