#include "cmd/action/know/chart_internal.h"

#include "lib/base/digits.h"
#include "lib/base/text.h"

#define NARROW (68 * PX / 10)	/* a letter of 12 px, about */
#define WIDE (125 * PX / 10)
#define STEPS 5

/* --- numbers and texts --- */

struct chart_scale chart_scale_of(uint64_t most)
{
	static const unsigned factors[] = { 1, 2, 5 };
	struct chart_scale scale = { 1, most ? most : 1 };
	uint64_t ten = 1;
	size_t i = 0;

	while (most / scale.step > STEPS ||
	       (most / scale.step == STEPS && most % scale.step)) {
		if (++i == sizeof(factors) / sizeof(factors[0])) {
			i = 0;
			ten *= 10;
		}
		scale.step = ten * factors[i];
	}
	scale.top = (scale.top + scale.step - 1) / scale.step * scale.step;
	return scale;
}

/* Scripts whose letters are as wide as high, and emoji. */
static bool is_wide(unsigned long point)
{
	return (point >= 0x1100 && point < 0x1160) ||
	       (point >= 0x2e80 && point < 0xd7a4) ||
	       (point >= 0xf900 && point < 0xfb00) ||
	       (point >= 0xff00 && point < 0xff61) || point >= 0x1f000;
}

int64_t chart_text_width(struct span text)
{
	int64_t width = 0;

	while (text.len) {
		unsigned long point = 0;
		size_t len = text_utf8_next(text, &point);

		width += len && is_wide(point) ? WIDE : NARROW;
		len = len ? len : 1;
		text = span_of(text.at + len, text.len - len);
	}
	return width;
}

void chart_px(struct buf *out, int64_t length)
{
	int64_t whole = length / PX;

	if (length % PX)
		buf_putf(out, "%lld.%02lld", (long long)whole,
			 (long long)(length % PX));
	else
		buf_putf(out, "%lld", (long long)whole);
}

/* What no XML may hold stands as a question. */
void chart_text(struct buf *out, struct span text)
{
	while (text.len) {
		unsigned long point = 0;
		size_t len = text_utf8_next(text, &point);

		if (!len || (point < ' ' && point != '\t') ||
		    (point >= 0x7f && point < 0xa0) || point == 0xfffe ||
		    point == 0xffff)
			buf_put_char(out, '?');
		else if (point == '&')
			buf_put_str(out, "&amp;");
		else if (point == '<')
			buf_put_str(out, "&lt;");
		else if (point == '>')
			buf_put_str(out, "&gt;");
		else if (point == '"')
			buf_put_str(out, "&quot;");
		else
			buf_put(out, text.at, len);
		len = len ? len : 1;
		text = span_of(text.at + len, text.len - len);
	}
}

/* --- what is drawn --- */

uint64_t chart_value(const struct chart *chart,
		     const struct stats_group *group)
{
	return chart->groups->by == BY_KIND ? group->entities :
	       group->messages;
}

struct span chart_name(const struct chart *chart,
		       const struct stats_group *group)
{
	if (group->name.at)
		return group->name;
	switch (chart->groups->by) {
	case BY_MODEL:
		return span_str("no model");
	case BY_ROLE:
		return span_str("no role");
	case BY_PROJECT:
		return span_str("no folder");
	case BY_PROVIDER:
		return span_str("no source");
	default:
		return span_str("undated");
	}
}

void chart_counted(struct buf *out, const char *gap, uint64_t n,
		   const char *one, const char *many)
{
	char number[DIGITS_MAX];

	digits_grouped(n, number);
	buf_putf(out, "%s%s %s", gap, number, n == 1 ? one : many);
}

void chart_told(const struct chart *chart, const struct stats_group *group)
{
	struct buf *out = chart->out;

	if (chart->groups->by == BY_KIND) {
		chart_counted(out, "", group->entities, "entity", "entities");
		chart_counted(out, ", ", group->records, "record", "records");
		return;
	}
	chart_counted(out, "", group->messages, "message", "messages");
	chart_counted(out, ", ", group->words, "word", "words");
	chart_counted(out, ", ", group->sessions, "conversation",
		    "conversations");
	if (group->tools)
		chart_counted(out, ", ", group->tools, "tool call",
			    "tool calls");
	if (group->told)
		chart_counted(out, ", ", group->input + group->output, "token",
			    "tokens");
}

static void put_attribute(struct buf *out, const char *name, int64_t length)
{
	buf_putf(out, " %s=\"", name);
	chart_px(out, length);
	buf_put_char(out, '"');
}

void chart_bar(const struct chart *chart, const struct chart_bar *bar,
	       const struct stats_group *group)
{
	struct buf *out = chart->out;

	buf_put_str(out, "<rect class=\"bar\"");
	put_attribute(out, "x", bar->x);
	put_attribute(out, "y", bar->y);
	put_attribute(out, "width", bar->width);
	put_attribute(out, "height", bar->height);
	buf_put_str(out, "><title>");
	chart_text(out, chart_name(chart, group));
	buf_put_str(out, ": ");
	chart_told(chart, group);
	buf_put_str(out, "</title></rect>\n");
}

void chart_label(const struct chart *chart, const char *class, int64_t x,
		 int64_t y, struct span text)
{
	struct buf *out = chart->out;

	buf_putf(out, "<text class=\"%s\"", class);
	put_attribute(out, "x", x);
	put_attribute(out, "y", y);
	buf_put_char(out, '>');
	chart_text(out, text);
	buf_put_str(out, "</text>\n");
}

void chart_line(const struct chart *chart, int64_t x1, int64_t y1, int64_t x2,
		int64_t y2)
{
	struct buf *out = chart->out;

	buf_put_str(out, "<line class=\"grid\"");
	put_attribute(out, "x1", x1);
	put_attribute(out, "y1", y1);
	put_attribute(out, "x2", x2);
	put_attribute(out, "y2", y2);
	buf_put_str(out, "/>\n");
}
