#include "cmd/import/letta/doc.h"

#include <stdlib.h>

#include "lib/base/array.h"

/* What says which secret it is, in a list of them; the rest is its value. */
static const char *const telling[] = {
	"key", "name", "id", "agent_id", "organization_id", "description",
	"created_at", "updated_at", NULL
};

/* Members of servers and models that hold a secret or are full of them. */
static const char *const secret_members[] = {
	"token", "auth_token", "access_token", "refresh_token", "api_key",
	"password", "client_secret", "authorization", "custom_headers",
	"headers", "env", NULL
};

static bool is_one_of(struct span name, const char *const *list)
{
	for (; *list; list++) {
		if (span_equals(name, span_str(*list)))
			return true;
	}
	return false;
}

static int add_secret(struct letta_secrets *secrets, const struct jval *value,
		      struct err *err)
{
	int rc;

	if (jval_is(value, JVAL_STRING) ? !jval_text(value).len :
	    !jval_is(value, JVAL_NUMBER))
		return 0;
	rc = array_room(secrets, err);
	if (rc == 0)
		secrets->at[secrets->n++] = value->raw;
	return rc;
}

/* A walk down without recursion: where each container goes on. */
struct secret_walk {
	const struct jval *next[JDOC_DEPTH_DEFAULT + 1];
	size_t depth;
};

static const struct jval *walk_begin(struct secret_walk *walk,
				     const struct jval *value)
{
	walk->depth = 0;
	walk->next[0] = NULL;
	return value;
}

/* The value behind this one, children first unless they are passed over. */
static const struct jval *walk_next(struct secret_walk *walk,
				    const struct jval *value, bool goes_down)
{
	const struct jval *child = goes_down ? jval_first(value) : NULL;

	if (child && walk->depth < JDOC_DEPTH_DEFAULT) {
		walk->next[++walk->depth] = child->next;
		return child;
	}
	while (walk->depth) {
		child = walk->next[walk->depth];
		if (child) {
			walk->next[walk->depth] = child->next;
			return child;
		}
		walk->depth--;
	}
	return NULL;
}

/* All values below: names of secrets to values, or a list of objects. */
static int add_all(struct letta_secrets *secrets, const struct jval *value,
		   struct err *err)
{
	bool is_list = jval_is(value, JVAL_ARRAY);
	struct secret_walk walk;
	const struct jval *at = walk_begin(&walk, value);
	int rc = 0;

	while (rc >= 0 && at) {
		if (!is_list || walk.depth != 2 || !is_one_of(at->key, telling))
			rc = add_secret(secrets, at, err);
		at = walk_next(&walk, at, true);
	}
	return rc;
}

/* Where some members alone are secret: of a server, of a model. */
static int add_some(struct letta_secrets *secrets, const struct jval *value,
		    struct err *err)
{
	struct secret_walk walk;
	const struct jval *at = walk_begin(&walk, value);
	bool is_secret;
	int rc = 0;

	while (rc >= 0 && at) {
		is_secret = at->key.at && at != value &&
			is_one_of(at->key, secret_members);
		if (is_secret)
			rc = add_all(secrets, at, err);
		at = walk_next(&walk, at, !is_secret);
	}
	return rc;
}

static int add_agent(struct letta_secrets *secrets, const struct jval *agent,
		     struct err *err)
{
	int rc;

	rc = add_all(secrets, jval_get(agent, "secrets"), err);
	if (rc >= 0)
		rc = add_all(secrets, jval_get(agent,
			"tool_exec_environment_variables"), err);
	if (rc >= 0)
		rc = add_some(secrets, jval_get(agent, "llm_config"), err);
	if (rc >= 0)
		rc = add_some(secrets, jval_get(agent, "embedding_config"),
			      err);
	return rc;
}

static int by_place(const void *a, const void *b)
{
	const struct span *left = a;
	const struct span *right = b;

	return (left->at > right->at) - (left->at < right->at);
}

int letta_find_secrets(const struct jval *root, struct letta_secrets *out,
		       struct err *err)
{
	const struct jval *agent = jval_first(jval_get(root, "agents"));
	int rc;

	rc = add_agent(out, root, err);
	for (; rc >= 0 && agent; agent = agent->next)
		rc = add_agent(out, agent, err);
	if (rc >= 0)
		rc = add_some(out, jval_get(root, "mcp_servers"), err);
	if (rc >= 0 && out->n > 1)
		qsort(out->at, out->n, sizeof(*out->at), by_place);
	return rc;
}
