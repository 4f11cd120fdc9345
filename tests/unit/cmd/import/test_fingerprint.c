#include "tests/unit/capsule_fixture.h"

static void check_own(const char *name, const char *word)
{
	struct buf bytes = BUF_INIT(CAPSULE_MAX_BYTES);
	struct capsule capsule;

	parse_capsule_file(name, &bytes, &capsule);
	is_str(fingerprint_word(capsule.fingerprint), word, name);
	capsule_release(&capsule);
	buf_release(&bytes);
}

static void check_all_own(void)
{
	check_own("mira_v1.capsule", "verified-forge");
	check_own("mira_v2.capsule", "verified-forge");
	check_own("mira_v3.capsule", "verified-forge");
	check_own("nan.capsule", "verified-forge");
	check_own("odd.capsule", "verified-forge");
	check_own("mira_changed.capsule", "mismatch");
	check_own("relay.capsule", "mismatch");
	check_own("core.capsule", "verified-core");
	check_own("js.capsule", "unverifiable-js");
	check_own("chatty.capsule", "unverifiable-js");
	check_own("memup21.capsule", "verified-memup");
	check_own("memup20.capsule", "absent");
	check_own("undertone/capsule.json", "absent");
}

static enum fingerprint check_text(const char *text)
{
	enum fingerprint out = FINGERPRINT_MISMATCH;
	struct err err = ERR_INIT;
	struct jdoc *doc = NULL;

	if (jdoc_parse(span_str(text), &(struct jdoc_options){ 0 }, &doc,
		       &err) < 0 ||
	    fingerprint_check(jdoc_root(doc), &out, &err) < 0)
		bail_out("%s", err.text);
	jdoc_free(doc);
	return out;
}

/* What is no fingerprint cannot be checked; what is none of ours differs. */
static void check_odd(void)
{
	is_int(check_text("{}"), FINGERPRINT_ABSENT, "no metadata");
	is_int(check_text("{\"metadata\":{}}"), FINGERPRINT_ABSENT, "none");
	is_int(check_text("{\"metadata\":{\"fingerprint_hash\":null}}"),
	       FINGERPRINT_ABSENT, "null");
	is_int(check_text("{\"metadata\":{\"fingerprint_hash\":\"\"}}"),
	       FINGERPRINT_ABSENT, "empty");
	is_int(check_text("{\"metadata\":{\"fingerprint_hash\":\"error\"}}"),
	       FINGERPRINT_ABSENT, "the forge could not make one");
	is_int(check_text("{\"metadata\":{\"fingerprint_hash\":7}}"),
	       FINGERPRINT_MISMATCH, "a number");
	is_int(check_text("{\"metadata\":{\"fingerprint_hash\":{}}}"),
	       FINGERPRINT_MISMATCH, "an object");
	is_int(check_text("{\"metadata\":{\"fingerprint_hash\":\"00\"}}"),
	       FINGERPRINT_MISMATCH, "too short");
}

/* Every byte that a fingerprint covers matters. */
static void check_flips(void)
{
	struct buf bytes = BUF_INIT(CAPSULE_MAX_BYTES);
	struct capsule capsule;
	size_t verified = 0;
	size_t i;

	read_capsule_file("mira_v1.capsule", &bytes);
	for (i = 0; i < bytes.len; i += 7) {
		char was = bytes.data[i];

		if (was < 'a' || was > 'y')
			continue;
		bytes.data[i]++;
		if (capsule_parse(buf_span(&bytes), &capsule, NULL) >= 0)
			verified += capsule.fingerprint == FINGERPRINT_FORGE ||
				    capsule.fingerprint == FINGERPRINT_CORE;
		capsule_release(&capsule);
		bytes.data[i] = was;
	}
	is_int((long)verified, 0, "no changed letter goes unnoticed");
	buf_release(&bytes);
}

/* The shared list names a file and what two of the algorithms make of it. */
static void check_shared(void)
{
	struct buf list = BUF_INIT(CAPSULE_MAX_BYTES);
	struct buf bytes = BUF_INIT(CAPSULE_MAX_BYTES);
	const struct jval *item;
	struct capsule capsule;
	struct jdoc *doc = NULL;
	char path[300];

	if (!read_shared_file("capsules/fingerprints.json", &list)) {
		skip(1, "../shared is not here");
		return;
	}
	if (jdoc_parse(buf_span(&list), &(struct jdoc_options){ 0 }, &doc,
		       NULL) < 0)
		bail_out("fingerprints.json");
	for (item = jval_first(jdoc_root(doc)); item; item = item->next) {
		struct span file = jval_get_text(item, "file");

		snprintf(path, sizeof(path), "capsules/%.*s", (int)file.len,
			 file.at);
		if (!read_shared_file(path, &bytes) ||
		    capsule_parse(buf_span(&bytes), &capsule, NULL) < 0)
			bail_out("%s", path);
		is_int(capsule.fingerprint, FINGERPRINT_FORGE, path);
		capsule_release(&capsule);
	}
	jdoc_free(doc);
	buf_release(&list);
	buf_release(&bytes);
}

int main(void)
{
	check_all_own();
	check_odd();
	check_flips();
	check_shared();
	return done_testing();
}
