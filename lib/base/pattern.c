#include "lib/base/pattern.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/base/utf8.h"

/* A step is some nanoseconds, so that a line takes some milliseconds at most;
 * the heap is in KiB, the stack of the compiled form in bytes. */
#define STEPS_MAX 1000000
#define DEPTH_MAX 10000
#define HEAP_KIB_MAX 16384
#define STACK_MIN ((size_t)32 << 10)
#define STACK_MAX ((size_t)1 << 20)
#define COMPILED_MAX ((size_t)4 << 20)

struct pattern {
	struct buf text;
	unsigned flags;
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *match;
	pcre2_jit_stack *stack;
};

static int out_of_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

static int refuse(int code, size_t offset, struct err *err)
{
	char why[200];

	if (code == PCRE2_ERROR_NOMEMORY)
		return out_of_memory(err);
	if (pcre2_get_error_message(code, (PCRE2_UCHAR *)why,
				    sizeof(why)) < 0)
		why[0] = '\0';
	return err_set(err, ERR_INVALID, "not a pattern: %s (at byte %zu)",
		       why, offset);
}

static int compile(struct pattern *pattern, struct span text, struct err *err)
{
	uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF |
			   PCRE2_NEVER_BACKSLASH_C;
	PCRE2_SIZE offset = 0;
	size_t size = 0;
	int code = 0;

	if (pattern->flags & PATTERN_NO_CASE)
		options |= PCRE2_CASELESS;
	pcre2_code_free(pattern->code);
	pattern->code = pcre2_compile((PCRE2_SPTR)text.at, text.len, options,
				      &code, &offset, NULL);
	if (!pattern->code)
		return refuse(code, offset, err);
	if (pcre2_pattern_info(pattern->code, PCRE2_INFO_SIZE, &size) < 0 ||
	    size > COMPILED_MAX)
		return err_set(err, ERR_LIMIT, "the pattern is too large");
	return 0;
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* What is no letter and no digit says of itself alone that it is meant. */
static void put_literal(struct buf *out, struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if ((unsigned char)text.at[i] < 0x80 && !is_alnum(text.at[i]))
			buf_put_char(out, '\\');
		buf_put_char(out, text.at[i]);
	}
}

/* An expression is compiled as it stands first: what is put around it must
 * not make a good one of a bad one, or move the place of a fault. */
static int compile_all(struct pattern *pattern, struct err *err)
{
	bool is_literal = pattern->flags & PATTERN_LITERAL;
	bool is_words = pattern->flags & PATTERN_WORDS;
	struct span text = buf_span(&pattern->text);
	struct buf whole = BUF_INIT(BUF_NO_LIMIT);
	int rc = is_literal ? 0 : compile(pattern, text, err);

	buf_put_str(&whole, is_words ? "(?<!\\w)(?:" : "");
	if (is_literal)
		put_literal(&whole, text);
	else
		buf_put_span(&whole, text);
	buf_put_str(&whole, is_words ? ")(?!\\w)" : "");
	if (rc == 0)
		rc = buf_end(&whole, err);
	if (rc == 0 && (is_literal || is_words))
		rc = compile(pattern, buf_span(&whole), err);
	buf_release(&whole);
	return rc;
}

