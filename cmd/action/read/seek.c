#include "cmd/action/read/seek.h"

#include <string.h>

#include "cmd/action/result.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"

#define CANDIDATES_BYTES 600	/* of words that list them */
#define BEGIN_MIN 3		/* of a name, behind its kind */
#define WORDS_BYTES 40		/* of one that it is known by */
#define ID_CHARS (sizeof(ID_COMMON) - 1 + 12)

static const struct id_begin no_id;

/* One search over all constructs, for an entity or for ids. */
struct seeking {
	struct vault *vault;
	const char *word;
	struct id_begin begin;		/* bits 0: an entity is looked for */
	const struct kind *kind;	/* NULL, or the word is its begin */
	struct view *view;		/* that is looked at */
	const struct view *last;	/* in which a message was found */
	struct ref *out;
	size_t found;
	struct buf told;		/* what was found, in words */
};

static void put_told_words(struct buf *out, struct span data)
{
	static const char *const names[] = { "content", "title", "name" };
	struct buf text = BUF_INIT(RECORD_MAX_BYTES);
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	size_t i;

	for (i = 0; i < 3 && !text.len; i++) {
		if (jcs_find(data, names[i], &value) &&
		    jcs_words(value, &text, NULL) < 0)
			buf_reset(&text);
	}
	if (text.len && text_escape(&safe, text_cut(buf_span(&text),
						    WORDS_BYTES), 0, NULL) == 0)
		buf_putf(out, " \"%s%s\"", buf_text(&safe),
			 text.len > WORDS_BYTES ? "..." : "");
	buf_release(&text);
	buf_release(&safe);
}

static int found_one(struct seeking *seeking, struct span entity,
		     const unsigned char *record, struct err *err)
{
	struct ref *out = seeking->out;

	if (record && seeking->found &&
	    !memcmp(out->record, record, RECORD_ID_BYTES))
		return 0;
	if (seeking->found++)
		return 0;
	out->view = seeking->view;
	out->has_record = record != NULL;
	out->is_record = record != NULL;
	if (record)
		memcpy(out->record, record, RECORD_ID_BYTES);
	return buf_add_span(&out->entity, entity, err);
}

static int take_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct seeking *seeking = arg;

	buf_putf(&seeking->told, "%s%s", seeking->found ? ", " : "",
		 view_title(seeking->view));
	return found_one(seeking, entity->entity, NULL, err);
}

static int take_record(void *arg, const struct fold_record *record,
		       struct err *err)
{
	struct seeking *seeking = arg;
	size_t before = seeking->found;
	char id[CID_TEXT_MAX];
	int rc = found_one(seeking, record->record.entity, record->id, err);

	if (seeking->found == before)
		return rc;
	cid_text(CID_JSON, record->id, id);
	buf_putf(&seeking->told, "%s%s", before ? ", " : "",
		 record->record.kind->name);
	put_told_words(&seeking->told, record->record.data);
	buf_putf(&seeking->told, " %.*s", (int)ID_CHARS, id);
	return rc;
}

/* What was deleted is found by its whole name alone. */
static int take_begin(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct seeking *seeking = arg;

	if (!entity->state.at || !span_begins(entity->entity, seeking->word))
		return 0;
	buf_putf(&seeking->told, "%s%.*s", seeking->found ? ", " : "",
		 (int)entity->entity.len, entity->entity.at);
	put_told_words(&seeking->told, entity->state);
	return found_one(seeking, entity->entity, NULL, err);
}

/* The first message of a session that has no record of its own. */
static int take_message(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct seeking *seeking = arg;
	struct view_entity session = *entity;

	if (seeking->last == seeking->view)
		return 0;
	seeking->last = seeking->view;
	session.entity = span_str(seeking->word);
	return take_entity(seeking, &session, err);
}

static int look_for_entity(struct seeking *seeking, struct err *err)
{
	const struct view_visitor entity = { take_entity, seeking };
	const struct view_visitor message = { take_message, seeking };
	struct span word = span_str(seeking->word);
	size_t before = seeking->found;
	int rc = view_one(seeking->view, word, &entity, err);

	if (rc < 0 || seeking->found > before ||
	    !span_begins(word, "session:"))
		return rc;
	return view_home(seeking->view, word, &message, err);
}

