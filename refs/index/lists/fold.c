#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/base/xxh.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "lib/time/timestamp.h"
#include "refs/index/lists/lists_internal.h"
#include "refs/index/words/spoken.h"

#define FIRST_BYTES 200		/* of what was said first */
#define TEXT_BYTES 1000		/* of other texts */
#define TOLD_EACH 512		/* so many entities: of progress */
#define ZERO_TIME "0000"	/* how a clock without a time begins */

/* Whose words are the first ones: the person's, else those of an answer. */
enum whose { WHOSE_PERSON, WHOSE_ANSWER, WHOSE_NOBODY };

/* What is gathered of one home. */
struct talk {
	unsigned char home[PLACE_HASH_BYTES];
	bool is_open;
	bool has_session, is_deleted;	/* its session ... */
	bool is_old;		/* ... which was there before */
	unsigned part;
	struct buf texts[LISTS_TEXTS];
	int64_t created, clock;		/* of the session */
	int64_t begin, updated;		/* of its messages */
	enum whose whose;		/* what was said first ... */
	int64_t first_index, first_micros;	/* ... and where it stands */
	struct lists_answers answers;	/* messages, and roots */
	struct {
		struct lists_said *at;
		size_t n;
		size_t cap;
	} said;
	struct {
		struct lists_more *at;
		size_t n;
		size_t cap;
	} more;
};

struct folding {
	const struct vault_calls *calls;
	uint64_t n;		/* entities, so far */
	struct stored *stored;	/* what was there before, or NULL */
	struct lists_folded *out;
	struct table parts;	/* by folder, kind and part: in out->parts */
	unsigned folder, part;	/* of the entity that is told of */
	struct talk talk;
	struct word_counter counter;
};

static int64_t earlier(int64_t a, int64_t b)
{
	return a == INT64_MIN || (b != INT64_MIN && b < a) ? b : a;
}

/* --- parts --- */

static int find_part(struct folding *folding, unsigned folder, unsigned kind,
		     unsigned part, struct lists_part **out, struct err *err)
{
	const unsigned char key[4] = {
		(unsigned char)folder, (unsigned char)kind,
		(unsigned char)(part >> 8), (unsigned char)part
	};
	struct lists_folded *folded = folding->out;
	uint64_t at = folded->parts.n;
	int rc;

	if (!table_get(&folding->parts, key, &at)) {
		rc = array_room(&folded->parts, err);
		if (rc == 0)
			rc = table_put(&folding->parts, key, at, err);
		if (rc < 0)
			return rc;
		folded->parts.at[folded->parts.n++] = (struct lists_part){
			.folder = (uint8_t)folder, .kind = (uint8_t)kind,
			.part = (uint16_t)part, .first = INT64_MIN,
			.last = INT64_MIN,
		};
	}
	*out = &folded->parts.at[at];
	return 0;
}

static int count_entity(struct folding *folding,
			const struct view_entity *entity, struct err *err)
{
	unsigned kind = (unsigned)(entity->kind - kind_table);
	struct lists_part *part = NULL;
	int rc = find_part(folding, folding->folder, kind, folding->part,
			   &part, err);

	if (rc < 0)
		return rc;
	folding->out->records += entity->records_n;
	part->records += (uint32_t)entity->records_n;
	if (!entity->state.at || entity->is_left_out)
		return 0;
	part->entities++;
	part->conflicts += (uint32_t)entity->conflicts;
	return 0;
}

/* --- one conversation --- */

static void talk_reset(struct talk *talk)
{
	size_t i;

	for (i = 0; i < LISTS_TEXTS; i++)
		buf_reset(&talk->texts[i]);
	talk->is_open = talk->has_session = talk->is_deleted = false;
	talk->is_old = false;
	talk->created = talk->clock = INT64_MIN;
	talk->begin = talk->updated = INT64_MIN;
	talk->whose = WHOSE_NOBODY;
	talk->answers.n = talk->said.n = talk->more.n = 0;
}

static int64_t time_of(struct span text)
{
	int64_t micros;

	return timestamp_parse(text, &micros, NULL, NULL) == 0 ? micros :
	       INT64_MIN;
}

/* The highest clock of its records. */
static int64_t clock_of(const struct view_entity *entity)
{
	struct span newest = entity->records[0].record.at;
	size_t i;

	for (i = 1; i < entity->records_n; i++) {
		if (span_compare(entity->records[i].record.at, newest) > 0)
			newest = entity->records[i].record.at;
	}
	return newest.len < TIMESTAMP_TEXT || span_begins(newest, ZERO_TIME) ?
	       INT64_MIN : time_of(span_of(newest.at, TIMESTAMP_TEXT));
}

