#include "cmd/cli/program.h"

#include <string.h>

size_t program_split(char *text, const char *words[PROGRAM_WORDS])
{
	size_t n = 0;
	char *rest = text;

	while (n < PROGRAM_WORDS - 2) {
		rest += strspn(rest, " \t");
		if (!*rest)
			break;
		words[n++] = rest;
		rest += strcspn(rest, " \t");
		if (*rest)
			*rest++ = '\0';
	}
	words[n] = NULL;
	return n;
}
