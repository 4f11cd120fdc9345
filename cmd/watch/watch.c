#include "cmd/watch/watch_internal.h"

#include <poll.h>

#include "cmd/capture/queue.h"
#include "cmd/cli/cmd.h"
#include "cmd/stay/ending.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/vault/vault.h"

/* So often it is looked whether the vault is there, and the clock goes on. */
#define TICK_MS 30000
#define FULL_MS (60 * 60 * 1000)
/* Events that come meanwhile are taken together. */
#define REST_MS 250
#define GRACE_MS 700
/* One that was killed may not be gone yet. */
#define LOCK_MS 1000

/* The first of the times at which something is due, at the latest soon. */
static int wait_ms(const struct watch *watch, int64_t now)
{
	const int64_t all[] = { work_due(watch), look_due(watch),
				watch->full_at,
				watch->rested > now ? watch->rested : -1 };
	int64_t first = now + TICK_MS;
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i] >= 0 && all[i] < first)
			first = all[i];
	}
	return first > now ? (int)(first - now) : 0;
}

static void wait_for_more(struct watch *watch)
{
	int64_t now = pulse_now();
	bool is_rested = watch->notify && watch->rested <= now;
	struct pollfd from[] = {
		{ ending_fd(), POLLIN, 0 },
		{ watch->is_busy ? watch->worker.fd : -1, POLLIN, 0 },
		{ is_rested ? notify_fd(watch->notify) : -1, POLLIN, 0 },
		{ watch->pushing.is_busy ? watch->pushing.worker.fd : -1,
		  POLLIN, 0 },
	};

	if (poll(from, 4, wait_ms(watch, now)) > 0 && from[2].revents) {
		look_take(watch);
		watch->rested = pulse_now() + REST_MS;
	}
}

static int go_on(struct watch *watch, struct err *err)
{
	int64_t now;
	int rc = 0;

	while (rc == 0 && !ending_came()) {
		now = pulse_now();
		rc = pulse_vault(watch, err);
		if (pulse_jumped(watch) || now >= watch->full_at) {
			look_at_all(watch);
			watch->full_at = now + FULL_MS;
		}
		if (rc == 0)
			rc = look(watch, err);
		if (rc == 0)
			rc = work_begin(watch, err);
		if (rc == 0)
			wait_for_more(watch);
		if (rc == 0)
			rc = work_take(watch, err);
	}
	return rc;
}

static int tell_begin(struct watch *watch, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf agents = BUF_INIT(BUF_NO_LIMIT);
	struct buf folders = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	for (i = 0; i < watch->n; i++) {
		const struct subject *subject = &watch->subjects[i];
		struct buf *list = subject->agent ? &agents : &folders;

		if (!subject->is_watched)
			continue;
		buf_put_char(list, list->len ? ',' : '[');
		jcs_put_string(list, span_str(subject->name));
	}
	buf_put_str(&agents, agents.len ? "]" : "[]");
	buf_put_str(&folders, folders.len ? "]" : "[]");
	fields_buf(&fields, "agents", &agents);
	fields_buf(&fields, "folders", &folders);
	if (watch->pushing.remote)
		fields_str(&fields, "remote", watch->pushing.remote);
	rc = tell(watch, "watching", &fields, err);
	jcs_fields_release(&fields);
	buf_release(&agents);
	buf_release(&folders);
	return rc;
}

static int tell_end(struct watch *watch, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc = tell(watch, "ended", &fields, err);

	jcs_fields_release(&fields);
	return rc;
}

static int stay(struct watch *watch, struct err *err)
{
	int rc = ending_begin(err);

	if (rc == 0)
		rc = work_check(watch, err);
	if (rc == 0 && !ending_came())
		rc = tell_begin(watch, err);
	if (rc == 0)
		rc = look_begin(watch, err);
	(void)pulse_jumped(watch);
	watch->full_at = pulse_now() + FULL_MS;
	if (rc == 0)
		rc = go_on(watch, err);
	work_end(watch, GRACE_MS);
	if (rc == 0)
		rc = tell_end(watch, err);
	/* The same signal may come twice, as from timeout(1): it is to spoil
	 * nothing of what is ending well. */
	if (!ending_came())
		ending_end();
	return rc;
}

/* One of each vault is enough: another one says so, and ends. */
static int open_and_stay(struct watch *watch, struct err *err)
{
	struct action_call *call = watch->call;
	struct err why = ERR_INIT;
	int rc;

	if (!call->vault_path || !vault_is_at(call->vault_path))
		return err_set(err, ERR_NOT_FOUND, "no vault %s%s: go into "
			       "one, or name it with -C or VVAULT_DIR",
			       call->vault_path ? "at " : "here",
			       call->vault_path ? call->vault_path : "");
	rc = buf_add_str(&watch->vault_path, call->vault_path, err);
	if (rc == 0)
		rc = file_settle(&watch->vault_path, err);
	if (rc == 0)
		rc = pulse_vault_begin(watch, err);
	if (rc == 0)
		rc = options_read(watch, err);
	if (rc < 0)
		return rc;
	rc = capture_lock(buf_text(&watch->vault_path), CAPTURE_WATCH_LOCK,
			  LOCK_MS, &watch->lock, &why);
	if (rc == ERR_LOCKED) {
		host_note(call->host, "another 'vvault watch' looks after "
			  "this vault: it goes on, and this one ends");
		call->is_no = true;
		return 0;
	}
	return rc < 0 ? err_copy(err, rc, &why) : stay(watch, err);
}

static int watch_run(struct action_call *call, struct err *err)
{
	struct watch watch = {
		.call = call, .vault_path = PATH_BUF_INIT, .lock = LOCK_INIT,
		.worker = WORKER_INIT, .pushing = { .worker = WORKER_INIT },
	};
	int rc;

	if (action_flag(call, "install"))
		return service_install(call, err);
	if (action_flag(call, "uninstall"))
		return service_uninstall(call, err);
	rc = open_and_stay(&watch, err);
	options_release(&watch);
	notify_free(watch.notify);
	lock_release(&watch.lock);
	buf_release(&watch.vault_path);
	return rc;
}

static const struct action_param params[] = {
	{ "capture", ACTION_FLAG, 0, NULL,
	  "what agents write; so without a folder, too" },
	{ "agent", ACTION_TEXT, ACTION_REPEATED, "<agent>",
	  "what this one writes; 'vvault agents' names them" },
	{ "push", ACTION_TEXT, 0, "<remote>", "send there what is new" },
	{ "every", ACTION_TEXT, 0, "<time>", "no more often than so: 10m" },
	{ "scan", ACTION_COUNT, ACTION_UNLISTED, "<seconds>",
	  "how often to look where the system tells of no changes: 30" },
	{ "install", ACTION_FLAG, 0, NULL,
	  "let systemd start it, with these words" },
	{ "uninstall", ACTION_FLAG, 0, NULL, "no longer" },
	{ "folder", ACTION_TEXT, ACTION_OPERAND | ACTION_REPEATED, "<folder>",
	  "import the capsules that come there" },
	{ NULL, ACTION_FLAG, 0, NULL, NULL },
};

const struct action watch_action = {
	"watch", "bring in what is new, as it comes", params, ACTION_OPENS,
	options_check, watch_run
};
