#include "refs/index/shard/shard_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"
#include "lib/time/steady.h"
#include "objects/tree/segment_verify.h"
#include "refs/view/forgotten.h"

#define TOKENS_MAX (UINT32_C(1) << 28)
#define WHO_TEXTS 6
#define IS_KNOWN ((uint64_t)1 << 63)

static void key_of(struct span a, struct span b, unsigned char out[16])
{
	struct xxh128 hash;
	uint32_t len = (uint32_t)a.len;

	xxh128_init(&hash);
	xxh128_add(&hash, &len, sizeof(len));
	xxh128_add(&hash, a.at, a.len);
	xxh128_add(&hash, b.at, b.len);
	xxh128_finish(&hash, out);
}

/* The number of a text that few rows have of their own: a name, a model. */
static int text_number(struct build *build, struct span text, uint16_t *out,
		       struct err *err)
{
	uint64_t number = build->texts.n;
	unsigned char key[16];
	int rc;

	key_of(text, span_of("", 0), key);
	if (table_get(&build->by_text, key, &number)) {
		*out = (uint16_t)number;
		return 0;
	}
	if (number > UINT16_MAX)
		return err_set(err, ERR_LIMIT, "too many names for an index");
	rc = array_room(&build->texts, err);
	if (rc == 0)
		rc = table_put(&build->by_text, key, number, err);
	if (rc < 0)
		return rc;
	build->texts.at[build->texts.n++] = (struct shard_text){
		(uint32_t)build->text_heap.len, (uint32_t)text.len
	};
	*out = (uint16_t)number;
	return buf_add_span(&build->text_heap, text, err);
}

static int add_term(struct build *build, const struct word *word,
		    struct err *err)
{
	int rc = array_room(&build->terms, err);

	if (rc < 0)
		return rc;
	if (build->heap.len > UINT32_MAX)
		return err_set(err, ERR_LIMIT, "too many words for an index");
	build->terms.at[build->terms.n++] = (struct made_term){
		(uint32_t)build->heap.len, (uint16_t)word->stem.len,
		(uint16_t)word->form.len
	};
	buf_put_span(&build->heap, word->stem);
	buf_put_span(&build->heap, word->form);
	return buf_end(&build->heap, err);
}

/* What a word is: the number of its term, none of a stop word, behind what it
 * tells. */
static int look_at_word(struct build *build, const struct word *word,
			uint64_t *out, struct err *err)
{
	const uint64_t key[2] = {
		xxh64_of(word->form.at, word->form.len),
		xxh64_of(word->stem.at, word->stem.len) ^
		(uint64_t)word->is_stop
	};
	int rc = 0;

	if (table_get(&build->by_term, key, out))
		return 0;
	*out = (uint64_t)build->terms.n << 8 | spoken_flags_of(word);
	if (!word->is_stop)
		rc = add_term(build, word, err);
	return rc < 0 ? rc : table_put(&build->by_term, key, *out, err);
}

/* The same, which is asked of each word, but looked at once. */
static int know_word(struct build *build, const struct word *word,
		     uint64_t *out, struct err *err)
{
	int rc = 0;

	while (rc == 0 && build->known.n <= word->number) {
		rc = array_room(&build->known, err);
		if (rc == 0)
			build->known.at[build->known.n++] = 0;
	}
	if (rc < 0)
		return rc;
	*out = build->known.at[word->number];
	if (!*out)
		rc = look_at_word(build, word, out, err);
	if (rc == 0)
		build->known.at[word->number] = *out | IS_KNOWN;
	return rc;
}

static int put_token(struct build *build, const struct word *word,
		     struct made_row *row, struct err *err)
{
	struct token token = { 0, row->number, 0 };
	uint64_t known = 0;
	int rc = know_word(build, word, &known, err);

	row->traits |= (uint8_t)known;
	if (rc < 0 || word->is_stop)
		return rc;
	if (!word->is_whole)
		token.position = ++row->tokens;
	token.term = (uint32_t)(known >> 8);
	rc = array_room(&build->tokens, err);
	if (rc == 0 && build->tokens.n == TOKENS_MAX)
		rc = err_set(err, ERR_LIMIT, "too many words for an index");
	if (rc == 0)
		build->tokens.at[build->tokens.n++] = token;
	return rc;
}

static void who_key(const struct span texts[WHO_TEXTS], unsigned char out[16])
{
	struct xxh128 hash;
	size_t i;

	xxh128_init(&hash);
	for (i = 0; i < WHO_TEXTS; i++) {
		uint32_t len = (uint32_t)texts[i].len;

		xxh128_add(&hash, &len, sizeof(len));
		xxh128_add(&hash, texts[i].at, texts[i].len);
	}
	xxh128_finish(&hash, out);
}

/* The number of who said it: few rows have one of their own. */
static int who_number(struct build *build, uint16_t *out, struct err *err)
{
	const struct spoken *spoken = &build->spoken;
	const struct span texts[WHO_TEXTS] = {
		spoken->name, spoken->role, spoken->model, spoken->provider,
		span_str(spoken->kind->name), spoken->project
	};
	uint64_t number = build->whos.n;
	unsigned char key[16];
	uint16_t at[WHO_TEXTS];
	size_t i;
	int rc = 0;

	who_key(texts, key);
	*out = (uint16_t)number;
	if (table_get(&build->by_who, key, &number)) {
		*out = (uint16_t)number;
		return 0;
	}
	if (number > UINT16_MAX)
		return err_set(err, ERR_LIMIT, "too many names for an index");
	for (i = 0; rc == 0 && i < WHO_TEXTS; i++)
		rc = text_number(build, texts[i], &at[i], err);
	if (rc == 0)
		rc = array_room(&build->whos, err);
	if (rc == 0)
		rc = table_put(&build->by_who, key, number, err);
	if (rc == 0)
		build->whos.at[build->whos.n++] = (struct shard_who){
			at[0], at[1], at[2], at[3], at[4], at[5]
		};
	return rc;
}

