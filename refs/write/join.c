#include "refs/write/join.h"

#include <string.h>

#include "refs/history/fork_refs.h"
#include "refs/history/history.h"
#include "refs/trust/settle.h"
#include "refs/write/publish.h"
#include "refs/write/write_internal.h"

static bool is_own(const struct vault *vault, const struct head *head)
{
	return !strcmp(head->device, vault_signer(vault)->name);
}

/* What was not verified counts nowhere, and a write would not take it in. */
static int add_construct(struct vault *vault, const char *construct,
			 struct head_list *out, struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	struct head_list forks = HEAD_LIST_INIT;
	size_t i;
	int rc = heads_settled(vault, construct, &heads, &forks, err);

	for (i = 0; rc == 0 && i < forks.n; i++) {
		const struct head *own = head_list_find(&heads, &forks.at[i]);

		if (!is_own(vault, &forks.at[i]) || !own ||
		    is_behind(vault->store, &forks.at[i].id, &own->id))
			continue;
		rc = head_list_add(out, own, err);
		break;
	}
	head_list_release(&heads);
	head_list_release(&forks);
	return rc;
}

int second_lines(struct vault *vault, struct head_list *out, struct err *err)
{
	struct head_list forks = HEAD_LIST_INIT;
	const char *last = "";
	size_t i;
	int rc = fork_refs_list(vault->store, NULL, &forks, err);

	head_list_sort(&forks);
	for (i = 0; rc == 0 && i < forks.n; i++) {
		const struct head *fork = &forks.at[i];

		if (!is_own(vault, fork) || !strcmp(fork->construct, last))
			continue;
		last = fork->construct;
		rc = add_construct(vault, fork->construct, out, err);
	}
	head_list_release(&forks);
	return rc;
}

int second_line_join(struct vault *vault, const char *construct,
		     git_oid *out, struct err *err)
{
	struct publication publication = { .vault = vault };
	struct writer *writer = NULL;
	int rc = writer_new(vault, construct, 0, &writer, err);

	if (rc < 0)
		return rc;
	publication.construct = writer->construct;
	publication.ref_name = writer->ref_name;
	publication.codec = writer->codec;
	publication.segments = &writer->segments;
	publication.subject = "join: two lines of one device";
	publication.base = writer->base;
	rc = publish(&publication, 1, out, err);
	writer_free(writer);
	return rc;
}
