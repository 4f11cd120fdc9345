#include "objects/fold/leaf.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/json/jcs_write.h"

void fold_leaves_release(struct fold_leaves *leaves)
{
	free(leaves->at);
	leaves->at = NULL;
	leaves->n = leaves->cap = 0;
	buf_release(&leaves->keys);
}

/* Append one name of a path; inner is what stands between the quotes. */
static int key_add_name(struct buf *key, struct span inner, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	if (inner.len && memchr(inner.at, '\\', inner.len)) {
		rc = jcs_inner_decode(inner, &text, err);
		if (rc < 0)
			goto out;
		inner = buf_span(&text);
	}
	rc = buf_reserve(key, 2 * inner.len + 1, err);
	if (rc < 0)
		goto out;
	for (i = 0; i < inner.len; i++) {
		unsigned char c = (unsigned char)inner.at[i];

		if (c <= 1) {
			key->data[key->len++] = 1;
			c++;
		} else if (c == 0xee || c == 0xef) {
			c = (unsigned char)(c + 10);
		}
		key->data[key->len++] = (char)c;
	}
	key->data[key->len++] = '\0';
	key->data[key->len] = '\0';
out:
	buf_release(&text);
	return rc;
}

/* The text of the key's first name; returns the bytes of key used. */
static size_t put_name(struct span key, struct buf *text)
{
	size_t i = 0;

	while (i < key.len && key.at[i]) {
		unsigned char c = (unsigned char)key.at[i++];

		if (c == 1 && i < key.len)
			c = (unsigned char)(key.at[i++] - 1);
		else if (c == 0xf8 || c == 0xf9)
			c = (unsigned char)(c - 10);
		buf_put_char(text, (char)c);
	}
	return i < key.len ? i + 1 : i;
}

static int leaf_push(struct fold_leaves *leaves, const struct fold_leaf *leaf,
		     struct err *err)
{
	int rc = array_room(leaves, err);

	if (rc == 0)
		leaves->at[leaves->n++] = *leaf;
	return rc;
}

static bool is_set_name(const char *const *sets, struct span name)
{
	for (; sets && *sets; sets++) {
		if (span_equals(name, span_str(*sets)))
			return true;
	}
	return false;
}

/* One object that is being walked, and the key of the path to it. */
struct level {
	struct jcs_iter iter;
	size_t path_len;
};

/* path is the scratch key of the member that is looked at. */
struct walk {
	struct level levels[JCS_DEPTH_MAX + 1];
	size_t depth;
	struct buf path;
};

static bool walk_enters(const struct walk *walk, struct span value)
{
	return jcs_type_of(value) == JCS_OBJECT && value.len > 2 &&
	       walk->depth < JCS_DEPTH_MAX;
}

int fold_leaves_add(struct fold_leaves *leaves, struct span object,
		    const char *const *sets, uint32_t owner, struct err *err)
{
	struct walk walk = { .depth = 1, .path = BUF_INIT(BUF_NO_LIMIT) };
	struct fold_leaf leaf = { .owner = owner };
	struct span name;
	int rc = 0;

	walk.levels[0].iter = jcs_iter_object(object);
	walk.levels[0].path_len = 0;
	while (rc == 0 && walk.depth) {
		struct level *level = &walk.levels[walk.depth - 1];

		if (!jcs_next(&level->iter, &name, &leaf.value)) {
			walk.depth--;
			continue;
		}
		walk.path.len = level->path_len;
		rc = key_add_name(&walk.path, name, err);
		if (rc < 0)
			break;
		if (walk_enters(&walk, leaf.value) &&
		    !(walk.depth == 1 && is_set_name(sets, name))) {
			level = &walk.levels[walk.depth++];
			level->iter = jcs_iter_object(leaf.value);
			level->path_len = walk.path.len;
			continue;
		}
		leaf.key_at = leaves->keys.len;
		leaf.key_len = walk.path.len;
		rc = buf_add_span(&leaves->keys, buf_span(&walk.path), err);
		if (rc == 0)
			rc = leaf_push(leaves, &leaf, err);
	}
	buf_release(&walk.path);
	return rc;
}

