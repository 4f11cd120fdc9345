#include <string.h>

#include "cmd/action/result.h"
#include "cmd/action/vault/scope.h"
#include "cmd/mcp/asking.h"
#include "cmd/mcp/signer.h"
#include "cmd/mcp/tool/said.h"
#include "lib/json/jcs_scan.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"
#include "refs/key/sealed.h"

#define WRITES_MAX 30		/* in such a stretch of time */
#define STRETCH (60 * TIMESTAMP_SECOND)
#define WRITES_SEEN 100		/* versions that are looked at for that */

/* So many of the newest versions are by that key, and of this minute. */
static unsigned count_recent(const struct asking *asking, const char *did)
{
	int64_t since = timestamp_now() - STRETCH;
	struct span rest = { NULL, 0 };
	struct span version;
	struct span value;
	unsigned n = 0;

	while ((version = asking_next(asking, &rest)).at) {
		int64_t micros = 0;

		n += jcs_find(version, "device", &value) &&
		     jcs_is_text(value, did) &&
		     jcs_find_string(version, "time", &value) &&
		     timestamp_parse(value, &micros, NULL, NULL) == 0 &&
		     micros > since;
	}
	return n;
}

/* Who writes without end is ill. What is written says how much it was,
 * whichever server it came through. */
static int check_often(struct tool_call *call, const char *folder,
		       struct err *err)
{
	struct err why = ERR_INIT;
	struct device_look key;
	struct asking asking;
	int rc = device_key_look(folder, &key, err);

	if (rc < 0)
		return rc;
	asking_begin(&asking, call->server, "log");
	asking_text(&asking, "version", tool_text(call, "construct"));
	asking_count(&asking, "-n", WRITES_SEEN);
	rc = asking_run(&asking, &why);
	/* The first memory of a construct makes it. */
	rc = rc == ERR_NOT_FOUND ? 0 : err_copy(err, rc, &why);
	if (rc == 0 && count_recent(&asking, key.did) >= WRITES_MAX)
		tool_refuse(call, "too many memories were written within a "
			    "minute: at most %d are", WRITES_MAX);
	asking_release(&asking);
	return rc;
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
	if (rc == 0)
		rc = check_often(call, buf_text(&asking->keys_folder), err);
	if (call->refusal.code)
		return rc;
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
