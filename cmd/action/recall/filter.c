#include "cmd/action/recall/filter.h"

#include <string.h>

#include "lib/os/file.h"
#include "lib/os/path.h"

static int read_kind(const struct action_call *call,
		     struct recall_filter *filter, struct err *err)
{
	const struct action_value *names = action_value(call, "kind");
	const struct kind *kind;
	size_t i;

	for (i = 0; i < names->n; i++) {
		kind = kind_find(span_str(names->texts[i]));
		if (!kind || !spoken_has(kind))
			return err_set(err, ERR_INVALID, "'%s' is not looked "
				       "through: message, memory and session "
				       "are", names->texts[i]);
		filter->kinds |= kind_bit(kind);
	}
	return 0;
}

int filter_read_times(const struct action_call *call,
		      struct recall_filter *filter, struct err *err)
{
	struct period times;
	bool is_stored = false;
	int rc = times_read(call, &times, err);

	if (rc == 0)
		rc = times_clock(call, &is_stored, err);
	if (rc < 0)
		return rc;
	if (!is_stored) {
		filter->since = times.start;
		filter->until = times.end;
		return 0;
	}
	if (action_flag(call, "since"))
		filter->stored_since = times.start;
	/* Views of then are what --until leads to: views.h. */
	if (action_flag(call, "until") && action_flag(call, "as-of"))
		return err_set(err, ERR_INVALID, "--as-of says already what "
			       "'--stored --until' does");
	return 0;
}

int filter_read(const struct action_call *call, struct recall_filter *out,
		struct err *err)
{
	int rc;

	*out = (struct recall_filter){
		.role = action_text(call, "role"),
		.model = action_text(call, "model"),
		.provider = action_text(call, "provider"),
		.session = action_text(call, "session"),
		.project = action_text(call, "project"),
		.wall = &call->settings.wall,
		.since = INT64_MIN,
		.until = INT64_MAX,
		.with_history = action_flag(call, "history"),
		.with_all = action_flag(call, "all"),
	};
	rc = read_kind(call, out, err);
	return rc < 0 ? rc : filter_read_times(call, out, err);
}

int filter_settle(struct recall_filter *filter, struct buf *project,
		  struct err *err)
{
	int rc;

	if (!filter->project || *filter->project == '/')
		return 0;
	/* A name that is no folder here is that of one anywhere. */
	if (*filter->project && !strchr(filter->project, '/') &&
	    !file_exists(filter->project))
		return 0;
	rc = buf_add_str(project, filter->project, err);
	if (rc == 0)
		rc = file_settle(project, err);
	filter->project = buf_text(project);
	return rc;
}