static int set_limits(struct pattern *pattern, struct err *err)
{
	/* Where there is no compiler for this processor it is slower. */
	(void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
	pattern->limits = pcre2_match_context_create(NULL);
	pattern->match = pcre2_match_data_create(1, NULL);
	pattern->stack = pcre2_jit_stack_create(STACK_MIN, STACK_MAX, NULL);
	if (!pattern->limits || !pattern->match)
		return out_of_memory(err);
	(void)pcre2_set_match_limit(pattern->limits, STEPS_MAX);
	(void)pcre2_set_depth_limit(pattern->limits, DEPTH_MAX);
	(void)pcre2_set_heap_limit(pattern->limits, HEAP_KIB_MAX);
	if (pattern->stack)
		pcre2_jit_stack_assign(pattern->limits, NULL, pattern->stack);
	return 0;
}

int pattern_new(struct span text, unsigned flags, struct pattern **out,
		struct err *err)
{
	struct pattern *pattern;
	int rc;

	if (text.len > PATTERN_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "a pattern has at most %d "
			       "bytes", PATTERN_BYTES_MAX);
	if (!text.len || !utf8_is_valid(text))
		return err_set(err, ERR_INVALID, text.len ? "the pattern is "
			       "not UTF-8" : "the pattern is empty");
	pattern = calloc(1, sizeof(*pattern));
	if (!pattern)
		return out_of_memory(err);
	pattern->text = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	pattern->flags = flags;
	rc = buf_add_span(&pattern->text, text, err);
	if (rc == 0)
		rc = compile_all(pattern, err);
	if (rc == 0)
		rc = set_limits(pattern, err);
	if (rc < 0)
		pattern_free(pattern);
	else
		*out = pattern;
	return rc;
}

void pattern_free(struct pattern *pattern)
{
	if (!pattern)
		return;
	buf_release(&pattern->text);
	pcre2_code_free(pattern->code);
	pcre2_match_context_free(pattern->limits);
	pcre2_match_data_free(pattern->match);
	pcre2_jit_stack_free(pattern->stack);
	free(pattern);
}

static int match_failed(int code, struct err *err)
{
	switch (code) {
	case PCRE2_ERROR_MATCHLIMIT:
	case PCRE2_ERROR_DEPTHLIMIT:
	case PCRE2_ERROR_HEAPLIMIT:
	case PCRE2_ERROR_JIT_STACKLIMIT:
		return err_set(err, ERR_LIMIT, "the pattern takes too many "
			       "steps: repetitions in repetitions, as in "
			       "(a+)+, try for ever");
	case PCRE2_ERROR_NOMEMORY:
		return out_of_memory(err);
	default:
		return err_set(err, ERR_INVALID, "the pattern cannot be "
			       "looked for (%d)", code);
	}
}

int pattern_find(struct pattern *pattern, struct span line, size_t *from,
		 struct pattern_match *out, struct err *err)
{
	const PCRE2_SIZE *ends;
	uint32_t point;
	int code = PCRE2_ERROR_NOMATCH;

	out->is_found = false;
	if (*from <= line.len)
		code = pcre2_match(pattern->code, (PCRE2_SPTR)line.at,
				   line.len, *from, 0, pattern->match,
				   pattern->limits);
	if (code == PCRE2_ERROR_NOMATCH) {
		*from = line.len + 1;
		return 0;
	}
	if (code < 0)
		return match_failed(code, err);
	ends = pcre2_get_ovector_pointer(pattern->match);
	out->end = ends[1];
	out->start = ends[0] < ends[1] ? ends[0] : ends[1];
	out->is_found = true;
	*from = ends[1];
	if (out->start == out->end)
		*from += ends[1] < line.len ?
			 utf8_decode(span_of(line.at + ends[1],
					     line.len - ends[1]), &point) : 1;
	/* Bytes that are no character are stepped over one by one. */
	*from += out->start == out->end && *from == ends[1];
	return 0;
}

/* A search for runs that have to be there, and the best one so far. */
struct needs {
	struct span text;
	size_t at;
	bool (*is_fit)(const char *run);
	struct buf run;
	struct buf best;
};

static void end_run(struct needs *needs)
{
	if (needs->run.len > needs->best.len &&
	    needs->is_fit(buf_text(&needs->run))) {
		buf_reset(&needs->best);
		buf_put_span(&needs->best, buf_span(&needs->run));
	}
	buf_reset(&needs->run);
}

/* Behind "[", which is no part of it: to behind its "]". */
static bool skip_class(struct needs *needs)
{
	struct span text = needs->text;
	size_t i = needs->at;

	i += i < text.len && text.at[i] == '^';
	i += i < text.len && text.at[i] == ']';
	while (i < text.len && text.at[i] != ']') {
		/* [[:alpha:]]: too rare to be understood here. */
		if (text.at[i] == '[')
			return false;
		i += text.at[i] == '\\' ? 2 : 1;
	}
	needs->at = i + 1;
	return i < text.len;
}

/* Behind "\": a character that is meant, or a short word of which no letter
 * stands in what is found. */
static bool skip_escape(struct needs *needs)
{
	char c = needs->at < needs->text.len ? needs->text.at[needs->at] : 'Q';

	needs->at++;
	return !is_alnum(c) || strchr("bBdDsSwWhHvVntr", c);
}

/* Behind "(": what it may hold is not looked at. */
static bool skip_group(struct needs *needs)
{
	int depth = 1;
	bool is_good = true;

	while (is_good && depth && needs->at < needs->text.len) {
		char c = needs->text.at[needs->at++];

		if (c == '\\')
			is_good = skip_escape(needs);
		else if (c == '[')
			is_good = skip_class(needs);
		else
			depth += (c == '(') - (c == ')');
	}
	return is_good && !depth;
}

/* "?", "*" or "{": what stands before it may be missing. */
static bool take_repeat(struct needs *needs, char c)
{
	size_t i = needs->at;

	if (needs->run.len)
		buf_cut(&needs->run, needs->run.len - 1);
	if (c != '{')
		return true;
	while (i < needs->text.len && needs->text.at[i] != '}')
		i++;
	needs->at = i + 1;
	return i < needs->text.len;
}

static bool take_one(struct needs *needs)
{
	char c = needs->text.at[needs->at++];

	if (is_alnum(c)) {
		buf_put_char(&needs->run, (char)(c >= 'A' && c <= 'Z' ?
						 c + 32 : c));
		return true;
	}
	if (c == '?' || c == '*' || c == '{') {
		bool is_good = take_repeat(needs, c);

		end_run(needs);
		return is_good;
	}
	end_run(needs);
	if (c == '[')
		return skip_class(needs);
	if (c == '\\')
		return skip_escape(needs);
	return c == '(' ? skip_group(needs) : true;
}

/* What can change the meaning of the rest is given up. */
static bool is_plain(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.at[i] == '|' ||
		    (text.at[i] == '(' && i + 1 < text.len &&
		     (text.at[i + 1] == '?' || text.at[i + 1] == '*')))
			return false;
	}
	return true;
}

int pattern_needs(const struct pattern *pattern,
		  bool (*is_fit)(const char *run), struct buf *out,
		  struct err *err)
{
	struct needs needs = {
		buf_span(&pattern->text), 0, is_fit, BUF_INIT(BUF_NO_LIMIT),
		BUF_INIT(BUF_NO_LIMIT)
	};
	struct buf literal = BUF_INIT(BUF_NO_LIMIT);
	bool is_good = true;
	int rc;

	if (pattern->flags & PATTERN_LITERAL) {
		put_literal(&literal, needs.text);
		needs.text = buf_span(&literal);
	} else {
		is_good = is_plain(needs.text);
	}
	while (is_good && needs.at < needs.text.len)
		is_good = take_one(&needs);
	end_run(&needs);
	if (is_good)
		buf_put_span(out, buf_span(&needs.best));
	buf_fail(out, buf_end(&literal, NULL));
	buf_fail(out, buf_end(&needs.run, NULL));
	buf_fail(out, buf_end(&needs.best, NULL));
	rc = buf_end(out, err);
	buf_release(&literal);
	buf_release(&needs.run);
	buf_release(&needs.best);
	return rc;
}
