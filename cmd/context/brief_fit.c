#include "cmd/context/brief_internal.h"

#include <stdlib.h>

#include "cmd/context/tokens.h"
#include "lib/base/text.h"

/* Less of an item than that says nothing. */
#define PIECE_TOKENS 24
/* However small the budget is, an item may have that much of it. */
#define ITEM_TOKENS 80

/* How items of one section are served. */
struct serving {
	struct brief_section *section;
	struct brief_item **order;	/* by rank */
	size_t next;			/* of these */
};

static int by_rank(const void *a, const void *b)
{
	const struct brief_item *x = *(struct brief_item *const *)a;
	const struct brief_item *y = *(struct brief_item *const *)b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x > y) - (x < y);
}

/* The tokens of an item of whose text so much is shown. */
static int measure(struct brief_item *item, size_t shown, struct buf *scratch,
		   struct err *err)
{
	int rc;

	item->shown = shown;
	buf_reset(scratch);
	brief_put_item(scratch, item);
	rc = buf_end(scratch, err);
	if (rc == 0)
		item->tokens = tokens_of(buf_span(scratch));
	return rc;
}

/* How many bytes of the text are shown where there is room for so many: none
 * cuts a character. */
static size_t cut_of(const struct brief_item *item, size_t most)
{
	size_t start = item->text.len - most;

	if (!item->keeps_end)
		return text_cut(item->text, most).len;
	while (start < item->text.len &&
	       ((unsigned char)item->text.at[start] & 0xc0) == 0x80)
		start++;
	return item->text.len - start;
}

/* Show as much of it as fits; *out_fits: that is enough to be worth it. */
static int fit_item(struct brief_item *item, size_t room, struct buf *scratch,
		    bool *out_fits, struct err *err)
{
	size_t low = 0;
	size_t high = item->text.len;
	int rc = 0;

	/* No text has more tokens than twice its bytes; a long one is not even
	 * looked at beyond what could fit. */
	if (high > room * 16)
		high = room * 16;
	if (high == item->text.len) {
		rc = measure(item, high, scratch, err);
		*out_fits = rc == 0 && item->tokens <= room;
		if (rc < 0 || *out_fits)
			return rc;
	}
	while (rc == 0 && low < high) {
		size_t middle = low + (high - low + 1) / 2;

		rc = measure(item, cut_of(item, middle), scratch, err);
		if (item->tokens <= room)
			low = middle;
		else
			high = middle - 1;
	}
	if (rc == 0)
		rc = measure(item, cut_of(item, low), scratch, err);
	*out_fits = rc == 0 && item->shown && item->tokens <= room &&
		    item->tokens >= PIECE_TOKENS;
	return rc;
}

/* Serve a section from what there is of room. */
static int serve(const struct brief *brief, struct serving *serving,
		 size_t *room, struct buf *scratch, struct err *err)
{
	struct brief_section *section = serving->section;
	size_t share = brief->budget * section->item_share / 100;
	size_t most = share < ITEM_TOKENS ? ITEM_TOKENS : share;
	struct brief_item *item;
	bool fits = true;
	int rc = 0;

	while (rc == 0 && fits && serving->next < section->items.n) {
		size_t limit = *room < most ? *room : most;

		item = serving->order[serving->next];
		rc = fit_item(item, limit, scratch, &fits, err);
		if (rc < 0 || !fits)
			break;
		item->is_in = true;
		serving->next++;
		/* Cut for want of room, it is the last one. */
		fits = item->shown == item->text.len || limit < *room;
		*room -= item->tokens;
	}
	return rc;
}

/* What was cut for want of room is served once more. */
static void take_back(struct serving *serving, size_t *room)
{
	struct brief_item *item;

	if (!serving->next)
		return;
	item = serving->order[serving->next - 1];
	if (item->shown == item->text.len)
		return;
	item->is_in = false;
	*room += item->tokens;
	serving->next--;
}

static void sum_up(struct brief *brief)
{
	struct brief_section *section;
	size_t i;
	size_t k;

	for (i = 0; i < brief->n; i++) {
		section = &brief->sections[i];
		section->in = 0;
		section->tokens = 0;
		for (k = 0; k < section->items.n; k++) {
			section->in += section->items.at[k].is_in;
			section->tokens += section->items.at[k].is_in ?
					   section->items.at[k].tokens : 0;
		}
	}
}

static int begin_serving(struct brief_section *section,
			 struct serving *serving, struct err *err)
{
	size_t i;

	*serving = (struct serving){ .section = section };
	section->in = 0;
	if (!section->items.n)
		return 0;
	serving->order = calloc(section->items.n, sizeof(*serving->order));
	if (!serving->order)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < section->items.n; i++) {
		section->items.at[i].is_in = false;
		serving->order[i] = &section->items.at[i];
	}
	qsort(serving->order, section->items.n, sizeof(*serving->order),
	      by_rank);
	return 0;
}

static int serve_all(struct brief *brief, struct serving *servings,
		     struct buf *scratch, struct err *err)
{
	size_t frame = 0;
	size_t room;
	size_t left = 0;
	size_t i;
	int rc = brief_frame(brief, &frame, err);

	room = frame < brief->budget ? brief->budget - frame : 0;
	for (i = 0; rc == 0 && i < brief->n; i++) {
		if (!brief->sections[i].share)
			rc = serve(brief, &servings[i], &room, scratch, err);
	}
	for (i = 0; rc == 0 && i < brief->n; i++) {
		left += room * brief->sections[i].share / 100;
		rc = serve(brief, &servings[i], &left, scratch, err);
	}
	/* What rounding and shares have left. */
	sum_up(brief);
	left = room;
	for (i = 0; i < brief->n; i++)
		left -= brief->sections[i].share ? brief->sections[i].tokens :
			0;
	for (i = 0; rc == 0 && i < brief->n; i++) {
		take_back(&servings[i], &left);
		rc = serve(brief, &servings[i], &left, scratch, err);
	}
	sum_up(brief);
	return rc;
}

int brief_fit(struct brief *brief, struct err *err)
{
	struct serving servings[BRIEF_SECTIONS_MAX];
	struct buf scratch = BUF_INIT(BUF_NO_LIMIT);
	size_t begun = 0;
	size_t i;
	int rc = 0;

	while (rc == 0 && begun < brief->n) {
		rc = begin_serving(&brief->sections[begun], &servings[begun],
				   err);
		begun++;
	}
	if (rc == 0)
		rc = serve_all(brief, servings, &scratch, err);
	for (i = 0; i < begun; i++)
		free(servings[i].order);
	buf_release(&scratch);
	return rc;
}
