#include "cmd/import/kimi/kimi.h"

#include "cmd/import/kimi/kimi_internal.h"
#include "cmd/import/sniff.h"

static bool is_bookkeeping(struct span line)
{
	return sniff_has(line, "role") &&
	       (sniff_mentions(line, "\"_checkpoint\"") ||
		sniff_mentions(line, "\"_system_prompt\"") ||
		sniff_mentions(line, "\"_usage\""));
}

static bool is_event(struct span line)
{
	return sniff_has(line, "type") &&
	       (sniff_mentions(line, "\"context.append_message\"") ||
		sniff_mentions(line, "\"context.append_loop_event\"") ||
		(sniff_mentions(line, "\"config.update\"") &&
		 sniff_has(line, "modelAlias")));
}

static bool kimi_sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	return !input->is_folder && !input->bundle &&
	       (sniff_any_line(head, is_bookkeeping) ||
		sniff_any_line(head, is_event));
}

static int kimi_read(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	return sniff_any_line(buf_span(&source->input.head), is_event) ?
		kimi_read_code(job, source, err) :
		kimi_read_context(job, source, err);
}

const struct importer kimi_importer = {
	.name = KIMI,
	.one = "session of Kimi",
	.many = "sessions of Kimi",
	.construct = KIMI,
	.sniff = kimi_sniff,
	.home = &kimi_home,
	.place = kimi_place,
	.beside = kimi_beside,
	.read = kimi_read,
	.is_of_agents = true,
};
