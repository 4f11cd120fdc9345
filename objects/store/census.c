#include "objects/store/census.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <git2/odb_backend.h>
#include <git2/sys/odb_backend.h>

#include "lib/base/buf.h"
#include "lib/base/xxh.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "objects/store/store_internal.h"

struct counting {
	const char *folder;
	size_t prefix;			/* of folder, that all have in common */
	struct table *out;
};

static bool counts(const char *name)
{
	return strlen(name) == 2 * GIT_OID_RAWSZ - 2 ||
	       span_ends(span_str(name), ".idx") ||
	       span_ends(span_str(name), ".pack");
}

static int count_file(void *context, const char *name, enum dir_kind kind,
		      struct err *err)
{
	const struct counting *counting = context;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	uint64_t numbers[4];
	struct stat st;
	int rc = 0;

	if (kind != DIR_KIND_FILE || !counts(name))
		return 0;
	rc = buf_printf(&path, err, "%s/%s", counting->folder, name);
	/* It may have been packed meanwhile. */
	if (rc == 0 && !lstat(buf_text(&path), &st)) {
		numbers[0] = xxh64_of(path.data + counting->prefix,
				      path.len - counting->prefix);
		numbers[1] = (uint64_t)st.st_size;
		numbers[2] = (uint64_t)st.st_mtim.tv_sec;
		numbers[3] = (uint64_t)st.st_mtim.tv_nsec;
		numbers[0] = xxh64_of(numbers, sizeof(numbers));
		rc = table_include(counting->out, numbers, NULL, err);
	}
	buf_release(&path);
	return rc;
}

static int count_folder(void *context, const char *name, enum dir_kind kind,
			struct err *err)
{
	struct counting inner = *(const struct counting *)context;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (kind != DIR_KIND_DIR ||
	    (strlen(name) != 2 && strcmp(name, "pack")))
		return 0;
	rc = buf_printf(&path, err, "%s/%s", inner.folder, name);
	inner.folder = buf_text(&path);
	if (rc == 0)
		rc = dir_each(inner.folder, count_file, &inner, err);
	buf_release(&path);
	return rc;
}

int store_census_files(const struct store *store, struct table *out,
		       struct err *err)
{
	struct counting counting = { store->objects_path,
				     strlen(store->objects_path), out };

	return dir_each(store->objects_path, count_folder, &counting, err);
}

struct finding {
	const struct store *store;
	const git_oid *id;
	struct buf *out;
	bool is_found;
};

/* libgit2 reads the index, whatever is wrong with the pack. */
static int look_into(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	struct finding *finding = context;
	struct buf index = BUF_INIT(BUF_NO_LIMIT);
	git_odb_backend *backend = NULL;
	size_t len = strlen(name);

	if (finding->is_found || kind != DIR_KIND_FILE ||
	    !span_ends(span_str(name), ".idx"))
		return 0;
	if (buf_printf(&index, err, "%s/pack/%s",
		       finding->store->objects_path, name) == 0 &&
	    git_odb_backend_one_pack(&backend, buf_text(&index)) == 0) {
		if (backend->exists(backend, finding->id))
			finding->is_found = !buf_printf(
				finding->out, err, " in '%s/pack/%.*s.pack'",
				finding->store->objects_path, (int)len - 4,
				name);
		backend->free(backend);
	}
	buf_release(&index);
	return 0;
}

bool store_find_pack(const struct store *store, const git_oid *id,
		     struct buf *out)
{
	struct finding finding = { store, id, out, false };
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct oid_hex hex = oid_hex(id);
	int rc = buf_printf(&path, NULL, "%s/%.2s/%s", store->objects_path,
			    hex.text, hex.text + 2);

	if (rc == 0 && !file_exists(buf_text(&path))) {
		buf_reset(&path);
		rc = buf_printf(&path, NULL, "%s/pack", store->objects_path);
		if (rc == 0)
			rc = dir_each(buf_text(&path), look_into, &finding,
				      NULL);
	}
	buf_release(&path);
	return rc == 0 && finding.is_found;
}
