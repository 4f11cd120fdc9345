#include "cmd/action/result.h"
#include "cmd/export/edits.h"
#include "cmd/export/kept.h"
#include "cmd/import/letta/agent.h"
#include "lib/json/jcs_scan.h"

/* A file on its way out. */
struct file {
	const struct export *export;
	struct edits edits;
	size_t deleted;			/* blocks that it still holds */
	struct buf memory;		/* state of the block that is looked at */
	bool is_edited;			/* that one */
};

/* All members of the file's object that the vault has under these names. */
static int compare_members(struct edits *edits, const struct jval *object,
			   struct span state, const char *const *names,
			   struct err *err)
{
	const struct jval *value;
	struct span now;
	int rc = 0;

	for (; rc == 0 && *names; names += 2) {
		value = jval_get(object, names[0]);
		if (value && jcs_find(state, names[1], &now))
			rc = edits_compare(edits, value, now, err);
	}
	return rc;
}

static int take_memory(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct file *file = arg;

	file->is_edited = export_is_edited(entity, NULL);
	return entity->state.at ? buf_add_span(&file->memory, entity->state,
					       err) : 0;
}

static int compare_block(void *arg, const struct jval *block,
			 struct span label, struct span entity,
			 struct err *err)
{
	static const char *const names[] = {
		"value", "content", "label", "label", "limit", "limit",
		"description", "description", "read_only", "read_only", NULL
	};
	struct file *file = arg;
	const struct view_visitor visitor = { take_memory, file };
	int rc;

	(void)label;
	if (!block)
		return 0;
	buf_reset(&file->memory);
	file->is_edited = false;
	rc = view_one(file->edits.view, entity, &visitor, err);
	if (rc == 0 && !file->memory.len)
		file->deleted++;
	else if (rc == 0 && file->is_edited)
		rc = compare_members(&file->edits, block,
				     buf_span(&file->memory), names, err);
	return rc;
}

/* The agent of the file that this construct is. */
static const struct jval *find_agent(const struct letta *letta,
				     struct span key, struct err *err)
{
	struct table names = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	const struct jval *agent = letta_first_agent(letta);
	struct buf own = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	for (; agent; agent = agent->next) {
		rc = letta_agent_key(&names, agent, &own, err);
		if (rc < 0 || span_equals(buf_span(&own), key))
			break;
	}
	buf_release(&own);
	table_release(&names);
	return rc < 0 ? NULL : agent;
}

static int find_edits(struct file *file, const struct letta *letta,
		      struct span state, bool is_edited, struct err *err)
{
	static const char *const names[] = {
		"name", "name", "system", "system",
		"description", "description", "agent_type", "agent_type",
		"tags", "tags", "tool_rules", "tool_rules", NULL
	};
	const struct letta_block_visitor visitor = { compare_block, file };
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	struct span af = { NULL, 0 };
	struct span name = { NULL, 0 };
	struct span persona = { NULL, 0 };
	const struct jval *agent = NULL;
	int rc = 0;

	jcs_find(state, "persona", &persona);
	if (jcs_find(state, "af", &af) && jcs_find(af, "agent", &name) &&
	    jcs_type_of(name) == JCS_STRING)
		rc = jcs_string_decode(name, &key, err);
	if (rc == 0)
		agent = find_agent(letta, buf_span(&key), err);
	if (agent && is_edited)
		rc = compare_members(&file->edits, agent, persona, names,
				     err);
	if (agent && rc == 0)
		rc = letta_each_block(letta, agent, buf_span(&key), &visitor,
				      err);
	buf_release(&key);
	return rc;
}

static int write_file(struct file *file, struct span bytes,
		      struct span state, bool is_edited, struct err *err)
{
	const struct host *host = file->export->host;
	struct letta letta = LETTA_INIT;
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = letta_parse(bytes, &letta, err);
	if (rc == 0)
		rc = find_edits(file, &letta, state, is_edited, err);
	if (rc < 0)
		goto out;
	if (file->deleted)
		host_note(host, "%zu block%s deleted here still stand%s in "
			  "the file", file->deleted,
			  file->deleted == 1 ? "" : "s",
			  file->deleted == 1 ? "s" : "");
	if (!file->edits.n) {
		rc = host_bytes(host, bytes, err);
		goto out;
	}
	host_note(host, "this agent was edited here: the file says so");
	edits_apply(&file->edits, letta.text.data ? buf_span(&letta.text) :
		    bytes, &out);
	rc = export_bytes(file->export, &out, err);
out:
	letta_release(&letta);
	buf_release(&out);
	return rc;
}

int export_af(const struct export *export, struct err *err)
{
	struct view *view = export->view;
	struct file file = {
		.export = export, .edits = EDITS_INIT(view),
		.memory = BUF_INIT(BUF_NO_LIMIT),
	};
	struct buf state = BUF_INIT(BUF_NO_LIMIT);
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct span af = { NULL, 0 };
	struct span source = { NULL, 0 };
	bool is_edited;
	int rc;

	rc = export_construct(view, &state, &is_edited, err);
	if (rc == 0 && (!jcs_find(buf_span(&state), "af", &af) ||
			!jcs_find(af, "source", &source)))
		rc = err_set(err, ERR_NOT_FOUND, "'%s' came from no agent "
			     "file", view_title(view));
	if (rc == 0)
		rc = export_blob(view, source, &bytes, err);
	if (rc == 0)
		rc = write_file(&file, buf_span(&bytes), buf_span(&state),
				is_edited, err);
	edits_release(&file.edits);
	buf_release(&file.memory);
	buf_release(&state);
	buf_release(&bytes);
	return rc;
}
