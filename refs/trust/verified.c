#include "refs/trust/verified.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/id/hash.h"
#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"
#include "refs/vault/vault.h"

#define FILE_NAME "verified"
#define LOCK_NAME "locks/.verified"
#define LOCK_MS 1000

/* Another number where versions are judged by other rules: what older ones
 * have passed is then verified anew. */
#define RULES "verified rules 3"

#define CONSTRUCT_BYTES 8
#define REF_BYTES 16		/* construct, then device */
#define KEPT 2			/* of one ref: a device's two lines */
#define SAVE_MICROS TIMESTAMP_SECOND
#define FILE_MAX ((size_t)1 << 28)

/* As in the file: bytes only, so that memory is the format. */
struct entry {
	unsigned char ref[REF_BYTES];
	git_oid id;
	unsigned char vouch;
};

_Static_assert(sizeof(struct entry) == REF_BYTES + GIT_OID_RAWSZ + 1,
	       "an entry is its bytes");

struct entries {
	struct entry *at;
	size_t n;
	size_t cap;
};

struct verified {
	struct entries all;	/* by ref; of one, the latest last */
	struct entries news;	/* since it was written, as they came */
	int64_t saved;
};

static void half(const char *text, unsigned char out[CONSTRUCT_BYTES])
{
	blake2b_of(text, strlen(text), NULL, 0, out, CONSTRUCT_BYTES);
}

static void ref_of(const struct head *head, unsigned char out[REF_BYTES])
{
	half(head->construct, out);
	half(head->device, out + CONSTRUCT_BYTES);
}

