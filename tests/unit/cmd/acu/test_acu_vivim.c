/*
 * The two published algorithms: exactly the figures that they gave where they
 * were run (../shared), and small cases of our own for each rule.
 */
#include "lib/base/buf.h"
#include "lib/json/jdoc.h"
#include "lib/os/file.h"
#include "tests/unit/acu_fixture.h"

#define MESSAGES_MAX 256

/* --- what was measured -------------------------------------------------- */

static void must(int rc, const struct err *err)
{
	if (rc < 0)
		bail_out("%s", err->text);
}

static void add(struct buf *out, struct span text)
{
	struct err err = ERR_INIT;

	must(buf_add_span(out, text, &err), &err);
}

static void add_joined(struct buf *out, const struct jval *list,
		       const char *between)
{
	const struct jval *item;

	for (item = jval_first(list); item; item = item->next) {
		if (item != jval_first(list))
			add(out, span_str(between));
		add(out, jval_text(item));
	}
}

static void add_table(struct buf *out, const struct jval *table)
{
	const struct jval *headers = jval_get(table, "headers");
	const struct jval *row = jval_first(jval_get(table, "rows"));
	size_t i;

	add_joined(out, headers, " | ");
	add(out, span_str("\n"));
	for (i = 0; i < jval_count(headers); i++)
		add(out, span_str(i ? " | ---" : "---"));
	for (; row; row = row->next) {
		add(out, span_str("\n"));
		add_joined(out, row, " | ");
	}
}

/* The text of a message's parts, as each of the two makes it. */
static void add_part(struct buf *out, const struct jval *part, bool is_plain)
{
	struct span text = jval_get_text(part, "content");
	const struct jval *type = jval_get(part, "type");

	if (is_plain) {
		add(out, text.at ? text : span_str("[object Object]"));
	} else if (jval_is_text(type, "code")) {
		add(out, span_str("```"));
		add(out, jval_text(jval_at(part, "metadata.language")));
		add(out, span_str("\n"));
		add(out, text);
		add(out, span_str("\n```"));
	} else if (jval_is_text(type, "latex")) {
		add(out, span_str("$$"));
		add(out, text);
		add(out, span_str("$$"));
	} else if (jval_is_text(type, "table")) {
		add_table(out, jval_get(part, "content"));
	} else {
		add(out, text);
	}
}

struct oracle {
	struct acu_message messages[MESSAGES_MAX];
	struct buf texts[MESSAGES_MAX];
	size_t n;
	struct acu_list list;
	const struct jval *talk;
	const char *name;
	size_t wrong;
};

static void oracle_fill(struct oracle *oracle, bool is_plain)
{
	const struct jval *talk = jval_get(oracle->talk, "conversation");
	const struct jval *said = jval_first(jval_get(talk, "messages"));
	const struct jval *part;

	for (oracle->n = 0; said; said = said->next, oracle->n++) {
		struct acu_message *message = &oracle->messages[oracle->n];
		struct buf *text = &oracle->texts[oracle->n];
		const struct jval *parts = jval_get(said, "parts");

		if (oracle->n == MESSAGES_MAX)
			bail_out("more messages than expected");
		*text = (struct buf)BUF_INIT(BUF_NO_LIMIT);
		for (part = jval_first(parts); part; part = part->next) {
			if (part != jval_first(parts))
				add(text, span_str(is_plain ? "\n" : "\n\n"));
			add_part(text, part, is_plain);
		}
		memset(message, 0, sizeof(*message));
		message->conversation = jval_get_text(talk, "id");
		message->node = jval_get_text(said, "id");
		message->role = jval_get_text(said, "role");
		message->text = buf_span(text);
		message->parent = ACU_NO_MESSAGE;
	}
}

static void oracle_release(struct oracle *oracle)
{
	while (oracle->n)
		buf_release(&oracle->texts[--oracle->n]);
	acu_list_release(&oracle->list);
}

static void same_text(struct oracle *oracle, const struct jval *want,
		      const char *name, struct span got)
{
	if (span_equals(jval_get_text(want, name), got))
		return;
	oracle->wrong++;
	diag("%s: %s is '%.*s', not '%.*s'", oracle->name, name, (int)got.len,
	     got.at ? got.at : "", (int)jval_get_text(want, name).len,
	     jval_get_text(want, name).at ? jval_get_text(want, name).at : "");
}

static void same_number(struct oracle *oracle, const struct jval *want,
			const char *path, long long got)
{
	long long number = -1;

	if (jval_integer(jval_at(want, path), &number) && number == got)
		return;
	oracle->wrong++;
	diag("%s: %s is %lld, not %lld", oracle->name, path, got, number);
}

