/*
 * Three devices, of which two have no remote in common, write, compact and
 * meet at random, and some put an older copy of themselves in place: in the
 * end all hold one set of records under one root, fold it to one state, and
 * nothing that was said is missing.
 */
#include "tests/unit/converge.h"

#define SCHEDULES 200
#define NIGHTLY 5000
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

static void do_something(struct world *world)
{
	int device = (int)below(world, DEVICES);
	int remote = device == 1 ? (int)below(world, REMOTES) : device / 2;
	uint64_t n = 1 + below(world, 5);

	switch (below(world, 10)) {
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

static bool play(struct world *world, bool goes_back)
{
	int device = (int)below(world, DEVICES);
	uint64_t steps = 10 + below(world, 16);
	uint64_t copied = goes_back ? below(world, steps) : steps;
	uint64_t returns = copied + (goes_back ? below(world, steps - copied) :
						 1);
	size_t said_then = 0;
	uint64_t i;

	for (i = 0; i < steps; i++) {
		if (i == copied) {
			copy_folder(world, in_world(world, "device", device),
				    in_world(world, "copy", device));
			said_then = world->said_n;
		}
		do_something(world);
		if (i == returns)
			go_back(world, device, said_then);
	}
	if (goes_back) {
		/* Its next version joins both of its lines. */
		settle(world);
		tell_new(world, device);
	}
	settle(world);
	return is_one_mind(world, goes_back);
}

static void test_schedules(const struct world *template, unsigned int n,
			   bool goes_back)
{
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
		if (play(&world, goes_back))
			good++;
		else
			diag("VV_SEED=%llu", (unsigned long long)world.seed);
		know_lives(&world, &lives);
		world_end(&world);
	}
	ok(only || (lives.compactions > n / 2 && lives.joins > n / 3),
	   "after %u compactions and %u joins", lives.compactions,
	   lives.joins);
	ok(good == n, "%u random schedules %send in one mind", n,
	   goes_back ? "with an older copy put back " : "");
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
	test_schedules(&template, is_nightly ? NIGHTLY : SCHEDULES, false);
	test_schedules(&template, is_nightly ? NIGHTLY : SCHEDULES / 10, true);
	store_stop_library();
	scratch_end();
	return done_testing();
}
