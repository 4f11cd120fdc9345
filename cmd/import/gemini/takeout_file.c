#include "cmd/import/gemini/takeout_internal.h"

#include "cmd/import/input/media.h"
#include "lib/base/utf8.h"
#include "lib/os/path.h"

#define FILE_MAX_BYTES ((size_t)1 << 30)

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
static int put_asset(struct takeout_run *run, struct span name,
		     const struct chat_time *time, struct err *err)
{
	struct record_parts parts = { .type = "message:create" };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields assets = JCS_FIELDS_INIT;
	char at[HLC_TEXT_MAX];
	int rc;

	chat_time_at(time, at);
	buf_reset(&run->native);
	fields_add(&assets, name, buf_span(&run->value));
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

static int load_file(struct takeout_run *run, const struct bundle_file *file,
		     struct span name, const struct chat_time *time,
		     struct err *err)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	unsigned char digest[SHA256_BYTES];
	struct err why = ERR_INIT;
	int rc;

	sha256_of(file->name, strlen(file->name), digest);
	rc = table_put(&run->used, digest, 0, err);
	if (rc < 0)
		return rc;
	rc = bundle_load(run->files, file, FILE_MAX_BYTES, &bytes, &why);
	if (rc == ERR_NOMEM) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
	} else if (rc < 0) {
		rc = import_skip(run->source, "an attached file that cannot "
				 "be read", file->name, err);
	} else {
		buf_reset(&run->value);
		rc = chat_add_blob(&run->chat, buf_span(&bytes),
				   media_of_file(file->name,
						 buf_span(&bytes)),
				   &run->value, err);
		if (rc >= 0)
			rc = put_asset(run, name, time, err);
	}
	buf_release(&bytes);
	return rc;
}

int takeout_put_file(struct takeout_run *run, struct span name,
		     const struct chat_time *time, struct err *err)
{
	const struct bundle_file *file = find_file(run, name);

	if (file && utf8_is_valid(name))
		return load_file(run, file, name, time, err);
	return import_skip(run->source, "an attached file that does not come "
			   "with the activity", NULL, err);
}
