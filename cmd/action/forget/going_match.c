#include "cmd/action/forget/going.h"

#include <string.h>

#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "lib/json/jcs_write.h"
#include "objects/blob/blob.h"
#include "refs/forget/blobs.h"

struct matching {
	struct going_one *one;
	const char *text;	/* as it is in a blob */
	struct buf escaped;	/* and in canonical JSON */
	struct buf words;	/* of one value */
	struct table blobs;	/* digests, to: does it hold the text? */
	bool is_hit;		/* the record at hand has it */
};

/* --- in what a record says --- */

static bool is_one_of(struct span word, const char *const *words)
{
	while (*words && !span_equals(word, span_str(*words)))
		words++;
	return *words != NULL;
}

static int look_at_words(struct matching *matching, struct span value,
			 struct err *err)
{
	int rc;

	buf_reset(&matching->words);
	rc = jcs_words(value, &matching->words, err);
	if (rc == 0 && span_has(buf_span(&matching->words), matching->text))
		matching->is_hit = true;
	return rc;
}

/* Who speaks, and which other entity is meant, is said in words of ours. */
static bool is_own_word(struct span name, struct span value)
{
	static const char *const roles[] = {
		"user", "assistant", "system", "tool", "developer", NULL
	};
	static const char *const names[] = {
		"session", "parent", "parents", "copy_of", "active",
		"memories", "message", "links", "to", NULL
	};
	struct span word = jcs_string_inner(value);
	const struct kind *kind;
	size_t len;

	if (span_equals(name, span_str("role")))
		return is_one_of(word, roles);
	if (!is_one_of(name, names))
		return false;
	for (kind = kind_table; kind->name; kind++) {
		len = strlen(kind->name);
		if (span_begins(word, kind->name) && word.len > len &&
		    word.at[len] == ':')
			return true;
	}
	return false;
}

/* What stands for a blob is none of anybody's words. */
static int look_at_value(struct matching *matching, struct span name,
			 struct span value, struct err *err)
{
	enum jcs_type type = jcs_type_of(value);
	unsigned char digest[SHA256_BYTES];
	struct jcs_iter iter;
	struct span inner;
	uint64_t size;
	int rc = 0;

	if (type == JCS_STRING && is_own_word(name, value))
		return 0;
	if (jcs_is_words(value))
		return look_at_words(matching, value, err);
	if (blob_ref_parse(value, digest, &size))
		return 0;
	iter = type == JCS_OBJECT ? jcs_iter_object(value) : jcs_iter_array(value);
	while (rc == 0 && !matching->is_hit &&
	       jcs_next(&iter, type == JCS_OBJECT ? &name : NULL, &inner))
		rc = look_at_value(matching, name, inner, err);
	return rc;
}

/* --- in its blobs: bytes of whatever kind --- */

static int look_in_blob(void *arg, const unsigned char digest[SHA256_BYTES],
			struct err *err)
{
	struct matching *matching = arg;
	struct buf bytes = BUF_INIT(BLOB_MAX_BYTES);
	uint64_t known = 0;
	bool is_there;
	int rc = 0;

	if (!table_get(&matching->blobs, digest, &known)) {
		rc = view_blob(matching->one->view, digest, &bytes, &is_there,
			       err);
		known = rc == 0 && is_there &&
			(span_has(buf_span(&bytes),
				  buf_text(&matching->escaped)) ||
			 span_has(buf_span(&bytes), matching->text));
		if (rc == 0)
			rc = table_put(&matching->blobs, digest, known, err);
		buf_wipe(&bytes);
	}
	matching->is_hit |= known != 0;
	return rc;
}

static int match_record(struct matching *matching,
			const struct fold_record *record, struct err *err)
{
	const struct blobs_visitor blobs = { look_in_blob, matching };
	struct span data = record->record.data;
	int rc;

	matching->is_hit = false;
	rc = look_at_value(matching, span_of("", 0), data, err);
	return rc < 0 || matching->is_hit ? rc :
	       blobs_each(matching->one->view, data, &blobs, err);
}

static int match_entity(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct matching *matching = arg;
	bool is_hit = false;
	size_t i;
	int rc = 0;

	/* What says what was forgotten has nothing of it, and stays. */
	for (i = 0; rc == 0 && !entity->kind->is_reserved &&
		    i < entity->records_n; i++) {
		rc = match_record(matching, &entity->records[i], err);
		if (rc < 0 || !matching->is_hit)
			continue;
		is_hit = true;
		rc = going_add_record(matching->one, entity,
				      &entity->records[i], err);
	}
	return rc < 0 || !is_hit ? rc : going_say(matching->one, entity, err);
}

static int match_construct(void *arg, struct going_one *one, struct err *err)
{
	struct matching *matching = arg;
	const struct view_visitor visitor = { match_entity, matching };

	matching->one = one;
	table_reset(&matching->blobs);
	return view_each(one->view, NULL, true, &visitor, err);
}

int going_add_match(struct going *going, const char *text, struct err *err)
{
	struct matching matching = {
		.text = text, .escaped = BUF_INIT(BUF_NO_LIMIT),
		.words = BUF_INIT(BUF_NO_LIMIT),
		.blobs = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};
	struct buf quoted = BUF_INIT(BUF_NO_LIMIT);
	int rc = jcs_add_string(&quoted, span_str(text), err);

	if (rc == 0)
		rc = buf_add(&matching.escaped, quoted.data + 1,
			     quoted.len - 2, err);
	if (rc == 0)
		rc = going_each_construct(going, match_construct, &matching, err);
	table_release(&matching.blobs);
	buf_wipe(&matching.escaped);
	buf_wipe(&matching.words);
	buf_wipe(&quoted);
	return rc;
}
