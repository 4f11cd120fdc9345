/*
 * Where the sessions of agents lie on this machine: known places alone are
 * looked at, and projects that agents name in lists, never the disk.
 * Nothing else is read of a file here.
 */
#ifndef VV_CMD_CAPTURE_FIND_H
#define VV_CMD_CAPTURE_FIND_H

#include <stddef.h>
#include <stdint.h>

#include "cmd/capture/agent.h"

/* Whose agents: what the person's environment says. */
struct agent_home {
	/* A variable of the environment; NULL or "": not set. */
	const char *(*variable)(const char *name);
	/* A folder of further homes, those of Windows below WSL; or NULL. */
	const char *others;
};
#define AGENT_WINDOWS_HOMES "/mnt/c/Users"

/* A folder that there is, in which an agent keeps sessions. */
struct find_root {
	const struct agent *agent;
	char *path;
};

/* A folder that was looked into, a root or below one: what changes in it may
 * be a session. Or one, not looked into, in which a root may come. */
struct find_folder {
	char *path;
};
struct find_folders {
	struct find_folder *at;
	size_t n;
	size_t cap;
};

struct find_file {
	const struct agent *agent;
	char *path;		/* absolute, below a root */
	uint64_t bytes;
	int64_t changed;	/* microseconds */
	bool is_part;		/* struct agent_files */
};

/* A folder that could not be looked into, and why. */
struct find_gap {
	const struct agent *agent;
	char *path;
	char *reason;
};

struct finds {
	struct {
		struct find_root *at;
		size_t n;
		size_t cap;
	} roots;
	struct find_folders folders;
	struct find_folders above;
	struct find_folders projects;	/* projects.h; once they are read */
	bool has_projects;
	struct {
		struct find_file *at;
		size_t n;
		size_t cap;
	} files;
	struct {
		struct find_gap *at;
		size_t n;
		size_t cap;
	} gaps;
};

#define FINDS_INIT { { NULL, 0, 0 }, { NULL, 0, 0 }, { NULL, 0, 0 }, \
		     { NULL, 0, 0 }, false, { NULL, 0, 0 }, { NULL, 0, 0 } }

/*
 * Add what this agent has here, each file once, in the order of the places
 * and of names. Symbolic links are followed to a root, and none below it. A
 * folder that is not there is none that was finds, and no failure.
 */
MUST_USE int finds_look(struct finds *finds, const struct agent *agent,
			const struct agent_home *home, struct err *err);
void finds_release(struct finds *finds);

/* Add a file of an agent; nothing for what is gone, or no regular file. */
MUST_USE int finds_add(struct finds *finds, const struct agent *agent,
		       const char *path, bool is_part, struct err *err);

#endif
