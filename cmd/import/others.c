#include "cmd/import/others.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/action/change_json.h"
#include "cmd/cli/progress.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "objects/fold/fold.h"

#define CHANGES_SHOWN 8
#define FIELDS_SHOWN 6
#define VALUE_BYTES 120
#define REFUSED "would change what others made here: --allow-changes takes it"

int others_new(struct import_job *job, const char *construct,
	       struct import_others **out, struct err *err)
{
	struct import_others *others = calloc(1, sizeof(*others));

	if (!others)
		return err_set(err, ERR_NOMEM, "out of memory");
	others->job = job;
	memcpy(others->construct, construct, strlen(construct) + 1);
	others->shown = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	others->list = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	*out = others;
	return 0;
}

void others_free(struct import_others *others)
{
	if (!others)
		return;
	buf_release(&others->shown);
	buf_release(&others->list);
	free(others);
}

/* --- what a person sees ---------------------------------------------------- */

static int show_value(struct buf *out, struct span value, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span shown = text_cut(value, VALUE_BYTES);
	bool is_cut = shown.len < value.len;
	int rc = 0;

	if (jcs_type_of(value) == JCS_STRING &&
	    jcs_string_decode(value, &text, NULL) >= 0) {
		shown = text_cut(buf_span(&text), VALUE_BYTES);
		is_cut = shown.len < text.len;
	}
	rc = text_escape(out, shown, 0, err);
	if (rc >= 0 && is_cut)
		rc = buf_add_str(out, "...", err);
	buf_release(&text);
	return rc;
}

struct showing {
	struct buf *out;
	size_t fields;
};

static int show_field(void *arg, struct span path, struct span from,
		      struct span to, struct err *err)
{
	struct showing *showing = arg;
	struct buf *out = showing->out;
	int rc;

	if (showing->fields++ >= FIELDS_SHOWN)
		return 0;
	rc = buf_add_str(out, "        ", err);
	if (rc >= 0)
		rc = text_escape(out, path, 0, err);
	if (rc >= 0)
		rc = buf_add_str(out, ": ", err);
	if (rc >= 0 && from.at)
		rc = show_value(out, from, err);
	if (rc >= 0)
		rc = buf_add_str(out, from.at ? " -> " : "-> ", err);
	if (rc >= 0)
		rc = to.at ? show_value(out, to, err) :
			buf_add_str(out, "(gone)", err);
	return rc < 0 ? rc : buf_add_char(out, '\n', err);
}

static int show_change(const struct writer_change *change, struct buf *out,
		       struct err *err)
{
	struct showing showing = { out, 0 };
	const struct fold_diff_visitor visitor = { show_field, &showing };
	int rc;

	rc = buf_add_str(out, change->to.at ? "      ~ " : "      - ", err);
	if (rc >= 0)
		rc = text_escape(out, change->entity, 0, err);
	if (rc >= 0)
		rc = buf_add_char(out, '\n', err);
	if (rc >= 0)
		rc = fold_diff(change->from, change->to, &visitor, err);
	if (rc >= 0 && showing.fields > FIELDS_SHOWN)
		rc = buf_printf(out, err, "        and %zu fields more\n",
				showing.fields - FIELDS_SHOWN);
	return rc;
}

static int add_change(struct import_others *others,
		      const struct writer_change *change, struct err *err)
{
	const struct view_change found = {
		change->kind, change->entity, change->from, change->to
	};
	int rc = 0;

	if (others->shown_n++ >= CHANGES_SHOWN)
		return 0;
	if (others->list.len)
		rc = buf_add_char(&others->list, ',', err);
	if (rc >= 0)
		rc = change_json(&found, false, &others->list, err);
	return rc < 0 ? rc : show_change(change, &others->shown, err);
}

static int take_change(void *arg, const struct writer_change *change,
		       struct err *err)
{
	struct import_others *others = arg;

	if (change->to.at)
		others->changed++;
	else
		others->removed++;
	return add_change(others, change, err);
}

