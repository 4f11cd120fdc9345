#include "lib/os/memory.h"

#include <stdlib.h>	/* says whose library it is */

#ifdef __GLIBC__
#include <malloc.h>
#endif

void memory_keep(void)
{
#ifdef __GLIBC__
	/* As large as glibc lets the first grow by itself, and twice that. */
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
	mallopt(M_TRIM_THRESHOLD, 64 << 20);
	mallopt(M_TOP_PAD, 1 << 20);
#endif
}
