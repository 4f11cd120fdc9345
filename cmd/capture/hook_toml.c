#include "cmd/capture/hook_internal.h"

#include <string.h>

#include "lib/settings/toml_text.h"
#include "lib/json/jcs_write.h"

/* --- notify = [...] --------------------------------------------------------- */

static const char *const notify_names[] = { "notify", NULL };

/* All of it is looked at: nothing is put into what is broken further down. */
static int find_notify(struct span text, struct toml_statement *out,
		       struct err *err)
{
	struct toml_text toml = TOML_TEXT(text);
	struct toml_table table;
	bool is_first = true;
	bool is_there = true;
	int rc = toml_text_check(text, err);

	while (rc == 0 && is_there) {
		rc = toml_text_next(&toml, notify_names, &table, &is_there,
				    err);
		if (rc == 0 && is_first)
			*out = table.found[0];
		is_first = false;
	}
	return rc;
}

/* ["<program>", "-C", "<vault>", "capture", "--hook", "<agent>"] */
static int put_value(const struct hook_call *call, const char *program,
		     struct buf *out, struct err *err)
{
	const char *const words[] = {
		program, "-C", call->vault, "capture", "--hook",
		call->agent->name
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		buf_put_str(out, i ? ", " : "[");
		jcs_put_string(out, span_str(words[i]));
	}
	buf_put_char(out, ']');
	return buf_end(out, err);
}

/* Ours, whichever the program: all behind the first word is. With more before
 * that it is somebody's own that calls us, too. */
static bool is_our_value(const struct hook_call *call, struct span value)
{
	struct buf ours = BUF_INIT(BUF_NO_LIMIT);
	struct span words = { NULL, 0 };
	size_t word = 0;
	bool is_ours;

	if (span_begins(value, "[\"")) {
		words = span_of(value.at + 1, value.len - 1);
		word = toml_text_string(words);
	}
	is_ours = word && put_value(call, "", &ours, NULL) == 0 &&
		  span_equals(span_of(words.at + word, words.len - word),
			      span_str(buf_text(&ours) + strlen("[\"\"")));
	buf_release(&ours);
	return is_ours;
}

static int refuse_taken(const struct hook_call *call,
			const struct toml_statement *notify, struct err *err)
{
	struct buf command = BUF_INIT(BUF_NO_LIMIT);
	int rc = hook_command(call, &command, err);

	if (rc == 0)
		rc = err_set(err, ERR_EXISTS, "another program is called "
			     "already, at line %zu, and there can be but one: "
			     "have that one call this too: %s", notify->line,
			     buf_text(&command));
	buf_release(&command);
	return rc;
}

/* At the begin, where no table is open. */
int hook_notify_add(const struct hook_call *call, struct span text,
		    struct buf *out, struct err *err)
{
	struct toml_statement notify;
	int rc = find_notify(text, &notify, err);

	if (rc == 0 && notify.value.at && !is_our_value(call, notify.value))
		rc = refuse_taken(call, &notify, err);
	if (rc < 0)
		return rc;
	if (notify.value.at)
		buf_put(out, text.at, notify.begin);
	buf_put_str(out, "notify = ");
	buf_fail(out, put_value(call, call->program, out, err));
	buf_put_char(out, '\n');
	if (notify.value.at)
		buf_put(out, text.at + notify.end, text.len - notify.end);
	else
		buf_put_span(out, text);
	return buf_end(out, err);
}

int hook_notify_remove(const struct hook_call *call, struct span text,
		       struct buf *out, struct err *err)
{
	struct toml_statement notify;
	int rc = find_notify(text, &notify, err);

	if (rc < 0)
		return rc;
	if (notify.value.at && is_our_value(call, notify.value)) {
		buf_put(out, text.at, notify.begin);
		buf_put(out, text.at + notify.end, text.len - notify.end);
	} else {
		buf_put_span(out, text);
	}
	return buf_end(out, err);
}

/* --- [[hooks]] -------------------------------------------------------------- */

#define TABLE "hooks"

static const char *const table_names[] = { "event", "command", TABLE, NULL };

enum { AT_EVENT, AT_COMMAND, AT_TABLE };

