#include "cmd/client/client_internal.h"

#include "lib/json/jcs_write.h"
#include "lib/settings/jtext.h"

#define NESTED "servers"

static bool has_words(const struct client_entry *entry)
{
	return entry->client->shape == CLIENT_WORDS;
}

/* A later form of some settings has the servers one level below, where a
 * server of that name would say its type. */
static bool is_nested(const struct client_entry *entry,
		      const struct jval *servers)
{
	const struct jval *nested = jval_get(servers, NESTED);

	return has_words(entry) && jval_is(nested, JVAL_OBJECT) &&
	       !jval_is(jval_get(nested, "type"), JVAL_STRING);
}

/* From the whole down to our server, or to what has its name. */
struct found {
	const struct jval *at[4];
	size_t n;		/* of those that are there */
	size_t depth;		/* of the server */
};

static struct found find_json(const struct client_entry *entry,
			 const struct jval *root)
{
	const struct jval *servers = jval_get(root, entry->client->servers);
	struct found found = { { root, servers }, servers ? 2 : 1, 2 };
	const struct jval *server;

	if (is_nested(entry, servers)) {
		servers = jval_get(servers, NESTED);
		found.at[found.n++] = servers;
		found.depth++;
	}
	server = jval_get(servers, entry->name);
	if (server)
		found.at[found.n++] = server;
	return found;
}

static const struct jval *server_of(const struct found *found)
{
	return found->n > found->depth ? found->at[found->depth] : NULL;
}

static const struct jval *words_of(const struct client_entry *entry,
				   const struct jval *server)
{
	return jval_get(server, has_words(entry) ? "command" : "args");
}

static bool is_ours(const struct client_entry *entry,
		    const struct jval *server)
{
	return client_is_ours(entry, words_of(entry, server),
			      has_words(entry));
}

static int read_text(const struct client_entry *entry, struct span text,
		     struct jtext *out, struct err *err)
{
	return jtext_read(out, text, entry->client->is_loose, err);
}

/* --- putting in ------------------------------------------------------------- */

static void put_command(const struct client_entry *entry, struct buf *out)
{
	if (has_words(entry)) {
		client_put_words(entry, entry->program, out);
		return;
	}
	jcs_put_string(out, span_str(entry->program));
	buf_put_str(out, ",\"args\":");
	client_put_words(entry, NULL, out);
}

static void put_server(const struct client_entry *entry, struct buf *out)
{
	const struct client *client = entry->client;

	buf_put_char(out, '{');
	buf_put_str(out, client->before ? client->before : "");
	buf_put_str(out, "\"command\":");
	put_command(entry, out);
	if (entry->keys) {
		buf_putf(out, ",\"%s\":{\"VVAULT_KEYS\":", has_words(entry) ?
			 "environment" : "env");
		jcs_put_string(out, span_str(entry->keys));
		buf_put_char(out, '}');
	}
	buf_put_str(out, client->after ? client->after : "");
	buf_put_char(out, '}');
}

static int put_new(const struct client_entry *entry,
		   const struct jtext *json, const struct found *found,
		   struct buf *out, struct err *err)
{
	const char *const names[] = { entry->client->servers, NESTED };
	const struct jtext_place place = { names, found->depth - 1,
					   entry->name };
	struct buf server = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	put_server(entry, &server);
	rc = buf_end(&server, err);
	if (rc == 0)
		rc = jtext_add(json, &place, buf_span(&server), out, err);
	buf_release(&server);
	return rc;
}

/* A member of our server becomes what it is to be: nothing else of it, which a
 * person may have added to. */
static int set_member(const struct client_entry *entry, const char *name,
		      struct span value, struct buf *text, struct err *err)
{
	struct jtext json = JTEXT_INIT;
	struct buf changed = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *server;
	struct found found;
	int rc = read_text(entry, buf_span(text), &json, err);

	if (rc < 0)
		goto out;
	found = find_json(entry, jtext_root(&json));
	server = server_of(&found);
	if (jval_get(server, name))
		jtext_swap(&json, jval_get(server, name), value, &changed);
	else
		jtext_put(&json, server, name, value, &changed);
	rc = buf_end(&changed, err);
	if (rc == 0) {
		buf_reset(text);
		rc = buf_add_span(text, buf_span(&changed), err);
	}
out:
	buf_release(&changed);
	jtext_release(&json);
	return rc;
}

