#include "refs/remote/transport/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"

const char *ref_result_word(enum ref_result result)
{
	static const char *const words[] = {
		[REF_NEW] = "new",
		[REF_FORWARD] = "forward",
		[REF_SAME] = "same",
		[REF_HELD] = "held",
		[REF_REFUSED] = "refused",
		[REF_BACK] = "back",
		[REF_REJECTED] = "rejected",
	};

	return words[result];
}

int report_add(struct sync_report *report, const struct head *head,
	       enum ref_result result, struct ref_report **out,
	       struct err *err)
{
	int rc = array_room(report, err);

	if (rc < 0)
		return rc;
	report->at[report->n++] = (struct ref_report){
		.head = *head, .result = result,
	};
	if (out)
		*out = &report->at[report->n - 1];
	return 0;
}

void report_reason(struct ref_report *report, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(report->reason, sizeof(report->reason), fmt, args);
	va_end(args);
}

void sync_report_release(struct sync_report *report)
{
	free(report->at);
	problem_list_release(&report->problems);
	memset(report, 0, sizeof(*report));
}

