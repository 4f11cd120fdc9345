#include "cmd/client/client_internal.h"

#include "lib/json/jcs_write.h"
#include "lib/settings/jtext.h"
#include "lib/settings/toml_text.h"

#define NAME_MAX_CHARS 80

/* Where ours stands, or what has its name or keeps it out. */
struct spot {
	struct toml_table table;
	bool is_there;
	bool is_ours;
	struct toml_table below;	/* a table of ours, behind it */
	bool has_below;
	struct toml_statement empty;	/* servers = [], which a list of tables
					   may not follow */
	bool has_list;			/* [[servers]] */
};

enum { AT_COMMAND, AT_ARGS, AT_NAME, AT_SERVERS };

static bool is_list(const struct client_entry *entry)
{
	return entry->client->shape == CLIENT_LIST;
}

/* Of this vault; is_any: of whichever. */
static bool words_are_ours(const struct client_entry *entry, struct span args,
			   bool is_any)
{
	struct jtext json = JTEXT_INIT;
	bool is_ours = args.at && jtext_read(&json, args, true, NULL) == 0 &&
		       (is_any ? client_serves(jtext_root(&json), 0) :
			client_is_ours(entry, jtext_root(&json), 0));

	jtext_release(&json);
	return is_ours;
}

static bool is_text(struct span value, const char *text)
{
	return value.len == strlen(text) + 2 &&
	       span_equals(span_of(value.at + 1, value.len - 2),
			   span_str(text));
}

/* Is it the table of our name? And what is below it. */
static void look_toml_at(const struct client_entry *entry, const char *full,
		    const struct toml_table *table, struct spot *spot)
{
	const char *servers = entry->client->servers;
	bool is_it = is_list(entry) ?
		     table->is_listed && toml_text_is_key(table->key, servers) &&
		     is_text(table->found[AT_NAME].value, entry->name) :
		     !table->is_listed && toml_text_is_key(table->key, full);

	if (is_it) {
		spot->table = *table;
		spot->is_there = true;
		spot->is_ours = words_are_ours(entry,
					       table->found[AT_ARGS].value,
					       false);
	} else if (spot->is_there && !spot->has_below &&
		   (is_list(entry) ? spot->table.end == table->begin &&
		    toml_text_is_below(table->key, servers) :
		    toml_text_is_below(table->key, full))) {
		spot->below = *table;
		spot->has_below = true;
	}
}

static int refuse_form(const struct client_entry *entry, size_t line,
		       struct err *err)
{
	return err_set(err, ERR_EXISTS, "'%s' is written in another form at "
		       "line %zu, to which no table can be added",
		       entry->client->servers, line);
}

/* A table below a list is of its last one; behind tables no list may come. */
static int check_kind(const struct client_entry *entry,
		      const struct toml_table *table, struct spot *spot,
		      struct err *err)
{
	const char *servers = entry->client->servers;
	bool is_it = toml_text_is_key(table->key, servers);

	if (is_it && table->is_listed)
		spot->has_list = true;
	if (is_list(entry) ? !spot->has_list &&
	    (is_it || toml_text_is_below(table->key, servers)) :
	    is_it && table->is_listed)
		return refuse_form(entry, table->line, err);
	return 0;
}

/* servers = ... before all tables, or the name within [servers]. */
static int check_form(const struct client_entry *entry,
		      const struct toml_table *table, struct spot *spot,
		      struct err *err)
{
	const struct toml_statement *servers = &table->found[AT_SERVERS];
	const struct toml_statement *name = &table->found[AT_NAME];

	if (!table->key.len && servers->value.at) {
		if (!is_list(entry) || !toml_text_is_empty_list(servers->value))
			return refuse_form(entry, servers->line, err);
		spot->empty = *servers;
	}
	if (!is_list(entry) && name->value.at &&
	    toml_text_is_key(table->key, entry->client->servers))
		return refuse_form(entry, name->line, err);
	return check_kind(entry, table, spot, err);
}

/* The text is looked at up to its end. */
static int find_toml(const struct client_entry *entry, struct span text,
		struct spot *out, struct err *err)
{
	const char *const names[] = {
		"command", "args", is_list(entry) ? "name" : entry->name,
		entry->client->servers, NULL
	};
	struct toml_text toml = TOML_TEXT(text);
	struct buf full = BUF_INIT(NAME_MAX_CHARS);
	struct toml_table table;
	bool is_there = true;
	int rc = toml_text_check(text, err);

	*out = (struct spot){ .is_there = false };
	if (rc == 0)
		rc = buf_printf(&full, err, "%s.%s", entry->client->servers,
				entry->name);
	while (rc == 0 && is_there) {
		rc = toml_text_next(&toml, names, &table, &is_there, err);
		if (rc == 0 && is_there)
			rc = check_form(entry, &table, out, err);
		if (rc == 0 && is_there)
			look_toml_at(entry, buf_text(&full), &table, out);
	}
	buf_release(&full);
	return rc;
}

