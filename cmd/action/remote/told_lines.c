#include "cmd/action/remote/told_lines.h"

#include <stdlib.h>
#include <string.h>

int told_line_order(const void *a, const void *b)
{
	return strcmp(((const struct told_line *)a)->construct,
		      ((const struct told_line *)b)->construct);
}

static int ref_by_name(const void *a, const void *b)
{
	const struct ref_report *one = *(const struct ref_report *const *)a;
	const struct ref_report *two = *(const struct ref_report *const *)b;
	int order = strcmp(one->head.construct, two->head.construct);

	return order ? order : strcmp(one->head.device, two->head.device);
}

static int head_by_name(const void *key, const void *element)
{
	const struct head *head = key;
	const struct ref_report *ref =
		*(const struct ref_report *const *)element;
	int order = strcmp(head->construct, ref->head.construct);

	return order ? order : strcmp(head->device, ref->head.device);
}

/*
 * What came builds on all that is here, named by the remote or not. What
 * is sent builds on what the remote has: the report names all of that.
 */
int told_lines_make(const struct sync_report *report,
		    const struct head_list *heads, struct told_lines *out,
		    struct err *err)
{
	const struct ref_report **refs = calloc(report->n + 1, sizeof(*refs));
	size_t i;

	out->at = calloc(report->n + heads->n + 1, sizeof(*out->at));
	if (!refs || !out->at) {
		free(refs);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	for (i = 0; i < report->n; i++) {
		refs[i] = &report->at[i];
		out->at[out->n++] = (struct told_line){
			report->at[i].head.construct, &report->at[i], NULL
		};
	}
	qsort(refs, report->n, sizeof(*refs), ref_by_name);
	for (i = 0; i < heads->n; i++) {
		if (!bsearch(&heads->at[i], refs, report->n, sizeof(*refs),
			     head_by_name))
			out->at[out->n++] = (struct told_line){
				heads->at[i].construct, NULL, &heads->at[i].id
			};
	}
	qsort(out->at, out->n, sizeof(*out->at), told_line_order);
	free(refs);
	return 0;
}
