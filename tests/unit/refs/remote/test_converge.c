/*
 * Three devices, of which two have no remote in common, write, import parts of
 * one source, collect and meet at random, are killed at it, put an older copy
 * of themselves in place, and meet a host that goes back, drops refs or lacks
 * objects. After each step every object that its heads reach is there, at the
 * device and at the remote; in the end all hold one set of records under
 * one root, fold it to one state, and nothing that was said is missing.
 *
 * VV_NIGHTLY=1 plays 500 schedules of each kind, VV_SEED=<n> one of them.
 */
#include "tests/unit/converge.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "refs/trust/open.h"

#ifdef __SANITIZE_ADDRESS__
#define SCHEDULES 12		/* each takes ten times as long */
#else
#define SCHEDULES 28
#endif
#define TELLING 7		/* so many say what others are like */
#define NIGHTLY 500
#define SHARED_ENTITIES 6
#define FIRST_SEED 20261121

#define WORLD "world"
#define TEMPLATE "template"

static void remotes_add(struct world *world, int device)
{
	int r;

	for (r = 0; r < REMOTES; r++)
		must(world, remote_add(world->devices[device], remote_names[r],
				       in_world(world, "remote", r),
				       &world->err), "remote");
}

/* Few files are copied faster. */
static void pack(struct world *world, const char *repository)
{
	const char *argv[] = { "git", "-C", repository, "gc", "-q", NULL };

	run(world, argv);
}

/* A vault of three members, with nearly as many segments as a level holds. */
static void world_make(struct world *world)
{
	const struct vault_options options = { .keys_folder = keys_of(0) };
	struct sync_report report = { .problems = PROBLEM_LIST_INIT };
	const char *left = NULL;
	char entity[64];
	int i;

	if (snprintf(world->folder, sizeof(world->folder), "%s/" WORLD,
		     scratch) >= (int)sizeof(world->folder))
		bail_out("the scratch folder's name is too long");
	must(world, dir_make(world->folder, 0700, &world->err), "folder");
	for (i = 0; i < REMOTES; i++) {
		const char *argv[] = { "git", "init", "-q", "--bare",
				       in_world(world, "remote", i), NULL };

		run(world, argv);
	}
	left = in_world(world, "remote", 0);
	must(world, vault_create(in_world(world, "device", 0), &options,
				 &world->devices[0], &world->err), "create");
	for (i = 0; i < 28; i++) {
		snprintf(entity, sizeof(entity), "memory:first%d", i);
		tell(world, 0, "memory:create", entity, "{\"content\":\"x\"}");
	}
	remotes_add(world, 0);
	push(world, 0, 0);
	for (i = 1; i < DEVICES; i++) {
		const struct clone_options clone = { .keys_folder = keys_of(i) };

		must(world, remote_clone(left, in_world(world, "device", i),
					 &clone, &world->devices[i], &report,
					 &world->err), "clone");
		sync_report_release(&report);
		remotes_add(world, i);
		admit(world, i);
	}
	push(world, 0, 0);
	for (i = 1; i < DEVICES; i++)
		fetch(world, i, 0);
	push(world, 1, 1);
	for (i = 0; i < DEVICES; i++) {
		device_close(world, i);
		pack(world, in_world(world, "device", i));
	}
	for (i = 0; i < REMOTES; i++)
		pack(world, in_world(world, "remote", i));
	if (rename(world->folder, in_scratch(TEMPLATE)) < 0)
		bail_out("cannot move the template");
}

/* A copy at the place that all its remotes name. */
static void world_begin(struct world *world)
{
	int i;

	copy_folder(world, in_scratch(TEMPLATE), world->folder);
	for (i = 0; i < DEVICES; i++)
		device_open(world, i);
}

static void world_end(struct world *world)
{
	int i;

	for (i = 0; i < DEVICES; i++)
		device_close(world, i);
	remove_folder(world, world->folder);
}

static void tell_new(struct world *world, int device)
{
	char entity[64], data[128];

	snprintf(entity, sizeof(entity), "memory:%d-%zu", device,
		 world->said_n);
	snprintf(data, sizeof(data), "{\"content\":\"%llu\"}",
		 (unsigned long long)below(world, 1000));
	tell(world, device, "memory:create", entity, data);
}

/* Of what all speak of, so that devices disagree. */
static void tell_shared(struct world *world, int device)
{
	static const char *const shapes[] = {
		"{\"content\":\"%llu\"}", "{\"tags\":[\"t%llu\"]}",
		"{\"tags\":[\"t%llu\",\"u\"]}", "{\"content\":null}",
		"{\"note\":{\"a\":%llu}}", "{\"note\":{\"b\":%llu}}",
		"{\"note\":null,\"tags\":[]}"
	};
	char entity[64], data[128];
	const char *shape = shapes[below(world, 7)];

	snprintf(entity, sizeof(entity), "memory:shared%llu",
		 (unsigned long long)below(world, SHARED_ENTITIES));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(data, sizeof(data), shape,
		 (unsigned long long)below(world, 4));
#pragma GCC diagnostic pop
	tell(world, device, "memory:update", entity, data);
}

