#include "cmd/import/gemini/takeout.h"

#include <stdlib.h>

#include "cmd/import/gemini/ai_studio.h"
#include "cmd/import/gemini/takeout_internal.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/sniff.h"
#include "lib/os/path.h"

#define NOBODYS "a file that no activity of " TAKEOUT_PRODUCT " names"
#define TOGETHER "give all parts of the export to one 'vvault import'"
#define HEADS_MAX 64		/* files of a bundle that are looked at */
#define HEAD_BYTES ((size_t)16 << 10)
#define HTML_MAX_BYTES ((size_t)1 << 30)

enum form { NO_ACTIVITY, JSON, HTML, PROMPT };

/* Activity of any product. */
static enum form form_of(struct span head)
{
	head = sniff_begin(head);
	if (span_begins(head, "<"))
		return sniff_mentions(head, "\"outer-cell ") &&
		       sniff_mentions(head, "\"content-cell ") ? HTML :
			NO_ACTIVITY;
	return sniff_has(head, "header") && sniff_has(head, "title") &&
	       (sniff_has(head, "products") || sniff_has(head, "time")) ?
		JSON : NO_ACTIVITY;
}

/* Names are translated, but no form has another suffix. */
static bool may_be_activity(const struct bundle_file *file)
{
	struct span name = span_str(file->name);

	return span_ends(name, ".json") || span_ends(name, ".html");
}

static enum form form_of_file(struct bundle *bundle,
			      const struct bundle_file *file, bool *out_ours)
{
	struct buf head = BUF_INIT(HEAD_BYTES);
	enum form form = NO_ACTIVITY;

	if (bundle_head(bundle, file, HEAD_BYTES, &head, NULL) >= 0)
		form = form_of(buf_span(&head));
	if (out_ours)
		*out_ours = form != NO_ACTIVITY &&
			takeout_mentions_product(buf_span(&head));
	buf_release(&head);
	return form;
}

/* A folder is one source when it holds activity of Gemini and the files that
 * go with it; the folders above it hold other things too. */
static bool sniff_folder(struct bundle *bundle)
{
	const struct bundle_file *file;
	bool is_ours = false;
	bool has_any = false;
	size_t heads = 0;
	size_t i;

	for (i = 0; i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		if (strchr(file->name, '/') ||
		    span_ends(span_str(file->name), ".zip") ||
		    span_ends(span_str(file->name), ".jsonl"))
			return false;
		if (!may_be_activity(file))
			continue;
		if (heads++ == HEADS_MAX ||
		    form_of_file(bundle, file, &is_ours) == NO_ACTIVITY)
			return false;
		has_any |= is_ours;
	}
	return has_any;
}

static size_t folders_of(const char *name)
{
	size_t n = 0;

	for (; *name; name++)
		n += *name == '/';
	return n;
}

/* What was attached may come in an archive without any activity. */
static bool is_further(const struct bundle *bundle)
{
	const char *name;
	size_t i;

	for (i = 0; i < bundle_count(bundle); i++) {
		name = bundle_at(bundle, i)->name;
		if (!strncmp(name, "Takeout/", strlen("Takeout/")) &&
		    strstr(name, "emini"))
			return true;
	}
	return false;
}

/* An archive of Takeout, or of a folder in it. */
static bool sniff_zip(struct bundle *bundle)
{
	const struct bundle_file *file;
	bool is_ours = false;
	size_t heads = 0;
	size_t i;

	for (i = 0; i < bundle_count(bundle) && heads < HEADS_MAX; i++) {
		file = bundle_at(bundle, i);
		if (!may_be_activity(file) ||
		    (strncmp(file->name, "Takeout/", 8) &&
		     folders_of(file->name) > 1))
			continue;
		if (!strstr(file->name, "emini") &&
		    strncmp(path_base(file->name), "MyActivity.", 11))
			continue;
		heads++;
		if (form_of_file(bundle, file, &is_ours) != NO_ACTIVITY &&
		    is_ours)
			return true;
	}
	return is_further(bundle);
}

static bool takeout_sniff(const struct import_input *input)
{
	if (input->bundle)
		return bundle_is_archive(input->bundle) ?
			sniff_zip(input->bundle) : sniff_folder(input->bundle);
	return !input->is_folder &&
	       form_of(buf_span(&input->head)) != NO_ACTIVITY;
}

/* --- reading --------------------------------------------------------------- */

static int read_html(struct takeout_run *run, struct err *err)
{
	int rc = whole_load(run->source, HTML_MAX_BYTES, err);

	return rc ? rc : takeout_html(run, buf_span(&run->source->input.head),
				     err);
}

/* Of a file alone; one of another product is refused. */
static int read_alone(struct takeout_run *run, struct err *err)
{
	struct import_source *source = run->source;
	enum form form = form_of(buf_span(&source->input.head));
	int rc;

	rc = form == HTML ? read_html(run, err) :
		takeout_json(run, input_feed(&source->input), err);
	if (rc || source->imported || !run->others ||
	    source->malformed.n)
		return rc;
	rc = import_decline(source, "activity of other products only: it has "
			    "no conversations", NULL, err);
	if (source->was_walked)
		source->is_refused = false;
	return rc;
}

