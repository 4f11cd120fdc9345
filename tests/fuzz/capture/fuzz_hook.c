/*
 * Settings of agents: our hook goes into whatever is taken for settings, comes
 * out of it again, and is put in but once.
 */
#include <assert.h>
#include <stdint.h>

#include "cmd/capture/hook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_agent(const char *name, struct span text)
{
	const struct hook_call call = {
		agent_find(name), "/usr/bin/vvault", "/srv/a vault"
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
		(void)hook_is_empty(call.agent, buf_span(&out));
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
	check_agent("claude-code", text);
	check_agent("copilot-cli", text);
	check_agent("codex", text);
	return 0;
}
