#include <stdlib.h>
#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/changes.h"
#include "cmd/action/history/log.h"
#include "cmd/action/history/range.h"
#include "cmd/action/open.h"
#include "cmd/action/times.h"
#include "lib/base/array.h"
#include "refs/view/walk_all.h"

static int list_one(struct log *log, const struct version *version,
		    const struct version_note *note)
{
	int rc = 0;

	if (log->is_kept) {
		rc = array_room(&log->kept, log->err);
		if (rc == 0)
			log->kept.at[log->kept.n++] = version->id;
	} else {
		rc = log_tell(log, version, note);
	}
	return rc < 0 ? rc : ++log->shown >= log->limit;
}

static int visit(void *arg, const struct version *version, struct err *err)
{
	struct version_note note = VERSION_NOTE_INIT;
	struct log *log = arg;
	bool is_one = false;
	int rc;

	(void)err;	/* the call's own */
	log->has_enough = log->shown >= log->limit;
	if (log->has_enough)
		return 0;
	rc = log_describe(log, version, &note);
	if (rc == 0)
		rc = log_wants(log, version, &note, &is_one);
	if (rc == 0 && is_one)
		rc = list_one(log, version, &note);
	if (rc >= 0 && log->with_graph && lanes_pass(&log->lanes, version,
						     log->err) < 0)
		rc = log->err ? log->err->code : ERR_NOMEM;
	version_note_release(&note);
	return rc;
}

/* Those that were kept, the oldest first. */
static int tell_kept(struct log *log)
{
	struct version_note note = VERSION_NOTE_INIT;
	struct version version;
	size_t i;
	int rc = 0;

	version_init(&version);
	for (i = log->kept.n; rc == 0 && i-- > 0;) {
		rc = version_read(log->call->vault->store, &log->kept.at[i],
				  &version, log->err);
		if (rc == 0)
			rc = log_describe(log, &version, &note);
		if (rc == 0)
			rc = log_tell(log, &version, &note);
	}
	version_note_release(&note);
	version_release(&version);
	return rc;
}

static int log_range(struct log *log, const struct view *from,
		     const struct view *to,
		     const struct history_visitor *visitor)
{
	const struct history_range range = {
		to->heads, to->heads_n, from ? from->heads : NULL,
		from ? from->heads_n : 0
	};

	return history_walk(log->call->vault->store, &range, visitor, log->err);
}

/* What a version reaches, a range, or an entity. */
static int log_one(struct log *log, const char *word,
		   const struct history_visitor *visitor)
{
	struct vault *vault = log->call->vault;
	const char *entity = action_text(log->call, "entity");
	struct range range = RANGE_INIT;
	struct ref ref = REF_INIT;
	int rc;

	if (!entity && is_range(word)) {
		rc = range_open(vault, word, &range, log->err);
		if (rc == 0)
			rc = log_range(log, range.from, range.to, visitor);
		range_release(&range);
		return rc;
	}
	rc = ref_open(vault, word, entity, &ref, log->err);
	log->entity = rc == 0 && ref.entity.len ? &ref : NULL;
	if (log->entity && log->with_graph)
		rc = err_set(log->err, ERR_INVALID, "--graph draws versions, "
			     "not what they did to an entity");
	else if (log->entity)
		rc = log_of_entity(log, visit);
	else if (rc == 0)
		rc = log_range(log, NULL, ref.view, visitor);
	if (rc >= 0 && log->is_kept && log->entity) {
		rc = tell_kept(log);
		log->kept.n = 0;
	}
	log->entity = NULL;
	ref_release(&ref);
	return rc;
}

static int tell_hurt(void *arg, const char *construct, struct err *reason)
{
	struct log *log = arg;

	return action_pass_over(log->call, construct, reason, log->err);
}

static void tell_hidden(const struct log *log)
{
	unsigned long long hidden = log->hidden;

	if (hidden)
		host_note(log->call->host, "%llu compaction%s left out; --all lists %s",
			  hidden, hidden == 1 ? "" : "s", hidden == 1 ? "it" : "them");
}

