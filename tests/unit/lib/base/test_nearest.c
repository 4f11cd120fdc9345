#include "lib/base/nearest.h"

#include "tests/tap.h"

static const char *const names[] = {
	"memory", "message", "session", "acu", "tag", "construct", "capsule",
	NULL
};

static void is_near(const char *wanted, const char *want)
{
	const char *got = nearest_of(wanted, names);

	is_str(got ? got : "-", want, wanted);
}

static void test_names(void)
{
	is_near("memroy", "memory");
	is_near("mesage", "message");
	is_near("memory", "memory");
	is_near("sesion", "session");
	is_near("acus", "acu");
	is_near("tga", "tag");
	is_near("xyu", "-");
	is_near("", "-");
	is_near("cons", "construct");
	is_near("co", "-");
	is_near("me", "-");
	is_near("mmeorry", "memory");
	is_near("mmeorryy", "-");
}

static void test_order(void)
{
	struct nearest nearest = NEAREST_INIT("nova");

	ok(!nearest.found.at, "nothing at first");
	nearest_try(&nearest, span_str("nova-002"));
	is_int(nearest.distance, NEAREST_BEGINS, "what begins so is near");
	nearest_try(&nearest, span_str("nora"));
	nearest_try(&nearest, span_str("nola"));
	nearest_try(&nearest, span_str("nova-003"));
	ok(span_equals(nearest.found, span_str("nora")),
	   "a letter is nearer; the first of those as near");
	is_int(nearest.distance, 1, "by one");
}

int main(void)
{
	test_names();
	test_order();
	return done_testing();
}
