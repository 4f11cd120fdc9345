/*
 * The records that came between two versions of a construct.
 */
#ifndef VV_REFS_VIEW_NEWS_H
#define VV_REFS_VIEW_NEWS_H

#include "refs/view/view.h"

/*
 * Each record that `to` has and `from` lacks, in no particular order; one that
 * stands in two segments comes twice. Reads only segments that differ, one at
 * a time.
 */
MUST_USE int view_news(struct view *from, struct view *to,
		       const struct view_record_visitor *visitor,
		       struct err *err);

#endif
