#include "refs/write/write_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ids that one record in between names: about 60 KB of them. */
#define GATHER_IDS 1024
#define TYPE_MAX_BYTES 64

static int order_ids(const void *a, const void *b)
{
	return memcmp(a, b, RECORD_ID_BYTES);
}

/* A record that says nothing and has seen these. */
static int add_between(struct writer *writer, const struct record_parts *parts,
		       const unsigned char (*ids)[RECORD_ID_BYTES], size_t n,
		       unsigned char out_id[RECORD_ID_BYTES], struct err *err)
{
	struct buf line = BUF_INIT(RECORD_MAX_BYTES);
	struct record_parts between = *parts;
	char type[TYPE_MAX_BYTES];
	struct record record;
	int rc;

	snprintf(type, sizeof(type), "%.*s:update",
		 (int)strcspn(parts->type, ":"), parts->type);
	between.type = type;
	between.prev = ids;
	between.prev_n = n;
	between.data = span_str("{}");
	rc = record_build_parsed(&between, &line, &record, err);
	if (rc == 0)
		rc = writer_add_record(writer, &record, out_id, NULL, err);
	buf_release(&line);
	return rc;
}

int writer_gather(struct writer *writer, struct record_parts *parts,
		  unsigned char (**out_ids)[RECORD_ID_BYTES], struct err *err)
{
	unsigned char (*ids)[RECORD_ID_BYTES];
	size_t n = parts->prev_n;
	size_t kept;
	size_t i;
	int rc = 0;

	*out_ids = NULL;
	if (n <= RECORD_PREV_MAX)
		return 0;
	ids = malloc(n * sizeof(*ids));
	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(ids, parts->prev, n * sizeof(*ids));
	/* In order, so that devices that see the same write the same. */
	qsort(ids, n, sizeof(*ids), order_ids);
	for (; rc == 0 && n > RECORD_PREV_MAX; n = kept) {
		for (i = kept = 0; rc == 0 && i < n; i += GATHER_IDS) {
			size_t share = n - i < GATHER_IDS ? n - i : GATHER_IDS;

			rc = add_between(writer, parts,
					 (const unsigned char (*)
					  [RECORD_ID_BYTES])(ids + i),
					 share, ids[kept++], err);
		}
	}
	if (rc < 0) {
		free(ids);
		return rc;
	}
	parts->prev = (const unsigned char (*)[RECORD_ID_BYTES])ids;
	parts->prev_n = n;
	*out_ids = ids;
	return 0;
}
