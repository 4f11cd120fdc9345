/*
 * Removing and lowering bind: of whom rights were taken only what the cut
 * names counts, and what that stands on. All versions here are validly signed.
 */
#include "tests/unit/judge.h"

#define NOVA "aaaaaaaaaaaaaaaaaaaaaaaaaa"	/* a keyed name, and a plain one */

enum { ALICE, BOB, CAROL = 3, DAVE };

/* Where everything below starts. */
static git_oid members;		/* of `vault`: bob a writer, carol an owner */
static git_oid base;		/* by alice */
static git_oid first;		/* by bob, on that, */
static git_oid second;		/* and that, */
static git_oid third;		/* and that */
static git_oid forked;		/* by bob, on the first: seq 2 again */

/* A version of a construct by who knows these heads of `vault`. */
static git_oid data(size_t key, const char *name, const git_oid *known,
		    const git_oid *a, const git_oid *b)
{
	struct spec spec = { .construct = NOVA, .key = key,
			     .lines = name ? say_memory(name) : NULL };

	spec.members[spec.members_n++] = *known;
	if (a)
		spec.parents[spec.parents_n++] = *a;
	if (b)
		spec.parents[spec.parents_n++] = *b;
	if (!name)
		spec.change = CHANGE_FORGET;
	return forge(&spec);
}

static void begin(const char *name, bool wants_seal, const char *bobs_role)
{
	forge_open(name);
	members = forge_genesis(wants_seal, NULL);
	members = vault_version(ALICE, say_admit(BOB, bobs_role), &members,
				NULL);
	members = vault_version(ALICE, say_admit(CAROL, "owner"), &members,
				NULL);
	base = data(ALICE, "base", &members, NULL, NULL);
	first = data(BOB, "first", &members, &base, NULL);
	second = data(BOB, "second", &members, &first, NULL);
	third = data(BOB, "third", &members, &second, NULL);
	forked = data(BOB, "forked", &members, &first, NULL);
}

/* The verdict about a head of NOVA of who knows this head of `vault`. */
static enum verdict judge_head(const git_oid *vault, size_t key,
			       const git_oid *id)
{
	vault_head = *vault;
	return judge_as(NOVA, key, id);
}

static void stands(const git_oid *vault, size_t key, const git_oid *id,
		   const char *name)
{
	/* Whether a device without keys believes what it cannot read is
	 * another matter; it finds nothing wrong either. */
	if (judge_key)
		ok(judge_head(vault, key, id) != VERDICT_REFUSED, "%s", name);
	else
		is_int(judge_head(vault, key, id), VERDICT_OK, name);
}

static void falls(const git_oid *vault, size_t key, const git_oid *id,
		  const char *code, const char *name)
{
	is_int(judge_head(vault, key, id), VERDICT_REFUSED, name);
	ok(has_problem(code), "as %s", code);
}

/* Bob's rights end with his second version, by a removal or a lowering. */
static void test_cut(const git_oid *end)
{
	git_oid id;

	stands(end, BOB, &second, "the version that the cut names");
	falls(end, BOB, &third, "removed-member", "one beyond it");
	falls(end, BOB, &forked, "removed-member",
	      "another line with a seq that is not above the cut's");
	falls(end, BOB, &first, "removed-member",
	      "one below, while the one that is named is not here");
	id = data(ALICE, "on second", end, &second, NULL);
	stands(end, ALICE, &id, "who knows builds on what the cut names");
	id = data(ALICE, "on third", end, &third, NULL);
	falls(end, ALICE, &id, "removed-parent", "and not beyond it,");
	id = data(ALICE, "on forked", end, &forked, NULL);
	falls(end, ALICE, &id, "removed-parent", "nor on the other line");
	id = data(CAROL, "unaware", &members, &forked, NULL);
	stands(end, CAROL, &id, "what others stand on who did not know stays");
	id = data(ALICE, "on others", end, &id, NULL);
	stands(end, ALICE, &id, "for whoever knows as well");
}

/* The same with no cut at all. */
static void test_no_cut(const git_oid *end)
{
	git_oid id;

	falls(end, BOB, &second, "removed-member",
	      "without a cut nothing counts by itself");
	id = data(ALICE, "on nothing", end, &second, NULL);
	falls(end, ALICE, &id, "removed-parent", "nor as a parent");
	id = data(CAROL, "unaware too", &members, &second, NULL);
	stands(end, CAROL, &id, "but below what others made");
}

