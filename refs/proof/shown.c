#include "refs/proof/proof_internal.h"

#include <string.h>

#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "refs/vault/vault.h"

void shown_init(struct shown *shown)
{
	const struct buf line = BUF_INIT(RECORD_MAX_BYTES);
	const struct buf commit = BUF_INIT(VERSION_MAX_BYTES);

	memset(shown, 0, sizeof(*shown));
	shown->line = line;
	shown->commit = commit;
}

void shown_release(struct shown *shown)
{
	size_t i;

	for (i = 0; i < TREE_LEVELS_MAX; i++)
		tree_level_release(&shown->levels[i]);
	buf_release(&shown->line);
	buf_release(&shown->commit);
}

enum role proof_role_needed(const struct version *version)
{
	return !strcmp(version->construct, VAULT_CONSTRUCT) ||
	       version->change == CHANGE_FORGET ? ROLE_OWNER : ROLE_WRITER;
}

/* --- writing --------------------------------------------------------------- */

static void put_base64(struct buf *out, const unsigned char *digest)
{
	buf_put_char(out, '"');
	buf_fail(out, base64_add(out, digest, SHA256_BYTES, NULL));
	buf_put_char(out, '"');
}

static void put_path(struct buf *out, const struct leaf_proof *leaf)
{
	size_t i;

	buf_putf(out, "[");
	for (i = 0; i < leaf->steps_n; i++) {
		buf_putf(out, i ? ",{\"%s\":" : "{\"%s\":",
			 leaf->steps[i].is_left ? "left" : "right");
		put_base64(out, leaf->steps[i].digest);
		buf_putf(out, "}");
	}
	buf_putf(out, "]");
}

/* Folders in the order of their names, which is that of JSON; then segments
 * as they stand. */
static void put_level(struct buf *out, const struct tree_level *level)
{
	const char *comma = "";
	size_t i;

	buf_putf(out, "{\"folders\":{");
	for (i = 0; i < level->n; i++) {
		if (!level->at[i].is_folder)
			continue;
		buf_putf(out, "%s\"%s\":", comma, level->at[i].name);
		put_base64(out, level->at[i].digest);
		comma = ",";
	}
	buf_putf(out, "},\"segments\":[");
	for (comma = "", i = 0; i < level->n; i++) {
		if (level->at[i].is_folder)
			continue;
		buf_putf(out, "%s", comma);
		put_base64(out, level->at[i].digest);
		comma = ",";
	}
	buf_putf(out, "]}");
}

int shown_write(const struct shown *shown, struct buf *out, struct err *err)
{
	char leaf[HEX_TEXT(LEAF_KEY_BYTES) + 1];
	char rest[HEX_TEXT(SHA256_BYTES) + 1];
	size_t start = out->len;
	size_t i;

	hex_text(shown->leaf.key, LEAF_KEY_BYTES, leaf);
	hex_text(shown->rest, SHA256_BYTES, rest);
	buf_putf(out, "{\"leaf\":\"%s\",\"path\":", leaf);
	put_path(out, &shown->leaf);
	buf_putf(out, ",\"record\":");
	jcs_put_string(out, buf_span(&shown->line));
	buf_putf(out, ",\"rest\":\"%s\",\"tree\":[", rest);
	for (i = 0; i < shown->levels_n; i++) {
		buf_put_str(out, i ? "," : "");
		put_level(out, &shown->levels[i]);
	}
	buf_putf(out, "],\"version\":");
	jcs_put_string(out, buf_span(&shown->commit));
	buf_put_char(out, '}');
	return buf_settle(out, start, err);
}

/* --- reading --------------------------------------------------------------- */

static int bad_form(struct err *err)
{
	return err_set(err, ERR_UNTRUSTED, "it has not the form of a proof");
}

/* What came of a part of it: all that is wrong there is its form. */
static int of_proof(int rc, struct err *err)
{
	if (rc == ERR_NOMEM)
		return err_set(err, rc, "out of memory");
	return rc < 0 ? bad_form(err) : 0;
}

static int read_base64(struct span value, unsigned char out[SHA256_BYTES],
		       struct err *err)
{
	struct buf bytes = BUF_INIT(SHA256_BYTES);
	int rc = of_proof(base64_decode(jcs_string_inner(value), &bytes, NULL),
			  err);

	if (rc == 0 && bytes.len == SHA256_BYTES)
		memcpy(out, bytes.data, SHA256_BYTES);
	else if (rc == 0)
		rc = bad_form(err);
	buf_release(&bytes);
	return rc;
}

static int read_path(struct span array, struct leaf_proof *out,
		     struct err *err)
{
	struct jcs_iter iter = jcs_iter_array(array);
	struct span value, digest;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, NULL, &value)) {
		struct leaf_step *step = &out->steps[out->steps_n];

		if (out->steps_n == LEAF_PATH_MAX)
			return bad_form(err);
		step->is_left = jcs_find(value, "left", &digest);
		if (!step->is_left && !jcs_find(value, "right", &digest))
			return bad_form(err);
		rc = read_base64(digest, step->digest, err);
		out->steps_n++;
	}
	return rc;
}

