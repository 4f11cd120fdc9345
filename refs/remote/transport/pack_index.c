#include "refs/remote/transport/pack_index.h"

#include <string.h>

#include <git2.h>

#include "lib/os/file.h"

#define INDEX_MAX ((size_t)2 << 30)
#define HEADER_BYTES 8
#define FANOUT_BYTES 1024
#define TRAILER_BYTES 40
#define PER_ID (GIT_OID_RAWSZ + 8)	/* with its crc and offset */

static const unsigned char magic[HEADER_BYTES] = {
	0xff, 't', 'O', 'c', 0, 0, 0, 2
};

/* Every offset is checked against the size: the file may be a stranger's. */
static int pack_index_parse(struct span bytes, const char *path,
			    struct pack_index *out, struct err *err)
{
	const unsigned char *at = (const unsigned char *)bytes.at;
	const unsigned char *last = at + HEADER_BYTES + FANOUT_BYTES - 4;
	size_t n;

	if (bytes.len < HEADER_BYTES + FANOUT_BYTES + TRAILER_BYTES ||
	    memcmp(at, magic, HEADER_BYTES))
		return err_set(err, ERR_CORRUPT, "not a pack index: '%s'",
			       path);
	n = u32_at(last);
	if ((bytes.len - HEADER_BYTES - FANOUT_BYTES - TRAILER_BYTES) /
	    PER_ID < n)
		return err_set(err, ERR_CORRUPT, "the pack index '%s' is cut "
			       "off", path);
	out->ids = last + 4;
	out->n = n;
	return 0;
}

int pack_index_open(const char *path, struct pack_index *out, struct err *err)
{
	int rc = file_read(path, INDEX_MAX, &out->bytes, err);

	if (rc == 0)
		rc = pack_index_parse(buf_span(&out->bytes), path, out, err);
	if (rc < 0)
		pack_index_release(out);
	return rc;
}

int pack_index_read(const struct folder *folder, const char *name,
		    size_t max_bytes, struct pack_index *out, struct err *err)
{
	int rc;

	out->bytes.max = max_bytes;
	rc = folder_read(folder, name, &out->bytes, err);
	if (rc == 0)
		rc = pack_index_parse(buf_span(&out->bytes), name, out, err);
	if (rc < 0)
		pack_index_release(out);
	return rc;
}

void pack_index_release(struct pack_index *index)
{
	buf_release(&index->bytes);
	index->ids = NULL;
	index->n = 0;
}
