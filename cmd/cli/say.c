#include "cmd/cli/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cli/screen.h"
#include "cmd/cli/wrap.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"

static const char *const color_codes[] = {
	"", "\033[31m", "\033[32m", "\033[33m", "\033[36m", "\033[1m",
	"\033[2m",
};

/* Program state: there is one stdout. */
static enum { READER_UNKNOWN, READER_PERSON, READER_PROGRAM } reader;
static bool has_colors;
static size_t handle;
static struct buf line = BUF_INIT(BUF_NO_LIMIT);	/* that has no end yet */
static int write_error;		/* errno of its first failure */

/* Behind each call that may write: later ones fail for other reasons. */
static void remember_failure(void)
{
	if (!write_error && ferror(stdout))
		write_error = errno ? errno : EIO;
}

/* What has come of a line, which is then begun anew. */
static void put_line(const char *end, unsigned width)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);

	if (buf_end(&line, NULL) == 0) {
		wrap_line(buf_span(&line), 0, width, &out);
		buf_put_str(&out, end);
		if (buf_end(&out, NULL) == 0)
			fwrite(out.data, 1, out.len, stdout);
	}
	buf_reset(&line);
	buf_release(&out);
}

/* Where lines have a width they are gathered until they end. */
static void put_wrapped(struct span text)
{
	unsigned width = say_is_for_people() ? screen_width() : 0;
	const char *end;

	while (width && text.len && (end = memchr(text.at, '\n', text.len))) {
		size_t len = (size_t)(end - text.at);

		buf_put(&line, text.at, len);
		put_line("\n", width);
		text = span_of(end + 1, text.len - len - 1);
	}
	if (width)
		buf_put_span(&line, text);
	else if (text.len)
		fwrite(text.at, 1, text.len, stdout);
	remember_failure();
}

void say_code(const char *sequence)
{
	put_wrapped(span_str(sequence));
}

/* Also where no terminal is: what goes into a log or a pipe is read in the end,
 * and a line end from outside would make a line that nobody said. A program
 * that wants the text itself asks for JSON. */
static void write_text(struct span text, unsigned flags)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);

	if (text_escape(&safe, text, flags, NULL) >= 0)
		text = buf_span(&safe);
	put_wrapped(text);
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
	print_safe(fmt, args);
	va_end(args);
}

void say_text(struct span text)
{
	write_text(text, 0);
}

void say_bytes(struct span bytes)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);

	if (say_is_for_people() &&
	    text_escape(&safe, bytes, TEXT_KEEP_LINES, NULL) >= 0)
		bytes = buf_span(&safe);
	/* Their lines are what they are: whoever copies them wants no other. */
	if (line.len)
		put_line("", 0);
	if (bytes.len)
		fwrite(bytes.at, 1, bytes.len, stdout);
	remember_failure();
	buf_release(&safe);
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
		say_code(color_codes[color]);
	write_text(text, 0);
	if (is_colored)
		say_code("\033[m");
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

void say_flush(void)
{
	if (line.len)
		put_line("", 0);
	buf_release(&line);
	fflush(stdout);
	remember_failure();
}

int say_sent(struct err *err)
{
	say_flush();
	return write_error ? err_set(err, ERR_IO, "nobody reads the output") :
	       0;
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
