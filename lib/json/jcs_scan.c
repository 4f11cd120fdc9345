#include "lib/json/jcs_scan.h"

#include "lib/json/jcs_escape.h"
#include "lib/json/lex.h"
#include "lib/json/number.h"

#define SHORT_NUMBER 15		/* digits of an integer that need no look */

/* One open container. */
struct level {
	struct span key;	/* the last one, between its quotes */
	bool is_object;
	bool is_key_plain;	/* ASCII without escapes: bytes sort right */
};

struct scan {
	const char *begin;
	const char *at;
	const char *end;
	struct err *err;
	struct jcs_member *members;
	size_t max;
	size_t count;
	bool is_collecting;	/* the top object's members are wanted */
	size_t depth;
	struct level levels[JCS_DEPTH_MAX];
};

enum {
	SCAN_DONE = 0,
	SCAN_VALUE = 1		/* the text must go on with a value */
};

static int scan_fail(const struct scan *scan, enum err_code code,
		     const char *what)
{
	return err_set(scan->err, code, "not canonical JSON: %s at byte %zu",
		       what, (size_t)(scan->at - scan->begin));
}

/* From a quote to behind its partner; inner is what stands between. */
static int scan_string(struct scan *scan, struct span *inner, bool *is_plain)
{
	const char *at = scan->at + 1;
	const char *from = at;
	enum lex_stop stop;
	size_t len;

	*is_plain = true;
	while ((stop = lex_string_step(&at, scan->end)) != LEX_QUOTE) {
		*is_plain = false;
		if (stop == LEX_SEQUENCES)
			continue;
		len = stop == LEX_ESCAPE ? jcs_escape_len(at, scan->end) : 0;
		if (!len) {
			scan->at = at;
			return scan_fail(scan, ERR_INVALID, lex_fault(stop));
		}
		at += len;
	}
	*inner = span_of(from, (size_t)(at - from));
	scan->at = at + 1;
	return 0;
}

static int scan_note_member(struct scan *scan, struct span name)
{
	if (scan->count >= scan->max)
		return scan_fail(scan, ERR_LIMIT, "too many members");
	scan->members[scan->count].name = name;
	scan->members[scan->count++].value = span_of(scan->at, 0);
	return 0;
}

/* A key with its colon, which must sort behind the last one. */
static int scan_key(struct scan *scan)
{
	struct level *level = &scan->levels[scan->depth - 1];
	const char *from = scan->at;
	struct span key;
	bool is_plain;
	int order = 1;
	int rc;

	if (scan->at >= scan->end || *scan->at != '"')
		return scan_fail(scan, ERR_INVALID, "no key");
	rc = scan_string(scan, &key, &is_plain);
	if (rc < 0)
		return rc;
	if (level->key.at)
		order = is_plain && level->is_key_plain
			? span_compare(key, level->key)
			: jcs_inner_compare(key, level->key);
	if (order <= 0) {
		scan->at = from;
		return scan_fail(scan, ERR_INVALID, order ? "key out of order"
							  : "key used twice");
	}
	level->key = key;
	level->is_key_plain = is_plain;
	if (scan->at >= scan->end || *scan->at != ':')
		return scan_fail(scan, ERR_INVALID, "no colon");
	scan->at++;
	if (scan->is_collecting && scan->depth == 1)
		return scan_note_member(scan, key);
	return 0;
}

static int scan_open(struct scan *scan, bool is_object)
{
	struct level *level;
	int rc;

	if (scan->depth == JCS_DEPTH_MAX)
		return scan_fail(scan, ERR_LIMIT, "nested too deep");
	scan->at++;
	level = &scan->levels[scan->depth++];
	level->key.at = NULL;
	level->is_object = is_object;
	if (scan->at < scan->end && *scan->at == (is_object ? '}' : ']')) {
		scan->at++;
		scan->depth--;
		return SCAN_DONE;
	}
	rc = is_object ? scan_key(scan) : 0;
	return rc < 0 ? rc : SCAN_VALUE;
}

