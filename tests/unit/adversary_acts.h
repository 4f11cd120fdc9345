/*
 * What the devices and the host of test_adversary do.
 */
#ifndef VV_TESTS_UNIT_ADVERSARY_ACTS_H
#define VV_TESTS_UNIT_ADVERSARY_ACTS_H

#include "tests/unit/adversary.h"

static const char *const roles[] = { "reader", "writer", "owner" };

/* Some of the deeds of one construct, of one signer or (DEEDS_MAX) of all. */
static uint64_t some(struct world *world, bool is_vault, size_t key, size_t n)
{
	uint64_t set = 0;
	size_t tries;

	for (tries = 0; n && tries < 40; tries++) {
		/* Mostly of the newest. */
		uint64_t back = below(world, 2) ? below(world, 8)
						: below(world, DEEDS_MAX);
		const struct deed *deed;

		if (back >= world->deeds_n)
			continue;
		deed = &world->deeds[world->deeds_n - 1 - back];
		if (deed->is_vault != is_vault ||
		    (key < DEEDS_MAX && deed->key != key))
			continue;
		set |= bit((size_t)(deed - world->deeds));
		n--;
	}
	return set;
}

static size_t hostile_key(struct world *world)
{
	size_t key;

	do
		key = below(world, 6) ? below(world, DEVICES) : MALLORY;
	while (!world->is_hostile[key]);
	return key;
}

/* Numbers of the first two of a set of deeds. */
static size_t two_of(const struct world *world, uint64_t set,
		     const git_oid *out[2])
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < world->deeds_n && n < 2; i++)
		if (set & bit(i))
			out[n++] = &world->deeds[i].id;
	return n;
}

/* A word that takes rights, with these deeds as cuts: two at most. */
static const char *say_taken(const struct world *world, struct deed *like,
			     const char *role, uint64_t cuts)
{
	const git_oid *named[2] = { NULL, NULL };

	two_of(world, cuts, named);
	like->kept = closure(world, cuts);
	return say_limit(like->target, role, named[0], named[1]);
}

/* Perhaps a new key takes the place of one that takes its own rights. */
static const char *say_rotated(struct world *world, size_t key,
			       const struct deed *like, const char *lines)
{
	static char both[8192];

	if (like->word != WORD_REMOVE || like->target != key ||
	    !below(world, 2))
		return lines;
	snprintf(both, sizeof(both), "%s%s", say_replace(MALLORY, key), lines);
	return both;
}

/* Whatever a version of `vault` can say, on top of anything. */
static void hostile_word(struct world *world)
{
	size_t key = hostile_key(world);
	struct deed like = { .target = below(world, MALLORY + 1) };
	uint64_t parents = some(world, true, below(world, 2) ? key : DEEDS_MAX,
				1);
	const char *role = roles[below(world, 3)];
	uint64_t cuts = some(world, below(world, 2), like.target,
			     below(world, 2)) |
			some(world, below(world, 2), like.target,
			     below(world, 2));
	const char *lines = NULL;

	if (!below(world, 3))
		parents |= some(world, true, DEEDS_MAX, 1);
	like.word = (enum word)below(world, 4);
	if (like.word == WORD_ADMIT) {
		like.target = below(world, 3) ? MALLORY : like.target;
		lines = say_admit(like.target, role);
	} else if (like.word != WORD_NONE) {
		lines = say_taken(world, &like,
				  like.word == WORD_ROLE ? role : NULL, cuts);
		lines = say_rotated(world, key, &like, lines);
	}
	if (parents)
		vault_deed(world, key, parents, lines, &like);
}

/* A record that forgets the records of these deeds. */
static const char *say_forget(const struct world *world, uint64_t set,
			      struct deed *like)
{
	char data[512] = "", cid[CID_TEXT_MAX];
	size_t len;
	size_t i;

	len = (size_t)snprintf(data, sizeof(data), "{\"records\":[");
	for (i = 0; i < world->deeds_n && len < 256; i++) {
		if (!(set & bit(i)) || !world->deeds[i].has_record)
			continue;
		cid_text(CID_JSON, world->deeds[i].record, cid);
		len += (size_t)snprintf(data + len, sizeof(data) - len,
					"%s\"%s\"", like->forgets ? "," : "",
					cid);
		like->forgets |= bit(i);
	}
	snprintf(data + len, sizeof(data) - len, "]}");
	return like->forgets ? say_record("forget:create", "forget:some", data)
			     : NULL;
}

