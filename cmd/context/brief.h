/*
 * A brief: a page for a model, or a person: sections of items that come from a vault,
 * made to fit a budget of tokens. What is written around them is ours, what
 * stands in them is anybody's; one pair of fences tells the two apart.
 */
#ifndef VV_CMD_CONTEXT_BRIEF_H
#define VV_CMD_CONTEXT_BRIEF_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/context/fence.h"
#include "cmd/import/secrets/secret.h"
#include "lib/base/arena.h"
#include "lib/json/jcs_write.h"

#define BRIEF_BUDGET_LEAST 400
#define BRIEF_BUDGET_MOST 1000000
#define BRIEF_SECTIONS_MAX 12
#define BRIEF_REF 12		/* characters of a record's id are a ref */

enum brief_style {
	BRIEF_MARKDOWN,
	BRIEF_TAGS,		/* sections are XML elements */
	BRIEF_RULE		/* Markdown with the head of a rule of Cursor */
};

/* Spans are of the page's arena, or live as long. */
struct brief_item {
	struct span ref;	/* what `vvault read` takes; may be empty */
	struct span head;	/* what stands before the text: one line */
	struct span text;
	struct span json;	/* its other members: a canonical object, or
				   empty */
	bool keeps_end;		/* where it is too long, its end is shown */
	size_t rank;		/* the lowest is kept first; where they are
				   equal, what was added first */
	size_t shown;		/* bytes of the text; set by brief_fit() */
	size_t tokens;		/* of it as it is shown */
	bool is_in;		/* shown at all */
};

struct brief_section {
	const char *name;	/* "memories"; as JSON and tags have it */
	const char *title;	/* "Standing memories" */
	const char *things;	/* "memories": in the line that says what is
				   left out */
	unsigned share;		/* of the budget, of 100; 0: what it needs,
				   before the others */
	unsigned item_share;	/* an item has at most so much of the budget,
				   of 100 */
	struct { struct brief_item *at; size_t n, cap; } items;
	struct span more;	/* a command that tells all of it */
	size_t same;		/* items not added: another says the same */
	size_t beyond;		/* and not added, there being so many */
	size_t tokens;		/* set by brief_fit(): of what is shown */
	size_t in;		/* and how many items that are */
};

struct brief {
	struct arena arena;
	enum brief_style style;
	struct span title;	/* anybody's: escaped where it stands */
	struct buf about;	/* lines below the title; ours */
	struct span more;	/* a command that tells all of it; or empty */
	size_t budget;
	bool redacts;		/* markers in place of secrets, in all texts */
	struct secret_counts secrets;	/* that were replaced so */
	struct brief_section sections[BRIEF_SECTIONS_MAX];
	size_t n;
	size_t tokens;		/* set by brief_write(): of all */
};

#define BRIEF_INIT { .arena = ARENA_INIT, .about = BUF_INIT(BUF_NO_LIMIT) }
void brief_release(struct brief *brief);

/* Begin a section, in the order in which they stand and are served. */
struct brief_section *brief_section(struct brief *brief, const char *name,
				  const char *title, const char *things,
				  unsigned share);

/* Add an item to it; its texts are copied. Borrowed until the next one. */
MUST_USE int brief_add(struct brief *brief, struct brief_section *section,
		      const struct brief_item *item, struct brief_item **out,
		      struct err *err);

/* Is there room for more items: could any that is added now be shown? */
bool brief_wants(const struct brief *brief, const struct brief_section *section);

/*
 * Choose what is shown. Each section has its share of the budget, and what one
 * does not need goes to those behind it; what is left in the end is given out
 * once more, from the first on. In a section items go by their rank; of one
 * that is too long the begin is shown, or the end. So one budget gives one choice.
 */
MUST_USE int brief_fit(struct brief *brief, struct err *err);

/* Append the page as it is read; of at most the budget's tokens. */
MUST_USE int brief_write(struct brief *brief, struct buf *out, struct err *err);

/* Set "budget", "tokens", "sections": [{"name","title","tokens","items":
 * [{"ref","head","text","cut",...}],"left_out","same","more"}], and "page": the
 * text, as it was written. */
MUST_USE int brief_put(const struct brief *brief, struct span text,
		      struct jcs_fields *fields, struct err *err);

/* What is shown of its text. */
struct span brief_shown(const struct brief_item *item);
/* Append an item as it stands on the page. */
void brief_put_item(struct buf *out, const struct brief_item *item);

/* The ref of a record: of its id what follows what all have in common. */
void brief_ref(const unsigned char *id, char out[BRIEF_REF + 1]);

#endif
