#include "cmd/browse/browse_internal.h"

#include <stdio.h>

#include "cmd/cli/say.h"
#include "lib/id/encode.h"

void leave_to_pager(struct browse *browse)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	int rc;

	sheet_text(&browse->model.talk.sheet, &text);
	rc = buf_end(&text, &err);
	if (rc == 0) {
		screen_lend(browse->screen);
		rc = say_in_pager(buf_span(&text), &err);
		screen_take_back(browse->screen);
	}
	if (rc < 0)
		browse_say_failure(browse, &err);
	buf_release(&text);
}

void leave_copy(struct browse *browse)
{
	struct span id = model_entity(&browse->model);
	struct buf code = BUF_INIT(BUF_NO_LIMIT);

	if (!id.len || base64_add(&code, id.at, id.len, NULL) < 0)
		return;
	/* OSC 52, which xterm began and most terminals have, over ssh too. */
	printf("\033]52;c;%s\a", buf_text(&code));
	fflush(stdout);
	browse_say(browse, false, "copied %.*s", (int)id.len, id.at);
	buf_release(&code);
}
