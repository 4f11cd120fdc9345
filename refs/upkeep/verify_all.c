#include "refs/upkeep/verify_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "refs/history/fork_refs.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/trust/whole.h"
#include "refs/upkeep/seen_marks.h"

void verify_report_release(struct verify_report *report)
{
	problem_list_release(&report->problems);
	free(report->sets);
	memset(report, 0, sizeof(*report));
}

static int add_set(struct verify_report *report, const char *name,
		   const unsigned char digest[SHA256_BYTES], struct err *err)
{
	struct verify_set *set;
	int rc = array_room_in(report->sets, report->sets_n, report->sets_cap,
			       err);

	if (rc < 0)
		return rc;
	set = &report->sets[report->sets_n++];
	snprintf(set->construct, sizeof(set->construct), "%s", name);
	memcpy(set->digest, digest, SHA256_BYTES);
	return 0;
}

/* Its own name where this device can read it. */
static void name_construct(const struct vault *vault, const struct head *head,
			   char out[CONSTRUCT_NAME_MAX])
{
	struct version tip;

	version_init(&tip);
	if (version_read(vault->store, &head->id, &tip, NULL) < 0 ||
	    vault_construct_name(vault, &tip, out, NULL) < 0)
		memcpy(out, head->construct, CONSTRUCT_NAME_MAX);
	version_release(&tip);
}

/* One construct's heads lie side by side: the list is sorted. */
static int digest_construct(struct vault *vault, struct verifier *verifier,
			    const struct head_list *heads, size_t start,
			    struct verify_report *out, struct err *err)
{
	const char *construct = heads->at[start].construct;
	unsigned char digest[SHA256_BYTES];
	char name[CONSTRUCT_NAME_MAX];
	struct err reason = ERR_INIT;
	git_oid *ids = calloc(heads->n, sizeof(*ids));
	size_t n = 0;
	size_t i;
	int rc;

	if (!ids)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = start; i < heads->n &&
			!strcmp(heads->at[i].construct, construct); i++)
		ids[n++] = heads->at[i].id;
	rc = verify_set_digest(verifier, construct, ids, n, digest, &reason);
	if (rc == 0) {
		name_construct(vault, &heads->at[start], name);
		rc = add_set(out, name, digest, err);
	} else if (rc == ERR_NO_KEY || is_finding(rc)) {
		rc = 0;		/* sealed, or reported by its version */
	} else {
		rc = err_copy(err, rc, &reason);
	}
	free(ids);
	return rc;
}

static int digest_all(struct vault *vault, struct verifier *verifier,
		      const struct head_list *heads, struct verify_report *out,
		      struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < heads->n; i++)
		if (!i || strcmp(heads->at[i].construct,
				 heads->at[i - 1].construct))
			rc = digest_construct(vault, verifier, heads, i, out,
					      err);
	return rc;
}

static int report_strays(size_t strays, struct verify_report *out,
			 struct err *err)
{
	char message[128];

	if (!strays)
		return 0;
	snprintf(message, sizeof(message),
		 "%zu refs have names that vvault does not give", strays);
	return problem_list_add(&out->problems, "stray-ref", "refs/heads",
				message, err);
}

static int check_pinned(struct vault *vault, struct verifier *verifier,
			struct verify_report *out, struct err *err)
{
	char pinned[CID_TEXT_MAX];

	if (vault_pinned_id(vault->path, pinned, NULL) < 0 ||
	    !strcmp(pinned, verifier_vault_id(verifier)))
		return 0;
	return problem_list_add(&out->problems, "foreign-vault", pinned,
				"the vault that was pinned is another one",
				err);
}

static bool are_fine(const enum verdict *verdicts, size_t n)
{
	size_t i;

	for (i = 0; i < n && verdicts[i] == VERDICT_OK; i++)
		;
	return i == n;
}

static int verify_heads(struct vault *vault, struct verifier *verifier,
			const struct seen_marks *seen,
			const struct head_list *heads,
			struct verify_report *out, struct err *err)
{
	enum verdict *verdicts = calloc(heads->n + 1, sizeof(*verdicts));
	struct wholeness whole = WHOLENESS_INIT;
	int rc;

	if (!verdicts)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = whole_check(vault, &whole, err);
	if (rc == 0)
		rc = whole_tell_refs(&whole, &out->problems, err);
	if (rc == 0)
		rc = verifier_check(verifier, heads, verdicts, &out->problems,
				    err);
	/* The verifier tells of damaged objects with the versions that need
	 * them, but only of those that it has read. */
	if (rc == 0 && are_fine(verdicts, heads->n))
		rc = whole_tell_holes(&whole, &out->problems, err);
	if (rc == 0)
		rc = check_pinned(vault, verifier, out, err);
	if (rc == 0)
		rc = seen_marks_check(vault, seen, heads, &out->problems, err);
	wholeness_release(&whole);
	free(verdicts);
	return rc;
}

/*
 * Other processes go on meanwhile, so in the order in which nothing can seem
 * to be lost: marks before the refs that they follow, and a device's second
 * lines, which are heads of their construct as well, before the heads that
 * may swallow them.
 */
static int read_standing(struct vault *vault, struct seen_marks *seen,
			 struct head_list *heads, size_t *strays,
			 struct err *err)
{
	struct store *store = vault->store;
	struct head_list forks = HEAD_LIST_INIT;
	size_t i;
	int rc = seen_marks_read(vault, seen, err);

	if (rc == 0)
		rc = fork_refs_list(store, NULL, &forks, err);
	if (rc == 0)
		rc = heads_list(store, "refs/heads/", NULL, heads, strays, err);
	for (i = 0; rc == 0 && i < forks.n; i++)
		rc = head_list_add(heads, &forks.at[i], err);
	head_list_sort(heads);
	head_list_release(&forks);
	return rc;
}

int vault_verify(struct vault *vault, const struct verify_options *options,
		 struct verify_report *out, struct err *err)
{
	struct verify_report report = { .problems = PROBLEM_LIST_INIT };
	struct verify_options own = *options;
	struct head_list heads = HEAD_LIST_INIT;
	struct verifier *verifier = NULL;
	struct seen_marks seen;
	size_t strays = 0;
	int rc;

	memset(&seen, 0, sizeof(seen));
	own.trust_heads = false;
	own.is_whole = true;
	own.is_quick = !own.is_full;
	if (!own.device && vault->has_device)
		own.device = &vault->device;
	rc = read_standing(vault, &seen, &heads, &strays, err);
	if (rc == 0)
		rc = report_strays(strays, &report, err);
	if (rc == 0)
		rc = verifier_new(vault->store, NULL, &own, &verifier, err);
	if (rc == 0)
		rc = verify_heads(vault, verifier, &seen, &heads, &report,
				  err);
	if (rc == 0 && own.is_full)
		rc = digest_all(vault, verifier, &heads, &report, err);
	if (rc == 0)
		report.counts = verifier_counts(verifier);
	verifier_free(verifier);
	seen_marks_release(&seen);
	head_list_release(&heads);
	if (rc < 0)
		verify_report_release(&report);
	else
		*out = report;
	return rc;
}
