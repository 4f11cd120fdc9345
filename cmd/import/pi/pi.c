#include "cmd/import/pi/pi.h"

#include "cmd/import/logs/document.h"
#include "cmd/import/pi/pi_internal.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"

static bool is_header(struct span line)
{
	return sniff_has(line, "type") && sniff_has(line, "id") &&
	       sniff_has(line, "timestamp") && sniff_has(line, "cwd") &&
	       !sniff_has(line, "payload") &&
	       sniff_mentions(line, "\"session\"");
}

/* One of a log whose begin is lost. */
static bool is_answer(struct span line)
{
	return sniff_has(line, "type") && sniff_has(line, "id") &&
	       sniff_has(line, "parentId") && sniff_has(line, "timestamp") &&
	       sniff_has(line, "message.role") &&
	       (sniff_has(line, "message.stopReason") ||
		sniff_has(line, "message.toolCallId"));
}

static bool pi_sniff(const struct import_input *input)
{
	return !input->is_folder && !input->bundle &&
	       (is_header(sniff_line(buf_span(&input->head), 1)) ||
		sniff_any_line(buf_span(&input->head), is_answer));
}

/* --- what there is --------------------------------------------------------- */

static void look_header(struct log *log, const struct jval *line,
			struct log_turn *turn)
{
	struct take take = take_begin(line);
	struct span parent = jval_get_text(line, "parentSession");

	if (!parent.len)
		parent = jval_get_text(line, "branchedFrom");
	log_learn(log, &log->session.key, take_filled(&take, "id"));
	log_learn(log, &log->session.parent, pi_session_of(parent));
	log_learn(log, &log->session.model, jval_get_text(line, "modelId"));
	turn->time = take_time(&take, "timestamp");
	if (log->session.parent.len && turn->time.micros != CHAT_TIME_UNKNOWN)
		((struct pi *)log->own)->forked = turn->time.micros;
	(void)take_word(&take, "type", "session");
	take_rest(&take, &log->about);
}

static int pi_begin(struct log *log, struct err *err)
{
	(void)err;
	if (span_equals(beside_get(log->source, "construct"),
			span_str(OPENCLAW)))
		log->provider = OPENCLAW;
	return 0;
}

/* A header that comes again is a line like the others. */
static void pi_look(struct log *log, const struct jval *line,
		    struct log_turn *turn)
{
	const struct jval *type = jval_get(line, "type");
	const struct jval *parent = jval_get(line, "parentId");

	if (jval_is_text(type, "session") && !log->session.key.len &&
	    jval_get_text(line, "id").len) {
		look_header(log, line, turn);
		return;
	}
	turn->is_message = true;
	turn->kind = LINK_REPLY;
	turn->key = jval_is_text(type, "session") ? span_of(NULL, 0) :
		jval_get_text(line, "id");
	turn->parent = jval_text(parent);
	turn->is_first = jval_is(parent, JVAL_NULL);
	turn->time = chat_time_of(jval_get(line, "timestamp"));
	if (jval_is_text(type, "session_info"))
		log_learn(log, &log->session.title,
			  jval_get_text(line, "name"));
	log_learn(log, &log->session.model, jval_get_text(line, "modelId"));
	log_learn(log, &log->session.model,
		  jval_text(jval_at(line, "message.model")));
}

static int pi_looked(struct log *log, struct err *err)
{
	log_learn_once(log, &log->session.key,
		       beside_get(log->source, "session"));
	pi_learn_archived(log);
	return log_document(log, "names", pi_learn_names, err);
}

static const struct log_format pi_format = {
	.provider = PI,
	.begin = pi_begin,
	.look = pi_look,
	.looked = pi_looked,
	.say = pi_say,
};

static int pi_identify(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	struct span construct = beside_get(source, "construct");

	return import_name(job, source, construct.len ? construct :
			   span_str(PI), err);
}

static int pi_read(struct import_job *job, struct import_source *source,
		   struct err *err)
{
	struct pi pi = { INT64_MIN, BUF_INIT(BUF_NO_LIMIT) };
	int rc = log_read(job, source, &pi_format, &pi, err);

	buf_release(&pi.entity);
	return rc;
}

const struct importer pi_importer = {
	.name = PI,
	.one = "session of Pi or OpenClaw",
	.many = "sessions of Pi or OpenClaw",
	.construct = PI,
	.sniff = pi_sniff,
	.home = &pi_home,
	.place = pi_place,
	.beside = pi_beside,
	.identify = pi_identify,
	.read = pi_read,
	.is_of_agents = true,
};
