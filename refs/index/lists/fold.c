#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/base/xxh.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"
#include "refs/index/lists/lists_internal.h"
#include "refs/index/words/spoken.h"

#define FIRST_BYTES 200		/* of what was said first */
#define TEXT_BYTES 1000		/* of other texts */
#define TOLD_EACH 512		/* so many entities: of progress */
#define ZERO_TIME "0000"	/* how a clock without a time begins */

/* A message among the others: entities by their hashes, 0 for none. */
struct answer {
	uint64_t self, parent;
	bool is_visible;
	bool goes_on;		/* to one that is visible */
};

/* Whose words are the first ones: the person's, else those of an answer. */
enum whose { WHOSE_PERSON, WHOSE_ANSWER, WHOSE_NOBODY };

/* What is gathered of one home. */
struct talk {
	unsigned char home[PLACE_HASH_BYTES];
	bool is_open;
	bool has_session, is_deleted;	/* its session */
	unsigned part;
	struct buf texts[LISTS_TEXTS];
	int64_t created, clock;		/* of the session */
	int64_t begin, updated;		/* of its messages */
	enum whose whose;		/* what was said first ... */
	int64_t first_index, first_micros;	/* ... and where it stands */
	struct {
		struct answer *at;
		size_t n;
		size_t cap;
	} messages;
};

struct folding {
	const struct vault_calls *calls;
	uint64_t n;		/* entities, so far */
	struct lists_folded *out;
	struct table parts;	/* by folder, kind and part: in out->parts */
	unsigned folder, part;	/* of the entity that is told of */
	struct talk talk;
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
	talk->created = talk->clock = INT64_MIN;
	talk->begin = talk->updated = INT64_MIN;
	talk->whose = WHOSE_NOBODY;
	talk->messages.n = 0;
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
	if (jcs_type_of(value) != JCS_STRING)
		return 0;
	rc = jcs_string_decode(value, out, err);
	if (rc == 0)
		text_one_line(out, max);
	return rc;
}

/* Lines, sorted, each once. */
static int add_model(struct buf *models, struct span model, struct err *err)
{
	size_t at = 0;
	struct buf all = BUF_INIT(BUF_NO_LIMIT);
	int order = 1;
	int rc;

	while (at < models->len) {
		const char *begin = models->data + at;
		const char *end = memchr(begin, '\n', models->len - at);

		order = span_compare(model, span_of(begin,
						    (size_t)(end - begin)));
		if (order <= 0)
			break;
		at += (size_t)(end - begin) + 1;
	}
	if (!order || models->len + model.len >= TEXT_BYTES)
		return 0;
	buf_put(&all, models->data, at);
	buf_put_span(&all, model);
	buf_put_char(&all, '\n');
	buf_put(&all, models->data ? models->data + at : "", models->len - at);
	rc = buf_end(&all, err);
	buf_release(models);
	*models = all;
	return rc;
}

/* What a list asks of a message. */
enum said {
	SAID_CONTENT, SAID_CREATED, SAID_INDEX, SAID_MODEL, SAID_PARENT,
	SAID_ROLE, SAID_VISIBILITY, SAID_ALL
};

static void read_said(struct span state, struct span said[SAID_ALL])
{
	static const char *const names[SAID_ALL] = {
		"content", "created", "index", "model", "parent", "role",
		"visibility"
	};
	struct jcs_iter iter = jcs_iter_object(state);
	struct span name;
	struct span value;
	size_t at = 0;

	memset(said, 0, SAID_ALL * sizeof(*said));
	/* Both stand in the same order. */
	while (at < SAID_ALL && jcs_next(&iter, &name, &value)) {
		int order = span_compare(name, span_str(names[at]));

		while (order > 0 && ++at < SAID_ALL)
			order = span_compare(name, span_str(names[at]));
		if (at < SAID_ALL && !order)
			said[at++] = value;
	}
}

static bool is_visible(const struct span *said)
{
	return jcs_type_of(said[SAID_VISIBILITY]) != JCS_STRING ||
	       jcs_is_text(said[SAID_VISIBILITY], "visible");
}

static enum whose whose_words(const struct span *said)
{
	if (!is_visible(said) || !jcs_string_inner(said[SAID_CONTENT]).len)
		return WHOSE_NOBODY;
	if (jcs_is_text(said[SAID_ROLE], "user"))
		return WHOSE_PERSON;
	return jcs_is_text(said[SAID_ROLE], "assistant") ? WHOSE_ANSWER :
	       WHOSE_NOBODY;
}

static int take_first(struct talk *talk, const struct span *said,
		      int64_t micros, struct err *err)
{
	enum whose whose = whose_words(said);
	int64_t index = INT64_MAX;

	(void)jcs_integer(said[SAID_INDEX], &index);
	if (whose > talk->whose || whose == WHOSE_NOBODY ||
	    (whose == talk->whose &&
	     (index > talk->first_index || (index == talk->first_index &&
					    micros >= talk->first_micros))))
		return 0;
	talk->whose = whose;
	talk->first_index = index;
	talk->first_micros = micros;
	return take_text(said[SAID_CONTENT], FIRST_BYTES,
			 &talk->texts[LISTS_FIRST], err);
}

