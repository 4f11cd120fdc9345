#include "lib/base/markdown.h"

#include <md4c.h>
#include <stdbool.h>

#include "lib/base/buf.h"

#define READ_MAX ((size_t)16 << 20)
#define ROOM 64			/* behind the copy: ends of lines */
#define OWN_MAX 32		/* bytes of a piece of md4c's own */
#define BLOCK_MARK 'A'
#define SPAN_MARK 'a'

struct markdown {
	const MD_PARSER *theirs;
	void *arg;
	struct span text;
	struct buf copy;
	struct buf open;	/* a mark for each block and span we are in */
	bool is_stopped;
};

/* For md4c, which goes on after a number above 0 here and there. */
static int go_on(struct markdown *markdown, bool is_well)
{
	markdown->is_stopped |= !is_well;
	return markdown->is_stopped ? -1 : 0;
}

static void enter(struct markdown *markdown, int mark)
{
	buf_put_char(&markdown->open, (char)mark);
}

static bool leave(struct markdown *markdown, int mark)
{
	struct buf *open = &markdown->open;

	if (!open->len || open->data[open->len - 1] != (char)mark)
		return false;
	buf_cut(open, open->len - 1);
	return true;
}

/* Put in place of a piece of the copy that of the text; false: it goes beyond
 * either. */
static bool find_piece(const struct markdown *markdown, const MD_CHAR **at,
		       MD_SIZE size)
{
	const char *begin = markdown->copy.data;
	size_t len = markdown->text.len;
	size_t from;

	if (*at < begin || *at > begin + len + ROOM)
		return true;
	from = (size_t)(*at - begin);
	if (from > len || size > len - from)
		return false;
	*at = markdown->text.at + from;
	return true;
}

static bool find_attribute(const struct markdown *markdown,
			   MD_ATTRIBUTE *attribute)
{
	return !attribute->size || find_piece(markdown, &attribute->text,
					      attribute->size);
}

static bool find_in_block(const struct markdown *markdown, MD_BLOCKTYPE type,
			  void *detail)
{
	MD_BLOCK_CODE_DETAIL *code = detail;

	return type != MD_BLOCK_CODE ||
	       (find_attribute(markdown, &code->info) &&
		find_attribute(markdown, &code->lang));
}

static bool find_in_span(const struct markdown *markdown, MD_SPANTYPE type,
			 void *detail)
{
	MD_SPAN_A_DETAIL *link = detail;
	MD_SPAN_IMG_DETAIL *picture = detail;

	if (type == MD_SPAN_A)
		return find_attribute(markdown, &link->href) &&
		       find_attribute(markdown, &link->title);
	return type != MD_SPAN_IMG ||
	       (find_attribute(markdown, &picture->src) &&
		find_attribute(markdown, &picture->title));
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct markdown *markdown = arg;

	enter(markdown, BLOCK_MARK + (int)type);
	return go_on(markdown, !markdown->open.failed &&
		     find_in_block(markdown, type, detail) &&
		     !markdown->theirs->enter_block(type, detail,
						    markdown->arg));
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct markdown *markdown = arg;

	return go_on(markdown, leave(markdown, BLOCK_MARK + (int)type) &&
		     find_in_block(markdown, type, detail) &&
		     !markdown->theirs->leave_block(type, detail,
						    markdown->arg));
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct markdown *markdown = arg;

	enter(markdown, SPAN_MARK + (int)type);
	return go_on(markdown, !markdown->open.failed &&
		     find_in_span(markdown, type, detail) &&
		     !markdown->theirs->enter_span(type, detail,
						   markdown->arg));
}

static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct markdown *markdown = arg;

	return go_on(markdown, leave(markdown, SPAN_MARK + (int)type) &&
		     find_in_span(markdown, type, detail) &&
		     !markdown->theirs->leave_span(type, detail,
						   markdown->arg));
}

static int tell(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *arg)
{
	struct markdown *markdown = arg;
	const MD_CHAR *at = text;

	return go_on(markdown, find_piece(markdown, &at, size) &&
		     (at != text || size <= OWN_MAX) &&
		     !markdown->theirs->text(type, at, size, markdown->arg));
}

int markdown_read(struct span text, const void *parser, void *arg)
{
	struct markdown markdown = {
		.theirs = parser, .arg = arg, .text = text,
		.copy = BUF_INIT(READ_MAX + ROOM),
		.open = BUF_INIT(BUF_NO_LIMIT),
	};
	const MD_PARSER ours = {
		.flags = markdown.theirs->flags,
		.enter_block = enter_block, .leave_block = leave_block,
		.enter_span = enter_span, .leave_span = leave_span,
		.text = tell,
	};
	size_t i;
	int rc;

	buf_put_span(&markdown.copy, text);
	for (i = 0; i < ROOM; i++)
		buf_put_char(&markdown.copy, '\n');
	rc = buf_end(&markdown.copy, NULL);
	if (rc == 0 && (md_parse(markdown.copy.data, (MD_SIZE)text.len, &ours,
				 &markdown) || markdown.open.len ||
			markdown.is_stopped))
		rc = ERR_INVALID;
	if (markdown.open.failed)
		rc = markdown.open.failed;
	buf_release(&markdown.copy);
	buf_release(&markdown.open);
	return rc;
}
