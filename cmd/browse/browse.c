#include "cmd/browse/browse_internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/browse/view/draw.h"
#include "cmd/cli/cmd.h"
#include "cmd/cli/say.h"
#include "cmd/stay/ending.h"
#include "lib/os/spawn.h"
#include "refs/vault/vault.h"

/* No search begins before so long no key came. */
#define CALM_MS 60

void browse_say(struct browse *browse, bool is_error, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	model_say(&browse->model, is_error, span_str(text));
}

void browse_say_failure(struct browse *browse, struct err *err)
{
	model_say(&browse->model, true, span_str(err->text));
	err_clear(err);
}

static int fit(struct browse *browse, struct err *err)
{
	size_t cols = browse->model.cols;
	int rc = screen_fit(browse->screen, &browse->grid, err);

	/* What a terminal keeps of it differs from one to the next. */
	screen_forget(browse->screen);
	if (rc < 0)
		return rc;
	browse->model.is_ascii = browse->grid.is_ascii;
	model_resize(&browse->model, browse->grid.rows, browse->grid.cols);
	if (cols == browse->grid.cols)
		return 0;
	/* Their lines are as wide as the screen. */
	buf_reset(&browse->model.previewed);
	browse->preview_due = spawn_now_ms() + REST_MS;
	if (browse->model.place & (PLACE_READ | PLACE_FIND))
		fetch_again(browse);
	return 0;
}

/* Do what the model wants. */
static void fulfil(struct browse *browse)
{
	switch (browse->model.wish) {
	case WISH_FIND:
		browse->due = spawn_now_ms() + CALM_MS;
		break;
	case WISH_MORE:
		fetch_hits(browse);
		break;
	case WISH_READ:
		fetch_talk(browse);
		break;
	case WISH_READ_AGAIN:
		fetch_again(browse);
		break;
	case WISH_BRANCH:
		fetch_branch(browse);
		break;
	case WISH_PAGER:
		leave_to_pager(browse);
		/* Ctrl-C was for the pager. */
		if (ending_came() == SIGINT)
			ending_forget();
		break;
	case WISH_BROWSER:
		fetch_page(browse);
		break;
	case WISH_COPY:
		leave_copy(browse);
		break;
	case WISH_SUSPEND:
		screen_suspend(browse->screen);
		break;
	case WISH_REDRAW:
		screen_forget(browse->screen);
		break;
	case WISH_QUIT:
	case WISH_NONE:
		break;
	}
}

static int take_keys(struct browse *browse, bool *goes_on, struct err *err)
{
	uint32_t key;
	int rc = 0;

	while (rc == 0 && *goes_on && screen_key(browse->screen, &key)) {
		if (key == PRESS_RESIZED) {
			rc = fit(browse, err);
		} else {
			browse->reads_next = false;
			fetch_no_preview(browse);
			key_press(&browse->model, key);
			fulfil(browse);
			*goes_on = browse->model.wish != WISH_QUIT;
			browse->preview_due = spawn_now_ms() + REST_MS;
		}
	}
	return rc;
}

/* The first of the times at which something is due; -1: nothing is. */
static int64_t next_due(const struct browse *browse)
{
	const int64_t all[] = { browse->due, browse->preview_due,
				browse->busy_due, browse->leaf_due };
	int64_t first = -1;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i] >= 0 && (first < 0 || all[i] < first))
			first = all[i];
	}
	return first;
}

/* Until a key, the worker or something due comes. False: the terminal has
 * gone. */
static bool wait_for_more(const struct browse *browse)
{
	struct pollfd from[] = { { STDIN_FILENO, POLLIN, 0 },
				 { browse->worker.fd, POLLIN, 0 },
				 { ending_fd(), POLLIN, 0 } };

	return poll(from, 3, spawn_left_ms(next_due(browse))) < 0 ?
	       errno == EINTR : !(from[0].revents & (POLLHUP | POLLERR));
}

static bool is_due(int64_t *when)
{
	bool is = *when >= 0 && spawn_now_ms() >= *when;

	if (is)
		*when = -1;
	return is;
}

/* One that runs on has opened it, but may still fail. */
static void look_at_leaf(struct browse *browse)
{
	struct err err = ERR_INIT;

	if (leaf_look(&browse->leaf, &err) < 0)
		browse_say_failure(browse, &err);
	else if (!browse->leaf_told)
		browse_say(browse, false, "opened in the browser");
	browse->leaf_told = true;
	if (browse->leaf.program)
		browse->leaf_due = spawn_now_ms() + LEAF_MS;
}

static void do_what_is_due(struct browse *browse)
{
	if (is_due(&browse->due)) {
		if (fetch_may_stop(browse))
			fetch_hits(browse);
		else
			browse->due = spawn_now_ms() + CALM_MS;
	}
	if (is_due(&browse->preview_due))
		fetch_preview(browse);
	if (is_due(&browse->leaf_due))
		look_at_leaf(browse);
	if (is_due(&browse->busy_due))
		browse->model.is_busy = true;
}

static int run_view(struct browse *browse, struct err *err)
{
	bool goes_on = true;
	int rc = fit(browse, err);

	fetch_hits(browse);
	while (rc == 0 && goes_on && !ending_came()) {
		draw(&browse->model, &browse->grid);
		screen_show(browse->screen, &browse->grid);
		goes_on = wait_for_more(browse);
		if (goes_on)
			rc = take_keys(browse, &goes_on, err);
		if (browse->worker.pid)
			fetch_take(browse);
		do_what_is_due(browse);
	}
	return rc;
}

static void browse_release(struct browse *browse)
{
	worker_release(&browse->worker);
	hits_release(&browse->coming);
	talk_release(&browse->talk);
	buf_release(&browse->entity);
	leaf_release(&browse->leaf);
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
	struct browse browse = BROWSE_INIT(call);
	int rc;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_UNSUPPORTED, "browse needs a terminal; "
			       "'vvault recall' finds without one");
	if (!call->vault_path || !vault_is_at(call->vault_path))
		return err_set(err, ERR_NOT_FOUND, "there is no vault %s%s: "
			       "'vvault init <dir>' makes one, 'vvault import' "
			       "fills it", call->vault_path ? "at " : "here",
			       call->vault_path ? call->vault_path : "");
	set_query(&browse);
	browse.coming.wall = call->settings.wall;
	rc = ending_begin(err);
	if (rc == 0)
		rc = screen_open(say_has_color(), &browse.screen, err);
	if (rc == 0)
		rc = run_view(&browse, err);
	screen_close(browse.screen);
	browse_release(&browse);
	ending_end();
	if (ending_came())
		raise(ending_came());
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
