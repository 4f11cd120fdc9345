#include "cmd/browse/browse_internal.h"

#include "lib/json/jcs_scan.h"
#include "lib/os/spawn.h"

/* What takes no longer is not told to take long. */
#define BUSY_MS 150
/* What takes longer is waited for. */
#define LONG_MS 700

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
		rc = talk_add(&browse->talk, jdoc_root(doc), err);
	jdoc_free(doc);
	return rc;
}

static int take_text(void *arg, struct span text, struct err *err)
{
	struct browse *browse = arg;

	return talk_add_text(&browse->talk, text, err);
}

static int take_bytes(void *arg, struct span bytes, struct err *err)
{
	struct browse *browse = arg;

	return leaf_write(&browse->leaf, bytes, err);
}

static void take_note(void *arg, struct span sentence)
{
	struct browse *browse = arg;

	/* A preview is nothing that was asked for. */
	if (browse->task != TASK_PREVIEW)
		model_say(&browse->model, false, sentence);
	if (browse->task == TASK_SESSIONS)
		browse->model.are_partial = true;
}

static void begin(struct browse *browse, enum task task,
		  const struct source *source)
{
	static int (*const jobs[])(const struct host *host, void *arg,
				   struct err *err) = {
		[TASK_SEARCH] = source_search,
		[TASK_SESSIONS] = source_sessions,
		[TASK_READ] = source_read,
		[TASK_PAGE] = source_page,
		[TASK_PREVIEW] = source_read,
	};
	struct source copy = *source;
	struct err err = ERR_INIT;

	worker_stop(&browse->worker);
	hits_reset(&browse->coming);
	talk_reset(&browse->talk, browse->model.cols,
		   browse->model.is_ascii);
	browse->task = task;
	if (task == TASK_SESSIONS)
		browse->model.are_partial = false;
	browse->began = spawn_now_ms();
	browse->busy_due = task == TASK_PREVIEW ? -1 :
			   browse->began + BUSY_MS;
	if (worker_start(&browse->worker, jobs[task], &copy, &err) < 0) {
		browse->busy_due = -1;
		browse_say_failure(browse, &err);
	}
}

bool fetch_may_stop(const struct browse *browse)
{
	return !browse->worker.pid || browse->task > TASK_SESSIONS ||
	       spawn_now_ms() - browse->began < LONG_MS;
}

void fetch_hits(struct browse *browse)
{
	const struct source source = { .call = browse->call,
				       .asked = &browse->asked,
				       .most = browse->model.most };
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

/* named: what the branch goes through; it is to begin at that entity. */
static void read_from(struct browse *browse, struct span named,
		      size_t branch, struct span entity)
{
	const struct model *model = &browse->model;
	struct buf named_text = BUF_INIT(BUF_NO_LIMIT);
	struct source source = {
		.call = browse->call, .branch = branch,
		.construct = buf_text(&model->construct),
		.with_tools = model->with_tools,
		.with_thinking = model->with_thinking, .cols = model->cols,
	};

	buf_put_span(&named_text, named);
	buf_reset(&browse->entity);
	buf_put_span(&browse->entity, entity);
	source.entity = buf_text(&named_text);
	begin(browse, TASK_READ, &source);
	buf_release(&named_text);
}

void fetch_talk(struct browse *browse)
{
	const struct hit *hit = model_hit(&browse->model);
	bool is_looking = browse->due >= 0 ||
			  (browse->worker.pid &&
			   browse->task <= TASK_SESSIONS);

	browse->reads_next = is_looking;
	if (is_looking || !hit)
		return;
	model_set_session(&browse->model, hit);
	read_from(browse, hit->entity, 0, hit->entity);
}

void fetch_preview(struct browse *browse)
{
	const struct hit *hit = model_hit(&browse->model);
	struct buf texts = BUF_INIT(BUF_NO_LIMIT);
	struct source source = { .call = browse->call, .around = "3",
				 .cols = browse->model.cols };

	/* Whatever else is fetched comes first. */
	if (!hit || browse->worker.pid || model_has_preview(&browse->model))
		return;
	buf_put_span(&texts, hit->construct);
	buf_put(&texts, "", 1);
	buf_put_span(&texts, hit->entity);
	source.construct = buf_text(&texts);
	source.entity = source.construct + hit->construct.len + 1;
	if (buf_end(&texts, NULL) == 0)
		begin(browse, TASK_PREVIEW, &source);
	buf_release(&texts);
}

void fetch_again(struct browse *browse)
{
	read_from(browse, talk_branch(&browse->model.talk), 0,
		  model_entity(&browse->model));
}

void fetch_branch(struct browse *browse)
{
	struct model *model = &browse->model;

	read_from(browse, model->fork, model->branch, span_of("", 0));
}

void fetch_page(struct browse *browse)
{
	const struct source source = {
		.call = browse->call,
		.construct = buf_text(&browse->model.construct),
		.entity = buf_text(&browse->model.session),
	};
	struct err err = ERR_INIT;

	if (leaf_begin(&browse->leaf, browse->call->settings.temp_folder,
		       &err) < 0)
		browse_say_failure(browse, &err);
	else
		begin(browse, TASK_PAGE, &source);
}

void fetch_no_preview(struct browse *browse)
{
	if (browse->worker.pid && browse->task == TASK_PREVIEW)
		worker_stop(&browse->worker);
}

static void take_hits(struct browse *browse)
{
	model_take_hits(&browse->model, &browse->coming,
			browse->task == TASK_SESSIONS);
	browse->coming.wall = browse->call->settings.wall;
	browse->preview_due = spawn_now_ms() + REST_MS;
	if (browse->reads_next)
		fetch_talk(browse);
}

static void take_all(struct browse *browse)
{
	struct model *model = &browse->model;
	struct err err = ERR_INIT;

	if (browse->task == TASK_READ) {
		model_take_talk(model, &browse->talk,
				buf_span(&browse->entity));
	} else if (browse->task == TASK_PREVIEW) {
		model_take_preview(model, &browse->talk, model_hit(model));
	} else if (browse->task == TASK_PAGE) {
		if (leaf_open(&browse->leaf, &err) < 0)
			browse_say_failure(browse, &err);
		else
			browse->leaf_due = spawn_now_ms() + LEAF_MS;
		browse->leaf_told = false;
	} else {
		take_hits(browse);
	}
}

/* More of a session than the screen holds is no preview. */
static bool is_enough(const struct browse *browse)
{
	const struct talk *talk = &browse->talk;

	return browse->task == TASK_PREVIEW && talk->named == talk->n &&
	       talk->sheet.n > browse->model.rows;
}

void fetch_take(struct browse *browse)
{
	const struct worker_calls calls = {
		.arg = browse, .object = take_object, .bytes = take_bytes,
		.text = take_text, .note = take_note,
	};
	struct err err = ERR_INIT;
	bool is_over;
	int rc = worker_take(&browse->worker, &calls, &is_over, &err);

	if (!is_over && is_enough(browse))
		worker_stop(&browse->worker);
	else if (!is_over)
		return;
	browse->model.is_busy = false;
	browse->busy_due = -1;
	/* The preview is then what is known without it. */
	if (rc < 0 && browse->task == TASK_PREVIEW)
		return;
	if (rc < 0)
		browse_say_failure(browse, &err);
	else
		take_all(browse);
}
