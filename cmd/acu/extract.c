#include "cmd/acu/acu.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/action/result.h"

/* A run over the sessions of a construct. */
struct extraction {
	const struct acu_job *job;
	struct acu_talk talk;
	struct acu_list list;
	struct writer *writer;
	uint64_t messages;	/* live ones */
	uint64_t taken;
	uint64_t records_new;
	uint64_t records_known;
	uint64_t skipped;	/* units of messages with too long an id */
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
	if (rc == 0)
		rc = acu_unit_data(&run->talk, choice, &data, &too_long);
	if (rc == 0) {
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
	for (; rc == 0 && choice.unit < list->units_n; choice.unit++) {
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
	if (rc == 0)
		rc = run->job->extractor->run(talk->messages, talk->messages_n,
					      &run->list, err);
	if (rc == 0)
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
	struct host_progress progress = { .what = "messages" };
	struct extraction *run = arg;
	int rc = 0;

	if (!message->state.at)
		return 0;
	progress.done = run->messages++;
	host_progress(run->job->host, &progress);
	if (!acu_talk_holds(&run->talk, message->entity))
		rc = flush_talk(run, err);
	return rc < 0 ? rc : acu_talk_add(&run->talk, message, err);
}

static int commit(struct extraction *run, struct write_result *out,
		  struct err *err)
{
	char subject[64];

	snprintf(subject, sizeof(subject), "acu: %llu by %s",
		 (unsigned long long)run->records_new,
		 run->job->extractor->name);
	return run->job->is_dry ? 0 :
	       writer_commit(run->writer, subject, out, err);
}

static int extract_emit(const struct extraction *run,
			const struct write_result *write, struct err *err)
{
	struct jcs_fields messages = JCS_FIELDS_INIT;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_integer(&messages, "read", (int64_t)run->messages);
	fields_integer(&messages, "taken", (int64_t)run->taken);
	fields_object(&fields, "messages", &messages);
	result_records(&fields, run->records_known, run->records_new);
	fields_str(&fields, "construct", run->job->construct);
	fields_str(&fields, "extractor", run->job->extractor->name);
	fields_integer(&fields, "skipped", (int64_t)run->skipped);
	result_id(&fields, "version",
		  write->has_version ? &write->version : NULL);
	rc = host_object(run->job->host, &fields, err);
	jcs_fields_release(&messages);
	jcs_fields_release(&fields);
	return rc;
}

int acu_extract(const struct acu_job *job, struct write_result *out,
		struct err *err)
{
	struct extraction run = { .job = job };
	const struct view_visitor visitor = { take_message, &run };
	int rc;

	*out = (struct write_result){ .has_version = false };
	run.talk.job = job;
	run.talk.bytes = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	run.talk.last = ACU_NO_MESSAGE;
	rc = writer_new(job->vault, job->construct, 0, &run.writer, err);
	if (rc == 0)
		rc = view_open(job->vault, job->construct, &run.talk.view,
			       err);
	if (rc == 0)
		rc = view_each(run.talk.view, kind_find(span_str("message")),
			       false, &visitor, err);
	if (rc == 0)
		rc = flush_talk(&run, err);
	host_progress_end(job->host);
	if (rc == 0)
		rc = commit(&run, out, err);
	if (rc == 0)
		rc = extract_emit(&run, out, err);
	writer_free(run.writer);
	view_free(run.talk.view);
	acu_talk_release(&run.talk);
	acu_list_release(&run.list);
	return rc;
}
