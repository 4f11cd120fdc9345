#include "cmd/action/capture/behind.h"

#include <poll.h>
#include <unistd.h>

#include "cmd/action/capture/noted.h"
#include "cmd/action/config/secrets.h"
#include "cmd/action/open.h"
#include "cmd/capture/queue.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/os/process.h"

/* Longer than anybody looks whether somebody is at it. */
#define BEHIND_WAIT_MS 200

#define DRAIN_MS 2
#define DRAIN_TIMES 8
#define DRAIN_BYTES 8192

/* What the agent says is not needed; but it may mind if nobody reads it. */
static void drain(int fd)
{
	struct pollfd ready = { fd, POLLIN, 0 };
	char bytes[DRAIN_BYTES];
	int i;

	for (i = 0; fd >= 0 && i < DRAIN_TIMES; i++) {
		if (poll(&ready, 1, DRAIN_MS) != 1 ||
		    read(fd, bytes, sizeof(bytes)) <= 0)
			return;
	}
}

static int start(const struct action_call *call, const char *vault,
		 struct err *err)
{
	const char *const argv[] = {
		call->settings.program, "-C", vault, "capture", "--behind",
		NULL
	};
	struct buf keys = BUF_INIT(BUF_NO_LIMIT);
	const char *env[] = { NULL, NULL };
	struct process_spec spec = {
		.argv = argv, .env_add = env, .cwd = "/",
	};
	int rc;

	if (!argv[0])
		return err_set(err, ERR_UNSUPPORTED, "it is not known where "
			       "this program lies");
	rc = buf_printf(&keys, err, "VVAULT_KEYS=%s", call->keys_folder);

	env[0] = buf_text(&keys);
	if (rc == 0)
		rc = process_detach(&spec, err);
	buf_release(&keys);
	return rc;
}

/* A watch looks where its own environment says, which may be elsewhere. */
static bool is_moved(const struct action_call *call,
		     const struct agent *agent)
{
	const struct agent_home home = bring_home(call);
	const struct agent_place *place = agent ? agent->places : NULL;

	if (agent && agent->named && home.variable(agent->named))
		return true;
	for (; place && place->home; place++) {
		if (place->variable && home.variable(place->variable))
			return true;
	}
	return false;
}

int behind_hook(struct action_call *call, const struct agent *agent,
		struct err *err)
{
	struct buf vault = PATH_BUF_INIT;
	int rc;

	drain(call->settings.input);
	if (!call->vault_path || !vault_is_at(call->vault_path))
		return err_set(err, ERR_NOT_FOUND, "no vault here");
	rc = buf_add_str(&vault, call->vault_path, err);
	if (rc == 0)
		rc = file_settle(&vault, err);
	if (rc == 0)
		rc = capture_hint(buf_text(&vault), agent, err);
	if (rc == 0 && (is_moved(call, agent) ||
			!capture_is_locked(buf_text(&vault),
					   CAPTURE_WATCH_LOCK)) &&
	    !capture_is_locked(buf_text(&vault), CAPTURE_BEHIND_LOCK))
		rc = start(call, buf_text(&vault), err);
	buf_release(&vault);
	return rc;
}

/* Those that are hinted at; one of all stands for each. */
static size_t take_hints(const char *vault_path,
			 const struct agent *out[AGENTS_MAX])
{
	bool is_all = capture_hint_take(vault_path, NULL);
	const struct agent *agent;
	size_t n = 0;

	for (agent = agent_table; agent->name && n < AGENTS_MAX; agent++) {
		if (capture_hint_take(vault_path, agent) || is_all)
			out[n++] = agent;
	}
	return n;
}

/* For the next one that is started. */
static void give_hints_back(const char *vault_path,
			    const struct bring_wish *wish)
{
	size_t i;

	for (i = 0; i < wish->agents_n; i++)
		(void)!capture_hint(vault_path, wish->agents[i], NULL);
}

static int bring_hinted(struct action_call *call, struct bring_wish *wish,
			struct err *err)
{
	const struct agent *agents[AGENTS_MAX];
	struct bring_sums sums = BRING_SUMS_INIT;
	int rc = 0;

	wish->agents = agents;
	wish->agents_n = take_hints(call->vault_path, agents);
	while (rc == 0 && wish->agents_n) {
		rc = bring(call, wish, NULL, &sums, err);
		bring_sums_release(&sums);
		if (rc < 0)
			give_hints_back(call->vault_path, wish);
		else
			wish->agents_n = take_hints(call->vault_path, agents);
	}
	return rc;
}

static int open_vault(struct action_call *call, struct bring_wish *wish,
		      struct err *err)
{
	const struct bring_sums none = BRING_SUMS_INIT;
	int rc = call->vault ? 0 : action_enter(call, err);

	if (rc == 0)
		rc = secrets_choose(call, false, &wish->secrets, err);
	if (rc < 0)
		noted_put(call, wish->by, &none, err);
	return rc;
}

int behind_run(struct action_call *call, struct bring_wish *wish,
	       struct err *err)
{
	struct lock lock = LOCK_INIT;
	struct err why = ERR_INIT;
	int rc = 0;

	wish->by = CAPTURED_BY_HOOK;
	if (!call->vault_path)
		return err_set(err, ERR_NOT_FOUND, "no vault here");
	/* A hint that comes after the last look finds either this one gone, or
	 * is found by it here. */
	do {
		if (capture_lock(call->vault_path, CAPTURE_BEHIND_LOCK,
				 BEHIND_WAIT_MS, &lock, &why) < 0)
			return why.code == ERR_LOCKED ? 0 :
			       err_copy(err, why.code, &why);
		rc = open_vault(call, wish, err);
		if (rc == 0)
			rc = bring_hinted(call, wish, err);
		lock_release(&lock);
	} while (rc == 0 && capture_is_hinted(call->vault_path));
	return rc;
}
