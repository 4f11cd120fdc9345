/*
 * Debian has no archive of libqrencode, and a shared library that is loaded at
 * each start costs all commands what one needs. So the statically linked
 * program opens it when a key is first put on paper; without it there is no QR
 * code on the page. Not part of libvvault and not linked into a program with
 * shared libraries.
 */
#include <dlfcn.h>
#include <stddef.h>

#include <qrencode.h>

#define LIBRARY "libqrencode.so.4"

/* ISO C has no conversion from an object's address to a function's; POSIX has
 * dlsym() store it so. */
static void *qr_function(const char *name)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	return library ? dlsym(library, name) : NULL;
}

QRcode *QRcode_encodeString(const char *string, int version,
			    QRecLevel level, QRencodeMode hint,
			    int casesensitive)
{
	QRcode *(*late)(const char *string, int version, QRecLevel level,
			QRencodeMode hint, int casesensitive);

	*(void **)&late = qr_function("QRcode_encodeString");
	return late ? late(string, version, level, hint, casesensitive) : NULL;
}

void QRcode_free(QRcode *qrcode)
{
	void (*late)(QRcode *qrcode);

	*(void **)&late = qr_function("QRcode_free");
	if (late)
		late(qrcode);
}
