#include "refs/vault/authority.h"
#include "tests/unit/forge.h"

static enum role role_in(const git_oid *heads, size_t n, size_t key)
{
	struct vault_state state;
	struct err err = ERR_INIT;
	enum role role;

	must(vault_state_compute(store, heads, n, &state, &err), &err,
	     "state");
	role = vault_state_role(&state, keys[key].public);
	vault_state_release(&state);
	return role;
}

static int refused(const git_oid *head, const char *part)
{
	struct vault_state state;
	struct err err = ERR_INIT;
	int rc = vault_state_compute(store, head, 1, &state, &err);

	if (rc >= 0)
		vault_state_release(&state);
	return rc == ERR_UNTRUSTED && strstr(err.text, part);
}

static void test_genesis(void)
{
	struct vault_state state;
	struct err err = ERR_INIT;
	git_oid first;

	forge_open("genesis");
	first = forge_genesis(false, keys[5].public);
	must(vault_state_compute(store, &first, 1, &state, &err), &err,
	     "state");
	is_str(state.vault_id, vault_id, "the id is that of vault:create");
	is_int(state.members_n, 2, "two first owners");
	ok(!memcmp(state.members[0].public, keys[5].public, 32),
	   "the recovery key stands first");
	ok(!memcmp(state.members[1].public, keys[0].public, 32),
	   "then the creator");
	ok(!memcmp(state.members[1].admitted.by, keys[0].public, 32),
	   "who let itself in");
	is_int(state.members[1].role, ROLE_OWNER, "it is an owner");
	is_str(buf_text(&state.members[1].name), "laptop", "with a name");
	ok(!state.is_encrypted && !state.keys_n, "a plain vault has no keys");
	vault_state_release(&state);
	is_int(role_in(&first, 1, 1), ROLE_NONE, "a stranger has no role");
	is_int(role_in(NULL, 0, 0), ROLE_NONE, "nothing says nothing");
}

static void test_members(void)
{
	git_oid first, admit, up, down, gone, again;

	forge_open("members");
	first = forge_genesis(false, NULL);
	admit = vault_version(0, say_admit(1, "writer"), &first, NULL);
	is_int(role_in(&admit, 1, 1), ROLE_WRITER, "admitted");
	is_int(role_in(&first, 1, 1), ROLE_NONE, "but not before");
	up = vault_version(0, say_role(1, "owner"), &admit, NULL);
	is_int(role_in(&up, 1, 1), ROLE_OWNER, "raised");
	down = vault_version(1, say_role(0, "reader"), &up, NULL);
	ok(refused(&down, "does not stand above"),
	   "the admitted does not lower the admitter");
	down = vault_version(1, say_remove(0, NULL), &up, NULL);
	ok(refused(&down, "does not stand above"), "nor remove it");
	gone = vault_version(0, say_remove(1, NULL), &up, NULL);
	is_int(role_in(&gone, 1, 1), ROLE_NONE, "removed");
	again = vault_version(0, say_admit(1, "reader"), &gone, NULL);
	ok(refused(&again, "removed member again"), "and never returns");
	again = vault_version(1, say_admit(2, "writer"), &gone, NULL);
	ok(refused(&again, "was removed"), "a removed owner says nothing");
	again = vault_version(1, say_admit(2, "writer"), &admit, NULL);
	ok(refused(&again, "only owners"), "nor does a writer");
	again = vault_version(2, say_admit(2, "owner"), &admit, NULL);
	ok(refused(&again, "no member"), "nor a stranger");
	again = vault_version(1, say_remove(1, NULL), &up, NULL);
	is_int(role_in(&again, 1, 1), ROLE_NONE, "an owner may leave");
}

/* The recovery key can take the creator's rights, not the other way round. */
static void test_recovery(void)
{
	git_oid first, by_creator, by_recovery;

	forge_open("recovery");
	first = forge_genesis(false, keys[5].public);
	by_creator = vault_version(0, say_remove(5, NULL), &first, NULL);
	ok(refused(&by_creator, "does not stand above"),
	   "the creator does not remove the recovery key");
	by_recovery = vault_version(5, say_remove(0, NULL), &first, NULL);
	is_int(role_in(&by_recovery, 1, 0), ROLE_NONE,
	       "the recovery key removes the creator");
	is_int(role_in(&by_recovery, 1, 5), ROLE_OWNER, "and stays");
}

