/*
 * Units of systemd and lines of cron: what has blanks, quotes and percents in
 * it arrives as it was.
 */
#include "cmd/watch/unit.h"

#include "tests/tap.h"

static const char *const words[] = { "-C", "/srv/50% $HOME \"x\" \\n", "watch",
				     NULL };
static const char *const variables[] = { "KEYS=/srv/a b/$k", NULL };
static const char *const none[] = { NULL };

static void test_text(void)
{
	const struct unit unit = { "/opt/100%/$v vvault", words, variables };
	struct buf out = BUF_INIT(BUF_NO_LIMIT);

	is_int(unit_write(&unit, &out, NULL), 0, "a unit");
	ok(strstr(buf_text(&out), "\nExecStart=\"/opt/100%%/$v vvault\" \"-C\" "
		  "\"/srv/50%% $$HOME \\\"x\\\" \\\\n\" \"watch\"\n") != NULL,
	   "its words are quoted, its program's variables are none");
	ok(strstr(buf_text(&out), "\nEnvironment=\"KEYS=/srv/a b/$k\"\n") !=
	   NULL, "and its variables");
	is_int(unit_origin(buf_span(&out)), UNIT_OURS, "is ours");
	buf_put_str(&out, "# more\n");
	is_int(unit_origin(buf_span(&out)), UNIT_CHANGED, "until it is changed");
	is_int(unit_origin(span_str("[Unit]\n")), UNIT_FOREIGN, "another");
	is_int(unit_origin(span_str("")), UNIT_FOREIGN, "nothing");
	buf_release(&out);
}

static void test_cron(void)
{
	const char *const own[] = { "-C", "/srv/it's 5%", NULL };
	const struct unit unit = { "/bin/vvault", own, variables };
	struct buf out = BUF_INIT(BUF_NO_LIMIT);

	is_int(unit_write_cron(&unit, &out, NULL), 0, "a line for cron");
	is_str(buf_text(&out), "*/5 * * * * KEYS='/srv/a b/$k' '/bin/vvault' "
	       "'-C' '/srv/it'\\''s 5\\%' >/dev/null 2>&1", "quoted for both");
	buf_release(&out);
}

static void test_refused(void)
{
	const char *const lines[] = { "a\nb", NULL };
	const char *const bytes[] = { "\xff", NULL };
	const struct unit units[] = {
		{ "/v", lines, none }, { "/v", bytes, none },
		{ "/v\r", none, none }, { "/v", none, lines }
	};
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		is_int(unit_write(&units[i], &out, NULL), ERR_INVALID,
		       "no unit can say it");
		is_int(unit_write_cron(&units[i], &out, NULL), ERR_INVALID,
		       "nor can cron");
	}
	is_int(out.len, 0, "nothing is written");
	buf_release(&out);
}

int main(void)
{
	test_text();
	test_cron();
	test_refused();
	return done_testing();
}
