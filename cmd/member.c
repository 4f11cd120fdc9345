#include <string.h>

#include "cmd/options.h"
#include "cmd/out.h"
#include "cmd/result.h"
#include "lib/did.h"
#include "refs/vault/records.h"
#include "refs/write.h"

struct admission {
	struct session *session;
	struct vault *vault;
	const char *did;
	const char *role;
	const char *name;
};

/* Queue each of the lines. */
static int add_lines(struct writer *writer, struct span lines, struct err *err)
{
	const char *end;
	int rc = 0;

	while (rc >= 0 && lines.len &&
	       (end = memchr(lines.at, '\n', lines.len))) {
		size_t len = (size_t)(end - lines.at);

		rc = writer_add(writer, span_of(lines.at, len), NULL, NULL,
				err);
		lines = span_of(end + 1, lines.len - len - 1);
	}
	return rc;
}

static int make_records(const struct admission *admission, struct buf *out)
{
	struct err *err = &admission->session->err;
	struct vault *vault = admission->vault;
	unsigned char public[DID_KEY_BYTES];
	struct vault_admission what = {
		.state = &vault->state,
		.public = public,
		.name = admission->name,
		.keys = vault->keys,
		.keys_n = vault->keys_n,
	};
	char at[HLC_TEXT_MAX];
	int rc;

	rc = did_parse(span_str(admission->did), public, err);
	if (rc >= 0)
		rc = role_parse(admission->role, &what.role, err);
	if (rc >= 0)
		rc = vault_now(vault, at, err);
	if (rc < 0)
		return rc;
	what.at = at;
	if (vault->state.is_encrypted) {
		if (!vault->has_keys)
			return err_set(err, ERR_NO_KEY, "this device holds no "
				       "keys that it could grant");
		what.name_key = vault->name_key;
	}
	return vault_records_admit(&what, out, err);
}

static int member_add(struct admission *admission)
{
	struct err *err = &admission->session->err;
	struct buf records = BUF_INIT(RECORD_MAX_BYTES);
	struct write_result result = { .has_version = false };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct writer *writer = NULL;
	int rc;

	/* The right to write comes first: it is the clearest refusal. */
	rc = writer_new(admission->vault, VAULT_CONSTRUCT, 0, &writer, err);
	if (rc >= 0)
		rc = make_records(admission, &records);
	if (rc >= 0)
		rc = add_lines(writer, buf_span(&records), err);
	if (rc >= 0)
		rc = writer_commit(writer, "member: add", &result, err);
	if (rc < 0)
		goto out;
	if (!admission->session->is_json) {
		out_printf(result.has_version ? "added %s as %s\n" :
			   "%s stands as %s already\n", admission->did,
			   admission->role);
		goto out;
	}
	rc = jcs_fields_text(&fields, "did", span_str(admission->did), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "role",
				     span_str(admission->role), err);
	if (rc >= 0 && admission->name)
		rc = jcs_fields_text(&fields, "name",
				     span_str(admission->name), err);
	else if (rc >= 0)
		rc = jcs_fields_null(&fields, "name", err);
	if (rc >= 0)
		rc = out_json(admission->session, &fields);
out:
	jcs_fields_release(&fields);
	writer_free(writer);
	buf_release(&records);
	return rc;
}

static int print_member(struct session *session, const struct vault *vault,
			const struct member *member)
{
	struct err *err = &session->err;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf name = BUF_INIT(4096);
	char did[DID_TEXT_MAX];
	const char *role;
	int rc;

	role = member->is_removed ? "removed" : role_word(member->role);
	did_from_public(member->public, did);
	rc = member_name(&vault->state, member, vault->keys, vault->keys_n,
			 &name, err);
	if (rc < 0)
		goto out;
	if (!session->is_json) {
		out_printf("%s  %-7s ", did, role);
		out_text(buf_span(&name));
		out_printf("\n");
		goto out;
	}
	rc = jcs_fields_text(&fields, "did", span_str(did), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "role", span_str(role), err);
	if (rc >= 0 && name.len)
		rc = jcs_fields_text(&fields, "name", buf_span(&name), err);
	else if (rc >= 0)
		rc = jcs_fields_null(&fields, "name", err);
	if (rc >= 0)
		rc = out_json(session, &fields);
out:
	jcs_fields_release(&fields);
	buf_release(&name);
	return rc;
}

static int member_list(struct session *session, const struct vault *vault)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < vault->state.members_n; i++)
		rc = print_member(session, vault, &vault->state.members[i]);
	return rc;
}

int cmd_member(struct session *session, int argc, char **argv)
{
	struct admission admission = { .session = session, .role = "writer" };
	const struct option_row rows[] = {
		{ "--role", OPTION_TEXT, &admission.role },
		{ "--name", OPTION_TEXT, &admission.name },
		{ NULL, OPTION_FLAG, NULL },
	};
	int words;
	int rc;

	words = options_parse(session, argc, argv, rows, 1, 2);
	if (words < 0)
		return words;
	rc = session_open(session, &admission.vault);
	if (rc < 0)
		return rc;
	if (words == 1 && !strcmp(argv[1], "list")) {
		rc = member_list(session, admission.vault);
	} else if (words == 2 && !strcmp(argv[1], "add")) {
		admission.did = argv[2];
		rc = member_add(&admission);
	} else {
		(void)err_set(&session->err, ERR_INVALID,
			      "unknown words behind 'member'");
		rc = CMD_USAGE;
	}
	vault_close(admission.vault);
	return rc;
}
