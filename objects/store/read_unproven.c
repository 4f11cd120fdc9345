#include "objects/store/store_internal.h"

#include <string.h>

#include <git2/odb_backend.h>
#include <git2/sys/odb_backend.h>

/*
 * libgit2 checks what it reads of all its backends by the same setting: each
 * is asked by itself, until one has an answer. Where that is that what it has
 * is damaged, nobody after it is asked: libgit2 1.5 reads on for ever in a
 * loose object that was cut short.
 */
static int ask_backend(git_odb_backend *backend, const git_oid *id,
		       struct buf *out, bool *out_is_over, bool *out_is_found,
		       struct err *err)
{
	git_object_t type;
	void *bytes = NULL;
	size_t len = 0;
	int rc = backend->read ?
		 backend->read(&bytes, &len, &type, backend, id) :
		 GIT_ENOTFOUND;

	*out_is_over = rc != GIT_ENOTFOUND && rc != GIT_PASSTHROUGH;
	if (rc < 0)
		return 0;
	rc = 0;
	*out_is_found = type == GIT_OBJECT_BLOB && len <= STORE_OBJECT_MAX;
	if (*out_is_found)
		rc = buf_add_span(out, span_of(bytes, len), err);
	git_odb_backend_data_free(backend, bytes);
	return rc;
}

int store_read_unproven(struct store *store, const git_oid *id,
			struct buf *out, bool *out_is_found, struct err *err)
{
	git_odb *odb = store->odb;
	git_odb_backend *backend;
	git_object_t type;
	bool is_over = false;
	size_t len = 0;
	size_t i;
	int rc = 0;

	buf_reset(out);
	*out_is_found = false;
	/* The header first: what it says is what would be allocated. */
	if (git_odb_read_header(&len, &type, odb, id) < 0 ||
	    type != GIT_OBJECT_BLOB || len > STORE_OBJECT_MAX)
		return 0;
	for (i = 0; rc == 0 && !is_over && i < git_odb_num_backends(odb); i++) {
		if (git_odb_get_backend(&backend, odb, i) == 0)
			rc = ask_backend(backend, id, out, &is_over,
					 out_is_found, err);
	}
	return rc;
}
