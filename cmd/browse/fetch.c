#include "cmd/browse/browse_internal.h"

#include "lib/json/jcs_scan.h"

static int take_object(void *arg, struct span json, struct err *err)
{
	struct browse *browse = arg;
	struct jdoc_options options = { .max_depth = JCS_DEPTH_MAX + 2 };
	struct jdoc *doc;
	int rc = jdoc_parse(json, &options, &doc, err);

	if (rc < 0)
		return rc;
	if (browse->task == TASK_SEARCH)
		rc = hits_add_recall(&browse->coming, jdoc_root(doc), err);
	else if (browse->task == TASK_SESSIONS)
		rc = hits_add_session(&browse->coming, jdoc_root(doc), err);
	else
		rc = talk_add(&browse->talk, jdoc_root(doc),
			      &browse->call->settings.wall, err);
	jdoc_free(doc);
	return rc;
}

static void take_note(void *arg, struct span sentence)
{
	struct browse *browse = arg;

	model_say(&browse->model, false, sentence);
}

static void begin(struct browse *browse, enum task task,
		  const struct source *source)
{
	static int (*const jobs[])(const struct host *host, void *arg,
				   struct err *err) = {
		[TASK_SEARCH] = source_search,
		[TASK_SESSIONS] = source_sessions,
		[TASK_READ] = source_read,
	};
	struct source copy = *source;
	struct err err = ERR_INIT;

	worker_stop(&browse->worker);
	hits_reset(&browse->coming);
	talk_reset(&browse->talk);
	browse->task = task;
	browse->model.is_busy = true;
	if (worker_start(&browse->worker, jobs[task], &copy, &err) < 0) {
		browse->model.is_busy = false;
		browse_say_failure(browse, &err);
	}
}

void fetch_hits(struct browse *browse)
{
	const struct source source = { .call = browse->call,
				       .asked = &browse->asked };
	struct edit *query = &browse->model.query;
	struct err err = ERR_INIT;

	browse->due = -1;
	if (asked_read(buf_span(&query->text), query->at == query->text.len,
		       &browse->asked, &err) < 0)
		browse_say_failure(browse, &err);
	else
		begin(browse, *browse->asked.words ? TASK_SEARCH :
		      TASK_SESSIONS, &source);
}

static void read_from(struct browse *browse, struct span entity)
{
	const struct source source = {
		.call = browse->call,
		.construct = buf_text(&browse->model.construct),
		.session = buf_text(&browse->model.session),
	};

	buf_reset(&browse->entity);
	buf_put_span(&browse->entity, entity);
	begin(browse, TASK_READ, &source);
}

void fetch_talk(struct browse *browse)
{
	const struct hit *hit = model_hit(&browse->model);
	bool is_looking = browse->due >= 0 ||
			  (browse->worker.pid && browse->task != TASK_READ);

	browse->reads_next = is_looking;
	if (is_looking || !hit)
		return;
	if (!hit->session.len) {
		browse_say(browse, false, "it belongs to no session: all of "
			   "it stands in the preview");
		return;
	}
	model_set_session(&browse->model, hit);
	read_from(browse, hit->entity);
}

void fetch_branch(struct browse *browse)
{
	read_from(browse, browse->model.fork);
}

static void take_all(struct browse *browse)
{
	if (browse->task == TASK_READ) {
		talk_sort(&browse->talk);
		model_take_talk(&browse->model, &browse->talk,
				buf_span(&browse->entity));
		return;
	}
	model_take_hits(&browse->model, &browse->coming,
			browse->task == TASK_SESSIONS);
	browse->coming.wall = browse->call->settings.wall;
	if (browse->reads_next)
		fetch_talk(browse);
}

void fetch_take(struct browse *browse)
{
	const struct worker_calls calls = {
		.arg = browse, .object = take_object, .note = take_note,
	};
	struct err err = ERR_INIT;
	bool is_over;
	int rc = worker_take(&browse->worker, &calls, &is_over, &err);

	if (!is_over)
		return;
	browse->model.is_busy = false;
	if (rc < 0)
		browse_say_failure(browse, &err);
	else
		take_all(browse);
}
