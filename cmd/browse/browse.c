#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "cmd/browse/draw.h"
#include "cmd/browse/keys.h"
#include "cmd/browse/screen.h"
#include "cmd/browse/source.h"
#include "cmd/browse/worker.h"
#include "cmd/cli/cmd.h"
#include "cmd/cli/say.h"
#include "lib/json/jcs_scan.h"
#include "lib/os/spawn.h"

/* No search begins before so long no key came. */
#define CALM_MS 60

struct browse {
	struct action_call *call;
	struct screen *screen;
	struct grid grid;
	struct model model;
	struct worker worker;
	struct asked asked;	/* what the worker looks for */
	struct hits coming;	/* of it */
	bool are_sessions;
	int64_t due;		/* when to look for what is asked; -1: not */
};

/* Program state, as signals are: which one came that ends us. */
static volatile sig_atomic_t ending;

static void on_signal(int number)
{
	ending = number;
}

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP };
#define ENDING_SIGNALS (sizeof(ending_signals) / sizeof(ending_signals[0]))

static void catch_signals(void (*handler)(int number))
{
	struct sigaction action = { .sa_handler = handler };
	size_t i;

	for (i = 0; i < ENDING_SIGNALS; i++)
		sigaction(ending_signals[i], &action, NULL);
}

static int take_object(void *arg, struct span json, struct err *err)
{
	struct browse *browse = arg;
	struct jdoc_options options = { .max_depth = JCS_DEPTH_MAX + 2 };
	struct jdoc *doc;
	int rc = jdoc_parse(json, &options, &doc, err);

	if (rc < 0)
		return rc;
	rc = browse->are_sessions ?
	     hits_add_session(&browse->coming, jdoc_root(doc), err) :
	     hits_add_recall(&browse->coming, jdoc_root(doc), err);
	jdoc_free(doc);
	return rc;
}

static void take_note(void *arg, struct span sentence)
{
	struct browse *browse = arg;

	model_say(&browse->model, false, sentence);
}

static void say_failure(struct browse *browse, struct err *err)
{
	model_say(&browse->model, true, span_str(err->text));
	err_clear(err);
}

/* Look for what is asked now, and no longer for what was. */
static void find(struct browse *browse)
{
	struct source source = { browse->call, &browse->asked,
				 browse->model.with_all };
	struct edit *query = &browse->model.query;
	struct err err = ERR_INIT;
	int rc;

	browse->due = -1;
	worker_stop(&browse->worker);
	hits_reset(&browse->coming);
	rc = asked_read(buf_span(&query->text), query->at == query->text.len,
			&browse->asked, &err);
	browse->are_sessions = !*browse->asked.words;
	if (rc == 0)
		rc = worker_start(&browse->worker, browse->are_sessions ?
				  source_sessions : source_search, &source,
				  &err);
	browse->model.is_busy = rc == 0;
	if (rc < 0)
		say_failure(browse, &err);
}

static void take_found(struct browse *browse)
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
	if (rc < 0) {
		say_failure(browse, &err);
		return;
	}
	if (browse->are_sessions)
		hits_sort_newest(&browse->coming);
	model_take_hits(&browse->model, &browse->coming,
			browse->are_sessions);
}

static int fit(struct browse *browse, struct err *err)
{
	int rc = screen_fit(browse->screen, &browse->grid, err);

	if (rc == 0)
		model_resize(&browse->model, browse->grid.rows,
			     browse->grid.cols);
	return rc;
}

/* Do what the model wants; false: it has enough. */
static bool fulfil(struct browse *browse)
{
	switch (browse->model.wish) {
	case WISH_FIND:
		browse->due = spawn_now_ms() + CALM_MS;
		break;
	case WISH_SUSPEND:
		screen_suspend(browse->screen);
		break;
	case WISH_REDRAW:
		screen_forget(browse->screen);
		break;
	case WISH_QUIT:
		return false;
	case WISH_NONE:
		break;
	}
	browse->model.wish = WISH_NONE;
	return true;
}

static int take_keys(struct browse *browse, bool *goes_on, struct err *err)
{
	uint32_t key;
	int rc = 0;

	while (rc == 0 && *goes_on && screen_key(browse->screen, &key)) {
		if (key == PRESS_RESIZED) {
			rc = fit(browse, err);
		} else {
			key_press(&browse->model, key);
			*goes_on = fulfil(browse);
		}
	}
	return rc;
}

/* Until a key, the worker or the time to search comes. False: the terminal
 * has gone. */
static bool wait_for_more(const struct browse *browse)
{
	struct pollfd from[] = { { STDIN_FILENO, POLLIN, 0 },
				 { browse->worker.fd, POLLIN, 0 } };

	return poll(from, 2, spawn_left_ms(browse->due)) < 0 ?
	       errno == EINTR : !(from[0].revents & (POLLHUP | POLLERR));
}

static int run_view(struct browse *browse, struct err *err)
{
	bool goes_on = true;
	int rc = fit(browse, err);

	find(browse);
	while (rc == 0 && goes_on && !ending) {
		draw(&browse->model, &browse->grid);
		screen_show(browse->screen, &browse->grid);
		goes_on = wait_for_more(browse);
		if (goes_on)
			rc = take_keys(browse, &goes_on, err);
		if (browse->worker.pid)
			take_found(browse);
		if (browse->due >= 0 && spawn_now_ms() >= browse->due)
			find(browse);
	}
	return rc;
}

static void browse_release(struct browse *browse)
{
	worker_release(&browse->worker);
	hits_release(&browse->coming);
	asked_release(&browse->asked);
	model_release(&browse->model);
	grid_release(&browse->grid);
}

/* The words of the command line are what is looked for at first. */
static void set_query(struct browse *browse)
{
	const struct action_value *words = action_value(browse->call, "words");
	struct buf line = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < words->n; i++)
		buf_putf(&line, "%s%s", i ? " " : "", words->texts[i]);
	edit_set(&browse->model.query, buf_span(&line));
	buf_release(&line);
}

static int browse_run(struct action_call *call, struct err *err)
{
	struct browse browse = {
		.call = call, .model = MODEL_INIT, .worker = WORKER_INIT,
		.asked = ASKED_INIT, .coming = HITS_INIT, .due = -1,
	};
	int rc;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_UNSUPPORTED, "browse needs a terminal; "
			       "'vvault recall' finds without one");
	if (!call->vault_path)
		return err_set(err, ERR_NOT_FOUND, "there is no vault here: "
			       "'vvault init <dir>' makes one, 'vvault import' "
			       "fills it");
	set_query(&browse);
	ending = 0;
	catch_signals(on_signal);
	rc = screen_open(say_has_color(), &browse.screen, err);
	if (rc == 0)
		rc = run_view(&browse, err);
	screen_close(browse.screen);
	browse_release(&browse);
	catch_signals(SIG_DFL);
	if (ending)
		raise(ending);
	return rc;
}

static const struct action_param params[] = {
	{ "words", ACTION_TEXT, ACTION_OPERAND | ACTION_REPEATED, "<word>",
	  "look for this at once" },
	{ NULL, ACTION_FLAG, 0, NULL, NULL },
};

const struct action browse_action = {
	"browse", "find and read on the whole screen", params, ACTION_OPENS,
	NULL, browse_run
};
