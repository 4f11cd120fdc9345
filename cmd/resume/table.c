#include "cmd/resume/writer.h"

const struct resume_writer *const resume_writers[] = {
	NULL
};
