#include "lib/json/splice.h"

#include "lib/json/lex.h"

/* Each may read up to the end, so there is an end to trying. */
#define TRIES_MAX 64
#define NAMES 2

/* Text on its way: inside a string or not, as far as it is well-formed. */
struct splice {
	struct span text;
	const struct jdoc_options *options;
	unsigned tries;
	size_t depth;		/* of containers */
	size_t string;		/* where the last one begins */
	bool is_string;
	bool has_begun;
	char before;		/* the last byte outside that is no space */
	struct span names[NAMES];	/* of the first members of the one */
	size_t names_n;			/* that was cut, as they stand */
};

static bool is_one_of(char c, const char *bytes)
{
	return c && strchr(bytes, c);
}

/* A value may stand here, and there are objects in objects: is this one like
 * the one that was cut, by its first names? */
static bool is_alike(const struct splice *splice, const struct jval *object)
{
	const struct jval *member = jval_first(object);
	size_t i = 0;

	while (i < NAMES && splice->names_n == NAMES && member &&
	       span_equals(member->key, splice->names[i])) {
		member = member->next;
		i++;
	}
	return i == NAMES;
}

/* A whole object begins here, and nothing but further ones follows it. */
static int is_whole(struct splice *splice, size_t at, bool *out,
		    struct err *err)
{
	struct span rest = span_of(splice->text.at + at,
				   splice->text.len - at);
	const char *end = rest.at + rest.len;
	bool is_value = !splice->is_string && is_one_of(splice->before, ":,[");
	struct jdoc *doc = NULL;
	struct err why = ERR_INIT;
	const char *next;
	size_t used;
	int rc;

	*out = false;
	splice->tries++;
	rc = jdoc_parse_prefix(rest, splice->options, &doc, &used, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return 0;
	next = lex_skip_space(rest.at + used, end);
	*out = (next == end || *next == '{' || !*next) &&
	       (!is_value || is_alike(splice, jdoc_root(doc)));
	jdoc_free(doc);
	return 0;
}

/* {" as a record begins. */
static bool may_begin(const struct splice *splice, size_t at)
{
	const char *begin = splice->text.at + at;
	const char *end = splice->text.at + splice->text.len;

	if (*begin != '{' || splice->tries == TRIES_MAX || !splice->has_begun)
		return false;
	begin = lex_skip_space(begin + 1, end);
	return begin < end && *begin == '"';
}

/* A string ends here, a name perhaps: a colon will tell. */
static void end_string(struct splice *splice, size_t at)
{
	size_t begin = splice->string + 1;

	splice->is_string = false;
	if (splice->depth == 1 && is_one_of(splice->before, "{,") &&
	    splice->names_n < NAMES)
		splice->names[splice->names_n++] =
			span_of(splice->text.at + begin, at - begin);
}

/* Past this byte, and past one that it escapes; what was cut behind a
 * backslash escapes nothing. */
static size_t step(struct splice *splice, size_t at)
{
	char c = splice->text.at[at];

	if (splice->is_string) {
		if (c == '"')
			end_string(splice, at);
		return at + 1 + (c == '\\' && at + 1 < splice->text.len &&
				 splice->text.at[at + 1] != '{');
	}
	if (c == '"') {
		splice->has_begun = true;
		splice->is_string = true;
		splice->string = at;
		return at + 1;
	}
	if (c == '{' || c == '[')
		splice->depth++;
	else if ((c == '}' || c == ']') && splice->depth)
		splice->depth--;
	if (!lex_is_space(c)) {
		splice->has_begun = true;
		splice->before = c;
	}
	return at + 1;
}

int splice_find(struct span text, const struct jdoc_options *options,
		size_t *out, struct err *err)
{
	struct splice splice = { .text = text, .options = options };
	bool is_it = false;
	size_t at = 0;
	int rc = 0;

	while (at < text.len) {
		if (may_begin(&splice, at))
			rc = is_whole(&splice, at, &is_it, err);
		if (rc < 0)
			return rc;
		if (is_it)
			break;
		at = step(&splice, at);
	}
	*out = at < text.len ? at : text.len;
	return 0;
}
