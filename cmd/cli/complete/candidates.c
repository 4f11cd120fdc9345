#include "cmd/cli/complete/candidates.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/text.h"

static bool is_plain(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	}
	return true;
}

void candidate(const struct candidates *to, const char *word, const char *what)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);

	if (!*word || strncmp(word, to->prefix, strlen(to->prefix)) ||
	    !is_plain(word) || !text_is_utf8(span_str(word)))
		return;
	printf("%s%s", to->before, word);
	if (what && *what &&
	    text_escape(&safe, span_of(what, strcspn(what, "\n")), 0,
			NULL) >= 0)
		printf("\t%s", buf_text(&safe));
	putchar('\n');
	buf_release(&safe);
}

void candidate_options(const struct candidates *to,
		       const struct action_param *param)
{
	char word[64];

	for (; param->name; param++) {
		if ((param->flags & ACTION_OPERAND) ||
		    action_is_internal(param))
			continue;
		snprintf(word, sizeof(word), "%s%s",
			 param->name[0] == '-' ? "" : "--", param->name);
		candidate(to, word, param->help);
	}
}