/* Does the list say these words, in whatever layout? */
static bool says(const struct client_entry *entry, const struct jval *list,
		 const char *program)
{
	const char *const *word = entry->words;
	const struct jval *at = jval_first(list);

	if (program) {
		if (!at || !span_equals(jval_text(at), span_str(program)))
			return false;
		at = at->next;
	}
	for (; *word && at; word++, at = at->next) {
		if (!span_equals(jval_text(at), span_str(*word)))
			return false;
	}
	return !*word && !at;
}

static int renew(const struct client_entry *entry, const struct jval *server,
		 struct buf *text, struct err *err)
{
	const char *program = has_words(entry) ? entry->program : NULL;
	const char *list = has_words(entry) ? "command" : "args";
	bool is_program = has_words(entry) ||
			  span_equals(jval_get_text(server, "command"),
				      span_str(entry->program));
	bool is_said = says(entry, jval_get(server, list), program);
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (!is_said) {
		client_put_words(entry, program, &value);
		rc = buf_end(&value, err);
		if (rc == 0)
			rc = set_member(entry, list, buf_span(&value), text,
					err);
	}
	if (rc == 0 && !is_program) {
		buf_reset(&value);
		jcs_put_string(&value, span_str(entry->program));
		rc = buf_end(&value, err);
		if (rc == 0)
			rc = set_member(entry, "command", buf_span(&value),
					text, err);
	}
	buf_release(&value);
	return rc;
}

int client_json_add(const struct client_entry *entry, struct span text,
		    struct buf *out, struct err *err)
{
	struct jtext json = JTEXT_INIT;
	struct buf begun = BUF_INIT(BUF_NO_LIMIT);
	struct found found;
	int rc;

	jtext_begin(text, "{\n}\n", &begun);
	rc = buf_end(&begun, err);
	if (rc == 0)
		rc = read_text(entry, buf_span(&begun), &json, err);
	if (rc < 0)
		goto out;
	found = find_json(entry, jtext_root(&json));
	if (!server_of(&found))
		rc = put_new(entry, &json, &found, out, err);
	else if (!is_ours(entry, server_of(&found)))
		rc = client_refuse_taken(entry, err);
	else
		rc = buf_add_span(out, text, err);
	if (rc == 0 && server_of(&found))
		rc = renew(entry, server_of(&found), out, err);
out:
	jtext_release(&json);
	buf_release(&begun);
	return rc;
}

/* --- taking out ------------------------------------------------------------- */

/* With what holds nothing else. */
int client_json_remove(const struct client_entry *entry, struct span text,
		       struct buf *out, struct err *err)
{
	struct jtext json = JTEXT_INIT;
	struct found found = { .n = 0 };
	size_t n;
	int rc = 0;

	if (!jtext_is_blank(text)) {
		rc = read_text(entry, text, &json, err);
		if (rc == 0)
			found = find_json(entry, jtext_root(&json));
	}
	if (rc < 0)
		goto out;
	if (!server_of(&found) || !is_ours(entry, server_of(&found))) {
		rc = buf_add_span(out, text, err);
		goto out;
	}
	n = found.depth;
	while (n > 1 && jval_count(found.at[n - 1]) == 1)
		n--;
	jtext_cut(&json, found.at[n - 1], found.at[n], out);
	rc = buf_end(out, err);
out:
	jtext_release(&json);
	return rc;
}

bool client_json_is_any(const struct client_entry *entry, struct span text)
{
	struct jtext json = JTEXT_INIT;
	const struct jval *server = NULL;
	struct found found;
	bool is_any;

	if (read_text(entry, text, &json, NULL) == 0) {
		found = find_json(entry, jtext_root(&json));
		server = jval_first(found.n < found.depth ? NULL :
				    found.at[found.depth - 1]);
	}
	while (server && !client_serves(words_of(entry, server),
					has_words(entry)))
		server = server->next;
	is_any = server != NULL;
	jtext_release(&json);
	return is_any;
}
