#include "cmd/import/flat/cutthroat_chain.h"

#include <stdlib.h>

#include "lib/id/encode.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static const char *const chain_members[] = {
	"chain_sha256", "leaf_sha256", "prev_chain_sha256", NULL
};

static bool is_of_chain(struct span key)
{
	const char *const *name = chain_members;

	while (*name && !span_equals(key, span_str(*name)))
		name++;
	return *name != NULL;
}

/* UTF-8 sorts as its code points do. */
static int compare_keys(const void *a, const void *b)
{
	const struct jval *const *left = a;
	const struct jval *const *right = b;

	return span_compare((*left)->key, (*right)->key);
}

/* Append JSON without the spaces behind ',' and ':' outside of strings. */
static int add_compact(struct span text, struct buf *out, struct err *err)
{
	bool is_inside = false;
	bool is_escaped = false;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < text.len; i++) {
		if (text.at[i] == '"' && !is_escaped)
			is_inside = !is_inside;
		is_escaped = text.at[i] == '\\' && !is_escaped;
		if (text.at[i] != ' ' || is_inside)
			rc = buf_add_char(out, text.at[i], err);
	}
	return rc;
}

static int add_value(const struct jval *value, struct buf *out,
		     struct err *err)
{
	struct buf spaced = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = jdoc_to_python(value, NULL, &spaced, err);
	if (rc >= 0)
		rc = add_compact(buf_span(&spaced), out, err);
	buf_release(&spaced);
	return rc;
}

int chain_leaf_text(const struct jval *record, struct buf *out,
		    struct err *err)
{
	const struct jval *member = jval_first(record);
	const struct jval **list;
	struct jval name = { .type = JVAL_STRING };
	size_t n = 0;
	size_t i;
	int rc;

	list = malloc((jval_count(record) + 1) * sizeof(const struct jval *));
	if (!list)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (; member; member = member->next) {
		if (!is_of_chain(member->key))
			list[n++] = member;
	}
	if (n)
		qsort(list, n, sizeof(const struct jval *), compare_keys);
	rc = buf_add_char(out, '{', err);
	for (i = 0; rc >= 0 && i < n; i++) {
		name.as.text = list[i]->key;
		if (i)
			rc = buf_add_char(out, ',', err);
		if (rc >= 0)
			rc = add_value(&name, out, err);
		if (rc >= 0)
			rc = buf_add_char(out, ':', err);
		if (rc >= 0)
			rc = add_value(list[i], out, err);
	}
	free(list);
	return rc < 0 ? rc : buf_add_char(out, '}', err);
}

static void hash_hex(struct span first, struct span second,
		     char out[CHAIN_HEX + 1])
{
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash = { { 0 } };

	sha256_init(&hash);
	sha256_add(&hash, first.at, first.len);
	sha256_add(&hash, second.at, second.len);
	sha256_finish(&hash, digest);
	hex_text(digest, sizeof(digest), out);
}

static enum chain_check compare(const struct jval *said, const char *hex)
{
	if (!said || jval_is(said, JVAL_NULL))
		return CHAIN_ABSENT;
	return jval_is_text(said, hex) ? CHAIN_RIGHT : CHAIN_WRONG;
}

static enum chain_check check_link(const struct jval *record,
				   struct span leaf)
{
	const struct jval *said = jval_get(record, "chain_sha256");
	struct span prev = jval_get_text(record, "prev_chain_sha256");
	bool is_first = !prev.len || span_equals(prev, span_str(ZEROS));
	char hex[CHAIN_HEX + 1];

	hash_hex(is_first ? span_str(ZEROS) : prev, leaf, hex);
	if (!is_first || !said || jval_is(said, JVAL_NULL))
		return compare(said, hex);
	if (jval_is_text(said, hex))
		return CHAIN_ZEROS;
	return span_equals(jval_text(said), leaf) ? CHAIN_LEAF : CHAIN_WRONG;
}

/* Does the link stand on the one before it in the source? */
static bool is_gap(struct chain *chain, const struct jval *record)
{
	struct span prev = jval_get_text(record, "prev_chain_sha256");
	struct span own = jval_get_text(record, "chain_sha256");
	bool is_other;

	if (own.len != CHAIN_HEX)
		return false;
	is_other = chain->last[0] && !span_equals(prev, span_str(chain->last));
	memcpy(chain->last, own.at, CHAIN_HEX);
	chain->last[CHAIN_HEX] = '\0';
	return is_other;
}

int chain_check(struct chain *chain, const struct jval *record,
		struct chain_checks *out, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	char hex[CHAIN_HEX + 1];
	struct span said;
	int rc;

	hash_hex(jval_get_text(record, "raw"), span_of(NULL, 0), hex);
	out->text = compare(jval_get(record, "raw_sha256"), hex);
	rc = chain_leaf_text(record, &text, err);
	if (rc >= 0) {
		hash_hex(buf_span(&text), span_of(NULL, 0), hex);
		out->leaf = compare(jval_get(record, "leaf_sha256"), hex);
		said = jval_get_text(record, "leaf_sha256");
		out->link = check_link(record, said.at ? said :
				       span_str(hex));
		out->is_gap = is_gap(chain, record);
	}
	buf_release(&text);
	return rc;
}