static const char *say_something(const struct world *world, size_t key,
				 struct deed *like)
{
	char name[64];
	const char *line;

	snprintf(name, sizeof(name), "%zu-%zu", key, world->deeds_n);
	line = say_memory(name);
	record_id(span_of(line, strlen(line) - 1), like->record);
	like->has_record = true;
	return line;
}

/* A tree that lacks what the parents have. */
static const git_oid *poorer_tree(const struct spec *spec, git_oid *out)
{
	struct err err = ERR_INIT;
	struct version version;

	version_init(&version);
	must(version_read(store, &spec->parents[spec->parents_n - 1],
			  &version, &err), &err, "tree");
	*out = version.tree;
	if (!version.parents_n)
		must(tree_empty(store, out, &err), &err, "tree");
	version_release(&version);
	return out;
}

/* Name these versions of `vault` as what is known: of each device one, for a
 * host shows no more at once. False: there are more. */
static bool put_members(const struct world *world, uint64_t set,
			struct spec *spec)
{
	bool has[MALLORY + 1] = { false };
	bool is_all = true;
	size_t i;

	set = maximal(world, set);
	for (i = 0; i < world->deeds_n; i++) {
		if (!(set & bit(i)))
			continue;
		is_all = is_all && !has[world->deeds[i].key];
		if (!has[world->deeds[i].key])
			spec->members[spec->members_n++] = world->deeds[i].id;
		has[world->deeds[i].key] = true;
	}
	return is_all;
}

/* A version of what all write, on top of anything, by any knowledge. */
static void hostile_data(struct world *world)
{
	struct spec spec = { .construct = CONSTRUCT,
			     .key = hostile_key(world) };
	struct deed like = { .word = WORD_NONE };
	git_oid tree;

	put_parents(world, spec.key,
		    some(world, false, below(world, 2) ? spec.key : DEEDS_MAX,
			 1) | some(world, false, DEEDS_MAX, below(world, 2)),
		    &spec);
	put_members(world, some(world, true, DEEDS_MAX, 1 + below(world, 2)),
		    &spec);
	switch (below(world, 6)) {
	case 0:
		spec.change = CHANGE_FORGET;
		spec.lines = say_forget(world, some(world, false, DEEDS_MAX, 2),
					&like);
		break;
	case 1:
		spec.change = (enum version_change)below(world, 3);
		if (spec.parents_n)
			spec.tree = poorer_tree(&spec, &tree);
		break;
	default:
		spec.lines = say_something(world, spec.key, &like);
	}
	if (spec.members_n)
		deed_add(world, &spec, &like);
}

static size_t honest_key(struct world *world)
{
	size_t key;

	do
		key = below(world, DEVICES);
	while (world->is_hostile[key]);
	return key;
}

/* What counts here of the construct, as a set. */
static uint64_t heads_of(const struct world *world, size_t key)
{
	struct head_list refs = HEAD_LIST_INIT;
	struct err err = ERR_INIT;
	git_oid *ids = NULL;
	uint64_t set;
	size_t n;

	must(view_heads(world->devices[key], CONSTRUCT, &refs, &ids, &n, &err),
	     &err, "heads");
	set = set_of(world, ids, n);
	head_list_release(&refs);
	free(ids);
	return set;
}

static uint64_t vault_heads_of(const struct world *world, size_t key)
{
	const struct vault_state *state = &world->devices[key]->state;

	return set_of(world, state->heads, state->heads_n);
}

static void fault(struct world *world, const char *what, size_t deed,
		  size_t device)
{
	world->faults++;
	diag("VV_SEED=%llu: %s (deed %zu, device %zu)",
	     (unsigned long long)world->seed, what, deed, device);
}

