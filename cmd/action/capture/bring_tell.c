#include "cmd/action/capture/bring_internal.h"

#include <string.h>

#include "cmd/action/result.h"
#include "cmd/import/input/stamp.h"
#include "lib/base/array.h"
#include "lib/os/file.h"

static struct bring_sum *sum_of(const struct bring_sums *sums,
				const struct agent *agent)
{
	size_t i;

	for (i = 0; i < sums->n; i++) {
		if (sums->at[i].agent == agent)
			return &sums->at[i];
	}
	return NULL;
}

static int make_sums(const struct finds *finds, struct bring_sums *out,
		     struct err *err)
{
	struct bring_sum sum = { .agent = NULL };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < finds->roots.n; i++) {
		sum.agent = finds->roots.at[i].agent;
		if (sum_of(out, sum.agent))
			continue;
		rc = array_room(out, err);
		if (rc == 0)
			out->at[out->n++] = sum;
	}
	return rc;
}

/* A file is a source, or several where it is an archive. */
static bool is_of(const struct import_source *source, const char *path)
{
	size_t len = strlen(path);

	return !strncmp(source->input.path, path, len) &&
	       (!source->input.path[len] || source->input.path[len] == '!');
}

/* What a program writes to is read again, if it is still there; an empty file says nothing yet. */
static bool is_unread(struct import_source *source)
{
	if (source->is_refused || source->malformed.n)
		return !source->is_live || stamp_is_still(source) ||
		       !file_exists(source->input.path);
	return !source->format && source->input.size;
}

/* One that was read anew may have nothing to say. */
static bool is_nothing_new(const struct import_source *source)
{
	return source->is_unchanged ||
	       (source->known && source->known == source->imported);
}

static void count(const struct find_file *file,
		  struct import_source *source, struct bring_sum *sum)
{
	sum->messages += source->messages;
	sum->unread += is_unread(source);
	if (!source->format)
		return;
	if (file->is_part)
		sum->parts += !is_nothing_new(source);
	else if (is_nothing_new(source))
		sum->unchanged++;
	else if (source->was_read || source->known)
		sum->grown++;
	else
		sum->fresh++;
}

/* Why something of it was not read: the first reason. */
static int put_unread(struct buf *list, const struct import_source *source)
{
	const struct import_skips *skips = source->malformed.n ?
					   &source->malformed : &source->skips;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	result_outside(&fields, "path", source->input.path);
	if (skips->n) {
		result_outside(&fields, "at", skips->at->at);
		result_outside(&fields, "reason", skips->at->reason);
	}
	fields_integer(&fields, "count", (int64_t)(source->malformed.n ?
		       source->malformed.n : 1));
	buf_put_str(list, list->len > 1 ? "," : "");
	rc = jcs_fields_write(&fields, list, NULL);
	jcs_fields_release(&fields);
	return rc;
}

static int tell_agent(struct action_call *call, const struct bring_sum *sum,
		      const struct buf *unread, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields sessions = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "agent", sum->agent->name);
	fields_str(&fields, "title", sum->agent->title);
	fields_integer(&sessions, "new", (int64_t)sum->fresh);
	fields_integer(&sessions, "grown", (int64_t)sum->grown);
	fields_integer(&sessions, "unchanged", (int64_t)sum->unchanged);
	fields_object(&fields, "sessions", &sessions);
	fields_integer(&fields, "parts", (int64_t)sum->parts);
	fields_integer(&fields, "messages", (int64_t)sum->messages);
	fields_buf(&fields, "unread", unread);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	jcs_fields_release(&sessions);
	return rc;
}

/* The sources stand in the order of the files that they are. */
static int sum_up(const struct bringing *bringing, struct bring_sum *sum,
		  struct buf *unread)
{
	const struct import_job *job = &bringing->job;
	struct import_source *source;
	size_t file = 0;
	size_t i;

	for (i = 0; i < job->sources_n; i++) {
		source = &job->sources[i];
		while (file < bringing->n &&
		       !is_of(source, bringing->paths[file]))
			file++;
		if (file == bringing->n)
			break;
		if (bringing->files[file]->agent != sum->agent)
			continue;
		count(bringing->files[file], source, sum);
		if (is_unread(source))
			buf_fail(unread, put_unread(unread, source));
	}
	buf_put_char(unread, ']');
	return buf_end(unread, NULL);
}

static int tell_construct(struct action_call *call,
			  const struct import_result *result, struct err *err)
{
	const struct write_result *write = &result->write;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	result_construct_id(&fields, call->vault, result->construct);
	result_id(&fields, "version", write->has_version ? &write->version :
		  NULL);
	result_records(&fields, write->records_known, write->records_new);
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

int bring_tell(struct action_call *call, const struct bringing *bringing,
	       const struct finds *finds, struct bring_sums *out,
	       struct err *err)
{
	const struct import_results *results = &bringing->results;
	struct buf unread = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = make_sums(finds, out, err);

	for (i = 0; rc == 0 && i < out->n; i++) {
		buf_reset(&unread);
		buf_put_char(&unread, '[');
		rc = sum_up(bringing, &out->at[i], &unread);
		if (rc == 0)
			rc = tell_agent(call, &out->at[i], &unread, err);
	}
	for (i = 0; rc == 0 && i < results->n; i++) {
		out->records += results->at[i].write.records_new;
		out->versions += results->at[i].write.has_version;
		rc = tell_construct(call, &results->at[i], err);
	}
	buf_release(&unread);
	return rc;
}
