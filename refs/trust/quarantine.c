#include "refs/trust/quarantine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "lib/os/file.h"
#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"
#include "objects/record/segment.h"
#include "refs/history/fork_refs.h"
#include "refs/history/history.h"
#include "refs/trust/marks.h"
#include "refs/trust/quarantine.h"
#include "refs/trust/verified.h"
#include "refs/trust/whole.h"
#include "refs/vault/local.h"
#include "refs/vault/remotes.h"

#define FILE_NAME "quarantine"
#define LOCK_NAME "locks/.quarantine"
#define LOCK_MS 10000
#define FILE_MAX ((size_t)16 << 20)
#define NOTES_MAX 4096		/* the oldest go */

void quarantine_notes_release(struct quarantine_notes *notes)
{
	free(notes->at);
	*notes = (struct quarantine_notes)QUARANTINE_NOTES_INIT;
}

static void take_text(struct span line, const char *name, char *out,
		      size_t size)
{
	struct buf text = BUF_INIT(FILE_MAX);
	struct span value;

	out[0] = '\0';
	if (jcs_find(line, name, &value) &&
	    jcs_string_decode(value, &text, NULL) == 0)
		snprintf(out, size, "%.*s",
			 (int)text_cut(buf_span(&text), size - 1).len,
			 buf_text(&text));
	buf_release(&text);
}

static bool parse_note(struct span line, struct quarantine_note *out)
{
	char name[REF_NAME_MAX];
	char hex[GIT_OID_HEXSZ + 1];

	if (jcs_check(line, NULL) < 0)
		return false;
	take_text(line, "ref", name, sizeof(name));
	take_text(line, "id", hex, sizeof(hex));
	if (head_parse(name, &out->head, NULL) < 0 ||
	    git_oid_fromstr(&out->head.id, hex) < 0)
		return false;
	take_text(line, "remote", out->remote, sizeof(out->remote));
	take_text(line, "state", out->state, sizeof(out->state));
	take_text(line, "code", out->code, sizeof(out->code));
	take_text(line, "message", out->message, sizeof(out->message));
	take_text(line, "since", out->since, sizeof(out->since));
	return true;
}

int quarantine_notes_add(struct quarantine_notes *notes,
			 const struct quarantine_note *note, struct err *err)
{
	int rc = array_room(notes, err);

	if (rc == 0)
		notes->at[notes->n++] = *note;
	return rc;
}

int quarantine_notes_load(const struct vault *vault,
			  struct quarantine_notes *out, struct err *err)
{
	struct buf text = BUF_INIT(FILE_MAX);
	struct quarantine_note note;
	struct span line;
	size_t pos = 0;
	int rc = 0;

	if (vault_local_read(vault, FILE_NAME, &text, NULL) < 0)
		buf_reset(&text);
	while (rc == 0 && segment_next(buf_span(&text), &pos, &line)) {
		memset(&note, 0, sizeof(note));
		if (parse_note(line, &note))
			rc = quarantine_notes_add(out, &note, err);
	}
	buf_release(&text);
	return rc;
}

static void put_note(const struct quarantine_note *note, struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	char name[REF_NAME_MAX];
	char hex[GIT_OID_HEXSZ + 1];

	snprintf(name, sizeof(name), "%s/%s", note->head.construct,
		 note->head.device);
	hex_text(note->head.id.id, GIT_OID_RAWSZ, hex);
	fields_str(&fields, "ref", name);
	fields_str(&fields, "id", hex);
	fields_str(&fields, "remote", note->remote);
	fields_str(&fields, "state", note->state);
	fields_str(&fields, "code", note->code);
	fields_str(&fields, "message", note->message);
	fields_str(&fields, "since", note->since);
	buf_fail(out, jcs_fields_write(&fields, out, NULL));
	buf_put_char(out, '\n');
	jcs_fields_release(&fields);
}

