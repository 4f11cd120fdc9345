/*
 * How the allocator deals with the system.
 */
#ifndef VV_LIB_OS_MEMORY_H
#define VV_LIB_OS_MEMORY_H

#include <stddef.h>

/*
 * Keep what is freed for what comes. glibc gives each large block pages of its
 * own, and gives them back, until the first one is freed; from then on it keeps
 * blocks up to 32 MiB, whose pages the next one finds in place. A program that
 * is soon over has that from its start by this. Other libraries do as they do.
 */
void memory_keep(void);

/*
 * So much will be asked for soon, in many small pieces. The system is told to
 * give it in large pages where it can: each first touch of a page is a fault,
 * which a virtual machine may take 10 us for. Nothing is taken now. It helps
 * where memory_keep() was called: else glibc gives the block back with it. The
 * first call counts.
 */
void memory_expect(size_t bytes);

#endif