static void same_unit(struct oracle *oracle, const struct jval *want, size_t i)
{
	const struct acu_unit *unit = &oracle->list.units[i];

	same_text(oracle, want, "id", span_str(unit->vivim));
	same_text(oracle, want, "messageId",
		  oracle->messages[unit->message].node);
	same_text(oracle, want, "type", span_str(unit->type));
	same_text(oracle, want, "category", span_str(unit->category));
	same_text(oracle, want, "language", unit->language);
}

static void same_links(struct oracle *oracle)
{
	const struct jval *want =
		jval_first(jval_get(oracle->talk, "processor_links"));
	size_t i;

	for (i = 0; want && i < oracle->list.links_n; i++, want = want->next) {
		const struct acu_link *link = &oracle->list.links[i];
		double weight = 0;

		if (jval_number(jval_item(want, 3), &weight) &&
		    weight == link->weight &&
		    jval_is_text(jval_item(want, 0),
				 oracle->list.units[link->from].vivim) &&
		    jval_is_text(jval_item(want, 1), link->relation) &&
		    jval_is_text(jval_item(want, 2),
				 oracle->list.units[link->to].vivim))
			continue;
		oracle->wrong++;
		diag("%s: link %zu differs", oracle->name, i);
	}
	is_int(i, jval_count(jval_get(oracle->talk, "processor_links")),
	       "as many links");
	ok(!want && i == oracle->list.links_n, "and no more");
}

static void check_generator(struct oracle *oracle)
{
	const struct jval *list = jval_get(oracle->talk, "generator");
	const struct jval *want = jval_first(list);
	struct err err = ERR_INIT;
	size_t i;

	oracle_fill(oracle, true);
	must(acu_vivim_generator.run(oracle->messages, oracle->n,
				     &oracle->list, &err), &err);
	is_int(oracle->list.units_n, jval_count(list), oracle->name);
	for (i = 0; want && i < oracle->list.units_n; i++, want = want->next) {
		const struct acu_quality *quality =
			&oracle->list.units[i].quality;

		same_unit(oracle, want, i);
		same_number(oracle, want, "qualityOverall", quality->overall);
		same_number(oracle, want, "contentRichness",
			    quality->richness);
		same_number(oracle, want, "structuralIntegrity",
			    quality->integrity);
		same_number(oracle, want, "utf16len",
			    oracle->list.units[i].units);
	}
	ok(list_is_sound(oracle->messages, oracle->n, &oracle->list),
	   "its spans are sound");
	oracle_release(oracle);
}

static void check_processor(struct oracle *oracle)
{
	const struct jval *list = jval_get(oracle->talk, "processor");
	const struct jval *want = jval_first(list);
	struct err err = ERR_INIT;
	size_t i;

	oracle_fill(oracle, false);
	must(acu_vivim_processor.run(oracle->messages, oracle->n,
				     &oracle->list, &err), &err);
	is_int(oracle->list.units_n, jval_count(list), oracle->name);
	for (i = 0; want && i < oracle->list.units_n; i++, want = want->next) {
		const struct acu_unit *unit = &oracle->list.units[i];

		same_unit(oracle, want, i);
		same_number(oracle, want, "paragraph_index", unit->paragraph);
		same_number(oracle, want, "quality.overall",
			    unit->quality.overall);
		same_number(oracle, want, "quality.richness",
			    unit->quality.richness);
		same_number(oracle, want, "quality.integrity",
			    unit->quality.integrity);
		same_number(oracle, want, "quality.uniqueness",
			    unit->quality.uniqueness);
	}
	same_links(oracle);
	ok(list_is_sound(oracle->messages, oracle->n, &oracle->list),
	   "its spans are sound");
	oracle_release(oracle);
}

static void check_measured(void)
{
	const char *shared = getenv("VV_SHARED");
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct err err = ERR_INIT;
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct oracle *oracle;
	struct jdoc *doc = NULL;
	const struct jval *talk;
	char path[4096];
	char name[256];

	if (!shared || !*shared) {
		skip(1, "../shared is not here");
		return;
	}
	snprintf(path, sizeof(path), "%s/data/vivim/acu_vectors.json", shared);
	must(file_read(path, (size_t)64 << 20, &bytes, &err), &err);
	must(jdoc_parse(buf_span(&bytes), &options, &doc, &err), &err);
	oracle = calloc(1, sizeof(*oracle));
	if (!oracle)
		bail_out("out of memory");
	for (talk = jval_first(jdoc_root(doc)); talk; talk = talk->next) {
		struct span id = jval_text(jval_at(talk, "conversation.id"));

		snprintf(name, sizeof(name), "%.*s", (int)id.len, id.at);
		oracle->talk = talk;
		oracle->name = name;
		check_generator(oracle);
		check_processor(oracle);
		is_int(oracle->wrong, 0, "every figure is as measured");
		oracle->wrong = 0;
	}
	free(oracle);
	jdoc_free(doc);
	buf_release(&bytes);
}

