#include "cmd/action/construct/picked.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/action/read/ref.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"

#define SOURCE "source:"
#define SHA_BEGIN 7		/* digits that name one */

void picked_release(struct picked *picked)
{
	table_release(&picked->entities);
	table_release(&picked->sayings);
	table_release(&picked->records);
}

static bool is_own(const struct picked *picked, struct span entity)
{
	char own[CONSTRUCT_NAME_MAX + sizeof("construct:")];

	snprintf(own, sizeof(own), "construct:%s", picked->view->construct);
	return span_equals(entity, span_str(own));
}

static void saying_key(struct span at, struct span data,
		       unsigned char key[PICKED_ID_BYTES])
{
	const struct span both[2] = { at, data };

	sha256_of_list(both, 2, key);
}

/* The lengths of the first two are bounded by what ends them: a space. */
static void record_key(struct span entity, struct span at, struct span data,
		       unsigned char key[PICKED_ID_BYTES])
{
	const struct span all[5] = { entity, span_str(" "), at, span_str(" "),
				     data };

	sha256_of_list(all, 5, key);
}

int picked_take(struct picked *picked, struct span entity, struct span at,
		struct span data, struct err *err)
{
	unsigned char key[PICKED_ID_BYTES];
	int rc = 0;

	if (is_own(picked, entity)) {
		saying_key(at, data, key);
		return table_include(&picked->sayings, key, NULL, err);
	}
	if (data.at) {
		record_key(entity, at, data, key);
		rc = table_include(&picked->records, key, NULL, err);
	}
	sha256_of(entity.at, entity.len, key);
	return rc < 0 ? rc : table_include(&picked->entities, key, NULL, err);
}

bool picked_has(const struct picked *picked, struct span entity)
{
	unsigned char key[PICKED_ID_BYTES];

	sha256_of(entity.at, entity.len, key);
	return table_get(&picked->entities, key, NULL);
}

bool picked_has_saying(const struct picked *picked,
		       const struct record *record)
{
	unsigned char key[PICKED_ID_BYTES];

	saying_key(record->at, record->data, key);
	return table_get(&picked->sayings, key, NULL);
}

bool picked_has_record(const struct picked *picked,
		       const struct record *record)
{
	unsigned char key[PICKED_ID_BYTES];

	record_key(record->entity, record->at, record->data, key);
	return table_get(&picked->records, key, NULL);
}

/* --- entities --- */

static int take_home(void *arg, const struct view_entity *entity,
		     struct err *err)
{
	static const struct span none = { NULL, 0 };

	return picked_take(arg, entity->entity, none, none, err);
}

static int add_entity(struct picked *picked, struct span entity,
		      struct err *err)
{
	const struct view_visitor visitor = { take_home, picked };

	if (is_own(picked, entity))
		return err_set(err, ERR_INVALID, "a construct cannot be split "
			       "from itself: name what a source brought");
	/* All that lives with a session goes with it. */
	if (span_begins(entity, "session:"))
		return view_home(picked->view, entity, &visitor, err);
	return picked_take(picked, entity, span_of(NULL, 0),
			   span_of(NULL, 0), err);
}

static int add_ref(struct picked *picked, const char *word, struct err *err)
{
	struct ref ref = REF_INIT;
	int rc = ref_open(picked->call->vault, word, NULL, &ref, err);

	if (rc == 0 && (!ref.entity.len ||
			strcmp(ref.view->ref_name, picked->view->ref_name)))
		rc = err_set(err, ERR_NOT_FOUND, "'%s' is no file, and nothing "
			     "in '%s'", word, picked->view->construct);
	if (rc == 0)
		rc = add_entity(picked, buf_span(&ref.entity), err);
	ref_release(&ref);
	return rc;
}

/* --- sources that the vault knows --- */

struct known_source {
	struct picked *picked;
	const char *digits;	/* the begin of its SHA-256 */
	size_t found;
	struct buf entity;
	struct buf format;
	struct buf bytes;
	bool is_kept;
};

/* Where its bytes were kept. */
static int read_kept(struct known_source *known, struct span state,
		     struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct span value;
	uint64_t size;
	int rc = 0;

	if (jcs_find(state, "format", &value))
		rc = jcs_string_decode(value, &known->format, err);
	if (rc == 0 && jcs_find(state, "bytes", &value) &&
	    blob_ref_parse(value, digest, &size))
		rc = view_blob(known->picked->view, digest, &known->bytes,
			       &known->is_kept, err);
	return rc;
}