/* The first entry whose ref, or the beginning of it, is not before this. */
static size_t verified_find(const struct entries *all, const unsigned char *ref,
			    size_t len)
{
	size_t from = 0;
	size_t to = all->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (memcmp(all->at[mid].ref, ref, len) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static size_t count(const struct entries *all, size_t first,
		    const unsigned char *ref, size_t len)
{
	size_t n = 0;

	while (first + n < all->n && !memcmp(all->at[first + n].ref, ref, len))
		n++;
	return n;
}

static int append(struct entries *list, const struct entry *entry,
		  struct err *err)
{
	int rc = array_room(list, err);

	if (rc == 0)
		list->at[list->n++] = *entry;
	return rc;
}

static void take_out(struct entries *all, size_t at)
{
	memmove(&all->at[at], &all->at[at + 1],
		(--all->n - at) * sizeof(*all->at));
}

/* Room at the end, and then from its ref's last place on all move up. */
static int put(struct entries *all, const struct entry *entry,
	       struct err *err)
{
	size_t first = verified_find(all, entry->ref, REF_BYTES);
	size_t n = count(all, first, entry->ref, REF_BYTES);
	size_t i;
	int rc;

	for (i = 0; i < n; i++)
		if (git_oid_equal(&all->at[first + i].id, &entry->id))
			break;
	if (i == n && n >= KEPT)
		i = 0;
	if (i < n) {
		take_out(all, first + i);
		n--;
	}
	if (entry->vouch == VOUCH_NONE)
		return 0;
	rc = append(all, entry, err);
	if (rc < 0)
		return rc;
	memmove(&all->at[first + n + 1], &all->at[first + n],
		(all->n - 1 - first - n) * sizeof(*all->at));
	all->at[first + n] = *entry;
	return 0;
}

/* It was sealed here, and yet a program of tomorrow may write otherwise. */
static bool is_in_order(const struct entry *at, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((at[i].vouch != VOUCH_BLIND && at[i].vouch != VOUCH_FULL) ||
		    (i && memcmp(at[i - 1].ref, at[i].ref, REF_BYTES) > 0))
			return false;
	return true;
}

/* False where there is none: no device, or a vault without an id yet. */
static bool get_seal(const struct vault *vault, struct local_seal *seal)
{
	char id[CID_TEXT_MAX];

	if (!vault->has_device)
		return false;
	if (vault_pinned_id(vault->path, id, NULL) < 0) {
		if (!vault->state.vault_id[0])
			return false;
		memcpy(id, vault->state.vault_id, sizeof(id));
	}
	device_key_local_seal(&vault->device, RULES, id, seal);
	return true;
}

static int read_all(const struct vault *vault, struct entries *out,
		    struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf body = BUF_INIT(FILE_MAX);
	struct err quiet = ERR_INIT;
	struct local_seal seal;
	size_t n;
	int rc = 0;

	if (!get_seal(vault, &seal))
		return 0;
	rc = vault_local_path(vault, FILE_NAME, &path, &quiet);
	if (rc == 0)
		rc = local_seal_read(&seal, buf_text(&path),
				     span_str(FILE_NAME), FILE_MAX, &body,
				     &quiet);
	local_seal_wipe(&seal);
	n = rc < 0 || body.len % sizeof(struct entry) ? 0 :
		body.len / sizeof(struct entry);
	rc = rc == ERR_NOMEM ? rc : 0;
	if (n && is_in_order((const void *)body.data, n)) {
		out->at = malloc(n * sizeof(*out->at));
		rc = out->at ? 0 : ERR_NOMEM;
	}
	if (out->at) {
		memcpy(out->at, body.data, n * sizeof(*out->at));
		out->n = out->cap = n;
	}
	if (rc < 0)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	buf_release(&body);
	buf_release(&path);
	return rc;
}

int verified_load(const struct vault *vault, struct verified **out,
		  struct err *err)
{
	struct verified *made = calloc(1, sizeof(*made));
	int rc;

	if (!made)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = read_all(vault, &made->all, err);
	if (rc < 0)
		verified_free(made);
	else
		*out = made;
	return rc;
}

void verified_free(struct verified *verified)
{
	if (!verified)
		return;
	free(verified->all.at);
	free(verified->news.at);
	free(verified);
}

enum vouch verified_get(const struct verified *verified,
			const struct head *head)
{
	const struct entries *all = &verified->all;
	unsigned char ref[REF_BYTES];
	size_t i;

	ref_of(head, ref);
	for (i = verified_find(all, ref, REF_BYTES);
	     i < all->n && !memcmp(all->at[i].ref, ref, REF_BYTES); i++)
		if (git_oid_equal(&all->at[i].id, &head->id))
			return (enum vouch)all->at[i].vouch;
	return VOUCH_NONE;
}

int verified_list(const struct verified *verified, const char *construct,
		  enum vouch least, struct head_list *out, struct err *err)
{
	const struct entries *all = &verified->all;
	unsigned char begin[CONSTRUCT_BYTES];
	struct head head;
	size_t i;
	int rc = 0;

	memset(&head, 0, sizeof(head));
	memcpy(head.construct, construct, strlen(construct) + 1);
	half(construct, begin);
	for (i = verified_find(all, begin, sizeof(begin));
	     rc == 0 && i < all->n &&
	     !memcmp(all->at[i].ref, begin, sizeof(begin)); i++) {
		if (all->at[i].vouch < least)
			continue;
		head.id = all->at[i].id;
		rc = head_list_add(out, &head, err);
	}
	return rc;
}

int verified_newest(const struct verified *verified, struct head_list *out,
		    struct err *err)
{
	const struct entries *all = &verified->all;
	struct head head;
	size_t i;
	int rc = 0;

	memset(&head, 0, sizeof(head));
	for (i = 0; rc == 0 && i < all->n; i++) {
		if (i + 1 < all->n &&
		    !memcmp(all->at[i].ref, all->at[i + 1].ref, REF_BYTES))
			continue;
		head.id = all->at[i].id;
		rc = head_list_add(out, &head, err);
	}
	return rc;
}

bool verified_before(const struct verified *verified, const struct head *head,
		     const struct head_list *apart, git_oid *out)
{
	const struct entries *all = &verified->all;
	unsigned char ref[REF_BYTES];
	bool is_found = false;
	size_t i;

	ref_of(head, ref);
	for (i = verified_find(all, ref, REF_BYTES);
	     i < all->n && !memcmp(all->at[i].ref, ref, REF_BYTES); i++) {
		if (git_oid_equal(&all->at[i].id, &head->id) ||
		    head_list_has_id(apart, &all->at[i].id))
			continue;
		*out = all->at[i].id;
		is_found = true;
	}
	return is_found;
}

int verified_put(struct verified *verified, const struct head *head,
		 enum vouch vouch, struct err *err)
{
	struct entry entry;
	int rc;

	ref_of(head, entry.ref);
	entry.id = head->id;
	entry.vouch = (unsigned char)vouch;
	rc = put(&verified->all, &entry, err);
	return rc < 0 ? rc : append(&verified->news, &entry, err);
}

/* On top of what stands there now, whoever wrote it. */
static int merge(struct verified *verified, const struct vault *vault,
		 struct err *err)
{
	struct entries merged = { NULL, 0, 0 };
	size_t i;
	int rc = read_all(vault, &merged, err);

	for (i = 0; rc == 0 && i < verified->news.n; i++)
		rc = put(&merged, &verified->news.at[i], err);
	if (rc < 0) {
		free(merged.at);
		return rc;
	}
	free(verified->all.at);
	verified->all = merged;
	return 0;
}

static int write_all(const struct verified *verified,
		     const struct vault *vault, const struct local_seal *seal,
		     struct err *err)
{
	const struct entries *all = &verified->all;
	struct buf path = PATH_BUF_INIT;
	int rc = vault_local_path(vault, FILE_NAME, &path, err);

	if (rc == 0)
		rc = local_seal_write(seal, buf_text(&path),
				      span_str(FILE_NAME),
				      span_of((const char *)all->at,
					      all->n * sizeof(*all->at)),
				      err);
	buf_release(&path);
	return rc;
}

void verified_save(struct verified *verified, const struct vault *vault,
		   bool is_last)
{
	struct lock lock = LOCK_INIT;
	struct err quiet = ERR_INIT;
	struct local_seal seal;
	int64_t now;

	if (!verified || !verified->news.n)
		return;
	now = timestamp_now();
	if ((!is_last && now >= verified->saved &&
	     now - verified->saved < SAVE_MICROS) ||
	    !get_seal(vault, &seal))
		return;
	verified->saved = now;
	if (vault_local_lock(vault, LOCK_NAME, LOCK_MS, &lock, &quiet) == 0 &&
	    merge(verified, vault, &quiet) == 0 &&
	    write_all(verified, vault, &seal, &quiet) == 0)
		verified->news.n = 0;
	local_seal_wipe(&seal);
	lock_release(&lock);
}
