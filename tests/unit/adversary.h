/*
 * A world for test_adversary: five devices of one vault, of which some sign
 * whatever they like, and a host that shows each device what it likes. All
 * that was ever signed lies in the host's repository (`store` of forge.h) and
 * is known here as deeds; a device has what the host has shown to it.
 */
#ifndef VV_TESTS_UNIT_ADVERSARY_H
#define VV_TESTS_UNIT_ADVERSARY_H

#include "lib/base/table.h"
#include "refs/remote/remote.h"
#include "refs/trust/cuts.h"
#include "refs/trust/open.h"
#include "refs/view/view.h"
#include "tests/unit/forge.h"

#define DEVICES 5
#define MALLORY 5		/* a sixth key, which the hostile ones share */
#define CONSTRUCT "nova"
#define DEEDS_MAX 64		/* so that a set of deeds is a number */

enum word { WORD_NONE, WORD_ADMIT, WORD_ROLE, WORD_REMOVE };

/* A version, and what it says. Sets hold a deed i as the bit i. */
struct deed {
	git_oid id;
	bool is_vault;
	bool is_honest;
	size_t key;		/* its signer */
	uint64_t stands_on;	/* itself, and what it descends from */
	uint64_t knows;		/* of `vault`: by its Vvault-Members */
	enum word word;
	size_t target;
	uint64_t kept;		/* of a word that takes rights: what its cuts
				   name, and what that stands on */
	bool has_record;
	unsigned char record[RECORD_ID_BYTES];
	uint64_t forgets;	/* deeds whose records it forgets */
};

struct world {
	uint64_t seed;
	uint64_t chance;
	struct deed deeds[DEEDS_MAX];
	size_t deeds_n;
	bool is_hostile[MALLORY + 1];
	struct vault *devices[DEVICES];	/* NULL: a hostile one */
	/* What the host shows now, 1 + the number of a deed or 0. */
	size_t shown[2][MALLORY + 1];
	size_t faults;
};

static uint64_t below(struct world *world, uint64_t n)
{
	/* splitmix64 */
	uint64_t z = world->chance += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (z ^ (z >> 31)) % n;
}

static uint64_t bit(size_t deed)
{
	return (uint64_t)1 << deed;
}

static const char *device_path(size_t key, bool is_keys)
{
	static char paths[4][FIXTURE_PATH_MAX * 2];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s%zu", scratch,
		 is_keys ? "keys" : "world/device", key);
	return path;
}

static void copy_folder(const char *from, const char *to)
{
	const char *argv[] = { "cp", "-a", from, to, NULL };
	struct process_spec spec = { .argv = argv };
	struct process_end end;
	struct err err = ERR_INIT;

	must(process_run(&spec, NULL, NULL, &end, &err), &err, "cp");
	if (end.status || end.signal)
		bail_out("cannot copy '%s'", from);
}

/* Keys that are the same in every run: digests decide who came first. */
static void make_keys(void)
{
	struct err err = ERR_INIT;
	char seed[65];
	size_t i;

	for (i = 0; i < FORGE_KEYS; i++) {
		snprintf(seed, sizeof(seed), "%064zx", i + 1);
		keys[i] = key_of_seed(seed);
		must(device_key_save(device_path(i, true), &keys[i], &err),
		     &err, "key");
	}
}

static size_t deed_of(const struct world *world, const git_oid *id)
{
	size_t i;

	for (i = 0; i < world->deeds_n; i++)
		if (git_oid_equal(&world->deeds[i].id, id))
			return i;
	bail_out("seed %llu: a version that nobody made",
		 (unsigned long long)world->seed);
}

/* All that these deeds stand on, themselves among it. */
static uint64_t closure(const struct world *world, uint64_t set)
{
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < world->deeds_n; i++)
		if (set & bit(i))
			all |= world->deeds[i].stands_on;
	return all;
}

static uint64_t set_of(const struct world *world, const git_oid *ids, size_t n)
{
	uint64_t set = 0;
	size_t i;

	for (i = 0; i < n; i++)
		set |= bit(deed_of(world, &ids[i]));
	return set;
}

/* Without those that another of them stands on. */
static uint64_t maximal(const struct world *world, uint64_t set)
{
	uint64_t kept = set;
	size_t i;

	for (i = 0; i < world->deeds_n; i++)
		if (set & bit(i))
			kept &= ~(world->deeds[i].stands_on & ~bit(i));
	return kept;
}

static int compare_parents(const void *a, const void *b)
{
	return git_oid_cmp(a, b);
}

