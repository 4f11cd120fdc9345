/*
 * Keys, tokens and passwords in what people and agents wrote: found by stated
 * patterns (vvault-secrets(7)), never by guessing how random a word looks, and
 * replaced by a marker that tells the kind and the length. The same text gives
 * the same markers, so what is imported twice is known again.
 */
#ifndef VV_CMD_IMPORT_SECRETS_SECRET_H
#define VV_CMD_IMPORT_SECRETS_SECRET_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

enum secret_kind {
	SECRET_AWS, SECRET_GITHUB, SECRET_GITLAB, SECRET_OPENAI,
	SECRET_ANTHROPIC, SECRET_OPENROUTER, SECRET_GOOGLE, SECRET_SLACK,
	SECRET_STRIPE, SECRET_NPM, SECRET_PYPI, SECRET_HUGGING_FACE,
	SECRET_WEBHOOK, SECRET_SERVICE, SECRET_JWT, SECRET_BEARER,
	SECRET_PRIVATE_KEY, SECRET_URL, SECRET_PASSWORD, SECRET_TOKEN,
	SECRET_KINDS
};

/* "GitHub token" */
const char *secret_kind_name(enum secret_kind kind);

/* How many of each kind. */
struct secret_counts {
	uint64_t at[SECRET_KINDS];
};

/* A shape by which a secret is known wherever a word may begin: a prefix, and
 * so many bytes of a class. */
enum secret_class {
	SECRET_ALNUM,		/* letters, digits */
	SECRET_WORD,		/* and _ - */
	SECRET_DOTTED,		/* and . */
	SECRET_BASE64,		/* and + / = . ~ */
	SECRET_HEX, SECRET_UPPER	/* capitals, digits */
};

struct secret_shape {
	const char *prefix;
	enum secret_kind kind;
	enum secret_class class;
	unsigned short least;
	unsigned short most;	/* more: it is something else */
	bool has_digit;		/* one, at least */
	bool keeps_prefix;	/* which is no part of the secret */
};

/* Ended by a NULL prefix. Of two that fit the first one counts. */
extern const struct secret_shape secret_shapes[];
bool secret_class_has(enum secret_class class, unsigned char c);

/* Does a thing of this name hold a secret: DB_PASSWORD, "apiKey"? */
bool secret_is_named(struct span name, enum secret_kind *out);

/* The same of a setting, whose value need not look like one: also
 * "Authorization", "cookie", "apiKeys". */
bool secret_is_setting(struct span name);

/* May a value beside such a name be one, and no word, path, or call in code?
 * is_quoted: it stood in quotes of its own. */
bool secret_is_value(struct span value, enum secret_kind kind, bool is_quoted);

struct secret {
	size_t at;
	size_t len;		/* bytes */
	enum secret_kind kind;
};

/* The first one at or behind from; false: none. */
bool secret_find(struct span text, size_t from, struct secret *out);

/* Append the text with its secrets replaced, where it has any: else out stays
 * as it is. */
MUST_USE int secrets_out_of_text(struct span text, struct buf *out,
				 struct secret_counts *counts,
				 struct err *err);

/* The same of canonical JSON, in all its strings, and by the names of its
 * members; it stays canonical. */
MUST_USE int secrets_out_of_json(struct span json, struct buf *out,
				 struct secret_counts *counts,
				 struct err *err);

/*
 * A canonical record without what its source's settings hold of keys: members
 * of a `native`, its own or that of a part, that are named so and hold a text.
 * Such a thing is no part of a talk, so it is left out, whatever it looks like.
 * out stays as it is, and *out_n 0, where there are none.
 */
MUST_USE int secrets_out_of_settings(struct span json, struct buf *out,
				     uint64_t *out_n, struct err *err);

/* "GitHub token (2), password (1)" */
MUST_USE int secret_counts_tell(const struct secret_counts *counts,
				struct buf *out, struct err *err);
uint64_t secret_counts_sum(const struct secret_counts *counts);

#endif