static int write_notes(const struct vault *vault,
		       const struct quarantine_notes *notes, struct err *err)
{
	size_t skip = notes->n > NOTES_MAX ? notes->n - NOTES_MAX : 0;
	struct buf text = BUF_INIT(FILE_MAX);
	size_t i;
	int rc;

	for (i = skip; i < notes->n; i++)
		put_note(&notes->at[i], &text);
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = vault_local_write(vault, FILE_NAME, buf_span(&text), err);
	buf_release(&text);
	return rc;
}

const struct quarantine_note *
quarantine_notes_find(const struct quarantine_notes *notes,
		      const struct head *head)
{
	size_t i;

	for (i = 0; i < notes->n; i++)
		if (head_equals(&notes->at[i].head, head))
			return &notes->at[i];
	return NULL;
}

static bool says_same(const struct quarantine_note *a,
		      const struct quarantine_note *b)
{
	return a && !strcmp(a->remote, b->remote) &&
	       !strcmp(a->state, b->state) && !strcmp(a->code, b->code) &&
	       !strcmp(a->message, b->message);
}

static void forget_note(struct quarantine_notes *notes,
			const struct head *head)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < notes->n; i++)
		if (!head_equals(&notes->at[i].head, head))
			notes->at[kept++] = notes->at[i];
	notes->n = kept;
}

int quarantine_notes_put(const struct vault *vault,
			 const struct quarantine_note *notes, size_t n,
			 struct err *err)
{
	struct quarantine_notes all = QUARANTINE_NOTES_INIT;
	struct lock lock = LOCK_INIT;
	struct quarantine_note note;
	bool is_changed = false;
	size_t i;
	int rc;

	if (!n)
		return 0;
	rc = vault_local_lock(vault, LOCK_NAME, LOCK_MS, &lock, err);
	if (rc == 0)
		rc = quarantine_notes_load(vault, &all, err);
	for (i = 0; rc == 0 && i < n; i++) {
		note = notes[i];
		if (says_same(quarantine_notes_find(&all, &note.head), &note))
			continue;
		is_changed = true;
		timestamp_text(timestamp_now(), note.since);
		forget_note(&all, &note.head);
		rc = quarantine_notes_add(&all, &note, err);
	}
	if (rc == 0 && is_changed)
		rc = write_notes(vault, &all, err);
	quarantine_notes_release(&all);
	lock_release(&lock);
	return rc;
}

static int note_drop(const struct vault *vault, const struct head *head,
		     struct err *err)
{
	struct quarantine_notes all = QUARANTINE_NOTES_INIT;
	struct lock lock = LOCK_INIT;
	int rc = vault_local_lock(vault, LOCK_NAME, LOCK_MS, &lock, err);

	if (rc == 0)
		rc = quarantine_notes_load(vault, &all, err);
	if (rc == 0) {
		forget_note(&all, head);
		rc = write_notes(vault, &all, err);
	}
	quarantine_notes_release(&all);
	lock_release(&lock);
	return rc;
}

/* Another process that took it out, or moved it on, is no failure. */
static int unless_moved(int rc, struct err *reason, struct err *err)
{
	if (rc == 0 || rc == ERR_CHANGED || rc == ERR_NOT_FOUND)
		return 0;
	return err_copy(err, rc, reason);
}

/* What stands in its place is of the same line, and not of the second one,
 * which stands already. */
static int leave_heads(struct vault *vault, const struct head *head,
		       const struct head_list *forks, struct err *err)
{
	struct store *store = vault->store;
	struct err reason = ERR_INIT;
	char name[REF_NAME_MAX];
	git_oid stands;
	git_oid before;
	int rc = head_ref_name(HEADS_PREFIX, head->construct, head->device,
			       name, err);

	if (rc < 0)
		return rc;
	if (!ref_read(store, name, &stands) ||
	    !git_oid_equal(&stands, &head->id))
		return 0;
	if (verified_before(vault->verified, head, forks, &before) &&
	    store_has(vault->store, &before))
		rc = ref_swap(store, name, &head->id, &before, &reason);
	else
		rc = ref_delete(store, name, &head->id, &reason);
	return unless_moved(rc, &reason, err);
}

