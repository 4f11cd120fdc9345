#include "cmd/browse/view/asked.h"

#include <ctype.h>

const struct action_param *asked_params(void)
{
	return action_find("recall")->params;
}

bool asked_is_filter(const struct action_param *param)
{
	return !(param->flags & (ACTION_OPERAND | ACTION_UNLISTED)) &&
	       param->type != ACTION_COUNT;
}

/* The next piece between blanks; what is quoted holds them. */
static bool next_piece(struct span *rest, struct span *piece)
{
	bool is_quoted = false;
	size_t len = 0;

	while (rest->len && rest->at[0] == ' ')
		*rest = span_of(rest->at + 1, rest->len - 1);
	while (len < rest->len && (is_quoted || rest->at[len] != ' '))
		is_quoted ^= rest->at[len++] == '"';
	*piece = span_of(rest->at, len);
	*rest = span_of(rest->at + len, rest->len - len);
	return len > 0;
}

/* Which filter the piece sets; NULL: it is a word. */
static const struct action_param *filter_of(struct span piece,
					    struct span *value)
{
	const struct action_param *param = asked_params();
	size_t len;

	for (; param->name; param++) {
		len = strlen(param->name);
		if (!asked_is_filter(param) || piece.len <= len ||
		    piece.at[len] != ':' || !span_begins(piece, param->name))
			continue;
		*value = span_of(piece.at + len + 1, piece.len - len - 1);
		return param;
	}
	return NULL;
}

static void put_unquoted(struct buf *out, struct span value)
{
	size_t i;

	for (i = 0; i < value.len; i++) {
		if (value.at[i] != '"')
			buf_put_char(out, value.at[i]);
	}
	buf_put_char(out, '\0');
}

/* "toma" is also asked for as "toma*". */
static void put_beginning(struct buf *out, struct span last)
{
	size_t i;

	for (i = 0; i < last.len; i++) {
		unsigned char c = (unsigned char)last.at[i];

		if (c < 0x80 && !isalnum(c))
			return;
	}
	if (last.len < 2)
		return;
	buf_put_char(out, ' ');
	buf_put_span(out, last);
	buf_put_char(out, '*');
}

/* A phrase that is still being typed ends where the line does. */
static void end_words(struct buf *words, struct span last)
{
	size_t quotes = 0;
	size_t i;

	for (i = 0; i < words->len; i++)
		quotes += words->data[i] == '"';
	if (quotes % 2)
		buf_put_char(words, '"');
	else
		put_beginning(words, last);
}

/* Filters go into the text, each with its 0, words into a text of theirs. */
static void take_pieces(struct asked *out, struct span line,
			size_t starts[ACTION_PARAMS_MAX], struct buf *words,
			struct span *last)
{
	struct span piece;
	struct span value = span_of("", 0);
	const struct action_param *param;

	while (next_piece(&line, &piece)) {
		param = filter_of(piece, &value);
		*last = param ? span_of("", 0) : piece;
		if (last->len) {
			buf_put_str(words, words->len ? " " : "");
			buf_put_span(words, piece);
		} else if (value.len) {
			starts[param - asked_params()] = out->text.len;
			put_unquoted(&out->text, value);
		}
	}
}

int asked_read(struct span line, bool is_typing, struct asked *out,
	       struct err *err)
{
	size_t starts[ACTION_PARAMS_MAX];
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	struct span last = span_of("", 0);
	size_t i;
	int rc;

	buf_reset(&out->text);
	for (i = 0; i < ACTION_PARAMS_MAX; i++)
		starts[i] = SIZE_MAX;
	take_pieces(out, line, starts, &words, &last);
	if (is_typing && !span_ends(line, " "))
		end_words(&words, last);
	i = out->text.len;
	buf_fail(&out->text, words.failed);
	buf_put_str(&out->text, buf_text(&words));
	buf_release(&words);
	rc = buf_end(&out->text, err);
	if (rc < 0)
		return rc;
	out->words = out->text.data ? out->text.data + i : "";
	for (i = 0; i < ACTION_PARAMS_MAX; i++)
		out->filters[i] = starts[i] == SIZE_MAX ? NULL :
				  out->text.data + starts[i];
	return 0;
}

void asked_release(struct asked *asked)
{
	buf_release(&asked->text);
}

const char *asked_filter(const struct asked *asked, const char *name)
{
	const struct action_param *param = asked_params();

	while (param->name && strcmp(param->name, name))
		param++;
	return param->name ? asked->filters[param - asked_params()] : NULL;
}

void asked_change(struct span line, const char *name, struct span value,
		  struct buf *out)
{
	const struct action_param *param;
	struct span piece;
	struct span old;

	while (next_piece(&line, &piece)) {
		param = filter_of(piece, &old);
		if (param && !strcmp(param->name, name))
			continue;
		buf_put_span(out, piece);
		buf_put_char(out, ' ');
	}
	if (!value.len)
		return;
	buf_putf(out, "%s:", name);
	buf_put_str(out, span_has(value, " ") ? "\"" : "");
	buf_put_span(out, value);
	buf_put_str(out, span_has(value, " ") ? "\" " : " ");
}
