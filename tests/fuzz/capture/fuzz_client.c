/*
 * Settings of programs that start MCP servers: ours goes into whatever is taken
 * for settings, comes out of it again, and is put in but once.
 */
#include <assert.h>
#include <stdint.h>

#include "cmd/client/client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_client(const char *name, struct span text)
{
	static const char *const words[] = { "-C", "/srv/v", "mcp", NULL };
	const struct client_entry entry = {
		.client = client_find(name), .name = "vvault",
		.program = "/usr/bin/vvault", .vault = "/srv/v",
		.words = words, .keys = "/srv/keys",
	};
	struct buf with = BUF_INIT(BUF_NO_LIMIT);
	struct buf again = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct buf empty = BUF_INIT(BUF_NO_LIMIT);
	int rc = client_add(&entry, text, &with, NULL);

	if (rc == 0) {
		rc = client_add(&entry, buf_span(&with), &again, NULL);
		assert(rc == 0);
		assert(span_equals(buf_span(&with), buf_span(&again)));
		rc = client_remove(&entry, buf_span(&with), &out, NULL);
		assert(rc == 0);
		assert(!span_equals(buf_span(&with), buf_span(&out)));
		rc = client_remove(&entry, buf_span(&out), &empty, NULL);
		assert(rc == 0);
		assert(span_equals(buf_span(&out), buf_span(&empty)));
	}
	buf_release(&with);
	buf_release(&again);
	buf_release(&out);
	buf_release(&empty);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct span text = span_of(data, len);

	check_client("claude-code", text);
	check_client("vscode-chat", text);
	check_client("opencode", text);
	check_client("codex", text);
	check_client("vibe", text);
	return 0;
}
