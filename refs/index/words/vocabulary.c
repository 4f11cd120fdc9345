#include "refs/index/words/vocabulary_internal.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/array.h"
#include "lib/base/random.h"
#include "lib/base/table.h"
#include "lib/base/xxh.h"
#include "refs/index/words/stop_internal.h"
#include "refs/index/words/words.h"

#define STOP_BYTES 16		/* of the longest stop word, and more */
#define MANY 65536		/* forms */
#define FIRST_INDEX 256

struct form {
	uint64_t hash;
	const char *text;
	const char *stems[LANGUAGES];	/* NULL: not asked for yet */
	uint8_t len, stem_lens[LANGUAGES];
	uint8_t stops;			/* a bit for each language */
};

struct vocabulary {
	struct sb_stemmer *stemmers[LANGUAGES];
	struct table stops;
	struct { struct form *at; size_t n, cap; } forms;
	uint32_t *index;	/* numbers + 1 by hash, probed linearly */
	size_t index_len;	/* a power of two, more than half of it free */
	uint64_t seed;		/* nobody can choose forms that collide */
	struct arena texts;
	uint32_t generation;
};

static int out_of_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

static void stop_key(struct span form, unsigned char out[STOP_BYTES])
{
	memset(out, 0, STOP_BYTES);
	memcpy(out, form.at, form.len);
}

static int add_stops(struct vocabulary *vocabulary, unsigned language,
		     struct err *err)
{
	const char *at = languages[language].stops;
	unsigned char key[STOP_BYTES];
	uint64_t mask;
	int rc = 0;

	while (rc == 0 && *at) {
		size_t len = strcspn(at, " ");

		mask = 0;
		stop_key(span_of(at, len), key);
		(void)table_get(&vocabulary->stops, key, &mask);
		rc = table_put(&vocabulary->stops, key,
			       mask | (uint64_t)1 << language, err);
		at += len + (at[len] == ' ');
	}
	return rc;
}

int vocabulary_new(struct vocabulary **out, struct err *err)
{
	struct vocabulary *vocabulary = calloc(1, sizeof(*vocabulary));
	unsigned i;
	int rc = 0;

	if (!vocabulary)
		return out_of_memory(err);
	vocabulary->stops = (struct table)TABLE_INIT(STOP_BYTES,
						     TABLE_NO_LIMIT);
	vocabulary->seed = random_u64();
	for (i = 0; rc == 0 && i < LANGUAGES; i++) {
		vocabulary->stemmers[i] = sb_stemmer_new(languages[i].name,
							 NULL);
		rc = vocabulary->stemmers[i] ?
		     add_stops(vocabulary, i, err) :
		     err_set(err, ERR_UNSUPPORTED, "no stems of %s: is "
			     "libstemmer there?", languages[i].name);
	}
	if (rc < 0) {
		vocabulary_free(vocabulary);
		return rc;
	}
	*out = vocabulary;
	return 0;
}

static void forget(struct vocabulary *vocabulary)
{
	free(vocabulary->index);
	vocabulary->index = NULL;
	vocabulary->index_len = 0;
	vocabulary->forms.n = 0;
	arena_release(&vocabulary->texts);
}

void vocabulary_free(struct vocabulary *vocabulary)
{
	unsigned i;

	if (!vocabulary)
		return;
	for (i = 0; i < LANGUAGES; i++)
		sb_stemmer_delete(vocabulary->stemmers[i]);
	table_release(&vocabulary->stops);
	forget(vocabulary);
	free(vocabulary->forms.at);
	free(vocabulary);
}

void vocabulary_rest(struct vocabulary *vocabulary)
{
	if (vocabulary->forms.n < MANY)
		return;
	forget(vocabulary);
	vocabulary->generation++;
}

uint32_t vocabulary_generation(const struct vocabulary *vocabulary)
{
	return vocabulary->generation;
}

static uint64_t hash_of(const struct vocabulary *vocabulary, struct span form)
{
	unsigned char seeded[sizeof(vocabulary->seed) + WORD_BYTES_MAX];

	memcpy(seeded, &vocabulary->seed, sizeof(vocabulary->seed));
	memcpy(seeded + sizeof(vocabulary->seed), form.at, form.len);
	return xxh64_of(seeded, sizeof(vocabulary->seed) + form.len);
}

