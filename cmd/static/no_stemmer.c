/*
 * Of libstemmer's archive the program has the languages of words.c alone:
 * tables of words point to one another and are made good at each start, those
 * of all languages in a fifth of "vvault version". Opening the shared library
 * when words are first read would be a tenth of a recall. link.sh ties the
 * entries of the others to this. Not part of libvvault and not linked into a
 * program with shared libraries.
 */
struct SN_env;
struct SN_env *no_stemmer(void);

/* What makes a stemmer, and cannot; it is never asked for more. */
struct SN_env *no_stemmer(void)
{
	return 0;
}
