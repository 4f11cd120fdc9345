#include "refs/ref.h"

#include <stdio.h>
#include <stdlib.h>

#include "refs/refs_internal.h"

int head_list_add(struct head_list *list, const struct head *head,
		  struct err *err)
{
	struct head *grown;
	size_t cap;

	if (list->n == list->cap) {
		cap = list->cap ? list->cap * 2 : 16;
		grown = realloc(list->at, cap * sizeof(*grown));
		if (!grown)
			return err_set(err, ERR_NOMEM, "out of memory");
		list->at = grown;
		list->cap = cap;
	}
	list->at[list->n++] = *head;
	return 0;
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
	if (!device_from_short(span_str(slash + 1), public))
		return err_set(err, ERR_INVALID, "not a device: '%s'",
			       slash + 1);
	memset(out, 0, sizeof(*out));
	memcpy(out->construct, name, len);
	memcpy(out->device, slash + 1, DID_SHORT);
	return 0;
}

/* One ref: into the list, or counted as a stray. */
static int head_collect(const git_reference *ref, size_t prefix_len,
			const char *construct, struct head_list *out,
			size_t *strays, struct err *err)
{
	const char *name = git_reference_name(ref) + prefix_len;
	struct head head;

	/* A symbolic ref would let one device's head speak for another's. */
	if (git_reference_type(ref) != GIT_REFERENCE_DIRECT ||
	    head_parse(name, &head, NULL) < 0) {
		(*strays)++;
		return 0;
	}
	if (construct && strcmp(head.construct, construct))
		return 0;
	head.id = *git_reference_target(ref);
	return head_list_add(out, &head, err);
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

static int iterate(git_repository *repo, const char *prefix,
		   const char *construct, struct head_list *out,
		   size_t *strays, struct err *err)
{
	git_reference_iterator *refs = NULL;
	git_reference *ref;
	char glob[REF_NAME_MAX];
	int step = 0;
	int rc = 0;

	snprintf(glob, sizeof(glob), "%s%s%s*", prefix,
		 construct ? construct : "", construct ? "/" : "");
	step = git_reference_iterator_glob_new(&refs, repo, glob);
	while (step == 0 && rc == 0) {
		step = git_reference_next(&ref, refs);
		if (step < 0)
			break;
		rc = head_collect(ref, strlen(prefix), construct, out, strays,
				  err);
		git_reference_free(ref);
	}
	if (rc == 0 && step != 0 && step != GIT_ITEROVER)
		rc = repo_failed(err, step, "cannot list '%s'", prefix);
	git_reference_iterator_free(refs);
	return rc;
}

int heads_list(git_repository *repo, const char *prefix,
	       const char *construct, struct head_list *out,
	       size_t *out_strays, struct err *err)
{
	struct head_list list = HEAD_LIST_INIT;
	size_t strays = 0;
	int rc;

	rc = prefix_check(prefix, err);
	if (rc == 0 && construct)
		rc = construct_name_check(span_str(construct), err);
	if (rc == 0)
		rc = refs_check(repo, prefix, construct, err);
	if (rc == 0)
		rc = iterate(repo, prefix, construct, &list, &strays, err);
	if (rc < 0) {
		head_list_release(&list);
		return rc;
	}
	head_list_sort(&list);
	head_list_release(out);
	*out = list;
	if (out_strays)
		*out_strays = strays;
	return 0;
}

int head_ref_name(const char *prefix, const char *construct,
		  const char *device, char out[REF_NAME_MAX], struct err *err)
{
	unsigned char public[DID_KEY_BYTES];
	int rc;

	rc = prefix_check(prefix, err);
	if (rc == 0)
		rc = construct_name_check(span_str(construct), err);
	if (rc < 0)
		return rc;
	if (!device_from_short(span_str(device), public))
		return err_set(err, ERR_INVALID, "not a device: '%s'", device);
	snprintf(out, REF_NAME_MAX, "%s%s/%s", prefix, construct, device);
	return 0;
}
