#include "refs/index/words/count.h"
#include "tests/tap.h"

static struct word_counter counter;

static void counts(const char *text, long long want)
{
	is_int((long long)word_count(&counter, span_str(text)), want, text);
}

static void test_count(void)
{
	counts("", 0);
	counts(" -- ... ", 0);
	counts("When shall we plant?", 4);
	counts("don't stop", 2);
	counts("read_file src/read.c a@b.org 3.14", 4);
	counts("end. Begin: a--b -x", 5);
	counts("na\xc3\xafve \xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82", 2);
	counts("\xe5\x9b\xb3\xe6\x9b\xb8\xe9\xa4\xa8" "de", 4);
	counts("\xec\x95\x88\xeb\x85\x95 \xed\x95\x98\xec\x84\xb8\xec\x9a\x94", 2);
	counts("a\xf0\x9f\x8c\xb1" "b", 3);
	counts("\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", 1);
	counts("\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xf0\x9f\x87\xab\xf0\x9f\x87\xb7",
	       2);
	counts("\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", 1);
	counts("zero\xe2\x80\x8bwidth", 1);
	counts("\xe2\x80\x8b", 0);
	counts("\xff\xfe a", 1);
}

/* As it stands in JSON: what is escaped is no letter. */
static void test_escapes(void)
{
	counts("one\\ntwo\\ttwo\\\"b\\\"", 4);
	counts("a\\u001fb", 2);
	counts("\\\\n", 1);
	counts("a\\", 1);
	counts("a\\u00", 1);
}

int main(void)
{
	word_counter_init(&counter);
	test_count();
	test_escapes();
	word_counter_release(&counter);
	return done_testing();
}
