/*
 * The parser behind jdoc.h, for the files of jdoc_ only.
 */
#ifndef VV_LIB_JSON_JDOC_PARSER_H
#define VV_LIB_JSON_JDOC_PARSER_H

#include "lib/base/arena.h"
#include "lib/json/jdoc.h"

#define JVAL_DROPPED 0x100u	/* mark: a later member has the same key */

struct jdoc {
	struct arena arena;
	struct span source;
	char *copy;		/* of the source, with JDOC_COPY */
	struct jval *root;
	size_t duplicates;
};

struct frame {
	struct jval *container;
	struct jval *last;	/* child; NULL: none yet */
};

struct parser {
	struct jdoc *doc;
	const char *begin;
	const char *at;
	const char *end;
	bool is_cut;		/* end is where max_bytes fell, not the end */
	unsigned flags;
	size_t max_depth;
	size_t values_left;
	struct frame *frames;
	size_t depth;
	size_t cap;
	int code_if_empty;	/* of a source of nothing but white space */
	struct err *err;
};

/* Record a failure at parser->at: "<what> at line L, column C (byte N)". */
int parser_fail(const struct parser *parser, enum err_code code,
		const char *what);
int parser_refuse(const struct parser *parser, const char *what);
int parser_nomem(const struct parser *parser);

/*
 * Take the string at parser->at, decoded: into the source where it has no
 * escapes, else into the arena. *is_wtf tells of lone surrogates.
 */
int parser_string(struct parser *parser, struct span *out, bool *is_wtf);

/* Of members with one key only the last stays. Sorts large objects. */
int parser_drop_duplicates(struct parser *parser, struct jval *object);

#endif
