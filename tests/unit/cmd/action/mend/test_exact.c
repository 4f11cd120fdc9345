#include "cmd/action/mend/exact.h"
#include "tests/tap.h"

static void gives(const char *value, const char *other, const char *want)
{
	struct buf out = BUF_INIT(4096);
	struct err err = ERR_INIT;

	if (exact_value(span_str(value), span_str(other), &out, &err) < 0)
		bail_out("exact_value: %s", err.text);
	is_str(buf_text(&out), want, other);
	buf_release(&out);
}

int main(void)
{
	struct buf small = BUF_INIT(4);
	struct err err = ERR_INIT;

	gives("1", "{\"a\":1}", "1");
	gives("{\"a\":1}", "2", "{\"a\":1}");
	gives("{\"a\":1}", "{\"a\":2}", "{\"a\":1}");
	gives("{\"b\":1}", "{\"a\":2,\"c\":{\"d\":3}}",
	      "{\"a\":null,\"b\":1,\"c\":null}");
	gives("{\"a\":{\"b\":1}}", "{\"a\":{\"c\":[2],\"d\":{}}}",
	      "{\"a\":{\"b\":1,\"c\":null,\"d\":null}}");
	gives("{\"a\":{\"b\":1}}", "{\"a\":5}", "{\"a\":{\"b\":1}}");
	gives("{}", "{\"\\n\\\"\":1}", "{\"\\n\\\"\":null}");
	gives("{\"a\":null}", "{\"a\":{\"b\":1}}", "{\"a\":null}");
	gives("null", "null", "null");
	is_int(exact_value(span_str("{\"a\":1}"), span_str("{}"), &small,
			   &err), ERR_LIMIT, "no room");
	is_int((long long)small.len, 0, "and nothing of it");
	buf_release(&small);
	return done_testing();
}
