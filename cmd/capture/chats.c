#include "cmd/capture/chats.h"

#include <string.h>

#include "cmd/import/database/database.h"
#include "lib/base/span.h"

#define OPENCODE "SELECT count(*) FROM session"
#define SESSIONS "SELECT count(*) FROM sessions"
#define CURSOR "SELECT count(*) FROM cursorDiskKV WHERE " \
	"key>='composerData:' AND key<'composerData;'"

static const struct {
	const char *agent;
	const char *sql;
} counts[] = {
	{ "opencode", OPENCODE }, { "kilo", OPENCODE },
	{ "mimocode", OPENCODE },
	{ "cursor", CURSOR }, { "windsurf", CURSOR }, { "trae", CURSOR },
	{ "goose", SESSIONS }, { "crush", SESSIONS }, { "hermes", SESSIONS },
	{ "zed", "SELECT count(*) FROM threads" },
	{ "kiro", "SELECT count(*) FROM conversations_v2" },
	{ "warp", "SELECT count(*) FROM agent_conversations" },
	{ "anythingllm", "SELECT count(*) FROM (SELECT DISTINCT workspaceId, "
	  "thread_id FROM workspace_chats)" },
};

static const char *sql_of(const struct agent *agent)
{
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (!strcmp(counts[i].agent, agent->name))
			return counts[i].sql;
	}
	return NULL;
}

static bool may_be_database(struct span path)
{
	return span_ends(path, ".db") || span_ends(path, ".vscdb") ||
	       span_ends(path, ".sqlite") || span_ends(path, ".sqlite3");
}

uint64_t chats_in(const struct agent *agent, const char *path)
{
	const char *sql = sql_of(agent);
	struct database_query *query = NULL;
	struct database *db = NULL;
	bool is_row = false;
	int64_t n = 0;

	if (sql && may_be_database(span_str(path)) &&
	    database_open(path, NULL, &db, NULL) == 0 &&
	    database_query(db, sql, &query, NULL) == 0 &&
	    database_step(query, &is_row, NULL) == 0 && is_row)
		n = database_column(query, 0).integer;
	database_query_free(query);
	database_free(db);
	return n > 0 ? (uint64_t)n : 1;
}
