#include "refs/history/ref.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/base/array.h"
#include "refs/history/ref_scan.h"
#include "refs/key/key.h"

bool head_equals(const struct head *a, const struct head *b)
{
	return git_oid_equal(&a->id, &b->id) && !strcmp(a->device, b->device) &&
	       !strcmp(a->construct, b->construct);
}

int head_list_add(struct head_list *list, const struct head *head,
		  struct err *err)
{
	int rc = array_room(list, err);

	if (rc == 0)
		list->at[list->n++] = *head;
	return rc;
}

void head_list_release(struct head_list *list)
{
	free(list->at);
	*list = (struct head_list)HEAD_LIST_INIT;
}

static int head_compare(const void *a, const void *b)
{
	const struct head *one = a;
	const struct head *two = b;
	int order = strcmp(one->construct, two->construct);

	return order ? order : strcmp(one->device, two->device);
}

void head_list_sort(struct head_list *list)
{
	if (list->n > 1)
		qsort(list->at, list->n, sizeof(*list->at), head_compare);
}

const struct head *head_list_find(const struct head_list *list,
				  const struct head *head)
{
	return list->n ? bsearch(head, list->at, list->n, sizeof(*list->at),
				 head_compare) : NULL;
}

const struct head *head_find(const struct head_list *list,
			     const struct head *wanted)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (!strcmp(list->at[i].device, wanted->device) &&
		    !strcmp(list->at[i].construct, wanted->construct))
			return &list->at[i];
	}
	return NULL;
}

bool head_list_has_id(const struct head_list *list, const git_oid *id)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (git_oid_equal(&list->at[i].id, id))
			return true;
	return false;
}

int head_parse(const char *name, struct head *out, struct err *err)
{
	const char *slash = strchr(name, '/');
	unsigned char public[DID_KEY_BYTES];
	size_t len;
	int rc;

	if (!slash)
		return err_set(err, ERR_INVALID,
			       "not <construct>/<device>: '%s'", name);
	len = (size_t)(slash - name);
	rc = construct_name_check(span_of(name, len), err);
	if (rc < 0)
		return rc;
	if (!did_spelled(span_str(slash + 1), public))
		return err_set(err, ERR_INVALID, "not a device: '%s'",
			       slash + 1);
	memset(out, 0, sizeof(*out));
	memcpy(out->construct, name, len);
	memcpy(out->device, slash + 1, DID_SHORT);
	return 0;
}

static int prefix_check(const char *prefix, struct err *err)
{
	size_t len = strlen(prefix);

	if (len > 128 || strncmp(prefix, "refs/", 5) ||
	    prefix[len - 1] != '/' || strpbrk(prefix, "*?[\\"))
		return err_set(err, ERR_INVALID,
			       "not a folder of refs: '%s'", prefix);
	return 0;
}

int heads_list(struct store *store, const char *prefix, const char *construct,
	       struct head_list *out, size_t *out_strays, struct err *err)
{
	struct head_list list = HEAD_LIST_INIT;
	struct head_list damaged = HEAD_LIST_INIT;
	const struct refs_found found = { &list, construct ? NULL : &damaged };
	size_t strays = 0;
	int rc = prefix_check(prefix, err);

	if (rc == 0 && construct)
		rc = construct_name_check(span_str(construct), err);
	if (rc == 0)
		rc = refs_scan(store, prefix, construct, &found, &strays, err);
	head_list_release(&damaged);
	if (rc < 0) {
		head_list_release(&list);
		return rc;
	}
	head_list_release(out);
	*out = list;
	if (out_strays)
		*out_strays = strays;
	return 0;
}

int refs_damaged(struct store *store, const char *prefix, struct head_list *out,
		 struct err *err)
{
	struct head_list list = HEAD_LIST_INIT;
	const struct refs_found found = { &list, out };
	size_t strays;
	int rc = refs_scan(store, prefix, NULL, &found, &strays, err);

	head_list_release(&list);
	return rc;
}

int head_ref_name(const char *prefix, const char *construct,
		  const char *device, char out[REF_NAME_MAX], struct err *err)
{
	unsigned char public[DID_KEY_BYTES];
	int rc = prefix_check(prefix, err);

	if (rc == 0)
		rc = construct_name_check(span_str(construct), err);
	if (rc < 0)
		return rc;
	if (!did_spelled(span_str(device), public))
		return err_set(err, ERR_INVALID, "not a device: '%s'", device);
	snprintf(out, REF_NAME_MAX, "%s%s/%s", prefix, construct, device);
	return 0;
}