static int read_file(struct takeout_run *run, const struct bundle_file *file,
		     enum form form, struct err *err)
{
	struct bundle *bundle = run->source->input.bundle;
	struct buf html = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	struct feed feed;
	int rc;

	rc = form == HTML ?
		bundle_load(bundle, file, HTML_MAX_BYTES, &html, &why) :
		bundle_feed(bundle, file, &feed, &why);
	if (rc == ERR_NOMEM)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	else if (rc < 0)
		rc = import_malformed(run->job, run->source, why.text, 0,
				      span_of(NULL, 0), err);
	else
		rc = form == HTML ? takeout_html(run, buf_span(&html), err) :
			takeout_json(run, feed, err);
	buf_release(&html);
	return rc;
}

/* Does it lie in a folder that may hold the activity of Gemini? Of the others
 * an archive may have very many. */
static bool is_near(const struct bundle_file *file)
{
	return !strchr(file->name, '/') || strstr(file->name, "emini") ||
	       !strncmp(path_base(file->name), "MyActivity.", 11);
}

/* The files of a form, which are known by what they begin with. */
static int read_form(struct takeout_run *run, unsigned char *forms,
		     enum form form, struct err *err)
{
	struct bundle *bundle = run->source->input.bundle;
	const struct bundle_file *file;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		if (form == JSON && may_be_activity(file) && is_near(file))
			forms[i] = (unsigned char)form_of_file(bundle, file,
							       NULL);
		if (forms[i] != form)
			continue;
		run->has_activity = true;
		run->folder = span_of(file->name, (size_t)(
			path_base(file->name) - file->name));
		rc = read_file(run, file, form, err);
	}
	return rc;
}

/* --- prompts of AI Studio, which Takeout puts into the same archive -------- */

static int read_prompt(struct takeout_run *run,
		       const struct bundle_file *file, struct err *err)
{
	struct import_source *source = run->source;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	struct jdoc *doc = NULL;
	int rc;

	rc = bundle_load(source->input.bundle, file, WHOLE_MAX_BYTES, &text,
			 &why);
	if (rc == ERR_NOMEM)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	else if (rc >= 0)
		rc = whole_parse(source, buf_span(&text), &doc, &why, err);
	if (rc == 0)
		rc = ai_studio_read(run->job, source, doc, err);
	if (rc == 1 && !why.code)
		rc = import_leave_out(source, "a prompt of AI Studio that is "
				      "no chat", file->name, err);
	else if (why.code && rc != ERR_NOMEM)
		rc = import_malformed(run->job, source, why.text, 0,
				      buf_span(&text), err);
	jdoc_free(doc);
	buf_release(&text);
	return rc;
}

static int read_prompts(struct takeout_run *run, unsigned char *forms,
			struct err *err)
{
	struct bundle *bundle = run->source->input.bundle;
	struct buf head = BUF_INIT(HEAD_BYTES);
	const struct bundle_file *file;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < bundle_count(bundle); i++) {
		file = bundle_at(bundle, i);
		if (forms[i] != NO_ACTIVITY ||
		    !strstr(file->name, "AI Studio/") ||
		    bundle_head(bundle, file, HEAD_BYTES, &head, NULL) < 0 ||
		    !ai_studio_is_begin(buf_span(&head)))
			continue;
		forms[i] = PROMPT;
		run->has_activity = true;
		rc = read_prompt(run, file, err);
	}
	buf_release(&head);
	return rc;
}

static int leave_out(struct takeout_run *run, const unsigned char *forms,
		     struct err *err)
{
	struct bundle *bundle = run->source->input.bundle;
	unsigned char digest[SHA256_BYTES];
	const char *name;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < bundle_count(bundle); i++) {
		name = bundle_at(bundle, i)->name;
		sha256_of(name, strlen(name), digest);
		if (forms[i] == NO_ACTIVITY &&
		    !table_get(&run->used, digest, NULL))
			rc = import_leave_out(run->source, NOBODYS, name, err);
	}
	return rc;
}

/* Files of this source that some activity has named, or that are one: another
 * archive may name the others. */
static int mark_used(struct takeout_run *run, const unsigned char *forms,
		     struct err *err)
{
	struct bundle *bundle = run->source->input.bundle;
	unsigned char digest[SHA256_BYTES];
	struct pool_file *file;
	const char *name;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < bundle_count(bundle); i++) {
		name = bundle_at(bundle, i)->name;
		sha256_of(name, strlen(name), digest);
		if (forms[i] != NO_ACTIVITY)
			rc = table_put(&run->used, digest, 0, err);
	}
	for (i = 0; i < file_pool_count(run->pool); i++) {
		file = file_pool_at(run->pool, i);
		if (file->source != run->source)
			continue;
		sha256_of(file->file.name, strlen(file->file.name), digest);
		file->is_used |= table_get(&run->used, digest, NULL);
	}
	return rc;
}

static int leave_or_wait(struct takeout_run *run, const unsigned char *forms,
			 struct err *err)
{
	struct bundle *bundle = run->source->input.bundle;

