#include "objects/fold/conflict.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "objects/fold/leaf.h"

void fold_conflicts_release(struct fold_conflicts *conflicts)
{
	free(conflicts->at);
	conflicts->at = NULL;
	conflicts->n = conflicts->cap = 0;
	buf_release(&conflicts->paths);
}

/* Append a path's text; the spans into the buffer move with it. */
static int conflict_path(struct fold_conflicts *list, struct span key,
			 struct span *out, struct err *err)
{
	const char *before = list->paths.data;
	size_t start = list->paths.len;
	size_t i;
	int rc = fold_key_pointer(key, &list->paths, err);

	if (list->paths.data != before) {
		for (i = 0; i < list->n; i++)
			list->at[i].path.at = list->paths.data +
					      (list->at[i].path.at - before);
	}
	*out = span_of(list->paths.data + start, list->paths.len - start);
	return rc;
}

/* As much of a path as the key that begins its key stands for. */
static size_t begin_of(struct span path, struct span above)
{
	size_t names = 0;
	size_t i;

	for (i = 0; i < above.len; i++)
		names += above.at[i] == '\0';
	for (i = 1; i < path.len; i++) {
		if (path.at[i] == '/' && !--names)
			return i;
	}
	return path.len;
}

int fold_conflicts_add(struct fold_conflicts *list, struct span key,
		       struct span winner_key,
		       const unsigned char winner[RECORD_ID_BYTES],
		       const unsigned char loser[RECORD_ID_BYTES],
		       struct err *err)
{
	struct fold_conflict *one;
	int rc = list ? array_room(list, err) : 0;

	if (!list || rc < 0)
		return rc;
	one = &list->at[list->n];
	rc = conflict_path(list, key, &one->path, err);
	if (rc < 0)
		return rc;
	one->field_len = winner_key.len < key.len ?
			 begin_of(one->path, winner_key) : one->path.len;
	memcpy(one->winner, winner, RECORD_ID_BYTES);
	memcpy(one->loser, loser, RECORD_ID_BYTES);
	list->n++;
	return 0;
}

struct span fold_conflict_field(const struct fold_conflict *conflict)
{
	return span_of(conflict->path.at, conflict->field_len);
}

/* What a pointer's byte sorts as: what lies below a field follows it at once,
 * before names that it begins. */
static int rank_of(char byte)
{
	return byte == '/' ? 0 : (unsigned char)byte + 1;
}

static int order_fields(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	size_t i;

	for (i = 0; i < n; i++) {
		if (a.at[i] != b.at[i])
			return rank_of(a.at[i]) - rank_of(b.at[i]);
	}
	return (a.len > b.len) - (a.len < b.len);
}

static int order_conflicts(const void *left, const void *right)
{
	const struct fold_conflict *a = left;
	const struct fold_conflict *b = right;
	int order = order_fields(fold_conflict_field(a),
				 fold_conflict_field(b));

	return order ? order : memcmp(a->loser, b->loser, RECORD_ID_BYTES);
}

/* The entity as such is apart from its fields. */
static bool is_below(struct span field, struct span above)
{
	return above.len && field.len > above.len &&
	       field.at[above.len] == '/' &&
	       !memcmp(field.at, above.at, above.len);
}

/* The reference to a blob is one value, of several members. */
static void bind_blob(struct fold_conflict *conflict)
{
	static const char name[] = "/$blob";

	if (span_ends(fold_conflict_field(conflict), name))
		conflict->field_len -= strlen(name);
}

size_t fold_conflicts_gather(struct fold_conflicts *conflicts)
{
	struct fold_conflict *at = conflicts->at;
	size_t fields = 0;
	size_t i;

	for (i = 0; i < conflicts->n; i++)
		bind_blob(&at[i]);
	if (conflicts->n > 1)
		qsort(at, conflicts->n, sizeof(*at), order_conflicts);
	for (i = 0; i < conflicts->n; i++) {
		if (i && is_below(fold_conflict_field(&at[i]),
				  fold_conflict_field(&at[i - 1])))
			at[i].field_len = at[i - 1].field_len;
		fields += !i || !span_equals(fold_conflict_field(&at[i]),
					     fold_conflict_field(&at[i - 1]));
	}
	return fields;
}

/* A name of a pointer as a member has it between its quotes, with them. */
static int name_of(struct span token, struct buf *out, struct err *err)
{
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	for (i = 0; i < token.len; i++) {
		char byte = token.at[i];

		if (byte == '~' && i + 1 < token.len)
			byte = token.at[++i] == '1' ? '/' : '~';
		buf_put_char(&plain, byte);
	}
	rc = buf_end(&plain, err);
	buf_reset(out);
	if (rc == 0)
		rc = jcs_add_string(out, buf_span(&plain), err);
	buf_release(&plain);
	return rc;
}

static bool find_member(struct span object, struct span quoted,
			struct span *out)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct span name;

	while (jcs_next(&iter, &name, out)) {
		if (name.len + 2 == quoted.len &&
		    !memcmp(name.at, quoted.at + 1, name.len))
			return true;
	}
	return false;
}

int fold_value_at(struct span data, struct span pointer, struct span *out,
		  bool *out_is_there, struct err *err)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct span value = data;
	bool is_there = true;
	size_t at = 0;
	int rc = 0;

	while (rc == 0 && is_there && at < pointer.len &&
	       jcs_type_of(value) == JCS_OBJECT) {
		size_t end = ++at;

		while (end < pointer.len && pointer.at[end] != '/')
			end++;
		rc = name_of(span_of(pointer.at + at, end - at), &name, err);
		if (rc == 0)
			is_there = find_member(value, buf_span(&name), &value);
		at = end;
	}
	buf_release(&name);
	*out = value;
	*out_is_there = rc == 0 && is_there;
	return rc;
}