static int leave_forks(struct vault *vault, const struct head *head,
		       const struct head_list *forks, struct err *err)
{
	struct store *store = vault->store;
	struct err reason = ERR_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < forks->n; i++)
		if (head_equals(&forks->at[i], head))
			rc = unless_moved(fork_refs_remove(store, head,
							   &reason),
					  &reason, err);
	return rc;
}

struct forgetting {
	struct vault *vault;
	const struct head *head;
};

/* A mark of it would say for ever that the remote went back. */
static int forget_mark(void *arg, const char *remote, struct err *err)
{
	const struct forgetting *forgetting = arg;

	return marks_forget(forgetting->vault, remote, forgetting->head, err);
}

int quarantine_take(struct vault *vault, const struct quarantine_note *note,
		    struct err *err)
{
	struct store *store = vault->store;
	struct head_list forks = HEAD_LIST_INIT;
	const struct head *head = &note->head;
	struct forgetting forgetting = { vault, head };
	int rc = id_refs_add(store, QUARANTINE_PREFIX, head, err);

	if (rc == 0)
		rc = quarantine_notes_put(vault, note, 1, err);
	if (rc == 0)
		rc = fork_refs_list(store, head->construct, &forks, err);
	if (rc == 0)
		rc = leave_heads(vault, head, &forks, err);
	if (rc == 0)
		rc = leave_forks(vault, head, &forks, err);
	head_list_release(&forks);
	if (rc == 0)
		rc = verified_put(vault->verified, head, VOUCH_NONE, err);
	if (rc == 0)
		rc = index_drop(vault, head->construct, err);
	return rc < 0 ? rc : remote_each(vault, forget_mark, &forgetting, err);
}

int quarantine_list(struct vault *vault, struct head_list *out,
		    struct err *err)
{
	return id_refs_list(vault->store, QUARANTINE_PREFIX, NULL, out, err);
}

int quarantine_drop(struct vault *vault, const struct head *head,
		    struct err *err)
{
	struct err reason = ERR_INIT;
	/* First: as long as it lies there nobody takes it for lost. */
	int rc = whole_forget(vault, head, err);

	if (rc == 0)
		rc = unless_moved(id_refs_remove(vault->store,
						 QUARANTINE_PREFIX, head,
						 &reason), &reason, err);
	return rc < 0 ? rc : note_drop(vault, head, err);
}

int head_put_back(struct vault *vault, const struct head *head,
		  struct err *err)
{
	struct store *store = vault->store;
	char name[REF_NAME_MAX];
	bool is_older = false;
	git_oid stands;
	int rc = head_ref_name(HEADS_PREFIX, head->construct, head->device,
			       name, err);

	if (rc < 0)
		return rc;
	if (!ref_read(store, name, &stands))
		return ref_swap(store, name, NULL, &head->id, err);
	rc = history_is_ancestor(vault->store, &stands, &head->id, &is_older,
				 err);
	if (rc < 0)
		return rc;
	return is_older ? ref_swap(store, name, &stands, &head->id, err)
			: fork_refs_add(store, head, err);
}

int quarantine_release(struct vault *vault, struct err *err)
{
	struct quarantine_notes notes = QUARANTINE_NOTES_INIT;
	struct head_list heads = HEAD_LIST_INIT;
	const struct quarantine_note *note;
	size_t i;
	int rc = quarantine_list(vault, &heads, err);

	if (rc == 0 && heads.n)
		rc = quarantine_notes_load(vault, &notes, err);
	for (i = 0; rc == 0 && i < heads.n; i++) {
		note = quarantine_notes_find(&notes, &heads.at[i]);
		if (!note || strcmp(note->state, "held"))
			continue;
		rc = head_put_back(vault, &heads.at[i], err);
		if (rc == 0)
			rc = quarantine_drop(vault, &heads.at[i], err);
	}
	quarantine_notes_release(&notes);
	head_list_release(&heads);
	return rc;
}
