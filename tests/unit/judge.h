/*
 * Verdicts about forged histories, for the tests of verification.
 */
#ifndef VV_TESTS_UNIT_JUDGE_H
#define VV_TESTS_UNIT_JUDGE_H

#include "tests/unit/forge.h"

static struct problem_list problems = PROBLEM_LIST_INIT;
static git_oid vault_head;	/* of keys[0] */
static size_t judge_key;	/* whose device judges: the owner's */
static bool judge_renews = true;	/* and may follow a renewal */

static TAP_UNUSED void add_head(struct head_list *list, const char *construct,
		     size_t key, const git_oid *id)
{
	struct head head;
	struct err err = ERR_INIT;

	memset(&head, 0, sizeof(head));
	snprintf(head.construct, sizeof(head.construct), "%s", construct);
	snprintf(head.device, sizeof(head.device), "%s", keys[key].name);
	head.id = *id;
	must(head_list_add(list, &head, &err), &err, "head");
}

/* The verdict about the last head, everything else being new as well. */
static TAP_UNUSED enum verdict judge_list(const struct head_list *known,
			       const struct head_list *heads)
{
	struct verify_options options = { .device = &keys[judge_key],
					  .trust_heads = true, .threads = 2,
					  .may_renew = judge_renews };
	struct verifier *verifier = NULL;
	enum verdict verdicts[8];
	struct err err = ERR_INIT;

	problem_list_release(&problems);
	must(verifier_new(store, known, &options, &verifier, &err), &err,
	     "verifier");
	must(verifier_check(verifier, heads, verdicts, &problems, &err), &err,
	     "check");
	verifier_free(verifier);
	return verdicts[heads->n - 1];
}

/* A head of a device in a construct, beside the head of `vault`. */
static TAP_UNUSED enum verdict judge_as(const char *construct, size_t key,
			     const git_oid *id)
{
	struct head_list heads = HEAD_LIST_INIT;
	enum verdict verdict;

	if (strcmp(construct, VAULT_CONSTRUCT))
		add_head(&heads, VAULT_CONSTRUCT, 0, &vault_head);
	add_head(&heads, construct, key, id);
	verdict = judge_list(NULL, &heads);
	head_list_release(&heads);
	return verdict;
}

static TAP_UNUSED bool has_problem(const char *code)
{
	size_t i;

	for (i = 0; i < problems.n; i++)
		if (!strcmp(problems.at[i].code, code))
			return true;
	for (i = 0; i < problems.n; i++)
		diag("%s %s: %s", problems.at[i].code, problems.at[i].object,
		     problems.at[i].message);
	return false;
}

static TAP_UNUSED void accepts(const struct spec *spec, const char *name)
{
	git_oid id = forge(spec);

	is_int(judge_as(spec->construct, spec->key, &id), VERDICT_OK, name);
	ok(!problems.n || has_problem("none"), "without a problem");
}

static TAP_UNUSED void refuses(const struct spec *spec, const char *code,
		    const char *name)
{
	git_oid id = forge(spec);

	is_int(judge_as(spec->construct, spec->key, &id), VERDICT_REFUSED,
	       name);
	ok(has_problem(code), "as %s", code);
}

/* keys: 0 owner, 1 writer, 2 reader, 3 owner, 4 and 5 strangers. */
static TAP_UNUSED void make_members(const char *name, bool wants_seal)
{
	forge_open(name);
	vault_head = forge_genesis(wants_seal, NULL);
	if (wants_seal)
		return;
	vault_head = vault_version(0, say_admit(1, "writer"), &vault_head,
				   NULL);
	vault_head = vault_version(0, say_admit(2, "reader"), &vault_head,
				   NULL);
	vault_head = vault_version(0, say_admit(3, "owner"), &vault_head,
				   NULL);
}

static TAP_UNUSED struct spec data_spec(size_t key, const char *lines,
			     const git_oid *parent)
{
	struct spec spec = { .construct = "nova-001", .key = key,
			     .lines = lines };

	spec.members[spec.members_n++] = vault_head;
	if (parent)
		spec.parents[spec.parents_n++] = *parent;
	return spec;
}

#endif
