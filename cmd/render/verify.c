#include "cmd/cli/say.h"
#include "cmd/render/render.h"

static void print_unseen(const struct jval *report)
{
	unsigned long long blind = render_number(report, "blind");
	unsigned long long waiting = render_number(report, "quarantined");

	if (render_flag(report, "unread"))
		say_printf("not looked at: what segments and blobs hold; "
			   "'vvault verify --full' reads every byte\n");
	if (blind) {
		say_printf("not looked at: what is in ");
		render_count(blind, "construct");
		say_printf(" sealed for this device; hashes, signatures and "
			   "form were checked\n");
	}
	if (waiting) {
		say_printf("not looked at: ");
		render_count(waiting, "head");
		say_printf(" in quarantine, no part of the vault; 'vvault "
			   "quarantine list'\n");
	}
}

/* Devices compare them by the id. */
static void print_set(const struct jval *called, struct span id)
{
	const struct jval *name = jval_first(called);

	while (name && !span_equals(name->key, id))
		name = name->next;
	say_printf("set of '");
	say_text(id);
	say_printf(name ? "', called '" : "");
	if (name)
		say_text(jval_text(name));
	say_printf("': ");
}

static void print_next(const struct jval *problem)
{
	for (; problem; problem = problem->next) {
		if (!jval_is_text(jval_get(problem, "code"), "fork"))
			continue;
		say_printf("a fork loses nothing: both lines are kept, and it "
			   "is told as long as they stand. No more come once "
			   "one of the two devices has a key of its own; where "
			   "that was not done yet, 'vvault help key' says how, "
			   "under 'rotate --device'\n");
		return;
	}
}

bool render_verify(const struct jval *report)
{
	const struct jval *problem = jval_first(jval_get(report, "problems"));
	const struct jval *set = jval_first(jval_get(report, "sets"));

	for (; problem; problem = problem->next) {
		say_colored(SAY_RED, jval_get_text(problem, "code"));
		render_line(problem, "  {object}  {message}\n");
	}
	print_next(jval_first(jval_get(report, "problems")));
	for (; set; set = set->next) {
		print_set(jval_get(report, "called"), set->key);
		say_text(jval_text(set));
		say_printf("\n");
	}
	print_unseen(report);
	say_printf(render_flag(report, "ok") ? "all is well: " :
		   "problems found: ");
	render_line(report, "{versions} versions, {segments} segments, "
		    "{records} records\n");
	return true;
}