static bool is_our_table(const struct hook_call *call,
			 const struct toml_table *table)
{
	struct buf command = BUF_INIT(BUF_NO_LIMIT);
	bool is_ours;

	is_ours = table->is_listed && toml_text_is_key(table->key, TABLE) &&
		  table->found[AT_COMMAND].value.at &&
		  toml_text_read(table->found[AT_COMMAND].value, &command) == 0 &&
		  hook_is_ours(call, buf_span(&command));
	buf_release(&command);
	return is_ours;
}

struct tables {
	struct toml_table ours;		/* the first */
	bool is_there;
	struct toml_statement empty;	/* hooks = [], which tables may not
					   follow */
};

static int check_form(const struct toml_table *top, struct tables *out,
		      struct err *err)
{
	const struct toml_statement *list = &top->found[AT_TABLE];

	if (list->value.at && !toml_text_is_empty_list(list->value))
		return err_set(err, ERR_EXISTS, "'" TABLE "' is a list at "
			       "line %zu, to which none can be added: write "
			       "each as [[" TABLE "]]", list->line);
	out->empty = *list;
	return 0;
}

/* The text is looked at up to its end. */
static int find_tables(const struct hook_call *call, struct span text,
		       struct tables *out, struct err *err)
{
	struct toml_text toml = TOML_TEXT(text);
	struct toml_table table;
	bool is_there = true;
	int rc = toml_text_check(text, err);

	*out = (struct tables){ .is_there = false };
	while (rc == 0 && is_there) {
		rc = toml_text_next(&toml, table_names, &table, &is_there,
				    err);
		if (rc < 0 || !is_there)
			break;
		if (!table.key.len)
			rc = check_form(&table, out, err);
		if (!out->is_there && is_our_table(call, &table)) {
			out->ours = table;
			out->is_there = true;
		}
	}
	return rc;
}

int hook_tables_remove(const struct hook_call *call, struct span text,
		       struct buf *out, struct err *err)
{
	struct tables tables = { .is_there = true };
	int rc = buf_add_span(out, text, err);

	while (rc == 0 && tables.is_there) {
		rc = find_tables(call, buf_span(out), &tables, err);
		if (rc < 0 || !tables.is_there)
			break;
		toml_text_cut(out, &tables.ours);
	}
	return rc;
}

static void put_table(const struct hook_call *call, const char *event,
		      struct buf *out)
{
	struct buf command = BUF_INIT(BUF_NO_LIMIT);

	buf_fail(out, hook_command(call, &command, NULL));
	buf_putf(out, "[[" TABLE "]]\nevent = \"%s\"\ncommand = ", event);
	jcs_put_string(out, buf_span(&command));
	buf_putf(out, "\ntimeout = %u\n", call->agent->hook->timeout);
	buf_release(&command);
}

/* Those that stand there as they would be put in are not moved. */
static bool stands(const struct hook_call *call, struct span text)
{
	const char *const *event = call->agent->hook->events;
	struct buf table = BUF_INIT(BUF_NO_LIMIT);
	struct tables tables;
	bool is_there = find_tables(call, text, &tables, NULL) == 0;

	for (; is_there && *event; event++) {
		buf_reset(&table);
		put_table(call, *event, &table);
		is_there = buf_end(&table, NULL) == 0 &&
			   span_has(text, buf_text(&table));
	}
	buf_release(&table);
	return is_there;
}

int hook_tables_add(const struct hook_call *call, struct span text,
		    struct buf *out, struct err *err)
{
	const char *const *event = call->agent->hook->events;
	struct buf table = BUF_INIT(BUF_NO_LIMIT);
	struct buf before = BUF_INIT(BUF_NO_LIMIT);
	struct tables tables;
	int rc;

	if (stands(call, text))
		return buf_add_span(out, text, err);
	rc = hook_tables_remove(call, text, out, err);
	for (; rc == 0 && *event; event++) {
		rc = find_tables(call, buf_span(out), &tables, err);
		if (rc < 0)
			break;
		buf_reset(&table);
		buf_reset(&before);
		put_table(call, *event, &table);
		toml_text_drop(buf_span(out), &tables.empty, &before);
		buf_reset(out);
		buf_fail(out, table.failed ? table.failed : before.failed);
		toml_text_append(buf_span(&before), buf_span(&table), out);
		rc = buf_end(out, err);
	}
	buf_release(&table);
	buf_release(&before);
	return rc;
}
