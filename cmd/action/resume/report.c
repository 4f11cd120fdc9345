#include "cmd/action/resume/report.h"

#include <string.h>

#include "cmd/action/result.h"
#include "cmd/context/tokens.h"

/* Words, each with its final zero. */
static void put_report_words(struct jcs_fields *fields, const char *name,
		      const struct buf *words)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t at = 0;

	buf_put_char(&list, '[');
	while (at < words->len) {
		const char *word = buf_text(words) + at;

		buf_put_str(&list, at ? "," : "");
		jcs_put_string(&list, span_str(word));
		at += strlen(word) + 1;
	}
	buf_put_char(&list, ']');
	fields_buf(fields, name, &list);
	buf_release(&list);
}

static void put_files(struct jcs_fields *fields,
		      const struct resume_out *out)
{
	struct jcs_fields one = JCS_FIELDS_INIT;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < out->files.n; i++) {
		const struct resume_file *file = &out->files.at[i];

		buf_put_str(&list, i ? "," : "");
		fields_integer(&one, "bytes", (int64_t)file->bytes.len);
		result_outside(&one, "path", buf_text(&file->path));
		buf_fail(&list, jcs_fields_write(&one, &list, NULL));
		jcs_fields_reset(&one);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "files", &list);
	jcs_fields_release(&one);
	buf_release(&list);
}

static void put_left_out(struct jcs_fields *fields,
			 const struct passage_counts *counts)
{
	const struct { const char *name; size_t n; } list[] = {
		{ "before", counts->before },
		{ "branches", counts->branches },
		{ "files", counts->files_missing },
		{ "hidden", counts->hidden },
		{ "injected", counts->injected },
		{ "orphan_results", counts->orphan_results },
		{ "secrets", counts->secrets },
		{ "thoughts", counts->thoughts },
	};
	struct jcs_fields left = JCS_FIELDS_INIT;
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		fields_integer(&left, list[i].name, (int64_t)list[i].n);
	fields_object(fields, "left_out", &left);
	jcs_fields_release(&left);
}

/* Of all that a model is told. */
static size_t tokens(const struct passage *passage)
{
	size_t n = 0;
	size_t i;
	size_t k;

	for (i = 0; i < passage->n; i++) {
		for (k = 0; k < passage->turns[i].n; k++) {
			const struct passage_piece *piece =
				&passage->turns[i].pieces[k];

			n += tokens_of(piece->text) +
			     tokens_of(piece->call.name) +
			     tokens_of(piece->call.input) +
			     tokens_of(piece->call.result);
		}
	}
	return n;
}

int report_emit(struct resuming *resuming, struct err *err)
{
	const struct passage *passage = &resuming->made.passage;
	const struct passage_counts *counts = &passage->counts;
	const struct going_on *on = &resuming->on;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "agent", on->writer->name);
	fields_str(&fields, "agent_title", on->writer->title);
	fields_text(&fields, "session", passage->session);
	result_construct(&fields, resuming->ref.view);
	result_text(&fields, "title", passage->title);
	fields_str(&fields, "id", on->target.id);
	result_outside(&fields, "in", on->target.cwd);
	fields_bool(&fields, "moved", on->is_mapped);
	fields_str(&fields, "state", resuming->state);
	put_files(&fields, &resuming->out);
	fields_integer(&fields, "turns", (int64_t)counts->turns);
	fields_integer(&fields, "calls", (int64_t)counts->calls);
	fields_integer(&fields, "attached", (int64_t)counts->files);
	fields_integer(&fields, "renamed", (int64_t)counts->renamed);
	fields_integer(&fields, "in_words", (int64_t)counts->flattened);
	fields_integer(&fields, "without_result",
		       (int64_t)counts->missing_results);
	fields_integer(&fields, "tokens", (int64_t)tokens(passage));
	put_left_out(&fields, counts);
	put_report_words(&fields, "notes", &resuming->out.notes);
	put_report_words(&fields, "before", &resuming->out.before);
	put_report_words(&fields, "command", &resuming->out.command);
	fields_bool(&fields, "run", action_flag(resuming->call, "run"));
	rc = host_object(resuming->call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}
