#include "refs/history/history.h"

#include <stdlib.h>
#include <string.h>

#include "refs/history/version.h"

int versions_digests(struct store *store, const git_oid *ids, size_t n,
		     unsigned char (**out)[SHA256_BYTES],
		     struct err *err)
{
	unsigned char (*digests)[SHA256_BYTES];
	struct version version;
	size_t i;
	int rc = 0;

	digests = calloc(n ? n : 1, sizeof(*digests));
	if (!digests)
		return err_set(err, ERR_NOMEM, "out of memory");
	version_init(&version);
	for (i = 0; rc == 0 && i < n; i++) {
		rc = version_read(store, &ids[i], &version, err);
		if (rc == 0)
			memcpy(digests[i], version.digest, SHA256_BYTES);
	}
	version_release(&version);
	*out = digests;
	return rc;
}
