#include "cmd/import/strangers.h"

#include "cmd/import/sniff.h"

/* signs as sniff_signs() takes them; and these bytes stand in the first lines,
 * or NULL. */
static const struct {
	const char *what;
	const char *signs;
	const char *bytes;
} strangers[] = {
	{ "a chat of QwenPaw", "agent.memory", NULL },
};

/* By their tables, as database_has() takes them. */
static const struct {
	const char *what;
	const char *tables;
} bases[] = {
	{ "a database of Warp whose tables are not known here",
	  "agent_conversations !conversation_data; "
	  "ai_queries !exchange_id" },
	{ "a database of Zed whose tables are not known here",
	  "threads id summary !data_type !rollout_path" },
	{ "a database of Codex, whose sessions lie in its rollouts",
	  "threads id rollout_path" },
};

#define BYTES_LOOK ((size_t)4 << 10)

const char *stranger_of(struct span head)
{
	struct span begin = sniff_begin(head);
	size_t i;

	if (!begin.len || (*begin.at != '{' && *begin.at != '['))
		return NULL;
	if (begin.len > BYTES_LOOK)
		begin.len = BYTES_LOOK;
	for (i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		if ((!strangers[i].bytes ||
		     span_has(begin, strangers[i].bytes)) &&
		    sniff_signs(head, strangers[i].signs))
			return strangers[i].what;
	}
	return NULL;
}

const char *stranger_of_database(struct database *db)
{
	size_t i;

	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		if (database_has(db, bases[i].tables))
			return bases[i].what;
	}
	return NULL;
}
