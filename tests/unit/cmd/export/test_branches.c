#include "cmd/export/branches.h"

#include <stdio.h>

#include "tests/tap.h"

static struct said_list list;
static struct buf walked = BUF_INIT(1 << 20);

static void say(const char *entity, const char *parent, int64_t index)
{
	static struct said at[64];
	const struct buf none = BUF_INIT(1000);
	struct said *said = &at[list.n++];

	list.at = at;
	*said = (struct said){ .entity = none, .parent = none, .state = none,
			       .index = index };
	buf_put_str(&said->entity, entity);
	buf_put_str(&said->parent, parent);
}

static int tell(void *arg, size_t message, struct err *err)
{
	(void)arg;
	(void)err;
	buf_put_span(&walked, buf_span(&list.at[message].entity));
	return 0;
}

static int tell_fold(void *arg, size_t first, struct err *err)
{
	(void)first;
	(void)err;
	buf_put_str(&walked, arg);
	return 0;
}

static int tell_end(void *arg, struct err *err)
{
	return tell_fold(arg ? ")" : "", 0, err);
}

static int tell_later(void *arg, size_t first, struct err *err)
{
	(void)arg;
	buf_put_char(&walked, '~');
	return tell(NULL, first, err);
}

/* The walk in one line, folds in brackets. */
static void walks(const char *active, const char *want)
{
	static char open[] = "(";
	const struct branches_visitor visitor = {
		tell, tell_fold, tell_end, tell_later, open
	};
	struct buf leaf = BUF_INIT(1000);
	struct branches branches = { NULL, NULL };

	buf_reset(&walked);
	buf_put_str(&leaf, active);
	is_int(branches_build(&list, &leaf, &branches, NULL), 0, "built");
	is_int(branches_walk(&branches, &visitor, NULL), 0, "walked");
	is_str(buf_text(&walked), want, want);
	is_int(branches_root(&branches)->n, list.n, "each is counted once");
	branches_release(&branches);
	buf_release(&leaf);
}

static void clear(void)
{
	said_reset(&list);
}

static void test_shapes(void)
{
	walks("", "");
	say("b", "a", 1);
	say("a", "", 0);
	walks("", "ab");
	say("c", "a", 2);
	walks("", "a(b)c");
	walks("b", "a(c)b");
	walks("a", "a(b)c");
	say("d", "b", 3);
	say("e", "b", 4);
	walks("c", "a(b(d)e)c");
	walks("", "a(c)b(d)e");
	clear();
}

static void test_odd_ones(void)
{
	say("a", "", 0);
	say("b", "gone", 1);
	walks("b", "ab");
	walks("a", "(b)a");
	clear();
	say("a", "a", 0);
	walks("", "a");
	clear();
	say("a", "c", 0);
	say("b", "a", 1);
	say("c", "b", 2);
	say("d", "", 3);
	walks("", "(bca)d");
	clear();
	/* Of one place: in the order of entities. */
	say("c", "", 7);
	say("a", "", 7);
	say("b", "", 7);
	walks("", "(a)(b)c");
	clear();
}

/* Some were forgotten; what followed them is told all the same. */
static void test_lost(void)
{
	say("a", "", 0);
	say("c", "b", 2);
	say("d", "c", 3);
	say("f", "e", 5);
	walks("", "acdf");
	walks("d", "(f)acd");
	say("g", "b", 6);
	walks("", "acdfg");
	walks("f", "(g)acdf");
	clear();
	/* Its own sequel is said to stand before it. */
	say("a", "gone", 5);
	say("b", "a", 1);
	walks("b", "ab");
	clear();
}

/* Each alternative has one of its own: a to k, with a sequel each. */
static void test_deep(void)
{
	char here[2] = "a";
	char next[2] = "b";
	char sequel[2] = "A";
	int i;

	say("a", "", 0);
	for (i = 0; i < 10; i++) {
		say(next, here, i);
		say(sequel, here, 100 - i);
		here[0]++;
		next[0]++;
		sequel[0]++;
	}
	walks("", "a(b(c(d(e(f(g(h(i~jI)H)G)F)E)D)C)B)A(j(k)J)");
	clear();
}

int main(void)
{
	test_shapes();
	test_odd_ones();
	test_lost();
	test_deep();
	buf_release(&walked);
	return done_testing();
}