/* A new key stands where the one before stood, by that one's word or by that
 * of who is above it. */
static void test_replaces(void)
{
	git_oid first, one, two, gone, next, after;

	forge_open("replaces");
	first = forge_genesis(false, keys[5].public);
	one = vault_version(0, say_admit(1, "owner"), &first, NULL);
	two = vault_version(0, say_admit(2, "owner"), &one, NULL);
	next = vault_version(0, say_replace(3, 0), &two, NULL);
	is_int(role_in(&next, 1, 3), ROLE_OWNER, "the new key");
	gone = vault_version(3, say_remove(0, NULL), &next, NULL);
	is_int(role_in(&gone, 1, 0), ROLE_NONE, "removes the one before");
	after = vault_version(3, say_remove(1, NULL), &gone, NULL);
	is_int(role_in(&after, 1, 1), ROLE_NONE, "and whom that admitted");
	after = vault_version(1, say_remove(3, NULL), &gone, NULL);
	ok(refused(&after, "does not stand above"), "not the other way round");
	after = vault_version(0, say_remove(3, NULL), &next, NULL);
	ok(refused(&after, "does not stand above"),
	   "nor does the old key remove the new one");
	after = vault_version(5, say_remove(3, NULL), &gone, NULL);
	is_int(role_in(&after, 1, 3), ROLE_NONE, "but who stood above it does");
	after = vault_version(1, say_replace(4, 2), &two, NULL);
	ok(refused(&after, "does not stand above"),
	   "nobody takes the place of whom it could not remove");
	after = vault_version(1, say_replace(4, 0), &two, NULL);
	ok(refused(&after, "does not stand above"), "least of one above");
	after = vault_version(0, say_replace(4, 1), &two, NULL);
	is_int(role_in(&after, 1, 4), ROLE_OWNER, "who is above says so");
	after = vault_version(4, say_remove(2, NULL), &after, NULL);
	ok(refused(&after, "does not stand above"), "and gives no more than "
	   "that place");
	after = vault_version(3, say_replace(4, 0), &gone, NULL);
	ok(refused(&after, "no member"), "one that is gone has none to give");
	after = vault_version(0, say_replace(4, 3), &two, NULL);
	ok(refused(&after, "no member"), "nor one that never came");
	after = vault_version(0, say_replace(4, 4), &two, NULL);
	ok(refused(&after, "no member"), "and nobody takes its own");
}

static void test_concurrent(void)
{
	git_oid first, two, heads[3];
	git_oid both[2];

	forge_open("concurrent");
	first = forge_genesis(false, NULL);
	two = vault_version(0, say_admit(1, "owner"), &first, NULL);
	heads[0] = vault_version(0, say_admit(2, "writer"), &two, NULL);
	heads[1] = vault_version(1, say_admit(2, "reader"), &two, NULL);
	is_int(role_in(heads, 2, 2), ROLE_WRITER,
	       "of two admissions the greater role: who admits takes nothing");
	both[0] = heads[1];
	both[1] = heads[0];
	is_int(role_in(both, 2, 2), ROLE_WRITER, "in any order");
	heads[0] = vault_version(0, say_role(2, "reader"), &heads[0], NULL);
	heads[1] = vault_version(1, say_admit(2, "owner"), &two, NULL);
	is_int(role_in(heads, 2, 2), ROLE_READER,
	       "admitted again on an old version, what was lowered stays so");
	heads[1] = vault_version(1, say_role(2, "owner"), &heads[1], NULL);
	is_int(role_in(heads, 2, 2), ROLE_READER,
	       "and raised by who had not seen it");
	heads[0] = vault_version(1, say_role(2, "writer"), &heads[0],
				 &heads[1]);
	is_int(role_in(heads, 1, 2), ROLE_WRITER,
	       "but not by who had");

	/* A removal that the other did not see. */
	heads[0] = vault_version(0, say_remove(1, NULL), &two, NULL);
	heads[1] = vault_version(1, say_admit(3, "writer"), &two, NULL);
	is_int(role_in(heads, 2, 1), ROLE_NONE, "removed");
	is_int(role_in(heads, 2, 3), ROLE_NONE,
	       "what it said beyond its cut is not heard");
	is_int(role_in(&heads[1], 1, 3), ROLE_WRITER,
	       "though valid for who did not know");
	heads[2] = vault_version(3, say_admit(4, "owner"), &heads[1], NULL);
	ok(refused(&heads[2], "only owners"), "a writer admits nobody");
	heads[1] = vault_version(1, say_admit(3, "owner"), &two, NULL);
	heads[2] = vault_version(3, say_admit(4, "owner"), &heads[1], NULL);
	both[0] = heads[0];
	both[1] = heads[2];
	is_int(role_in(both, 2, 4), ROLE_NONE,
	       "nor is a helper's word on top of it");
	heads[2] = vault_version(0, NULL, &heads[0], &heads[1]);
	ok(refused(&heads[2], "beyond the cut"),
	   "who knows the removal builds on nothing beyond it");
}

