#include "cmd/import/roleplay/card.h"

#include "cmd/import/input/bundle.h"
#include "cmd/import/input/media.h"
#include "cmd/import/parse/png.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/roleplay/card_home.h"
#include "cmd/import/roleplay/card_internal.h"

#define MAIN_FILE "card.json"		/* of a charx */
#define FILE_MAX_BYTES ((size_t)256 << 20)	/* an image with its card */

static bool sniff_bundle(struct bundle *bundle)
{
	const struct bundle_file *file = bundle_find(bundle, MAIN_FILE);
	struct buf head = BUF_INIT(INPUT_HEAD_BYTES);
	bool is_one;

	if (!file || !bundle_is_zip(bundle))
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
		source->is_refused = !source->was_walked;
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

/* {"assets/icon/main.png":{"$blob":...},...}: all files but the card. */
static int keep_assets(struct import_job *job, struct import_source *source,
		       struct buf *out, struct err *err)
{
	struct bundle *bundle = source->input.bundle;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf ref = BUF_INIT(4096);
	struct err why = ERR_INIT;
	const struct bundle_file *file;
	size_t i;
	int rc = 0;

	for (i = 0; bundle && rc == 0 && i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		if (!strcmp(file->name, MAIN_FILE))
			continue;
		buf_reset(&ref);
		rc = bundle_load(bundle, file, FILE_MAX_BYTES, &bytes, &why);
		if (rc < 0 && rc != ERR_NOMEM) {
			rc = import_leave_out(source, "an asset that cannot "
					      "be read", file->name, err);
			continue;
		}
		if (rc == 0)
			rc = keep(job, source,
				  span_of(buf_text(&bytes), bytes.len),
				  media_of_file(file->name, buf_span(&bytes)),
				  &ref, err);
		fields_raw(&fields, file->name, buf_span(&ref));
	}
	fields_put(&fields, out);
	jcs_fields_release(&fields);
	buf_release(&bytes);
	buf_release(&ref);
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
		rc = keep_assets(job, source, &assets, err);
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
};