/* --- our own cases ------------------------------------------------------ */

struct expected {
	const char *text;
	const char *type;
	const char *category;
	int overall;
	int richness;
	int integrity;
};

/* Worked out by hand from the rules; each row is about one of them. */
static const struct expected generated[] = {
	{ "let x\n", "code_snippet", "technical", 65, 30, 50 },
	{ "outlet x", "thought", "creative", 65, 30, 50 },
	{ "def x", "thought", "creative", 50, 30, 50 },
	{ "def  x", "code_snippet", "technical", 65, 30, 50 },
	{ "say\rimport\xe2\x80\xa8x", "code_snippet", "technical", 50, 30, 50 },
	{ "a import x", "thought", "creative", 50, 30, 50 },
	{ "Who?", "question", "procedural", 60, 30, 50 },
	{ "Whose?", "statement", "conceptual", 60, 30, 50 },
	{ "in summary", "answer", "conceptual", 50, 30, 50 },
	{ "in  summary", "thought", "creative", 50, 30, 50 },
	{ "In Summary_", "thought", "creative", 50, 30, 50 },
	{ "$$$", "thought", "creative", 50, 30, 35 },
	{ "$$$$", "formula", "conceptual", 55, 30, 35 },
	{ "$$a\nb$$", "thought", "creative", 50, 30, 35 },
	{ "\\[x\\]", "formula", "conceptual", 50, 30, 35 },
	{ "a || b\n", "table", "conceptual", 55, 30, 50 },
	{ "a || b", "thought", "creative", 50, 30, 35 },
	{ "![a\n](b)", "thought", "creative", 50, 35, 50 },
	{ "a diagram", "image_reference", "conceptual", 50, 30, 50 },
	{ "api call `", "tool_use", "technical", 50, 35, 50 },
	{ "I thin\xe2\x84\xaa so", "thought", "personal", 50, 30, 50 },
	{ "an ap\xc4\xb0", "thought", "technical", 50, 30, 50 },
	{ "in my opinion", "thought", "personal", 50, 30, 50 },
	{ "on my opinion", "thought", "creative", 50, 30, 50 },
	{ "in my experience", "thought", "personal", 50, 30, 50 },
	{ "how to", "thought", "procedural", 50, 30, 50 },
	{ "one two three four five", "thought", "creative", 51, 30, 70 },
	{ "A. B! C.", "thought", "creative", 50, 30, 60 },
	{ "A.!?\xc2\xa0 B.", "statement", "conceptual", 60, 30, 50 },
	{ NULL, NULL, NULL, 0, 0, 0 }
};

static void check_generated(const struct expected *want)
{
	struct talk talk;
	const struct acu_unit *unit;
	char name[64];

	talk_one(&talk, span_str(want->text), &acu_vivim_generator);
	unit = talk.list.units;
	snprintf(name, sizeof(name), "%s", want->text);
	if (ok(talk.list.units_n == 1, "one unit: %s", name)) {
		is_str(unit->type, want->type, name);
		is_str(unit->category, want->category, name);
		is_int(unit->quality.overall, want->overall, name);
		is_int(unit->quality.richness, want->richness, name);
		is_int(unit->quality.integrity, want->integrity, name);
		is_int(unit->quality.uniqueness, 50, name);
	}
	acu_list_release(&talk.list);
}

static void check_blank(void)
{
	/* U+00A0, U+FEFF and U+3000 are white space, U+200B is none. */
	static const char blank[] = " \t\v\f\r\n\xc2\xa0\xef\xbb\xbf\xe3\x80\x80";
	struct talk talk;

	talk_one(&talk, span_str(blank), &acu_vivim_generator);
	is_int(talk.list.units_n, 0, "white space is no unit");
	acu_list_release(&talk.list);
	talk_one(&talk, span_str("\xe2\x80\x8b"), &acu_vivim_generator);
	is_int(talk.list.units_n, 1, "a zero-width space is one");
	acu_list_release(&talk.list);
	talk_one(&talk, span_of(NULL, 0), &acu_vivim_generator);
	is_int(talk.list.units_n, 0, "nothing is none");
	acu_list_release(&talk.list);
	talk_one(&talk, span_of(NULL, 0), &acu_vivim_processor);
	is_int(talk.list.units_n, 0, "nothing has no paragraph");
	acu_list_release(&talk.list);
}