static bool is_deleted(const struct record *record)
{
	return span_equals(record->verb, span_str("delete"));
}

static uint8_t traits_of(const struct spoken *spoken,
			 const struct record *record)
{
	uint32_t traits = spoken_flags(spoken);

	if (!spoken_is_visible(spoken))
		traits |= SHARD_HIDDEN;
	if (!spoken->text.len || is_deleted(record))
		traits |= SHARD_SILENT;
	if (span_begins(record->entity, "memory:capsule:"))
		traits |= SHARD_CAPSULES;
	return (uint8_t)traits;
}

static int put_row(struct build *build, const struct record *record,
		   const unsigned char *id, struct err *err)
{
	const struct spoken *spoken = &build->spoken;
	struct made_row row = {
		.session = xxh64_of(spoken->session.at, spoken->session.len),
		.entity = xxh64_of(record->entity.at, record->entity.len),
		.micros = spoken->micros, .index = spoken->index,
		.tie = spoken_tie(id),
		.line = (uint32_t)(record->line.at - build->text->data),
		.number = (uint32_t)build->rows.n,
		.segment = build->segment,
		.traits = traits_of(spoken, record),
	};
	const struct word *list;
	size_t n;
	size_t i;
	int rc = who_number(build, &row.who, err);

	if (rc == 0)
		rc = words_read(build->words, buf_span(&spoken->text), &list,
				&n, err);
	if (build->generation != words_generation(build->words))
		build->known.n = 0;
	build->generation = words_generation(build->words);
	for (i = 0; rc == 0 && i < n; i++)
		rc = put_token(build, &list[i], &row, err);
	if (rc == 0)
		rc = array_room(&build->rows, err);
	if (rc == 0)
		build->rows.at[build->rows.n++] = row;
	return rc;
}

static int take_record(void *arg, const struct placed *placed, struct err *err)
{
	struct build *build = arg;
	const struct record *record = placed->record;
	int rc;

	if (!spoken_has(record->kind) ||
	    forgotten_has(build->view, placed->id))
		return 0;
	rc = spoken_read(record->entity, record->kind, record->data,
			 record->at, &build->spoken, err);
	if (is_deleted(record))
		build->spoken.project = span_of("", 0);
	return rc < 0 ? rc : put_row(build, record, placed->id, err);
}

/* What the visitor sees is borrowed from text, which is whole by then. */
static int read_segment(struct build *build,
			const struct tree_segment *segment, struct err *err)
{
	const struct placed_visitor visitor = { take_record, build };
	struct buf text = BUF_INIT(RECORD_MAX_BYTES + 1);
	int rc = buf_reserve(&text, 1, err);

	build->text = &text;
	if (rc == 0)
		rc = segment_load(build->view->vault->store,
				  build->view->codec, segment, &text,
				  &visitor, err);
	build->text = NULL;
	buf_release(&text);
	return rc;
}

static void build_release(struct build *build)
{
	free(build->rows.at);
	free(build->tokens.at);
	free(build->known.at);
	free(build->terms.at);
	free(build->texts.at);
	free(build->whos.at);
	buf_release(&build->heap);
	buf_release(&build->text_heap);
	table_release(&build->by_term);
	table_release(&build->by_text);
	table_release(&build->by_who);
	spoken_release(&build->spoken);
}

/* Before a segment is read; where it is the only one, that is little. */
static void tell_progress(const struct shard_sources *sources, size_t i)
{
	const struct vault_calls *calls = &sources->view->vault->calls;

	if (calls->progress && sources->total > 1)
		calls->progress(calls->arg, "indexing", sources->done + i,
				sources->total);
}

/* One is read at least, so that whoever asks again gets on. */
static bool has_time(const struct shard_sources *sources, size_t i)
{
	return !i || !sources->until_ms || steady_ms() < sources->until_ms;
}

int shard_build(const struct shard_sources *sources, struct buf *body,
		size_t *out_n, struct err *err)
{
	struct build build = {
		.view = sources->view, .words = sources->words,
		.others = sources->others, .others_n = sources->others_n,
		.heap = BUF_INIT(BUF_NO_LIMIT),
		.text_heap = BUF_INIT(BUF_NO_LIMIT),
		.by_term = TABLE_INIT(16, TABLE_NO_LIMIT),
		.by_text = TABLE_INIT(16, TABLE_NO_LIMIT),
		.by_who = TABLE_INIT(16, TABLE_NO_LIMIT),
		.spoken = SPOKEN_INIT, .body = body,
	};
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sources->n && has_time(sources, i); i++) {
		tell_progress(sources, i);
		build.segment = (uint16_t)i;
		rc = read_segment(&build, &sources->segments[i], err);
	}
	if (rc == 0)
		rc = shard_write(&build, sources->segments, i, err);
	*out_n = i;
	build_release(&build);
	return rc;
}
