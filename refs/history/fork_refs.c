#include "refs/history/fork_refs.h"

#include <stdio.h>
#include <string.h>

#include "lib/id/encode.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/history/packed_under.h"
#include "refs/history/repo.h"

#define PREFIX "refs/forks/"

static int name_of(const char *prefix, const struct head *head,
		   char out[REF_NAME_MAX], struct err *err)
{
	char folder[REF_NAME_MAX];
	char hex[GIT_OID_HEXSZ + 1];

	hex_text(head->id.id, GIT_OID_RAWSZ, hex);
	snprintf(folder, sizeof(folder), "%s%s/", prefix, hex);
	return head_ref_name(folder, head->construct, head->device, out, err);
}

/* Only where the name and what it points to say the same. */
static bool fork_refs_parse(const git_reference *ref, const char *prefix,
			    const char *construct, struct head *out)
{
	const char *name = git_reference_name(ref) + strlen(prefix);
	git_oid named;

	if (git_reference_type(ref) != GIT_REFERENCE_DIRECT ||
	    strlen(name) <= GIT_OID_HEXSZ || name[GIT_OID_HEXSZ] != '/' ||
	    !hex_decode(span_of(name, GIT_OID_HEXSZ), named.id,
			GIT_OID_RAWSZ) ||
	    head_parse(name + GIT_OID_HEXSZ + 1, out, NULL) < 0)
		return false;
	out->id = *git_reference_target(ref);
	return git_oid_equal(&named, &out->id) &&
	       (!construct || !strcmp(construct, out->construct));
}

/*
 * Is there any, loose or packed? Each look at a construct asks, mostly in
 * vain, and libgit2 copies all packed refs to answer. In doubt: yes.
 */
static bool has_any(struct store *store, const char *prefix)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	const char *top = repo_path(store);
	bool is_there;

	is_there = path_join(&path, top, prefix, NULL) < 0 ||
		   file_exists(buf_text(&path));
	buf_reset(&path);
	if (!is_there && path_join(&path, top, "packed-refs", NULL) == 0)
		is_there = packed_refs_under(buf_text(&path), prefix, &text,
					     NULL) < 0 || text.len;
	buf_release(&path);
	buf_release(&text);
	return is_there;
}

int id_refs_list(struct store *store, const char *prefix, const char *construct,
		 struct head_list *out, struct err *err)
{
	git_reference_iterator *refs = NULL;
	char glob[REF_NAME_MAX];
	git_reference *ref;
	struct head head;
	int rc = 0;
	int step;

	if (!has_any(store, prefix))
		return 0;
	snprintf(glob, sizeof(glob), "%s*", prefix);
	step = git_reference_iterator_glob_new(&refs,
					       store_repository(store), glob);
	while (step == 0 && rc == 0) {
		step = git_reference_next(&ref, refs);
		if (step < 0)
			break;
		if (fork_refs_parse(ref, prefix, construct, &head))
			rc = head_list_add(out, &head, err);
		git_reference_free(ref);
	}
	if (rc == 0 && step != GIT_ITEROVER)
		rc = repo_failed(err, step, "cannot list '%s'", prefix);
	git_reference_iterator_free(refs);
	return rc;
}

bool id_refs_has(struct store *store, const char *prefix,
		 const struct head *head)
{
	char name[REF_NAME_MAX];
	git_oid found;

	return name_of(prefix, head, name, NULL) == 0 &&
	       ref_read(store, name, &found);
}

int id_refs_add(struct store *store, const char *prefix,
		const struct head *head, struct err *err)
{
	char name[REF_NAME_MAX];
	int rc = name_of(prefix, head, name, err);

	if (rc < 0 || id_refs_has(store, prefix, head))
		return rc;
	return ref_swap(store, name, NULL, &head->id, err);
}

int id_refs_remove(struct store *store, const char *prefix,
		   const struct head *head, struct err *err)
{
	char name[REF_NAME_MAX];
	int rc = name_of(prefix, head, name, err);

	return rc < 0 ? rc : ref_delete(store, name, &head->id, err);
}

int fork_refs_list(struct store *store, const char *construct,
		   struct head_list *out, struct err *err)
{
	return id_refs_list(store, PREFIX, construct, out, err);
}

int fork_refs_add(struct store *store, const struct head *head, struct err *err)
{
	return id_refs_add(store, PREFIX, head, err);
}

int fork_refs_remove(struct store *store, const struct head *head,
		     struct err *err)
{
	return id_refs_remove(store, PREFIX, head, err);
}