static int add_answer(struct talk *talk, struct span entity,
		      const struct span *said, struct err *err)
{
	struct span parent = jcs_string_inner(said[SAID_PARENT]);
	int rc = array_room(&talk->messages, err);

	if (rc == 0)
		talk->messages.at[talk->messages.n++] = (struct answer){
			.self = xxh64_of(entity.at, entity.len),
			.parent = parent.len ? xxh64_of(parent.at,
							parent.len) : 0,
			.is_visible = is_visible(said),
		};
	return rc;
}

static int take_message(struct talk *talk, const struct view_entity *entity,
			struct err *err)
{
	struct span said[SAID_ALL];
	int64_t micros;
	int rc;

	read_said(entity->state, said);
	micros = time_of(jcs_string_inner(said[SAID_CREATED]));
	if (micros == INT64_MIN)
		micros = clock_of(entity);
	talk->begin = earlier(talk->begin, micros);
	if (micros > talk->updated)
		talk->updated = micros;
	rc = add_answer(talk, entity->entity, said, err);
	if (rc == 0 && jcs_string_inner(said[SAID_MODEL]).len)
		rc = add_model(&talk->texts[LISTS_MODELS],
			       jcs_string_inner(said[SAID_MODEL]), err);
	return rc < 0 ? rc : take_first(talk, said, micros, err);
}

static int take_session(struct talk *talk, const struct view_entity *entity,
			struct err *err)
{
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
	return rc < 0 ? rc : buf_add_span(&talk->texts[LISTS_PROJECT],
					  text_cut(spoken_project(state),
						   TEXT_BYTES), err);
}

static int order_answers(const void *a, const void *b)
{
	uint64_t x = ((const struct answer *)a)->self;
	uint64_t y = ((const struct answer *)b)->self;

	return (x > y) - (x < y);
}

static struct answer *find_parent(const struct talk *talk,
				  const struct answer *answer)
{
	const struct answer key = { .self = answer->parent };

	return key.self ? bsearch(&key, talk->messages.at, talk->messages.n,
				  sizeof(key), order_answers) : NULL;
}

/* All that lead to one that is visible go on. */
static void mark_goers(struct talk *talk)
{
	struct answer *parent;
	size_t i;

	for (i = 0; i < talk->messages.n; i++) {
		if (!talk->messages.at[i].is_visible)
			continue;
		parent = find_parent(talk, &talk->messages.at[i]);
		for (; parent && !parent->goes_on;
		     parent = find_parent(talk, parent))
			parent->goes_on = true;
	}
}

/* How often it ends with something visible. Where it begins anew, it goes on
 * from where it ended. */
static uint32_t count_branches(struct talk *talk)
{
	uint32_t ends = 0;
	uint32_t begins = 0;
	size_t i;

	if (!talk->messages.n)
		return 0;
	qsort(talk->messages.at, talk->messages.n,
	      sizeof(*talk->messages.at), order_answers);
	mark_goers(talk);
	for (i = 0; i < talk->messages.n; i++) {
		const struct answer *answer = &talk->messages.at[i];

		ends += answer->is_visible && !answer->goes_on;
		begins += (answer->is_visible || answer->goes_on) &&
			  !find_parent(talk, answer);
	}
	return ends > begins ? ends - begins + 1 : 1;
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

static int add_row(struct folding *folding, struct err *err)
{
	struct lists_folded *folded = folding->out;
	struct talk *talk = &folding->talk;
	struct lists_row row = { .texts = folded->texts.len,
				 .messages = (uint32_t)talk->messages.n,
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
	row.branches = count_branches(talk);
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
	return buf_end(&folded->texts, err);
}

static int talk_end(struct folding *folding, struct err *err)
{
	struct talk *talk = &folding->talk;

	/* One that was deleted is not there; one that nobody spoke of is. */
	if (!talk->is_open || (!talk->has_session &&
			       (talk->is_deleted || !talk->messages.n)))
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
		rc = take_session(talk, entity, err);
	if (rc == 0 && entity->state.at &&
	    !strcmp(entity->kind->name, "message"))
		rc = take_message(talk, entity, err);
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
	       struct lists_folded *out, struct err *err)
{
	struct folding folding = {
		.calls = &view->vault->calls, .out = out,
		.parts = TABLE_INIT(4, TABLE_NO_LIMIT)
	};
	const struct view_visitor visitor = { fold_entity_of, &folding };
	size_t i;
	int rc;

	for (i = 0; i < LISTS_TEXTS; i++)
		folding.talk.texts[i] = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	talk_reset(&folding.talk);
	rc = view_each_part(view, parts, &visitor, err);
	if (rc == 0)
		rc = talk_end(&folding, err);
	if (rc == 0)
		rc = sort_rows(out, err);
	for (i = 0; i < LISTS_TEXTS; i++)
		buf_release(&folding.talk.texts[i]);
	free(folding.talk.messages.at);
	table_release(&folding.parts);
	return rc;
}

void lists_folded_release(struct lists_folded *folded)
{
	free(folded->parts.at);
	free(folded->rows.at);
	buf_release(&folded->texts);
	*folded = (struct lists_folded)LISTS_FOLDED_INIT;
}
