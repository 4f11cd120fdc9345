/*
 * What the two forms of a chart share. Lengths are hundredths of a pixel, so
 * that no locale has a say in how they are written.
 */
#ifndef VV_CMD_ACTION_KNOW_CHART_INTERNAL_H
#define VV_CMD_ACTION_KNOW_CHART_INTERNAL_H

#include "cmd/action/know/chart.h"

#define PX 100
#define CHART_TOP (74 * PX)	/* below the title and what is under it */
#define CHART_EDGE (24 * PX)
#define CHART_LABEL_GAP (8 * PX)
#define CHART_WIDTH (800 * PX)

/* Round numbers on an axis: steps of 1, 2 or 5 and zeros behind. */
struct chart_scale {
	uint64_t step;
	uint64_t top;		/* a multiple of it */
};
struct chart_scale chart_scale_of(uint64_t most);

struct chart {
	const struct stats_groups *groups;
	size_t first, end;	/* of them */
	const char *construct;
	struct buf *out;
	int64_t width, height;
};

uint64_t chart_value(const struct chart *chart,
		     const struct stats_group *group);
/* Its name, or what is said where it has none. */
struct span chart_name(const struct chart *chart,
		       const struct stats_group *group);

/* About how wide a text is. */
int64_t chart_text_width(struct span text);
/* Append a length; a text, of which nothing is markup. */
void chart_px(struct buf *out, int64_t length);
void chart_text(struct buf *out, struct span text);

/* "12 messages" behind what stands before; all that a group has. */
void chart_counted(struct buf *out, const char *gap, uint64_t n,
		   const char *one, const char *many);
void chart_told(const struct chart *chart, const struct stats_group *group);

/* A bar, and what is told where a mouse points at it. */
struct chart_bar {
	int64_t x, y, width, height;
};
void chart_bar(const struct chart *chart, const struct chart_bar *bar,
	       const struct stats_group *group);
/* A text at a point; class: how it looks. */
void chart_label(const struct chart *chart, const char *class, int64_t x,
		 int64_t y, struct span text);
void chart_line(const struct chart *chart, int64_t x1, int64_t y1, int64_t x2,
		int64_t y2);

/* Bars that stand, along a calendar; or lie, each with its name. */
void chart_size_calendar(struct chart *chart);
void chart_put_calendar(const struct chart *chart);
void chart_size_rows(struct chart *chart);
void chart_put_rows(const struct chart *chart);

#endif