/* Two owners remove the same member, and a third, at once. */
static void test_removals(void)
{
	git_oid at, heads[2];

	forge_open("removals");
	at = forge_genesis(false, NULL);
	at = vault_version(0, say_admit(1, "owner"), &at, NULL);
	at = vault_version(1, say_admit(2, "writer"), &at, NULL);
	heads[0] = vault_version(0, say_remove(2, NULL), &at, NULL);
	heads[1] = vault_version(1, say_remove(2, NULL), &at, NULL);
	is_int(role_in(heads, 2, 2), ROLE_NONE, "removed twice is removed");
	heads[0] = vault_version(0, say_remove(1, NULL), &at, NULL);
	is_int(role_in(heads, 2, 1), ROLE_NONE, "the upper removal counts");
	is_int(role_in(heads, 2, 2), ROLE_WRITER,
	       "and takes back what the lower did beyond its cut");
}

/* A device takes its own rights on two lines, and says something on a third. */
static void test_own(void)
{
	git_oid first, at, heads[3];

	forge_open("own");
	first = forge_genesis(false, NULL);
	at = vault_version(0, say_admit(1, "owner"), &first, NULL);
	heads[0] = vault_version(0, say_remove(0, NULL), &at, NULL);
	heads[1] = vault_version(0, say_limit(0, NULL, &first, NULL), &at,
				 NULL);
	heads[2] = vault_version(0, say_admit(2, "owner"), &at, NULL);
	is_int(role_in(heads, 2, 0), ROLE_NONE,
	       "who removes itself twice is removed");
	is_int(role_in(heads, 3, 0), ROLE_NONE, "with a third line, too,");
	is_int(role_in(heads, 3, 2), ROLE_NONE, "which is not heard");
	is_int(role_in(heads, 3, 1), ROLE_OWNER, "and all others stay");
}

/* The word of a rotation. */
static git_oid rotated(size_t next, const git_oid *on, const git_oid *keeps)
{
	char lines[4096];

	snprintf(lines, sizeof(lines), "%s%s", say_replace(next, 1),
		 say_limit(1, NULL, keeps, NULL));
	return vault_version(1, lines, on, NULL);
}

/*
 * Whoever has a copy of a key takes a new one in its place, as its owner does,
 * on a line from before what that one said last, and keeps nothing of it.
 */