static void tell_persona(struct world *world, int device)
{
	char data[128];

	snprintf(data, sizeof(data), "{\"persona\":{\"traits\":{\"t%llu\":%llu"
		 "}}}", (unsigned long long)below(world, 3),
		 (unsigned long long)below(world, 10));
	tell(world, device, "construct:update", "construct:" CONSTRUCT, data);
}

static void meet(struct world *world, int device, int remote)
{
	switch (below(world, 5)) {
	case 0:
		fetch(world, device, remote);
		break;
	case 1:
		push(world, device, remote);
		break;
	default:
		fetch(world, device, remote);
		push(world, device, remote);
	}
}

/* Anything that a device does, in another process, which dies of it somewhere
 * on the way: what it said may be lost, and nothing else. */
static void be_killed(struct world *world, int device, int remote)
{
	struct timespec life = { 0, (long)below(world, 20000000) };
	uint64_t what = below(world, 5);
	int status;
	pid_t child;

	device_close(world, device);
	child = fork();
	if (child < 0)
		bail_out("cannot fork");
	if (child == 0) {
		world->is_lying[remote] = true;
		device_open(world, device);
		if (what == 0)
			collect(world, device);
		else if (what == 1)
			fetch(world, device, remote);
		else if (what == 2)
			push(world, device, remote);
		else if (what == 3)
			tell_new(world, device);
		else
			take_in(world, device);
		_exit(0);
	}
	nanosleep(&life, NULL);
	kill(child, SIGKILL);
	if (waitpid(child, &status, 0) < 0)
		bail_out("cannot wait");
	device_open(world, device);
}

static void do_something(struct world *world)
{
	int device = (int)below(world, DEVICES);
	int remote = device == 1 ? (int)below(world, REMOTES) : device / 2;
	uint64_t n = 1 + below(world, 5);

	switch (below(world, 14)) {
	case 10:
		collect(world, device);
		break;
	case 12:
		take_in(world, device);
		break;
	case 11: case 13:
		be_killed(world, device, remote);
		break;
	case 0: case 1:
		while (n--)
			tell_new(world, device);
		break;
	case 2: case 3:
		tell_shared(world, device);
		break;
	case 4:
		tell_persona(world, device);
		break;
	default:
		meet(world, device, remote);
	}
	look_for_holes(world, in_world(world, "device", device));
	if (!world->is_lying[remote])
		look_for_holes(world, in_world(world, "remote", remote));
}

/* Every second file below a folder goes: refs, or objects. */
static void thin_out(struct world *world, const char *path)
{
	char command[FIXTURE_PATH_MAX * 3];
	const char *argv[] = { "sh", "-c", command, NULL };

	snprintf(command, sizeof(command), "find '%s' -type f | sort | "
		 "awk 'NR %% 2 == %d' | tr '\\n' '\\0' | xargs -0r rm -f",
		 path, (int)below(world, 2));
	run(world, argv);
}

/* The host shows what it was, or less than it has. */
static void begin_lying(struct world *world, int remote)
{
	const char *now = in_world(world, "remote", remote);
	char path[FIXTURE_PATH_MAX * 2 + 16];

	copy_folder(world, now, in_world(world, "honest", remote));
	world->is_lying[remote] = true;
	switch (below(world, 3)) {
	case 0:
		remove_folder(world, now);
		copy_folder(world, in_world(world, "old", remote), now);
		return;
	case 1:
		snprintf(path, sizeof(path), "%s/refs/heads", now);
		break;
	default:
		snprintf(path, sizeof(path), "%s/objects", now);
	}
	thin_out(world, path);
}

static void end_lying(struct world *world, int remote)
{
	remove_folder(world, in_world(world, "remote", remote));
	copy_folder(world, in_world(world, "honest", remote),
		    in_world(world, "remote", remote));
	world->is_lying[remote] = false;
}

/* What it said after the copy may be lost with it, and only that. */
static void go_back(struct world *world, int device, size_t said_then)
{
	size_t i;

	device_close(world, device);
	remove_folder(world, in_world(world, "device", device));
	copy_folder(world, in_world(world, "copy", device),
		    in_world(world, "device", device));
	device_open(world, device);
	for (i = said_then; i < world->said_n; i++)
		if (world->said[i].device == device)
			world->said[i].is_given_up = true;
}

/* Both ends to the middle, and back to both ends. */
static void settle(struct world *world)
{
	int r;

	push(world, 0, 0);
	push(world, 2, 1);
	for (r = 0; r < REMOTES; r++)
		fetch(world, 1, r);
	for (r = 0; r < REMOTES; r++)
		push(world, 1, r);
	fetch(world, 0, 0);
	fetch(world, 2, 1);
}

static bool is_all_there(const struct world *world,
			 const struct knowledge *knowledge)
{
	size_t i;

	for (i = 0; i < world->said_n; i++)
		if (!world->said[i].is_given_up &&
		    !table_get(&knowledge->ids, world->said[i].id, NULL))
			return false;
	return true;
}