static int look(struct seeking *seeking, struct err *err)
{
	const struct view_record_visitor record = { take_record, seeking };
	const struct view_visitor begin = { take_begin, seeking };

	if (codec_mode(seeking->view->codec) == CODEC_BLIND)
		return 0;
	if (seeking->kind)
		return view_each(seeking->view, seeking->kind, true, &begin,
				 err);
	return seeking->begin.bits ?
	       records_by_id(seeking->view, &seeking->begin, &record, err) :
	       look_for_entity(seeking, err);
}

/* Damage to one construct: it may be in another. */
static int look_in(struct seeking *seeking, const char *name,
		   struct err *hurt, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = view_open_ref(seeking->vault, name, &seeking->view, &reason);

	seeking->last = NULL;
	if (rc == 0) {
		rc = look(seeking, &reason);
		if (seeking->out->view != seeking->view)
			view_free(seeking->view);
	}
	if (rc == ERR_CORRUPT || rc == ERR_NOT_FOUND) {
		if (!hurt->code)
			*hurt = reason;
		return 0;
	}
	return err_copy(err, rc, &reason);
}

/* An id that is whole is found once; all else may be meant by several. */
static bool is_done(const struct seeking *seeking)
{
	return seeking->found &&
	       seeking->begin.bits == RECORD_ID_BYTES * 8;
}

static int several(const struct seeking *seeking, struct err *err)
{
	if (seeking->begin.bits || seeking->kind)
		return err_set(err, ERR_INVALID, "several %s begin with '%s': "
			       "%s", seeking->kind ? "names" : "records",
			       seeking->word, buf_text(&seeking->told));
	return err_set(err, ERR_INVALID, "'%s' is in several constructs: %s; "
		       "name one before it", seeking->word,
		       buf_text(&seeking->told));
}

static int seek_all(struct seeking *seeking, struct err *err)
{
	struct name_list names = { NULL, 0 };
	struct err hurt = ERR_INIT;
	size_t i;
	int rc = view_constructs(seeking->vault, &names, err);

	for (i = 0; rc == 0 && !is_done(seeking) && i < names.n; i++)
		rc = look_in(seeking, names.at[i], &hurt, err);
	name_list_release(&names);
	if (rc == 0 && seeking->found > 1)
		rc = several(seeking, err);
	if (rc == 0 && !seeking->found && hurt.code)
		rc = err_copy(err, hurt.code, &hurt);
	if (rc == 0 && !seeking->found)
		rc = err_set(err, ERR_NOT_FOUND, "no record%s '%s' in what "
			     "this device can read",
			     seeking->begin.bits ? "" : " of", seeking->word);
	buf_release(&seeking->told);
	return rc;
}

static int seek(struct vault *vault, const char *word,
		const struct id_begin *begin, const struct kind *kind,
		struct ref *out, struct err *err)
{
	struct seeking seeking = {
		.vault = vault, .word = word, .begin = *begin, .kind = kind,
		.out = out, .told = BUF_INIT(CANDIDATES_BYTES),
	};

	return seek_all(&seeking, err);
}

int seek_entity(struct vault *vault, const char *entity, struct ref *out,
		struct err *err)
{
	return seek(vault, entity, &no_id, NULL, out, err);
}

int seek_record(struct vault *vault, const char *word,
		const struct id_begin *begin, struct ref *out, struct err *err)
{
	return seek(vault, word, begin, NULL, out, err);
}

int seek_begin(struct vault *vault, const char *begin, struct ref *out,
	       struct err *err)
{
	size_t len = strcspn(begin, ":");
	const struct kind *kind = kind_find(span_of(begin, len));

	if (!kind || !strcmp(kind->name, "message") ||
	    strlen(begin) < len + 1 + BEGIN_MIN)
		return err_set(err, ERR_NOT_FOUND, "no record of '%s' in what "
			       "this device can read", begin);
	return seek(vault, begin, &no_id, kind, out, err);
}
