#include "cmd/action/know/chart_internal.h"

static const char style[] =
	"<style>\n"
	":root{color-scheme:light dark;--paper:#ffffff;--ink:#1f2328;"
	"--soft:#59636e;--grid:#d8dee4;--bar:#2f6fd0;--over:#1b4f9c}\n"
	"@media (prefers-color-scheme:dark){:root{--paper:#0d1117;"
	"--ink:#e6edf3;--soft:#9aa4af;--grid:#2b323b;--bar:#5b9bf3;"
	"--over:#9cc4ff}}\n"
	"svg{background:var(--paper)}\n"
	"text{font-family:system-ui,sans-serif;font-size:12px;"
	"fill:var(--soft)}\n"
	".title{font-size:18px;font-weight:600;fill:var(--ink)}\n"
	".paper{fill:var(--paper)}\n"
	".grid{stroke:var(--grid)}\n"
	".end{text-anchor:end}.mid{text-anchor:middle}"
	".name{text-anchor:end;fill:var(--ink)}.value{fill:var(--ink)}\n"
	".bar{fill:var(--bar)}.bar:hover{fill:var(--over)}\n"
	"</style>\n";

static void put_title(const struct chart *chart)
{
	struct buf *out = chart->out;

	buf_putf(out, "%s by %s", chart->groups->by == BY_KIND ? "Entities" :
		 "Messages", stats_by_word(chart->groups->by));
	if (chart->construct) {
		buf_put_str(out, ": ");
		chart_text(out, span_str(chart->construct));
	}
}

/* Below the title: how much there is in all, and what is not drawn. */
static void put_subtitle(const struct chart *chart)
{
	const struct stats_groups *groups = chart->groups;
	size_t left = groups->n - (chart->end - chart->first);
	size_t i;

	chart_told(chart, &groups->all);
	if (left)
		chart_counted(chart->out, "; not shown: ", left, "group",
			    "groups");
	if (!stats_by_is_time(groups->by))
		return;
	for (i = chart->first; i < chart->end; i++) {
		if (!groups->at[i].name.at && groups->at[i].messages)
			chart_counted(chart->out, "; undated: ",
				    groups->at[i].messages, "message",
				    "messages");
	}
}

static void put_head(const struct chart *chart)
{
	struct buf *out = chart->out;

	buf_put_str(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
		    "width=\"100%\" viewBox=\"0 0 ");
	chart_px(out, chart->width);
	buf_put_char(out, ' ');
	chart_px(out, chart->height);
	buf_put_str(out, "\" role=\"img\" aria-labelledby=\"title about\">\n"
		    "<title id=\"title\">");
	put_title(chart);
	buf_put_str(out, "</title>\n<desc id=\"about\">");
	put_subtitle(chart);
	buf_putf(out, "</desc>\n%s<rect class=\"paper\" width=\"100%%\" "
		 "height=\"100%%\"/>\n<text class=\"title\" x=\"24\" "
		 "y=\"34\">", style);
	put_title(chart);
	buf_put_str(out, "</text>\n<text x=\"24\" y=\"54\">");
	put_subtitle(chart);
	buf_put_str(out, "</text>\n");
}

void chart_put(const struct stats_groups *groups, size_t first, size_t end,
	       const char *construct, struct buf *out)
{
	struct chart chart = { groups, first, end, construct, out, 0, 0 };
	bool is_time = stats_by_is_time(groups->by);

	if (is_time)
		chart_size_calendar(&chart);
	else
		chart_size_rows(&chart);
	put_head(&chart);
	if (is_time)
		chart_put_calendar(&chart);
	else
		chart_put_rows(&chart);
	buf_put_str(out, "</svg>\n");
}
