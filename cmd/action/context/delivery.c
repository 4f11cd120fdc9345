#include "cmd/action/context/delivery.h"

#include <string.h>

#include "cmd/action/result.h"
#include "cmd/capture/agent.h"
#include "lib/base/nearest.h"
#include "lib/os/file.h"

#define BRIEF_FILE_MAX ((size_t)64 << 20)

/* Whoever may read it beside the agents that are known (cmd/capture), and who
 * reads something else best than Markdown. */
static const struct {
	const char *name;
	enum brief_style style;
} readers[] = {
	{ "claude", BRIEF_TAGS }, { "claude-code", BRIEF_TAGS },
	{ "chatgpt", BRIEF_MARKDOWN }, { "gemini", BRIEF_MARKDOWN },
	{ "cursor", BRIEF_RULE }, { "copilot", BRIEF_MARKDOWN },
	{ "grok", BRIEF_MARKDOWN }, { "deepseek", BRIEF_MARKDOWN },
	{ "mistral", BRIEF_MARKDOWN }, { "ollama", BRIEF_MARKDOWN },
	{ "person", BRIEF_MARKDOWN },
};

#define READERS (sizeof(readers) / sizeof(readers[0]))

static const char *reader_of(const struct action_call *call)
{
	const char *name = action_text(call, "for");

	return name ? name : action_text(call, "to");
}

static int refuse_reader(const char *name, struct err *err)
{
	struct nearest nearest = NEAREST_INIT(name);
	struct buf names = BUF_INIT(BUF_NO_LIMIT);
	const struct agent *agent;
	size_t i;
	int rc;

	for (i = 0; i < READERS; i++) {
		nearest_try(&nearest, span_str(readers[i].name));
		buf_putf(&names, "%s%s", i ? ", " : "", readers[i].name);
	}
	for (agent = agent_table; agent->name; agent++)
		nearest_try(&nearest, span_str(agent->name));
	if (nearest.found.at)
		rc = err_set(err, ERR_INVALID, "unknown reader '%s'; is '%s' "
			     "meant?", name, nearest.found.at);
	else
		rc = err_set(err, ERR_INVALID, "unknown reader '%s': %s, or an "
			     "agent of 'vvault agents --all'", name,
			     buf_text(&names));
	buf_release(&names);
	return rc;
}

int delivery_check(const struct action_call *call, uint64_t otherwise,
		   struct err *err)
{
	uint64_t budget = action_count(call, "budget", otherwise);
	const char *name = reader_of(call);
	size_t i = 0;

	while (name && i < READERS && strcmp(readers[i].name, name))
		i++;
	if (i == READERS && !agent_find(name))
		return refuse_reader(name, err);
	if (budget < BRIEF_BUDGET_LEAST || budget > BRIEF_BUDGET_MOST)
		return err_set(err, ERR_INVALID, "--budget: %d to %d tokens",
			       BRIEF_BUDGET_LEAST, BRIEF_BUDGET_MOST);
	if (action_text(call, "out") && action_flag(call, "clipboard"))
		return err_set(err, ERR_INVALID, "--out or --clipboard, not "
			       "both");
	return 0;
}

void delivery_begin(const struct action_call *call, uint64_t otherwise,
		    struct brief *brief)
{
	const char *name = reader_of(call);
	size_t i;

	brief->budget = (size_t)action_count(call, "budget", otherwise);
	for (i = 0; name && i < READERS; i++) {
		if (!strcmp(readers[i].name, name))
			brief->style = readers[i].style;
	}
}

/* Does such a page stand there, or nothing? */
static bool is_ours(struct span bytes)
{
	static const char *const begins[] = {
		"# " CONTEXT_BEGINS, "# " HANDOFF_BEGINS, "<vault-context>\n",
		"---\ndescription: \"" CONTEXT_BEGINS,
		"---\ndescription: \"" HANDOFF_BEGINS,
	};
	size_t i;

	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (span_begins(bytes, begins[i]))
			return true;
	}
	return !bytes.len;
}

static int write_out(const char *path, struct span text, struct err *err)
{
	struct buf before = BUF_INIT(BRIEF_FILE_MAX);
	int rc = 0;

	if (file_exists(path))
		rc = file_read_plain(path, BRIEF_FILE_MAX, &before, err);
	if (rc == 0 && !is_ours(buf_span(&before)))
		rc = err_set(err, ERR_EXISTS, "'%s' holds something else: name "
			     "another file, or remove it", path);
	if (rc == 0)
		rc = file_write_atomic(path, text, 0600, err);
	buf_release(&before);
	return rc;
}

static int copy(const struct host *host, struct span text,
		struct jcs_fields *fields, struct err *err)
{
	struct buf how = BUF_INIT(BUF_NO_LIMIT);
	int rc = host_copy(host, text, &how, err);

	fields_text(fields, "copied", buf_span(&how));
	buf_release(&how);
	return rc;
}

int delivery_tell(struct action_call *call, struct brief *brief,
		  struct jcs_fields *fields, struct err *err)
{
	const char *path = action_text(call, "out");
	const char *name = reader_of(call);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc = brief_write(brief, &text, err);

	if (rc == 0)
		rc = brief_put(brief, buf_span(&text), fields, err);
	if (rc == 0 && path)
		rc = write_out(path, buf_span(&text), err);
	if (rc == 0 && action_flag(call, "clipboard"))
		rc = copy(call->host, buf_span(&text), fields, err);
	else
		fields_null(fields, "copied");
	result_outside(fields, "out", path);
	if (name)
		fields_str(fields, "for", name);
	else
		fields_null(fields, "for");
	buf_release(&text);
	return rc < 0 ? rc : host_object(call->host, fields, err);
}