static int log_check(const struct action_call *call, struct err *err)
{
	const char *format = action_text(call, "format");
	bool with_graph = action_flag(call, "graph");
	const char *against = action_flag(call, "reverse") ? "--reverse" :
			      format ? "--format" : NULL;
	struct log log = { .limit = 0 };
	int rc = log_times(call, &log, err);

	if (rc == 0 && with_graph && against)
		rc = err_set(err, ERR_INVALID, "either --graph or %s", against);
	if (rc == 0)
		rc = ref_check(call, err);
	if (rc == 0 && format)
		rc = log_format_check(format, err);
	if (rc == 0)
		rc = log_patterns(call, &log, err);
	pattern_free(log.author);
	pattern_free(log.subject);
	return rc;
}

static void log_release(struct log *log)
{
	pattern_free(log->author);
	pattern_free(log->subject);
	lanes_release(&log->lanes);
	free(log->kept.at);
	free(log->touches.at);
	jcs_fields_release(&log->fields);
}

static int log_run(struct action_call *call, struct err *err)
{
	struct log log = {
		.call = call, .err = err, .fields = JCS_FIELDS_INIT,
		.limit = action_count(call, "-n", UINT64_MAX),
		.with_all = action_flag(call, "all"),
		.format = action_text(call, "format"),
		.with_graph = action_flag(call, "graph"),
		.lanes = LANES_INIT,
		.is_kept = action_flag(call, "reverse"),
	};
	struct history_visitor visitor = { visit, &log, &log.has_enough };
	const char *what = action_text(call, "version");
	int rc = log_times(call, &log, err);

	/* Lines of one's own have no numbers: those of the last list stay. */
	if (log.format)
		call->settings.handles = NULL;
	if (rc == 0)
		rc = log_patterns(call, &log, err);
	if (rc == 0)
		rc = what ? log_one(&log, what, &visitor) :
		     vault_walk_all(call->vault, &visitor, tell_hurt, err);
	if (rc >= 0)
		rc = tell_kept(&log);
	if (rc >= 0)
		tell_hidden(&log);
	log_release(&log);
	return rc < 0 ? rc : 0;
}

static const struct action_param params[] = {
	{ "-n", ACTION_COUNT, 0, "<count>", "at most so many" },
	TIMES_PARAMS,
	CLOCK_PARAMS("times are when it was said what a version brought",
		     "times are when the vault learned it, as without"),
	{ "-p", ACTION_FLAG, 0, NULL, "tell what each version changed" },
	{ "all", ACTION_FLAG, ACTION_FOR_PROGRAMS, NULL, "compactions too: they change no record" },
	{ "oneline", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "the begin of the id and the subject alone" },
	{ "graph", ACTION_FLAG, 0, NULL, "draw the lines of history" },
	{ "stat", ACTION_FLAG, 0, NULL,
	  "count the records that each version made, by kind" },
	{ "author", ACTION_TEXT, 0, "<device>",
	  "by this one alone: a part of its name, or the begin of its did" },
	{ "grep", ACTION_TEXT, 0, "<pattern>",
	  "with a subject that matches a regular expression" },
	{ "-i", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "in --grep upper and lower case are alike" },
	{ "reverse", ACTION_FLAG, 0, NULL, "the oldest first" },
	{ "format", ACTION_TEXT, 0, "<template>",
	  "a line of your own: %h %an %ad %s; the page lists all" },
	{ "from", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "with who signed each, and how it came" },
	BRIEF_PARAM,
	{ "version", ACTION_TEXT, ACTION_OPERAND, "<version|range|entity|@n>",
	  "what it reaches, what a..b adds, or what touched the entity" },
	{ "entity", ACTION_TEXT, ACTION_OPERAND, "<entity>",
	  "what touched this entity, as of that version" },
	ACTION_PARAMS_END
};

const struct action action_log = {
	"log", "list versions", params, ACTION_SHOWS | ACTION_LISTS,
	log_check, log_run
};