/* Bob is lowered, and raised again. */
static void test_raised(const git_oid *lowered)
{
	git_oid raised = vault_version(ALICE, say_role(BOB, "writer"), lowered,
				       NULL);
	git_oid id = data(BOB, "again", &raised, &second, NULL);

	stands(&raised, BOB, &id, "who knows of both writes again");
	falls(&raised, BOB, &third, "removed-member",
	      "what had not seen the lowering stays beyond the cut");
	id = data(BOB, "on third again", &raised, &third, NULL);
	falls(&raised, BOB, &id, "removed-parent", "and is no parent");
	id = data(BOB, "lowered", lowered, &second, NULL);
	falls(&raised, BOB, &id, "not-a-writer",
	      "nor does a raise help what was signed before it");
}

static void test_writer(const char *name, bool wants_seal, size_t judge)
{
	git_oid end;

	judge_key = judge;
	begin(name, wants_seal, "writer");
	end = vault_version(ALICE, say_limit(BOB, NULL, &second, NULL),
			    &members, NULL);
	test_cut(&end);
	end = vault_version(ALICE, say_limit(BOB, NULL, NULL, NULL), &members,
			    NULL);
	test_no_cut(&end);
	end = vault_version(ALICE, say_limit(BOB, "reader", &second, NULL),
			    &members, NULL);
	test_cut(&end);
	test_raised(&end);
	end = vault_version(ALICE, say_role(BOB, "reader"), &members, NULL);
	test_no_cut(&end);
	end = vault_version(ALICE, say_limit(BOB, NULL, &third, &forked),
			    &members, NULL);
	stands(&end, BOB, &third, "a device of two lines is cut in both");
	stands(&end, BOB, &forked, "and neither is lost");
	judge_key = ALICE;
}

/* Two words about bob by owners who had not seen each other's. */
static void test_strictest(void)
{
	git_oid by_alice, by_bob, both;

	begin("strictest", false, "owner");
	by_bob = vault_version(BOB, say_limit(BOB, NULL, &third, NULL),
			       &members, NULL);
	by_alice = vault_version(ALICE, say_limit(BOB, NULL, &second, &by_bob),
				 &members, NULL);
	both = vault_version(ALICE, NULL, &by_alice, &by_bob);
	falls(&both, BOB, &third, "removed-member",
	      "a member's own leave does not widen what an owner cut");
	stands(&both, BOB, &second, "nor does it narrow it");
	both = vault_version(ALICE, say_admit(2, "reader"), &by_bob, NULL);
	stands(&both, BOB, &third, "and counts where nobody else spoke");
	falls(&both, BOB, &forked, "removed-member", "as any other");
	by_bob = vault_version(CAROL, say_limit(2, NULL, NULL, NULL), &both,
			       NULL);
	is_int(judge_as(VAULT_CONSTRUCT, CAROL, &by_bob), VERDICT_REFUSED,
	       "nobody removes whom another admitted");
}

/* An owner becomes a writer: it goes on writing, and forgets no more. */
static void test_owner(void)
{
	git_oid end, id;

	begin("owner", false, "owner");
	end = vault_version(ALICE, say_role(BOB, "writer"), &members, NULL);
	stands(&end, BOB, &third, "what a writer may do stands");
	id = data(BOB, NULL, &members, &third, NULL);
	stands(&members, BOB, &id, "an owner's forget,");
	falls(&end, BOB, &id, "removed-member", "which counts no more");
	id = data(BOB, "on top", &members, &id, NULL);
	falls(&end, BOB, &id, "removed-member",
	      "nor what the device puts on top of it");
	id = data(ALICE, "on that", &end, &id, NULL);
	falls(&end, ALICE, &id, "removed-parent", "or others who know");
	id = data(BOB, "knowing", &end, &third, NULL);
	stands(&end, BOB, &id, "a writer who knows writes on");
}

/* The verdict about bob's head of `vault` beside alice's. */
static enum verdict judge_vault(const git_oid *alices, const git_oid *bobs)
{
	struct head_list heads = HEAD_LIST_INIT;
	enum verdict verdict;

	add_head(&heads, VAULT_CONSTRUCT, ALICE, alices);
	add_head(&heads, VAULT_CONSTRUCT, BOB, bobs);
	verdict = judge_list(NULL, &heads);
	head_list_release(&heads);
	return verdict;
}

