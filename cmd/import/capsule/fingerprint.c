#include "cmd/import/capsule/fingerprint.h"

#include "lib/id/encode.h"
#include "lib/id/hash.h"

#define FINGERPRINT_TEXT HEX_TEXT(SHA256_BYTES)

/*
 * What a validator in JavaScript computes for every standard capsule: it
 * names the members to keep by an array, which drops all nested ones.
 */
#define JS_CONSTANT \
	"174d2a52ce0a6d14b39c8b72541bce10754fd826250d9f3aa04dc4772496b5cc"

const char *fingerprint_word(enum fingerprint fingerprint)
{
	static const char *const words[] = {
		[FINGERPRINT_ABSENT] = "absent",
		[FINGERPRINT_FORGE] = "verified-forge",
		[FINGERPRINT_CORE] = "verified-core",
		[FINGERPRINT_MEMUP] = "verified-memup",
		[FINGERPRINT_JS] = "unverifiable-js",
		[FINGERPRINT_MISMATCH] = "mismatch",
	};

	return words[fingerprint];
}

static bool is_hash_of(struct span stored, struct span bytes)
{
	char hex[FINGERPRINT_TEXT + 1];
	unsigned char digest[SHA256_BYTES];

	sha256_of(bytes.at, bytes.len, digest);
	hex_text(digest, sizeof(digest), hex);
	return span_equals(stored, span_str(hex));
}

/* The whole capsule; instead: what stands for the fingerprint, or NULL. */
static int matches_whole(const struct jval *capsule, struct span stored,
			 const char *instead, bool *out, struct err *err)
{
	const struct jdoc_edit edit = {
		"metadata", "fingerprint_hash", instead
	};
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = jdoc_to_python(capsule, &edit, &text, err);
	if (rc >= 0)
		*out = is_hash_of(stored, buf_span(&text));
	buf_release(&text);
	return rc;
}

static int matches_memup(const struct jval *capsule, struct span stored,
			 bool *out, struct err *err)
{
	static const struct {
		const char *before;
		const char *path;
	} parts[] = {
		{ "{\"construct_id\": ", "metadata.construct_id" },
		{ ", \"sessions\": ", "body.sessions" },
		{ ", \"summary\": ", "body.summary" },
	};
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *value;
	size_t i;
	bool has_all = true;
	int rc;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		value = jval_at(capsule, parts[i].path);
		has_all &= value != NULL;
		buf_put_str(&text, parts[i].before);
		if (value)
			buf_fail(&text, jdoc_to_python(value, NULL, &text,
						       NULL));
	}
	buf_put_char(&text, '}');
	rc = buf_end(&text, err);
	if (rc == 0 && has_all)
		*out = is_hash_of(stored, buf_span(&text));
	buf_release(&text);
	return rc;
}

int fingerprint_check(const struct jval *capsule, enum fingerprint *out,
		      struct err *err)
{
	const struct jval *held = jval_at(capsule, "metadata.fingerprint_hash");
	struct span stored = jval_text(held);
	bool is_match = false;
	int rc;

	*out = FINGERPRINT_ABSENT;
	if (!held || jval_is(held, JVAL_NULL) || jval_is_text(held, "") ||
	    jval_is_text(held, "error"))
		return 0;
	*out = FINGERPRINT_FORGE;
	rc = matches_whole(capsule, stored, NULL, &is_match, err);
	if (rc < 0 || is_match)
		return rc;
	*out = FINGERPRINT_CORE;
	rc = matches_whole(capsule, stored, "\"\"", &is_match, err);
	if (rc < 0 || is_match)
		return rc;
	*out = FINGERPRINT_MEMUP;
	rc = matches_memup(capsule, stored, &is_match, err);
	if (rc < 0 || is_match)
		return rc;
	*out = span_equals(stored, span_str(JS_CONSTANT)) ? FINGERPRINT_JS :
	       FINGERPRINT_MISMATCH;
	return 0;
}
