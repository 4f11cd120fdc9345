#include "cmd/import/gemini/takeout_internal.h"

#include "cmd/import/parse/html.h"
#include "cmd/import/parse/when.h"
#include "lib/base/utf8.h"

/*
 * An activity is <div class="outer-cell"> with a header-cell (the product)
 * and content-cells. The first of these holds lines with <br> between: what
 * was asked, what was attached, when; then the answer as it is. The last
 * (class "...caption") names the products again.
 */
struct cell {
	struct span header;
	struct span body;	/* the first content-cell */
	struct span caption;
};

/* What is between a tag and its end, by counting; up to the next activity at
 * most, for an answer need not be balanced. */
static struct span read_div(struct html_reader *reader,
			    bool *out_is_next)
{
	size_t start = reader->at;
	size_t before = start;
	struct html_token token;
	size_t depth = 1;

	*out_is_next = false;
	while (html_next(reader, &token)) {
		before = (size_t)(token.whole.at - reader->html.at);
		if (!html_is(&token, "div"))
			continue;
		if (token.kind == HTML_START &&
		    html_has_class(&token, "outer-cell")) {
			reader->at = before;
			*out_is_next = true;
			return span_of(reader->html.at + start,
				       before - start);
		}
		depth += token.kind == HTML_START ? 1 : 0;
		depth -= token.kind == HTML_END ? 1 : 0;
		if (!depth)
			return span_of(reader->html.at + start,
				       before - start);
	}
	return span_of(reader->html.at + start, reader->html.len - start);
}

/* The next activity's parts; reader stands behind its outer tag. */
static void read_cell(struct html_reader *reader, struct cell *cell)
{
	struct html_token token;
	struct span *into;
	bool is_next = false;
	size_t before;

	memset(cell, 0, sizeof(*cell));
	while (!is_next) {
		before = reader->at;
		if (!html_next(reader, &token))
			return;
		if (token.kind != HTML_START || !html_is(&token, "div"))
			continue;
		if (html_has_class(&token, "outer-cell")) {
			reader->at = before;
			return;
		}
		into = NULL;
		if (html_has_class(&token, "header-cell"))
			into = &cell->header;
		else if (html_has_class(&token, "mdl-typography--caption"))
			into = &cell->caption;
		else if (html_has_class(&token, "content-cell") &&
			 !cell->body.at)
			into = &cell->body;
		if (into)
			*into = read_div(reader, &is_next);
	}
}

/* Lines are indented by wide spaces, which are none to HTML. */
static struct span trim(struct span text)
{
	for (;;) {
		if (span_begins(text, " "))
			text = span_of(text.at + 1, text.len - 1);
		else if (span_begins(text, "\xe2\x80\x83"))
			text = span_of(text.at + 3, text.len - 3);
		else
			return text;
	}
}

/* Does a line of the text name the product? */
static bool has_product(struct span text)
{
	const char *end;
	size_t len;

	while (text.len) {
		end = memchr(text.at, '\n', text.len);
		len = end ? (size_t)(end - text.at) : text.len;
		if (takeout_is_product(trim(span_of(text.at, len))))
			return true;
		text = span_of(text.at + len + (end != NULL),
			       text.len - len - (end != NULL));
	}
	return false;
}

static int is_ours(struct takeout_run *run, const struct cell *cell,
		   bool *out, bool *out_is_translated, struct err *err)
{
	struct buf *text = &run->value;
	int rc;

	buf_reset(text);
	rc = html_to_text(cell->header, text, err);
	*out = takeout_is_product(buf_span(text));
	*out_is_translated = !span_equals(buf_span(text),
					  span_str(TAKEOUT_PRODUCT));
	if (rc < 0 || !*out)
		return rc;
	buf_reset(text);
	rc = html_to_text(cell->caption, text, err);
	*out = !text->len || has_product(buf_span(text));
	return rc;
}

/* A line of the first content-cell. */
struct line {
	size_t start;		/* in run->title */
	struct span link;	/* where its first link leads */
	bool is_end;		/* of the cell */
	size_t behind;		/* where the next one begins, in the cell */
};

static void read_line(struct takeout_run *run, struct html_reader *reader,
		      struct line *line)
{
	struct html_token token;

	memset(line, 0, sizeof(*line));
	line->start = run->title.len;
	line->is_end = true;
	while (line->is_end && html_next(reader, &token)) {
		if (token.kind == HTML_TEXT)
			buf_fail(&run->title, html_decode(token.whole,
							  &run->title, NULL));
		else if (token.kind == HTML_START && html_is(&token, "a") &&
			 !line->link.at)
			line->link = html_attribute(&token, "href");
		line->is_end = token.kind != HTML_START ||
			!html_is(&token, "br");
	}
	line->behind = reader->at;
}