/* Parents as a version must have them: one's own first, then by id. */
static void put_parents(const struct world *world, size_t key, uint64_t set,
			struct spec *spec)
{
	size_t own = FORGE_MAX;
	size_t first;
	size_t i;

	set = maximal(world, set);
	for (i = 0; i < world->deeds_n; i++) {
		if (!(set & bit(i)) || spec->parents_n == FORGE_MAX)
			continue;
		if (world->deeds[i].key == key)
			own = spec->parents_n;
		spec->parents[spec->parents_n++] = world->deeds[i].id;
	}
	first = own < FORGE_MAX;
	if (first) {
		git_oid id = spec->parents[own];

		spec->parents[own] = spec->parents[0];
		spec->parents[0] = id;
	}
	qsort(spec->parents + first, spec->parents_n - first, sizeof(git_oid),
	      compare_parents);
}

/* Sign it, and remember it. */
static size_t deed_add(struct world *world, struct spec *spec,
		       const struct deed *like)
{
	struct deed *deed = &world->deeds[world->deeds_n];
	size_t i;

	*deed = *like;
	deed->is_vault = !strcmp(spec->construct, VAULT_CONSTRUCT);
	deed->key = spec->key;
	deed->id = forge(spec);
	deed->stands_on = bit(world->deeds_n) |
			  closure(world, set_of(world, spec->parents,
						spec->parents_n));
	deed->knows = closure(world, set_of(world, spec->members,
					    spec->members_n));
	if (deed->is_vault)
		deed->knows = deed->stands_on;
	/* Signed a second time, byte for byte. */
	for (i = 0; i < world->deeds_n; i++)
		if (git_oid_equal(&world->deeds[i].id, &deed->id))
			return i;
	return world->deeds_n++;
}

/* A word on a member in a version of `vault` on top of these. */
static size_t vault_deed(struct world *world, size_t key, uint64_t parents,
			 const char *lines, const struct deed *like)
{
	struct spec spec = { .construct = VAULT_CONSTRUCT, .key = key,
			     .lines = lines };

	put_parents(world, key, parents, &spec);
	return deed_add(world, &spec, like);
}

/* The host's refs, all in one file. */
static void host_show(const struct world *world)
{
	struct buf text = BUF_INIT(1 << 16);
	const char *host = in_scratch("world/host");
	char hex[HEX_TEXT(GIT_OID_RAWSZ) + 1], path[FIXTURE_PATH_MAX * 2];
	struct err err = ERR_INIT;
	size_t i, at;

	must(buf_add_str(&text, "# pack-refs with: peeled fully-peeled \n",
			 &err), &err, "refs");
	for (i = 0; i < 2 * (MALLORY + 1); i++) {
		at = world->shown[i / (MALLORY + 1)][i % (MALLORY + 1)];
		if (!at)
			continue;
		hex_text(world->deeds[at - 1].id.id, GIT_OID_RAWSZ, hex);
		must(buf_printf(&text, &err, "%s refs/heads/%s/%s\n", hex,
				i < MALLORY + 1 ? CONSTRUCT : VAULT_CONSTRUCT,
				keys[i % (MALLORY + 1)].name), &err, "refs");
	}
	snprintf(path, sizeof(path), "%s/packed-refs", host);
	must(file_write_atomic(path, buf_span(&text), 0644, &err), &err,
	     "refs");
	buf_release(&text);
}

/* By the numbers of deeds, where one schedule is looked at. */
static void tell_report(const struct world *world, size_t key,
			const struct sync_report *report)
{
	size_t i;

	for (i = 0; getenv("VV_SEED") && i < report->n; i++) {
		const struct ref_report *at = &report->at[i];

		if (at->has_to)
			diag("device %zu: deed %zu is %s: %.60s", key,
			     deed_of(world, &at->to), ref_result_word(at->result),
			     at->reason);
	}
}

/* A device asks the host, and believes or not. */
static void device_fetch(struct world *world, size_t key, const char *remote)
{
	const struct remote_limits limits = { 0 };
	const struct remote_calls calls = { .progress = NULL };
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	struct vault *vault = world->devices[key];
	struct err err = ERR_INIT;

	host_show(world);
	if (remote_fetch(vault, remote, &limits, &calls, &report, &err) < 0)
		bail_out("seed %llu: device %zu cannot fetch: %s",
			 (unsigned long long)world->seed, key, err.text);
	tell_report(world, key, &report);
	must(vault_reload(vault, &err), &err, "reload");
	sync_report_release(&report);
}

#endif