/* --- the question ---------------------------------------------------------- */

static void print_head(FILE *to, const struct import_others *others,
		       const char *verb)
{
	fprintf(to, "    of what others made it %s %llu and %s %llu:\n", verb,
		(unsigned long long)others->changed,
		*verb == 'w' ? "remove" : "removed",
		(unsigned long long)others->removed);
	fputs(buf_text(&others->shown), to);
	if (others->shown_n > CHANGES_SHOWN)
		fprintf(to, "      and %zu more\n",
			others->shown_n - CHANGES_SHOWN);
}

/* Standard input may be the source itself: nobody is asked then. */
static bool can_ask(const struct import_job *job)
{
	size_t i;

	for (i = 0; i < job->sources_n; i++) {
		if (!strcmp(job->sources[i].input.path, "-"))
			return false;
	}
	return !job->is_dry_run && !job->session->is_json &&
	       isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

static bool ask(const struct import_others *others)
{
	char answer[16];

	progress_end(others->job->session);
	fprintf(stderr, "%s\n", others->construct);
	print_head(stderr, others, "would change");
	fputs("  Take these changes? [y/N] ", stderr);
	fflush(stderr);
	return fgets(answer, sizeof(answer), stdin) &&
	       (answer[0] == 'y' || answer[0] == 'Y');
}

static int decide(void *arg, bool *out_is_taken, struct err *err)
{
	struct import_others *others = arg;
	const struct import_job *job = others->job;

	(void)err;
	others->is_taken = job->allows_changes ||
			   (can_ask(job) && ask(others));
	*out_is_taken = others->is_taken;
	return 0;
}

/* One record of a source that was counted as imported. */
static int refused(void *arg, void *of, struct span entity, struct err *err)
{
	struct import_others *others = arg;
	struct import_source *source = of;
	struct import_share *share = import_share(source, others->construct);

	others->refused++;
	source->imported -= source->imported > 0;
	if (share)
		share->imported -= share->imported > 0;
	return import_refuse_part(source, REFUSED, entity, err);
}

struct writer_others others_judge(struct import_others *others)
{
	const struct writer_others judge = {
		take_change, decide, refused, others
	};

	return judge;
}

/* --- the report ------------------------------------------------------------ */

int others_merge(struct import_others *into, const struct import_others *more,
		 struct err *err)
{
	int rc = 0;

	into->changed += more->changed;
	into->removed += more->removed;
	into->refused += more->refused;
	into->is_taken |= more->is_taken;
	if (into->shown_n >= CHANGES_SHOWN || !more->shown_n) {
		into->shown_n += more->shown_n;
		return 0;
	}
	into->shown_n += more->shown_n;
	if (into->list.len)
		rc = buf_add_char(&into->list, ',', err);
	if (rc >= 0)
		rc = buf_add_span(&into->list, buf_span(&more->list), err);
	return rc < 0 ? rc : buf_add_span(&into->shown, buf_span(&more->shown),
					  err);
}

int others_json(const struct import_others *others, struct jcs_fields *line,
		struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!others || !others->shown_n)
		return 0;
	rc = jcs_fields_integer(&fields, "changed", (int64_t)others->changed,
				err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "removed",
					(int64_t)others->removed, err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "refused",
					(int64_t)others->refused, err);
	if (rc >= 0)
		rc = buf_printf(&text, err, "[%s]", buf_text(&others->list));
	if (rc >= 0)
		rc = jcs_fields_raw(&fields, "first", buf_span(&text), err);
	buf_reset(&text);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, &text, err);
	if (rc >= 0)
		rc = jcs_fields_raw(line, "others", buf_span(&text), err);
	jcs_fields_release(&fields);
	buf_release(&text);
	return rc;
}

void others_print(const struct import_others *others)
{
	if (!others || !others->shown_n)
		return;
	print_head(stdout, others, others->refused ? "would change" :
		   "changed");
}
