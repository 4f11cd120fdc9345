#include "cmd/action/know/gather_internal.h"

#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"

/* Clocks on walls change when one of these begins. */
#define SLOT (TIMESTAMP_DAY / 96)

/* The text of a line as it stands in JSON. */
static int group_of_line(struct gather *gather, struct span line, size_t *out,
			 struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc = jcs_inner_decode(line, &text, err);

	if (rc == 0)
		rc = stats_group_named(gather->groups, buf_span(&text), out,
				       err);
	buf_release(&text);
	return rc;
}

int gather_lines(struct gather *gather, struct span lines,
		       struct err *err)
{
	size_t n = 0;
	int rc = 0;

	while (rc == 0 && lines.len && n < LISTS_UNNAMED)
		rc = group_of_line(gather, span_take_line(&lines),
				   &gather->of_lines[n++], err);
	return rc < 0 ? rc : stats_group_named(gather->groups,
					       span_of(NULL, 0),
					       &gather->of_lines[LISTS_UNNAMED],
					       err);
}

int gather_session(struct gather *gather, struct span construct,
			 const struct lists_session *session, struct err *err)
{
	struct stats_groups *groups = gather->groups;
	size_t *out = &gather->of_session;

	switch (groups->by) {
	case BY_PROVIDER:
		return stats_group_named(groups, session->provider, out, err);
	case BY_PROJECT:
		return stats_group_named(groups, session->project, out, err);
	case BY_CONSTRUCT:
		return stats_group_named(groups, construct, out, err);
	case BY_NOTHING:
	case BY_KIND:
		return stats_group_named(groups, span_of(NULL, 0), out, err);
	default:
		return 0;
	}
}

static int64_t slot_of(int64_t micros)
{
	return micros / SLOT - (micros % SLOT < 0);
}

int gather_time(struct gather *gather, int64_t micros, size_t *out,
		      struct err *err)
{
	int64_t shown;
	int rc;

	if (micros == INT64_MIN)
		return stats_group_named(gather->groups, span_of(NULL, 0), out,
					 err);
	*out = gather->slot_group;
	if (gather->slot == slot_of(micros) + 1)
		return 0;
	shown = wall_shown(&gather->wall, micros);
	rc = stats_group_numbered(gather->groups, stretch_number(
				  (enum stretch)gather->groups->by, shown),
				  out, err);
	gather->slot = (shown - micros) % SLOT ? 0 : slot_of(micros) + 1;
	gather->slot_group = *out;
	return rc;
}

int gather_message(struct gather *gather, const struct lists_said *said,
			 size_t *out, struct err *err)
{
	enum stats_by by = gather->groups->by;

	if (stats_by_is_time(by))
		return gather_time(gather, said->micros, out, err);
	if (by == BY_MODEL || by == BY_ROLE)
		*out = gather->of_lines[by == BY_MODEL ? said->model :
					said->role];
	else
		*out = gather->of_session;
	return 0;
}
