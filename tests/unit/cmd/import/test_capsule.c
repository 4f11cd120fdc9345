#include "cmd/import/records/environment.h"
#include "lib/json/jcs_scan.h"
#include "tests/unit/capsule_fixture.h"

/* All records of a capsule, one canonical line each. */
struct made {
	struct buf lines;
	size_t n;
};

static int make_line(void *arg, const struct record_parts *parts,
		     struct err *err)
{
	struct made *made = arg;
	int rc;

	made->n++;
	rc = record_build(parts, &made->lines, err);
	return rc < 0 ? rc : buf_add_char(&made->lines, '\n', err);
}

static void make_all(const struct capsule *capsule, const char *construct,
		     struct made *out)
{
	static const char ref[] = "{\"$blob\":\"x\",\"size\":1}";
	const struct capsule_source source = { { ref, sizeof(ref) - 1 },
					       false };
	const struct capsule_sink sink = { make_line, out };
	struct err err = ERR_INIT;

	out->lines = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	out->n = 0;
	if (capsule_record(capsule, construct, &source, &sink, &err) < 0 ||
	    capsule_construct_record(capsule, construct, &sink, &err) < 0 ||
	    capsule_memory_records(capsule, construct, &sink, &err) < 0)
		bail_out("%s", err.text);
}

static void make_file(const char *name, struct made *out)
{
	struct buf bytes = BUF_INIT(CAPSULE_MAX_BYTES);
	struct capsule capsule;

	parse_capsule_file(name, &bytes, &capsule);
	make_all(&capsule, "test", out);
	capsule_release(&capsule);
	buf_release(&bytes);
}

static bool holds(const struct made *made, const char *text)
{
	return strstr(buf_text(&made->lines), text) != NULL;
}

static size_t count(const struct made *made, const char *text)
{
	const char *at = buf_text(&made->lines);
	size_t n = 0;

	for (; (at = strstr(at, text)); at += strlen(text))
		n++;
	return n;
}

static void check_dialects(void)
{
	static const struct {
		const char *file;
		const char *dialect;
	} files[] = {
		{ "mira_v1.capsule", "forge" },
		{ "relay.capsule", "relay" },
		{ "chatty.capsule", "chatty" },
		{ "memup20.capsule", "memup-2.0" },
		{ "memup21.capsule", "memup-2.1" },
		{ "undertone/capsule.json", "undertone" },
	};
	struct buf bytes = BUF_INIT(CAPSULE_MAX_BYTES);
	struct capsule capsule;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		parse_capsule_file(files[i].file, &bytes, &capsule);
		is_str(capsule_dialect_word(capsule.dialect),
		       files[i].dialect, files[i].file);
		ok(capsule_sniff(buf_span(&bytes)), "%s is sniffed",
		   files[i].file);
		capsule_release(&capsule);
	}
	buf_release(&bytes);
}

static void check_refusals(void)
{
	static const char *const texts[] = {
		"", "{", "[]", "{}", "7", "\"metadata\"", "{\"metadata\":[]}",
		"{\"metadata\":{}}", "{\"construct_id\":\"x\"}",
		"{\"traits\":{}}", "{\"metadata\":{\"uuid\":1}}",
	};
	struct capsule capsule;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct err err = ERR_INIT;

		ok(capsule_parse(span_str(texts[i]), &capsule, &err) < 0 &&
		   err.text[0], "refused: %s", texts[i]);
		capsule_release(&capsule);
	}
}

/* A capsule that was cut anywhere is refused, and says where. */
static void check_torn(void)
{
	struct buf bytes = BUF_INIT(CAPSULE_MAX_BYTES);
	struct capsule capsule;
	size_t taken = 0;
	size_t placed = 0;
	size_t len;

	read_capsule_file("mira_v1.capsule", &bytes);
	for (len = 1; len < bytes.len; len++) {
		struct err err = ERR_INIT;

		taken += capsule_parse(span_of(bytes.data, len), &capsule,
				       &err) >= 0;
		placed += strstr(err.text, "(byte ") != NULL;
		capsule_release(&capsule);
	}
	is_int((long)taken, 0, "no torn capsule is taken");
	is_int((long)placed, (long)bytes.len - 1, "each error has its place");
	buf_release(&bytes);
}

static void check_forge(void)
{
	struct made made;

	make_file("mira_v1.capsule", &made);
	is_int((long)made.n, 8, "a capsule, a construct, six memories");
	ok(holds(&made, "\"entity\":\"capsule:5d3c1f0e-8f0a-4d52-9d3a-"
		 "0a1b2c3d4e01\""), "the capsule goes by its uuid");
	ok(holds(&made, "{\"at\":\"2026-03-01T08:00:00.000001Z-0000-00000000\""
		 ",\"data\":{\"dialect\""), "at its own time");
	ok(holds(&made, "\"data\":{\"name\":\"Mira\"},\"entity\":"
		 "\"construct:test\""), "the construct keeps its name");
	is_int((long)count(&made, "\"at\":\"0000-00-00T00:00:00.000000Z-0000-"
			   "00000000\""), 7, "all others at no time");
	is_int((long)count(&made, "\"prev\":[]"), 8, "none has seen another");
	is_int((long)count(&made, "\"bucket\":\"short_term\",\"content\":"
			   "\"The lamp was lit at dusk.\""), 2,
	       "equal memories are two");
	is_int((long)count(&made, "/1\",\"prev\""), 1,
	       "told apart by their number");
	ok(holds(&made, "\"bootstrapScript\":\"import os"),
	   "the script is kept as text");
	ok(holds(&made, "\"huge\":150000000000000000000,") &&
	   holds(&made, "\"tiny\":1e-7"), "numbers are canonical");
	buf_release(&made.lines);
}

