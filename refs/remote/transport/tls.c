#include "refs/remote/transport/tls.h"

#include <unistd.h>

#include <git2.h>

int tls_certificates_load(const char *file, struct err *err)
{
	/* libgit2 has one error for "absent" and "nonsense": tell them apart. */
	if (access(file, R_OK) < 0)
		return err_errno(err, "cannot read certificates '%s'", file);
	if (git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, NULL) < 0)
		return err_set(err, ERR_INVALID, "no certificates in '%s'",
			       file);
	return 0;
}