static void test_stolen(void)
{
	git_oid base, at, gone, thief, heads[2], back[2];

	forge_open("stolen");
	base = forge_genesis(false, NULL);
	base = vault_version(0, say_admit(1, "owner"), &base, NULL);
	at = vault_version(1, say_admit(2, "writer"), &base, NULL);
	at = rotated(3, &at, &at);
	heads[0] = back[1] = vault_version(3, say_role(2, "reader"), &at, NULL);
	thief = rotated(4, &base, NULL);
	heads[1] = back[0] = vault_version(4, say_admit(5, "owner"), &thief,
					   NULL);
	is_int(role_in(heads, 2, 1), ROLE_NONE, "the key that was copied goes");
	is_int(role_in(heads, 2, 3), ROLE_OWNER, "whom its owner let in stays");
	is_int(role_in(heads, 2, 2), ROLE_READER, "with all that it said,");
	is_int(role_in(heads, 2, 4), ROLE_OWNER, "and the thief's one as well");
	is_int(role_in(back, 2, 2) * 16 + role_in(back, 2, 3) * 4 +
	       role_in(back, 2, 4), ROLE_READER * 16 + ROLE_OWNER * 4 +
	       ROLE_OWNER, "in any order");
	gone = vault_version(3, say_remove(4, NULL), &heads[0], &heads[1]);
	ok(refused(&gone, "does not stand above"), "neither removes the other");
	gone = vault_version(4, say_remove(3, NULL), &heads[0], &heads[1]);
	ok(refused(&gone, "does not stand above"), "nor the other way");
	gone = vault_version(0, say_remove(4, NULL), &heads[0], &heads[1]);
	gone = vault_version(0, say_remove(5, NULL), &gone, NULL);
	is_int(role_in(&gone, 1, 4) + role_in(&gone, 1, 5), 2 * ROLE_NONE,
	       "an owner above says which one goes,");
	is_int(role_in(&gone, 1, 3), ROLE_OWNER, "and the right one stays");
	heads[1] = vault_version(1, say_admit(5, "owner"), &base, NULL);
	heads[1] = vault_version(5, say_admit(4, "owner"), &heads[1], NULL);
	is_int(role_in(heads, 2, 5), ROLE_NONE, "the copy alone, after its "
	       "owner took a new key, lets nobody in");
	is_int(role_in(heads, 2, 4), ROLE_NONE, "and nobody is heard by it");
}

/*
 * Two owners remove each other at once. One that stands beside or below another
 * cannot. Where each let the other in, on lines that did not know of each other,
 * both may: then the rounds of authority_standing() settle it, alike in any
 * order.
 */
static void test_mutual(void)
{
	git_oid first, line, other, heads[2], back[2];

	forge_open("mutual");
	first = forge_genesis(false, NULL);
	line = vault_version(0, say_admit(1, "owner"), &first, NULL);
	line = vault_version(0, say_admit(2, "owner"), &line, NULL);
	heads[0] = vault_version(1, say_remove(2, NULL), &line, NULL);
	ok(refused(&heads[0], "does not stand above"),
	   "whom a third admitted does not remove its like");
	heads[1] = vault_version(2, say_remove(1, NULL), &line, NULL);
	ok(refused(&heads[1], "does not stand above"), "nor the other way");
	line = vault_version(0, say_admit(1, "owner"), &first, NULL);
	line = vault_version(1, say_admit(2, "owner"), &line, NULL);
	other = vault_version(0, say_admit(3, "reader"), &first, NULL);
	other = vault_version(0, say_admit(2, "owner"), &other, NULL);
	other = vault_version(2, say_admit(1, "owner"), &other, NULL);
	heads[0] = back[1] = vault_version(1, say_remove(2, NULL), &line, NULL);
	heads[1] = back[0] = vault_version(2, say_remove(1, NULL), &other,
					   NULL);
	is_int(role_in(heads, 1, 2), ROLE_NONE, "each is right alone");
	is_int(role_in(&heads[1], 1, 1), ROLE_NONE, "and so is the other");
	is_int(role_in(heads, 2, 1), ROLE_NONE,
	       "together the one admitted first goes");
	is_int(role_in(heads, 2, 2), ROLE_OWNER, "and the later one stays");
	is_int(role_in(back, 2, 1), ROLE_NONE, "whatever the order");
	is_int(role_in(back, 2, 2), ROLE_OWNER, "in which they came");
}

