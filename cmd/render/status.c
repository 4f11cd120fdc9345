#include "cmd/cli/say.h"
#include "cmd/render/render.h"

#define NAME_COLUMNS 16

static bool has_text(const struct jval *object, const char *name)
{
	return jval_get_text(object, name).len > 0;
}

static void print_device(const struct jval *device)
{
	say_printf("you        ");
	if (!jval_get(device, "device")) {
		say_printf("without a key on this device\n");
		return;
	}
	render_device(device, "device");
	if (has_text(device, "request")) {
		render_line(device, ", no member yet; an owner lets you in "
			    "with this, and a push:\n"
			    "           {request}\n");
		return;
	}
	render_line(device, ", {role}; ");
	if (has_text(device, "backup")) {
		say_printf("key backed up ");
		render_time(SAY_PLAIN, device, "backup", "");
		say_printf("\n");
	} else {
		say_printf("key not backed up: 'vvault key backup <file>'\n");
	}
}

static void print_construct(const struct jval *one)
{
	unsigned long long sessions = render_number(one, "sessions");
	unsigned long long messages = render_number(one, "messages");
	unsigned long long memories = render_number(one, "memories");

	say_printf("           ");
	render_cell(SAY_CYAN, render_called(one), NAME_COLUMNS);
	say_printf("  ");
	if (messages)
		render_count(messages, "message");
	say_printf(messages && sessions ? " in " : "");
	if (sessions)
		render_count(sessions, "session");
	say_printf((messages || sessions) && memories ? ", " : "");
	if (memories)
		render_count(memories, "memory");
	say_printf(messages || sessions || memories ? ", " : "");
	render_time(SAY_PLAIN, one, "written", "");
	say_printf("\n");
}

static void print_constructs(const struct jval *status)
{
	unsigned long long all = render_number(status, "constructs");
	const struct jval *newest = jval_get(status, "newest");
	unsigned long long shown = jval_count(newest);
	const struct jval *one = jval_first(newest);

	say_printf("holds      ");
	render_count(all, "construct");
	if (render_number(status, "records")) {
		say_printf(", ");
		render_count(render_number(status, "records"), "record");
	}
	say_printf(", ");
	render_bytes(render_number(status, "bytes"));
	say_printf(all ? "\n" : "; 'vvault import <file>' brings some in\n");
	for (; one; one = one->next)
		print_construct(one);
	if (shown && all > shown) {
		say_printf("           and ");
		render_count(all - shown, "other");
		say_printf(": 'vvault construct list'\n");
	}
	if (render_number(status, "blind"))
		say_printf("sealed     this device holds no key, so that only "
			   "hashes and signatures are checked\n");
}

static void print_import(const struct jval *import)
{
	const struct jval *called = jval_get(import, "called");
	const struct jval *one = jval_first(called ? called :
					    jval_get(import, "constructs"));
	unsigned long long sources = render_number(import, "sources");
	unsigned long long others = render_number(import, "others");

	if (!jval_get(import, "at"))
		return;
	say_printf("import     ");
	render_time(SAY_PLAIN, import, "at", "");
	render_line(import, has_text(import, "from") ? " from {from}" :
		    " from standard input");
	if (sources > 1)
		say_printf(" and %llu more", sources - 1);
	say_printf(": ");
	if (render_number(import, "new"))
		render_count(render_number(import, "new"), "new record");
	else
		say_printf(render_flag(import, "refused") ? "refused" :
			   "nothing new");
	say_printf(one ? " for " : "\n");
	for (; one; one = one->next) {
		say_text(jval_text(one));
		say_printf(one->next ? ", " : others ? "" : "\n");
	}
	if (others)
		say_printf(" and %llu more\n", others);
}

static void print_unpushed(const struct jval *remote)
{
	const struct jval *one = jval_first(jval_get(remote, "unpushed"));
	unsigned long long others = render_number(remote, "others");
	const char *before = " (";

	for (; one; one = one->next, before = ", ") {
		say_printf("%s", before);
		if (jval_is_text(jval_get(one, "construct"), "vault"))
			say_printf("members and keys");
		else
			render_line(one, "{construct}");
		say_printf(" %llu", render_number(one, "versions"));
	}
	if (others)
		say_printf(" and %llu others", others);
	say_printf(")");
}

