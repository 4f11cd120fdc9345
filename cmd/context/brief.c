#include "cmd/context/brief.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/id/cid.h"
#include "refs/index/by_id.h"

#define ITEM_TOKENS_LEAST 4	/* no item is less */

void brief_release(struct brief *brief)
{
	size_t i;

	for (i = 0; i < brief->n; i++)
		free(brief->sections[i].items.at);
	buf_release(&brief->about);
	arena_release(&brief->arena);
	brief->n = 0;
}

struct brief_section *brief_section(struct brief *brief, const char *name,
				  const char *title, const char *things,
				  unsigned share)
{
	struct brief_section *section = &brief->sections[brief->n++];

	*section = (struct brief_section){
		.name = name, .title = title, .things = things,
		.share = share, .item_share = 100,
	};
	return section;
}

/* A text for as long as the brief lives, its secrets out where they are to
 * be. */
static int keep_brief(struct brief *brief, struct span text, struct span *out,
		struct err *err)
{
	struct buf clean = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (brief->redacts)
		rc = secrets_out_of_text(text, &clean, &brief->secrets, err);
	if (rc == 0)
		rc = arena_keep(&brief->arena, clean.len ? buf_span(&clean) :
				text, out, err);
	buf_release(&clean);
	return rc;
}

int brief_add(struct brief *brief, struct brief_section *section,
	      const struct brief_item *item, struct brief_item **out,
	      struct err *err)
{
	struct brief_item kept = *item;
	int rc = array_room(&section->items, err);

	if (rc == 0)
		rc = arena_keep(&brief->arena, item->ref, &kept.ref, err);
	if (rc == 0)
		rc = keep_brief(brief, item->head, &kept.head, err);
	if (rc == 0)
		rc = keep_brief(brief, item->text, &kept.text, err);
	if (rc == 0)
		rc = arena_keep(&brief->arena, item->json, &kept.json, err);
	if (rc < 0)
		return rc;
	section->items.at[section->items.n] = kept;
	if (out)
		*out = &section->items.at[section->items.n];
	section->items.n++;
	return 0;
}

bool brief_wants(const struct brief *brief, const struct brief_section *section)
{
	return section->items.n < brief->budget / ITEM_TOKENS_LEAST;
}

void brief_ref(const unsigned char *id, char out[BRIEF_REF + 1])
{
	char text[CID_TEXT_MAX];

	cid_text(CID_JSON, id, text);
	memcpy(out, text + sizeof(ID_COMMON) - 1, BRIEF_REF);
	out[BRIEF_REF] = '\0';
}
