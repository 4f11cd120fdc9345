/*
 * Debian has no archive of md4c, and a shared library that is loaded at each
 * start costs all commands what two of them need. So the statically linked
 * program opens it when Markdown is first read; without it md_parse() fails.
 * Not part of libvvault and not linked into a program with shared libraries.
 */
#include <dlfcn.h>
#include <stddef.h>

#include <md4c.h>

#define LIBRARY "libmd4c.so.0"

int md_parse(const MD_CHAR *text, MD_SIZE size, const MD_PARSER *parser,
	     void *userdata)
{
	/* As the library that it stands for: opened once, never closed. One
	 * thread reads Markdown. */
	static int (*late)(const MD_CHAR *text, MD_SIZE size,
			   const MD_PARSER *parser, void *userdata);
	void *library = late ? NULL : dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	/* ISO C has no conversion from an object's address to a function's;
	 * POSIX has dlsym() store it so. */
	if (library)
		*(void **)&late = dlsym(library, "md_parse");
	return late ? late(text, size, parser, userdata) : -1;
}
