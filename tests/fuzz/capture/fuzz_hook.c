/*
 * Settings of agents: our hook goes into whatever is taken for settings, comes
 * out of it again, and is put in but once.
 */
#include <assert.h>
#include <stdint.h>

#include "cmd/capture/hook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_agent(const char *name, bool is_bare, struct span text)
{
	const struct hook_call call = {
		agent_find(name), "/usr/bin/vvault", "/srv/a vault", is_bare
	};
	struct buf with = BUF_INIT(BUF_NO_LIMIT);
	struct buf again = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct buf empty = BUF_INIT(BUF_NO_LIMIT);
	int rc = hook_add(&call, text, &with, NULL);

	if (rc == 0) {
		rc = hook_add(&call, buf_span(&with), &again, NULL);
		assert(rc == 0);
		assert(span_equals(buf_span(&with), buf_span(&again)));
		rc = hook_remove(&call, buf_span(&with), &out, NULL);
		assert(rc == 0);
		rc = hook_remove(&call, buf_span(&out), &empty, NULL);
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

	if (len > HOOK_FILE_MAX)
		return 0;
	check_agent("claude-code", false, text);
	check_agent("copilot-cli", false, text);
	check_agent("codex", false, text);
	check_agent("cursor", false, text);
	check_agent("droid", false, text);
	check_agent("droid", true, text);
	check_agent("kimi", false, text);
	check_agent("cline", false, text);
	check_agent("opencode", false, text);
	return 0;
}
