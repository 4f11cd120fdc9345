#include "cmd/capture/agent.h"

#include <fnmatch.h>
#include <limits.h>
#include <string.h>

#include "lib/base/nearest.h"
#include "lib/os/path.h"

const struct agent *agent_find(const char *name)
{
	const struct agent *agent;

	for (agent = agent_table; agent->name; agent++) {
		if (!strcmp(agent->name, name))
			return agent;
	}
	return NULL;
}

static bool may_hold(const struct agent *agent, const char *name)
{
	const struct agent_files *files = agent->files;

	while (files->pattern &&
	       fnmatch(path_base(files->pattern), name, 0) != 0)
		files++;
	return files->pattern != NULL;
}

/* What a program writes to its database stands in the log beside it first. */
bool agent_may_hold(const struct agent *agent, const char *name)
{
	size_t len = strlen(name);
	size_t log = strlen(AGENT_DATABASE_LOG);
	char base[NAME_MAX + 1];

	if (len <= log || len - log > NAME_MAX ||
	    strcmp(name + len - log, AGENT_DATABASE_LOG) != 0)
		return may_hold(agent, name);
	memcpy(base, name, len - log);
	base[len - log] = '\0';
	return may_hold(agent, base);
}

int agent_refuse(const char *name, struct err *err)
{
	struct nearest nearest = NEAREST_INIT(name);
	const struct agent *agent;

	for (agent = agent_table; agent->name; agent++)
		nearest_try(&nearest, span_str(agent->name));
	return nearest.found.at ?
	       err_set(err, ERR_INVALID, "unknown agent '%s'; is '%s' meant?",
		       name, nearest.found.at) :
	       err_set(err, ERR_INVALID, "unknown agent '%s'; 'vvault agents "
		       "--all' names those that are known", name);
}
