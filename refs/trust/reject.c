#include "refs/trust/reject.h"

#include <stdio.h>
#include <string.h>

#include "lib/id/encode.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "objects/record/segment.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/trust/quarantine.h"
#include "refs/trust/settle.h"

#define FILE_NAME "rejected"
#define FILE_MAX ((size_t)4 << 20)

int rejected_load(const struct vault *vault, struct table *out,
		  struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct buf text = BUF_INIT(FILE_MAX);
	unsigned char id[GIT_OID_RAWSZ];
	struct span line;
	size_t pos = 0;
	int rc = vault_local_path(vault, FILE_NAME, &path, err);

	if (rc == 0 && file_exists(buf_text(&path)))
		rc = vault_local_read(vault, FILE_NAME, &text, err);
	while (rc == 0 && segment_next(buf_span(&text), &pos, &line)) {
		if (!hex_decode(line, id, sizeof(id)))
			rc = err_set(err, ERR_CORRUPT, "'%s' is damaged",
				     buf_text(&path));
		else
			rc = table_include(out, id, NULL, err);
	}
	buf_release(&text);
	buf_release(&path);
	return rc;
}

static int rejected_save(const struct vault *vault, const struct table *ids,
			 struct err *err)
{
	struct buf text = BUF_INIT(FILE_MAX);
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;
	int rc;

	for (i = 0; i < ids->count; i++) {
		hex_text(table_key_at(ids, i), GIT_OID_RAWSZ, hex);
		buf_putf(&text, "%s\n", hex);
	}
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = vault_local_write(vault, FILE_NAME, buf_span(&text), err);
	buf_release(&text);
	return rc;
}

/* What this device wrote on top of it would go with it, and what it writes
 * then would be a fork. */
static int check_own(const struct vault *vault, const struct head_list *heads,
		     const git_oid *id, struct err *err)
{
	bool is_below = false;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && vault->has_device && i < heads->n; i++) {
		if (strcmp(heads->at[i].device, vault->device.name))
			continue;
		rc = history_is_ancestor(vault->store, id, &heads->at[i].id,
					 &is_below, err);
		if (rc == 0 && is_below)
			return err_set(err, ERR_DENIED, "this device has "
				       "written on top of it, and that would "
				       "go with it: an owner can remove its "
				       "signer ('vvault member remove "
				       "<member>'), and 'vvault revert "
				       "<version>' takes back what it "
				       "brought");
	}
	return rc;
}

/* The device's newest version below a head that does not stand on id. */
static int find_rest(struct vault *vault, const struct head *head,
		     const git_oid *id, git_oid *out, bool *out_found,
		     struct err *err)
{
	char device[DID_SHORT_MAX];
	struct version version;
	bool is_below = true;
	int rc = 0;

	*out = head->id;
	*out_found = false;
	version_init(&version);
	while (rc == 0 && is_below) {
		rc = version_read(vault->store, out, &version, err);
		if (rc < 0)
			break;
		did_short(version.device, device);
		if (strcmp(device, head->device) || !version.parents_n)
			break;
		*out = version.parents[0];
		rc = history_is_ancestor(vault->store, id, out, &is_below,
					 err);
	}
	if (rc == 0 && !is_below) {
		rc = version_read(vault->store, out, &version, err);
		did_short(version.device, device);
		*out_found = rc == 0 && !strcmp(device, head->device);
	}
	version_release(&version);
	return rc;
}

/* What was verified before may stand there now, older than the rest or on
 * another line. */
static int put_rest(struct vault *vault, const struct head *rest,
		    struct err *err)
{
	bool is_below = false;
	git_oid stands;
	int rc = 0;

	if (head_stands(vault->store, rest, &stands))
		rc = history_is_ancestor(vault->store, &rest->id, &stands,
					 &is_below, err);
	return rc < 0 || is_below ? rc : head_put_back(vault, rest, err);
}

static int take_out(struct vault *vault, const struct head *head,
		    const git_oid *id, struct err *err)
{
	struct quarantine_note note = { .head = *head, .state = "rejected",
					.code = "rejected" };
	struct head rest = *head;
	char hex[GIT_OID_HEXSZ + 1];
	bool is_found = false;
	int rc;

	hex_text(id->id, GIT_OID_RAWSZ, hex);
	snprintf(note.message, sizeof(note.message),
		 "version %s was rejected on this device", hex);
	rc = find_rest(vault, head, id, &rest.id, &is_found, err);
	if (rc == 0)
		rc = quarantine_take(vault, &note, err);
	if (rc == 0 && is_found)
		rc = put_rest(vault, &rest, err);
	/* It was verified with the head that stood on it. */
	if (rc == 0 && is_found)
		rc = verified_put(vault->verified, &rest,
				  vouch_needed(vault, head->construct), err);
	return rc;
}

static int take_all(struct vault *vault, const struct head_list *heads,
		    const git_oid *id, bool *out_any, struct err *err)
{
	bool is_below;
	size_t i;
	int rc = 0;

	*out_any = false;
	for (i = 0; rc == 0 && i < heads->n; i++) {
		rc = history_is_ancestor(vault->store, id, &heads->at[i].id,
					 &is_below, err);
		if (rc < 0 || !is_below)
			continue;
		*out_any = true;
		rc = take_out(vault, &heads->at[i], id, err);
	}
	return rc;
}

int version_reject(struct vault *vault, const char *ref_name,
		   const git_oid *id, struct err *err)
{
	struct table ids = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct head_list heads = HEAD_LIST_INIT;
	bool is_any = true;
	int rc = rejected_load(vault, &ids, err);

	if (rc == 0)
		rc = heads_settled(vault, ref_name, &heads, NULL, err);
	if (rc == 0)
		rc = check_own(vault, &heads, id, err);
	if (rc == 0)
		rc = table_put(&ids, id->id, 0, err);
	if (rc == 0)
		rc = rejected_save(vault, &ids, err);
	/* What was verified before may stand in its place, and on it too. */
	while (rc == 0 && is_any) {
		rc = take_all(vault, &heads, id, &is_any, err);
		heads.n = 0;
		if (rc == 0)
			rc = heads_settled(vault, ref_name, &heads, NULL, err);
	}
	head_list_release(&heads);
	table_release(&ids);
	return rc;
}

int version_unreject(struct vault *vault, const git_oid *id, struct err *err)
{
	struct table ids = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	int rc = rejected_load(vault, &ids, err);

	if (rc == 0 && !table_remove(&ids, id->id))
		rc = err_set(err, ERR_NOT_FOUND, "it was not rejected");
	if (rc == 0)
		rc = rejected_save(vault, &ids, err);
	table_release(&ids);
	return rc;
}
