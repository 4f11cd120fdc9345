#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/read/begins.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/read/turn.h"
#include "cmd/export/html/html.h"
#include "lib/base/nearest.h"
#include "lib/json/jcs_scan.h"
#include "refs/trust/scope.h"

#define AROUND_MAX 100000

static const char *const formats[] = { "text", "markdown", "html", "json",
					NULL };

struct reader {
	struct action_call *call;
	struct transcript transcript;
	struct turns_wanted wanted;
	struct turns_window window;
	const char *format;
	struct jcs_fields fields;
};

static const char *format_of(const struct action_call *call)
{
	const char *format = action_text(call, "format");

	return format ? format : "text";
}

static int read_check(const struct action_call *call, struct err *err)
{
	const char *format = format_of(call);
	bool is_known = false;
	const char *near;
	size_t i;

	for (i = 0; formats[i]; i++)
		is_known = is_known || !strcmp(formats[i], format);
	near = is_known ? NULL : nearest_of(format, formats);
	if (near)
		return err_set(err, ERR_INVALID, "unknown format '%s'; is "
			       "'%s' meant?", format, near);
	if (!is_known)
		return err_set(err, ERR_INVALID, "unknown format '%s': text, "
			       "markdown, html, json", format);
	if (action_count(call, "around", 0) > AROUND_MAX)
		return err_set(err, ERR_INVALID, "--around: at most %d",
			       AROUND_MAX);
	return ref_check(call, err);
}

static int tell(struct reader *reader, struct err *err)
{
	return turn_tell(reader->call->host, reader->format, &reader->fields,
			 err);
}

/* Which turns are told, and how many are not. */
static int set_window(struct reader *reader, struct err *err)
{
	const struct transcript *transcript = &reader->transcript;
	const struct action_value *around = action_value(reader->call,
							 "around");
	struct turns_window *window = &reader->window;
	size_t n = transcript->path.n;
	size_t wide = (size_t)around->count;
	size_t place;
	size_t left;

	if (around->is_set && !transcript->named)
		return err_set(err, ERR_INVALID, "--around: name a "
			       "message; 'vvault read' of the session tells "
			       "them, 'vvault recall' finds one");
	window->from = 0;
	window->end = n;
	if (!around->is_set)
		return 0;
	window->from = transcript->named - 1;
	for (left = wide; window->from && left; window->from--)
		left -= turn_is_shown(transcript, window->from - 1,
				      &reader->wanted);
	for (place = transcript->named, left = wide; place < n && left; place++)
		left -= turn_is_shown(transcript, place, &reader->wanted);
	window->end = place;
	return 0;
}

/* Is it a thought, or has it one? */
static bool is_thinking(const struct said *said)
{
	struct span state = buf_span(&said->state);

	return span_has(state, "\"visibility\":\"thinking\"") ||
	       span_has(state, "\"type\":\"thinking\"") ||
	       span_has(state, "\"type\":\"reasoning\"");
}

/* Has it words or parts? Roots of trees and the like have neither. */
static bool says_something(const struct said *said)
{
	struct span state = buf_span(&said->state);
	struct span value;

	return (jcs_find(state, "content", &value) &&
		!jcs_is_text(value, "")) ||
	       (jcs_find(state, "parts", &value) &&
		!span_equals(value, span_str("[]")));
}

static void count_turns(struct reader *reader)
{
	const struct transcript *transcript = &reader->transcript;
	struct turns_window *window = &reader->window;
	size_t place;

	for (place = 0; place < transcript->path.n; place++) {
		size_t message = transcript->path.at[place];
		bool is_shown = turn_is_shown(transcript, place,
					      &reader->wanted);
		bool thinks = is_thinking(&transcript->said.at[message]);

		window->shown += is_shown;
		window->before += is_shown && place < window->from;
		window->after += is_shown && place >= window->end;
		window->thinking += thinks && !reader->wanted.parts.thinking;
		window->hidden += !is_shown && !thinks &&
				  says_something(&transcript->said.at[message]);
	}
}

