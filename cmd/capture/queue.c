#include "cmd/capture/queue.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/vault/vault.h"

#define HINT_PREFIX "hint-"
#define HINT_OF_ALL "all"

static int local_path(const char *vault_path, const char *name,
		      struct buf *out, struct err *err)
{
	int rc = path_join(out, vault_path, VAULT_LOCAL, err);

	return rc < 0 ? rc : path_add(out, name, err);
}

int capture_folder(const char *vault_path, struct buf *out, struct err *err)
{
	int rc = local_path(vault_path, CAPTURE_FOLDER, out, err);

	return rc < 0 ? rc : dir_make(buf_text(out), 0700, err);
}

int capture_lock(const char *vault_path, const char *name, int timeout_ms,
		 struct lock *lock, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = capture_folder(vault_path, &path, err);

	if (rc == 0)
		rc = local_path(vault_path, name, &path, err);
	if (rc == 0)
		rc = lock_take(lock, buf_text(&path), timeout_ms, err);
	buf_release(&path);
	return rc;
}

bool capture_is_locked(const char *vault_path, const char *name)
{
	struct lock lock = LOCK_INIT;
	int rc = capture_lock(vault_path, name, 0, &lock, NULL);

	lock_release(&lock);
	return rc == ERR_LOCKED;
}

static int hint_path(const char *vault_path, const struct agent *agent,
		     struct buf *out, struct err *err)
{
	int rc = local_path(vault_path, CAPTURE_FOLDER, out, err);

	return rc < 0 ? rc : buf_printf(out, err, "/" HINT_PREFIX "%s",
					agent ? agent->name : HINT_OF_ALL);
}

int capture_hint(const char *vault_path, const struct agent *agent,
		 struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int fd;
	int rc = capture_folder(vault_path, &path, err);

	if (rc == 0)
		rc = hint_path(vault_path, agent, &path, err);
	if (rc == 0) {
		fd = open(buf_text(&path), O_WRONLY | O_CREAT | O_TRUNC |
			  O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
		if (fd < 0 || close(fd) < 0)
			rc = err_errno(err, "cannot write '%s'",
				       buf_text(&path));
	}
	buf_release(&path);
	return rc;
}

bool capture_hint_take(const char *vault_path, const struct agent *agent)
{
	struct buf path = PATH_BUF_INIT;
	bool was_there = hint_path(vault_path, agent, &path, NULL) == 0 &&
			 unlink(buf_text(&path)) == 0;

	buf_release(&path);
	return was_there;
}

static bool is_hinted(const char *vault_path, const struct agent *agent)
{
	struct buf path = PATH_BUF_INIT;
	bool is_there = hint_path(vault_path, agent, &path, NULL) == 0 &&
			file_exists(buf_text(&path));

	buf_release(&path);
	return is_there;
}

bool capture_is_hinted(const char *vault_path)
{
	const struct agent *agent = agent_table;

	if (is_hinted(vault_path, NULL))
		return true;
	while (agent->name && !is_hinted(vault_path, agent))
		agent++;
	return agent->name != NULL;
}
