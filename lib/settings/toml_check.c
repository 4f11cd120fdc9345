#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/utf8.h"
#include "lib/settings/toml_text.h"

/* Between the parts of a key, for no key holds it: those below one come right
 * behind it in order. */
#define PART_END '\1'

struct head {
	size_t at;		/* in the keys */
	struct span key;	/* once they are all there */
	size_t line;
	bool is_listed;
};

struct heads {
	struct head *at;
	size_t n;
	size_t cap;
	struct buf keys;
};

/* However blanks and quotes are set. */
static void put_key(struct span key, struct buf *out)
{
	char quote = '\0';
	size_t i;

	for (i = 0; i < key.len; i++) {
		char c = key.at[i];

		if (quote && c == '\\' && quote == '"' && i + 1 < key.len)
			buf_put_char(out, key.at[i++]);
		else if (quote ? c == quote : c == '"' || c == '\'') {
			quote = quote ? '\0' : c;
			continue;
		}
		if (quote || (c != '.' && c != ' ' && c != '\t'))
			buf_put_char(out, key.at[i]);
		else if (c == '.')
			buf_put_char(out, PART_END);
	}
	buf_put_char(out, PART_END);
}

static int add_head(struct heads *heads, const struct toml_table *table,
		    struct err *err)
{
	struct head *head;
	int rc = array_room(heads, err);

	if (rc < 0)
		return rc;
	head = &heads->at[heads->n++];
	*head = (struct head){ .at = heads->keys.len, .line = table->line,
			       .is_listed = table->is_listed };
	put_key(table->key, &heads->keys);
	head->key.len = heads->keys.len - head->at;
	return 0;
}

static int compare_heads(const void *a, const void *b)
{
	const struct head *one = a;
	const struct head *other = b;
	int order = span_compare(one->key, other->key);

	return order ? order : (one->line > other->line) -
			       (one->line < other->line);
}

/* Those below a list may stand once for each of it. */
static int check_heads(struct heads *heads, struct err *err)
{
	struct span list = span_of(NULL, 0);
	const struct head *last = NULL;
	size_t i;

	for (i = 0; i < heads->n; i++)
		heads->at[i].key.at = heads->keys.data + heads->at[i].at;
	qsort(heads->at, heads->n, sizeof(*heads->at), compare_heads);
	for (i = 0; i < heads->n; i++) {
		const struct head *head = &heads->at[i];

		if (list.len && head->key.len > list.len &&
		    !memcmp(head->key.at, list.at, list.len))
			continue;
		if (last && span_equals(last->key, head->key) &&
		    !(last->is_listed && head->is_listed))
			return err_set(err, ERR_INVALID, "a table that "
				       "stands twice at line %zu, as at line "
				       "%zu", head->line, last->line);
		if (head->is_listed)
			list = head->key;
		last = head;
	}
	return 0;
}

static int check_utf8(struct span text, struct err *err)
{
	size_t len = utf8_valid_prefix(text);
	size_t line = 1;
	size_t i;

	if (len == text.len)
		return 0;
	for (i = 0; i < len; i++)
		line += text.at[i] == '\n';
	return err_set(err, ERR_INVALID, "bytes that are no UTF-8 at line %zu",
		       line);
}

int toml_text_check(struct span text, struct err *err)
{
	static const char *const none[] = { NULL };
	struct heads heads = { NULL, 0, 0, BUF_INIT(BUF_NO_LIMIT) };
	struct toml_text toml = TOML_TEXT(text);
	struct toml_table table;
	bool is_there = true;
	int rc = check_utf8(text, err);

	while (rc == 0 && is_there) {
		rc = toml_text_next(&toml, none, &table, &is_there, err);
		if (rc == 0 && is_there && table.key.len)
			rc = add_head(&heads, &table, err);
	}
	if (rc == 0)
		rc = buf_end(&heads.keys, err);
	if (rc == 0 && heads.n)
		rc = check_heads(&heads, err);
	buf_release(&heads.keys);
	free(heads.at);
	return rc;
}
