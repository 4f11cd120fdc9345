#include "cmd/cli/person/ask.h"

#include <stdio.h>
#include <unistd.h>

#include "cmd/cli/progress.h"
#include "lib/base/text.h"

bool ask_is_possible(const struct session *session)
{
	return !session->is_json && isatty(STDIN_FILENO) &&
	       isatty(STDERR_FILENO);
}

bool ask(void *arg, struct span question)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	char answer[16];

	(void)arg;
	progress_wipe();
	if (text_escape(&safe, question, TEXT_KEEP_LINES, NULL) == 0)
		fprintf(stderr, "%s [y/N] ", buf_text(&safe));
	fflush(stderr);
	buf_release(&safe);
	return fgets(answer, sizeof(answer), stdin) &&
	       (answer[0] == 'y' || answer[0] == 'Y');
}
