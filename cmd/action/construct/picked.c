#include "cmd/action/construct/picked.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/action/read/begins.h"
#include "cmd/action/read/ref.h"
#include "lib/id/hash.h"

#define SOURCE "source:"
#define SHA_BEGIN 7		/* digits that name one */

void picked_release(struct picked *picked)
{
	table_release(&picked->entities);
	table_release(&picked->sayings);
	table_release(&picked->records);
}

static bool is_own(const struct view *view, struct span entity)
{
	char own[CONSTRUCT_NAME_MAX + sizeof("construct:")];

	snprintf(own, sizeof(own), "construct:%s", view->construct);
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

	if (is_own(picked->view, entity)) {
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

int picked_note(const struct view *view, const struct record *record,
		struct table *noted, struct err *err)
{
	unsigned char key[PICKED_ID_BYTES];

	if (is_own(view, record->entity))
		saying_key(record->at, record->data, key);
	else
		sha256_of(record->entity.at, record->entity.len, key);
	return table_include(noted, key, NULL, err);
}

bool picked_has_any(const struct picked *picked, const struct table *noted)
{
	const unsigned char *key;
	size_t i;

	for (i = 0; i < noted->count; i++) {
		key = table_key_at(noted, i);
		if (table_get(&picked->entities, key, NULL) ||
		    table_get(&picked->sayings, key, NULL))
			return true;
	}
	return false;
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

	if (is_own(picked->view, entity))
		return err_set(err, ERR_INVALID, "a construct cannot be split "
			       "from itself: name what a source brought");
	/* All that lives with a session goes with it. */
	if (span_begins(entity, "session:"))
		return view_home(picked->view, entity, &visitor, err);
	return picked_take(picked, entity, span_of(NULL, 0),
			   span_of(NULL, 0), err);
}

/* By its title, where nothing is named so: reason says that. */
static int add_titled(struct picked *picked, const char *word,
		      const struct err *reason, struct err *err)
{
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	struct err none = ERR_INIT;
	int rc = begins_titled(picked->view, word, &entity, &none);

	if (rc < 0)
		err_copy(err, rc, rc == ERR_NOT_FOUND ? reason : &none);
	else
		rc = add_entity(picked, buf_span(&entity), err);
	buf_release(&entity);
	return rc;
}

static int add_ref(struct picked *picked, const char *word, struct err *err)
{
	struct ref ref = REF_INIT;
	struct err reason = ERR_INIT;
	int rc = ref_open(picked->call->vault, word, NULL, &ref, &reason);

	if (rc < 0) {
		rc = rc == ERR_NOT_FOUND ? add_titled(picked, word, &reason,
						      err) :
		     err_copy(err, rc, &reason);
		ref_release(&ref);
		return rc;
	}
	if (rc == 0 && (!ref.entity.len ||
			strcmp(ref.view->ref_name, picked->view->ref_name)))
		rc = err_set(err, ERR_NOT_FOUND, "'%s' is no file, and nothing "
			     "in '%s'", word, picked->view->construct);
	if (rc == 0)
		rc = add_entity(picked, buf_span(&ref.entity), err);
	ref_release(&ref);
	return rc;
}

/* --- words --- */

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
		rc = picked_add_known(picked, digits, &is_found, err);
	return rc < 0 || is_found ? rc : add_ref(picked, word, err);
}