/* A text of a state on one line: runs of blanks are one. */
static int take_text(struct span value, size_t max, struct buf *out,
		     struct err *err)
{
	int rc;

	buf_reset(out);
	rc = jcs_words(value, out, err);
	if (rc == 0)
		text_one_line(out, max);
	return rc;
}

static bool is_visible(const struct span *read)
{
	return jcs_type_of(read[LISTS_VISIBILITY]) != JCS_STRING ||
	       jcs_is_text(read[LISTS_VISIBILITY], "visible");
}

static enum whose whose_words(const struct span *read)
{
	if (!is_visible(read) || !jcs_is_words(read[LISTS_CONTENT]) ||
	    jcs_is_text(read[LISTS_CONTENT], ""))
		return WHOSE_NOBODY;
	if (jcs_is_text(read[LISTS_ROLE], "user"))
		return WHOSE_PERSON;
	return jcs_is_text(read[LISTS_ROLE], "assistant") ? WHOSE_ANSWER :
	       WHOSE_NOBODY;
}

static int take_first(struct talk *talk, const struct span *read,
		      int64_t micros, struct err *err)
{
	enum whose whose = whose_words(read);
	int64_t index = INT64_MAX;

	(void)jcs_integer(read[LISTS_INDEX], &index);
	if (whose > talk->whose || whose == WHOSE_NOBODY ||
	    (whose == talk->whose &&
	     (index > talk->first_index || (index == talk->first_index &&
					    micros >= talk->first_micros))))
		return 0;
	talk->whose = whose;
	talk->first_index = index;
	talk->first_micros = micros;
	return take_text(read[LISTS_CONTENT], FIRST_BYTES,
			 &talk->texts[LISTS_FIRST], err);
}

static int add_answer(struct talk *talk, struct span entity,
		      const struct span *read, struct err *err)
{
	struct span parent = jcs_string_inner(read[LISTS_PARENT]);
	int rc = array_room(&talk->answers, err);

	if (rc == 0)
		talk->answers.at[talk->answers.n++] = (struct lists_answer){
			.self = xxh64_of(entity.at, entity.len),
			.parent = parent.len ? xxh64_of(parent.at,
							parent.len) : 0,
			.is_visible = is_visible(read),
		};
	return rc;
}

/* Who said it: lines of the session's roles and models. */
static int set_who(struct talk *talk, const struct span *read,
		   struct lists_said *said, struct err *err)
{
	bool is_role = false;
	bool is_model = false;
	size_t i;
	int rc = lists_add_line(&talk->texts[LISTS_ROLES],
				jcs_string_inner(read[LISTS_ROLE]),
				&said->role, &is_role, err);

	if (rc == 0)
		rc = lists_add_line(&talk->texts[LISTS_MODELS],
				    jcs_string_inner(read[LISTS_MODEL]),
				    &said->model, &is_model, err);
	for (i = 0; (is_role || is_model) && i < talk->said.n; i++) {
		struct lists_said *other = &talk->said.at[i];

		if (is_role && other->role != LISTS_UNNAMED)
			other->role = (uint8_t)(other->role +
						(other->role >= said->role));
		if (is_model && other->model != LISTS_UNNAMED)
			other->model = (uint8_t)(other->model +
						 (other->model >=
						  said->model));
	}
	return rc;
}

static int count_message(struct folding *folding, const struct span *read,
			 int64_t micros, struct err *err)
{
	struct talk *talk = &folding->talk;
	struct lists_said said = { .micros = micros };
	struct lists_more more;
	int rc;

	lists_tally(&folding->counter, read, &said, &more);
	rc = set_who(talk, read, &said, err);
	if (rc == 0)
		rc = array_room(&talk->said, err);
	if (rc == 0)
		rc = array_room(&talk->more, err);
	if (rc < 0)
		return rc;
	talk->said.at[talk->said.n++] = said;
	if (said.flags & LISTS_HAS_MORE)
		talk->more.at[talk->more.n++] = more;
	return 0;
}

static int was_there(const struct folding *folding,
		     const struct view_entity *entity, bool *out,
		     struct err *err)
{
	*out = false;
	return folding->stored ? stored_has(folding->stored, entity->entity,
					    NULL, out, err) : 0;
}

static int take_message(struct folding *folding,
			const struct view_entity *entity, struct err *err)
{
	struct talk *talk = &folding->talk;
	struct span read[LISTS_MEMBERS];
	bool is_old = false;
	int64_t micros;
	int rc;

	lists_read(entity->state, read);
	rc = add_answer(talk, entity->entity, read, err);
	if (rc < 0 || spoken_is_root(entity->state))
		return rc;
	rc = was_there(folding, entity, &is_old, err);
	if (rc < 0 || is_old)
		return rc;
	micros = time_of(jcs_string_inner(read[LISTS_CREATED]));
	if (micros == INT64_MIN)
		micros = clock_of(entity);
	talk->begin = earlier(talk->begin, micros);
	if (micros > talk->updated)
		talk->updated = micros;
	rc = count_message(folding, read, micros, err);
	return rc < 0 ? rc : take_first(talk, read, micros, err);
}