static int leaf_order(const void *left, const void *right)
{
	const struct fold_leaf *a = left;
	const struct fold_leaf *b = right;
	int order = span_compare(a->key, b->key);

	return order ? order : (a->owner > b->owner) - (a->owner < b->owner);
}

void fold_leaves_sort(struct fold_leaves *leaves)
{
	bool is_sorted = true;
	size_t i;

	for (i = 0; i < leaves->n; i++) {
		struct fold_leaf *leaf = &leaves->at[i];

		leaf->key = span_of(leaves->keys.data + leaf->key_at,
				    leaf->key_len);
		if (i && leaf_order(leaf - 1, leaf) > 0)
			is_sorted = false;
	}
	if (!is_sorted)
		qsort(leaves->at, leaves->n, sizeof(*leaves->at), leaf_order);
}

bool fold_key_begins(struct span key, struct span prefix)
{
	return key.len >= prefix.len &&
	       !memcmp(key.at, prefix.at, prefix.len);
}

/* One name of a pointer: '/' and the text, '~' and '/' escaped. */
static void put_pointer(struct buf *out, struct span name)
{
	size_t i;

	buf_put_char(out, '/');
	for (i = 0; i < name.len; i++) {
		if (name.at[i] == '~')
			buf_put_str(out, "~0");
		else if (name.at[i] == '/')
			buf_put_str(out, "~1");
		else
			buf_put_char(out, name.at[i]);
	}
}

int fold_key_pointer(struct span key, struct buf *out, struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	size_t begin = out->len;
	size_t used;

	for (; key.len; key = span_of(key.at + used, key.len - used)) {
		buf_cut(&name, 0);
		used = put_name(key, &name);
		put_pointer(out, buf_span(&name));
	}
	buf_fail(out, name.failed);
	buf_release(&name);
	return buf_settle(out, begin, err);
}

/* Names in a key. */
static size_t key_depth(struct span key)
{
	size_t depth = 0;
	size_t i;

	for (i = 0; i < key.len; i++)
		depth += key.at[i] == '\0';
	return depth;
}

/* The bytes of the names with which both keys begin. */
static size_t key_common(struct span a, struct span b)
{
	size_t common = 0;
	size_t i;

	for (i = 0; i < a.len && i < b.len && a.at[i] == b.at[i]; i++) {
		if (!a.at[i])
			common = i + 1;
	}
	return common;
}

/* The names of key, those above the last each with its brace. */
static void put_names(struct buf *out, struct span key)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	size_t used;

	while (key.len) {
		buf_cut(&name, 0);
		used = put_name(key, &name);
		key = span_of(key.at + used, key.len - used);
		jcs_put_string(out, buf_span(&name));
		buf_put_str(out, key.len ? ":{" : ":");
	}
	buf_fail(out, name.failed);
	buf_release(&name);
}

static void put_closing(struct buf *out, size_t braces)
{
	while (braces--)
		buf_put_char(out, '}');
}

void fold_writer_begin(struct fold_writer *writer, struct buf *out)
{
	writer->out = out;
	writer->begin = out->len;
	writer->last = span_of(NULL, 0);
	buf_put_char(out, '{');
}

void fold_writer_leaf(struct fold_writer *writer, struct span key,
		      struct span value)
{
	size_t common = 0;

	if (writer->last.at) {
		struct span rest = writer->last;

		common = key_common(rest, key);
		rest = span_of(rest.at + common, rest.len - common);
		put_closing(writer->out, key_depth(rest) - 1);
		buf_put_char(writer->out, ',');
	}
	put_names(writer->out, span_of(key.at + common, key.len - common));
	buf_put_span(writer->out, value);
	writer->last = key;
}

int fold_writer_end(struct fold_writer *writer, struct err *err)
{
	put_closing(writer->out,
		    writer->last.at ? key_depth(writer->last) : 1);
	return buf_settle(writer->out, writer->begin, err);
}