/* Where they are out of scope, a session is its title and its counts. */
static bool has_messages(const struct action_call *call)
{
	return scope_has_kind(call->vault, kind_find(span_str("message")));
}

static int tell_turns(struct reader *reader, struct err *err)
{
	const struct transcript *transcript = &reader->transcript;
	size_t place;
	int rc = set_window(reader, err);

	count_turns(reader);
	reader->window.is_closed = !has_messages(reader->call);
	if (rc == 0)
		rc = turn_put_session(transcript, &reader->window,
				      &reader->fields, err);
	if (rc == 0)
		rc = tell(reader, err);
	if (reader->window.is_closed)
		return rc;
	for (place = reader->window.from; rc == 0 &&
	     place < reader->window.end; place++) {
		if (!turn_is_shown(transcript, place, &reader->wanted))
			continue;
		rc = turn_put(transcript, place, &reader->wanted,
			      &reader->fields, err);
		if (rc == 0)
			rc = tell(reader, err);
	}
	return rc;
}

static int read_html(struct action_call *call, const struct ref *ref,
		     struct reader *reader, struct err *err)
{
	const struct export export = { .view = ref->view, .host = call->host };

	return html_session(&export, buf_span(&reader->transcript.entity),
			    err);
}

static int read_session(struct action_call *call, const struct ref *ref,
			struct err *err)
{
	struct reader reader = {
		.call = call, .transcript = TRANSCRIPT_INIT,
		.wanted = { { action_flag(call, "tools"),
			      action_flag(call, "thinking"),
			      action_flag(call, "images") },
			    action_flag(call, "all"), NULL },
		.format = format_of(call), .fields = JCS_FIELDS_INIT,
	};
	int rc = transcript_read(ref->view, buf_span(&ref->entity),
				 action_count(call, "branch", 0),
				 &reader.transcript, err);

	if (rc == 0 && action_flag(call, "from"))
		rc = origins_new(ref->view, &reader.wanted.origins, err);
	if (rc == 0)
		rc = strcmp(reader.format, "html") || !has_messages(call) ?
		     tell_turns(&reader, err) :
		     read_html(call, ref, &reader, err);
	origins_free(reader.wanted.origins);
	transcript_release(&reader.transcript);
	jcs_fields_release(&reader.fields);
	return rc;
}

static int read_run(struct action_call *call, struct err *err)
{
	struct ref ref = REF_INIT;
	int rc = begins_open(call->vault, action_text(call, "what"),
			     action_text(call, "entity"), &ref, err);

	if (rc == 0 && !ref.entity.len)
		rc = err_set(err, ERR_INVALID, "'%s' is a version: name a "
			     "session or a message", action_text(call, "what"));
	if (rc == 0)
		rc = turn_is_document(buf_span(&ref.entity)) ?
			turn_document(call, &ref, format_of(call), err) :
			read_session(call, &ref, err);
	ref_release(&ref);
	return rc;
}

static const struct action_param params[] = {
	{ "format", ACTION_TEXT, 0, "<format>",
	  "text, markdown, html (with all branches) or json" },
	{ "around", ACTION_COUNT, 0, "<count>",
	  "only so many turns before and behind the message" },
	{ "branch", ACTION_COUNT, 0, "<nth>",
	  "where it forks first, take that alternative" },
	{ "tools", ACTION_FLAG, ACTION_FOR_PROGRAMS, NULL,
	  "what tools were given and gave, unfolded" },
	{ "thinking", ACTION_FLAG, ACTION_FOR_PROGRAMS, NULL,
	  "what models thought, too" },
	{ "images", ACTION_FLAG, 0, NULL, "pictures, where they can be shown" },
	{ "all", ACTION_FLAG, ACTION_FOR_PROGRAMS, NULL,
	  "what is hidden and about the session, too" },
	{ "from", ACTION_FLAG, ACTION_UNLISTED, NULL,
	  "with who signed each, how it came, its parent and its conflicts" },
	REF_PARAMS,
	ACTION_PARAMS_END
};

const struct action action_read = {
	"read", "read a conversation or a document", params, ACTION_SHOWS,
	read_check, read_run
};