/* Where the number of a form stands, or belongs. */
static uint32_t *find_vocabulary(const struct vocabulary *vocabulary,
				 struct span form,
		      uint64_t hash)
{
	size_t at = (size_t)hash & (vocabulary->index_len - 1);

	for (;; at = (at + 1) & (vocabulary->index_len - 1)) {
		uint32_t number = vocabulary->index[at];
		const struct form *there;

		if (!number)
			return &vocabulary->index[at];
		there = &vocabulary->forms.at[number - 1];
		if (there->hash == hash && there->len == form.len &&
		    !memcmp(there->text, form.at, form.len))
			return &vocabulary->index[at];
	}
}

static int grow_index(struct vocabulary *vocabulary, struct err *err)
{
	size_t len = vocabulary->index_len ? vocabulary->index_len * 2 :
		     FIRST_INDEX;
	uint32_t *index = calloc(len, sizeof(*index));
	size_t i;

	if (!index)
		return out_of_memory(err);
	free(vocabulary->index);
	vocabulary->index = index;
	vocabulary->index_len = len;
	for (i = 0; i < vocabulary->forms.n; i++) {
		const struct form *form = &vocabulary->forms.at[i];

		*find_vocabulary(vocabulary, span_of(form->text, form->len),
		      form->hash) = (uint32_t)i + 1;
	}
	return 0;
}

static int put_form(struct vocabulary *vocabulary, struct span text,
		    uint64_t hash, struct err *err)
{
	unsigned char key[STOP_BYTES];
	struct form form = { .hash = hash };
	uint64_t stops = 0;
	int rc = array_room(&vocabulary->forms, err);

	if (rc == 0)
		rc = arena_keep(&vocabulary->texts, text, &text, err);
	if (rc < 0)
		return rc;
	form.text = text.at;
	form.len = (uint8_t)text.len;
	if (text.len <= STOP_BYTES) {
		stop_key(text, key);
		(void)table_get(&vocabulary->stops, key, &stops);
		form.stops = (uint8_t)stops;
	}
	vocabulary->forms.at[vocabulary->forms.n++] = form;
	return 0;
}

int vocabulary_add(struct vocabulary *vocabulary, struct span form,
		   uint32_t *out, struct err *err)
{
	uint64_t hash = hash_of(vocabulary, form);
	uint32_t *at;
	int rc = 0;

	if (vocabulary->forms.n >= vocabulary->index_len / 2)
		rc = grow_index(vocabulary, err);
	if (rc < 0)
		return rc;
	at = find_vocabulary(vocabulary, form, hash);
	if (!*at)
		rc = put_form(vocabulary, form, hash, err);
	if (rc < 0)
		return rc;
	if (!*at)
		*at = (uint32_t)vocabulary->forms.n;
	*out = *at - 1;
	return 0;
}

struct span vocabulary_form(const struct vocabulary *vocabulary,
			    uint32_t number)
{
	const struct form *form = &vocabulary->forms.at[number];

	return span_of(form->text, form->len);
}

unsigned vocabulary_stops(const struct vocabulary *vocabulary, uint32_t number)
{
	return vocabulary->forms.at[number].stops;
}

struct span vocabulary_stem_of(struct vocabulary *vocabulary,
			       unsigned language, struct span form)
{
	struct sb_stemmer *stemmer = vocabulary->stemmers[language];
	const sb_symbol *stem = sb_stemmer_stem(stemmer,
		(const sb_symbol *)form.at, (int)form.len);

	/* Without memory for it a word is its own stem. */
	return stem ? span_of(stem, (size_t)sb_stemmer_length(stemmer)) :
	       form;
}

int vocabulary_stem(struct vocabulary *vocabulary, uint32_t number,
		    unsigned language, struct span *out, struct err *err)
{
	struct form *form = &vocabulary->forms.at[number];
	int rc;

	if (form->stems[language]) {
		*out = span_of(form->stems[language],
			       form->stem_lens[language]);
		return 0;
	}
	rc = arena_keep(&vocabulary->texts,
			vocabulary_stem_of(vocabulary, language,
					   span_of(form->text, form->len)),
			out, err);
	if (rc < 0 || out->len > UINT8_MAX)
		return rc;
	form->stems[language] = out->at;
	form->stem_lens[language] = (uint8_t)out->len;
	return 0;
}