/* A pair at unit 500 is hashed as U+FFFD; one at 10,000 ends the span. */
static void check_cuts(void)
{
	static char text[20000];
	unsigned char digest[SHA256_BYTES];
	struct talk talk;
	char want[ACU_VIVIM_MAX] = "acu-";
	char hashed[600];
	size_t i;

	memset(text, 'x', sizeof(text));
	memcpy(text + 499, "\xf0\x9f\x98\x80", 4);
	/* 9,999 units before it: 499 of x, a pair, 9,498 of x. */
	memcpy(text + 499 + 4 + 9498, "\xf0\x9f\x98\x80", 4);
	memcpy(hashed, "c:n:", 4);
	memcpy(hashed + 4, text, 499);
	memcpy(hashed + 4 + 499, "\xef\xbf\xbd", 3);
	sha256_of(hashed, 4 + 499 + 3, digest);
	hex_text(digest, 16, want + 4);
	talk_one(&talk, span_of(text, sizeof(text)), &acu_vivim_generator);
	is_str(talk.list.units[0].vivim, want, "a split pair is hashed as one");
	is_int(talk.list.units[0].end, 499 + 4 + 9498, "and left out of a cut");
	is_int(talk.list.units[0].units, sizeof(text) - 4,
	       "the length is of the whole, in units of UTF-16");
	for (i = 0; i < 3; i++)
		text[499 + i] = "\xed\xa0\x80"[i];
	talk_run(&talk, &acu_vivim_generator);
	ok(list_is_sound(talk.messages, talk.n, &talk.list),
	   "bytes that are no UTF-8 harm nothing");
	acu_list_release(&talk.list);
}

static void check_languages(void)
{
	static const struct {
		const char *text;
		const char *generator;
		const char *processor;
	} rows[] = {
		{ "```python\n1 + 1\n```", "python", "python" },
		{ "```PyThOn\n1 + 1\n```", "python", "PyThOn" },
		{ "```\n1 + 1\n```", "", "plaintext" },
		{ "````c\n1 + 1\n````", "c", "c" },
		{ "``` \n1 + 1 ```sql", "sql", "sql" },
		{ "```haskell\n1\n```\n```c\n```", "", "haskell" },
	};
	struct talk talk;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		talk_one(&talk, span_str(rows[i].text), &acu_vivim_generator);
		ok(span_equals(talk.list.units[0].language,
			       span_str(rows[i].generator)),
		   "the generator's language: %s", rows[i].generator);
		talk_run(&talk, &acu_vivim_processor);
		ok(span_equals(talk.list.units[0].language,
			       span_str(rows[i].processor)),
		   "the processor's language: %s", rows[i].processor);
		acu_list_release(&talk.list);
	}
}

static bool has_link(const struct talk *talk, size_t from, size_t to,
		     const char *relation)
{
	size_t i;

	for (i = 0; i < talk->list.links_n; i++) {
		if (talk->list.links[i].from == from &&
		    talk->list.links[i].to == to &&
		    !strcmp(talk->list.links[i].relation, relation))
			return true;
	}
	return false;
}

/* Equal paragraphs share the published id and are two units all the same. */
static void check_paragraphs(void)
{
	struct talk talk = { .n = 0 };
	const struct acu_unit *units;

	talk_add(&talk, span_str("\n\n  Is it so far?  \n\nshort\n\n\n"
				 "\xc2\xa0Response: yes\xc2\xa0\n \n!"));
	talk_add(&talk, span_str("This is code:\n\nOne in between.\n\n"
				 "```\n\nx = 10000;\n\n```"));
	talk_add(&talk, span_str("This is code:\n\n$$a + b + c$$"));
	talk_run(&talk, &acu_vivim_processor);
	units = talk.list.units;
	ok(list_is_sound(talk.messages, talk.n, &talk.list), "spans are sound");
	is_int(talk.list.units_n, 7, "paragraphs of ten units");
	is_str(units[0].type, "question", "a question");
	is_int(units[0].start, 4, "trimmed in front");
	is_int(units[0].end, 17, "and behind");
	is_str(units[1].type, "answer", "an answer");
	is_int(units[1].paragraph, 2, "short ones count");
	is_str(units[4].type, "statement", "code without its fence");
	is_str(units[6].type, "formula", "a formula");
	is_int(units[6].quality.richness, 40, "of some richness");
	is_str(units[2].vivim, units[5].vivim, "equal text, equal id");
	ok(has_link(&talk, 0, 1, "next"), "next");
	ok(has_link(&talk, 0, 1, "answered_by"), "answered by");
	ok(!has_link(&talk, 1, 2, "next"), "not to another message");
	is_int(talk.list.links_n, 5, "and no more links");
	acu_list_release(&talk.list);
}

int main(void)
{
	const struct expected *want;

	check_measured();
	for (want = generated; want->text; want++)
		check_generated(want);
	check_blank();
	check_cuts();
	check_languages();
	check_paragraphs();
	return done_testing();
}
