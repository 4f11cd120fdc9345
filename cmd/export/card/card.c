#include "cmd/action/result.h"
#include "cmd/export/card/files.h"
#include "cmd/export/kept.h"
#include "cmd/export/lore.h"
#include "cmd/export/plain.h"
#include "lib/json/jcs_scan.h"

/* A lorebook around its entries. */
static void add_book(struct jcs_fields *book, struct span rest,
		     const struct lore *lore)
{
	struct buf entries = BUF_INIT(BUF_NO_LIMIT);

	lore_add_members(book, rest, "entries");
	lore_write(lore, &entries);
	fields_buf(book, "entries", &entries);
	buf_release(&entries);
}

/* The fields of a card: the persona with its lorebook whole again. */
static void add_persona(struct jcs_fields *fields, struct span persona,
			const struct lore *lore)
{
	struct jcs_fields book = JCS_FIELDS_INIT;
	struct span rest = { NULL, 0 };
	bool has_book = jcs_find(persona, "character_book", &rest);

	lore_add_members(fields, persona, "character_book");
	if (has_book || lore->n) {
		add_book(&book, rest, lore);
		fields_object(fields, "character_book", &book);
	}
	jcs_fields_release(&book);
}

/* The card anew, of V1 or with its frame. */
static void rebuild_card(struct jcs_fields *whole, struct span state,
			 struct span card, const struct lore *lore)
{
	struct jcs_fields data = JCS_FIELDS_INIT;
	struct span persona = { NULL, 0 };
	struct span native = { NULL, 0 };
	struct span spec = { NULL, 0 };
	struct span version = { NULL, 0 };
	bool has_frame;

	jcs_find(state, "persona", &persona);
	jcs_find(state, "native", &native);
	has_frame = jcs_find(card, "spec", &spec);
	add_persona(has_frame ? &data : whole, persona, lore);
	if (jcs_find(card, "spec_version", &version))
		fields_raw(whole, "spec_version", version);
	if (has_frame) {
		fields_object(whole, "data", &data);
		fields_raw(whole, "spec", spec);
		lore_add_members(whole, native, NULL);
	}
	jcs_fields_release(&data);
}

/* A card to be written. kept: what its importer says of it or, is_book, of
 * the lorebook. */
struct card {
	struct span state;
	struct span kept;
	bool is_book;
	bool is_edited;
};

static int rebuild(struct view *view, const struct card *card,
		   const struct lore *lore, struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf canonical = BUF_INIT(BUF_NO_LIMIT);
	struct span native = { NULL, 0 };
	int rc;

	jcs_find(card->kept, "native", &native);
	if (card->is_book)
		add_book(&fields, native, lore);
	else
		rebuild_card(&fields, card->state, card->kept, lore);
	rc = jcs_fields_write(&fields, &canonical, err);
	if (rc == 0)
		rc = export_plain(view, buf_span(&canonical), out, err);
	buf_put_char(out, '\n');
	jcs_fields_release(&fields);
	buf_release(&canonical);
	return rc;
}

/* Append the exact bytes, as long as nothing of it was edited here. */
static int add_card(const struct export *export, const struct card *card,
		    struct buf *bytes, struct err *err)
{
	struct view *view = export->view;
	struct lore lore = LORE_INIT;
	struct span list = { NULL, 0 };
	struct span source = { NULL, 0 };
	int rc;

	jcs_find(card->kept, "entries", &list);
	jcs_find(card->kept, "source", &source);
	rc = lore_read(view, list, &lore, err);
	if (rc == 0 && (card->is_edited || lore.is_edited)) {
		host_note(export->host, "this card was edited here: it is "
			  "written anew");
		rc = rebuild(view, card, &lore, bytes, err);
	} else if (rc == 0) {
		rc = export_blob(view, source, bytes, err);
	}
	lore_release(&lore);
	return rc;
}

static size_t count_members(struct span object, struct span *last)
{
	struct jcs_iter iter = jcs_iter_object(object);
	size_t n = 0;

	while (jcs_next(&iter, NULL, last))
		n++;
	return n;
}

/* The card of the construct, else the one lorebook that it has. */
static int choose_card(const struct export *export, struct card *card,
		       struct err *err)
{
	const char *title = view_title(export->view);
	struct span books = { NULL, 0 };
	struct span book = { NULL, 0 };
	size_t n;

	jcs_find(card->state, "card", &card->kept);
	jcs_find(card->state, "lorebooks", &books);
	n = count_members(books, &book);
	if (card->kept.len && n)
		host_note(export->host, "%zu lorebook%s that came without the "
			  "card %s left out", n, n == 1 ? "" : "s",
			  n == 1 ? "is" : "are");
	if (card->kept.len)
		return 0;
	if (!n)
		return err_set(err, ERR_NOT_FOUND, "'%s' has no character "
			       "card", title);
	if (n > 1)
		return err_set(err, ERR_INVALID, "'%s' has no card, and %zu "
			       "lorebooks", title, n);
	card->kept = book;
	card->is_book = true;
	card->is_edited = false;
	return 0;
}

int export_card(const struct export *export, struct err *err)
{
	struct card card = { .is_book = false };
	struct buf state = BUF_INIT(BUF_NO_LIMIT);
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	int rc = export_construct(export->view, &state, &card.is_edited, err);

	card.state = buf_span(&state);
	if (rc == 0)
		rc = choose_card(export, &card, err);
	if (rc == 0)
		rc = add_card(export, &card, &bytes, err);
	if (rc == 0)
		rc = export->folder ?
			card_files(export, card.kept, buf_span(&bytes), err) :
			export_bytes(export, &bytes, err);
	buf_release(&state);
	buf_release(&bytes);
	return rc;
}
