#include "cmd/capture/hook_internal.h"

#include <string.h>

#include "lib/json/jcs_write.h"

/*
 * As much of TOML (toml.io, 1.0) as it takes to find a key at the top of a
 * file: where statements, strings and arrays end. What is no such text is
 * refused, and nothing of it is changed.
 */

#define KEY "notify"
#define KEY_CHARS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

struct toml {
	struct span text;
	size_t at;
	size_t line;		/* from 1 */
};

/* A statement at the top of the file that says what to call. */
struct notify {
	bool is_there;
	size_t line;
	size_t begin;		/* of its line ... */
	size_t end;		/* ... and of the next */
	struct span value;
};

static int refuse(const struct toml *toml, const char *what, struct err *err)
{
	return err_set(err, ERR_INVALID, "%s at line %zu", what, toml->line);
}

static bool is_at_end(const struct toml *toml)
{
	return toml->at == toml->text.len;
}

static char here(const struct toml *toml)
{
	return is_at_end(toml) ? '\0' : toml->text.at[toml->at];
}

static void step(struct toml *toml)
{
	toml->line += here(toml) == '\n';
	toml->at++;
}

static bool begins(const struct toml *toml, const char *with)
{
	return span_begins(span_of(toml->text.at + toml->at,
				   toml->text.len - toml->at), with);
}

static void skip_blanks(struct toml *toml)
{
	while (here(toml) == ' ' || here(toml) == '\t' || here(toml) == '\r')
		step(toml);
}

static void skip_line(struct toml *toml)
{
	while (!is_at_end(toml) && here(toml) != '\n')
		step(toml);
}

/* "x", 'x', and either in three marks over several lines. */
static int skip_string(struct toml *toml, struct err *err)
{
	const struct toml begin = *toml;
	const char mark = here(toml);
	const char three[] = { mark, mark, mark, '\0' };
	const char one[] = { mark, '\0' };
	bool is_long = begins(toml, three);
	const char *end = is_long ? three : one;

	toml->at += strlen(end);
	while (!begins(toml, end)) {
		if (is_at_end(toml) || (!is_long && here(toml) == '\n'))
			return refuse(&begin, "a text without its end", err);
		if (mark == '"' && here(toml) == '\\')
			step(toml);
		if (!is_at_end(toml))
			step(toml);
	}
	toml->at += strlen(end);
	/* A mark may stand right before the end of a long one. */
	while (is_long && here(toml) == mark)
		step(toml);
	return 0;
}

/* Up to the end of its line; of an array or table, of the one that closes. */
static int skip_value(struct toml *toml, struct err *err)
{
	const struct toml begin = *toml;
	size_t depth = 0;
	int rc = 0;

	while (rc == 0 && !is_at_end(toml)) {
		char c = here(toml);

		if (c == '"' || c == '\'') {
			rc = skip_string(toml, err);
			continue;
		}
		if (c == '#')
			skip_line(toml);
		if (here(toml) == '\n' && !depth)
			break;
		if ((c == ']' || c == '}') && !depth--)
			return refuse(toml, "a bracket that nothing opens",
				      err);
		depth += c == '[' || c == '{';
		if (!is_at_end(toml))
			step(toml);
	}
	if (rc == 0 && depth)
		rc = refuse(&begin, "a bracket without its end", err);
	return rc;
}

static int skip_key(struct toml *toml, struct span *out, struct err *err)
{
	size_t begin = toml->at;
	int rc = 0;

	while (rc == 0 && !is_at_end(toml) && here(toml) != '=') {
		if (here(toml) == '"' || here(toml) == '\'')
			rc = skip_string(toml, err);
		else if (here(toml) == ' ' || here(toml) == '\t' ||
			 (here(toml) && strchr(KEY_CHARS, here(toml))))
			step(toml);
		else
			break;
	}
	if (rc < 0)
		return rc;
	*out = span_of(toml->text.at + begin, toml->at - begin);
	while (out->len && (out->at[out->len - 1] == ' ' ||
			    out->at[out->len - 1] == '\t'))
		out->len--;
	if (!out->len || here(toml) != '=')
		return refuse(toml, "this is no TOML:", err);
	step(toml);
	return 0;
}

static bool is_notify(struct span key)
{
	return span_equals(key, span_str(KEY)) ||
	       span_equals(key, span_str("\"" KEY "\"")) ||
	       span_equals(key, span_str("'" KEY "'"));
}

static int read_statement(struct toml *toml, struct notify *out,
			  struct err *err)
{
	const struct toml begin = *toml;
	struct span key;
	size_t value;
	int rc = skip_key(toml, &key, err);

