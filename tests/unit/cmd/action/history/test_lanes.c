/* The lines of history beside a log: rows for made-up versions, as git draws
 * them. */
#include "cmd/action/history/lanes.h"
#include "tests/tap.h"

static git_oid id_of(char letter)
{
	git_oid id;

	memset(&id, 0, sizeof(id));
	id.id[0] = (unsigned char)letter;
	return id;
}

/* One version of "a:bc b: c:", with its parents; "-" before it: it is not
 * shown. */
static void draw_one(struct lanes *lanes, const char *word, struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err err = ERR_INIT;
	struct version version;
	git_oid parents[8];
	bool is_shown = *word != '-';
	size_t n;

	word += !is_shown;
	version_init(&version);
	version.id = id_of(*word);
	for (n = 0; word[2 + n] && word[2 + n] != ' '; n++)
		parents[n] = id_of(word[2 + n]);
	version.parents = parents;
	version.parents_n = n;
	if (is_shown) {
		is_int(lanes_meet(lanes, &version, &err), 0, "meet");
		buf_put_span(out, buf_span(&lanes->rows));
		buf_put_span(out, buf_span(&lanes->star));
		buf_putf(out, " %c\n", *word);
		lanes_put(lanes, &fields);
	}
	is_int(lanes_pass(lanes, &version, &err), 0, "pass");
	version.parents = NULL;
	version_release(&version);
	jcs_fields_release(&fields);
}

static void is_drawn(const char *history, const char *want, const char *name)
{
	struct lanes lanes = LANES_INIT;
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	const char *word = history;

	while (word) {
		draw_one(&lanes, word, &out);
		word = strchr(word, ' ');
		word += word != NULL;
	}
	is_str(buf_text(&out), want, name);
	is_int((int)lanes.n, 0, "all lanes have ended");
	lanes_release(&lanes);
	buf_release(&out);
}

/* As when thousands of constructs are listed: rows stay narrow. */
static void test_many(void)
{
	struct lanes lanes = LANES_INIT;
	struct err err = ERR_INIT;
	struct version version;
	git_oid parent;
	size_t widest = 0;
	unsigned i;

	for (i = 0; i < 500; i++) {
		version_init(&version);
		version.id.id[0] = (unsigned char)(i & 0xff);
		version.id.id[1] = (unsigned char)(1 + (i >> 8));
		parent = version.id;
		parent.id[2] = 1;
		version.parents = &parent;
		version.parents_n = 1;
		if (lanes_meet(&lanes, &version, &err) < 0 ||
		    lanes_pass(&lanes, &version, &err) < 0)
			bail_out("lanes: %s", err.text);
		widest = lanes.star.len > widest ? lanes.star.len : widest;
		version.parents = NULL;
		version_release(&version);
	}
	is_int((int)lanes.n, 500, "a lane for each");
	ok(widest < 130 && strchr(buf_text(&lanes.star), '*'),
	   "narrow rows, and a star in each");
	lanes_release(&lanes);
}

int main(void)
{
	test_many();
	is_drawn("c:b b:a a:", "* c\n* b\n* a\n", "one line");
	is_drawn("c:a b:a a:", "* c\n| * b\n|/\n* a\n", "two heads of one");
	is_drawn("d:bc c:a b:a a:",
		 "* d\n|\\\n| * c\n* | b\n|/\n* a\n", "a join");
	is_drawn("e:bcd d:a c:a b:a a:",
		 "* e\n|\\\n| |\\\n| | * d\n| * | c\n* | | b\n|/ /\n|/\n* a\n",
		 "a join of three");
	is_drawn("f:c e:ad d:b c:a b:a a:",
		 "* f\n| * e\n| |\\\n| | * d\n* | | c\n| | * b\n|/ /\n|/\n* a\n",
		 "a join beside another head");
	is_drawn("e:c d:b f:c c:a b:a a:",
		 "* e\n| * d\n| | * f\n| |/\n|/|\n* | c\n| * b\n|/\n* a\n",
		 "a lane that crosses another");
	is_drawn("e:c g:b f:c h:a c:a b:a a:",
		 "* e\n| * g\n| | * f\n| | | * h\n| |/ /\n|/| |\n* | | c\n| * | b\n"
		 "|/ /\n|/\n* a\n", "with one behind it that moves");
	is_drawn("c:r d:a r: a:", "* c\n| * d\n* | r\n /\n* a\n",
		 "a line that ends beside another");
	is_drawn("c: b:a a:", "* c\n* b\n* a\n", "lines one after the other");
	is_drawn("d:c -c:b b:a -a:", "* d\n* b\n", "one that is not shown");
	is_drawn("d:bc -c:a -b:a a:", "* d\n|\\\n|/\n* a\n",
		 "lanes of what is not shown");
	return done_testing();
}
