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
	char *block = malloc(bytes);
	uintptr_t start = ((uintptr_t)block + large - 1) & ~(large - 1);
	uintptr_t end = ((uintptr_t)block + bytes) & ~(large - 1);

	if (block && end > start)
		(void)madvise((void *)start, end - start, MADV_HUGEPAGE);
	free(block);
#else
	(void)bytes;
#endif
}