/* The machine that made the capsule is nobody's business. */
static void check_environment(void)
{
	static const char *const files[] = {
		"mira_v1.capsule", "odd.capsule", "chatty.capsule",
		"twice.capsule",
	};
	static const char *const secrets[] = {
		"sekret-token", "lighthouse-host", "proc-lantern", "5e:10",
		"203.0.113.7", "198.51.100.9", "hidden-twice", "/opt/mira",
		"context_awareness",
	};
	struct made made;
	size_t i;
	size_t j;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		make_file(files[i], &made);
		for (j = 0; j < sizeof(secrets) / sizeof(secrets[0]); j++)
			ok(!holds(&made, secrets[j]), "%s tells no %s",
			   files[i], secrets[j]);
		buf_release(&made.lines);
	}
}

static void check_redaction(void)
{
	static const char *const files[] = {
		"mira_v1.capsule", "odd.capsule", "twice.capsule",
	};
	struct buf bytes = BUF_INIT(CAPSULE_MAX_BYTES);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct capsule capsule;
	struct capsule again;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		buf_reset(&out);
		parse_capsule_file(files[i], &bytes, &capsule);
		ok(environment_is_inside(capsule.root), "%s has some",
		   files[i]);
		ok(environment_redact(capsule.doc, buf_span(&bytes), &out,
				      NULL) >= 0, "it is emptied");
		ok(capsule_parse(buf_span(&out), &again, NULL) >= 0 &&
		   !environment_is_inside(again.root), "and has none then");
		ok(!strstr(buf_text(&out), "sekret") &&
		   !strstr(buf_text(&out), "hidden") &&
		   !strstr(buf_text(&out), "host\""), "nor its text");
		capsule_release(&capsule);
		capsule_release(&again);
	}
	parse_capsule_file("mira_v1.capsule", &bytes, &capsule);
	buf_reset(&out);
	is_int(environment_redact(capsule.doc, buf_span(&bytes), &out, NULL),
	       0, "the first again");
	ok(strstr(buf_text(&out), "  \"environment\": {},\n  \"additional_data"),
	   "everything else is as it was");
	capsule_release(&capsule);
	buf_release(&bytes);
	buf_release(&out);
}

/* The same memory in two capsules is one record, byte for byte. */
static void check_shared_memories(void)
{
	struct made first;
	struct made second;
	const char *line;
	size_t same = 0;
	size_t len;

	make_file("mira_v1.capsule", &first);
	make_file("mira_v2.capsule", &second);
	for (line = buf_text(&first.lines); *line; line += len + 1) {
		char copy[4096];

		len = strcspn(line, "\n");
		snprintf(copy, sizeof(copy), "%.*s\n", (int)len, line);
		same += strstr(buf_text(&second.lines), copy) != NULL;
	}
	is_int((long)same, 5, "the construct and four memories");
	buf_release(&first.lines);
	buf_release(&second.lines);
}

static void check_odd(void)
{
	struct made made;

	make_file("odd.capsule", &made);
	is_int((long)made.n, 10, "eight odd memories");
	ok(holds(&made, "{\"bucket\":\"short_term\",\"content\":\"an object\","
		 "\"native\":{\"when\":\"2026\"},\"source\":\"capsule\","
		 "\"type\":\"episodic\"}"), "an object is taken apart");
	ok(holds(&made, "\"content\":\"alt\",\"source\""), "text will do");
	ok(holds(&made, "\"content\":\"null\",\"native\":{\"value\":null}"),
	   "null is kept");
	ok(holds(&made, "\"content\":\"[1,2]\",\"native\":{\"value\":[1,2]}"),
	   "so is an array");
	is_int((long)count(&made, "\"content\":\"7\""), 2,
	       "a number and its text");
	ok(holds(&made, "\"dream_memories\":[\"kept as native\"]"),
	   "an unknown bucket survives");
	ok(holds(&made, "\"nested\":{\"kept\":1}"), "around what was dropped");
	buf_release(&made.lines);
	make_file("mira_v3.capsule", &made);
	ok(holds(&made, "\"unknown_part\":{\"$$ref\":\"kept\",\"n\":{\"$raw\":"),
	   "unknown members survive");
	buf_release(&made.lines);
	make_file("nan.capsule", &made);
	ok(holds(&made, "\"traits\":{\"a\":{\"$raw\":\"TmFO\"}"), "so does NaN");
	buf_release(&made.lines);
	make_file("slip.capsule", &made);
	ok(!holds(&made, "capsule:../"), "a uuid that is none is not used");
	buf_release(&made.lines);
	make_file("memup21.capsule", &made);
	ok(holds(&made, "memory:capsule:test/core/"), "memup's memories");
	ok(holds(&made, "4e09/2026-07-01T00:00:00+00:00\""),
	   "a lasting uuid is told apart by time");
	buf_release(&made.lines);
}

int main(void)
{
	check_dialects();
	check_refusals();
	check_torn();
	check_forge();
	check_environment();
	check_redaction();
	check_shared_memories();
	check_odd();
	return done_testing();
}
