/* Sources that the vault knows, and whose bytes it may have kept. */
#include "cmd/action/construct/picked.h"

#include <string.h>

#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"

#define SOURCE "source:"

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

int picked_add_known(struct picked *picked, const char *digits,
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
		rc = picked_take(picked, buf_span(&known.entity),
				 span_of(NULL, 0), span_of(NULL, 0), err);
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
int picked_add_kept(struct picked *picked, struct span data, bool *out_is_read,
		    struct err *err)
{
	struct known_source known = {
		.picked = picked, .format = BUF_INIT(256),
		.bytes = BUF_INIT(BUF_NO_LIMIT),
	};
	struct err reason = ERR_INIT;
	int rc = read_kept(&known, data, &reason);

	if (rc == 0 && known.is_kept)
		rc = picked_add_bytes(picked, buf_span(&known.bytes),
				      buf_text(&known.format), &reason);
	*out_is_read = rc == 0 && known.is_kept;
	if (rc < 0)
		rc = rc == ERR_INVALID ? 0 : err_copy(err, rc, &reason);
	err_clear(&reason);
	buf_release(&known.format);
	buf_wipe(&known.bytes);
	return rc;
}

static int add_other(void *arg, const struct view_entity *entity,
		     struct err *err)
{
	struct other_sources *others = arg;
	bool is_read;

	if (!entity->state.at || picked_has(others->but, entity->entity))
		return 0;
	return picked_add_kept(others->picked, entity->state, &is_read, err);
}

int picked_add_others(struct picked *picked, const struct picked *but,
		      struct err *err)
{
	struct other_sources others = { picked, but };
	const struct view_visitor visitor = { add_other, &others };

	return view_each(picked->view, kind_find(span_str("source")), false,
			 &visitor, err);
}
