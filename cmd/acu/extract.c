#include "cmd/acu/acu.h"

#include <stdlib.h>

#include "cmd/action/hook.h"
#include "cmd/cli/out.h"
#include "cmd/cli/progress.h"
#include "cmd/cli/result_old.h"

/* A run over the sessions of a construct. */
struct extraction {
	struct acu_job *job;
	struct acu_talk talk;
	struct acu_list list;
	struct writer *writer;
	uint64_t messages;	/* live ones */
	uint64_t taken;
	uint64_t records_new;
	uint64_t records_known;
	uint64_t skipped;	/* units of messages with too long an id */
	struct write_result result;
};

static int order_links(const void *a, const void *b)
{
	const struct acu_link *x = a;
	const struct acu_link *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return strcmp(x->relation, y->relation);
}

static int write_record(struct extraction *run, size_t message,
			struct span entity, struct span data, struct err *err)
{
	struct record_parts parts = {
		.type = "acu:create",
		.entity = entity,
		.at = run->talk.taken[message]->at,
		.data = data,
	};
	bool is_new;
	int rc;

	rc = writer_add_parts(run->writer, &parts, NULL, &is_new, err);
	if (rc < 0)
		return rc;
	run->records_new += is_new;
	run->records_known += !is_new;
	return 0;
}

static int write_unit(struct extraction *run, const struct acu_choice *choice,
		      struct err *err)
{
	const struct acu_unit *unit = &run->list.units[choice->unit];
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct err too_long = ERR_INIT;
	int rc;

	rc = acu_unit_entity(&run->talk, unit, &entity, &too_long);
	if (rc >= 0)
		rc = acu_unit_data(&run->talk, choice, &data, &too_long);
	if (rc >= 0) {
		rc = write_record(run, unit->message, buf_span(&entity),
				  buf_span(&data), err);
	} else if (rc == ERR_LIMIT) {
		run->skipped++;
		rc = 0;
	} else {
		*err = too_long;
	}
	buf_release(&entity);
	buf_release(&data);
	return rc;
}

static int write_units(struct extraction *run, struct err *err)
{
	const struct acu_list *list = &run->list;
	struct acu_choice choice = { .list = list };
	size_t next = 0;
	int rc = 0;

	if (list->links_n)
		qsort(list->links, list->links_n, sizeof(*list->links),
		      order_links);
	for (; rc >= 0 && choice.unit < list->units_n; choice.unit++) {
		choice.links = next;
		while (next < list->links_n &&
		       list->links[next].from == choice.unit)
			next++;
		choice.links_n = next - choice.links;
		rc = write_unit(run, &choice, err);
	}
	return rc;
}

/* All messages of one session have come. */
static int flush_talk(struct extraction *run, struct err *err)
{
	struct acu_talk *talk = &run->talk;
	int rc;

	if (!talk->n)
		return 0;
	rc = acu_talk_arrange(talk, err);
	if (rc >= 0)
		rc = run->job->extractor->run(talk->messages, talk->messages_n,
					      &run->list, err);
	if (rc >= 0)
		rc = write_units(run, err);
	run->taken += talk->messages_n;
	acu_list_reset(&run->list);
	acu_talk_reset(talk);
	return rc;
}

/* A view gives the messages of a session one after the other. */
static int take_message(void *arg, const struct view_entity *message,
			struct err *err)
{
	struct extraction *run = arg;
	int rc = 0;

	if (!message->state.at)
		return 0;
	progress_show(run->job->session, "messages", run->messages++, 0);
	if (!acu_talk_holds(&run->talk, message->entity))
		rc = flush_talk(run, err);
	return rc < 0 ? rc : acu_talk_add(&run->talk, message, err);
}

static int commit(struct extraction *run, struct err *err)
{
	struct buf subject = BUF_INIT(256);
	int rc;

	if (run->job->is_dry)
		return 0;
	rc = buf_printf(&subject, err, "acu: %llu by %s",
			(unsigned long long)run->records_new,
			run->job->extractor->name);
	if (rc >= 0)
		rc = writer_commit(run->writer, buf_text(&subject),
				   &run->result, err);
	buf_release(&subject);
	return rc;
}

static void print_words(const struct extraction *run)
{
	out_printf("%s: %llu messages, %llu new ACUs, %llu known\n",
		   run->job->construct, (unsigned long long)run->taken,
		   (unsigned long long)run->records_new,
		   (unsigned long long)run->records_known);
	if (run->skipped)
		out_note("%llu ACUs left out: the ids of their messages are "
			 "too long", (unsigned long long)run->skipped);
}

static int print_json(const struct extraction *run, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(256);
	int rc;

	rc = buf_printf(&text, err, "{\"known\":%llu,\"new\":%llu}",
			(unsigned long long)run->records_known,
			(unsigned long long)run->records_new);
	if (rc >= 0)
		rc = jcs_fields_raw(&fields, "records", buf_span(&text), err);
	buf_reset(&text);
	if (rc >= 0)
		rc = buf_printf(&text, err, "{\"read\":%llu,\"taken\":%llu}",
				(unsigned long long)run->messages,
				(unsigned long long)run->taken);
	if (rc >= 0)
		rc = jcs_fields_raw(&fields, "messages", buf_span(&text), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "construct",
				     span_str(run->job->construct), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "extractor",
				     span_str(run->job->extractor->name), err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "skipped",
					(int64_t)run->skipped, err);
	if (rc >= 0)
		rc = old_result_id(&fields, "version", run->result.has_version ?
			       &run->result.version : NULL, err);
	if (rc >= 0)
		rc = out_json(run->job->session, &fields);
	jcs_fields_release(&fields);
	buf_release(&text);
	return rc;
}

int acu_extract(struct acu_job *job)
{
	struct err *err = &job->session->err;
	struct extraction run = { .job = job };
	const struct view_visitor visitor = { take_message, &run };
	int rc;

	run.talk.job = job;
	run.talk.bytes = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	run.talk.last = ACU_NO_MESSAGE;
	rc = writer_new(job->vault, job->construct, 0, &run.writer, err);
	if (rc >= 0)
		rc = view_open(job->vault, job->construct, &run.talk.view,
			       err);
	if (rc >= 0)
		rc = view_each(run.talk.view, kind_find(span_str("message")),
			       false, &visitor, err);
	if (rc >= 0)
		rc = flush_talk(&run, err);
	progress_end(job->session);
	if (rc >= 0)
		rc = commit(&run, err);
	if (rc >= 0 && job->session->is_json)
		rc = print_json(&run, err);
	else if (rc >= 0)
		print_words(&run);
	if (rc >= 0 && run.result.has_version)
		rc = hook_after_write(&job->session->call, "post-commit",
				      job->construct, &run.result,
				      &job->session->err);
	writer_free(run.writer);
	view_free(run.talk.view);
	acu_talk_release(&run.talk);
	acu_list_release(&run.list);
	return rc;
}