static int take_session(struct folding *folding,
			const struct view_entity *entity, struct err *err)
{
	struct talk *talk = &folding->talk;
	struct span state = entity->state;
	struct span value;
	int rc = 0;

	talk->is_deleted |= !state.at;
	if (talk->has_session || !state.at)
		return 0;
	talk->has_session = true;
	talk->clock = clock_of(entity);
	if (jcs_find_string(state, "created", &value))
		talk->created = time_of(value);
	if (jcs_find(state, "title", &value))
		rc = take_text(value, TEXT_BYTES, &talk->texts[LISTS_TITLE],
			       err);
	if (rc == 0 && jcs_find(state, "provider", &value))
		rc = take_text(value, TEXT_BYTES,
			       &talk->texts[LISTS_PROVIDER], err);
	if (rc == 0)
		rc = buf_add_span(&talk->texts[LISTS_PROJECT],
				  text_cut(spoken_project(state), TEXT_BYTES),
				  err);
	return rc < 0 ? rc : was_there(folding, entity, &talk->is_old, err);
}

static void set_times(const struct talk *talk, struct lists_row *row)
{
	row->created = talk->created;
	row->updated = talk->updated;
	if (row->created == INT64_MIN)
		row->created = talk->begin;
	if (row->created == INT64_MIN)
		row->created = talk->clock;
	if (row->updated == INT64_MIN)
		row->updated = row->created;
}

/* Of one that was never said to be there: "x" of "session:x:1". */
static void set_provider(struct talk *talk)
{
	struct span key = buf_span(&talk->texts[LISTS_ENTITY]);
	const char *end;

	if (talk->texts[LISTS_PROVIDER].len)
		return;
	key = span_of(key.at + strlen("session:"),
		      key.len - strlen("session:"));
	end = memchr(key.at, ':', key.len);
	if (end)
		buf_put(&talk->texts[LISTS_PROVIDER], key.at,
			(size_t)(end - key.at));
}

static int add_messages(struct lists_folded *folded, const struct talk *talk,
			struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < talk->said.n; i++) {
		rc = array_room(&folded->said, err);
		if (rc == 0)
			folded->said.at[folded->said.n++] = talk->said.at[i];
	}
	for (i = 0; rc == 0 && i < talk->more.n; i++) {
		rc = array_room(&folded->more, err);
		if (rc == 0)
			folded->more.at[folded->more.n++] = talk->more.at[i];
	}
	return rc;
}

static int add_row(struct folding *folding, struct err *err)
{
	struct lists_folded *folded = folding->out;
	struct talk *talk = &folding->talk;
	struct lists_row row = { .texts = folded->texts.len,
				 .said = folded->said.n,
				 .more = folded->more.n,
				 .messages = (uint32_t)talk->said.n,
				 .more_n = (uint32_t)talk->more.n,
				 .part = (uint16_t)talk->part };
	struct lists_part *part = NULL;
	size_t i;
	int rc = array_room(&folded->rows, err);

	if (rc == 0)
		rc = find_part(folding, SESSION_FOLDER,
			       (unsigned)(kind_find(span_str("session")) -
					  kind_table), talk->part, &part, err);
	if (rc < 0)
		return rc;
	row.branches = row.messages ? lists_branches(&talk->answers) : 0;
	set_provider(talk);
	set_times(talk, &row);
	part->first = earlier(part->first, row.created);
	if (row.updated > part->last)
		part->last = row.updated;
	for (i = 0; i < LISTS_TEXTS; i++) {
		row.lens[i] = (uint16_t)talk->texts[i].len;
		buf_put_span(&folded->texts, buf_span(&talk->texts[i]));
		buf_fail(&folded->texts, talk->texts[i].failed);
	}
	folded->rows.at[folded->rows.n++] = row;
	rc = add_messages(folded, talk, err);
	return rc < 0 ? rc : buf_end(&folded->texts, err);
}

static int talk_end(struct folding *folding, struct err *err)
{
	struct talk *talk = &folding->talk;

	/* One that was deleted is not there; one that nobody spoke of is. */
	if (!talk->is_open || (!talk->has_session &&
			       (talk->is_deleted || !talk->answers.n)))
		return 0;
	if (folding->stored && !talk->said.n &&
	    (talk->is_old || !talk->has_session))
		return 0;
	return add_row(folding, err);
}

