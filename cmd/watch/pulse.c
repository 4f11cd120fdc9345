#include "cmd/watch/watch_internal.h"

#include <sys/stat.h>
#include <time.h>

#include "refs/vault/vault.h"

static int64_t read_clock(clockid_t clock)
{
	struct timespec now;

	return clock_gettime(clock, &now) < 0 ? 0 :
	       (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t pulse_now(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

bool pulse_jumped(struct watch *watch)
{
	const struct clocks clocks = {
		read_clock(CLOCK_BOOTTIME), read_clock(CLOCK_MONOTONIC),
		read_clock(CLOCK_REALTIME)
	};
	bool has_jumped = clocks_jumped(&watch->clocks, &clocks);

	watch->clocks = clocks;
	return has_jumped;
}

int pulse_vault_begin(struct watch *watch, struct err *err)
{
	const char *path = buf_text(&watch->vault_path);
	struct stat info;

	if (stat(path, &info) < 0)
		return err_errno(err, "cannot open the vault '%s'", path);
	watch->vault_device = info.st_dev;
	watch->vault_number = info.st_ino;
	return 0;
}

int pulse_vault(const struct watch *watch, struct err *err)
{
	const char *path = buf_text(&watch->vault_path);
	struct stat info;

	if (stat(path, &info) < 0 || !vault_is_at(path))
		return err_set(err, ERR_NOT_FOUND, "the vault is no more at "
			       "'%s': start the watch again where it is",
			       path);
	if (info.st_dev != watch->vault_device ||
	    info.st_ino != watch->vault_number)
		return err_set(err, ERR_CHANGED, "another folder stands where "
			       "the vault was, at '%s': start the watch again",
			       path);
	return 0;
}
