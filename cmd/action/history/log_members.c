/*
 * What a version of `vault` did, in words: its subject cannot say it, for it is
 * in clear where the vault is sealed, but its records can.
 */
#include "cmd/action/history/log.h"

#include <string.h>

#include "cmd/action/result.h"
#include "refs/vault/statement.h"
#include "refs/view/describe.h"

/* So many members are named. */
#define TOLD_MAX 3

struct telling {
	struct vault *vault;
	struct buf out;
	uint64_t told;		/* members */
	uint64_t more;		/* that were not */
	uint64_t keys;
	bool is_made;
	bool is_renewed;
};

static void put_member(struct telling *telling, const struct statement *of)
{
	struct span name = device_name(telling->vault, of->public);
	char device[DID_SHORT_MAX];

	did_short(of->public, device);
	buf_put_str(&telling->out, telling->out.len ? ", " : "");
	buf_put_span(&telling->out, name.len ? name :
		     span_of(device, DEVICE_BRIEF));
}

static void tell_member(struct telling *telling, const struct statement *of)
{
	const char *role = of->has_role ? role_word(of->role) : "writer";

	if (telling->told == TOLD_MAX) {
		telling->more++;
		return;
	}
	telling->told++;
	put_member(telling, of);
	if (of->kind == STATEMENT_ADMIT)
		buf_putf(&telling->out, " was added as %s", role);
	else if (of->kind == STATEMENT_REMOVE)
		buf_put_str(&telling->out, " was removed");
	else if (of->has_role)
		buf_putf(&telling->out, " is %s from now on", role);
	else
		buf_put_str(&telling->out, " was given a name");
}

static int see_line(void *arg, struct span line, struct err *err)
{
	struct telling *telling = arg;
	struct statement statement;
	unsigned char id[RECORD_ID_BYTES];
	struct record record;
	int rc = record_parse(line, &record, err);

	memset(&statement, 0, sizeof(statement));
	record_id(line, id);
	if (rc == 0)
		rc = statement_parse(&record, id, &statement, err);
	if (rc < 0)
		return rc;
	if (statement.kind == STATEMENT_CREATE)
		telling->is_made = true;
	else if (statement.kind == STATEMENT_KEY ||
		 statement.kind == STATEMENT_GRANT)
		telling->keys++;
	else if (statement.kind == STATEMENT_RENEW)
		telling->is_renewed = true;
	else
		tell_member(telling, &statement);
	statement_release(&statement);
	return 0;
}

static void put_told(struct telling *telling, struct jcs_fields *fields)
{
	struct buf all = BUF_INIT(BUF_NO_LIMIT);

	buf_put_str(&all, telling->is_made ? "the vault was made" : "");
	if (telling->is_made && telling->out.len)
		buf_put_str(&all, "; ");
	buf_put_span(&all, buf_span(&telling->out));
	if (telling->more)
		buf_putf(&all, " and %llu more",
			 (unsigned long long)telling->more);
	if (!all.len && telling->is_renewed)
		buf_put_str(&all, "the vault was made anew, without what was "
			    "forgotten");
	if (!all.len && telling->keys)
		buf_put_str(&all, "keys were handed over");
	if (all.len && !all.failed)
		fields_text(fields, "told", buf_span(&all));
	buf_release(&all);
}

/* What cannot be read has its subject. */
void log_put_members(struct log *log, const struct version *version)
{
	struct telling telling = { .vault = log->call->vault,
				   .out = BUF_INIT(BUF_NO_LIMIT) };
	const struct line_visitor visitor = { see_line, &telling };

	if (!strcmp(version->construct, VAULT_CONSTRUCT) &&
	    version_each_plain(log->call->vault, version, &visitor, NULL) == 0)
		put_told(&telling, &log->fields);
	buf_release(&telling.out);
}
