#include "cmd/export/export.h"

#include "cmd/cli/out.h"
#include "cmd/action/result.h"
#include "cmd/export/kept.h"
#include "cmd/export/lore.h"
#include "cmd/export/plain.h"
#include "lib/json/jcs_scan.h"

static int add_object(struct jcs_fields *fields, const char *name,
		      struct jcs_fields *inner, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = jcs_fields_write(inner, &text, err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, name, buf_span(&text), err);
	buf_release(&text);
	return rc;
}

/* A lorebook around its entries. */
static int add_book(struct jcs_fields *book, struct span rest,
		    const struct lore *lore, struct err *err)
{
	struct buf entries = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = lore_add_members(book, rest, "entries", err);
	if (rc >= 0)
		rc = lore_write(lore, &entries, err);
	if (rc >= 0)
		rc = jcs_fields_raw(book, "entries", buf_span(&entries), err);
	buf_release(&entries);
	return rc;
}

/* The fields of a card: the persona with its lorebook whole again. */
static int add_persona(struct jcs_fields *fields, struct span persona,
		       const struct lore *lore, struct err *err)
{
	struct jcs_fields book = JCS_FIELDS_INIT;
	struct span rest = { NULL, 0 };
	bool has_book = jcs_find(persona, "character_book", &rest);
	int rc;

	rc = lore_add_members(fields, persona, "character_book", err);
	if (rc >= 0 && (has_book || lore->n)) {
		rc = add_book(&book, rest, lore, err);
		if (rc >= 0)
			rc = add_object(fields, "character_book", &book, err);
	}
	jcs_fields_release(&book);
	return rc;
}

/* The card anew, of V1 or with its frame, canonical. */
static int rebuild_card(struct span state, struct span card,
			const struct lore *lore, struct buf *out,
			struct err *err)
{
	struct jcs_fields whole = JCS_FIELDS_INIT;
	struct jcs_fields data = JCS_FIELDS_INIT;
	struct span persona = { NULL, 0 };
	struct span native = { NULL, 0 };
	struct span spec = { NULL, 0 };
	struct span version = { NULL, 0 };
	bool has_frame;
	int rc;

	jcs_find(state, "persona", &persona);
	jcs_find(state, "native", &native);
	has_frame = jcs_find(card, "spec", &spec);
	rc = add_persona(has_frame ? &data : &whole, persona, lore, err);
	if (rc >= 0 && has_frame)
		rc = add_object(&whole, "data", &data, err);
	if (rc >= 0 && has_frame)
		rc = jcs_fields_raw(&whole, "spec", spec, err);
	if (rc >= 0 && jcs_find(card, "spec_version", &version))
		rc = jcs_fields_raw(&whole, "spec_version", version, err);
	if (rc >= 0 && has_frame)
		rc = lore_add_members(&whole, native, NULL, err);
	if (rc >= 0)
		rc = jcs_fields_write(&whole, out, err);
	jcs_fields_release(&whole);
	jcs_fields_release(&data);
	return rc;
}

static int rebuild_book(struct span book, const struct lore *lore,
			struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span native = { NULL, 0 };
	int rc;

	jcs_find(book, "native", &native);
	rc = add_book(&fields, native, lore, err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

/*
 * The exact bytes, as long as nothing of it was edited here. kept: what the
 * importer says of the card or, is_book, the lorebook.
 */
static int write_kept(struct view *view, struct span state, struct span kept,
		      bool is_book, bool is_edited, struct err *err)
{
	struct buf canonical = BUF_INIT(BUF_NO_LIMIT);
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct lore lore = LORE_INIT;
	struct span list = { NULL, 0 };
	struct span source = { NULL, 0 };
	int rc;

	jcs_find(kept, "entries", &list);
	jcs_find(kept, "source", &source);
	rc = lore_read(view, list, &lore, err);
	if (rc < 0)
		goto out;
	if (!is_edited && !lore.is_edited) {
		rc = export_blob(view, source, &bytes, err);
		goto out;
	}
	out_note("this card was edited here: it is written anew");
	if (is_book)
		rc = rebuild_book(kept, &lore, &canonical, err);
	else
		rc = rebuild_card(state, kept, &lore, &canonical, err);
	if (rc >= 0)
		rc = export_plain(view, buf_span(&canonical), &bytes, err);
	if (rc >= 0)
		rc = buf_add_char(&bytes, '\n', err);
out:
	if (rc >= 0)
		export_bytes(buf_span(&bytes));
	lore_release(&lore);
	buf_release(&canonical);
	buf_release(&bytes);
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

int export_card(struct session *session, struct view *view)
{
	struct err *err = &session->err;
	struct buf state = BUF_INIT(BUF_NO_LIMIT);
	struct span card = { NULL, 0 };
	struct span books = { NULL, 0 };
	struct span book = { NULL, 0 };
	bool is_edited;
	size_t n;
	int rc;

	rc = export_construct(view, &state, &is_edited, err);
	if (rc < 0)
		goto out;
	jcs_find(buf_span(&state), "card", &card);
	jcs_find(buf_span(&state), "lorebooks", &books);
	n = count_members(books, &book);
	if (card.len && n)
		out_note("%zu lorebook%s that came without the card %s left "
			 "out", n, n == 1 ? "" : "s", n == 1 ? "is" : "are");
	if (card.len)
		rc = write_kept(view, buf_span(&state), card, false,
				is_edited, err);
	else if (n == 1)
		rc = write_kept(view, buf_span(&state), book, true, false,
				err);
	else if (n)
		rc = err_set(err, ERR_INVALID, "'%s' has no card, and %zu "
			     "lorebooks", view_title(view), n);
	else
		rc = err_set(err, ERR_NOT_FOUND, "'%s' has no character card",
			     view_title(view));
out:
	buf_release(&state);
	return rc;
}
