#include "lib/settings/toml_text.h"

#include "tests/tap.h"

static const char *const names[] = { "k", "servers", NULL };

static int read_all(const char *text, struct toml_table tables[8], size_t *n)
{
	struct toml_text toml = TOML_TEXT(span_str(text));
	bool is_there = true;
	int rc = 0;

	for (*n = 0; rc == 0 && is_there && *n < 8; *n += is_there)
		rc = toml_text_next(&toml, names, &tables[*n], &is_there,
				    NULL);
	return rc;
}

static void test_tables(void)
{
	static const char text[] =
		"# k = 0\nk = [1, # ]\n 2]\nx = \"\"\"\n[no]\n\"\"\"\n\n"
		"[ servers . \"a.b\" ] # mine\nk = 'v' # it\ny = {k = 1}\n"
		"# after\n\n[[list]]\nservers.x = 1";
	struct toml_table tables[8];
	size_t n;

	is_int(read_all(text, tables, &n), 0, "all of it");
	is_int(n, 3, "three tables");
	ok(span_equals(tables[0].found[0].value, span_str("[1, # ]\n 2]")),
	   "a list over lines");
	is_int(tables[0].found[0].line, 2, "its line");
	ok(toml_text_is_key(tables[1].key, "servers.a.b"), "a quoted key");
	ok(span_equals(tables[1].found[0].value, span_str("'v'")),
	   "no comment in a value");
	ok(span_begins(span_of(text + tables[1].end, 8), "# after"),
	   "a table ends behind its last statement");
	ok(tables[2].is_listed && !tables[1].is_listed, "one of a list");
	ok(tables[2].found[1].value.at != NULL, "a key below a name");
}

static void test_exact(void)
{
	static const char *const texts[] = {
		"", "a = 1\n", "a = 1", "a = 1\r\n[b]\r\nc = 2\r\n", "\n\n",
		"[x]\ny = 1\n\n\n", "# only", "[[ours]]\nz = 1",
	};
	struct buf in = BUF_INIT(BUF_NO_LIMIT);
	struct toml_table tables[8];
	size_t n;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_reset(&in);
		toml_text_append(span_str(texts[i]),
				 span_str("[ours]\nk = 1\n"), &in);
		is_int(read_all(buf_end(&in, NULL) == 0 ? buf_text(&in) : "[",
				tables, &n), 0, texts[i]);
		toml_text_cut(&in, &tables[n - 1]);
		is_str(buf_text(&in), texts[i], "nothing is left");
	}
	buf_release(&in);
}

static void test_refused(void)
{
	static const char *const texts[] = {
		"a", "a =", "a = # x\n", "a = \"x", "a = [1", "a = 1]", "[]",
		"[[]]", "[x", "= 1", "k = 1\nk = 2", "a = '''x''", "{}",
	};
	struct toml_table tables[8];
	size_t n;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		is_int(read_all(texts[i], tables, &n), ERR_INVALID,
		       texts[i]);
}

static void test_check(void)
{
	static const char *const good[] = {
		"", "[a]\n[a.b]\n[b]\n", "[[a]]\n[a.b]\n[[a]]\n[a.b]\n",
		"[a.b]\n[\"a.b\"]\n", "[a]\n[[ab]]\n[[ab]]\n[a.b]\n",
	};
	static const char *const bad[] = {
		"[a]\n[a]\n", "[a . b]\n[c]\n['a'.\"b\"]\n", "[a]\n[[a]]\n",
		"[[a]]\n[a]\n", "a = '\xff'\n", "[[a]]\n[ab]\n[ab]\n", "[a",
	};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		is_int(toml_text_check(span_str(good[i]), NULL), 0, good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is_int(toml_text_check(span_str(bad[i]), NULL), ERR_INVALID,
		       "refused");
}

int main(void)
{
	test_tables();
	test_exact();
	test_refused();
	test_check();
	return done_testing();
}
