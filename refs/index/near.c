#include "refs/index/near.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/edits.h"
#include "refs/index/shard/shards.h"

#define PART_MIN 3		/* characters of what may stand in another */
#define STEM_MIN 4
#define ONE_EDIT 3		/* characters of what may have one wrong ... */
#define TWO_EDITS 6		/* ... or two */

/* A word of a dictionary, and how far it is from what was asked. */
struct candidate {
	struct span stem, form;
	size_t distance;
};

struct candidates {
	struct candidate at[NEAR_WORDS_MAX];
	size_t n;
};

struct nearing {
	const struct query *query;
	uint32_t said;			/* slots that some word is found by */
	struct candidates slots[QUERY_SLOTS_MAX];
	struct arena *texts;
};

/* The less the better: what holds the whole word, the shorter the better; then
 * what holds a stem of it; then what has few letters other. */
static bool measure(const struct query_slot *slot, struct span form,
		    size_t *out)
{
	size_t length = edits_length(slot->form);
	unsigned max = length < ONE_EDIT ? 0 : length < TWO_EDITS ? 1 : 2;
	unsigned edits;
	size_t i;

	*out = form.len;
	if (length >= PART_MIN && edits_holds(form, slot->form))
		return true;
	*out += WORD_BYTES_MAX;
	for (i = 0; i < slot->stems_n; i++) {
		if (edits_length(slot->stems[i]) >= STEM_MIN &&
		    edits_holds(form, slot->stems[i]))
			return true;
	}
	edits = edits_between(form, slot->form, max);
	*out = (2 + (size_t)edits) * WORD_BYTES_MAX;
	return edits <= max;
}

static int keep(struct nearing *nearing, struct candidates *list, size_t at,
		const struct word *word, size_t distance, struct err *err)
{
	struct candidate *one = &list->at[at];
	size_t last = list->n < NEAR_WORDS_MAX ? list->n : NEAR_WORDS_MAX - 1;
	int rc;

	memmove(one + 1, one, (last - at) * sizeof(*one));
	list->n = last + 1;
	one->distance = distance;
	rc = arena_keep(nearing->texts, word->stem, &one->stem, err);
	return rc < 0 ? rc :
	       arena_keep(nearing->texts, word->form, &one->form, err);
}

/* The nearest, each once; where they are as near, by their letters. */
static int consider(struct nearing *nearing, size_t slot,
		    const struct word *word, struct err *err)
{
	struct candidates *list = &nearing->slots[slot];
	size_t distance;
	size_t at = 0;

	if (!measure(&nearing->query->slots[slot], word->form, &distance))
		return 0;
	for (; at < list->n; at++) {
		int order = span_compare(word->form, list->at[at].form);

		if (!order)
			return 0;
		if (distance < list->at[at].distance ||
		    (distance == list->at[at].distance && order < 0))
			break;
	}
	return at == NEAR_WORDS_MAX ? 0 :
	       keep(nearing, list, at, word, distance, err);
}

static int consider_word(struct nearing *nearing, const struct word *word,
			 struct err *err)
{
	uint32_t exact;
	size_t slot;
	int rc = 0;

	nearing->said |= query_match(nearing->query, word, &exact);
	for (slot = 0; rc == 0 && slot < nearing->query->slots_n; slot++) {
		if (!(nearing->said >> slot & 1) &&
		    !nearing->query->slots[slot].is_prefix)
			rc = consider(nearing, slot, word, err);
	}
	return rc;
}

static int consider_view(struct nearing *nearing, const struct recall *recall,
			 struct view *view, struct err *err)
{
	struct shards shards = SHARDS_INIT;
	struct word word;
	size_t shard;
	size_t i;
	bool is_there = true;
	int rc = shards_open(view, recall->words, recall->filter.until_ms,
			     &shards, err);

	for (shard = 0; rc == 0 && shard < shards.n; shard++) {
		is_there = true;
		for (i = 0; rc == 0 && is_there; i++) {
			rc = shard_word(&shards.at[shard], i, &word, &is_there,
					err);
			if (rc == 0 && is_there)
				rc = consider_word(nearing, &word, err);
		}
	}
	if (rc == ERR_CORRUPT)
		shards_drop(&shards);
	shards_release(&shards);
	return rc;
}

/* What holds the word shows it; what is spelled like it, if nothing does. */
static int tell(struct nearing *nearing, size_t slot, struct query *query,
		struct near *out, struct err *err)
{
	const struct candidates *list = &nearing->slots[slot];
	size_t worst = list->at[0].distance < 2 * WORD_BYTES_MAX ?
		       2 * WORD_BYTES_MAX - 1 : list->at[0].distance;
	struct near_word *word;
	size_t i;
	int rc = array_room(out, err);

	if (rc < 0)
		return rc;
	word = &out->at[out->n];
	word->shown_n = 0;
	rc = arena_keep(&out->texts, query->slots[slot].form, &word->asked,
			err);
	for (i = 0; rc == 0 && i < list->n && list->at[i].distance <= worst;
	     i++) {
		word->shown[word->shown_n++] = list->at[i].form;
		rc = query_widen(query, slot, list->at[i].stem, err);
	}
	out->n += rc == 0;
	return rc;
}

static int widen(struct nearing *nearing, struct recall *wider,
		 struct near *out, struct err *err)
{
	size_t slot;
	int rc = 0;

	for (slot = 0; rc == 0 && slot < nearing->query->slots_n; slot++) {
		if (!(nearing->said >> slot & 1) && nearing->slots[slot].n)
			rc = tell(nearing, slot, wider->query, out, err);
	}
	return rc;
}

static int look_again(const struct recall *recall, struct recall *wider,
		      size_t n, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < recall->views_n; i++)
		rc = recall_add(wider, recall->views[i], err);
	return rc < 0 ? rc : recall_rank(wider, n, err);
}

int recall_near(struct recall **recall, struct span text, size_t n,
		struct near *out, struct err *err)
{
	struct nearing nearing = { .query = (*recall)->query,
				   .texts = &out->texts };
	struct recall *wider = NULL;
	struct err quiet = ERR_INIT;
	size_t i;
	int rc = recall_new(text, &(*recall)->filter, &wider, err);

	/* What has no shards has no dictionary. */
	for (i = 0; rc == 0 && i < (*recall)->views_n; i++) {
		if (consider_view(&nearing, *recall, (*recall)->views[i],
				  &quiet) == ERR_NOMEM)
			rc = err_set(err, ERR_NOMEM, "out of memory");
	}
	if (rc == 0)
		rc = widen(&nearing, wider, out, err);
	if (rc == 0 && out->n)
		rc = look_again(*recall, wider, n, err);
	if (rc == 0 && wider->hits_n) {
		recall_free(*recall);
		*recall = wider;
		wider = NULL;
	} else {
		out->n = 0;
	}
	recall_free(wider);
	return rc;
}

void near_release(struct near *near)
{
	free(near->at);
	arena_release(&near->texts);
	*near = (struct near)NEAR_INIT;
}