/* --- putting in ------------------------------------------------------------- */

static void put_table(const struct client_entry *entry, struct buf *out)
{
	if (is_list(entry))
		buf_putf(out, "[[%s]]\nname = \"%s\"\n",
			 entry->client->servers, entry->name);
	else
		buf_putf(out, "[%s.%s]\n", entry->client->servers,
			 entry->name);
	buf_put_str(out, entry->client->before ? entry->client->before : "");
	buf_put_str(out, "command = ");
	jcs_put_string(out, span_str(entry->program));
	buf_put_str(out, "\nargs = ");
	client_put_words(entry, NULL, out);
	buf_put_char(out, '\n');
	if (entry->keys) {
		buf_put_str(out, "env = { VVAULT_KEYS = ");
		jcs_put_string(out, span_str(entry->keys));
		buf_put_str(out, " }\n");
	}
}

static void put_between(struct span text, size_t from, size_t to,
			struct buf *out)
{
	buf_put(out, text.at + from, to - from);
}

static int put_new(const struct client_entry *entry, struct span text,
		   const struct spot *spot, struct buf *out, struct err *err)
{
	struct buf table = BUF_INIT(BUF_NO_LIMIT);
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	toml_text_drop(text, &spot->empty, &rest);
	put_table(entry, &table);
	rc = buf_end(&rest, err);
	if (rc == 0)
		rc = buf_end(&table, err);
	if (rc == 0)
		toml_text_append(buf_span(&rest), buf_span(&table), out);
	buf_release(&rest);
	buf_release(&table);
	return rc < 0 ? rc : buf_end(out, err);
}

/* A statement with another value: a comment behind it stays. */
static void put_toml_value(struct span text, const struct toml_statement *from,
		      struct span value, struct buf *out)
{
	size_t begin = (size_t)(from->value.at - text.at);

	put_between(text, from->begin, begin, out);
	buf_put_span(out, value);
	put_between(text, begin + from->value.len, from->end, out);
}

static int renew(const struct client_entry *entry, struct span text,
		 const struct toml_table *table, struct buf *out,
		 struct err *err)
{
	const struct toml_statement *command = &table->found[AT_COMMAND];
	const struct toml_statement *args = &table->found[AT_ARGS];
	const struct toml_statement *first = command;
	const struct toml_statement *second = args;
	struct buf program = BUF_INIT(BUF_NO_LIMIT);
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!command->value.at)
		return client_refuse_taken(entry, err);
	jcs_put_string(&program, span_str(entry->program));
	client_put_words(entry, NULL, &words);
	rc = buf_end(&program, err);
	if (rc == 0)
		rc = buf_end(&words, err);
	if (rc < 0)
		goto out;
	if (args->begin < command->begin) {
		first = args;
		second = command;
	}
	put_between(text, 0, first->begin, out);
	put_toml_value(text, first, first == command ? buf_span(&program) :
		  buf_span(&words), out);
	put_between(text, first->end, second->begin, out);
	put_toml_value(text, second, second == command ? buf_span(&program) :
		  buf_span(&words), out);
	put_between(text, second->end, text.len, out);
	rc = buf_end(out, err);
out:
	buf_release(&program);
	buf_release(&words);
	return rc;
}

int client_toml_add(const struct client_entry *entry, struct span text,
		    struct buf *out, struct err *err)
{
	struct spot spot;
	int rc = find_toml(entry, text, &spot, err);

	if (rc < 0)
		return rc;
	if (!spot.is_there)
		return put_new(entry, text, &spot, out, err);
	return spot.is_ours ? renew(entry, text, &spot.table, out, err) :
	       client_refuse_taken(entry, err);
}

/* --- taking out ------------------------------------------------------------- */

/* What is below ours goes first: alone it would stand for a server. */
int client_toml_remove(const struct client_entry *entry, struct span text,
		       struct buf *out, struct err *err)
{
	struct spot spot = { .is_ours = true };
	int rc = buf_add_span(out, text, err);

	while (rc == 0 && spot.is_ours) {
		rc = find_toml(entry, buf_span(out), &spot, err);
		if (rc < 0 || !spot.is_ours)
			break;
		toml_text_cut(out, spot.has_below ? &spot.below : &spot.table);
	}
	return rc;
}

bool client_toml_is_any(const struct client_entry *entry, struct span text)
{
	const char *const names[] = { "command", "args", NULL };
	const char *servers = entry->client->servers;
	struct toml_text toml = TOML_TEXT(text);
	struct toml_table table;
	bool is_there = true;
	bool is_any = false;

	while (!is_any && is_there) {
		if (toml_text_next(&toml, names, &table, &is_there, NULL) < 0)
			break;
		is_any = is_there && (is_list(entry) ?
				      toml_text_is_key(table.key, servers) :
				      toml_text_is_below(table.key, servers)) &&
			 words_are_ours(entry, table.found[AT_ARGS].value,
					true);
	}
	return is_any;
}
