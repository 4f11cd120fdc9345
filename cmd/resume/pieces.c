#include "cmd/resume/pieces.h"

#include <string.h>

#include "cmd/import/beside/beside.h"
#include "lib/id/encode.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"

#define TITLE_MAX ((size_t)80)	/* bytes of one that is made */

/* When all that it called had answered. */
static int64_t step_ended(const struct passage_step *step)
{
	int64_t ended = step->created;
	size_t i;

	for (i = step->said; i < step->n; i++) {
		if (ended < step->pieces[i].call.ended)
			ended = step->pieces[i].call.ended;
	}
	return ended;
}

bool passage_step_next(const struct passage_turn *turn,
		       struct passage_step *step)
{
	const struct passage_piece *end = turn->pieces + turn->n;
	const struct passage_piece *at = step->pieces ?
		step->pieces + step->n : turn->pieces;

	if (at == end)
		return false;
	step->created = step->pieces ? step_ended(step) : turn->created;
	step->pieces = at;
	while (at < end && at->kind != PIECE_CALL)
		at++;
	step->said = (size_t)(at - step->pieces);
	while (at < end && at->kind == PIECE_CALL)
		at++;
	step->n = (size_t)(at - step->pieces);
	return true;
}

const struct passage_call *passage_step_call(const struct passage_step *step,
					     size_t nth)
{
	return &step->pieces[step->said + nth].call;
}

int64_t resume_ms(int64_t micros)
{
	return micros / 1000;
}

void resume_time_text(int64_t micros, char out[RESUME_TIME_MAX])
{
	char text[TIMESTAMP_TEXT_MAX];

	timestamp_text(micros, text);
	memcpy(out, text, RESUME_TIME_MAX - 2);
	memcpy(out + RESUME_TIME_MAX - 2, "Z", 2);
}

void fields_resume_time(struct jcs_fields *fields, const char *name,
			int64_t micros)
{
	char text[RESUME_TIME_MAX];

	resume_time_text(micros, text);
	fields_str(fields, name, text);
}

struct span resume_first_words(const struct passage *passage)
{
	const struct passage_turn *turn = passage->turns;
	size_t i;

	for (i = 0; passage->n && i < turn->n; i++) {
		if (turn->pieces[i].kind == PIECE_TEXT)
			return turn->pieces[i].text;
	}
	return span_of("", 0);
}

void resume_put_title(const struct passage *passage, struct buf *out)
{
	struct span title = passage->title;
	struct span rest;

	if (!title.len) {
		rest = resume_first_words(passage);
		do {
			title = span_take_line(&rest);
		} while (!title.len && rest.len);
		if (title.len > TITLE_MAX) {
			title.len = TITLE_MAX;
			/* Not in the middle of a character. */
			while (((unsigned char)title.at[title.len] & 0xc0) ==
			       0x80)
				title.len--;
		}
	}
	buf_put_span(out, title.len ? title : passage->session);
}

struct span resume_model(const struct passage *passage,
			 const struct passage_turn *turn)
{
	if (turn->model.len)
		return turn->model;
	return passage->model.len ? passage->model : span_str("unknown");
}

const char *resume_maker(struct span model)
{
	static const struct {
		const char *begin;
		const char *maker;
	} makers[] = {
		{ "claude", "anthropic" }, { "gpt", "openai" },
		{ "codex", "openai" }, { "o1", "openai" }, { "o3", "openai" },
		{ "o4", "openai" }, { "gemini", "google" },
	};
	size_t i;

	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		if (span_begins(model, makers[i].begin))
			return makers[i].maker;
	}
	return "unknown";
}

void resume_put_file_text(const struct passage_file *file, struct buf *out)
{
	buf_put_str(out, "[file ");
	if (file->name.len) {
		buf_put_span(out, file->name);
		buf_put_str(out, ", ");
	}
	buf_put_span(out, file->media);
	if (file->path.len) {
		buf_put_str(out, ", at ");
		buf_put_span(out, file->path);
	}
	buf_put_char(out, ']');
}