static int look_at_source(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct known_source *known = arg;
	struct span key = entity->entity;
	int rc;

	key = span_of(key.at + strlen(SOURCE), key.len - strlen(SOURCE));
	if (!entity->state.at || !span_begins(key, known->digits))
		return 0;
	if (known->found++)
		return err_set(err, ERR_INVALID, "several sources begin with "
			       "'%s'", known->digits);
	rc = buf_add_span(&known->entity, entity->entity, err);
	return rc < 0 ? rc : read_kept(known, entity->state, err);
}

static int add_known(struct picked *picked, const char *digits,
		     bool *out_is_found, struct err *err)
{
	struct known_source known = {
		.picked = picked, .digits = digits,
		.entity = BUF_INIT(ENTITY_MAX_BYTES),
		.format = BUF_INIT(256), .bytes = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct view_visitor visitor = { look_at_source, &known };
	int rc = view_each(picked->view, kind_find(span_str("source")), false,
			   &visitor, err);

	*out_is_found = known.found > 0;
	if (rc == 0 && known.found && !known.is_kept)
		rc = err_set(err, ERR_NOT_FOUND, "the bytes of the source "
			     "'%s' were not kept: name the file", digits);
	if (rc == 0 && known.found)
		rc = picked_add_bytes(picked, buf_span(&known.bytes),
				      buf_text(&known.format), err);
	if (rc == 0 && known.found)
		rc = add_entity(picked, buf_span(&known.entity), err);
	buf_release(&known.entity);
	buf_release(&known.format);
	buf_release(&known.bytes);
	return rc;
}

struct other_sources {
	struct picked *picked;
	const struct picked *but;
};

/* What can be read no more brings nothing. */
static int add_other(void *arg, const struct view_entity *entity,
		     struct err *err)
{
	struct other_sources *others = arg;
	struct known_source known = {
		.picked = others->picked, .format = BUF_INIT(256),
		.bytes = BUF_INIT(BUF_NO_LIMIT),
	};
	struct err reason = ERR_INIT;
	int rc = 0;

	if (!entity->state.at || picked_has(others->but, entity->entity))
		return 0;
	rc = read_kept(&known, entity->state, &reason);
	if (rc == 0 && known.is_kept)
		rc = picked_add_bytes(others->picked, buf_span(&known.bytes),
				      buf_text(&known.format), &reason);
	if (rc < 0)
		rc = rc == ERR_INVALID ? 0 : err_copy(err, rc, &reason);
	err_clear(&reason);
	buf_release(&known.format);
	buf_release(&known.bytes);
	return rc;
}

int picked_add_others(struct picked *picked, const struct picked *but,
		      struct err *err)
{
	struct other_sources others = { picked, but };
	const struct view_visitor visitor = { add_other, &others };

	return view_each(picked->view, kind_find(span_str("source")), false,
			 &visitor, err);
}

/* For who quotes a pattern, so that one word stands for many files. */
static int add_pattern(struct picked *picked, const char *word,
		       bool *out_is_found, struct err *err)
{
	glob_t found;
	size_t i;
	int rc = 0;

	*out_is_found = false;
	if (!strpbrk(word, "*?[") || glob(word, 0, NULL, &found))
		return 0;
	*out_is_found = true;
	for (i = 0; rc == 0 && i < found.gl_pathc; i++)
		rc = picked_add_file(picked, found.gl_pathv[i], err);
	globfree(&found);
	return rc;
}

int picked_add(struct picked *picked, const char *word, struct err *err)
{
	const char *digits = word;
	bool is_found = false;
	int rc = 0;

	if (access(word, F_OK) == 0)
		return picked_add_file(picked, word, err);
	rc = add_pattern(picked, word, &is_found, err);
	if (rc < 0 || is_found)
		return rc;
	if (!strncmp(word, SOURCE, strlen(SOURCE)))
		digits = word + strlen(SOURCE);
	if (strlen(digits) >= SHA_BEGIN &&
	    strspn(digits, "0123456789abcdef") == strlen(digits))
		rc = add_known(picked, digits, &is_found, err);
	return rc < 0 || is_found ? rc : add_ref(picked, word, err);
}
