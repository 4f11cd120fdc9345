#include "refs/index/by_id.h"

#include <string.h>

#include "lib/id/cid.h"
#include "objects/tree/segment_verify.h"
#include "refs/index/shard/shards.h"
#include "refs/index/words/spoken.h"
#include "refs/view/forgotten.h"

#define DIGIT_BITS 5

static int digit_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

bool id_begin_read(struct span text, struct id_begin *out)
{
	size_t common = sizeof(ID_COMMON) - 1;
	size_t i;
	unsigned bit;

	if (span_begins(text, ID_COMMON))
		text = span_of(text.at + common, text.len - common);
	if (text.len < ID_BEGIN_MIN || text.len > CID_JSON_TEXT - common)
		return false;
	memset(out, 0, sizeof(*out));
	for (i = 0; i < text.len; i++) {
		int digit = digit_of(text.at[i]);

		if (digit < 0)
			return false;
		for (bit = 0; bit < DIGIT_BITS; bit++) {
			size_t at = i * DIGIT_BITS + bit;
			int is_set = digit >> (DIGIT_BITS - 1 - bit) & 1;

			/* The last digit may hold more than the id has. */
			if (at / 8 < RECORD_ID_BYTES)
				out->bytes[at / 8] |= (unsigned char)
					(is_set << (7 - at % 8));
			else if (is_set)
				return false;
		}
	}
	out->bits = (unsigned)(text.len * DIGIT_BITS);
	if (out->bits > RECORD_ID_BYTES * 8)
		out->bits = RECORD_ID_BYTES * 8;
	return true;
}

bool id_begins(const unsigned char id[RECORD_ID_BYTES],
	       const struct id_begin *begin)
{
	unsigned whole = begin->bits / 8;
	unsigned left = begin->bits % 8;

	return !memcmp(id, begin->bytes, whole) &&
	       (!left || (id[whole] ^ begin->bytes[whole]) >> (8 - left) == 0);
}

struct finding {
	struct view *view;
	const struct id_begin *begin;
	const struct view_record_visitor *visitor;
	const struct buf *text;		/* of the segment that is read */
	uint32_t line;
	bool is_found;
};

static int tell(struct finding *finding, const struct fold_record *record,
		struct err *err)
{
	if (!id_begins(record->id, finding->begin))
		return 0;
	finding->is_found = true;
	return finding->visitor->record(finding->visitor->arg, record, err);
}

static int take_placed(void *arg, const struct placed *placed,
		       struct err *err)
{
	struct finding *finding = arg;
	struct fold_record record = { .record = *placed->record };

	if ((size_t)(placed->record->line.at - finding->text->data) !=
	    finding->line || forgotten_has(finding->view, placed->id))
		return 0;
	memcpy(record.id, placed->id, RECORD_ID_BYTES);
	return tell(finding, &record, err);
}

/* Read what a row says is there. */
static int read_row(struct finding *finding,
		    const struct tree_segment *segment, uint32_t line,
		    struct err *err)
{
	const struct placed_visitor visitor = { take_placed, finding };
	struct buf text = BUF_INIT(RECORD_MAX_BYTES + 1);
	int rc = buf_reserve(&text, 1, err);

	finding->text = &text;
	finding->line = line;
	if (rc == 0)
		rc = segment_load(finding->view->vault->store,
				  finding->view->codec, segment, &text,
				  &visitor, err);
	finding->text = NULL;
	buf_release(&text);
	return rc;
}

/* Rows hold the begin of their ids. */
static bool may_begin(uint32_t tie, const struct id_begin *begin)
{
	unsigned bits = begin->bits < 32 ? begin->bits : 32;

	return (uint64_t)(tie ^ spoken_tie(begin->bytes)) >> (32 - bits) == 0;
}

static int look_at_row(struct finding *finding, const struct shard *shard,
		       size_t row, struct err *err)
{
	const void *segment;
	const void *line;
	const void *at;
	uint16_t number;
	int rc = shard_part(shard, SHARD_IN_SEGMENTS, row, 1, &at, err);

	if (rc < 0)
		return rc;
	number = *(const uint16_t *)at;
	rc = shard_part(shard, SHARD_SEGMENTS, number, 1, &segment, err);
	if (rc == 0)
		rc = shard_part(shard, SHARD_LINES, row, 1, &line, err);
	return rc < 0 || !shard->places[number] ? rc :
	       read_row(finding, segment, *(const uint32_t *)line, err);
}

static int look_in_shard(struct finding *finding, const struct shard *shard,
			 struct err *err)
{
	size_t n = shard_count(shard, SHARD_TIES);
	const void *at;
	size_t i;
	int rc = shard_part(shard, SHARD_TIES, 0, n, &at, err);

	for (i = 0; rc == 0 && i < n; i++) {
		if (may_begin(((const uint32_t *)at)[i], finding->begin))
			rc = look_at_row(finding, shard, i, err);
	}
	return rc;
}

static int look_in_shards(struct finding *finding, int64_t until_ms,
			  struct err *err)
{
	struct shards shards = SHARDS_INIT;
	struct words *words = NULL;
	size_t i;
	int rc = words_new(&words, err);

	if (rc == 0)
		rc = shards_open(finding->view, words, until_ms, &shards,
				 err);
	for (i = 0; rc == 0 && i < shards.n; i++)
		rc = look_in_shard(finding, &shards.at[i], err);
	if (rc == ERR_CORRUPT)
		shards_drop(&shards);
	shards_release(&shards);
	words_free(words);
	return rc;
}

static int take_record(void *arg, const struct fold_record *record,
		       struct err *err)
{
	return tell(arg, record, err);
}

int records_by_id(struct view *view, const struct id_begin *begin,
		  const struct view_record_visitor *visitor, struct err *err)
{
	struct finding finding = { .view = view, .begin = begin,
				   .visitor = visitor };
	const struct view_record_visitor all = { take_record, &finding };
	struct err reason = ERR_INIT;
	int rc = 0;

	if (codec_mode(view->codec) == CODEC_BLIND)
		return 0;
	if (view->vault->has_device) {
		rc = forgotten_read(view, err);
		/* No other record has the whole id of one that is found. */
		if (rc == 0 && begin->bits == RECORD_ID_BYTES * 8)
			rc = look_in_shards(&finding, SHARDS_AS_THEY_ARE,
					    &reason);
		if (rc == 0 && !finding.is_found)
			rc = look_in_shards(&finding, 0, &reason);
		/* What the shards cannot tell is read. */
		if (rc == ERR_NOMEM || (rc < 0 && !reason.code))
			return err_set(err, (enum err_code)rc, "%s",
				       reason.text);
		finding.is_found = finding.is_found && rc == 0;
	}
	return finding.is_found ? 0 : view_records(view, &all, err);
}
