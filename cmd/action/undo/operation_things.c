#include "cmd/action/undo/operation.h"

#include <stdio.h>
#include <string.h>

void operation_says(struct operation *operation, const char *kind, uint64_t n)
{
	if (!operation)
		return;
	if (!operation->things)
		snprintf(operation->kind, sizeof(operation->kind), "%s", kind);
	else if (strcmp(operation->kind, kind) != 0)
		operation->kind[0] = '\0';
	operation->things += n;
}

void operation_put_things(const struct operation *operation,
			  struct jcs_fields *fields)
{
	char text[64];

	if (!operation->things)
		return;
	snprintf(text, sizeof(text), "%llu %s%s",
		 (unsigned long long)operation->things,
		 *operation->kind ? operation->kind : "thing",
		 operation->things == 1 ? "" : "s");
	if (!strcmp(operation->kind, "memory") && operation->things > 1)
		snprintf(text, sizeof(text), "%llu memories",
			 (unsigned long long)operation->things);
	fields_str(fields, "what", text);
}
