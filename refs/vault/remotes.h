/*
 * The remotes that the configuration of a vault names.
 */
#ifndef VV_REFS_VAULT_REMOTES_H
#define VV_REFS_VAULT_REMOTES_H

#include "refs/vault/vault.h"

#define REMOTE_NAME_MAX 65

struct remote_info {
	char name[REMOTE_NAME_MAX];
	struct buf url;
};

struct remote_list {
	struct remote_info *at;
	size_t n;
	size_t cap;
};

#define REMOTE_LIST_INIT { NULL, 0, 0 }

/* Names as of constructs. */
MUST_USE int remote_name_check(const char *name, struct err *err);

/* By name. */
MUST_USE int remote_list(struct vault *vault, struct remote_list *out,
			 struct err *err);
/* Call each with the name of each, in order, until one fails. */
MUST_USE int remote_each(struct vault *vault,
			 int (*each)(void *arg, const char *name,
				     struct err *err),
			 void *arg, struct err *err);
void remote_list_release(struct remote_list *list);

/* Append the url of a remote, as configured. ERR_NOT_FOUND. */
MUST_USE int remote_url(struct vault *vault, const char *name,
			struct buf *out, struct err *err);
/* Write it, as remote.<name>.url; NULL takes the remote away. */
MUST_USE int remote_url_set(struct vault *vault, const char *name,
			    const char *url, struct err *err);

#endif
