#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cli/options.h"
#include "cmd/cli/out.h"
#include "lib/id/did.h"
#include "lib/os/file.h"
#include "refs/key/key.h"
#include "refs/vault/state.h"

#define PASSPHRASE_MAX 1024
#define BACKUP_MAX ((size_t)16384)

static int key_show(struct session *session, const struct device_key *key)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	struct buf public = BUF_INIT(256);
	int rc;

	rc = device_key_ssh_public(key->public, &public, err);
	if (rc < 0)
		goto out;
	if (!session->is_json) {
		out_printf("%s\n%s\n", key->did, buf_text(&public));
		goto out;
	}
	rc = jcs_fields_text(&fields, "did", span_str(key->did), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "public", buf_span(&public),
				     err);
	if (rc >= 0)
		rc = out_json(session, &fields);
out:
	jcs_fields_release(&fields);
	buf_release(&public);
	return rc;
}

/* The first line of a file, or of standard input without a terminal. */
static int read_passphrase(struct session *session, const char *file,
			   struct buf *out)
{
	struct err *err = &session->err;
	char *newline;
	int rc;

	if (!file && isatty(STDIN_FILENO))
		return err_set(err, ERR_INVALID, "name a file that holds the "
			       "passphrase with --passphrase-file, or pipe "
			       "the passphrase in");
	if (file)
		rc = file_read(file, PASSPHRASE_MAX, out, err);
	else
		rc = file_read_fd(STDIN_FILENO, "standard input",
				  PASSPHRASE_MAX, out, err);
	if (rc < 0)
		return rc;
	newline = memchr(buf_text(out), '\n', out->len);
	if (newline)
		out->len = (size_t)(newline - out->data);
	if (!out->len)
		return err_set(err, ERR_INVALID, "the passphrase is empty");
	return 0;
}

static int key_backup(struct session *session, const struct device_key *key,
		      const char *file)
{
	struct buf passphrase = BUF_INIT(PASSPHRASE_MAX);
	struct buf sealed = BUF_INIT(BACKUP_MAX);
	int rc;

	rc = read_passphrase(session, file, &passphrase);
	if (rc >= 0)
		rc = device_key_seal(key, buf_span(&passphrase), &sealed,
				     &session->err);
	if (rc >= 0)
		out_printf("%s", buf_text(&sealed));
	buf_wipe(&passphrase);
	buf_wipe(&sealed);
	return rc;
}

/* The other way: a sealed copy becomes this device's key, where none is. */
static int key_restore(struct session *session, const char *backup,
		       const char *file)
{
	struct buf passphrase = BUF_INIT(PASSPHRASE_MAX);
	struct buf sealed = BUF_INIT(BACKUP_MAX);
	struct err *err = &session->err;
	struct device_key key = { .did = "" };
	int rc;

	rc = file_read(backup, BACKUP_MAX, &sealed, err);
	if (rc >= 0)
		rc = read_passphrase(session, file, &passphrase);
	if (rc >= 0)
		rc = device_key_unseal(buf_span(&sealed),
				       buf_span(&passphrase), &key, err);
	if (rc >= 0)
		rc = device_key_save(session->keys_folder, &key, err);
	if (rc >= 0)
		rc = key_show(session, &key);
	device_key_wipe(&key);
	buf_wipe(&passphrase);
	buf_wipe(&sealed);
	return rc;
}

static int print_signer(const unsigned char *public, struct err *err)
{
	struct buf line = BUF_INIT(256);
	char did[DID_TEXT_MAX];
	int rc;

	did_from_public(public, did);
	rc = device_key_ssh_public(public, &line, err);
	if (rc >= 0)
		out_printf("%s namespaces=\"git\" %s\n", did, buf_text(&line));
	buf_release(&line);
	return rc;
}

/* Everybody who was ever a member: old versions stay theirs. */
static int key_allowed_signers(struct session *session)
{
	struct vault *vault = NULL;
	size_t i;
	int rc;

	rc = session_open(session, &vault);
	for (i = 0; rc >= 0 && i < vault->state.members_n; i++)
		rc = print_signer(vault->state.members[i].public,
				  &session->err);
	vault_close(vault);
	return rc;
}

int cmd_key(struct session *session, int argc, char **argv)
{
	const char *file = NULL;
	const struct option_row rows[] = {
		{ "--passphrase-file", OPTION_TEXT, &file },
		{ NULL, OPTION_FLAG, NULL },
	};
	struct device_key key;
	int words;
	int rc;

	words = options_parse(session, argc, argv, rows, 1, 2);
	if (words < 0)
		return words;
	if (words == 2 && !strcmp(argv[1], "restore"))
		return key_restore(session, argv[2], file);
	if (words == 1 && !strcmp(argv[1], "allowed-signers"))
		return key_allowed_signers(session);
	if (words != 1 ||
	    (strcmp(argv[1], "show") && strcmp(argv[1], "backup"))) {
		return options_refuse(session, argv[1]);
	}
	rc = device_key_load(session->keys_folder, &key, &session->err);
	if (rc >= 0)
		rc = strcmp(argv[1], "show") ?
		     key_backup(session, &key, file) :
		     key_show(session, &key);
	device_key_wipe(&key);
	return rc;
}