static int read_level(struct span object, struct tree_level *out,
		      struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct span folders, segments, name, value;
	struct jcs_iter iter;
	int rc = 0;

	if (!jcs_find(object, "folders", &folders) ||
	    !jcs_find(object, "segments", &segments))
		return bad_form(err);
	iter = jcs_iter_object(folders);
	while (rc == 0 && jcs_next(&iter, &name, &value)) {
		rc = read_base64(value, digest, err);
		if (rc == 0)
			rc = of_proof(tree_level_add_folder(out, name, digest,
							    NULL), err);
	}
	iter = jcs_iter_array(segments);
	while (rc == 0 && jcs_next(&iter, NULL, &value)) {
		rc = read_base64(value, digest, err);
		if (rc == 0)
			rc = tree_level_add_segment(out, digest, err);
	}
	tree_level_sort(out);
	return rc;
}

static int read_tree(struct span array, struct shown *out, struct err *err)
{
	struct jcs_iter iter = jcs_iter_array(array);
	struct span value;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, NULL, &value)) {
		if (out->levels_n == TREE_LEVELS_MAX)
			return bad_form(err);
		rc = read_level(value, &out->levels[out->levels_n++], err);
	}
	return rc;
}

static int read_text(struct span object, const char *name, struct buf *out,
		     struct err *err)
{
	struct span value;

	return of_proof(jcs_find(object, name, &value) ?
			jcs_string_decode(value, out, NULL) : ERR_INVALID, err);
}

static bool read_hex(struct span object, const char *name, void *out,
		     size_t len)
{
	struct span text;

	return jcs_find_string(object, name, &text) &&
	       hex_decode(text, out, len);
}

/* What was understood, written again: nothing else may stand there. */
static int is_one_form(struct span object, const struct shown *shown,
		       struct err *err)
{
	struct buf again = BUF_INIT(PROOF_MAX_BYTES);
	int rc = shown_write(shown, &again, err);

	if (rc == 0 && !span_equals(object, buf_span(&again)))
		rc = bad_form(err);
	buf_release(&again);
	return rc;
}

int shown_read(struct span object, struct shown *out, struct err *err)
{
	struct span path, tree;
	int rc;

	if (!read_hex(object, "leaf", out->leaf.key, LEAF_KEY_BYTES) ||
	    !read_hex(object, "rest", out->rest, SHA256_BYTES) ||
	    !jcs_find(object, "path", &path) ||
	    !jcs_find(object, "tree", &tree))
		return bad_form(err);
	rc = read_path(path, &out->leaf, err);
	if (rc == 0)
		rc = read_tree(tree, out, err);
	if (rc == 0)
		rc = read_text(object, "record", &out->line, err);
	if (rc == 0)
		rc = read_text(object, "version", &out->commit, err);
	return rc < 0 ? rc : is_one_form(object, out, err);
}

/* --- checking -------------------------------------------------------------- */

int proof_not_read(const char *what, int rc, const struct err *reason,
		   struct err *err)
{
	return rc == ERR_NOMEM ? err_copy(err, rc, reason) :
	       err_set(err, ERR_UNTRUSTED, "%s: %s", what, reason->text);
}

int proof_of_renewed(struct err *err)
{
	return err_set(err, ERR_UNTRUSTED, "an owner made the version anew, "
		       "and no proof shows that: one can be of a version that "
		       "was written since");
}

static int does_not_hold(const char *what, struct err *err)
{
	return err_set(err, ERR_UNTRUSTED, "%s", what);
}

/* From the leaf to the name of the segment, and on to the root of the tree. */
static int climb(struct shown *shown, const unsigned char id[RECORD_ID_BYTES],
		 unsigned char out[SHA256_BYTES], struct err *err)
{
	struct segment_head head;
	char line[HEAD_BYTES];
	size_t i;

	leaf_proof_root(&shown->leaf, id, head.leaves);
	memcpy(head.rest, shown->rest, SHA256_BYTES);
	head_put(&head, line);
	sha256_of(line, sizeof(line), out);
	for (i = 0; i < shown->levels_n; i++) {
		if (!tree_level_has(&shown->levels[i], i > 0, out))
			return does_not_hold(i ? "a folder of the tree does "
					     "not hold the one below it" :
					     "the record does not stand in a "
					     "segment of the tree", err);
		tree_level_root(&shown->levels[i], out);
	}
	/* A segment lies in a folder, and that below the root. */
	return shown->levels_n >= 2 ? 0 : bad_form(err);
}

int shown_check(struct shown *shown, struct record *out_record,
		unsigned char out_id[RECORD_ID_BYTES],
		struct version *out_version, struct err *err)
{
	unsigned char root[SHA256_BYTES];
	struct err reason = ERR_INIT;
	int rc = record_parse(buf_span(&shown->line), out_record, &reason);

	if (rc < 0)
		return proof_not_read("the record is none", rc, &reason, err);
	record_id(out_record->line, out_id);
	rc = version_parse(buf_span(&shown->commit), NULL, out_version,
			   &reason);
	if (rc < 0)
		return proof_not_read("the version is none", rc, &reason, err);
	rc = out_version->is_renewed ? proof_of_renewed(err) :
				       climb(shown, out_id, root, err);
	if (rc == 0 && memcmp(root, out_version->root, SHA256_BYTES))
		rc = does_not_hold("the version was signed over another tree",
				   err);
	return rc;
}
