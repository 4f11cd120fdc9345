#include "refs/verify/ids.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/id/cid.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"

void id_list_release(struct id_list *list)
{
	free(list->at);
	list->at = NULL;
	list->n = 0;
	list->cap = 0;
}

int id_list_add(struct id_list *list, const unsigned char id[RECORD_ID_BYTES],
		struct err *err)
{
	int rc = array_room(list, err);

	if (rc == 0)
		memcpy(list->at[list->n++], id, RECORD_ID_BYTES);
	return rc;
}

/*
 * The nth character of an id's text, as a number that sorts as it does: in
 * ASCII the digits of base32, its highest values, come before the letters.
 * What stands before the digest fills whole characters.
 */
static unsigned text_rank(const unsigned char *id, size_t nth)
{
	size_t bit = nth * 5;
	unsigned pair = (unsigned)id[bit / 8] << 8;

	if (bit / 8 + 1 < RECORD_ID_BYTES)
		pair |= id[bit / 8 + 1];
	return ((pair >> (11 - bit % 8) & 31) + 6) & 31;
}

/* The order of the texts, which is not that of the bytes. */
static int compare(const void *a, const void *b)
{
	const unsigned char *x = a;
	const unsigned char *y = b;
	unsigned rank_x;
	unsigned rank_y;
	size_t at = 0;
	size_t nth;

	while (at < RECORD_ID_BYTES && x[at] == y[at])
		at++;
	if (at == RECORD_ID_BYTES)
		return 0;
	for (nth = at * 8 / 5;; nth++) {
		rank_x = text_rank(x, nth);
		rank_y = text_rank(y, nth);
		if (rank_x != rank_y)
			return rank_x < rank_y ? -1 : 1;
	}
}

void id_list_sort(struct id_list *list)
{
	size_t kept = 0;
	size_t i;

	if (list->n)
		qsort(list->at, list->n, RECORD_ID_BYTES, compare);
	for (i = 0; i < list->n; i++) {
		if (kept && !memcmp(list->at[kept - 1], list->at[i],
				    RECORD_ID_BYTES))
			continue;
		if (kept != i)
			memcpy(list->at[kept], list->at[i], RECORD_ID_BYTES);
		kept++;
	}
	list->n = kept;
}

bool id_list_has(const struct id_list *list,
		 const unsigned char id[RECORD_ID_BYTES])
{
	return list->n &&
	       bsearch(id, list->at, list->n, RECORD_ID_BYTES, compare);
}

bool id_list_equals(const struct id_list *a, const struct id_list *b)
{
	return a->n == b->n &&
	       (!a->n || !memcmp(a->at, b->at, a->n * RECORD_ID_BYTES));
}

int id_list_minus(const struct id_list *a, const struct id_list *b,
		  struct id_list *out, struct err *err)
{
	size_t i;
	size_t j = 0;
	int rc = 0;

	for (i = 0; rc == 0 && i < a->n; i++) {
		while (j < b->n && compare(b->at[j], a->at[i]) < 0)
			j++;
		if (j == b->n ||
		    memcmp(b->at[j], a->at[i], RECORD_ID_BYTES))
			rc = id_list_add(out, a->at[i], err);
	}
	return rc;
}

int id_list_remove(struct id_list *list, const struct id_list *gone,
		   struct err *err)
{
	struct id_list left = ID_LIST_INIT;
	int rc = id_list_minus(list, gone, &left, err);

	if (rc < 0) {
		id_list_release(&left);
		return rc;
	}
	id_list_release(list);
	*list = left;
	return 0;
}

static int add_all(struct id_list *list, struct span items, struct err *err)
{
	struct jcs_iter iter = jcs_iter_array(items);
	unsigned char id[RECORD_ID_BYTES];
	struct span item;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, NULL, &item)) {
		if (!cid_parse_json(jcs_string_inner(item), id))
			return err_set(err, ERR_UNTRUSTED,
				       "it lists what is no record id");
		rc = id_list_add(list, id, err);
	}
	return rc;
}

int id_list_add_listed(struct id_list *list, struct span data, struct err *err)
{
	struct span items;

	if (!jcs_find(data, "records", &items))
		return err_set(err, ERR_UNTRUSTED, "it lists no records");
	return add_all(list, items, err);
}

int id_list_add_ignored(struct id_list *list, struct span data,
			struct err *err)
{
	struct span items;
	int rc = id_list_add_listed(list, data, err);

	return rc < 0 || !jcs_find(data, "again", &items) ?
		       rc : add_all(list, items, err);
}

void id_list_digest(const struct id_list *list, unsigned char out[32])
{
	struct sha256 hash;
	char text[CID_TEXT_MAX];
	size_t i;

	sha256_init(&hash);
	for (i = 0; i < list->n; i++) {
		cid_text(CID_JSON, list->at[i], text);
		sha256_add(&hash, text, strlen(text));
		sha256_add(&hash, "\n", 1);
	}
	sha256_finish(&hash, out);
}
