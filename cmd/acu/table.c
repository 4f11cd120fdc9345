#include "cmd/acu/extractor.h"

#include <string.h>

const struct acu_extractor *const acu_extractor_table[] = {
	&acu_vvault,
	&acu_vivim_generator,
	&acu_vivim_processor,
	NULL,
};

const struct acu_extractor *acu_extractor_find(const char *name)
{
	const struct acu_extractor *const *at;

	for (at = acu_extractor_table; *at; at++) {
		if (!strcmp((*at)->name, name))
			return *at;
	}
	return NULL;
}
