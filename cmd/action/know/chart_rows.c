#include "cmd/action/know/chart_internal.h"

#include "lib/base/digits.h"
#include "lib/base/text.h"

#define ROW (26 * PX)
#define BAR (16 * PX)
#define BELOW (40 * PX)
#define NAME_MAX_WIDTH (240 * PX)
#define TEXT_DROP (4 * PX)	/* from the middle of letters to their foot */
#define DOTS "…"

struct rows {
	int64_t left, width, bottom;
	struct chart_scale scale;
};

void chart_size_rows(struct chart *chart)
{
	chart->width = CHART_WIDTH;
	chart->height = CHART_TOP + ROW * (int64_t)(chart->end -
						    chart->first) + BELOW;
}

static struct rows rows_of(const struct chart *chart)
{
	struct rows rows = { .left = 0 };
	char number[DIGITS_MAX];
	uint64_t most = 0;
	size_t i;

	for (i = chart->first; i < chart->end; i++) {
		const struct stats_group *group = &chart->groups->at[i];
		int64_t width = chart_text_width(chart_name(chart, group));

		most = chart_value(chart, group) > most ?
		       chart_value(chart, group) : most;
		rows.left = width > rows.left ? width : rows.left;
	}
	if (rows.left > NAME_MAX_WIDTH)
		rows.left = NAME_MAX_WIDTH;
	rows.left += CHART_EDGE + CHART_LABEL_GAP;
	rows.scale = chart_scale_of(most);
	/* The longest bar has its number behind it. */
	digits_grouped(rows.scale.top, number);
	rows.width = chart->width - rows.left - CHART_EDGE -
		     chart_text_width(span_str(number));
	rows.bottom = chart->height - BELOW;
	return rows;
}

static int64_t length_of(const struct rows *rows, uint64_t value)
{
	return (int64_t)((double)rows->width * (double)value /
			 (double)rows->scale.top);
}

static void put_scale(const struct chart *chart, const struct rows *rows)
{
	char number[DIGITS_MAX];
	uint64_t n;

	for (n = 0; n <= rows->scale.top; n += rows->scale.step) {
		int64_t x = rows->left + length_of(rows, n);

		digits_grouped(n, number);
		chart_line(chart, x, CHART_TOP, x, rows->bottom);
		chart_label(chart, "mid", x, rows->bottom + 18 * PX,
			    span_str(number));
	}
}

/* As much of a name as there is room for: its end tells folders apart. */
static void put_name(const struct chart *chart, const struct rows *rows,
		     int64_t y, struct span name)
{
	struct buf shown = BUF_INIT(BUF_NO_LIMIT);

	if (chart_text_width(name) > NAME_MAX_WIDTH)
		buf_put_str(&shown, DOTS);
	while (chart_text_width(name) > NAME_MAX_WIDTH -
	       chart_text_width(buf_span(&shown))) {
		size_t len = text_utf8_next(name, NULL);

		len = len ? len : 1;
		name = span_of(name.at + len, name.len - len);
	}
	buf_put_span(&shown, name);
	chart_label(chart, "name", rows->left - CHART_LABEL_GAP, y,
		    buf_span(&shown));
	buf_fail(chart->out, shown.failed);
	buf_release(&shown);
}

static void put_row(const struct chart *chart, const struct rows *rows,
		    size_t nth, const struct stats_group *group)
{
	uint64_t value = chart_value(chart, group);
	int64_t y = CHART_TOP + ROW * (int64_t)nth;
	int64_t length = length_of(rows, value);
	struct chart_bar bar = {
		rows->left, y + (ROW - BAR) / 2,
		value && length < PX ? PX : length, BAR
	};
	char number[DIGITS_MAX];

	digits_grouped(value, number);
	put_name(chart, rows, y + ROW / 2 + TEXT_DROP,
		 chart_name(chart, group));
	chart_bar(chart, &bar, group);
	chart_label(chart, "value", rows->left + bar.width + CHART_LABEL_GAP /
		    2, y + ROW / 2 + TEXT_DROP, span_str(number));
}

void chart_put_rows(const struct chart *chart)
{
	struct rows rows = rows_of(chart);
	size_t i;

	put_scale(chart, &rows);
	for (i = chart->first; i < chart->end; i++)
		put_row(chart, &rows, i - chart->first,
			&chart->groups->at[i]);
}
