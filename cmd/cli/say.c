#include "cmd/cli/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"

#define NOTE_MAX 2048

static const char *const color_codes[] = {
	"", "\033[31m", "\033[32m", "\033[33m", "\033[36m", "\033[1m",
	"\033[2m",
};

/* Program state: there is one stdout. */
static enum { READER_UNKNOWN, READER_PERSON, READER_PROGRAM } reader;
static bool has_colors;
static bool is_quiet;
static size_t handle;
static int write_error;		/* errno of its first failure */

/* Behind each call that may write: later ones fail for other reasons. */
static void remember_failure(void)
{
	if (!write_error && ferror(stdout))
		write_error = errno ? errno : EIO;
}

/* Escaped text when people look, exact bytes when a program reads. */
static void write_text(struct span text, unsigned flags)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);

	if (say_is_for_people() && text_escape(&safe, text, flags, NULL) >= 0)
		text = buf_span(&safe);
	if (text.len)
		fwrite(text.at, 1, text.len, stdout);
	remember_failure();
	buf_release(&safe);
}

bool say_is_for_people(void)
{
	/* Asked once: with every piece of text it would cost a system call. */
	if (reader == READER_UNKNOWN)
		reader = isatty(STDOUT_FILENO) ? READER_PERSON :
			 READER_PROGRAM;
	return reader == READER_PERSON;
}

void say_set_for_people(void)
{
	reader = READER_PERSON;
}

static void print_safe(const char *fmt, va_list args) PRINTF_LIKE(1, 0);

/* Words from outside may stand in any sentence of ours. */
static void print_safe(const char *fmt, va_list args)
{
	char *text = NULL;
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len >= 0)
		text = malloc((size_t)len + 1);
	if (text) {
		vsnprintf(text, (size_t)len + 1, fmt, args);
		write_text(span_of(text, (size_t)len), TEXT_KEEP_LINES);
	}
	free(text);
}

void say_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (say_is_for_people()) {
		print_safe(fmt, args);
	} else {
		vprintf(fmt, args);
		remember_failure();
	}
	va_end(args);
}

void say_text(struct span text)
{
	write_text(text, 0);
}

void say_bytes(struct span bytes)
{
	write_text(bytes, TEXT_KEEP_LINES);
}

void say_set_color(bool is_color)
{
	has_colors = is_color;
}

bool say_has_color(void)
{
	return has_colors;
}

void say_colored(enum say_color color, struct span text)
{
	bool is_colored = has_colors && color != SAY_PLAIN;

	if (is_colored)
		fputs(color_codes[color], stdout);
	write_text(text, 0);
	if (is_colored)
		fputs("\033[m", stdout);
	remember_failure();
}

void say_set_handle(size_t number)
{
	handle = number;
}

size_t say_handle_text(char out[SAY_HANDLE_MAX])
{
	out[0] = '\0';
	if (handle)
		snprintf(out, SAY_HANDLE_MAX, "@%-3zu ", handle);
	return strlen(out);
}

void say_handle(void)
{
	char text[SAY_HANDLE_MAX];

	if (say_handle_text(text))
		say_colored(SAY_DIM, span_str(text));
}

void say_value(struct span value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (jcs_type_of(value) == JCS_STRING &&
	    jcs_string_decode(value, &text, NULL) >= 0)
		value = buf_span(&text);
	write_text(value, 0);
	buf_release(&text);
}

void say_set_quiet(void)
{
	is_quiet = true;
}

bool say_is_quiet(void)
{
	return is_quiet;
}

/* Notes quote remotes and hooks, whose words are anybody's: as say_error(). */
static void print_note(const char *text)
{
	struct buf safe = BUF_INIT(8 * NOTE_MAX);

	if (text_escape(&safe, span_str(text), 0, NULL) >= 0)
		fprintf(stderr, "vvault: %s\n", buf_text(&safe));
	buf_release(&safe);
}

void say_note(const char *fmt, ...)
{
	char text[NOTE_MAX];
	va_list args;

	if (is_quiet)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	print_note(text);
}

void say_problem(const struct problem *problem)
{
	char text[NOTE_MAX];

	snprintf(text, sizeof(text), "%s: %s: %s", problem->code,
		 problem->object, problem->message);
	print_note(text);
}

static void error_json(const struct session *session, struct span text)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct jcs_fields outer = JCS_FIELDS_INIT;
	struct buf line = BUF_INIT(BUF_NO_LIMIT);

	fields_str(&inner, "code", err_word(session->err.code));
	fields_text(&inner, "message", text);
	fields_object(&outer, "error", &inner);
	if (jcs_fields_write(&outer, &line, NULL) == 0)
		fprintf(stderr, "%s\n", buf_text(&line));
	buf_release(&line);
	jcs_fields_release(&inner);
	jcs_fields_release(&outer);
}

void say_error(const struct session *session)
{
	struct buf safe = BUF_INIT(8 * ERR_TEXT_MAX);
	struct span text = span_str(session->err.text);

	if (!session->err.code)
		text = span_str("failed without saying why");
	/* Errors quote what came from outside; a log may be read anywhere. */
	if (text_escape(&safe, text, 0, NULL) >= 0)
		text = buf_span(&safe);
	if (session->is_json)
		error_json(session, text);
	else
		fprintf(stderr, "vvault: %.*s\n", (int)text.len, text.at);
	buf_release(&safe);
}

void say_flush(void)
{
	fflush(stdout);
	remember_failure();
}

int say_finish(struct session *session)
{
	say_flush();
	/* Whoever has read enough of a pipe may close it. */
	if (!write_error || write_error == EPIPE)
		return 0;
	errno = write_error;
	return err_errno(&session->err, "cannot write the output");
}
