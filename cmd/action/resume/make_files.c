#include "cmd/action/resume/make_internal.h"

#include "cmd/action/read/part_files.h"
#include "cmd/import/input/media.h"
#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"

#define NAME_MAX_BYTES 200
#define TEXT_FILE_MAX ((size_t)64 << 10)

/* A media type alone, without its parameters; absent for what is none. */
static struct span media_alone(struct span media)
{
	size_t slash = 0;
	size_t i;

	for (i = 0; i < media.len && media.at[i] != ';'; i++) {
		if (media.at[i] <= ' ' || media.at[i] > '~' ||
		    media.at[i] == '"' || media.at[i] == '\\')
			break;
		slash += media.at[i] == '/';
	}
	return slash == 1 ? span_of(media.at, i) : span_of(NULL, 0);
}

/* What is told of a file: {"name","media","size","blob"}. */
static int describe(struct making *making, struct span about,
		    struct passage_file *out, uint64_t *out_size)
{
	struct buf *name = &making->text;
	struct span value;
	int64_t size = 0;
	int rc;

	buf_reset(name);
	if (jcs_find(about, "name", &value) &&
	    jcs_type_of(value) == JCS_STRING)
		buf_fail(name, jcs_string_decode(value, name, NULL));
	text_one_line(name, NAME_MAX_BYTES);
	rc = buf_end(name, making->err);
	if (rc == 0)
		rc = making_keep(making, buf_span(name), &out->name);
	if (jcs_find_string(about, "media", &value))
		out->media = media_alone(value);
	if (!out->media.len)
		out->media = span_str(media_of_file(buf_text(name),
						    span_of(NULL, 0)));
	if (rc == 0)
		rc = arena_keep(&making->made->arena, out->media, &out->media,
				making->err);
	if (jcs_find(about, "size", &value))
		(void)jcs_integer(value, &size);
	*out_size = size > 0 ? (uint64_t)size : 0;
	return rc;
}

/* Its bytes, where the vault has them, and not too many. */
static int load_made(struct making *making, struct span about, uint64_t size,
		struct passage_file *out, bool *out_is_there)
{
	struct view *view = making->transcript->view;
	struct buf bytes = BUF_INIT(MADE_FILE_MAX);
	struct span blob;
	int rc = 0;

	*out_is_there = jcs_find_string(about, "blob", &blob) &&
			cid_parse_raw(blob, out->digest) &&
			size <= MADE_FILE_MAX;
	if (!*out_is_there || !view)
		return 0;
	rc = view_blob(view, out->digest, &bytes, out_is_there, making->err);
	if (rc == 0 && *out_is_there)
		rc = arena_keep(&making->made->arena, buf_span(&bytes),
				&out->bytes, making->err);
	buf_release(&bytes);
	return rc;
}

/* In words: what it is, and all that it says where it is a text. */
static void tell_made(const struct passage_file *file, bool is_there,
		 struct buf *out)
{
	buf_putf(out, "[attached: %.*s", (int)(file->name.len ?
		 file->name.len : file->media.len), file->name.len ?
		 file->name.at : file->media.at);
	if (!is_there)
		buf_put_str(out, ", not kept");
	buf_put_char(out, ']');
	if (is_there && file->bytes.len && file->bytes.len <= TEXT_FILE_MAX &&
	    span_begins(file->media, "text/") && utf8_is_valid(file->bytes)) {
		buf_put_str(out, "\n\n");
		buf_put_span(out, file->bytes);
	}
}

static bool is_answer(const struct making *making)
{
	struct span role;

	return making->call == MAKING_NONE &&
	       jcs_find(buf_span(&making->said->state), "role", &role) &&
	       jcs_is_text(role, "assistant");
}

static bool is_held(const struct making *making,
		    const struct passage_file *file)
{
	const struct resume_writer *writer = making->wish->writer;
	unsigned lacks = writer ? writer->lacks : 0;

	if (lacks & RESUME_NO_FILES ||
	    (making->call != MAKING_NONE && lacks & RESUME_NO_RESULT_FILES) ||
	    (lacks & RESUME_NO_ANSWER_FILES && is_answer(making)))
		return false;
	return !writer || !writer->holds || writer->holds(file->media);
}

static int put_made_words(struct making *making, struct span text)
{
	struct passage_call *call;
	struct buf *result = &making->text;

	if (making->call == MAKING_NONE)
		return making_text(making, text);
	call = &making->made->pieces.at[making->call].call;
	buf_reset(result);
	buf_put_span(result, call->result);
	buf_put_str(result, result->len ? "\n\n" : "");
	buf_put_span(result, text);
	return making_keep(making, buf_span(result), &call->result);
}

static int put_made_file(struct making *making, const struct passage_file *file)
{
	struct made *made = making->made;
	struct passage_piece *piece;
	struct making_piece *call;
	int rc;

	made->passage.counts.files++;
	if (making->call == MAKING_NONE) {
		rc = making_add(making, PIECE_FILE, &piece);
		if (rc == 0)
			piece->file = *file;
		return rc;
	}
	rc = array_room(&made->files, making->err);
	if (rc < 0)
		return rc;
	call = &making->pieces.at[making->call];
	if (!call->files_n++)
		call->files = made->files.n;
	made->files.at[made->files.n++] = *file;
	return 0;
}

int making_file(struct making *making, struct span part)
{
	struct passage_counts *counts = &making->made->passage.counts;
	struct buf about = BUF_INIT(BUF_NO_LIMIT);
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	struct passage_file file = { .name = { NULL, 0 } };
	bool is_there = false;
	uint64_t size = 0;
	int rc = part_put_file(making->transcript->view, part, false, &about,
			       making->err);

	if (rc == 0)
		rc = describe(making, buf_span(&about), &file, &size);
	if (rc == 0)
		rc = load_made(making, buf_span(&about), size, &file,
			       &is_there);
	if (rc == 0 && is_there && is_held(making, &file)) {
		rc = put_made_file(making, &file);
	} else if (rc == 0) {
		counts->files_missing += !is_there;
		counts->flattened += is_there;
		tell_made(&file, is_there, &words);
		rc = buf_end(&words, making->err);
		if (rc == 0)
			rc = put_made_words(making, buf_span(&words));
	}
	buf_release(&about);
	buf_release(&words);
	return rc;
}
