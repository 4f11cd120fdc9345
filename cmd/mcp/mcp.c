#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/mcp/server.h"
#include "cmd/mcp/stream.h"
#include "lib/time/dates.h"
#include "objects/record/kinds.h"
#include "refs/history/construct_name.h"

/* The kinds that are found or read. A session's title is of what was said. */
static int add_kind(struct span name, unsigned *out, struct err *err)
{
	static const char *const names[] = { "message", "memory", "session",
					     NULL };
	const struct kind *kind = kind_find(name);
	size_t i;

	for (i = 0; names[i]; i++) {
		if (span_equals(name, span_str(names[i])))
			break;
	}
	if (!kind || !names[i])
		return err_set(err, ERR_INVALID, "--kinds: '%.*s' is not "
			       "read; message, memory and session are",
			       (int)name.len, name.at);
	*out |= kind_bit(kind);
	if (!strcmp(kind->name, "message"))
		*out |= kind_bit(kind_find(span_str("session")));
	return 0;
}

static int read_kinds(const char *text, unsigned *out, struct err *err)
{
	struct span left = span_str(text);
	char name[CONSTRUCT_NAME_MAX];
	int rc = 0;

	while (rc == 0 && scope_next(&left, name))
		rc = add_kind(span_str(name), out, err);
	return rc;
}

static int check_names(const char *option, struct span list, struct err *err)
{
	char name[CONSTRUCT_NAME_MAX];
	int rc = 0;

	while (rc == 0 && scope_next(&list, name)) {
		rc = construct_name_check(span_str(name), err);
		if (rc < 0)
			err_prefix(err, "--%s", option);
	}
	return rc;
}

/* What may be written to is there. */
static int check_write(const struct server *server, struct err *err)
{
	struct span left = server->write;
	char name[CONSTRUCT_NAME_MAX];
	int rc = 0;

	if (left.len && (server->scope.as_of || server->scope.kinds))
		return err_set(err, ERR_INVALID, "--write: with --as-of or "
			       "--kinds nothing is written");
	while (rc == 0 && scope_next(&left, name)) {
		if (server->scope.constructs.len &&
		    !scope_names(server->scope.constructs, name))
			rc = err_set(err, ERR_INVALID, "--write: '%s' is not "
				     "among --construct", name);
	}
	return rc;
}

static int read_options(const struct action_call *call, struct server *server,
			struct err *err)
{
	const char *as_of = action_text(call, "as-of");
	const char *kinds = action_text(call, "kinds");
	struct period period = { 0, 0 };
	int rc = 0;

	server->scope.constructs = span_str(action_text(call, "construct"));
	server->write = span_str(action_text(call, "write"));
	if (kinds)
		rc = read_kinds(kinds, &server->scope.kinds, err);
	if (rc == 0 && as_of)
		rc = dates_read(span_str(as_of), &call->settings.wall,
				&period, err);
	server->scope.as_of = period.end;
	if (rc == 0)
		rc = check_names("construct", server->scope.constructs, err);
	if (rc == 0)
		rc = check_names("write", server->write, err);
	return rc < 0 ? rc : check_write(server, err);
}

static int check_mcp(const struct action_call *call, struct err *err)
{
	struct server server = { .has_begun = false };

	return read_options(call, &server, err);
}

static int send(struct server *server, struct buf *answer, struct err *err)
{
	const struct host *host = server->call->host;
	int rc = 0;

	if (answer->len)
		rc = host_json(host, buf_span(answer), err);
	return rc < 0 ? rc : host_flush(host, err);
}

/* Until nothing comes any more. Whoever has gone needs no answer. */
static int serve(struct server *server, struct err *err)
{
	struct stream stream = STREAM_INIT(server->call->settings.input);
	struct buf answer = BUF_INIT(BUF_NO_LIMIT);
	enum stream_found found = STREAM_LINE;
	struct err gone = ERR_INIT;
	struct span line;
	int rc = 0;

	while (rc == 0 && !gone.code && stream.fd >= 0) {
		rc = stream_next(&stream, &line, &found, err);
		if (rc < 0 || found == STREAM_END)
			break;
		buf_reset(&answer);
		rc = found == STREAM_TOO_LONG ?
		     server_refuse_long(&answer, err) :
		     server_answer(server, line, &answer, err);
		if (rc == 0)
			(void)!send(server, &answer, &gone);
	}
	stream_release(&stream);
	buf_release(&answer);
	return rc;
}

static int run_mcp(struct action_call *call, struct err *err)
{
	struct server server = { .call = call };
	int rc = read_options(call, &server, err);

	if (rc == 0 && !call->vault_path)
		rc = err_set(err, ERR_NOT_FOUND, "no vault here: name it with "
			     "-C or VVAULT_DIR");
	return rc < 0 ? rc : serve(&server, err);
}

static const struct action_param params[] = {
	{ "construct", ACTION_TEXT, 0, "<construct,...>",
	  "nothing but these is there" },
	{ "kinds", ACTION_TEXT, 0, "<kind,...>",
	  "nothing but message, memory or session is there" },
	{ "as-of", ACTION_TEXT, 0, "<date>",
	  "nothing is there that came later" },
	{ "write", ACTION_TEXT, 0, "<construct,...>",
	  "memories may be written to these; else nothing is" },
	ACTION_PARAMS_END
};

const struct action action_mcp = {
	"mcp", "serve agents: recall, read and remember by MCP", params,
	ACTION_OPENS | ACTION_SHOWS, check_mcp, run_mcp
};