/* "session:P:C" of all that lives there. */
static int talk_begin(struct folding *folding,
		      const struct view_entity *entity, struct err *err)
{
	struct talk *talk = &folding->talk;
	struct home home;
	int rc = talk_end(folding, err);

	if (rc == 0)
		rc = entity_home(entity->entity, &home, NULL, err);
	if (rc < 0)
		return rc;
	talk_reset(talk);
	talk->is_open = true;
	memcpy(talk->home, entity->home, sizeof(talk->home));
	talk->part = folding->part;
	buf_put_str(&talk->texts[LISTS_ENTITY], "session:");
	buf_put_span(&talk->texts[LISTS_ENTITY], home.key);
	return buf_end(&talk->texts[LISTS_ENTITY], err);
}

static void tell_progress(struct folding *folding)
{
	const struct vault_calls *calls = folding->calls;

	if (!(++folding->n % TOLD_EACH) && calls->progress)
		calls->progress(calls->arg, "listing", folding->n, 0);
}

static int fold_entity_of(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct folding *folding = arg;
	struct talk *talk = &folding->talk;
	int rc;

	tell_progress(folding);
	view_part_of(entity, &folding->folder, &folding->part);
	rc = count_entity(folding, entity, err);
	if (rc < 0 || folding->folder != SESSION_FOLDER)
		return rc;
	if (!talk->is_open ||
	    memcmp(talk->home, entity->home, sizeof(talk->home)))
		rc = talk_begin(folding, entity, err);
	if (rc == 0 && !strcmp(entity->kind->name, "session"))
		rc = take_session(folding, entity, err);
	if (rc == 0 && entity->state.at &&
	    !strcmp(entity->kind->name, "message"))
		rc = take_message(folding, entity, err);
	return rc;
}

int lists_order(const struct lists_row *a, const char *texts_a,
		const struct lists_row *b, const char *texts_b)
{
	if (a->updated != b->updated)
		return a->updated > b->updated ? -1 : 1;
	return span_compare(span_of(texts_a + a->texts, a->lens[LISTS_ENTITY]),
			    span_of(texts_b + b->texts,
				    b->lens[LISTS_ENTITY]));
}

/* Rows in their order, as qsort() cannot be told where the texts are. */
struct placed {
	const struct lists_row *row;
	const char *texts;
};

static int order_placed(const void *a, const void *b)
{
	const struct placed *x = a;
	const struct placed *y = b;

	return lists_order(x->row, x->texts, y->row, y->texts);
}

static int sort_rows(struct lists_folded *folded, struct err *err)
{
	size_t n = folded->rows.n;
	struct placed *placed = calloc(n + 1, sizeof(*placed));
	struct lists_row *rows = calloc(n + 1, sizeof(*rows));
	size_t i;

	if (!placed || !rows) {
		free(placed);
		free(rows);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	for (i = 0; i < n; i++)
		placed[i] = (struct placed){ &folded->rows.at[i],
					     buf_text(&folded->texts) };
	qsort(placed, n, sizeof(*placed), order_placed);
	for (i = 0; i < n; i++)
		rows[i] = *placed[i].row;
	free(folded->rows.at);
	folded->rows.at = rows;
	folded->rows.cap = n + 1;
	free(placed);
	return 0;
}

int lists_fold(struct view *view, const struct view_parts *parts,
	       struct stored *stored, struct lists_folded *out,
	       struct err *err)
{
	struct folding folding = {
		.calls = &view->vault->calls, .stored = stored, .out = out,
		.parts = TABLE_INIT(4, TABLE_NO_LIMIT)
	};
	const struct view_visitor visitor = { fold_entity_of, &folding };
	size_t i;
	int rc;

	for (i = 0; i < LISTS_TEXTS; i++)
		folding.talk.texts[i] = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	talk_reset(&folding.talk);
	word_counter_init(&folding.counter);
	rc = view_each_part(view, parts, &visitor, err);
	if (rc == 0)
		rc = talk_end(&folding, err);
	if (rc == 0)
		rc = sort_rows(out, err);
	for (i = 0; i < LISTS_TEXTS; i++)
		buf_release(&folding.talk.texts[i]);
	free(folding.talk.answers.at);
	free(folding.talk.said.at);
	free(folding.talk.more.at);
	word_counter_release(&folding.counter);
	table_release(&folding.parts);
	return rc;
}

void lists_folded_release(struct lists_folded *folded)
{
	free(folded->parts.at);
	free(folded->rows.at);
	free(folded->said.at);
	free(folded->more.at);
	buf_release(&folded->texts);
	*folded = (struct lists_folded)LISTS_FOLDED_INIT;
}
