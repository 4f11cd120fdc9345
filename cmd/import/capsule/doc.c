#include "cmd/import/capsule/doc.h"

#include "cmd/import/sniff.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

static const struct jdoc_options capsule_options = {
	.max_bytes = CAPSULE_MAX_BYTES,
	.max_depth = CAPSULE_DEPTH_MAX,
	.flags = JDOC_NAN_OK | JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
};

/* Where the dialects keep what all of them have. */
static const struct {
	const char *word;
	const char *name;
	const char *uuid;
	const char *timestamp;
} layouts[] = {
	[CAPSULE_FORGE] = { "forge", "metadata.instance_name",
		"metadata.uuid", "metadata.timestamp" },
	[CAPSULE_RELAY] = { "relay", "metadata.instance_name",
		"metadata.uuid", "metadata.timestamp" },
	[CAPSULE_CHATTY] = { "chatty", "metadata.instance_name",
		"metadata.uuid", "metadata.timestamp" },
	[CAPSULE_MEMUP_2_0] = { "memup-2.0", "construct_id",
		"capsule_uuid", "last_synced_at" },
	[CAPSULE_MEMUP_2_1] = { "memup-2.1", "metadata.construct_id",
		"metadata.capsule_uuid", "metadata.generated_at" },
	[CAPSULE_UNDERTONE] = { "undertone", "construct_id", "uuid",
		"last_synced_at" },
};

const char *capsule_dialect_word(enum capsule_dialect dialect)
{
	return layouts[dialect].word;
}

static bool is_chatty(const struct jval *root)
{
	return jval_is(jval_get(root, "memory_log"), JVAL_ARRAY) &&
	       !jval_at(root, "personality.big_five_traits");
}

static bool is_relayed(const struct jval *root)
{
	return jval_get(root, "relayDepth") || jval_get(root, "replayMode") ||
	       jval_is_text(jval_at(root, "metadata.generator"),
			    "CapsuleForge-Relay");
}

/* False: this is no capsule. */
static bool find_dialect(const struct jval *root, enum capsule_dialect *out)
{
	const struct jval *metadata = jval_get(root, "metadata");

	if (jval_is(metadata, JVAL_OBJECT)) {
		if (jval_get(metadata, "construct_id") &&
		    jval_at(root, "body.sessions"))
			*out = CAPSULE_MEMUP_2_1;
		else if (is_relayed(root))
			*out = CAPSULE_RELAY;
		else if (is_chatty(root))
			*out = CAPSULE_CHATTY;
		else
			*out = CAPSULE_FORGE;
		return *out == CAPSULE_MEMUP_2_1 ||
		       jval_get(metadata, "instance_name") ||
		       jval_get(metadata, "tether_signature") ||
		       jval_get(metadata, "capsule_version") ||
		       jval_get(metadata, "fingerprint_hash");
	}
	if (jval_get(root, "traits") && jval_get(root, "personality")) {
		*out = CAPSULE_FORGE;
		return true;
	}
	if (!jval_get(root, "construct_id"))
		return false;
	*out = CAPSULE_UNDERTONE;
	if (jval_is_text(jval_get(root, "role"), "undertone"))
		return true;
	*out = CAPSULE_MEMUP_2_0;
	return jval_get(root, "capsule_version") &&
	       jval_is(jval_get(root, "sessions"), JVAL_ARRAY);
}

static const struct jval *text_at(const struct jval *root, const char *path)
{
	const struct jval *value = jval_at(root, path);

	if (!jval_is(value, JVAL_STRING) || (value->marks & JVAL_TEXT_WTF) ||
	    !value->as.text.len)
		return NULL;
	return value;
}

int capsule_parse(struct span bytes, struct capsule *out, struct err *err)
{
	int rc;

	memset(out, 0, sizeof(*out));
	out->bytes = bytes;
	rc = jdoc_parse(bytes, &capsule_options, &out->doc, err);
	if (rc < 0)
		return rc;
	out->root = jdoc_root(out->doc);
	if (!find_dialect(out->root, &out->dialect))
		return err_set(err, ERR_UNSUPPORTED,
			       "this JSON is no capsule of a known dialect");
	out->name = text_at(out->root, layouts[out->dialect].name);
	out->uuid = text_at(out->root, layouts[out->dialect].uuid);
	out->timestamp = text_at(out->root, layouts[out->dialect].timestamp);
	sha256_of(bytes.at, bytes.len, out->digest);
	rc = fingerprint_check(out->root, &out->fingerprint, err);
	/* Chatty makes up a random one, so that it says nothing. */
	if (out->dialect == CAPSULE_CHATTY &&
	    out->fingerprint == FINGERPRINT_MISMATCH)
		out->fingerprint = FINGERPRINT_JS;
	return rc;
}

void capsule_release(struct capsule *capsule)
{
	size_t i;

	jdoc_free(capsule->doc);
	capsule->doc = NULL;
	for (i = 0; i < CAPSULE_PARTS_MAX; i++) {
		jdoc_free(capsule->parts[i].doc);
		capsule->parts[i].doc = NULL;
		buf_release(&capsule->parts[i].bytes);
	}
}

static int read_part(const char *folder, struct capsule_part *part,
		     struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc;

	part->bytes = (struct buf)BUF_INIT(CAPSULE_MAX_BYTES);
	rc = path_join(&path, folder, part->file, err);
	if (rc < 0)
		goto out;
	if (!file_exists(buf_text(&path)))
		goto out;
	rc = file_read(buf_text(&path), CAPSULE_MAX_BYTES, &part->bytes, err);
	if (rc >= 0)
		rc = jdoc_parse(buf_span(&part->bytes), &capsule_options,
				&part->doc, err);
	if (rc < 0)
		err_prefix(err, "'%s'", part->file);
out:
	buf_release(&path);
	return rc;
}

int capsule_read_parts(const char *folder, struct capsule *capsule,
		       struct err *err)
{
	static const struct capsule_part parts[CAPSULE_PARTS_MAX] = {
		{ .file = "memory_sources.json", .member = "memory_sources" },
		{ .file = "scoring_weights.json", .member = "scoring_weights" },
	};
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < CAPSULE_PARTS_MAX; i++) {
		capsule->parts[i] = parts[i];
		rc = read_part(folder, &capsule->parts[i], err);
	}
	return rc;
}

bool capsule_sniff(struct span head)
{
	static const char *const signs[] = {
		"metadata.tether_signature|metadata.fingerprint_hash|"
		"metadata.capsule_version|metadata.instance_name",
		"traits personality",
		"construct_id capsule_version|integration_prompt", NULL
	};

	return sniff_any(head, signs);
}
