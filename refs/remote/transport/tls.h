/*
 * Which certificate authorities an https remote may be vouched for by.
 */
#ifndef VV_REFS_REMOTE_TRANSPORT_TLS_H
#define VV_REFS_REMOTE_TRANSPORT_TLS_H

#include "lib/base/err.h"

/*
 * Trust the authorities of this PEM file instead of the system's, for every
 * https connection of this process from now on; what http.sslCAInfo says
 * goes here. Without this call the system's are loaded at the first https
 * connection. libgit2 must have been started.
 *
 * Returns 0, ERR_NOT_FOUND or ERR_DENIED (the file cannot be read) or
 * ERR_INVALID (no certificates in it).
 */
MUST_USE int tls_certificates_load(const char *file, struct err *err);

#endif
