#include "cmd/client/client.h"

#include <string.h>

#include "cmd/client/client_internal.h"
#include "lib/base/nearest.h"
#include "lib/json/jcs_write.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

const struct client *client_find(const char *name)
{
	const struct client *client;

	for (client = client_table; client->name; client++) {
		if (!strcmp(client->name, name))
			return client;
	}
	return NULL;
}

int client_refuse(const char *name, struct err *err)
{
	struct nearest nearest = NEAREST_INIT(name);
	const struct agent *agent = agent_find(name);
	const struct client *client;

	if (agent)
		return err_set(err, ERR_UNSUPPORTED, "how %s takes MCP "
			       "servers is not known here", agent->title);
	for (client = client_table; client->name; client++)
		nearest_try(&nearest, span_str(client->name));
	return nearest.found.at ?
	       err_set(err, ERR_INVALID, "unknown agent '%s'; is '%s' meant?",
		       name, nearest.found.at) :
	       err_set(err, ERR_INVALID, "unknown agent '%s'; 'vvault help "
		       "mcp' names those that are known", name);
}

/* --- where ------------------------------------------------------------------ */

/* Its other name, where only that is there. */
static int choose_name(const struct client *client, struct buf *path,
		       struct err *err)
{
	struct buf other = PATH_BUF_INIT;
	int rc = 0;

	if (client->other && !file_exists(buf_text(path))) {
		rc = path_parent(&other, buf_text(path), err);
		if (rc == 0)
			rc = path_add(&other, client->other, err);
		if (rc == 0 && file_exists(buf_text(&other))) {
			buf_reset(path);
			rc = buf_add_span(path, buf_span(&other), err);
		}
	}
	buf_release(&other);
	return rc;
}

/* The settings; their folder, unless it is the home itself; or its sign. */
static int is_here(const struct client *client, const char *home,
		   const char *path, bool *out, struct err *err)
{
	struct buf near = PATH_BUF_INIT;
	int rc = path_parent(&near, path, err);

	*out = rc == 0 && (file_exists(path) ||
			   (strcmp(buf_text(&near), home) != 0 &&
			    file_is_dir(buf_text(&near))));
	buf_reset(&near);
	if (rc == 0 && !*out && client->sign) {
		rc = path_join(&near, home, client->sign, err);
		*out = rc == 0 && file_is_dir(buf_text(&near));
	}
	buf_release(&near);
	return rc;
}

int client_path(const struct client *client, const struct agent_place *place,
		const struct agent_home *home, struct buf *out,
		bool *out_is_here, struct err *err)
{
	const char *base = home->variable("HOME");
	const char *named = place->variable ? home->variable(place->variable) :
			    NULL;
	int rc;

	if (!base || !*base)
		return err_set(err, ERR_NOT_FOUND, "there is no home: set "
			       "HOME");
	if (!named || !*named)
		rc = path_join(out, base, place->home, err);
	else if (*place->inner)
		rc = path_join(out, named, place->inner, err);
	else
		rc = buf_add_str(out, named, err);
	if (rc == 0)
		rc = choose_name(client, out, err);
	return rc < 0 ? rc : is_here(client, base, buf_text(out), out_is_here,
				     err);
}

/* --- what ------------------------------------------------------------------- */

static bool is_client_word(const struct jval *value, const char *word)
{
	return jval_is(value, JVAL_STRING) &&
	       span_equals(jval_text(value), span_str(word));
}

/* "-C", the vault, "mcp"; what follows is how it serves. */
bool client_serves(const struct jval *words, size_t from)
{
	return is_client_word(jval_item(words, from), "-C") &&
	       is_client_word(jval_item(words, from + 2), "mcp");
}

bool client_is_ours(const struct client_entry *entry,
		    const struct jval *words, size_t from)
{
	return client_serves(words, from) &&
	       is_client_word(jval_item(words, from + 1), entry->vault);
}

void client_put_words(const struct client_entry *entry, const char *program,
		      struct buf *out)
{
	const char *const *word = entry->words;

	buf_put_char(out, '[');
	if (program)
		jcs_put_string(out, span_str(program));
	for (; *word; word++) {
		buf_put_str(out, program || word > entry->words ? ", " : "");
		jcs_put_string(out, span_str(*word));
	}
	buf_put_char(out, ']');
}

int client_refuse_taken(const struct client_entry *entry, struct err *err)
{
	return err_set(err, ERR_EXISTS, "another server is called '%s' there: "
		       "--name gives this one another name", entry->name);
}

static bool is_toml(const struct client_entry *entry)
{
	return entry->client->shape == CLIENT_TABLE ||
	       entry->client->shape == CLIENT_LIST;
}

int client_add(const struct client_entry *entry, struct span text,
	       struct buf *out, struct err *err)
{
	return is_toml(entry) ? client_toml_add(entry, text, out, err) :
	       client_json_add(entry, text, out, err);
}

int client_remove(const struct client_entry *entry, struct span text,
		  struct buf *out, struct err *err)
{
	return is_toml(entry) ? client_toml_remove(entry, text, out, err) :
	       client_json_remove(entry, text, out, err);
}

bool client_is_any(const struct client_entry *entry, struct span text)
{
	return is_toml(entry) ? client_toml_is_any(entry, text) :
	       client_json_is_any(entry, text);
}