/* In `vault` itself: bob, an owner, signs two versions and is cut there. */
static void test_vault(const char *role)
{
	git_oid one, two, beyond, fork, end, id;

	begin(role ? role : "removed", false, "owner");
	one = vault_version(BOB, say_admit(2, "reader"), &members, NULL);
	two = vault_version(BOB, say_role(2, "writer"), &one, NULL);
	end = vault_version(ALICE, say_limit(BOB, role, &two, NULL), &two,
			    NULL);
	is_int(judge_vault(&end, &two), VERDICT_OK, "what the cut names");
	is_int(judge_vault(&end, &one), VERDICT_OK, "and what is below");
	beyond = vault_version(BOB, say_admit(DAVE, "owner"), &two, NULL);
	is_int(judge_vault(&end, &beyond), VERDICT_REFUSED, "beyond it");
	ok(has_problem("removed-member"), "as removed-member");
	fork = vault_version(BOB, say_admit(DAVE, "owner"), &members, NULL);
	is_int(judge_vault(&end, &fork), VERDICT_REFUSED,
	       "a line from below with a lower seq");
	ok(has_problem("removed-member"), "as removed-member");
	id = vault_version(ALICE, NULL, &end, &fork);
	is_int(judge_as(VAULT_CONSTRUCT, ALICE, &id), VERDICT_REFUSED,
	       "and no parent of who knows");
	ok(has_problem("removed-parent"), "as removed-parent");
	id = vault_version(DAVE, say_limit(CAROL, NULL, NULL, NULL), &fork,
			   NULL);
	vault_head = end;
	is_int(judge_as(VAULT_CONSTRUCT, DAVE, &id), VERDICT_REFUSED,
	       "whom it admitted is nobody");
	id = vault_version(CAROL, say_admit(5, "reader"), &fork, NULL);
	is_int(judge_as(VAULT_CONSTRUCT, CAROL, &id), VERDICT_OK,
	       "another owner who had not known stands on it");
}

/* Without cuts none of an owner's own heads of `vault` counts. */
static void test_vault_no_cut(void)
{
	git_oid one, end;

	begin("vault-bare", false, "owner");
	end = vault_version(ALICE, say_role(BOB, "reader"), &members, NULL);
	one = vault_version(BOB, say_admit(DAVE, "owner"), &members, NULL);
	is_int(judge_vault(&end, &one), VERDICT_REFUSED,
	       "an owner who was lowered admits nobody");
	ok(has_problem("removed-member"), "as removed-member");
}

/* A removed owner's line was here before the removal: whom it admitted was a
 * member then, and is none for who knows. */
static void test_stranger(void)
{
	struct head_list known = HEAD_LIST_INIT;
	struct head_list heads = HEAD_LIST_INIT;
	struct spec spec = { .construct = NOVA, .key = ALICE };
	git_oid fork, end, id;

	begin("stranger", false, "owner");
	fork = vault_version(BOB, say_admit(DAVE, "owner"), &members, NULL);
	end = vault_version(ALICE, say_remove(BOB, NULL), &members, NULL);
	id = data(DAVE, "by a stranger", &fork, &base, NULL);
	add_head(&known, VAULT_CONSTRUCT, BOB, &fork);
	add_head(&known, NOVA, ALICE, &base);
	add_head(&heads, VAULT_CONSTRUCT, ALICE, &end);
	add_head(&heads, NOVA, DAVE, &id);
	is_int(judge_list(&known, &heads), VERDICT_REFUSED,
	       "who is a member by what was cut off is no head");
	ok(has_problem("not-a-member"), "as not-a-member");
	spec.lines = say_memory("on a stranger's");
	spec.parents[spec.parents_n++] = id;
	spec.members[spec.members_n++] = end;
	spec.members[spec.members_n++] = fork;
	id = forge(&spec);
	head_list_release(&heads);
	add_head(&heads, VAULT_CONSTRUCT, ALICE, &end);
	add_head(&heads, NOVA, ALICE, &id);
	is_int(judge_list(&known, &heads), VERDICT_REFUSED,
	       "and no parent of who knows");
	ok(has_problem("removed-parent"), "as removed-parent");
	head_list_release(&known);
	head_list_release(&heads);
}

int main(void)
{
	forge_begin();
	test_writer("plain", false, ALICE);
	test_writer("sealed", true, ALICE);
	test_writer("blind", true, 5);
	test_strictest();
	test_owner();
	test_vault(NULL);
	test_vault("reader");
	test_vault("writer");
	test_vault_no_cut();
	test_stranger();
	problem_list_release(&problems);
	forge_end();
	return done_testing();
}