/* The device has what it wrote, as any other device has it. */
static void keep_own(struct world *world, size_t key, size_t made)
{
	bool is_vault = world->deeds[made].is_vault;
	size_t before[2][MALLORY + 1];

	memcpy(before, world->shown, sizeof(before));
	memset(world->shown, 0, sizeof(world->shown));
	world->shown[is_vault][key] = made + 1;
	device_fetch(world, key, "origin");
	memcpy(world->shown, before, sizeof(before));
	if (!(closure(world, is_vault ? vault_heads_of(world, key)
				      : heads_of(world, key)) & bit(made)))
		fault(world, "an honest version is not believed", made, key);
}

/* What parents knew of `vault`, and its heads do not stand on. */
static void put_known(const struct world *world, uint64_t parents,
		      struct spec *spec)
{
	uint64_t known = closure(world, set_of(world, spec->members,
					       spec->members_n));
	uint64_t more = 0;
	size_t i;

	for (i = 0; i < world->deeds_n; i++)
		if (parents & bit(i))
			more |= world->deeds[i].knows & ~known;
	more = maximal(world, more);
	for (i = 0; i < world->deeds_n; i++)
		if (more & bit(i))
			spec->members[spec->members_n++] = world->deeds[i].id;
}

/* As the write path does it. */
static void honest_data(struct world *world)
{
	size_t key = honest_key(world);
	const struct vault_state *state = &world->devices[key]->state;
	struct spec spec = { .construct = CONSTRUCT, .key = key };
	struct deed like = { .is_honest = true };

	if (vault_state_role(state, keys[key].public) < ROLE_WRITER ||
	    !put_members(world, vault_heads_of(world, key), &spec))
		return;
	put_parents(world, key, heads_of(world, key), &spec);
	put_known(world, heads_of(world, key), &spec);
	spec.lines = say_something(world, key, &like);
	keep_own(world, key, deed_add(world, &spec, &like));
}

/* The deeds that the device would name as what still counts of a member. */
static uint64_t cuts_of(struct world *world, size_t key, size_t member)
{
	struct device_lasts lasts = DEVICE_LASTS_INIT;
	struct err err = ERR_INIT;
	struct version version;
	uint64_t set = 0;
	size_t i, k;

	must(device_lasts(world->devices[key], keys[member].public, &lasts,
			  &err), &err, "cuts");
	version_init(&version);
	for (i = 0; i < world->deeds_n; i++) {
		must(version_read(store, &world->deeds[i].id, &version, &err),
		     &err, "version");
		for (k = 0; k < lasts.n; k++)
			if (!memcmp(lasts.at[k].cut.digest, version.digest,
				    SHA256_BYTES))
				set |= bit(i);
	}
	version_release(&version);
	device_lasts_release(&lasts);
	return set;
}

/* An owner takes rights from one that it stands above, or gives some. */
static void honest_word(struct world *world)
{
	size_t key = honest_key(world);
	struct deed like = { .is_honest = true,
			     .target = below(world, MALLORY + 1) };
	struct err err = ERR_INIT;
	const char *lines;
	size_t made;

	if (vault_state_role(&world->devices[key]->state,
			     keys[key].public) != ROLE_OWNER)
		return;
	if (!world->is_hostile[like.target] && below(world, 4))
		return;
	like.word = (enum word)(1 + below(world, 3));
	if (like.word == WORD_ADMIT)
		lines = say_admit(like.target, roles[below(world, 2)]);
	else
		lines = say_taken(world, &like,
				  like.word == WORD_ROLE
					  ? roles[below(world, 3)] : NULL,
				  cuts_of(world, key, like.target));
	made = vault_deed(world, key, vault_heads_of(world, key), lines,
			  &like);
	if (vault_state_check(store, &world->deeds[made].id, &err) == 0)
		keep_own(world, key, made);
	else if (made + 1 == world->deeds_n)
		world->deeds_n--;	/* the program would not write it */
}

/* Any version of a device's as its head: newer, older, another line. */
static void host_choose(struct world *world)
{
	size_t i, at;

	for (i = 0; i < 3; i++) {
		at = below(world, world->deeds_n);
		world->shown[world->deeds[at].is_vault]
			    [world->deeds[at].key] =
			below(world, 8) ? at + 1 : 0;
	}
}

#endif
