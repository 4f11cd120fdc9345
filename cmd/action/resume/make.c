#include "cmd/action/resume/make_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "refs/index/words/spoken.h"

void made_release(struct made *made)
{
	arena_release(&made->arena);
	free(made->turns.at);
	free(made->pieces.at);
	free(made->files.at);
	*made = (struct made)MADE_INIT;
}

/* --- turns and pieces ------------------------------------------------------ */

static bool is_user(const struct said *said)
{
	struct span role;

	return jcs_find(buf_span(&said->state), "role", &role) &&
	       jcs_is_text(role, "user");
}

static int add_turn(struct making *making)
{
	struct made *made = making->made;
	struct passage_turn *turn;
	struct span state = buf_span(&making->said->state);
	struct span model;
	int rc = array_room(&made->turns, making->err);

	if (rc < 0)
		return rc;
	making->turn = made->turns.n;
	turn = &made->turns.at[made->turns.n++];
	*turn = (struct passage_turn){
		.role = is_user(making->said) ? PASSAGE_USER : PASSAGE_MODEL,
		.created = making->created,
	};
	rc = arena_keep(&made->arena, buf_span(&making->said->entity),
			&turn->entity, making->err);
	buf_reset(&making->text);
	if (jcs_find(state, "model", &model) &&
	    jcs_type_of(model) == JCS_STRING)
		buf_fail(&making->text,
			 jcs_string_decode(model, &making->text, NULL));
	if (rc == 0 && turn->role == PASSAGE_MODEL)
		rc = making_keep(making, buf_span(&making->text),
				 &turn->model);
	return rc;
}

int making_add(struct making *making, enum piece_kind kind,
	       struct passage_piece **out)
{
	struct made *made = making->made;
	int rc = making->turn == MAKING_NONE ? add_turn(making) : 0;

	if (rc == 0)
		rc = array_room(&made->pieces, making->err);
	if (rc == 0)
		rc = array_room(&making->pieces, making->err);
	if (rc < 0)
		return rc;
	making->pieces.at[making->pieces.n++] = (struct making_piece){
		.turn = making->turn,
	};
	*out = &made->pieces.at[made->pieces.n++];
	**out = (struct passage_piece){ .kind = kind };
	return 0;
}

int making_text(struct making *making, struct span text)
{
	struct passage_piece *piece;
	size_t i;
	int rc = making_keep_said(making, text, &text);

	for (i = 0; rc == 0 && i < text.len && text.at[i] &&
		    strchr(" \t\r\n", text.at[i]); i++)
		;
	if (rc < 0 || i == text.len)
		return rc;
	rc = making_add(making, PIECE_TEXT, &piece);
	if (rc == 0)
		piece->text = text;
	return rc;
}

/* --- the session ----------------------------------------------------------- */

/* Of the session: a title of one line, and where it was. */
static int describe(struct making *making)
{
	const struct transcript *transcript = making->transcript;
	struct passage *passage = &making->made->passage;
	struct span state = buf_span(&transcript->state);
	struct span entity = buf_span(&transcript->entity);
	size_t start = sizeof("session:") - 1;
	size_t end = span_find(entity, ":", start);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc = arena_keep(&making->made->arena, entity, &passage->session,
			    making->err);

	if (rc == 0 && end != SPAN_NOWHERE)
		rc = arena_keep(&making->made->arena,
				span_of(entity.at + start, end - start),
				&passage->provider, making->err);
	if (rc == 0)
		rc = talk_text(transcript->view, state, "title", &text,
			       making->err);
	text_one_line(&text, 200);
	if (rc == 0)
		rc = making_keep(making, buf_span(&text), &passage->title);
	buf_reset(&text);
	if (rc == 0)
		rc = jcs_inner_decode(spoken_project(state), &text,
				      making->err);
	if (rc == 0)
		rc = arena_keep(&making->made->arena, buf_span(&text),
				&passage->cwd, making->err);
	buf_release(&text);
	return rc;
}

static int read_all(struct making *making)
{
	const struct transcript *transcript = making->transcript;
	size_t n = transcript->named ? transcript->named : transcript->path.n;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		making->said = &transcript->said.at[transcript->path.at[i]];
		rc = making_message(making);
	}
	return rc;
}

int made_of(const struct transcript *transcript, const struct made_wish *wish,
	    struct made *out, struct err *err)
{
	struct making making = {
		.transcript = transcript, .wish = wish, .made = out,
		.ids = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.used = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT),
		.content = BUF_INIT(BUF_NO_LIMIT), .err = err,
	};
	int rc = describe(&making);

	if (rc == 0)
		rc = read_all(&making);
	if (rc == 0) {
		making_set_times(&making);
		rc = making_flatten(&making);
	}
	if (rc == 0) {
		making_join(&making);
		rc = making_cut(&making);
	}
	if (rc == 0)
		making_count(&making);
	free(making.pieces.at);
	table_release(&making.ids);
	table_release(&making.used);
	buf_release(&making.text);
	buf_release(&making.content);
	return rc;
}
