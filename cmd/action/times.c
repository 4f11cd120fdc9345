#include "cmd/action/times.h"

static int read_one(const struct action_call *call, const char *name,
		    struct period *out, struct err *err)
{
	const char *text = action_text(call, name);
	int rc = text ? dates_read(span_str(text), &call->settings.wall, out,
				   err) : 0;

	if (rc < 0)
		err_prefix(err, "--%s", name);
	return rc;
}

int times_read(const struct action_call *call, struct period *out,
	       struct err *err)
{
	struct period since = PERIOD_ALL;
	struct period until = PERIOD_ALL;
	int rc = read_one(call, "since", &since, err);

	if (rc == 0)
		rc = read_one(call, "until", &until, err);
	*out = (struct period){ since.start, until.end };
	return rc;
}

int times_clock(const struct action_call *call, bool *out_is_stored,
		struct err *err)
{
	bool is_said = action_flag(call, "said");
	bool is_stored = action_flag(call, "stored");

	if (is_said && is_stored)
		return err_set(err, ERR_INVALID, "either --said or --stored");
	if (is_said || is_stored)
		*out_is_stored = is_stored;
	return 0;
}

bool times_hold(const struct period *period, int64_t micros)
{
	return micros >= period->start && micros <= period->end;
}
