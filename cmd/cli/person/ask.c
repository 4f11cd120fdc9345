#include "cmd/cli/person/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/cli/progress.h"
#include "lib/base/text.h"

bool ask_is_possible(const struct session *session)
{
	return !session->is_json && isatty(STDIN_FILENO) &&
	       isatty(STDERR_FILENO);
}

/* Say the question, with what may be answered, and read the answer. */
static bool put_question(struct span question, const char *answers,
			 char *answer, int size)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);

	progress_wipe();
	if (text_escape(&safe, question, TEXT_KEEP_LINES, NULL) == 0)
		fprintf(stderr, "%s [%s] ", buf_text(&safe), answers);
	fflush(stderr);
	buf_release(&safe);
	return fgets(answer, size, stdin) != NULL;
}

bool ask(void *arg, struct span question)
{
	char answer[16];

	(void)arg;
	return put_question(question, "y/N", answer, sizeof(answer)) &&
	       (answer[0] == 'y' || answer[0] == 'Y');
}

size_t ask_which(void *arg, struct span question, size_t n)
{
	char answers[64];
	char answer[32];
	char *end;
	unsigned long chosen;

	(void)arg;
	snprintf(answers, sizeof(answers), "1-%zu, or none", n);
	if (!put_question(question, answers, answer, sizeof(answer)))
		return 0;
	chosen = strtoul(answer, &end, 10);
	return end != answer && *end == '\n' && chosen <= n ? chosen : 0;
}
