/*
 * TAP for C: a test program calls ok() and its kin, then returns
 * done_testing(). Header only, one program per test file.
 */
#ifndef VV_TESTS_TAP_H
#define VV_TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAP_UNUSED __attribute__((unused))
#define TAP_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* A test program is one translation unit, so its counts may be static. */
static struct tap_state {
	unsigned int run;
	unsigned int failed;
} tap_state;

/* A line of diagnostics, shown by prove only when it is asked or on failure. */
static void TAP_UNUSED TAP_PRINTF(1, 2) diag(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fputs("# ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

/* '#' begins a directive and a newline ends a test line: neither gets out. */
static void TAP_UNUSED TAP_PRINTF(2, 0)
tap_result(bool passed, const char *fmt, va_list args)
{
	char name[512];
	size_t i;

	vsnprintf(name, sizeof(name), fmt, args);
	for (i = 0; name[i]; i++) {
		if (name[i] == '#' || (unsigned char)name[i] < ' ')
			name[i] = '?';
	}
	tap_state.run++;
	if (!passed)
		tap_state.failed++;
	printf("%sok %u - %s\n", passed ? "" : "not ", tap_state.run, name);
	fflush(stdout);
}

static bool TAP_UNUSED TAP_PRINTF(4, 5)
tap_ok(bool passed, const char *file, int line, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tap_result(passed, fmt, args);
	va_end(args);
	if (!passed)
		diag("failed at %s:%d", file, line);
	return passed;
}

static bool TAP_UNUSED tap_is_int(long long got, long long want,
				  const char *file, int line, const char *name)
{
	bool passed = got == want;

	tap_ok(passed, file, line, "%s", name);
	if (!passed)
		diag("got %lld, expected %lld", got, want);
	return passed;
}

static bool TAP_UNUSED tap_is_str(const char *got, const char *want,
				  const char *file, int line, const char *name)
{
	bool passed = got && want ? !strcmp(got, want) : got == want;

	tap_ok(passed, file, line, "%s", name);
	if (!passed) {
		diag("got      '%s'", got ? got : "(null)");
		diag("expected '%s'", want ? want : "(null)");
	}
	return passed;
}

static void TAP_UNUSED tap_hex(const char *label, const void *bytes,
			       size_t len)
{
	const unsigned char *at = bytes;
	size_t shown = len < 64 ? len : 64;
	size_t i;

	fprintf(stderr, "# %s %zu bytes:", label, len);
	for (i = 0; i < shown; i++)
		fprintf(stderr, " %02x", at[i]);
	fputs(shown < len ? " ...\n" : "\n", stderr);
}

struct tap_bytes {
	const void *at;
	size_t len;
};

static bool TAP_UNUSED tap_is_bytes(struct tap_bytes got, struct tap_bytes want,
				    const char *file, int line,
				    const char *name)
{
	bool passed = got.len == want.len &&
		      (!got.len || !memcmp(got.at, want.at, got.len));

	tap_ok(passed, file, line, "%s", name);
	if (!passed) {
		tap_hex("got", got.at, got.len);
		tap_hex("expected", want.at, want.len);
	}
	return passed;
}

/*
 * ok(condition, "name %d", 1)       the name is a format
 * is_int(got, want, "name")         any integer that fits long long
 * is_str(got, want, "name")         NULL is equal to NULL only
 * is_bytes(got, got_len, want, want_len, "name")
 *
 * All return whether the test passed, so that a caller can give up.
 */
#define ok(cond, ...) tap_ok((cond), __FILE__, __LINE__, __VA_ARGS__)
#define is_int(got, want, name)                                              \
	tap_is_int((long long)(got), (long long)(want), __FILE__, __LINE__, \
		   (name))
#define is_str(got, want, name) \
	tap_is_str((got), (want), __FILE__, __LINE__, (name))
#define is_bytes(got, got_len, want, want_len, name)                \
	tap_is_bytes((struct tap_bytes){ (got), (got_len) },        \
		     (struct tap_bytes){ (want), (want_len) },      \
		     __FILE__, __LINE__, (name))

/* Count tests that cannot run here: skip(3, "../shared is not here"). */
static void TAP_UNUSED skip(unsigned int count, const char *why)
{
	while (count--)
		printf("ok %u # SKIP %s\n", ++tap_state.run, why);
	fflush(stdout);
}

/* Give up on the whole run: what follows would make no sense. */
static _Noreturn void TAP_UNUSED TAP_PRINTF(1, 2)
bail_out(const char *fmt, ...)
{
	va_list args;

	fputs("Bail out! ", stdout);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	fputc('\n', stdout);
	fflush(stdout);
	exit(255);
}

/*
 * The plan; main returns this. A program that stops before has no plan and
 * so counts as failed, and so does one that ran no test.
 */
static int TAP_UNUSED done_testing(void)
{
	printf("1..%u\n", tap_state.run);
	fflush(stdout);
	return tap_state.failed || !tap_state.run;
}

#endif
