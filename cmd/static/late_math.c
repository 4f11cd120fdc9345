/*
 * SQLite's archive asks for the functions of libm, which SQL may call and none
 * of ours does: a shared library that is loaded at each start costs all
 * commands what no one needs. So the statically linked program opens it when
 * one of them is first called. Not part of libvvault and not linked into a
 * program with shared libraries.
 */
#include <dlfcn.h>
#include <math.h>
#include <stddef.h>

#define LIBRARY "libm.so.6"

/* ISO C has no conversion from an object's address to a function's; POSIX has
 * dlsym() store it so. */
static void *math_function(const char *name)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	return library ? dlsym(library, name) : NULL;
}

static double of_one(const char *name, double x)
{
	double (*late)(double x);

	*(void **)&late = math_function(name);
	return late ? late(x) : NAN;
}

static double of_two(const char *name, double x, double y)
{
	double (*late)(double x, double y);

	*(void **)&late = math_function(name);
	return late ? late(x, y) : NAN;
}

double acos(double x)
{
	return of_one("acos", x);
}

double acosh(double x)
{
	return of_one("acosh", x);
}

double asin(double x)
{
	return of_one("asin", x);
}

double asinh(double x)
{
	return of_one("asinh", x);
}

double atan(double x)
{
	return of_one("atan", x);
}

double atanh(double x)
{
	return of_one("atanh", x);
}

double cos(double x)
{
	return of_one("cos", x);
}

double cosh(double x)
{
	return of_one("cosh", x);
}

double exp(double x)
{
	return of_one("exp", x);
}

double log(double x)
{
	return of_one("log", x);
}

double sin(double x)
{
	return of_one("sin", x);
}

double sinh(double x)
{
	return of_one("sinh", x);
}

double sqrt(double x)
{
	return of_one("sqrt", x);
}

double tan(double x)
{
	return of_one("tan", x);
}

double tanh(double x)
{
	return of_one("tanh", x);
}

double trunc(double x)
{
	return of_one("trunc", x);
}

double atan2(double x, double y)
{
	return of_two("atan2", x, y);
}

double fmod(double x, double y)
{
	return of_two("fmod", x, y);
}

double pow(double x, double y)
{
	return of_two("pow", x, y);
}
