#include "cmd/import/opencode/opencode_internal.h"

#include <string.h>

#include "cmd/import/beside/beside.h"
#include "cmd/import/input/archive.h"
#include "lib/json/jdoc.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"

#define FOLDER "storage/"
#define FILE_MAX ((size_t)512 << 20)
#define ENDING ".json"
#define ID_MAX 128

/* Ids are names of files: none of another kind leads anywhere. */
static bool is_id(struct span id)
{
	size_t i;

	for (i = 0; i < id.len; i++) {
		char c = id.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '_' || c == '-'))
			return false;
	}
	return id.len && id.len <= ID_MAX;
}

/* The folder so many steps above, with '/' behind it. */
static size_t folder_len(const char *path, size_t up)
{
	size_t len = strlen(path);

	do
		while (len && path[len - 1] != '/')
			len--;
	while (up-- && len && len--);
	return len;
}

int opencode_store_find(struct opencode_store *store, struct import_job *job,
			struct import_source *source, bool is_database,
			struct err *err)
{
	const struct import_input *input = &source->input;
	const char *path = input->archive ? input->member : input->path;
	size_t len = folder_len(path, is_database ? 0 : 2);

	*store = (struct opencode_store){
		.job = job, .source = source, .top = BUF_INIT(BUF_NO_LIMIT),
	};
	if (input->is_pipe || !strcmp(input->path, "-"))
		return 0;
	buf_put(&store->top, path, len);
	if (is_database)
		buf_put_str(&store->top, FOLDER);
	return buf_end(&store->top, err);
}

void opencode_store_release(struct opencode_store *store)
{
	buf_release(&store->top);
}

/* --- files ----------------------------------------------------------------- */

/* Put the bytes of a file that is whole JSON in place of what is in out; what
 * is not there is nothing, what is broken is told. */
static int load_file(const struct opencode_store *store, const char *name,
		     struct buf *out, struct err *err)
{
	struct archive *archive = store->source->input.archive;
	const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
	};
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	struct jdoc *doc = NULL;
	int rc;

	buf_reset(out);
	buf_putf(&path, "%s%s", buf_text(&store->top), name);
	rc = buf_end(&path, &why);
	if (rc == 0)
		rc = archive ? archive_load(archive, buf_text(&path), FILE_MAX,
					    out, &why) :
		     file_read_plain(buf_text(&path), FILE_MAX, out, &why);
	if (rc == 0)
		rc = jdoc_parse(buf_span(out), &options, &doc, &why);
	if (rc < 0 && rc != ERR_NOMEM && rc != ERR_NOT_FOUND)
		rc = import_malformed(store->job, store->source, why.text, 0,
				      buf_span(out), err);
	else if (rc == ERR_NOMEM)
		rc = err_set(err, rc, "out of memory");
	else
		rc = 0;
	if (!doc)
		buf_reset(out);
	jdoc_free(doc);
	buf_release(&path);
	return rc;
}

struct listing {
	const struct opencode_store *store;
	const char *folder;		/* below the store, '/' behind it */
	int (*each)(struct listing *listing, struct span id, struct err *err);
	struct buf *out;
	size_t n;
};

/* "<id>.json" */
static int list_name(void *arg, const char *name, enum dir_kind kind,
		     struct err *err)
{
	struct listing *listing = arg;
	struct span id = beside_between(span_str(name), "", ENDING);

	return kind == DIR_KIND_FILE && is_id(id) ?
	       listing->each(listing, id, err) : 0;
}

static int list_archive(struct listing *listing, const char *folder,
			struct err *err)
{
	struct bundle *all = NULL;
	struct bundle *part = NULL;
	size_t i;
	int rc = archive_open(listing->store->source->input.archive, &all,
			      err);

	if (rc == 0)
		rc = bundle_below(all, folder, &part, err);
	for (i = 0; rc == 0 && i < bundle_count(part); i++)
		rc = list_name(listing, bundle_at(part, i)->name,
			       DIR_KIND_FILE, err);
	bundle_free(part);
	return rc;
}

static int list_folder(struct listing *listing, struct err *err)
{
	const struct opencode_store *store = listing->store;
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&folder, "%s%s", buf_text(&store->top), listing->folder);
	rc = buf_end(&folder, err);
	if (rc == 0 && store->source->input.archive)
		rc = list_archive(listing, buf_text(&folder), err);
	else if (rc == 0 && file_is_dir(buf_text(&folder)))
		rc = dir_each(buf_text(&folder), list_name, listing, err);
	buf_release(&folder);
	return rc;
}

