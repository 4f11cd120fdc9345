/*
 * The clipboard of whoever sits at the terminal.
 */
#ifndef VV_CMD_CLI_PERSON_CLIPBOARD_H
#define VV_CMD_CLI_PERSON_CLIPBOARD_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/*
 * A host's copy(): by the first of wl-copy, xclip, xsel, pbcopy and clip.exe
 * that is here and has a display to go to, else by the terminal itself (OSC
 * 52), which is believed to obey. arg is unused. ERR_UNSUPPORTED.
 */
MUST_USE int clipboard_copy(void *arg, struct span text, struct buf *out_how,
			    struct err *err);

#endif