/* "1/2/26, 10:43:05": a time in words that nobody here knows, at least. */
static bool looks_like_time(struct span text)
{
	size_t digits = 0;
	bool has_clock = false;
	size_t i;

	if (text.len > 80)
		return false;
	for (i = 0; i < text.len; i++) {
		if (text.at[i] >= '0' && text.at[i] <= '9')
			digits++;
		else if (text.at[i] == ':' && i && i + 2 < text.len &&
			 text.at[i - 1] >= '0' && text.at[i - 1] <= '9' &&
			 text.at[i + 1] >= '0' && text.at[i + 1] <= '5')
			has_clock = true;
	}
	return has_clock && digits >= 8;
}

static bool is_time(struct span text, struct chat_time *out)
{
	struct chat_time none = CHAT_TIME_NONE;

	*out = chat_time_said(text);
	if (!(out->flags & TIMESTAMP_NO_TIME) &&
	    (out->micros != CHAT_TIME_UNKNOWN || out->flags))
		return true;
	*out = none;
	return looks_like_time(text);
}

/* "-  picture.png" with a link into the export: a file that was attached. */
static bool is_file(struct span text, struct span link)
{
	size_t i;

	if (!link.len || !span_begins(text, "-"))
		return false;
	for (i = 0; i < link.len; i++) {
		if (link.at[i] == ':')
			return false;
	}
	return true;
}

/* "Attached 1 file." stands before them; in another language it is known by
 * that alone. */
static bool is_heading(struct span text)
{
	return span_begins(text, "Attached ") && text.len < 40;
}

/* The lines up to the time; what is behind it is the answer. */
static int read_lines(struct takeout_run *run, struct span body,
		      struct takeout_activity *activity, struct err *err)
{
	struct html_reader reader = HTML_READER_INIT(body);
	bool has_time = false;
	size_t prompt_end = 0;
	size_t before_last = 0;
	struct line line = { .is_end = false };
	struct span text;
	size_t n;

	buf_reset(&run->title);
	for (n = 0; !line.is_end && !has_time; n++) {
		read_line(run, &reader, &line);
		text = span_of(buf_text(&run->title) + line.start,
			       run->title.len - line.start);
		if (!n && line.link.len)
			activity->link = line.link;
		has_time = n && is_time(text, &activity->time);
		if (has_time) {
			activity->time_text = text;
		} else if (n && is_file(text, line.link) &&
			 activity->files_n < TAKEOUT_FILES_MAX) {
			if (!activity->files_n && activity->is_translated &&
			    before_last)
				prompt_end = before_last;
			activity->files[activity->files_n++] = line.link;
		} else if (!n || !is_heading(text)) {
			before_last = prompt_end;
			prompt_end = run->title.len;
		}
		if (!has_time && !line.is_end)
			buf_put_char(&run->title, '\n');
	}
	/* The buffer has moved while it grew. */
	activity->title = span_of(buf_text(&run->title), prompt_end);
	if (!has_time)
		return buf_end(&run->title, err);
	activity->time_text = span_of(buf_text(&run->title) + line.start,
				      run->title.len - line.start);
	if (body.len > line.behind)
		activity->html = span_of(body.at + line.behind,
					 body.len - line.behind);
	return buf_end(&run->title, err);
}

static int take_cell(struct takeout_run *run, const struct cell *cell,
		     uint64_t offset, struct err *err)
{
	struct takeout_activity activity = { .time = CHAT_TIME_NONE };
	bool is_one = false;
	int rc = is_ours(run, cell, &is_one, &activity.is_translated, err);

	if (rc == 0 && !is_one)
		return takeout_other(run, buf_span(&run->value), err);
	if (rc == 0)
		rc = read_lines(run, cell->body, &activity, err);
	if (rc < 0)
		return rc;
	if (!activity.time_text.at)
		return import_malformed(run->job, run->source, "an activity "
					"without a time", offset, cell->body,
					err);
	if (activity.time.micros != CHAT_TIME_UNKNOWN)
		activity.time_text = span_of(NULL, 0);
	if (!utf8_is_valid(activity.title) || !utf8_is_valid(activity.html) ||
	    !utf8_is_valid(activity.time_text))
		return import_malformed(run->job, run->source, "text that is "
					"no UTF-8", offset, cell->body, err);
	return takeout_put(run, &activity, err);
}

int takeout_html(struct takeout_run *run, struct span html, struct err *err)
{
	struct html_reader reader = HTML_READER_INIT(html);
	struct html_token token;
	struct cell cell;
	size_t before;
	int rc = 0;

	table_reset(&run->seen);
	while (rc == 0 && html_next(&reader, &token)) {
		if (token.kind != HTML_START || !html_is(&token, "div") ||
		    !html_has_class(&token, "outer-cell"))
			continue;
		before = (size_t)(token.whole.at - html.at);
		read_cell(&reader, &cell);
		rc = take_cell(run, &cell, before, err);
	}
	return rc;
}