void resume_put_words(const struct passage_step *step, struct buf *out)
{
	const struct passage_piece *piece = step->pieces;
	size_t before = out->len;

	for (; piece < step->pieces + step->said; piece++) {
		if (piece->kind != PIECE_TEXT)
			continue;
		if (out->len > before)
			buf_put_str(out, "\n\n");
		buf_put_span(out, piece->text);
	}
}

bool resume_is_image(const struct passage_file *file)
{
	return resume_is_picture(file->media) && file->bytes.len;
}

bool resume_is_picture(struct span media)
{
	return span_begins(media, "image/");
}

void resume_put_data_url(const struct passage_file *file, struct buf *out)
{
	buf_put_str(out, "data:");
	buf_put_span(out, file->media);
	buf_put_str(out, ";base64,");
	buf_fail(out, base64_add(out, file->bytes.at, file->bytes.len, NULL));
}

void fields_base64(struct jcs_fields *fields, const char *name,
		   struct span bytes)
{
	struct buf *out = fields_open(fields, span_str(name));
	int rc = ERR_NOMEM;

	if (!out)
		return;
	if (buf_add_char(out, '"', NULL) == 0 &&
	    base64_add(out, bytes.at, bytes.len, NULL) == 0)
		rc = buf_add_char(out, '"', NULL);
	fields_close(fields, rc);
}

void fields_words(struct jcs_fields *fields, const char *name,
		  const struct buf *text)
{
	fields_fail(fields, text->failed, NULL);
	fields_text(fields, name, buf_span(text));
}

void resume_list_add(struct buf *list, struct jcs_fields *fields)
{
	buf_put_char(list, list->len ? ',' : '[');
	buf_fail(list, jcs_fields_write(fields, list, NULL));
	jcs_fields_reset(fields);
}

void fields_list(struct jcs_fields *fields, const char *name,
		 struct buf *list)
{
	buf_put_str(list, list->len ? "]" : "[]");
	fields_buf(fields, name, list);
	buf_reset(list);
}

void resume_put_with(struct buf *out, struct jcs_fields *fields,
		     const char *name, const struct buf *list)
{
	buf_fail(out, jcs_fields_write(fields, out, NULL));
	if (out->len)
		buf_cut(out, out->len - 1);
	buf_putf(out, ",\"%s\":%s", name, list->len ? "" : "[");
	buf_put_span(out, buf_span(list));
	buf_put_str(out, "]}");
	buf_fail(out, list->failed);
}

void resume_put_line(struct buf *out, struct jcs_fields *fields)
{
	buf_fail(out, jcs_fields_write(fields, out, NULL));
	buf_put_char(out, '\n');
	jcs_fields_reset(fields);
}

void resume_put_cache(const struct resume_target *target, const char *ending,
		      const char *name, struct buf *out)
{
	const char *cache = target->variable("XDG_CACHE_HOME");

	if (cache && path_is_inside(target->user_home, cache))
		buf_put_str(out, cache);
	else
		buf_putf(out, "%s/.cache", target->user_home);
	buf_putf(out, "/vvault/resume/%s%s", name, ending);
}

int resume_read_before(const struct resume_target *target,
		       struct resume_file *file, size_t max_bytes,
		       struct err *err)
{
	const char *path = buf_text(&file->path);
	struct buf there = PATH_BUF_INIT;
	int rc;

	if (target->room && path_is_inside(target->home, path))
		buf_putf(&there, "%s%s", target->room,
			 path + strlen(target->home));
	else
		buf_put_str(&there, path);
	rc = buf_end(&there, err);
	if (rc == 0)
		rc = file_read_plain(buf_text(&there), max_bytes,
				     &file->before, err);
	if (rc == ERR_NOT_FOUND) {
		err_clear(err);
		rc = 0;
	}
	buf_release(&there);
	return rc;
}

bool resume_has_uuid(const struct resume_target *target)
{
	return beside_is_uuid(span_str(target->id));
}
