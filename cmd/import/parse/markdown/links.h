/*
 * What a text in Markdown names of its kind: [[note]], ![[image.png]],
 * [text](other.md), ![alt](image.png). Addresses with a scheme, and what
 * stands in code, are none.
 */
#ifndef VV_CMD_IMPORT_PARSE_MARKDOWN_LINKS_H
#define VV_CMD_IMPORT_PARSE_MARKDOWN_LINKS_H

#include <stdbool.h>

#include "lib/base/span.h"

struct markdown_link {
	struct span target;	/* without heading and title; as it stands */
	bool is_wiki;		/* [[...]]: a name; else a relative path, with
				   %xx for what has no place in an address */
	bool is_embedded;	/* ![...]: it is shown in its place */
};

/* Visit them in order. Returns what a visit returned first that was not 0. */
struct markdown_link_visitor {
	int (*link)(void *arg, const struct markdown_link *link);
	void *arg;
};
int markdown_links_each(struct span text,
			const struct markdown_link_visitor *visitor);

#endif
