#include "lib/base/pattern.h"

#include "tests/tap.h"

static struct pattern *made(const char *text, unsigned flags)
{
	struct pattern *pattern = NULL;
	struct err err = ERR_INIT;

	if (pattern_new(span_str(text), flags, &pattern, &err) < 0)
		bail_out("%s: %s", text, err.text);
	return pattern;
}

/* All matches in a line, "0-3 5-5 ". */
static void is_found(const char *text, unsigned flags, const char *line,
		     const char *want)
{
	struct pattern *pattern = made(text, flags);
	struct buf got = BUF_INIT(BUF_NO_LIMIT);
	struct pattern_match match = { .is_found = true };
	size_t from = 0;
	int rc = 0;

	while (rc == 0 && match.is_found) {
		rc = pattern_find(pattern, span_str(line), &from, &match,
				  NULL);
		if (rc == 0 && match.is_found)
			buf_putf(&got, "%zu-%zu ", match.start, match.end);
	}
	is_str(buf_text(&got), want, text);
	is_int(rc, 0, "and no failure");
	buf_release(&got);
	pattern_free(pattern);
}

static void test_find(void)
{
	is_found("a.b", 0, "a.b axb", "0-3 4-7 ");
	is_found("a.b", PATTERN_LITERAL, "a.b axb", "0-3 ");
	is_found("\\E[x]\\", PATTERN_LITERAL, "..\\E[x]\\", "2-8 ");
	is_found("A", PATTERN_NO_CASE, "aA", "0-1 1-2 ");
	is_found("\xc3\x89", PATTERN_NO_CASE, "caf\xc3\xa9", "3-5 ");
	is_found("ab", PATTERN_WORDS, "ab abc ab_ (ab)", "0-2 12-14 ");
	is_found("c++", PATTERN_WORDS | PATTERN_LITERAL, "c++ c++x", "0-3 ");
	is_found("ab|abc", PATTERN_WORDS, "abc", "0-3 ");
	is_found("x*", 0, "axx\xc3\xa9", "0-0 1-3 3-3 5-5 ");
	is_found("\\bb", 0, "ab b", "3-4 ");
	is_found("^a", 0, "aa", "0-1 ");
	is_found("\\w", 0, "\xff\xe5\x9b\xbe\xff", "1-4 ");
	is_found("a", 0, "", "");
}

static void refuses(const char *text, size_t len, unsigned flags,
		    enum err_code code, const char *why)
{
	struct pattern *pattern = NULL;
	struct err err = ERR_INIT;

	is_int(pattern_new(span_of(text, len), flags, &pattern, &err), code,
	       why);
	ok(strstr(err.text, why) != NULL && !pattern, "%s", err.text);
}

static void test_refused(void)
{
	char text[PATTERN_BYTES_MAX + 1];

	memset(text, 'a', sizeof(text));
	refuses(text, sizeof(text), 0, ERR_LIMIT, "at most");
	refuses("", 0, 0, ERR_INVALID, "empty");
	refuses("\xff", 1, PATTERN_LITERAL, ERR_INVALID, "UTF-8");
	refuses("ab(", 3, 0, ERR_INVALID, "at byte 3");
	refuses("ab(", 3, PATTERN_WORDS, ERR_INVALID, "at byte 3");
	refuses("a)|(b", 5, PATTERN_WORDS, ERR_INVALID, "at byte 1");
	refuses("\\C", 2, 0, ERR_INVALID, "not a pattern");
}

/* Bounded by steps, not by a clock. */
static void test_limits(void)
{
	static const char *const slow[] = {
		"(a+)+$", "(a|aa)+$", "(.*)*x", "(?:(?:a*)*)*b",
		"^(\\w+\\s?)*$",
	};
	char line[5001];
	size_t i;

	memset(line, 'a', sizeof(line) - 1);
	line[sizeof(line) - 1] = '!';
	for (i = 0; i < sizeof(slow) / sizeof(*slow); i++) {
		struct pattern *pattern = made(slow[i], 0);
		struct err err = ERR_INIT;
		struct pattern_match match;
		size_t from = 0;
		int rc = pattern_find(pattern, span_of(line, sizeof(line)),
				      &from, &match, &err);

		ok(rc == ERR_LIMIT || (rc == 0 && !match.is_found), "%s ends: %d %s",
		   slow[i], rc, err.text);
		pattern_free(pattern);
	}
}

static bool is_long(const char *run)
{
	return strlen(run) > 2 && strcmp(run, "the");
}

static void needs(const char *text, unsigned flags, const char *want)
{
	struct pattern *pattern = made(text, flags);
	struct buf got = BUF_INIT(BUF_NO_LIMIT);

	is_int(pattern_needs(pattern, is_long, &got, NULL), 0, "asked");
	is_str(buf_text(&got), want, text);
	buf_release(&got);
	pattern_free(pattern);
}

static void test_needs(void)
{
	needs("Old roses", PATTERN_LITERAL, "roses");
	needs("(a|bcd)", PATTERN_LITERAL, "bcd");
	needs("the", PATTERN_LITERAL, "");
	needs("ab", PATTERN_LITERAL, "");
	needs("caf\xc3\xa9s", 0, "caf");
	needs("abcd?ef", 0, "abc");
	needs("abcd*", 0, "abc");
	needs("abcd+ef", 0, "abcd");
	needs("abcd{0}efgh", 0, "efgh");
	needs("(abc)?de", 0, "");
	needs("(abcdef)?ghij", 0, "ghij");
	needs("(a\\)bcdef[)])*ghij", 0, "ghij");
	needs("[abcdef]ghi", 0, "ghi");
	needs("[]abcdef]ghi", 0, "ghi");
	needs("[^]a\\]bcdef]ghi", 0, "ghi");
	needs("[[:alpha:]]ghi", 0, "");
	needs("abc|def", 0, "");
	needs("(?i)abc", 0, "");
	needs("(*UCP)abc", 0, "");
	needs("\\x41bcd", 0, "");
	needs("\\bword\\b", 0, "word");
	needs("abc\\.def9", 0, "def9");
	needs("\\Qabc\\E", 0, "");
	needs("^abc$", 0, "abc");
	needs("ab.cd", 0, "");
}

int main(void)
{
	test_find();
	test_refused();
	test_limits();
	test_needs();
	return done_testing();
}