/* Some order of adding the same versions: always the same state. */
static void test_shuffled(void)
{
	git_oid versions[24];
	struct vault_state want, got;
	struct err err = ERR_INIT;
	git_oid some[24];
	size_t n = 0;
	size_t i, round, j;
	size_t same = 0;

	forge_open("shuffled");
	versions[n++] = forge_genesis(false, NULL);
	versions[n++] = vault_version(0, say_admit(1, "owner"), &versions[0],
				      NULL);
	versions[n++] = vault_version(0, say_admit(2, "owner"), &versions[1],
				      NULL);
	versions[n++] = vault_version(1, say_admit(3, "owner"), &versions[1],
				      NULL);
	versions[n++] = vault_version(2, say_admit(3, "reader"), &versions[2],
				      NULL);
	versions[n++] = vault_version(3, say_admit(4, "writer"), &versions[3],
				      NULL);
	versions[n++] = vault_version(0, say_role(2, "writer"), &versions[2],
				      NULL);
	versions[n++] = vault_version(1, say_remove(3, NULL), &versions[3],
				      NULL);
	must(vault_state_compute(store, versions, n, &want, &err), &err,
	     "state");
	for (round = 0; round < 40; round++) {
		memcpy(some, versions, sizeof(some));
		for (i = n; i > 1; i--) {
			size_t k = (round * 7919 + i * 104729) % i;
			git_oid swap = some[i - 1];

			some[i - 1] = some[k];
			some[k] = swap;
		}
		must(vault_state_compute(store, some, n, &got, &err), &err,
		     "state");
		for (j = 0; j < want.members_n; j++)
			if (got.members_n != want.members_n ||
			    memcmp(got.members[j].public,
				   want.members[j].public, 32) ||
			    got.members[j].role != want.members[j].role ||
			    memcmp(&got.members[j].admitted,
				   &want.members[j].admitted,
				   sizeof(want.members[j].admitted)))
				break;
		same += j == want.members_n;
		vault_state_release(&got);
	}
	is_int(same, 40, "40 orders, one state");
	is_int(want.members_n, 4, "what the removed said beyond its cut is out");
	vault_state_release(&want);
}

static void test_long(void)
{
	git_oid at;
	size_t i;

	forge_open("long");
	at = forge_genesis(false, NULL);
	at = vault_version(0, say_admit(1, "writer"), &at, NULL);
	for (i = 0; i < 300; i++)
		at = vault_version(0, say_role(1, i % 2 ? "reader" : "writer"),
				   &at, NULL);
	is_int(role_in(&at, 1, 1), ROLE_READER,
	       "the same record twice says nothing new");
}

static void test_index_set(void)
{
	struct index_set set = INDEX_SET_INIT;
	struct index_set other = INDEX_SET_INIT;
	struct err err = ERR_INIT;
	uint32_t index, sum = 0;
	uint64_t pos = 0;
	size_t i;

	for (i = 0; i < 100; i += 2)
		must(index_set_add(&set, (uint32_t)i, &err), &err, "add");
	is_int(index_set_count(&set), 50, "even numbers");
	is_int(set.n, 50, "are 50 runs");
	ok(index_set_has(&set, 98) && !index_set_has(&set, 99), "has");
	for (i = 1; i < 100; i += 2)
		must(index_set_add(&other, (uint32_t)i, &err), &err, "add");
	ok(!index_set_covers(&set, &other), "odd ones are not in there");
	must(index_set_add_all(&set, &other, &err), &err, "add");
	is_int(set.n, 1, "together they are one run");
	ok(index_set_covers(&set, &other), "that covers");
	while (index_set_next(&set, &pos, &index))
		sum += index;
	is_int(sum, 4950, "each number once");
	index_set_release(&set);
	index_set_release(&other);
}

int main(void)
{
	forge_begin();
	test_index_set();
	test_genesis();
	test_members();
	test_recovery();
	test_replaces();
	test_concurrent();
	test_removals();
	test_own();
	test_stolen();
	test_mutual();
	test_shuffled();
	test_long();
	forge_end();
	return done_testing();
}
