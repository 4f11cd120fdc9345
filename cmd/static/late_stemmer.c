/*
 * libstemmer's tables of words point to one another: in the program they would
 * be made good at each start, which is a fifth of "vvault version". So the
 * statically linked program leaves the library out (a defined symbol keeps an
 * archive's member out) and opens the shared one when words are first read.
 * Not part of libvvault and not linked into a program with shared libraries.
 */
#include <dlfcn.h>
#include <stddef.h>

#include <libstemmer.h>

#define LIBRARY "libstemmer.so.0d"

/* Global like the library in memory that it stands for; never closed. Words
 * are read by one thread. */
static struct {
	struct sb_stemmer *(*make)(const char *algorithm, const char *charenc);
	void (*free)(struct sb_stemmer *stemmer);
	const sb_symbol *(*stem)(struct sb_stemmer *stemmer,
				 const sb_symbol *word, int size);
	int (*length)(struct sb_stemmer *stemmer);
} late;

/* ISO C has no conversion from an object's address to a function's; POSIX has
 * dlsym() store it so. */
static void find(void *library, const char *name, void *out)
{
	*(void **)out = dlsym(library, name);
}

static void prepare(void)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return;
	find(library, "sb_stemmer_delete", &late.free);
	find(library, "sb_stemmer_stem", &late.stem);
	find(library, "sb_stemmer_length", &late.length);
	if (late.free && late.stem && late.length)
		find(library, "sb_stemmer_new", &late.make);
}

struct sb_stemmer *sb_stemmer_new(const char *algorithm, const char *charenc)
{
	if (!late.make)
		prepare();
	return late.make ? late.make(algorithm, charenc) : NULL;
}

void sb_stemmer_delete(struct sb_stemmer *stemmer)
{
	if (stemmer)
		late.free(stemmer);
}

const sb_symbol *sb_stemmer_stem(struct sb_stemmer *stemmer,
				 const sb_symbol *word, int size)
{
	return late.stem(stemmer, word, size);
}

int sb_stemmer_length(struct sb_stemmer *stemmer)
{
	return late.length(stemmer);
}
