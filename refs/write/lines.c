#include "refs/write/write.h"

#include "objects/record/segment.h"

int writer_add_lines(struct writer *writer, struct span lines, struct err *err)
{
	struct span line;
	size_t pos = 0;
	int rc = 0;

	while (rc == 0 && segment_next(lines, &pos, &line))
		rc = writer_add(writer, line, NULL, NULL, err);
	return rc;
}
