#include "cmd/action/history/said.h"

#include "lib/json/jcs_scan.h"
#include "lib/time/hlc.h"
#include "lib/time/timestamp.h"

struct saying {
	struct view *view;
	const struct period *period;
	bool is_found;
};

static void take_time(struct saying *saying, int64_t micros)
{
	saying->is_found |= micros >= saying->period->start &&
			    micros <= saying->period->end;
}

/* By its newest record. One of an unknown time is said at none. */
static int take_records(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct saying *saying = arg;
	struct hlc newest = HLC_INIT;
	struct hlc one;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < entity->records_n; i++) {
		rc = hlc_parse(entity->records[i].record.at, &one, NULL, err);
		if (rc == 0 && hlc_compare(&one, &newest) > 0)
			newest = one;
	}
	if (rc == 0 && newest.micros != HLC_UNKNOWN)
		take_time(saying, newest.micros);
	return rc;
}

static int take_change(void *arg, const struct view_change *change,
		       struct err *err)
{
	struct saying *saying = arg;
	const struct view_visitor visitor = { take_records, saying };
	struct span created;
	int64_t micros;

	if (saying->is_found || !change->to.at)
		return 0;
	if (jcs_find(change->to, "created", &created) &&
	    jcs_type_of(created) == JCS_STRING &&
	    timestamp_parse(jcs_string_inner(created), &micros, NULL,
			    NULL) == 0) {
		take_time(saying, micros);
		return 0;
	}
	return view_one(saying->view, change->entity, &visitor, err);
}

int said_between(struct view *from, struct view *to,
		 const struct period *period, bool *out, struct err *err)
{
	struct saying saying = { to, period, false };
	const struct view_change_visitor visitor = { take_change, &saying };
	int rc = view_diff(from, to, &visitor, err);

	*out = saying.is_found;
	return rc;
}