static int scan_number(struct scan *scan)
{
	const char *from = scan->at;
	const char *at = from;
	size_t len;

	while (at < scan->end && *at >= '0' && *at <= '9')
		at++;
	len = (size_t)(at - from);
	if (at < scan->end && lex_is_number_byte(*at))
		len = 0;
	while (at < scan->end && lex_is_number_byte(*at))
		at++;
	if (len != 1 && (*from == '0' || !len || len > SHORT_NUMBER) &&
	    !number_is_canonical(span_of(from, (size_t)(at - from))))
		return scan_fail(scan, ERR_INVALID, "wrong number");
	scan->at = at;
	return SCAN_DONE;
}

static int scan_word(struct scan *scan, const char *word)
{
	if (!span_begins(span_of(scan->at, (size_t)(scan->end - scan->at)),
			 word))
		return scan_fail(scan, ERR_INVALID, "no value");
	scan->at += strlen(word);
	return SCAN_DONE;
}

static int scan_value(struct scan *scan)
{
	struct span inner;
	bool is_plain;

	if (scan->at >= scan->end)
		return scan_fail(scan, ERR_INVALID, "no value");
	switch (*scan->at) {
	case '"':
		return scan_string(scan, &inner, &is_plain);
	case '{':
		return scan_open(scan, true);
	case '[':
		return scan_open(scan, false);
	case 't':
		return scan_word(scan, "true");
	case 'f':
		return scan_word(scan, "false");
	case 'n':
		return scan_word(scan, "null");
	default:
		if (*scan->at != '-' && (*scan->at < '0' || *scan->at > '9'))
			return scan_fail(scan, ERR_INVALID, "no value");
		return scan_number(scan);
	}
}

static void scan_end_member(struct scan *scan)
{
	struct span *value;

	if (scan->depth != 1 || !scan->count)
		return;
	value = &scan->members[scan->count - 1].value;
	value->len = (size_t)(scan->at - value->at);
}

/* Behind a value: close containers until another value must follow. */
static int scan_after(struct scan *scan)
{
	const struct level *level;
	int rc;

	while (scan->depth) {
		level = &scan->levels[scan->depth - 1];
		if (scan->is_collecting)
			scan_end_member(scan);
		if (scan->at >= scan->end)
			return scan_fail(scan, ERR_INVALID, "open container");
		if (*scan->at == ',') {
			scan->at++;
			rc = level->is_object ? scan_key(scan) : 0;
			return rc < 0 ? rc : SCAN_VALUE;
		}
		if (*scan->at != (level->is_object ? '}' : ']'))
			return scan_fail(scan, ERR_INVALID,
					 "no comma and no end");
		scan->at++;
		scan->depth--;
	}
	return SCAN_DONE;
}

static int scan_run(struct scan *scan)
{
	int rc;

	do {
		rc = scan_value(scan);
		if (rc == SCAN_DONE)
			rc = scan_after(scan);
	} while (rc == SCAN_VALUE);
	if (rc < 0)
		return rc;
	if (scan->at != scan->end)
		return scan_fail(scan, ERR_INVALID, "more than one value");
	return 0;
}

static void scan_init(struct scan *scan, struct span text, struct err *err)
{
	/* levels are set when they are opened */
	scan->begin = text.at;
	scan->at = text.at;
	scan->end = text.at + text.len;
	scan->err = err;
	scan->is_collecting = false;
	scan->count = 0;
	scan->depth = 0;
}

int jcs_check(struct span text, struct err *err)
{
	struct scan scan;

	if (!text.len)
		return err_set(err, ERR_INVALID,
			       "not canonical JSON: no value at byte 0");
	scan_init(&scan, text, err);
	return scan_run(&scan);
}

int jcs_object_scan(struct span text, struct jcs_member *members, size_t max,
		    size_t *out_count, struct err *err)
{
	struct scan scan;
	int rc;

	if (!text.len || text.at[0] != '{')
		return err_set(err, ERR_INVALID,
			       "not canonical JSON: no object at byte 0");
	scan_init(&scan, text, err);
	scan.is_collecting = true;
	scan.members = members;
	scan.max = max;
	rc = scan_run(&scan);
	if (rc < 0)
		return rc;
	*out_count = scan.count;
	return 0;
}
