/*
 * libgit2 prepares TLS when it starts: it parses every authority of the
 * system, four times as long as all of "vvault version". In the statically
 * linked program the linker's --wrap leads these four calls here (see
 * tests/house/link.sh), so that TLS is prepared before the first https
 * connection and never for work on this machine. Not part of libvvault and
 * not linked into a program with a shared libgit2, where the original runs.
 */
#include <stdbool.h>

struct git_stream;

/* The linker's names for what was wrapped; prototypes as in libgit2 1.5. */
int __real_git_mbedtls_stream_global_init(void);
int __real_git_mbedtls_stream_new(struct git_stream **out, const char *host,
				  const char *port);
int __real_git_mbedtls_stream_wrap(struct git_stream **out,
				   struct git_stream *in, const char *host);
int __real_git_mbedtls__set_cert_location(const char *file, const char *path);

int late_tls_stream_global_init(void);
int late_tls_stream_new(struct git_stream **out, const char *host,
			const char *port);
int late_tls_stream_wrap(struct git_stream **out, struct git_stream *in,
			 const char *host);
int late_tls_set_cert_location(const char *file, const char *path);

/*
 * Global like the state in libgit2 that it stands for: true from the first
 * connection until libgit2 is started anew. Only the thread that talks to a
 * remote comes here.
 */
static bool is_prepared;

static int prepare(void)
{
	int rc = 0;

	if (!is_prepared)
		rc = __real_git_mbedtls_stream_global_init();
	is_prepared = rc == 0;
	return rc;
}

int late_tls_stream_global_init(void)
{
	is_prepared = false;
	return 0;
}

int late_tls_stream_new(struct git_stream **out, const char *host,
			const char *port)
{
	int rc = prepare();

	return rc ? rc : __real_git_mbedtls_stream_new(out, host, port);
}

int late_tls_stream_wrap(struct git_stream **out, struct git_stream *in,
			 const char *host)
{
	int rc = prepare();

	return rc ? rc : __real_git_mbedtls_stream_wrap(out, in, host);
}

int late_tls_set_cert_location(const char *file, const char *path)
{
	int rc = prepare();

	return rc ? rc : __real_git_mbedtls__set_cert_location(file, path);
}