	if (file_pool_count(run->pool) <= bundle_count(bundle))
		return leave_out(run, forms, err);
	run->source->awaits = true;
	return mark_used(run, forms, err);
}

/* Attached files are read while the activity is: so it is opened twice. */
static int read_bundle(struct takeout_run *run, struct err *err)
{
	struct import_input *input = &run->source->input;
	struct err why = ERR_INIT;
	unsigned char *forms;
	int rc;

	forms = calloc(bundle_count(input->bundle) + 1, 1);
	if (!forms)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = bundle_open(input->path, &run->files, &why);
	if (rc < 0)
		rc = err_set(err, (enum err_code)rc, "%s", why.text);
	if (rc >= 0)
		rc = read_form(run, forms, JSON, err);
	if (rc >= 0)
		rc = read_form(run, forms, HTML, err);
	if (rc >= 0)
		rc = read_prompts(run, forms, err);
	if (rc >= 0)
		rc = leave_or_wait(run, forms, err);
	free(forms);
	return rc;
}

/* An export of some size comes in several archives: what a part alone is to
 * be given with. */
static int note_parts(struct takeout_run *run, struct err *err)
{
	struct bundle *bundle = run->source->input.bundle;

	if (!bundle || !bundle_is_archive(bundle) ||
	    file_pool_count(run->pool) > bundle_count(bundle))
		return 0;
	if (!run->has_activity)
		return import_note(run->source, err, "a further part of an "
				   "export, without the activity that names "
				   "its files: " TOGETHER);
	return !run->has_missing ? 0 :
		import_note(run->source, err, "what was attached may lie in "
			    "another part of the export: " TOGETHER);
}

static int add_notes(struct takeout_run *run, struct err *err)
{
	int rc = note_parts(run, err);

	if (rc >= 0 && run->sessions)
		rc = import_note(run->source, err, "the export does not say "
				 "which prompts belong together: each is a "
				 "session of its own");
	if (rc >= 0 && run->unzoned)
		rc = import_note(run->source, err, "times without a known "
				 "zone were taken as UTC: %llu",
				 (unsigned long long)run->unzoned);
	return rc;
}

static void run_release(struct takeout_run *run)
{
	bundle_free(run->files);
	chat_release(&run->chat);
	parts_release(&run->parts);
	table_release(&run->seen);
	table_release(&run->known);
	table_release(&run->used);
	buf_release(&run->key);
	buf_release(&run->native);
	buf_release(&run->title);
	buf_release(&run->html);
	buf_release(&run->value);
	jcs_fields_release(&run->fields);
}

static int read_activity(struct import_job *job, struct import_source *source,
			 struct err *err)
{
	struct takeout_run run = {
		.job = job, .source = source,
		.chat = CHAT_INIT, .parts = PARTS_INIT,
		.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.known = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.used = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.key = BUF_INIT(BUF_NO_LIMIT),
		.native = BUF_INIT(BUF_NO_LIMIT),
		.title = BUF_INIT(BUF_NO_LIMIT),
		.html = BUF_INIT(BUF_NO_LIMIT),
		.value = BUF_INIT(BUF_NO_LIMIT),
		.fields = JCS_FIELDS_INIT,
	};
	int rc = file_pool_get(job, &takeout_importer, &run.pool, err);

	if (rc == 0)
		rc = source->input.bundle ? read_bundle(&run, err) :
			read_alone(&run, err);
	/* They may come in another archive. */
	source->is_unfinished |= run.has_missing && source->input.bundle &&
		bundle_is_archive(source->input.bundle);
	if (rc == 0)
		rc = add_notes(&run, err);
	run_release(&run);
	return rc;
}

/* What no archive of the export names. */
static int finish_activity(struct import_job *job,
			   struct import_source *source, struct err *err)
{
	struct file_pool *pool = NULL;
	struct pool_file *file;
	size_t at;
	int rc = file_pool_get(job, &takeout_importer, &pool, err);

	if (rc < 0 || !source->input.bundle ||
	    file_pool_count(pool) <= bundle_count(source->input.bundle))
		return rc;
	for (at = 0; rc == 0 && at < file_pool_count(pool); at++) {
		file = file_pool_at(pool, at);
		if (file->source == source && !file->is_used)
			rc = import_leave_out(source, NOBODYS, file->file.name,
					      err);
	}
	source->awaits = false;
	return rc;
}

/* Each archive is to know the files of all. */
static int identify_activity(struct import_job *job,
			     struct import_source *source, struct err *err)
{
	struct file_pool *pool = NULL;
	int rc = file_pool_get(job, &takeout_importer, &pool, err);

	if (rc >= 0)
		rc = file_pool_add(pool, source, err);
	return rc < 0 ? rc : import_name(job, source, span_str("gemini"), err);
}

const struct importer takeout_importer = {
	.name = "gemini-takeout",
	.one = "Gemini activity",
	.many = "files of Gemini activity",
	.construct = "gemini",
	.sniff = takeout_sniff,
	.identify = identify_activity,
	.read = read_activity,
	.finish = finish_activity,
};