	if (rc < 0)
		return rc;
	skip_blanks(toml);
	value = toml->at;
	rc = skip_value(toml, err);
	if (rc == 0 && toml->at == value)
		rc = refuse(toml, "a key without a value", err);
	if (rc == 0 && is_notify(key) && out->is_there)
		rc = refuse(&begin, "'" KEY "' stands twice:", err);
	if (rc < 0 || !is_notify(key))
		return rc;
	*out = (struct notify){
		.is_there = true, .line = begin.line, .begin = begin.at,
		.end = toml->at + !is_at_end(toml),
		.value = span_of(toml->text.at + value, toml->at - value),
	};
	return 0;
}

/* All of it is looked at: nothing is put into what is broken further down. */
static int find_notify(struct span text, struct notify *out, struct err *err)
{
	struct notify other = { .is_there = false };
	struct toml toml = { text, 0, 1 };
	bool is_top = true;
	int rc = 0;

	out->is_there = false;
	while (rc == 0 && !is_at_end(&toml)) {
		skip_blanks(&toml);
		if (here(&toml) == '[') {
			is_top = false;
			rc = skip_value(&toml, err);
		} else if (here(&toml) == '#') {
			skip_line(&toml);
		} else if (here(&toml) != '\n' && !is_at_end(&toml)) {
			other.is_there = false;
			rc = read_statement(&toml, is_top ? out : &other,
					    err);
		}
		if (rc == 0 && !is_at_end(&toml))
			step(&toml);
	}
	return rc;
}

/* ["<program>", "-C", "<vault>", "capture", "--hook", "<agent>"] */
static int put_value(const struct hook_call *call, const char *program,
		     struct buf *out, struct err *err)
{
	const char *const words[] = {
		program, "-C", call->vault, "capture", "--hook",
		call->agent->name
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		buf_put_str(out, i ? ", " : "[");
		jcs_put_string(out, span_str(words[i]));
	}
	buf_put_char(out, ']');
	return buf_end(out, err);
}

/* Ours, whichever the program: all behind the first word is. With more before
 * that it is somebody's own that calls us, too. */
static bool is_our_value(const struct hook_call *call, struct span value)
{
	struct toml word = { value, strlen("["), 1 };
	struct buf ours = BUF_INIT(BUF_NO_LIMIT);
	bool is_ours;

	while (value.len && strchr(" \t\r", value.at[value.len - 1]))
		value.len--;
	is_ours = begins(&(struct toml){ value, 0, 1 }, "[\"") &&
		  skip_string(&word, NULL) == 0 && word.at <= value.len &&
		  put_value(call, "", &ours, NULL) == 0 &&
		  span_equals(span_of(value.at + word.at,
				      value.len - word.at),
			      span_str(buf_text(&ours) + strlen("[\"\"")));
	buf_release(&ours);
	return is_ours;
}

static int refuse_taken(const struct hook_call *call,
			const struct notify *notify, struct err *err)
{
	struct buf command = BUF_INIT(BUF_NO_LIMIT);
	int rc = hook_command(call, &command, err);

	if (rc == 0)
		rc = err_set(err, ERR_EXISTS, "another program is called "
			     "already, at line %zu, and there can be but one: "
			     "have that one call this too: %s", notify->line,
			     buf_text(&command));
	buf_release(&command);
	return rc;
}

static void put_around(struct span text, const struct notify *notify,
		       struct buf *out)
{
	buf_put(out, text.at, notify->begin);
	buf_put(out, text.at + notify->end, text.len - notify->end);
}

/* At the begin, where no table is open. */
int hook_toml_add(const struct hook_call *call, struct span text,
		  struct buf *out, struct err *err)
{
	struct buf line = BUF_INIT(BUF_NO_LIMIT);
	struct notify notify;
	int rc = find_notify(text, &notify, err);

	if (rc == 0 && notify.is_there && !is_our_value(call, notify.value))
		rc = refuse_taken(call, &notify, err);
	buf_put_str(&line, KEY " = ");
	if (rc == 0)
		rc = put_value(call, call->program, &line, err);
	if (rc < 0)
		goto out;
	buf_put_char(&line, '\n');
	if (notify.is_there) {
		buf_put(out, text.at, notify.begin);
		buf_put_span(out, buf_span(&line));
		buf_put(out, text.at + notify.end, text.len - notify.end);
	} else {
		buf_put_span(out, buf_span(&line));
		buf_put_span(out, text);
	}
	rc = buf_end(out, err);
out:
	buf_release(&line);
	return rc;
}

int hook_toml_remove(const struct hook_call *call, struct span text,
		     struct buf *out, struct err *err)
{
	struct notify notify;
	int rc = find_notify(text, &notify, err);

	if (rc < 0)
		return rc;
	if (notify.is_there && is_our_value(call, notify.value))
		put_around(text, &notify, out);
	else
		buf_put_span(out, text);
	return buf_end(out, err);
}