/* --- documents ------------------------------------------------------------- */

static int add_part(struct listing *listing, struct span id, struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&name, "%s%.*s" ENDING, listing->folder, (int)id.len, id.at);
	rc = buf_end(&name, err);
	if (rc == 0)
		rc = load_file(listing->store, buf_text(&name), &bytes, err);
	if (bytes.len) {
		buf_put_str(listing->out, listing->n++ ? "," : "");
		buf_put_span(listing->out, buf_span(&bytes));
	}
	buf_release(&bytes);
	buf_release(&name);
	return rc < 0 ? rc : buf_end(listing->out, err);
}

/* {"info":...,"parts":[...]}: parts may lie there without their message. */
static int add_message(struct listing *listing, struct span id,
		       struct err *err)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	struct listing parts = {
		listing->store, NULL, add_part, listing->out, 0
	};
	struct buf *out = listing->out;
	size_t before;
	int rc;

	buf_putf(&folder, "part/%.*s/", (int)id.len, id.at);
	rc = buf_end(&folder, err);
	parts.folder = buf_text(&folder);
	buf_put_str(out, listing->n ? ",{\"info\":" : "{\"info\":");
	before = listing->n;
	listing->n = 0;
	if (rc == 0)
		rc = add_part(listing, id, err);
	if (!listing->n)
		buf_putf(out, "{\"id\":\"%.*s\"}", (int)id.len, id.at);
	listing->n = before + 1;
	buf_put_str(out, ",\"parts\":[");
	if (rc == 0)
		rc = list_folder(&parts, err);
	buf_put_str(out, "]}");
	buf_release(&folder);
	return rc < 0 ? rc : buf_end(out, err);
}

/* A file that tells of the session, as a member. */
static int add_beside(const struct opencode_store *store, const char *folder,
		      struct span id, struct buf *out, struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&name, "%s/%.*s" ENDING, folder, (int)id.len, id.at);
	rc = buf_end(&name, err);
	if (rc == 0)
		rc = load_file(store, buf_text(&name), &bytes, err);
	if (bytes.len) {
		buf_putf(out, ",\"%s\":", folder);
		buf_put_span(out, buf_span(&bytes));
	}
	buf_release(&bytes);
	buf_release(&name);
	return rc < 0 ? rc : buf_end(out, err);
}

static int add_project(const struct opencode_store *store, struct span info,
		       struct buf *out, struct err *err)
{
	const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
	};
	struct jdoc *doc = NULL;
	struct span id;
	int rc = jdoc_parse(info, &options, &doc, NULL);

	if (rc == ERR_NOMEM)
		return err_set(err, rc, "out of memory");
	id = rc == 0 ? jval_get_text(jdoc_root(doc), "projectID") :
	     span_of(NULL, 0);
	rc = is_id(id) ? add_beside(store, "project", id, out, err) : 0;
	jdoc_free(doc);
	return rc;
}

int opencode_compose(const struct opencode_store *store, struct span id,
		     struct span info, struct buf *out, struct err *err)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	struct listing messages = { store, NULL, add_message, out, 0 };
	int rc = 0;

	buf_reset(out);
	if (!store->top.len || !is_id(id))
		return info.len ? buf_printf(out, err, "{\"info\":%.*s}",
					     (int)info.len, info.at) : 0;
	buf_putf(&folder, "message/%.*s/", (int)id.len, id.at);
	buf_put_str(out, "{");
	if (info.len) {
		buf_put_str(out, "\"info\":");
		buf_put_span(out, info);
		buf_put_char(out, ',');
	}
	buf_put_str(out, "\"messages\":[");
	rc = buf_end(&folder, err);
	messages.folder = buf_text(&folder);
	if (rc == 0)
		rc = list_folder(&messages, err);
	buf_put_char(out, ']');
	if (rc == 0 && info.len)
		rc = add_beside(store, "todo", id, out, err);
	if (rc == 0 && info.len)
		rc = add_beside(store, "session_diff", id, out, err);
	if (rc == 0 && info.len)
		rc = add_project(store, info, out, err);
	buf_put_char(out, '}');
	if (rc == 0 && !info.len && !messages.n)
		buf_reset(out);
	buf_release(&folder);
	return rc < 0 ? rc : buf_end(out, err);
}
