#include "cmd/cli/say.h"
#include "cmd/render/render.h"

static bool is_good(const struct jval *result)
{
	return jval_is_text(result, "new") || jval_is_text(result, "forward") ||
	       jval_is_text(result, "same");
}

/* Something is wrong with it. */
static void print_ref(const struct jval *ref)
{
	const struct jval *result = jval_get(ref, "result");

	say_colored(is_good(result) ? SAY_GREEN : SAY_RED, jval_text(result));
	render_line(ref, "  {construct}  {who}");
	if (jval_is(jval_get(ref, "to"), JVAL_STRING))
		render_line(ref, "  {to:10}");
	render_line(ref, jval_get(ref, "reason") ? "  {reason}\n" : "\n");
}

static bool is_member(const struct jval *object, const char *name)
{
	return jval_is(jval_get(object, name), JVAL_NUMBER);
}

/* "2 memories, 1 change in 1 version", as far as it is known. */
static void print_content(const struct jval *moved)
{
	const struct jval *made = jval_get(moved, "made");
	unsigned long long records = render_number(moved, "records");
	unsigned long long changes = render_number(moved, "changes");
	bool is_begun = made && render_kinds(made, false);

	if (made && changes) {
		say_printf(is_begun ? ", " : "");
		render_count(changes, "change");
	} else if (!made && records) {
		render_count(records, "record");
	}
	if (!is_member(moved, "versions"))
		return;
	say_printf(records ? " in " : "");
	render_count(render_number(moved, "versions"), "version");
}

static void print_signers(const struct jval *by)
{
	const struct jval *one = jval_first(by);
	bool is_first = true;

	for (; one; one = one->next, is_first = false) {
		say_printf(is_first ? ", by " : one->next ? ", " : " and ");
		render_device(one, "device");
	}
}

static void print_construct(const struct jval *moved)
{
	bool is_members = render_flag(moved, "members");

	if (is_members)
		say_printf("members and keys");
	else
		say_colored(SAY_CYAN, render_called(moved));
	if (!is_members && render_flag(moved, "new"))
		say_printf(", new");
	say_printf(": ");
	if (render_flag(moved, "uncounted"))
		say_printf("not counted");
	else if (is_members)
		render_count(render_number(moved, "versions"), "version");
	else
		print_content(moved);
	print_signers(jval_get(moved, "by"));
	say_printf("\n");
}

static void print_member(const struct jval *member)
{
	say_printf("  ");
	render_device(member, "member");
	render_line(member, jval_get_text(member, "was").len ?
		    ": {was} -> {role}\n" : ": a new member, {role}\n");
}

static void print_total(const struct jval *total)
{
	unsigned long long constructs = render_number(total, "constructs");
	unsigned long long fresh = render_number(total, "new");

	render_line(total, render_flag(total, "sent") ? "to {remote}: " :
		    "from {remote}: ");
	if (constructs)
		render_count(constructs, "construct");
	if (fresh)
		say_printf(" (%llu new)", fresh);
	say_printf(constructs ? ", " : "");
	if (render_number(total, "records")) {
		render_count(render_number(total, "records"), "record");
		say_printf(" in ");
	}
	render_count(render_number(total, "versions"), "version");
	if (render_flag(total, "uncounted"))
		say_printf(", not all counted");
	if (render_number(total, "bytes")) {
		say_printf(", ");
		render_bytes(render_number(total, "bytes"));
	}
	say_printf("\n");
}

bool render_ref(const struct jval *ref)
{
	if (jval_get(ref, "result")) {
		print_ref(ref);
	} else if (render_came(ref)) {
		return true;
	} else if (jval_get(ref, "construct")) {
		print_construct(ref);
	} else if (jval_get(ref, "member")) {
		print_member(ref);
	} else if (is_member(ref, "more")) {
		say_printf("and ");
		render_count(render_number(ref, "more"), "other construct");
		say_printf(": ");
		print_content(ref);
		say_printf("\n");
	} else {
		print_total(ref);
	}
	return true;
}

void render_refs_end(size_t printed, bool is_no)
{
	if (!printed && !is_no)
		say_printf("everything is up to date\n");
}
