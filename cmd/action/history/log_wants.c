#include "cmd/action/history/log.h"

#include <string.h>

#include "cmd/action/history/said.h"
#include "cmd/action/times.h"
#include "lib/time/timestamp.h"

int log_times(const struct action_call *call, struct log *log, struct err *err)
{
	bool is_stored = true;
	int rc = times_read(call, &log->times, err);

	if (rc == 0)
		rc = times_clock(call, &is_stored, err);
	log->by_said = !is_stored && (action_flag(call, "since") ||
				      action_flag(call, "until"));
	return rc;
}

int log_patterns(const struct action_call *call, struct log *log,
		 struct err *err)
{
	const char *author = action_text(call, "author");
	const char *subject = action_text(call, "grep");
	int rc = 0;

	if (author)
		rc = pattern_new(span_str(author),
				 PATTERN_LITERAL | PATTERN_NO_CASE,
				 &log->author, err);
	if (rc == 0 && subject)
		rc = pattern_new(span_str(subject), action_flag(call, "-i") ?
				 PATTERN_NO_CASE : 0, &log->subject, err);
	return rc;
}

int log_sides(struct log *log, const struct version *version,
	      struct view **from, struct view **to)
{
	struct vault *vault = log->call->vault;
	int rc = view_open_versions(vault, version->construct,
				    version->parents, version->parents_n,
				    from, log->err);

	return rc < 0 ? rc :
	       view_open_versions(vault, version->construct, &version->id, 1,
				  to, log->err);
}

/* What is sealed for this device was said at no time that it knows. */
static int is_then(struct log *log, const struct version *version, bool *out)
{
	struct view *from = NULL;
	struct view *to = NULL;
	int rc = 0;

	*out = !log->by_said && times_hold(&log->times, version->time *
					   TIMESTAMP_SECOND);
	if (!log->by_said)
		return 0;
	rc = log_sides(log, version, &from, &to);
	if (rc == 0 && codec_mode(to->codec) != CODEC_BLIND)
		rc = said_between(from, to, &log->times, out, log->err);
	view_free(from);
	view_free(to);
	return rc;
}

/* By a part of the name, or the begin of the did with or without what all have
 * in common. */
static int is_author(struct log *log, const struct version *version, bool *out)
{
	struct span name = device_name(log->call->vault, version_writer(version));
	const char *wanted = action_text(log->call, "author");
	struct pattern_match match = { false, 0, 0 };
	size_t from = 0;
	char did[DID_TEXT_MAX];
	int rc = name.len ? pattern_find(log->author, name, &from, &match,
					 log->err) : 0;

	did_from_public(version_writer(version), did);
	*out = match.is_found || span_begins(span_str(did), wanted) ||
	       span_begins(span_str(did + strlen(DID_PREFIX)), wanted);
	return rc;
}

static int speaks_so(struct log *log, const struct version_note *note,
		     bool *out)
{
	struct pattern_match match = { false, 0, 0 };
	size_t from = 0;
	int rc = pattern_find(log->subject, buf_span(&note->subject), &from,
			      &match, log->err);

	*out = match.is_found;
	return rc;
}

int log_wants(struct log *log, const struct version *version,
	      const struct version_note *note, bool *out)
{
	int rc = is_then(log, version, out);

	if (rc == 0 && *out && log->author)
		rc = is_author(log, version, out);
	if (rc == 0 && *out && log->subject)
		rc = speaks_so(log, note, out);
	if (rc == 0 && *out && version->change == CHANGE_COMPACT &&
	    !log->with_all) {
		log->hidden++;
		*out = false;
	}
	return rc;
}
