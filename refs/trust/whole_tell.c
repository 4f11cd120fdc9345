#include "refs/trust/whole.h"

#include <stdio.h>

#include "lib/id/encode.h"

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

int whole_tell_refs(const struct wholeness *whole, struct problem_list *out,
		    struct err *err)
{
	int rc = tell_refs(&whole->lost, "lost-ref",
			   "the ref is gone or went back", out, err);

	return rc < 0 ? rc : tell_refs(&whole->damaged, "damaged-ref",
				       "the ref's file holds no id", out, err);
}

int whole_tell_holes(const struct wholeness *whole, struct problem_list *out,
		     struct err *err)
{
	const size_t n = whole->holes.count;
	char hex[GIT_OID_HEXSZ + 1];
	char message[256];

	if (!n)
		return 0;
	hex_text(table_key_at(&whole->holes, 0), GIT_OID_RAWSZ, hex);
	snprintf(message, sizeof(message), "%zu object%s missing or damaged; "
		 "'vvault verify --repair' brings back what a remote has", n,
		 n == 1 ? " is" : "s are");
	return problem_list_add(out, "missing-object", hex, message, err);
}

int whole_tell(const struct wholeness *whole, struct problem_list *out,
	       struct err *err)
{
	int rc = whole_tell_refs(whole, out, err);

	return rc < 0 ? rc : whole_tell_holes(whole, out, err);
}
