#define _DEFAULT_SOURCE	/* madvise */
#include "lib/os/memory.h"

#include <stdint.h>
#include <stdlib.h>	/* says whose library it is */
#include <sys/mman.h>

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

void memory_expect(size_t bytes)
{
/* A sanitizer's allocator has its own mind about what was freed. */
#if defined(__GLIBC__) && defined(MADV_HUGEPAGE) && \
	!defined(__SANITIZE_ADDRESS__)
	const uintptr_t large = (uintptr_t)2 << 20;	/* or so: a hint */
	static void *before;
	char *block = before ? NULL : malloc(bytes + large);
	uintptr_t start = ((uintptr_t)block + large - 1) & ~(large - 1);

	if (!block)
		return;
	(void)madvise((void *)start, bytes & ~(large - 1), MADV_HUGEPAGE);
	free(block);
	/* What lies before the first large page is never touched. */
	before = malloc(start - (uintptr_t)block);
#else
	(void)bytes;
#endif
}
