#include "cmd/import/gemini/takeout_internal.h"

#include "cmd/import/input/media.h"
#include "lib/base/utf8.h"
#include "lib/os/path.h"

#define FILE_MAX_BYTES ((size_t)1 << 30)

/* What was attached, as the activity calls it, and when. */
struct attached {
	struct span name;
	const struct chat_time *time;
};

/* Beside the file that names it, or the one of that name anywhere. */
static const struct bundle_file *find_file(struct takeout_run *run,
					   struct span name)
{
	const struct bundle_file *file;

	if (!run->files || !name.len || memchr(name.at, '\0', name.len))
		return NULL;
	buf_reset(&run->value);
	buf_put_span(&run->value, run->folder);
	buf_put_span(&run->value, name);
	if (buf_end(&run->value, NULL) < 0)
		return NULL;
	file = bundle_find(run->files, buf_text(&run->value));
	if (file)
		return file;
	file = bundle_find_base(run->files, name);
	return file && span_equals(span_str(path_base(file->name)), name) ?
		file : NULL;
}

/* {"assets":{"<name>":{"$blob":...}}}, a record of its own: so the message is
 * the same whether its files came along or not. */
static int put_asset(struct takeout_run *run, const struct attached *attached,
		     struct err *err)
{
	struct record_parts parts = { .type = "message:create" };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields assets = JCS_FIELDS_INIT;
	char at[HLC_TEXT_MAX];
	int rc;

	chat_time_at(attached->time, at);
	buf_reset(&run->native);
	fields_add(&assets, attached->name, buf_span(&run->value));
	fields_object(&fields, "assets", &assets);
	rc = jcs_fields_write(&fields, &run->native, err);
	buf_reset(&run->value);
	buf_putf(&run->value, "message:%s/" TAKEOUT_PROMPT_KEY,
		 buf_text(&run->chat.session));
	if (rc == 0)
		rc = buf_end(&run->value, err);
	parts.entity = buf_span(&run->value);
	parts.at = at;
	parts.data = buf_span(&run->native);
	if (rc == 0)
		rc = import_put(run->job, run->source, NULL, &parts, err);
	jcs_fields_release(&fields);
	jcs_fields_release(&assets);
	return rc;
}

/* Bytes that were loaded, or not: rc and why tell. */
static int put_loaded(struct takeout_run *run, const struct bundle_file *file,
		      int rc, const struct buf *bytes,
		      const struct attached *attached, struct err *err)
{
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return import_skip(run->source, "an attached file that cannot "
				   "be read", file->name, err);
	buf_reset(&run->value);
	rc = chat_add_blob(&run->chat, buf_span(bytes),
			   media_of_file(file->name, buf_span(bytes)),
			   &run->value, err);
	return rc < 0 ? rc : put_asset(run, attached, err);
}

static int load_file(struct takeout_run *run, const struct bundle_file *file,
		     const struct attached *attached, struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	unsigned char digest[SHA256_BYTES];
	int rc;

	sha256_of(file->name, strlen(file->name), digest);
	rc = table_put(&run->used, digest, 0, err);
	if (rc < 0)
		return rc;
	rc = bundle_load(run->files, file, FILE_MAX_BYTES, &bytes, NULL);
	rc = put_loaded(run, file, rc, &bytes, attached, err);
	buf_release(&bytes);
	return rc;
}

/* A file of that name in another archive of the export; or FILE_POOL_NONE. */
static size_t find_elsewhere(struct takeout_run *run, struct span name)
{
	size_t at = name.len ? file_pool_find(run->pool, NULL, name) :
		FILE_POOL_NONE;
	const struct pool_file *file;

	for (; at < file_pool_count(run->pool); at++) {
		file = file_pool_at(run->pool, at);
		if (strncmp(file->base, name.at, name.len) != 0)
			break;
		if (!file->base[name.len])
			return at;
	}
	return FILE_POOL_NONE;
}

static int load_elsewhere(struct takeout_run *run, size_t at,
			  const struct attached *attached, struct err *err)
{
	struct pool_file *file = file_pool_at(run->pool, at);
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	int rc = file_pool_load(run->pool, at, FILE_MAX_BYTES, &bytes, NULL);

	file->is_used = true;
	rc = put_loaded(run, &file->file, rc, &bytes, attached, err);
	buf_release(&bytes);
	return rc;
}

int takeout_put_file(struct takeout_run *run, struct span name,
		     const struct chat_time *time, struct err *err)
{
	const struct bundle_file *file = find_file(run, name);
	const struct attached attached = { name, time };
	size_t at;

	if (file && utf8_is_valid(name))
		return load_file(run, file, &attached, err);
	at = utf8_is_valid(name) ? find_elsewhere(run, name) : FILE_POOL_NONE;
	if (at != FILE_POOL_NONE)
		return load_elsewhere(run, at, &attached, err);
	run->has_missing = true;
	return import_skip(run->source, "an attached file that does not come "
			   "with the activity", NULL, err);
}
