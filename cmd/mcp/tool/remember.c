#include <string.h>

#include "cmd/action/result.h"
#include "cmd/action/vault/scope.h"
#include "cmd/mcp/asking.h"
#include "cmd/mcp/signer.h"
#include "cmd/mcp/tool/said.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"

#define WRITES_MAX 30		/* in such a stretch of time */
#define STRETCH (60 * TIMESTAMP_SECOND)

/* Who writes without end is ill. */
static bool is_too_often(struct server *server)
{
	int64_t now = timestamp_now();

	if (now - server->wrote_since >= STRETCH ||
	    now < server->wrote_since) {
		server->wrote_since = now;
		server->writes = 0;
	}
	return ++server->writes > WRITES_MAX;
}

static void check_remember(struct tool_call *call)
{
	const char *construct = tool_text(call, "construct");
	const char *content = tool_text(call, "content");
	struct span writable = call->server->write;

	if (!scope_names(writable, construct))
		tool_refuse(call, "nothing may be written to that construct; "
			    "memories may be written to: %.*s",
			    (int)writable.len, writable.at);
	else if (!content[strspn(content, " \t\r\n-")])
		tool_refuse(call, "'content' has no words");
	else if (is_too_often(call->server))
		tool_refuse(call, "too many memories were written within a "
			    "minute: at most %d are", WRITES_MAX);
}

static void tell_remember(struct tool_call *call, const struct asking *asking)
{
	struct span rest = { NULL, 0 };
	struct span written = asking_next(asking, &rest);
	static const char *const members[] = { "entity", "records", "version",
					       "construct" };
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		result_copy(&call->fields, members[i], written);
	buf_put_str(&call->text, "Kept");
	said_word(&call->text, " as ", written, "entity");
	said_word(&call->text, " of ", written, "construct");
	said_word(&call->text, ", in version ", written, "version");
	buf_put_str(&call->text, ".\n");
	said_notes(call, asking);
}

static int ask_remember(struct tool_call *call, struct asking *asking,
	       struct err *err)
{
	static const char *const same[] = { "construct", "type", "replaces",
					    NULL };
	const struct tool_value *tags = tool_value(call, "tags");
	struct buf *source = &asking->source;
	size_t i;
	int rc;

	for (i = 0; same[i]; i++)
		asking_text(asking, same[i], tool_text(call, same[i]));
	asking_text(asking, "text", tool_text(call, "content"));
	asking_texts(asking, "tag", (const char *const *)tags->texts,
		     tags->n);
	buf_putf(source, "mcp/%s", *call->server->client ?
		 call->server->client : "unknown");
	rc = buf_end(source, err);
	asking_text(asking, "source", buf_text(source));
	if (rc == 0)
		rc = signer_folder(call->server->call,
				   tool_text(call, "construct"),
				   &asking->keys_folder, err);
	if (rc == 0 && !signer_is_there(&asking->keys_folder))
		return tool_refuse(call, "agents were not let in to write to "
				   "that construct: an owner of the vault has "
				   "to admit them first");
	asking->call.settings.signer = buf_text(&asking->keys_folder);
	/* What is replaced lies where may be written. */
	asking->scope.constructs = span_str(tool_text(call, "construct"));
	return rc < 0 ? rc : asking_run(asking, err);
}

int tool_remember(struct tool_call *call, struct err *err)
{
	struct asking asking;
	struct err why = ERR_INIT;
	int rc;

	check_remember(call);
	if (call->refusal.code)
		return 0;
	asking_begin(&asking, call->server, "remember");
	rc = ask_remember(call, &asking, &why);
	if (rc == 0 && !asking.n && !call->refusal.code)
		rc = err_set(&why, ERR_INVALID, "nothing was written");
	if (rc == 0 && !call->refusal.code)
		tell_remember(call, &asking);
	asking_release(&asking);
	return err_copy(err, rc, &why);
}
