#include "refs/history/ref_files.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/id/encode.h"

#define FIRST_LINE_BEGIN "# pack-refs with:"
#define LOOSE_MAX 1024

static int packed_order(const void *a, const void *b)
{
	const struct packed_ref *left = a, *right = b;

	return span_compare(left->name, right->name);
}

bool packed_ref_parse(struct span line, struct packed_ref *out)
{
	if (line.len <= GIT_OID_HEXSZ + 1 || line.at[GIT_OID_HEXSZ] != ' ' ||
	    !hex_decode(span_of(line.at, GIT_OID_HEXSZ), out->id.id,
			GIT_OID_RAWSZ))
		return false;
	out->name = span_of(line.at + GIT_OID_HEXSZ + 1,
			    line.len - GIT_OID_HEXSZ - 1);
	out->rest = line;
	return true;
}

/* Perhaps "^<hex>" lies behind it. */
static int packed_add(struct packed_refs *packed, struct span line,
		      struct span *text, struct err *err)
{
	struct packed_ref ref;
	int rc;

	if (!packed_ref_parse(line, &ref))
		return 0;
	if (text->len && *text->at == '^') {
		line = span_take_line(text);
		ref.rest.len = (size_t)(line.at + line.len - ref.rest.at);
	}
	rc = array_room(packed, err);
	if (rc == 0)
		packed->at[packed->n++] = ref;
	return rc;
}

static bool is_peeled(struct span line)
{
	static const char word[] = " fully-peeled";
	const char *found = strstr(line.at, word);

	return found && found + strlen(word) <= line.at + line.len;
}

static int packed_parse(struct packed_refs *packed, struct err *err)
{
	struct span text = buf_span(&packed->text);
	struct span line;
	int rc = 0;

	packed->is_peeled = !text.len;
	while (rc == 0 && text.len) {
		line = span_take_line(&text);
		if (span_begins(line, FIRST_LINE_BEGIN))
			packed->is_peeled = is_peeled(line);
		else
			rc = packed_add(packed, line, &text, err);
	}
	if (packed->n > 1)
		qsort(packed->at, packed->n, sizeof(*packed->at),
		      packed_order);
	return rc;
}

int packed_refs_read(const struct folder *git_dir, size_t max_bytes,
		     struct packed_refs *out, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc;

	buf_reset(&out->text);
	out->text.max = max_bytes;
	out->n = 0;
	rc = folder_read(git_dir, "packed-refs", &out->text, &reason);
	if (rc < 0 && rc != ERR_NOT_FOUND)
		return err_copy(err, rc, &reason);
	return packed_parse(out, err);
}

const struct packed_ref *packed_refs_find(const struct packed_refs *packed,
					  const char *name)
{
	struct packed_ref wanted = { .name = span_str(name) };

	return packed->n ? bsearch(&wanted, packed->at, packed->n,
				   sizeof(wanted), packed_order) : NULL;
}

void packed_refs_release(struct packed_refs *packed)
{
	buf_release(&packed->text);
	free(packed->at);
	packed->at = NULL;
	packed->n = 0;
	packed->cap = 0;
}

/* The loose file of a ref, if it has one. */
static int loose_read(const struct folder *git_dir, const char *name,
		      struct buf *out, struct err *err)
{
	struct folder folder = FOLDER_INIT;
	const char *slash = strrchr(name, '/');
	char parent[REF_NAME_MAX];
	int rc;

	memcpy(parent, name, (size_t)(slash - name));
	parent[slash - name] = '\0';
	rc = folder_enter(git_dir, parent, false, &folder, err);
	if (rc == 0)
		rc = folder_read(&folder, slash + 1, out, err);
	folder_release(&folder);
	return rc;
}

static int damaged(const char *name, const char *what, struct err *err)
{
	return err_set(err, ERR_CORRUPT, "the ref '%s' %s", name, what);
}

int ref_files_read(const struct folder *git_dir,
		   const struct packed_refs *packed, const char *name,
		   git_oid *out, bool *out_exists, struct err *err)
{
	const struct packed_ref *found;
	struct buf text = BUF_INIT(LOOSE_MAX);
	struct err reason = ERR_INIT;
	int rc = loose_read(git_dir, name, &text, &reason);

	*out_exists = true;
	while (text.len && strchr(" \r\n\t", text.data[text.len - 1]))
		buf_cut(&text, text.len - 1);
	if (rc == ERR_NOT_FOUND) {
		found = packed_refs_find(packed, name);
		*out_exists = found != NULL;
		if (found)
			*out = found->id;
		rc = 0;
	} else if (rc < 0) {
		err_copy(err, rc, &reason);
	} else if (span_begins(buf_span(&text), "ref:")) {
		rc = damaged(name, "is a symbolic ref, which vvault never "
			     "makes", err);
	} else if (!hex_decode(buf_span(&text), out->id, GIT_OID_RAWSZ)) {
		rc = damaged(name, "holds no id", err);
	}
	buf_release(&text);
	return rc;
}
