#include "cmd/render/read/prose_whole.h"

#include <md4c.h>

#include "cmd/export/html/gaps.h"
#include "lib/base/markdown.h"

/* md4c has inputs for which it takes time that is no longer in proportion;
 * longer ones are no prose. */
#define PROSE_MAX ((size_t)128 << 10)
/* An address that is defined once may stand behind each of many words. */
#define GROWTH_FREE ((size_t)64 << 10)
#define GROWTH_MAX 8

struct whole {
	struct gaps gaps;
	size_t told;
	size_t told_max;
};

/* What is negative ends md4c's reading. */
static int grow(struct whole *whole, size_t len)
{
	whole->told += len;
	return whole->told > whole->told_max ? -1 : 0;
}

static int excuse(struct whole *whole, const MD_ATTRIBUTE *attribute)
{
	gaps_excuse(&whole->gaps, span_of(attribute->text, attribute->size));
	return grow(whole, attribute->size);
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	return type == MD_BLOCK_CODE ?
	       excuse(arg, &((const MD_BLOCK_CODE_DETAIL *)detail)->info) : 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	(void)type;
	(void)detail;
	(void)arg;
	return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	(void)type;
	(void)detail;
	(void)arg;
	return 0;
}

/* An address stands behind the words that lead to it. */
static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	const MD_SPAN_A_DETAIL *link = detail;
	const MD_SPAN_IMG_DETAIL *picture = detail;
	int rc = 0;

	if (type == MD_SPAN_A) {
		rc = excuse(arg, &link->href);
		rc = rc < 0 ? rc : excuse(arg, &link->title);
	} else if (type == MD_SPAN_IMG) {
		rc = excuse(arg, &picture->src);
		rc = rc < 0 ? rc : excuse(arg, &picture->title);
	}
	return rc;
}

static int take_text(MD_TEXTTYPE type, const MD_CHAR *at, MD_SIZE size,
		     void *arg)
{
	struct whole *whole = arg;

	(void)type;
	gaps_told(&whole->gaps, span_of(at, size));
	return grow(whole, size);
}

bool prose_is_whole(struct span text, struct buf *links)
{
	static const MD_PARSER parser = {
		.flags = PROSE_FLAGS,
		.enter_block = enter_block, .leave_block = leave_block,
		.enter_span = enter_span, .leave_span = leave_span,
		.text = take_text,
	};
	struct whole whole = {
		.gaps = GAPS_INIT(text),
		.told_max = GROWTH_FREE + GROWTH_MAX * text.len,
	};
	bool is_whole;

	if (text.len > PROSE_MAX)
		return false;
	is_whole = markdown_read(text, &parser, &whole) == 0;
	gaps_end(&whole.gaps);
	buf_put_span(links, buf_span(&whole.gaps.links));
	is_whole = is_whole && !whole.gaps.has_words &&
		   buf_end(links, NULL) == 0;
	gaps_release(&whole.gaps);
	return is_whole;
}
