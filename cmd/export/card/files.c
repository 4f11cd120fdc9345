#include "cmd/export/card/files.h"

#include "cmd/action/result.h"
#include "cmd/export/folder.h"
#include "cmd/export/kept.h"
#include "cmd/import/records/chat.h"
#include "lib/json/jcs_scan.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"

#define CARD "card.json"
#define ASSETS "assets"

struct writing {
	const struct export *export;
	struct export_folder folder;
	struct buf path;
	struct buf bytes;
	bool is_picture;	/* what the assets came in */
	uint64_t n;
};

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("-_. ", c));
}

/* Could it be a path below the folder as it stands, and not the card's? */
static bool is_path(struct span name)
{
	bool is_begin = true;
	size_t i;

	for (i = 0; i < name.len; i++) {
		if (name.at[i] != '/' && !is_plain(name.at[i]))
			return false;
		if (is_begin && (name.at[i] == '.' || name.at[i] == '/'))
			return false;
		is_begin = name.at[i] == '/';
	}
	return name.len && name.len < PATH_TEXT_MAX / 4 && !is_begin &&
	       !span_equals(name, span_str(CARD));
}

static int write_file(struct writing *writing, struct span name,
		      struct span bytes, struct err *err)
{
	struct buf parent = PATH_BUF_INIT;
	int rc;

	buf_reset(&writing->path);
	buf_put_span(&writing->path, buf_span(&writing->folder.path));
	buf_put_char(&writing->path, '/');
	buf_put_span(&writing->path, name);
	rc = buf_end(&writing->path, err);
	if (rc == 0)
		rc = path_parent(&parent, buf_text(&writing->path), err);
	if (rc == 0)
		rc = dir_make_all(buf_text(&parent), 0700, err);
	if (rc == 0)
		rc = file_write_atomic(buf_text(&writing->path), bytes, 0600,
				       err);
	buf_release(&parent);
	return rc;
}

static int write_blob(struct writing *writing, struct span name,
		      struct span reference, struct err *err)
{
	int rc;

	buf_reset(&writing->bytes);
	rc = export_blob(writing->export->view, reference, &writing->bytes,
			 err);
	return rc < 0 ? rc : write_file(writing, name,
					buf_span(&writing->bytes), err);
}

static int write_asset(struct writing *writing, struct span name,
		       struct span reference, struct err *err)
{
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct buf plain = BUF_INIT(BUF_NO_LIMIT);
	int rc = jcs_inner_decode(name, &plain, err);

	if (!writing->is_picture && is_path(buf_span(&plain))) {
		buf_put_span(&path, buf_span(&plain));
	} else {
		buf_put_str(&path, ASSETS "/");
		chat_put_key(&path, buf_span(&plain));
	}
	if (rc == 0)
		rc = buf_end(&path, err);
	if (rc == 0)
		rc = write_blob(writing, buf_span(&path), reference, err);
	writing->n += rc == 0;
	buf_release(&path);
	buf_release(&plain);
	return rc;
}

static int write_all(struct writing *writing, struct span kept,
		     struct span json, struct err *err)
{
	struct span assets = { NULL, 0 };
	struct span value;
	struct span name;
	struct jcs_iter iter;
	int rc = write_file(writing, span_str(CARD), json, err);

	writing->is_picture = jcs_find(kept, "image", &value);
	if (rc == 0 && writing->is_picture)
		rc = write_blob(writing, span_str("card.png"), value, err);
	jcs_find(kept, "assets", &assets);
	iter = jcs_iter_object(assets);
	while (rc == 0 && jcs_next(&iter, &name, &value))
		rc = write_asset(writing, name, value, err);
	return rc;
}

static int card_tell(const struct writing *writing, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	result_construct(&fields, writing->export->view);
	result_outside(&fields, "folder", writing->export->folder);
	fields_integer(&fields, "assets", (int64_t)writing->n);
	rc = host_object(writing->export->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

int card_files(const struct export *export, struct span kept,
	       struct span json, struct err *err)
{
	struct writing writing = {
		.export = export, .folder = EXPORT_FOLDER_INIT,
		.path = PATH_BUF_INIT, .bytes = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc = export_folder_begin(&writing.folder, export->folder, err);

	if (rc == 0)
		rc = export_folder_end(&writing.folder,
				       write_all(&writing, kept, json, err),
				       err);
	if (rc == 0)
		rc = card_tell(&writing, err);
	export_folder_release(&writing.folder);
	buf_release(&writing.path);
	buf_release(&writing.bytes);
	return rc;
}