static bool is_same(const struct knowledge *a, const struct knowledge *b)
{
	return !memcmp(a->set, b->set, SHA256_BYTES) &&
	       !memcmp(a->fold, b->fold, SHA256_BYTES) &&
	       !memcmp(a->root, b->root, SHA256_BYTES) &&
	       a->entities == b->entities;
}

static bool is_one_mind(struct world *world, bool is_forked)
{
	struct knowledge known[DEVICES];
	bool is_good = true;
	int i;

	for (i = 0; i < DEVICES; i++) {
		know(world, i, &known[i]);
		if (!is_same(&known[i], &known[0]) || known[i].problems ||
		    !is_all_there(world, &known[i]) ||
		    (known[i].forks && !is_forked)) {
			diag("device %d: same %d, %zu entities, problems %zu, "
			     "forks %llu, complete %d", i,
			     is_same(&known[i], &known[0]), known[i].entities,
			     known[i].problems,
			     (unsigned long long)known[i].forks,
			     is_all_there(world, &known[i]));
			is_good = false;
		}
	}
	for (i = 0; i < DEVICES; i++)
		table_release(&known[i].ids);
	return is_good;
}

enum kind_of_play { HONEST, GOES_BACK, LIED_TO };

/* Three moments: a copy is made, it is put in place, that has an end. */
struct moments {
	uint64_t copied;
	uint64_t begins;
	uint64_t ends;
};

static struct moments choose_moments(struct world *world, uint64_t steps)
{
	struct moments moments;

	moments.copied = below(world, steps);
	moments.begins = moments.copied + below(world, steps - moments.copied);
	moments.ends = moments.begins + below(world, steps - moments.begins);
	return moments;
}

/* A host lies from one moment to another. */
static void lie(struct world *world, const struct moments *moments, uint64_t i,
		int remote)
{
	if (i == moments->copied)
		copy_folder(world, in_world(world, "remote", remote),
			    in_world(world, "old", remote));
	if (i == moments->begins)
		begin_lying(world, remote);
}

static bool play(struct world *world, enum kind_of_play kind)
{
	int device = (int)below(world, DEVICES);
	int remote = (int)below(world, REMOTES);
	uint64_t steps = 10 + below(world, 16);
	struct moments moments = choose_moments(world, steps);
	size_t said_then = 0;
	uint64_t i;

	for (i = 0; i < steps; i++) {
		if (kind == LIED_TO)
			lie(world, &moments, i, remote);
		if (kind == GOES_BACK && i == moments.copied) {
			copy_folder(world, in_world(world, "device", device),
				    in_world(world, "copy", device));
			said_then = world->said_n;
		}
		do_something(world);
		if (kind == GOES_BACK && i == moments.begins)
			go_back(world, device, said_then);
		if (kind == LIED_TO && i == moments.ends)
			end_lying(world, remote);
	}
	if (kind == GOES_BACK) {
		/* Its next version joins both of its lines. */
		settle(world);
		tell_new(world, device);
	}
	settle(world);
	return is_one_mind(world, kind == GOES_BACK) && !world->holes;
}

static void test_schedules(const struct world *template, unsigned int n,
			   enum kind_of_play kind)
{
	static const char *const words[] = {
		"", "with an older copy put back ", "with a host that lies "
	};
	const char *only = getenv("VV_SEED");
	static struct world world;
	struct lives lives = { 0, 0 };
	unsigned int good = 0;
	unsigned int i;

	if (only)
		n = 1;
	for (i = 0; i < n; i++) {
		world = *template;
		world.seed = only ? strtoull(only, NULL, 10) : FIRST_SEED + i;
		world.chance = world.seed;
		world_begin(&world);
		if (play(&world, kind))
			good++;
		else
			diag("VV_SEED=%llu", (unsigned long long)world.seed);
		know_lives(&world, &lives);
		world_end(&world);
	}
	if (n >= TELLING)
		ok(lives.compactions > n / 2 && lives.joins > n / 8,
		   "after %u compactions and %u joins", lives.compactions,
		   lives.joins);
	ok(good == n, "%u random schedules %send in one mind", n,
	   words[kind]);
}

int main(void)
{
	static struct world template;
	bool is_nightly = getenv("VV_NIGHTLY") != NULL;

	/* Syncing what is thrown away would take most of the time. */
	if (!getenv("TMPDIR") && access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);
	scratch_begin();
	template.err = (struct err)ERR_INIT;
	must(&template, store_init_library(&template.err), "start");
	world_make(&template);
	test_schedules(&template, is_nightly ? NIGHTLY : SCHEDULES, HONEST);
	test_schedules(&template, is_nightly ? NIGHTLY : SCHEDULES / 4,
		       GOES_BACK);
	test_schedules(&template, is_nightly ? NIGHTLY : SCHEDULES / 2,
		       LIED_TO);
	store_stop_library();
	scratch_end();
	return done_testing();
}
