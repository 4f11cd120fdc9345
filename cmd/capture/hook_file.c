#include "cmd/capture/hook_internal.h"

#include "lib/settings/toml_text.h"
#include "lib/json/jcs_write.h"

/*
 * Files that are ours alone: what stands before the program and behind it is
 * known, so that one of an older program is known too.
 */

#define SCRIPT_BEGIN \
	"#!/bin/sh\n" \
	"# vvault brings in what this agent has written.\n"
/* The agent waits for a word. */
#define SCRIPT_END "\necho '{\"cancel\":false}'\n"

#define PLUGIN_BEGIN \
	"// vvault brings in what this agent has written.\n" \
	"import { spawn } from \"node:child_process\";\n\n" \
	"export const Vvault = async () => ({\n" \
	"  event: async ({ event }) => {\n" \
	"    if (event.type !== \"session.idle\") return;\n" \
	"    spawn("
#define PLUGIN_END \
	",\n      { detached: true, stdio: \"ignore\" })\n" \
	"      .on(\"error\", () => {}).unref();\n" \
	"  },\n" \
	"});\n"

static bool is_script(const struct hook_call *call)
{
	return call->agent->hook->shape == HOOK_IS_SCRIPT;
}

static void put_begin(const struct hook_call *call, struct buf *out)
{
	buf_put_str(out, is_script(call) ? SCRIPT_BEGIN : PLUGIN_BEGIN);
}

static void put_end(const struct hook_call *call, struct buf *out)
{
	if (is_script(call)) {
		hook_put_end(call, out);
		buf_put_str(out, SCRIPT_END);
		return;
	}
	buf_put_str(out, ", [\"-C\", ");
	jcs_put_string(out, span_str(call->vault));
	buf_putf(out, ", \"capture\", \"--hook\", \"%s\"]" PLUGIN_END,
		 call->agent->name);
}

static bool is_program(const struct hook_call *call, struct span word)
{
	return is_script(call) ? hook_is_word(word) :
	       word.len && toml_text_string(word) == word.len &&
	       !span_has(word, "\n");
}

static int is_ours(const struct hook_call *call, struct span text, bool *out,
		   struct err *err)
{
	struct buf begin = BUF_INIT(BUF_NO_LIMIT);
	struct buf end = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	put_begin(call, &begin);
	put_end(call, &end);
	rc = buf_end(&begin, err);
	if (rc == 0)
		rc = buf_end(&end, err);
	if (rc == 0)
		*out = text.len > begin.len + end.len &&
		       span_begins(text, buf_text(&begin)) &&
		       span_ends(text, buf_text(&end)) &&
		       is_program(call, span_of(text.at + begin.len,
						text.len - begin.len -
						end.len));
	buf_release(&begin);
	buf_release(&end);
	return rc;
}

static int refuse_taken(const struct hook_call *call, struct err *err)
{
	struct buf command = BUF_INIT(BUF_NO_LIMIT);
	int rc = hook_command(call, &command, err);

	if (rc == 0)
		rc = err_set(err, ERR_EXISTS, "somebody else's program lies "
			     "there: have that one call this too: %s",
			     buf_text(&command));
	buf_release(&command);
	return rc;
}

int hook_file_add(const struct hook_call *call, struct span text,
		  struct buf *out, struct err *err)
{
	bool is_there = false;
	int rc = is_ours(call, text, &is_there, err);

	if (rc == 0 && text.len && !is_there)
		rc = refuse_taken(call, err);
	if (rc < 0)
		return rc;
	put_begin(call, out);
	if (is_script(call))
		hook_put_word(call->program, out);
	else
		jcs_put_string(out, span_str(call->program));
	put_end(call, out);
	return buf_end(out, err);
}

int hook_file_remove(const struct hook_call *call, struct span text,
		     struct buf *out, struct err *err)
{
	bool is_there = false;
	int rc = is_ours(call, text, &is_there, err);

	if (rc == 0 && !is_there)
		rc = buf_add_span(out, text, err);
	return rc;
}
