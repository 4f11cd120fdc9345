#include <sodium.h>

#include "lib/os/file.h"
#include "refs/key/key.h"
#include "refs/trust/whole.h"
#include "cmd/cli/options.h"
#include "cmd/cli/out.h"

static int say_taken(struct session *session, const char *path)
{
	err_clear(&session->err);
	return err_set(&session->err, ERR_EXISTS, "there is a file '%s': the "
		       "recovery key needs one of its own", path);
}

/* A new key, written where its owner can carry it away. */
static int make_recovery(struct session *session, const char *path,
			 struct device_key *key)
{
	struct atomic_file file = ATOMIC_FILE_INIT;
	struct buf text = BUF_INIT(4096);
	int rc;

	rc = device_key_generate(key, &session->err);
	if (rc < 0)
		goto out;
	rc = device_key_write(key, "vvault recovery", &text, &session->err);
	if (rc < 0)
		goto out;
	rc = atomic_file_open(&file, path, 0600, &session->err);
	if (rc < 0)
		goto out;
	rc = atomic_file_write(&file, buf_span(&text), &session->err);
	if (rc < 0)
		goto out;
	rc = atomic_file_publish_new(&file, &session->err);
	if (rc == ERR_EXISTS)
		rc = say_taken(session, path);
out:
	atomic_file_release(&file);
	buf_wipe(&text);
	return rc;
}

static int print(struct session *session, const struct vault *vault)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	int rc;

	if (!session->is_json) {
		out_printf("made %s vault '%s'\n",
			   vault->state.is_encrypted ? "an encrypted" :
			   "a plain", vault->path);
		out_printf("vault   %s\ndevice  %s\n", vault->state.vault_id,
			   vault->device.did);
		return 0;
	}
	rc = jcs_fields_text(&fields, "vault",
			     span_str(vault->state.vault_id), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "device",
				     span_str(vault->device.did), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "path", span_str(vault->path),
				     err);
	if (rc >= 0)
		rc = jcs_fields_bool(&fields, "encrypted",
				     vault->state.is_encrypted, err);
	if (rc >= 0)
		rc = out_json(session, &fields);
	jcs_fields_release(&fields);
	return rc;
}

int cmd_init(struct session *session, int argc, char **argv)
{
	struct vault_options options = { .keys_folder = session->keys_folder };
	const char *recovery = NULL;
	const struct option_row rows[] = {
		{ "--plain", OPTION_FLAG, &options.is_plain },
		{ "--name", OPTION_TEXT, &options.name },
		{ "--recovery", OPTION_TEXT, &recovery },
		{ NULL, OPTION_FLAG, NULL },
	};
	struct device_key recovery_key;
	struct vault *vault = NULL;
	int rc;

	rc = options_parse(session, argc, argv, rows, 1, 1);
	if (rc < 0)
		return rc;
	if (recovery) {
		rc = make_recovery(session, recovery, &recovery_key);
		if (rc < 0)
			return rc;
		options.recovery = recovery_key.public;
	}
	rc = vault_make(argv[1], &options, &session->err);
	/* Ours, for it is never written over; and it opens nothing. */
	if (rc < 0 && recovery)
		(void)!file_remove(recovery, NULL);
	if (rc >= 0)
		rc = vault_open(argv[1], options.keys_folder, &vault,
				&session->err);
	if (rc >= 0)
		rc = print(session, vault);
	if (rc >= 0)
		(void)!whole_renew(vault, NULL);
	if (rc >= 0 && recovery && !session->is_json)
		out_note("the recovery key is in '%s': keep it off this "
			 "machine", recovery);
	vault_close(vault);
	if (recovery)
		device_key_wipe(&recovery_key);
	return rc;
}
