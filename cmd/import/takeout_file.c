#include "cmd/import/takeout_run.h"

#include "cmd/import/rest.h"
#include "lib/path.h"

#define FILE_MAX_BYTES ((size_t)1 << 30)

static const char *media_of(const char *name)
{
	static const char *const media[][2] = {
		{ ".png", "image/png" }, { ".jpg", "image/jpeg" },
		{ ".jpeg", "image/jpeg" }, { ".webp", "image/webp" },
		{ ".gif", "image/gif" }, { ".heic", "image/heic" },
		{ ".pdf", "application/pdf" }, { ".txt", "text/plain" },
		{ ".csv", "text/csv" }, { ".html", "text/html" },
		{ ".mp3", "audio/mpeg" }, { ".wav", "audio/wav" },
		{ ".mp4", "video/mp4" }
	};
	const char *dot = strrchr(name, '.');
	size_t i;

	for (i = 0; dot && i < sizeof(media) / sizeof(*media); i++) {
		if (!strcmp(dot, media[i][0]))
			return media[i][1];
	}
	return "application/octet-stream";
}

/* Beside the file that names it, or the one of that name anywhere. */
static const struct bundle_file *find_file(struct takeout_run *run,
					   struct span name, struct err *err)
{
	const struct bundle_file *file;

	if (!run->files || !name.len || memchr(name.at, '\0', name.len))
		return NULL;
	buf_reset(&run->value);
	if (buf_add_str(&run->value, run->folder, err) < 0 ||
	    buf_add_span(&run->value, name, err) < 0)
		return NULL;
	file = bundle_find(run->files, buf_text(&run->value));
	if (file)
		return file;
	file = bundle_find_base(run->files, name);
	return file && span_equals(span_str(path_base(file->name)), name) ?
		file : NULL;
}

static int load_file(struct takeout_run *run, const struct bundle_file *file,
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
				   media_of(file->name), &run->value, err);
		if (rc >= 0)
			rc = jcs_fields_raw(&run->parts.fields, "data",
					    buf_span(&run->value), err);
	}
	buf_release(&bytes);
	return rc;
}

int takeout_add_file(struct takeout_run *run, struct span name,
		     struct err *err)
{
	const struct bundle_file *file = find_file(run, name, err);
	int rc;

	rc = part_begin(&run->parts, "file", err);
	if (rc >= 0)
		rc = rest_add_text(&run->parts.fields, "name", name, err);
	if (rc >= 0 && file)
		rc = load_file(run, file, err);
	else if (rc >= 0)
		rc = import_skip(run->source, "an attached file that does not "
				 "come with the activity", NULL, err);
	return rc < 0 ? rc : part_end(&run->parts, err);
}