static void print_remote(const struct jval *remote)
{
	unsigned long long ahead = render_number(remote, "ahead");
	unsigned long long behind = render_number(remote, "behind");

	say_printf("remote     ");
	say_colored(SAY_BOLD, jval_get_text(remote, "name"));
	say_printf(render_flag(remote, "seen") ? ": " :
		   ": never fetched or pushed, ");
	if (ahead) {
		render_count(ahead, "version");
		say_printf(" to push");
		print_unpushed(remote);
		render_line(remote, behind ? "" : ": 'vvault push {name}'");
	}
	say_printf(ahead && behind ? ", " : "");
	if (behind) {
		say_printf("%llu to pull", behind);
		render_line(remote, ": 'vvault pull {name}'");
	}
	say_printf(ahead || behind ? "\n" : "up to date\n");
}

static void print_remotes(const struct jval *status)
{
	const struct jval *one = jval_first(jval_get(status, "remotes"));

	if (!one)
		say_printf("remote     none: 'vvault remote add <name> <url>' "
			   "names a place for a copy\n");
	for (; one; one = one->next)
		print_remote(one);
}

/* Who was removed and signs on, and whether it can read on. */
static void print_removed(const struct jval *status)
{
	const struct jval *one = jval_first(jval_get(status, "shut_out"));

	if (one)
		say_printf("removed    ");
	for (; one; one = one->next) {
		render_device(one, "device");
		say_printf(one->next ? ", " : " still signs: what comes of it "
			   "is kept apart\n");
	}
	one = jval_first(jval_get(status, "twins"));
	if (one)
		say_printf("replaced   one key more than once, by ");
	for (; one; one = one->next) {
		render_device(one, "device");
		say_printf(one->next ? ", " : ": one of them may be a "
			   "thief's, 'vvault member list' says what to do\n");
	}
	if (render_flag(status, "key_known"))
		say_printf("key        the newest one is known to a removed "
			   "device: an owner makes another, 'vvault key "
			   "rotate'\n");
}

/* What asks for somebody's word. */
static void print_trouble(const struct jval *status)
{
	unsigned long long conflicts = render_number(status, "conflicts");
	unsigned long long waiting = render_number(status, "quarantined");
	unsigned long long held = render_number(status, "held");
	unsigned long long forks = render_number(status, "forks");
	unsigned long long kept = render_number(status, "quarantine_bytes");

	if (conflicts) {
		say_printf("conflicts  ");
		render_count(conflicts, "field");
		say_printf(": 'vvault conflicts'\n");
	}
	if (waiting) {
		say_printf("quarantine ");
		if (held)
			say_printf("%llu held%s", held,
				   waiting > held ? ", " : "");
		if (waiting > held)
			say_printf("%llu refused", waiting - held);
		if (kept) {
			say_printf(", ");
			render_bytes(kept);
		}
		say_printf(": 'vvault quarantine list'\n");
	} else if (kept) {
		say_printf("quarantine ");
		render_bytes(kept);
		say_printf(" of what was fetched: the next fetch clears it\n");
	}
	print_removed(status);
	if (forks) {
		say_printf("forks      ");
		render_count(forks, "version");
		say_printf(" with a number that its device had used before, "
			   "as a restored backup does; both are kept: "
			   "'vvault verify'\n");
	}
}

static void print_since_merge(const struct jval *constructs)
{
	const struct jval *at = jval_first(constructs);
	long long n;

	for (; at; at = at->next) {
		if (!jval_integer(at, &n))
			continue;
		say_printf("merged     ");
		say_text(at->key);
		say_printf(" got %lld record%s since: 'vvault construct merge' "
			   "again brings %s\n", n, n == 1 ? "" : "s",
			   n == 1 ? "it" : "them");
	}
}

static void print_same_name(const struct jval *names)
{
	const struct jval *at = jval_first(names);

	if (!at)
		return;
	say_printf("names      %zu constructs are called as another one: ",
		   jval_count(names));
	for (; at; at = at->next) {
		say_text(at->key);
		say_printf(" (");
		say_text(jval_text(at));
		say_printf(at->next ? "), " : ")");
	}
	say_printf("; whoever writes names them by the id in brackets: "
		   "'vvault construct rename' calls one otherwise\n");
}

bool render_status(const struct jval *status)
{
	print_device(jval_get(status, "device"));
	say_printf("vault      ");
	render_line(status, render_flag(status, "encrypted") ?
		    "{path}, sealed: {vault}\n" :
		    "{path}, plain: {vault}\n");
	print_constructs(status);
	print_import(jval_get(status, "import"));
	render_captured(jval_get(status, "capture"));
	print_remotes(status);
	print_trouble(status);
	print_since_merge(jval_get(status, "since_merge"));
	print_same_name(jval_get(status, "same_name"));
	return true;
}
