#include "cmd/cli/ask.h"

#include <stdio.h>
#include <unistd.h>

#include "cmd/cli/progress.h"

bool ask_is_possible(const struct session *session)
{
	return !session->is_json && isatty(STDIN_FILENO) &&
	       isatty(STDERR_FILENO);
}

bool ask(void *arg, struct span question)
{
	char answer[16];

	(void)arg;
	progress_wipe();
	fprintf(stderr, "%.*s [y/N] ", (int)question.len, question.at);
	fflush(stderr);
	return fgets(answer, sizeof(answer), stdin) &&
	       (answer[0] == 'y' || answer[0] == 'Y');
}
