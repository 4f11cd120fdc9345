#include "refs/whole.h"

#include <stdio.h>

#include "lib/encode.h"

static int tell_refs(const struct head_list *list, const char *code,
		     const char *what, struct problem_list *out,
		     struct err *err)
{
	char name[REF_NAME_MAX];
	char hex[GIT_OID_HEXSZ + 1];
	char message[256];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < list->n; i++) {
		const struct head *head = &list->at[i];

		hex_text(head->id.id, GIT_OID_RAWSZ, hex);
		snprintf(name, sizeof(name), "%s/%s", head->construct,
			 head->device);
		snprintf(message, sizeof(message), "%s%s%.10s; 'vvault verify "
			 "--repair' puts it back", what,
			 git_oid_is_zero(&head->id) ? "" : ": it stood at ",
			 git_oid_is_zero(&head->id) ? "" : hex);
		rc = problem_list_add(out, code, name, message, err);
	}
	return rc;
}

int whole_tell(const struct wholeness *whole, struct problem_list *out,
	       struct err *err)
{
	char hex[GIT_OID_HEXSZ + 1];
	char message[256];
	int rc = tell_refs(&whole->lost, "lost-ref",
			   "the ref is gone or went back", out, err);

	if (rc == 0)
		rc = tell_refs(&whole->damaged, "damaged-ref",
			       "the ref's file holds no id", out, err);
	if (rc < 0 || !whole->holes.count)
		return rc;
	hex_text(table_key_at(&whole->holes, 0), GIT_OID_RAWSZ, hex);
	snprintf(message, sizeof(message), "%zu object%s missing or damaged; "
		 "'vvault verify --repair' brings back what a remote has",
		 whole->holes.count, whole->holes.count == 1 ? " is" :
							       "s are");
	return problem_list_add(out, "missing-object", hex, message, err);
}
