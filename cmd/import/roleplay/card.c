#include "cmd/import/roleplay/card.h"

#include "cmd/import/input/bundle.h"
#include "cmd/import/input/media.h"
#include "cmd/import/parse/png.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/roleplay/card_home.h"
#include "cmd/import/roleplay/card_internal.h"
#include "lib/base/table.h"
#include "lib/id/encode.h"

#define MAIN_FILE "card.json"		/* of a charx */
#define FILE_MAX_BYTES ((size_t)256 << 20)	/* an image with its card */

static bool sniff_bundle(struct bundle *bundle)
{
	const struct bundle_file *file = bundle_find(bundle, MAIN_FILE);
	struct buf head = BUF_INIT(INPUT_HEAD_BYTES);
	bool is_one;

	if (!file || !bundle_is_archive(bundle))
		return false;
	is_one = bundle_head(bundle, file, INPUT_HEAD_BYTES, &head,
			     NULL) >= 0 && card_json_sniff(buf_span(&head));
	buf_release(&head);
	return is_one;
}

static bool card_sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->bundle)
		return sniff_bundle(input->bundle);
	return !input->is_folder &&
	       (png_is_magic(head) || card_json_sniff(head));
}

/* A card with the bytes that it borrows from. */
struct loaded {
	struct card card;
	struct buf json;		/* out of an image or archive */
	struct span image;
};

static int load_bytes(struct import_input *input, struct loaded *loaded,
		      struct span *json, struct err *err)
{
	const struct bundle_file *file;
	int rc;

	if (input->bundle) {
		file = bundle_find(input->bundle, MAIN_FILE);
		if (!file)
			return err_set(err, ERR_INVALID,
				       "this archive has no " MAIN_FILE);
		rc = bundle_load(input->bundle, file, CARD_MAX_BYTES,
				 &loaded->json, err);
		*json = buf_span(&loaded->json);
		return rc;
	}
	rc = input_load(input, FILE_MAX_BYTES, err);
	*json = buf_span(&input->head);
	if (rc < 0 || !png_is_magic(*json))
		return rc;
	loaded->image = *json;
	rc = png_card(loaded->image, &loaded->json, NULL, err);
	*json = buf_span(&loaded->json);
	return rc;
}

static int load(struct import_source *source, struct loaded *loaded,
		struct err *err)
{
	struct err why = ERR_INIT;
	struct span json;
	int rc;

	rc = load_bytes(&source->input, loaded, &json, &why);
	if (rc == ERR_NOT_FOUND) {
		/* Whoever points at a folder expects pictures in it. */
		rc = import_refuse_err(source, &why, err);
		source->is_refused = source->is_unread = !source->was_walked;
		return rc;
	}
	if (rc >= 0)
		rc = card_parse(json, &loaded->card, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc == ERR_INVALID || rc == ERR_LIMIT)
		err_prefix(&why, "this card cannot be read");
	return rc < 0 ? import_refuse_err(source, &why, err) : 0;
}

static void unload(struct loaded *loaded)
{
	card_release(&loaded->card);
	buf_release(&loaded->json);
}

static int card_identify(struct import_job *job, struct import_source *source,
			 struct err *err)
{
	struct loaded loaded = { .json = BUF_INIT(BUF_NO_LIMIT) };
	int rc;

	rc = load(source, &loaded, err);
	if (!rc)
		rc = card_home(job, source, &loaded.card, err);
	unload(&loaded);
	return rc;
}

static int keep(struct import_job *job, struct import_source *source,
		struct span bytes, const char *media, struct buf *out,
		struct err *err)
{
	return bytes.at ? import_blob(job, source->construct, bytes, media,
				      out, err) : 0;
}

/* What a card came with, by name. */
struct assets {
	struct import_job *job;
	struct import_source *source;
	struct jcs_fields fields;
	struct table seen;		/* hashes of names */
	struct buf bytes;
	struct buf ref;
};

/* Keep what stands in assets->bytes; of two of one name the first. */
static int keep_asset(struct assets *assets, struct span name,
		      const char *file_name, struct err *err)
{
	struct span bytes = buf_span(&assets->bytes);
	unsigned char digest[SHA256_BYTES];
	bool is_new = false;
	int rc;

	sha256_of(name.at, name.len, digest);
	rc = table_include(&assets->seen, digest, &is_new, err);
	if (rc == 0 && !is_new)
		return import_leave_out(assets->source, "an asset whose name "
					"another one has", file_name, err);
	buf_reset(&assets->ref);
	if (rc == 0)
		rc = keep(assets->job, assets->source,
			  bytes.len ? bytes : span_of("", 0),
			  media_of_file(file_name, bytes), &assets->ref, err);
	if (rc == 0)
		fields_add(&assets->fields, name, buf_span(&assets->ref));
	return rc;
}

/* All files of a charx but the card: "assets/icon/main.png". */
static int keep_files(struct assets *assets, struct err *err)
{
	struct bundle *bundle = assets->source->input.bundle;
	const struct bundle_file *file;
	struct err why = ERR_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; bundle && rc == 0 && i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		if (!strcmp(file->name, MAIN_FILE))
			continue;
		rc = bundle_load(bundle, file, FILE_MAX_BYTES, &assets->bytes,
				 &why);
		if (rc < 0 && rc != ERR_NOMEM)
			rc = import_leave_out(assets->source, "an asset that "
					      "cannot be read", file->name,
					      err);
		else if (rc == 0)
			rc = keep_asset(assets, span_str(file->name),
					file->name, err);
	}
	return rc;
}

