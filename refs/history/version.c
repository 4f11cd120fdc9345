#include "refs/history/version.h"

#include <stdlib.h>

#include "lib/base/utf8.h"
#include "refs/history/history_internal.h"

#define TIME_MAX INT64_C(253402300799)	/* the year 9999 ends */

void version_init(struct version *version)
{
	memset(version, 0, sizeof(*version));
	version->subject.max = VERSION_SUBJECT_MAX;
	version->note.max = VERSION_MAX_BYTES;
}

void version_release(struct version *version)
{
	free(version->parents);
	free(version->parent_digests);
	free(version->members);
	buf_release(&version->subject);
	buf_release(&version->note);
	version_init(version);
}

const unsigned char *version_writer(const struct version *version)
{
	return version->is_renewed ? version->writer : version->device;
}

const unsigned char *version_identity(const struct version *version)
{
	return version->is_renewed ? version->renews : version->digest;
}

const char *version_change_word(enum version_change change)
{
	switch (change) {
	case CHANGE_ADD:
		return "add";
	case CHANGE_COMPACT:
		return "compact";
	case CHANGE_FORGET:
		return "forget";
	}
	return "unknown";
}

int version_identify(struct version *version, struct span commit,
		     struct err *err)
{
	if (git_odb_hash(&version->id, commit.at, commit.len,
			 GIT_OBJECT_COMMIT) < 0)
		return err_set(err, ERR_INVALID, "cannot hash the version");
	sha256_of(commit.at, commit.len, version->digest);
	return 0;
}

/* Append the text's characters, blanks for what a line cannot hold. */
static int subject_fill(struct span text, struct buf *out, struct err *err)
{
	uint32_t point;
	size_t used;
	bool is_blank;

	while (text.len) {
		used = utf8_decode(text, &point);
		is_blank = !used || point == ' ' || utf8_breaks_line(point);
		if (!used)
			used = 1;
		if (out->len + used > VERSION_SUBJECT_MAX)
			break;
		if (!is_blank)
			buf_put(out, text.at, used);
		else if (out->len)
			buf_put_char(out, ' ');
		text = span_of(text.at + used, text.len - used);
	}
	return buf_end(out, err);
}

static int author_check(const char *author, struct err *err)
{
	if (!utf8_is_line(span_str(author)) || strpbrk(author, "<>"))
		return err_set(err, ERR_INVALID, "not a name for an author: "
			       "it must be one line without '<' and '>'");
	return 0;
}

void version_set_author(struct version *version, const char *name)
{
	struct err refused = ERR_INIT;

	if (!name || strlen(name) >= sizeof(version->author) ||
	    author_check(name, &refused) < 0)
		name = VERSION_SEALED_AUTHOR;
	memcpy(version->author, name, strlen(name) + 1);
}

int version_set_subject(struct version *version, struct span text,
			struct err *err)
{
	struct buf line = BUF_INIT(VERSION_SUBJECT_MAX);
	struct span whole;
	int rc = subject_fill(text, &line, err);

	whole = buf_span(&line);
	while (whole.len && whole.at[whole.len - 1] == ' ')
		whole.len--;
	if (!whole.len)
		whole = span_str("-");
	if (rc == 0)
		rc = buf_reserve(&version->subject, whole.len, err);
	if (rc == 0) {
		buf_reset(&version->subject);
		rc = buf_add_span(&version->subject, whole, err);
	}
	buf_release(&line);
	return rc;
}

static int parents_check(const struct version *version, struct err *err)
{
	const git_oid *parents = version->parents;
	size_t n = version->parents_n;
	size_t i;

	if (n > VERSION_PARENTS_MAX)
		return err_set(err, ERR_INVALID, "%zu parents are too many", n);
	for (i = 1; i < n; i++) {
		if (git_oid_equal(&parents[i], &parents[0]))
			return err_set(err, ERR_INVALID, "a parent is doubled");
		if (i > 1 && git_oid_cmp(&parents[i - 1], &parents[i]) >= 0)
			return err_set(err, ERR_INVALID,
				       "the parents are not in order");
	}
	return 0;
}

static int renewal_check(const struct version *version, struct err *err)
{
	if (version->is_renewed &&
	    !strcmp(version->construct, VAULT_CONSTRUCT))
		return err_set(err, ERR_INVALID,
			       "a version of 'vault' is never made anew");
	return 0;
}

static int members_check(const struct version *version, struct err *err)
{
	size_t n = version->members_n;
	bool is_vault = !strcmp(version->construct, VAULT_CONSTRUCT);
	size_t i;

	if (is_vault != !n)
		return err_set(err, ERR_INVALID, is_vault ?
			       "a version of 'vault' names no Vvault-Members" :
			       "a version needs Vvault-Members");
	if (n > VERSION_HEADS_MAX)
		return err_set(err, ERR_INVALID,
			       "%zu heads of 'vault' are too many", n);
	for (i = 1; i < n; i++) {
		if (memcmp(version->members[i - 1], version->members[i],
			   SHA256_BYTES) >= 0)
			return err_set(err, ERR_INVALID,
				       "Vvault-Members are not in order");
	}
	return 0;
}

static int note_check(const struct version *version, struct err *err)
{
	if (!version->note.len)
		return 0;
	if (!strcmp(version->construct, VAULT_CONSTRUCT))
		return err_set(err, ERR_INVALID,
			       "a version of 'vault' has no Vvault-Note");
	if (strcmp(version->author, VERSION_SEALED_AUTHOR) ||
	    !span_equals(buf_span(&version->subject),
			 span_str(VERSION_SEALED_SUBJECT)))
		return err_set(err, ERR_INVALID, "a version with a note must "
			       "not say more in its author and subject");
	return 0;
}

int version_check(const struct version *version, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	int rc = construct_name_check(span_str(version->construct), err);

	if (rc == 0 && !cid_parse_json(span_str(version->vault_id), digest))
		rc = err_set(err, ERR_INVALID, "not a vault id");
	if (rc == 0 && (!version->seq || version->seq > VERSION_SEQ_MAX))
		rc = err_set(err, ERR_INVALID, "not a sequence number");
	if (rc == 0 && (version->time < 0 || version->time > TIME_MAX))
		rc = err_set(err, ERR_INVALID, "not a time of a version");
	if (rc == 0 && (version->subject.len > VERSION_SUBJECT_MAX ||
			!utf8_is_line(buf_span(&version->subject))))
		rc = err_set(err, ERR_INVALID, "not a subject: it must be one "
			     "line of at most %d bytes", VERSION_SUBJECT_MAX);
	if (rc == 0)
		rc = author_check(version->author, err);
	if (rc == 0)
		rc = parents_check(version, err);
	if (rc == 0)
		rc = members_check(version, err);
	if (rc == 0)
		rc = renewal_check(version, err);
	return rc < 0 ? rc : note_check(version, err);
}
