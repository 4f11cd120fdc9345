#include "cmd/action/host.h"

#include <stdarg.h>
#include <stdio.h>

#include "refs/verify/verify.h"

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

int host_json(const struct host *host, struct span json, struct err *err)
{
	return host->object ? host->object(host->arg, json, err) : 0;
}

static int open_list(struct host_list *list, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (list->is_open)
		return 0;
	list->is_open = true;
	rc = jcs_fields_write(list->fields, &text, err);
	if (rc == 0)
		rc = list->host->list(list->host->arg, buf_span(&text),
				      list->name, err);
	buf_release(&text);
	return rc;
}

int host_list_item(struct host_list *list, struct span json, struct err *err)
{
	const struct host *host = list->host;
	int rc;

	if (host->list) {
		rc = open_list(list, err);
		return rc < 0 ? rc : host->item(host->arg, json, err);
	}
	buf_put_char(&list->items, list->items.len ? ',' : '[');
	buf_put_span(&list->items, json);
	return buf_end(&list->items, err);
}

int host_list_end(struct host_list *list, struct err *err)
{
	const struct host *host = list->host;
	int rc;

	if (!host->list) {
		buf_put_str(&list->items, list->items.len ? "]" : "[]");
		fields_buf(list->fields, list->name, &list->items);
		return host_object(host, list->fields, err);
	}
	rc = open_list(list, err);
	jcs_fields_reset(list->fields);
	return rc < 0 ? rc : host->list_end(host->arg, err);
}

void host_list_release(struct host_list *list)
{
	buf_release(&list->items);
}

int host_bytes(const struct host *host, struct span bytes, struct err *err)
{
	return host->bytes ? host->bytes(host->arg, bytes, err) : 0;
}

int host_flush(const struct host *host, struct err *err)
{
	return host->flush ? host->flush(host->arg, err) : 0;
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

void host_heard(const struct host *host, struct span bytes)
{
	if (host->heard && bytes.len)
		host->heard(host->arg, bytes);
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

int host_copy(const struct host *host, struct span text, struct buf *out_how,
	      struct err *err)
{
	if (!host->copy)
		return err_set(err, ERR_UNSUPPORTED, "there is no clipboard "
			       "here");
	return host->copy(host->arg, text, out_how, err);
}

int host_edit(const struct host *host, const char *name, const char *instead,
	      struct buf *text, struct err *err)
{
	if (!host->edit)
		return err_set(err, ERR_INVALID, "there is no editor here; %s",
			       instead);
	return host->edit(host->arg, name, instead, text, err);
}
