/*
 * Messages of the Model Context Protocol, a line each: whatever comes, each
 * line is answered with one canonical object or not at all, and a server that
 * has no vault fails no further than the call.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "cmd/mcp/server.h"
#include "lib/json/jcs_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void answer(struct server *server, struct span line)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	struct span value;

	if (server_answer(server, line, &out, &err) < 0)
		abort();
	if (out.len) {
		if (jcs_check(buf_span(&out), NULL) < 0)
			abort();
		if (jcs_find(buf_span(&out), "result", &value) ==
		    jcs_find(buf_span(&out), "error", &value))
			abort();
	}
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct host host = { .arg = NULL };
	struct action_call call = { .host = &host, .vault_path = "/nowhere",
				    .keys_folder = "/nowhere" };
	struct server server = { .call = &call, .write = span_str("nova") };
	struct span rest = span_of(data, len);

	while (rest.len)
		answer(&server, span_take_line(&rest));
	return 0;
}
