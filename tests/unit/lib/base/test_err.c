#include "lib/base/err.h"

#include <errno.h>

#include "tests/tap.h"

static void test_first_failure_wins(void)
{
	struct err err = ERR_INIT;

	is_int(err_set(&err, ERR_LIMIT, "'%s' is full", "a"), ERR_LIMIT,
	       "err_set returns its code");
	is_int(err_set(&err, ERR_IO, "later"), ERR_IO,
	       "a second failure returns its own code");
	is_int(err.code, ERR_LIMIT, "the first code stays");
	is_str(err.text, "'a' is full", "the first text stays");
	err_clear(&err);
	is_int(err.code, 0, "cleared");
	is_str(err.text, "", "and empty");
	is_int(err_set(NULL, ERR_IO, "nobody listens"), ERR_IO,
	       "NULL takes no message");
}

static void test_errno(void)
{
	static const struct { int number, code; } cases[] = {
		{ ENOENT, ERR_NOT_FOUND }, { EEXIST, ERR_EXISTS },
		{ EACCES, ERR_DENIED },	   { EPERM, ERR_DENIED },
		{ ENOMEM, ERR_NOMEM },	   { ENOSPC, ERR_IO },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;
		char want[128];

		errno = cases[i].number;
		is_int(err_errno(&err, "cannot open '%s'", "f"), cases[i].code,
		       "errno becomes a code");
		snprintf(want, sizeof(want), "cannot open 'f': %s",
			 strerror(cases[i].number));
		is_str(err.text, want, "and its text is appended");
	}
	errno = ENOENT;
	is_int(err_errno(NULL, "x"), ERR_NOT_FOUND, "code without a listener");
}

static void test_prefix(void)
{
	struct err err = ERR_INIT;
	char huge[2 * ERR_TEXT_MAX];

	err_prefix(&err, "nothing");
	is_str(err.text, "", "no prefix for no error");
	err_set(&err, ERR_INVALID, "bad line");
	err_prefix(&err, "file '%s'", "x");
	is_str(err.text, "file 'x': bad line", "prefix stands in front");
	memset(huge, 'a', sizeof(huge));
	huge[sizeof(huge) - 1] = '\0';
	err_clear(&err);
	err_set(&err, ERR_INVALID, "%s", huge);
	is_int(strlen(err.text), ERR_TEXT_MAX - 1, "long text is cut");
	err_prefix(&err, "p");
	is_int(strlen(err.text), ERR_TEXT_MAX - 1, "and stays cut");
	ok(!strncmp(err.text, "p: aaa", 6), "with its prefix");
}

static void test_words(void)
{
	is_str(err_word(0), "ok", "word of 0");
	is_str(err_word(ERR_INVALID), "invalid", "word of the first");
	is_str(err_word(ERR_LOCKED), "locked", "word in the middle");
	is_str(err_word(ERR_UNSUPPORTED), "unsupported", "word of the last");
	is_str(err_word(-1000), "invalid", "word of nonsense");
}

int main(void)
{
	test_first_failure_wins();
	test_errno();
	test_prefix();
	test_words();
	return done_testing();
}
