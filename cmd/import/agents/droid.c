/*
 * Sessions of Factory's Droid: a log of lines, and <id>.settings.json beside
 * it, where alone the model and the tokens stand.
 */
#include "cmd/import/agents/agents.h"
#include "cmd/import/beside/beside.h"
#include "cmd/import/beside/home.h"
#include "cmd/import/logs/log.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"

#define SETTINGS ".settings.json"

static bool droid_sniff(const struct import_input *input)
{
	struct span line = sniff_line(buf_span(&input->head), 1);

	return !input->is_folder && !input->bundle &&
	       sniff_signs(line, "type id !payload|message|uuid") &&
	       sniff_mentions(line, "\"session_start\"");
}

/* --- where it lies --------------------------------------------------------- */

static const struct import_home droid_home = {
	.folder = ".factory",
	.rooms = (const char *const[]){ "sessions", "projects", NULL },
	.signs = (const char *const[]){ NULL },
	.reason = "of Droid, and no part of its sessions",
};

/* The name with another end. */
static int name_with_end(struct span stem, const char *end, struct buf *out,
		    struct err *err)
{
	buf_put_span(out, stem);
	buf_put_str(out, end);
	return buf_end(out, err);
}

static enum import_place droid_place(const struct import_input *input,
				     struct span place,
				     const char **out_reason)
{
	struct span stem = beside_between(beside_part(place, 0), "", SETTINGS);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	bool is_part = stem.at && name_with_end(stem, ".jsonl", &name, NULL) == 0 &&
		       beside_is_there(input, place, buf_text(&name));

	(void)out_reason;
	buf_release(&name);
	return is_part ? PLACE_BESIDE : PLACE_ANYWHERE;
}

static int droid_beside(const struct import_input *input, struct span place,
			struct beside *to, struct err *err)
{
	struct span stem = beside_between(beside_part(place, 0), "", ".jsonl");
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	(void)input;
	if (stem.at)
		rc = name_with_end(stem, SETTINGS, &name, err);
	if (rc == 0 && stem.at)
		rc = beside_say(to, "stem", stem, err);
	if (rc == 0 && stem.at)
		rc = beside_file(to, "settings", buf_text(&name), err);
	buf_release(&name);
	return rc;
}

/* --- what there is --------------------------------------------------------- */

static void look_start(struct log *log, const struct jval *line,
		       struct log_turn *turn)
{
	static const char *const parents[] = {
		"callingSessionId", "parentSessionId", "forkedFrom", NULL
	};
	struct take take = take_begin(line);
	struct span title = take_text(&take, "sessionTitle");
	size_t i;

	if (!title.len)
		title = take_text(&take, "title");
	log_learn(log, &log->session.key, take_filled(&take, "id"));
	log_learn(log, &log->session.title, title);
	for (i = 0; parents[i]; i++)
		log_learn_once(log, &log->session.parent,
			       jval_get_text(line, parents[i]));
	turn->time = take_time(&take, "timestamp");
	(void)take_word(&take, "type", "session_start");
	take_rest(&take, &log->about);
}

/* A start that comes again is a line like the others. */
static void droid_look(struct log *log, const struct jval *line,
		       struct log_turn *turn)
{
	const struct jval *parent = jval_get(line, "parentId");

	if (jval_is_text(jval_get(line, "type"), "session_start") &&
	    !log->session.key.len && jval_get_text(line, "id").len) {
		look_start(log, line, turn);
		return;
	}
	turn->is_message = true;
	turn->kind = LINK_REPLY;
	turn->key = jval_is_text(jval_get(line, "type"), "session_start") ?
		span_of(NULL, 0) : jval_get_text(line, "id");
	turn->parent = jval_text(parent);
	turn->is_first = jval_is(parent, JVAL_NULL);
	turn->time = chat_time_of(jval_get(line, "timestamp"));
}

static int droid_looked(struct log *log, struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct span text = beside_get(log->source, "settings");
	struct jdoc *doc = NULL;
	struct err why = ERR_INIT;

	(void)err;
	log_learn_once(log, &log->session.key,
		       beside_get(log->source, "stem"));
	if (!text.len)
		return 0;
	if (jdoc_parse(text, &options, &doc, &why) < 0) {
		/* Being written, or damaged: as it stands. */
		fields_said(&log->about, "settings", text);
		return 0;
	}
	log_learn(log, &log->session.model,
		  jval_get_text(jdoc_root(doc), "model"));
	fields_value(&log->about, "settings", jdoc_root(doc));
	jdoc_free(doc);
	return 0;
}

/* --- what it says ---------------------------------------------------------- */

static void say_spoken(struct log *log, struct take *line,
		       struct chat_message *message)
{
	struct take inner = take_inner(line, "message");
	const struct jval *role = take_see(&inner, "role");
	bool is_prompt = jval_is_text(role, "user");
	struct blocks blocks = log_blocks(log, is_prompt);

	blocks_put(&blocks, take_any(&inner, "content"));
	if (is_prompt || jval_is_text(role, "assistant")) {
		message->role = blocks_role(&blocks, is_prompt ? "user" :
					    "assistant");
		message->visibility = blocks_visibility(&blocks);
		take_done(&inner, role);
	}
	message->model = jval_get_text(inner.object, "model");
	take_rest_under(&inner, "message", &log->native);
}

static void droid_say(struct log *log, struct take *line,
		      struct chat_message *message)
{
	const struct jval *type = take_see(line, "type");

	message->created = take_time(line, "timestamp");
	(void)take_same(line, "id", message->key);
	log_take_parent(line, "parentId", message);
	if (jval_is_text(type, "message") &&
	    jval_is(take_see(line, "message"), JVAL_OBJECT)) {
		take_done(line, type);
		say_spoken(log, line, message);
	} else if (!jval_is_text(type, "todo_state")) {
		prose_put(line->object, &log->parts.content);
	}
}

static const struct log_format droid_format = {
	.provider = "droid",
	.look = droid_look,
	.looked = droid_looked,
	.say = droid_say,
};

static int droid_read(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	return log_read(job, source, &droid_format, NULL, err);
}

const struct importer droid_importer = {
	.name = "droid",
	.one = "session of Droid",
	.many = "sessions of Droid",
	.construct = "droid",
	.sniff = droid_sniff,
	.place = droid_place,
	.home = &droid_home,
	.beside = droid_beside,
	.read = droid_read,
	.is_of_agents = true,
};
