#include "cmd/cli/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cli/screen.h"
#include "cmd/cli/wrap.h"
#include "lib/base/text.h"
#include "lib/json/jcs_write.h"

#define NOTE_MAX 2048
#define NAME "vvault: "

/* Program state: there is one stderr. */
static bool is_quiet;

void say_set_quiet(void)
{
	is_quiet = true;
}

bool say_is_quiet(void)
{
	return is_quiet;
}

/* As long as the terminal is wide, if it is one. */
static void print_sentence(struct span text)
{
	struct buf whole = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);

	buf_put_str(&whole, NAME);
	buf_put_span(&whole, text);
	if (buf_end(&whole, NULL) == 0)
		wrap_line(buf_span(&whole), strlen(NAME),
			  screen_talk_width(), &out);
	if (buf_end(&out, NULL) == 0)
		fprintf(stderr, "%s\n", buf_text(&out));
	buf_release(&out);
	buf_release(&whole);
}

/* Notes quote remotes and hooks, whose words are anybody's: as say_error(). */
static void print_note(const char *text)
{
	struct buf safe = BUF_INIT(8 * NOTE_MAX);

	if (text_escape(&safe, span_str(text), 0, NULL) >= 0)
		print_sentence(buf_span(&safe));
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
		print_sentence(text);
	buf_release(&safe);
}
