/*
 * What lies beside a session of Claude Code: results of tools, metas and
 * journals of agents. The first byte says what the rest is.
 */
#include <stdint.h>

#include "cmd/import/beside/awaited.h"
#include "cmd/import/beside/awaited_text.h"
#include "cmd/import/claude_code/files.h"
#include "tests/importer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char state[] =
	"{\"content\":\"a\\n\\n/tool-results/t.txt\\n\\nb\",\"parts\":["
	"{\"end\":1,\"start\":0,\"type\":\"text\"},"
	"{\"end\":22,\"start\":3,\"tool_use_id\":\"t\","
	"\"type\":\"tool_result\"},"
	"{\"content\":[{\"end\":25,\"start\":24,\"type\":\"text\"}],"
	"\"type\":\"tool_result\"}]}";

/* A source that lies there and is a part, with these bytes. */
static void begin(struct importer_run *run, const char *as,
		  const void *data, size_t len)
{
	struct err err = ERR_INIT;
	int rc;

	(void)importer_run(run, &claude_code_importer, span_of("", 0), false);
	run->source.input.head_used = 0;
	rc = buf_add(&run->source.input.head, data, len, &err);
	assert(rc == 0);
	rc = beside_say(&run->source.beside, CC_BESIDE_SESSION,
			span_str("s"), &err);
	assert(rc == 0);
	rc = beside_say(&run->source.beside, as, span_str("t.txt"), &err);
	assert(rc == 0);
}

/* The text in the place of what names it: said once more it is the same. */
static void exchange(const void *data, size_t len, struct span before)
{
	struct importer_run run;
	const struct awaited_file file = {
		"claude-code", { "s", 1 }, { "t.txt", 5 }, CC_RESULTS,
		{ data, len }, "application/octet-stream"
	};
	const struct awaited_text text = { &run.job, &run.source, &file };
	struct buf once = BUF_INIT(BUF_NO_LIMIT);
	struct buf twice = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	bool is_there;

	begin(&run, CC_BESIDE_RESULT, data, len);
	if (awaited_text(&text, before, &once, &is_there, &err) == 0 &&
	    once.len) {
		assert(jcs_check(buf_span(&once), NULL) == 0);
		assert(awaited_text(&text, buf_span(&once), &twice, &is_there,
				    &err) == 0);
		assert(is_there && (!twice.len ||
				    span_equals(buf_span(&once),
						buf_span(&twice))));
	}
	buf_release(&once);
	buf_release(&twice);
	importer_run_release(&run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const kinds[] = {
		CC_BESIDE_RESULT, CC_BESIDE_AGENT, CC_BESIDE_RUN
	};
	struct importer_run run;
	struct err err = ERR_INIT;
	int rc;

	if (!len)
		return 0;
	if (*data % 5 < 3) {
		begin(&run, kinds[*data % 5], data + 1, len - 1);
		rc = cc_read_part(&run.job, &run.source, &err);
		assert(rc != ERR_CORRUPT && rc != ERR_NO_KEY);
		importer_run_release(&run);
	} else if (*data % 5 == 3) {
		exchange(data + 1, len - 1, span_str(state));
	} else if (jcs_check(span_of(data + 1, len - 1), NULL) == 0) {
		exchange("whole", 5, span_of(data + 1, len - 1));
	}
	return 0;
}
