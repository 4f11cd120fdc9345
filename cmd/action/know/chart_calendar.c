#include "cmd/action/know/chart_internal.h"

#include "lib/base/digits.h"
#include "lib/time/timestamp.h"

#define PLOT_HEIGHT (260 * PX)
#define BELOW (40 * PX)		/* of the plot: what stands below it */
#define SLOT_MIN (3 * PX)
#define WIDTH_MAX (1600 * PX)
#define BAR_MIN (3 * PX / 2)	/* so that a lone one is seen */
#define MONTH_MIN 28		/* days */
#define ABOVE_TEXT (4 * PX)	/* from the middle of letters to their foot */

/* The numbers along the calendar, and where they stand. */
struct axis {
	int64_t first, n;	/* stretches */
	int64_t left, width;	/* of the plot */
	struct chart_scale scale;
};

/* The last one that has a number, and one more. */
static size_t end_of_dated(const struct chart *chart)
{
	size_t end = chart->end;

	while (end > chart->first && !chart->groups->at[end - 1].name.at)
		end--;
	return end;
}

static struct axis axis_of(const struct chart *chart)
{
	const struct stats_group *at = chart->groups->at;
	size_t end = end_of_dated(chart);
	int64_t cycle = stretch_cycle((enum stretch)chart->groups->by);
	char number[DIGITS_MAX];
	struct axis axis = { .n = cycle ? cycle : 1 };
	uint64_t most = 0;
	size_t i;

	if (!cycle && end > chart->first) {
		axis.first = at[chart->first].number;
		axis.n = at[end - 1].number - axis.first + 1;
	}
	for (i = chart->first; i < end; i++)
		most = at[i].messages > most ? at[i].messages : most;
	axis.scale = chart_scale_of(most);
	digits_grouped(axis.scale.top, number);
	axis.left = CHART_EDGE + chart_text_width(span_str(number)) +
		    CHART_LABEL_GAP;
	axis.width = chart->width - axis.left - CHART_EDGE;
	return axis;
}

void chart_size_calendar(struct chart *chart)
{
	struct axis axis = axis_of(chart);
	int64_t width = axis.left + CHART_EDGE;

	/* Bars of many stretches are not to run into one another. */
	width = axis.n > (WIDTH_MAX - width) / SLOT_MIN ? WIDTH_MAX :
		width + axis.n * SLOT_MIN;
	chart->width = width < CHART_WIDTH ? CHART_WIDTH : width;
	chart->height = CHART_TOP + PLOT_HEIGHT + BELOW;
}

/* Where a stretch begins. */
static int64_t place_of(const struct axis *axis, int64_t number)
{
	return axis->left + axis->width * (number - axis->first) / axis->n;
}

static int64_t height_of(const struct axis *axis, uint64_t value)
{
	return (int64_t)((double)PLOT_HEIGHT * (double)value /
			 (double)axis->scale.top);
}

static void put_scale(const struct chart *chart, const struct axis *axis)
{
	char number[DIGITS_MAX];
	uint64_t n;

	for (n = 0; n <= axis->scale.top; n += axis->scale.step) {
		int64_t y = CHART_TOP + PLOT_HEIGHT - height_of(axis, n);

		digits_grouped(n, number);
		chart_line(chart, axis->left, y, axis->left + axis->width, y);
		chart_label(chart, "end", axis->left - CHART_LABEL_GAP,
			    y + ABOVE_TEXT, span_str(number));
	}
}

static const int64_t months[] = { 1, 2, 3, 6, 12, 24, 60, 120, 240, 0 };

/* Every how many stretches there is room for a name: a number that divides
 * what people count in. */
static int64_t stride_of(const struct axis *axis, enum stretch stretch,
			 int64_t name_width)
{
	static const int64_t hours[] = { 1, 2, 3, 4, 6, 12, 0 };
	static const int64_t others[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500,
					  1000, 2000, 5000, 0 };
	const int64_t *list = stretch == STRETCH_MONTH ? months :
			      stretch == STRETCH_HOUR ? hours : others;
	int64_t room = name_width + 2 * CHART_LABEL_GAP;

	while (list[1] && axis->width * *list < room * axis->n)
		list++;
	return *list;
}

/* Of many days those have names with which months begin. */
static bool has_name(enum stretch stretch, int64_t number, int64_t stride)
{
	const int64_t *month = months;
	struct date date;

	if (stretch != STRETCH_DAY || stride < MONTH_MIN / 2)
		return !(number % stride);
	while (month[1] && *month * MONTH_MIN < stride)
		month++;
	date = timestamp_date(number * TIMESTAMP_DAY);
	return date.day == 1 &&
	       !(stretch_number(STRETCH_MONTH, number * TIMESTAMP_DAY) %
		 *month);
}

static void put_names(const struct chart *chart, const struct axis *axis)
{
	enum stretch stretch = (enum stretch)chart->groups->by;
	int64_t y = CHART_TOP + PLOT_HEIGHT + 20 * PX;
	char name[STRETCH_NAME_MAX];
	int64_t half;
	int64_t stride;
	int64_t i;

	stretch_name(stretch, stretch == STRETCH_WEEKDAY ? 2 : axis->first,
		     name);
	half = chart_text_width(span_str(name)) / 2;
	stride = stride_of(axis, stretch, 2 * half);
	for (i = axis->first; i < axis->first + axis->n; i++) {
		int64_t middle = (place_of(axis, i) + place_of(axis, i + 1)) / 2;

		if (!has_name(stretch, i, stride) ||
		    middle + half > chart->width)
			continue;
		stretch_name(stretch, i, name);
		chart_label(chart, "mid", middle, y, span_str(name));
	}
}

static void put_bars(const struct chart *chart, const struct axis *axis)
{
	size_t end = end_of_dated(chart);
	size_t i;

	for (i = chart->first; i < end; i++) {
		const struct stats_group *group = &chart->groups->at[i];
		int64_t x = place_of(axis, group->number);
		int64_t width = place_of(axis, group->number + 1) - x;
		int64_t height = height_of(axis, group->messages);
		struct chart_bar bar = {
			x + width / 10, CHART_TOP + PLOT_HEIGHT - height,
			width - width / 5, height
		};

		if (bar.width < BAR_MIN) {
			bar.x = x;
			bar.width = BAR_MIN;
		}
		/* A little is not nothing. */
		if (group->messages && height < PX) {
			bar.y = CHART_TOP + PLOT_HEIGHT - PX;
			bar.height = PX;
		}
		chart_bar(chart, &bar, group);
	}
}

void chart_put_calendar(const struct chart *chart)
{
	struct axis axis = axis_of(chart);

	put_scale(chart, &axis);
	put_bars(chart, &axis);
	if (end_of_dated(chart) > chart->first ||
	    stretch_cycle((enum stretch)chart->groups->by))
		put_names(chart, &axis);
}
