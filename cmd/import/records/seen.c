#include "cmd/import/records/seen.h"

#include "lib/id/encode.h"

#define SHORT_BYTES 8

void seen_release(struct seen *seen)
{
	table_release(&seen->keys);
	buf_release(&seen->canonical);
}

static uint64_t begin_of(const unsigned char digest[SHA256_BYTES])
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < sizeof(value); i++)
		value = value << 8 | digest[i];
	return value;
}

/* 1: new; 0: known for the same; 2: for something else. */
static int remember(struct seen *seen, struct span key, uint64_t holds,
		    struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t before;

	sha256_of(key.at, key.len, digest);
	if (table_get(&seen->keys, digest, &before))
		return before == holds ? 0 : 2;
	return table_add(&seen->keys, digest, holds, err);
}

int seen_key(struct seen *seen, const struct jval *value, struct span id,
	     struct buf *out, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	int rc;

	buf_reset(&seen->canonical);
	buf_reset(out);
	rc = jdoc_to_jcs(value, &seen->canonical, err);
	if (rc < 0)
		return rc;
	sha256_of(seen->canonical.data, seen->canonical.len, digest);
	rc = id.len ? buf_add_span(out, id, err) :
		hex_add(out, digest, sizeof(digest), err);
	if (rc >= 0)
		rc = remember(seen, buf_span(out), begin_of(digest), err);
	if (rc != 2)
		return rc;
	rc = buf_add_char(out, '~', err);
	if (rc >= 0)
		rc = hex_add(out, digest, SHORT_BYTES, err);
	if (rc >= 0)
		rc = remember(seen, buf_span(out), begin_of(digest), err);
	return rc == 2 ? 1 : rc;
}
