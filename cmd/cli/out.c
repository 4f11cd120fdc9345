#include "cmd/cli/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/text.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"

#define NOTE_MAX 2048

static const char *const color_codes[] = {
	"", "\033[31m", "\033[32m", "\033[33m", "\033[36m", "\033[1m",
	"\033[2m",
};

/* Program state: there is one stdout. */
static enum { READER_UNKNOWN, READER_PERSON, READER_PROGRAM } reader;
static bool has_colors;
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

	if (out_is_for_people() && text_escape(&safe, text, flags, NULL) >= 0)
		text = buf_span(&safe);
	if (text.len)
		fwrite(text.at, 1, text.len, stdout);
	remember_failure();
	buf_release(&safe);
}

bool out_is_for_people(void)
{
	/* Asked once: with every piece of text it would cost a system call. */
	if (reader == READER_UNKNOWN)
		reader = isatty(STDOUT_FILENO) ? READER_PERSON :
			 READER_PROGRAM;
	return reader == READER_PERSON;
}

void out_set_for_people(void)
{
	reader = READER_PERSON;
}

int out_json(struct session *session, struct jcs_fields *fields)
{
	struct buf line = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = jcs_fields_write(fields, &line, &session->err);
	if (rc >= 0)
		rc = buf_add_char(&line, '\n', &session->err);
	if (rc >= 0)
		out_bytes(buf_span(&line));
	buf_release(&line);
	return rc;
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

void out_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (out_is_for_people()) {
		print_safe(fmt, args);
	} else {
		vprintf(fmt, args);
		remember_failure();
	}
	va_end(args);
}

void out_text(struct span text)
{
	write_text(text, 0);
}

void out_bytes(struct span bytes)
{
	write_text(bytes, TEXT_KEEP_LINES);
}

void out_set_color(bool is_color)
{
	has_colors = is_color;
}

void out_colored(enum out_color color, struct span text)
{
	bool is_colored = has_colors && color != OUT_PLAIN;

	if (is_colored)
		fputs(color_codes[color], stdout);
	write_text(text, 0);
	if (is_colored)
		fputs("\033[m", stdout);
	remember_failure();
}

void out_value(struct span value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (jcs_type_of(value) == JCS_STRING &&
	    jcs_string_decode(value, &text, NULL) >= 0)
		value = buf_span(&text);
	write_text(value, 0);
	buf_release(&text);
}

/* Notes quote remotes and hooks, whose words are anybody's: as out_error(). */
void out_note(const char *fmt, ...)
{
	struct buf safe = BUF_INIT(8 * NOTE_MAX);
	char text[NOTE_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (text_escape(&safe, span_str(text), 0, NULL) >= 0)
		fprintf(stderr, "vvault: %s\n", buf_text(&safe));
	buf_release(&safe);
}

void out_problem(const struct problem *problem)
{
	out_note("%s: %s: %s", problem->code, problem->object,
		 problem->message);
}

void out_problems(const struct problem_list *problems)
{
	size_t i;

	for (i = 0; i < problems->n; i++)
		out_problem(&problems->at[i]);
}

static void error_json(const struct session *session, struct span text)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct jcs_fields outer = JCS_FIELDS_INIT;
	struct buf line = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = jcs_fields_text(&inner, "code",
			     span_str(err_word(session->err.code)), NULL);
	if (rc >= 0)
		rc = jcs_fields_text(&inner, "message", text, NULL);
	if (rc >= 0)
		rc = jcs_fields_write(&inner, &line, NULL);
	if (rc >= 0)
		rc = jcs_fields_raw(&outer, "error", buf_span(&line), NULL);
	buf_reset(&line);
	if (rc >= 0)
		rc = jcs_fields_write(&outer, &line, NULL);
	if (rc >= 0)
		fprintf(stderr, "%s\n", buf_text(&line));
	buf_release(&line);
	jcs_fields_release(&inner);
	jcs_fields_release(&outer);
}

void out_error(const struct session *session)
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

void out_digest(const unsigned char digest[32], char out[65])
{
	hex_text(digest, 32, out);
}

void out_time(int64_t seconds, char out[32])
{
	char text[TIMESTAMP_TEXT_MAX];

	if (seconds > TIMESTAMP_MAX / TIMESTAMP_SECOND)
		seconds = TIMESTAMP_MAX / TIMESTAMP_SECOND;
	timestamp_text(seconds * TIMESTAMP_SECOND, text);
	snprintf(out, 32, "%.19sZ", text);
}

void out_flush(void)
{
	fflush(stdout);
	remember_failure();
}

int out_finish(struct session *session)
{
	out_flush();
	/* Whoever has read enough of a pipe may close it. */
	if (!write_error || write_error == EPIPE)
		return 0;
	errno = write_error;
	return err_errno(&session->err, "cannot write the output");
}
