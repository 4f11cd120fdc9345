#include "objects/tree/segment_verify.h"

#include "objects/record/head.h"
#include "objects/record/segment_codec.h"

/* A check of one segment: neighbours mostly share their home and its hash. */
struct check {
	struct codec *codec;
	const struct tree_segment *segment;
	const struct placed_visitor *visitor;
	struct home home;
	unsigned char hash[PLACE_HASH_BYTES];
	const char *dir;		/* whose folder dir_name is */
	char dir_name[PLACE_NAME_LEN + 1];
	bool is_stopped;		/* by the visitor */
	struct leaf_ids *ids;		/* NULL: nobody asks */
};

static bool same_home(const struct home *a, const struct home *b)
{
	return a->dir && !strcmp(a->dir, b->dir) && span_equals(a->key, b->key);
}

static int check_home(struct check *check, const struct home *home,
		      struct err *err)
{
	const struct place *place = &check->segment->place;

	if (!check->dir || strcmp(check->dir, home->dir)) {
		codec_dir_name(check->codec, home->dir, check->dir_name);
		check->dir = home->dir;
	}
	codec_place_hash(check->codec, home, check->hash);
	check->home = *home;
	if (!place_holds(place, check->dir_name, check->hash) ||
	    (place->home[0] && !home->is_shared))
		return err_set(err, ERR_UNTRUSTED,
			       "a record of '%.*s' does not belong here",
			       (int)home->key.len, home->key.at);
	return 0;
}

static int check_record(void *arg, const struct record *record,
			const unsigned char id[RECORD_ID_BYTES],
			struct err *err)
{
	struct check *check = arg;
	struct placed placed = { record, id, &check->home, check->hash };
	const struct kind *kind;
	struct home home;
	int rc = entity_home(record->entity, &home, &kind, err);

	if (check->ids)
		memcpy(check->ids->at[check->ids->n++], id, RECORD_ID_BYTES);
	if (rc == 0 && !same_home(&check->home, &home))
		rc = check_home(check, &home, err);
	if (rc < 0 || !check->visitor)
		return rc;
	rc = check->visitor->record(check->visitor->arg, &placed, err);
	check->is_stopped = rc != 0;
	return rc;
}

/* Name the segment; what is wrong with its bytes is damage by any name. */
static int blame(const struct tree_segment *segment, int rc, struct err *err)
{
	char path[SEGMENT_PATH_MAX];

	if (rc == ERR_NOT_FOUND || rc == ERR_LIMIT || rc == ERR_INVALID) {
		rc = ERR_CORRUPT;
		if (err)
			err->code = rc;
	}
	segment_path(segment, path);
	err_prefix(err, "segment '%s'", path);
	return rc;
}

static bool has_name(const struct tree_segment *segment,
		     const struct buf *bytes)
{
	return bears_name(buf_span(bytes), segment->digest);
}

static int load_bytes(struct store *store, const struct tree_segment *segment,
		      struct buf *bytes, struct err *err)
{
	int rc = store_read(store, &segment->blob, OBJECT_BLOB,
			    STORE_OBJECT_MAX, bytes, err);

	if (rc < 0)
		return rc;
	return has_name(segment, bytes) ? 0 :
	       err_set(err, ERR_CORRUPT, "the bytes do not hash to the name");
}

/* Its own name proves it: git's weaker one, which takes longer, is looked at
 * where something is wrong. */
static int load_quickly(struct store *store,
			const struct tree_segment *segment, struct buf *bytes,
			struct err *err)
{
	bool is_found;
	int rc = store_read_unproven(store, &segment->blob, bytes, &is_found,
				     err);

	return rc < 0 || (is_found && has_name(segment, bytes)) ? rc :
	       load_bytes(store, segment, bytes, err);
}

/* What can be told without a key: the form. Nobody can see then whether it is a
 * segment, which has a head, or a piece of a blob, which has none. */
static int look_at_form(struct codec *codec, struct span bytes, struct err *err)
{
	(void)head_split(bytes, NULL, &bytes);
	return codec_look(codec, bytes, err);
}

static int load(struct store *store, struct check *check, struct buf *text,
		struct err *err)
{
	struct segment_visitor own = { check_record, check };
	struct codec *codec = check->codec;
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	int rc = load_bytes(store, check->segment, &bytes, err);

	if (rc == 0 && codec_mode(codec) == CODEC_BLIND) {
		rc = look_at_form(codec, buf_span(&bytes), err);
	} else if (rc == 0) {
		rc = codec_decode(codec, SEAL_SEGMENT, buf_span(&bytes), text,
				  err);
		if (rc == 0)
			rc = segment_check(buf_span(text), &own, err);
		if (rc == 0 && check->ids)
			rc = segment_check_leaves(codec, buf_span(&bytes),
						  check->ids, err);
	}
	if (rc < 0 && !check->is_stopped)
		rc = blame(check->segment, rc, err);
	buf_release(&bytes);
	return rc;
}

int segment_load(struct store *store, struct codec *codec,
		 const struct tree_segment *segment, struct buf *text,
		 const struct placed_visitor *visitor, struct err *err)
{
	struct check check = { .codec = codec, .segment = segment,
			       .visitor = visitor };

	return load(store, &check, text, err);
}

int segment_plain(struct store *store, struct codec *codec,
		  const struct tree_segment *segment, struct buf *text,
		  struct err *err)
{
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	int rc = load_quickly(store, segment, &bytes, err);

	if (rc == 0)
		rc = codec_decode(codec, SEAL_SEGMENT, buf_span(&bytes), text,
				  err);
	if (rc < 0)
		rc = blame(segment, rc, err);
	buf_release(&bytes);
	return rc;
}

/* Hand on what the caller of segment_verify() wants to see. */
static int tell_record(void *arg, const struct placed *placed, struct err *err)
{
	const struct segment_visitor *visitor = arg;

	return visitor->record(visitor->arg, placed->record, placed->id, err);
}

int segment_verify(struct store *store, struct codec *codec,
		   const struct tree_segment *segment,
		   const struct segment_visitor *visitor, struct err *err)
{
	struct segment_visitor copy = { NULL, NULL };
	struct placed_visitor own = { tell_record, &copy };
	struct buf text = BUF_INIT(SEAL_PLAIN_MAX + 1);
	struct leaf_ids ids;
	struct check check = { .codec = codec, .segment = segment,
			       .visitor = visitor ? &own : NULL, .ids = &ids };
	int rc;

	ids.n = 0;
	if (visitor)
		copy = *visitor;
	rc = load(store, &check, &text, err);
	buf_release(&text);
	return rc;
}
