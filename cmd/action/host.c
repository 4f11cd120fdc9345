#include "cmd/action/host.h"

#include <stdarg.h>
#include <stdio.h>

int host_object(const struct host *host, struct jcs_fields *fields,
		struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc = jcs_fields_write(fields, &text, err);

	if (rc == 0 && host->object)
		rc = host->object(host->arg, buf_span(&text), err);
	jcs_fields_reset(fields);
	buf_release(&text);
	return rc;
}

int host_bytes(const struct host *host, struct span bytes, struct err *err)
{
	return host->bytes ? host->bytes(host->arg, bytes, err) : 0;
}

void host_note(const struct host *host, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (host->note)
		host->note(host->arg, span_str(text));
}

void host_problem(const struct host *host, const struct problem *problem)
{
	if (host->problem)
		host->problem(host->arg, problem);
}

void host_problems(const struct host *host,
		   const struct problem_list *problems)
{
	size_t i;

	for (i = 0; i < problems->n; i++)
		host_problem(host, &problems->at[i]);
}

void host_progress(const struct host *host,
		   const struct host_progress *progress)
{
	if (host->progress)
		host->progress(host->arg, progress);
}

void host_progress_end(const struct host *host)
{
	if (host->progress_end)
		host->progress_end(host->arg);
}

bool host_can_ask(const struct host *host)
{
	return host->confirm != NULL;
}

bool host_confirm(const struct host *host, struct span question)
{
	return host->confirm && host->confirm(host->arg, question);
}
