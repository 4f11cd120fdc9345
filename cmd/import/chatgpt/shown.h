/*
 * What a person saw of a message that its content does not say: a report that
 * lies in the state of a widget, remarks on a canvas; and beside the text its
 * sources and what a picture was made of.
 */
#ifndef VV_CMD_IMPORT_CHATGPT_SHOWN_H
#define VV_CMD_IMPORT_CHATGPT_SHOWN_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/span.h"
#include "lib/json/jdoc.h"

struct chatgpt_run;

struct chatgpt_shown {
	struct span text;	/* in place of its content's; absent: none */
	bool is_answer;		/* the assistant's, whoever carries it */
};

/*
 * Find it, with the parts that tell it in run->own: {"type":"canvas"},
 * {"type":"source","title","url"}, {"type":"prompt","text"}. No part of a
 * source is like these: see chatgpt_is_own().
 */
MUST_USE int chatgpt_shown(struct chatgpt_run *run, size_t node,
			   const struct jval *message,
			   struct chatgpt_shown *out, struct err *err);

#endif
