#include "lib/base/arena.h"

#include <stdint.h>
#include <stdlib.h>

#define CHUNK_FIRST ((size_t)4096)
#define CHUNK_MAX ((size_t)1 << 20)

struct arena_chunk {
	struct arena_chunk *next;
	_Alignas(uint64_t) char bytes[];
};

static int arena_grow(struct arena *arena, size_t len)
{
	size_t size = arena->next ? arena->next : CHUNK_FIRST;
	struct arena_chunk *chunk;

	arena->next = size < CHUNK_MAX ? size * 2 : CHUNK_MAX;
	if (size < len)
		size = len;
	chunk = malloc(sizeof(*chunk) + size);
	if (!chunk)
		return -1;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	arena->at = chunk->bytes;
	arena->left = size;
	return 0;
}

void *arena_alloc(struct arena *arena, size_t len)
{
	size_t align = _Alignof(uint64_t);
	void *memory;

	if (len > SIZE_MAX / 2)
		return NULL;
	len = (len + align - 1) / align * align;
	if ((!arena->chunks || arena->left < len) && arena_grow(arena, len) < 0)
		return NULL;
	memory = arena->at;
	arena->at += len;
	arena->left -= len;
	return memory;
}

int arena_keep(struct arena *arena, struct span text, struct span *out,
	       struct err *err)
{
	char *copy = arena_alloc(arena, text.len + 1);

	if (!copy)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (text.len)
		memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	*out = span_of(copy, text.len);
	return 0;
}

void arena_release(struct arena *arena)
{
	struct arena_chunk *chunk;

	while ((chunk = arena->chunks)) {
		arena->chunks = chunk->next;
		free(chunk);
	}
	arena->at = NULL;
	arena->left = 0;
	arena->next = 0;
}
