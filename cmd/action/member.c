#include <stdlib.h>
#include <string.h>

#include "lib/id/did.h"
#include "refs/trust/cuts.h"
#include "refs/vault/records.h"
#include "refs/write/write.h"
#include "cmd/cli/result_old.h"
#include "cmd/cli/options.h"
#include "cmd/cli/out.h"

struct admission {
	struct session *session;
	struct vault *vault;
	const char *did;
	const char *role;	/* or NULL: not named */
	const char *name;	/* or NULL */
	unsigned char public[DID_KEY_BYTES];
	struct vault_admitted result;
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

/* What a lowered member keeps; nothing is cut of anybody else. */
static int find_cuts(const struct admission *admission,
		     const struct vault_admission *what,
		     struct member_cut **out, size_t *out_n)
{
	struct vault *vault = admission->vault;

	if (what->role == ROLE_NONE ||
	    what->role >= vault_state_role(&vault->state, what->public))
		return 0;
	return bounds_cuts(vault, what->public, out, out_n,
			   &admission->session->err);
}

static int make_records(struct admission *admission, struct buf *out)
{
	struct err *err = &admission->session->err;
	struct vault *vault = admission->vault;
	struct vault_admission what = {
		.state = &vault->state,
		.public = admission->public,
		.name = admission->name,
		.keys = vault->keys,
		.keys_n = vault->keys_n,
	};
	struct member_cut *cuts = NULL;
	char at[HLC_TEXT_MAX];
	int rc;

	rc = did_parse(span_str(admission->did), admission->public, err);
	if (rc >= 0 && admission->role)
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
	rc = find_cuts(admission, &what, &cuts, &what.cuts_n);
	what.cuts = cuts;
	if (rc >= 0)
		rc = vault_records_admit(&what, out, &admission->result, err);
	free(cuts);
	return rc;
}

static void print_result(const struct admission *admission)
{
	const struct vault_admitted *result = &admission->result;
	const char *did = admission->did;
	const char *role = role_word(result->after);

	if (result->is_new) {
		out_printf("added %s as %s\n", did, role);
		return;
	}
	if (result->after != result->before)
		out_printf("%s: %s -> %s\n", did, role_word(result->before),
			   role);
	if (result->is_renamed) {
		out_printf("%s: now named ", did);
		out_text(span_str(admission->name));
		out_printf("\n");
	}
	if (result->grants)
		out_printf("%s: granted %zu key%s\n", did, result->grants,
			   result->grants == 1 ? "" : "s");
	if (result->after == result->before && !result->is_renamed &&
	    !result->grants)
		out_printf("nothing to change: %s is %s\n", did, role);
}

/* As member list shows it. */
static int print_json(struct admission *admission)
{
	struct err *err = &admission->session->err;
	struct vault *vault = admission->vault;
	const struct member *member;
	int rc = vault_refresh(vault, err);

	if (rc < 0)
		return rc;
	member = vault_state_member(&vault->state, admission->public);
	if (!member)
		return err_set(err, ERR_NOT_FOUND, "'%s' is no member",
			       admission->did);
	return print_member(admission->session, vault, member);
}

static int member_add(struct admission *admission)
{
	struct err *err = &admission->session->err;
	struct buf records = BUF_INIT(BUF_NO_LIMIT);
	struct write_result result = { .has_version = false };
	struct writer *writer = NULL;
	int rc;

	/* The right to write comes first: it is the clearest refusal. */
	rc = writer_new(admission->vault, VAULT_CONSTRUCT, 0, &writer, err);
	if (rc >= 0)
		rc = make_records(admission, &records);
	if (rc >= 0)
		rc = add_lines(writer, buf_span(&records), err);
	if (rc >= 0)
		rc = writer_commit(writer, admission->result.is_new
						   ? "member: add"
						   : "member: change",
				   &result, err);
	if (rc >= 0 && admission->session->is_json)
		rc = print_json(admission);
	else if (rc >= 0)
		print_result(admission);
	writer_free(writer);
	buf_release(&records);
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
	struct admission admission = { .session = session };
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
		rc = options_refuse(session, argv[1]);
	}
	vault_close(admission.vault);
	return rc;
}
