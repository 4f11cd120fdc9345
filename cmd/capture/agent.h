/*
 * Agents that keep their sessions on this machine: a row each says where they
 * lie, what of it is a session, what the agent deletes, and how its hook looks.
 * A new agent whose sessions an importer reads is a row in table.c.
 */
#ifndef VV_CMD_CAPTURE_AGENT_H
#define VV_CMD_CAPTURE_AGENT_H

#include <stdbool.h>

#include "lib/base/err.h"

/* A folder that holds sessions: both places are looked at, for what was kept
 * in the one before the other was chosen. */
struct agent_place {
	const char *variable;	/* of the environment, that names a folder
				   instead; or NULL */
	const char *inner;	/* what lies in that folder; "": itself */
	const char *home;	/* else: below a person's home */
};

/*
 * A list of the projects that an agent has worked in, where it keeps its
 * sessions in each: {"projects":[{"path":..,"data_dir":..}]}, say.
 */
struct agent_list {
	struct agent_place file;	/* home is of the file, too */
	const char *items;	/* member with the list */
	const char *folder;	/* of an item: the folder with the sessions; */
	const char *project;	/* where that is not said the project, and ... */
	const char *inner;	/* ... what lies in it */
};

/* Files below such a folder. */
struct agent_files {
	/* "projects/?*.jsonl" with a star for any name: between '/' one name,
	 * and two of them before the last name any folders. */
	const char *pattern;
	bool is_part;		/* of a session, or about several: it is read
				   too, and counted as none */
};

/* How an agent is told of programs to call. */
enum agent_hook_shape {
	/* JSON: {"hooks":{<event>:[{"hooks":[{"type":"command","command",
	 * "timeout"}]}]}} */
	HOOK_IN_GROUPS,
	/* JSON: {"version":1,"hooks":{<event>:[{"type":"command","bash",
	 * "timeoutSec"}]}}, in a file of ours */
	HOOK_IN_LISTS,
	/* JSON: {"version":1,"hooks":{<event>:[{"command"}]}} */
	HOOK_IN_COMMANDS,
	/* TOML: notify = [<program>, <word>...], of which there is but one */
	HOOK_IS_NOTIFY,
	/* TOML: [[hooks]] with event, command and timeout */
	HOOK_IN_TABLES,
	/* A program for each event, in a folder for them */
	HOOK_IS_SCRIPT,
	/* A module of JavaScript, in a folder for them */
	HOOK_IS_PLUGIN
};

struct agent_hook {
	enum agent_hook_shape shape;
	struct agent_place file;	/* home is of the file, too; of
					   scripts: of their folder */
	const char *const *events;	/* at which we are called; ended by
					   NULL */
	unsigned timeout;		/* as the agent counts it; 0: none */
	bool is_loose;			/* JSON with comments */
	/* Below the home: a file that the agent reads instead where it is
	 * there. One in JSON may hold the events alone. Or NULL. */
	const char *instead;
};

/* What it deletes by itself. */
struct agent_keeps {
	unsigned days;		/* after so many; 0: it keeps all */
	/* What its settings, where its hook stands, say instead: a number of
	 * days or a text like "30d", and whether it deletes at all. Or NULL. */
	const char *member;
	const char *is_on;
};

struct agent {
	const char *name;		/* as --agent takes it */
	const char *title;		/* as people call it */
	const struct agent_place *places;	/* ended by home NULL */
	const struct agent_files *files;	/* ended by pattern NULL */
	const struct agent_hook *hook;	/* NULL: it has none */
	struct agent_keeps keeps;
	const struct agent_list *list;	/* of the projects with sessions of
					   its; or NULL */
	/* The folder of a project in which the first of its files lies; "":
	 * the project itself; NULL: it keeps none there. */
	const char *in_projects;
	const char *named;	/* a variable that names one of its files, by
				   its whole path; or NULL */
};

#define AGENT_FILES_MAX 8

/* Ended by a row whose name is NULL. */
extern const struct agent agent_table[];

/* NULL: none of that name. */
const struct agent *agent_find(const char *name);

#define AGENT_DATABASE_LOG "-wal"	/* behind the name of a database */

/* May a file of that name, without its folder, be one of its, or the log of a
 * database that is? */
bool agent_may_hold(const struct agent *agent, const char *name);

/* Say that there is none of that name, and which one may be meant. */
MUST_USE int agent_refuse(const char *name, struct err *err);

#endif