/* The assets that stand in a picture: "0", "path/bg" of "__asset:0". */
static int keep_chunks(struct assets *assets, struct span image,
		       struct err *err)
{
	struct png_reader reader = PNG_READER_INIT(image);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct png_chunk chunk;
	struct span key;
	struct span text;
	bool is_there = false;
	int rc = 0;

	while (rc == 0 && image.at &&
	       (rc = png_next(&reader, &chunk, &is_there, err)) == 0 &&
	       is_there) {
		if (!png_asset(&chunk, &key, &text))
			continue;
		buf_reset(&name);
		buf_put_span(&name, key);
		buf_reset(&assets->bytes);
		rc = buf_end(&name, err);
		if (rc == 0 && base64_decode_wrapped(text, &assets->bytes,
						     NULL) < 0)
			rc = import_leave_out(assets->source, "an asset that "
					      "is no base64", buf_text(&name),
					      err);
		else if (rc == 0)
			rc = keep_asset(assets, key, buf_text(&name), err);
	}
	buf_release(&name);
	return rc;
}

/* What the card names as standing beside it, and that does not. */
static int tell_missing(const struct assets *assets, const struct card *card,
			struct err *err)
{
	static const char *const places[] = {
		"embeded://", "__asset:", NULL
	};
	const struct jval *asset = jval_first(jval_get(card->data, "assets"));
	unsigned char digest[SHA256_BYTES];
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct span uri;
	size_t i;
	int rc = 0;

	for (; rc == 0 && asset; asset = asset->next) {
		uri = jval_get_text(asset, "uri");
		for (i = 0; places[i] && !span_begins(uri, places[i]); i++)
			;
		if (!places[i])
			continue;
		uri = span_of(uri.at + strlen(places[i]),
			      uri.len - strlen(places[i]));
		sha256_of(uri.at, uri.len, digest);
		if (table_get(&assets->seen, digest, NULL))
			continue;
		buf_reset(&name);
		buf_put_span(&name, uri);
		rc = buf_end(&name, err);
		if (rc == 0)
			rc = import_skip(assets->source, "an asset that the "
					 "card names and that did not come",
					 buf_text(&name), err);
	}
	buf_release(&name);
	return rc;
}

/* {"<name>":{"$blob":...},...} */
static int keep_assets(struct import_job *job, struct import_source *source,
		       const struct loaded *loaded, struct buf *out,
		       struct err *err)
{
	struct assets assets = {
		.job = job, .source = source, .fields = JCS_FIELDS_INIT,
		.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.bytes = BUF_INIT(BUF_NO_LIMIT), .ref = BUF_INIT(4096),
	};
	int rc = keep_files(&assets, err);

	if (rc >= 0)
		rc = keep_chunks(&assets, loaded->image, err);
	if (rc >= 0)
		rc = tell_missing(&assets, &loaded->card, err);
	fields_put(&assets.fields, out);
	jcs_fields_release(&assets.fields);
	table_release(&assets.seen);
	buf_release(&assets.bytes);
	buf_release(&assets.ref);
	return rc < 0 ? rc : buf_end(out, err);
}

static int give(struct import_job *job, struct import_source *source,
		const struct loaded *loaded, struct err *err)
{
	struct buf json = BUF_INIT(4096);
	struct buf image = BUF_INIT(4096);
	struct buf assets = BUF_INIT(BUF_NO_LIMIT);
	struct card_extras extras;
	int rc;

	rc = keep(job, source, loaded->card.json, "application/json", &json,
		  err);
	if (rc == 0)
		rc = keep(job, source, loaded->image, "image/png", &image,
			  err);
	if (rc == 0)
		rc = keep_assets(job, source, loaded, &assets, err);
	extras.source = buf_span(&json);
	extras.image = buf_span(&image);
	extras.assets = buf_span(&assets);
	if (rc == 0)
		rc = card_put(job, source, &loaded->card, &extras, err);
	buf_release(&json);
	buf_release(&image);
	buf_release(&assets);
	return rc;
}

static int read_card(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	struct loaded loaded = { .json = BUF_INIT(BUF_NO_LIMIT) };
	size_t twice;
	int rc;

	rc = load(source, &loaded, err);
	if (rc)
		goto out;
	twice = jdoc_duplicates(loaded.card.doc);
	if (twice)
		rc = import_note(source, err, "%zu member%s stood there "
				 "before: the last one counts", twice,
				 twice == 1 ? "" : "s");
	if (rc >= 0)
		rc = give(job, source, &loaded, err);
out:
	unload(&loaded);
	return rc;
}

/* The first of a character, the second of a lorebook alone. */
static const char *const marks[] = { "card", "lorebooks", NULL };

const struct importer card_importer = {
	.name = "card",
	.one = "card",
	.many = "cards",
	.sniff = card_sniff,
	.identify = card_identify,
	.read = read_card,
	.keeps_source = true,
	.marks = marks,
	.namesakes = &card_characters,
};
