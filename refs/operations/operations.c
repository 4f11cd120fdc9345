#include "refs/operations/operations.h"

#include "lib/json/jcs_scan.h"
#include "lib/os/journal.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"

#define LABEL "operations 1"
#define LOCK_NAME "locks/.operations"

struct place {
	struct buf path;
	struct buf lock;
	struct local_seal seal;
};

#define PLACE_INIT { PATH_BUF_INIT, PATH_BUF_INIT, { { 0 } } }

static int place_find(const struct vault *vault, struct place *place,
		      struct err *err)
{
	int rc;

	if (!vault->has_device)
		return err_set(err, ERR_NO_KEY, "no device key: this device "
			       "keeps no log of what it did");
	rc = vault_local_path(vault, OPERATIONS_FILE, &place->path, err);
	if (rc == 0)
		rc = vault_local_path(vault, LOCK_NAME, &place->lock, err);
	device_key_local_seal(&vault->device, LABEL, vault->state.vault_id,
			      &place->seal);
	return rc;
}

static void place_release(struct place *place)
{
	local_seal_wipe(&place->seal);
	buf_release(&place->path);
	buf_release(&place->lock);
}

static int64_t last_number(const struct journal *journal)
{
	struct span value;
	int64_t number = 0;

	if (!journal->last.len ||
	    !jcs_find(buf_span(&journal->last), "number", &value) ||
	    !jcs_integer(value, &number))
		return 0;
	return number;
}

static int add_entry(struct journal *journal, struct jcs_fields *fields,
		     uint64_t *out_number, struct err *err)
{
	struct buf entry = BUF_INIT(OPERATIONS_MAX);
	int64_t number = last_number(journal) + 1;
	int rc;

	fields_integer(fields, "number", number);
	fields_integer(fields, "time", timestamp_now());
	rc = jcs_fields_write(fields, &entry, err);
	if (rc == 0)
		rc = journal_add(journal, buf_span(&entry), err);
	if (rc == 0)
		*out_number = (uint64_t)number;
	buf_wipe(&entry);
	jcs_fields_reset(fields);
	return rc;
}

int operations_add(const struct vault *vault, struct jcs_fields *fields,
		   uint64_t *out_number, bool *out_is_refused, struct err *err)
{
	struct journal journal = JOURNAL_INIT(OPERATIONS_MAX);
	struct place place = PLACE_INIT;
	int rc = place_find(vault, &place, err);

	*out_is_refused = false;
	if (rc == 0)
		rc = journal_open(&journal, buf_text(&place.path),
				  buf_text(&place.lock), &place.seal,
				  out_is_refused, err);
	if (rc == 0) {
		rc = add_entry(&journal, fields, out_number, err);
		journal_close(&journal);
	}
	place_release(&place);
	return rc;
}

int operations_each(const struct vault *vault,
		    int (*each)(void *arg, struct span entry, struct err *err),
		    void *arg, bool *out_is_torn, struct err *err)
{
	const struct journal_visitor visitor = { each, arg };
	struct place place = PLACE_INIT;
	int rc = place_find(vault, &place, err);

	if (rc == 0)
		rc = journal_each(buf_text(&place.path), &place.seal,
				  OPERATIONS_MAX, &visitor, out_is_torn, err);
	place_release(&place);
	return rc;
}
