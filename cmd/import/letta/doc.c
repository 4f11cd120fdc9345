#include "cmd/import/letta/doc.h"

#include <stdlib.h>

#include "cmd/import/sniff.h"
#include "lib/json/jcs_write.h"

#define WRAPS_MAX 2
#define INPUT_PEEL_MAX ((size_t)1 << 28)	/* a head is never longer */

static const struct jdoc_options letta_options = {
	.max_bytes = LETTA_MAX_BYTES,
	.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
};

static void letta_forget(struct letta *letta)
{
	jdoc_free(letta->doc);
	letta->doc = NULL;
	letta->root = NULL;
}

/* Parse text in place of what was parsed before, and own it. */
static int parse_own(struct letta *letta, struct buf *text, struct err *err)
{
	struct buf before = letta->text;
	int rc;

	letta_forget(letta);
	letta->text = *text;
	*text = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	buf_release(&before);
	rc = jdoc_parse(buf_span(&letta->text), &letta_options, &letta->doc,
			err);
	if (rc >= 0)
		letta->root = jdoc_root(letta->doc);
	return rc;
}

/* A string that holds the file: some exporters encode twice. */
static int unwrap(struct letta *letta, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	while (rc >= 0 && jval_is(letta->root, JVAL_STRING) &&
	       letta->wraps < WRAPS_MAX) {
		letta->wraps++;
		rc = buf_add_span(&text, jval_text(letta->root), err);
		if (rc >= 0)
			rc = parse_own(letta, &text, err);
		if (rc < 0)
			err_prefix(err, "inside a string");
	}
	buf_release(&text);
	return rc;
}

/* Members that stood there before hold what no walk finds: written anew. */
static int drop_doubles(struct letta *letta, struct err *err)
{
	struct buf canonical = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	letta->doubles = jdoc_duplicates(letta->doc);
	if (!letta->doubles)
		return 0;
	letta->has_kept = true;
	rc = jdoc_to_jcs(letta->root, &canonical, err);
	if (rc >= 0)
		rc = jdoc_from_jcs(buf_span(&canonical), &text, err);
	if (rc >= 0)
		rc = parse_own(letta, &text, err);
	/* In what canonical JSON cannot hold they would stand again. */
	if (rc >= 0 && jdoc_duplicates(letta->doc))
		rc = err_set(err, ERR_INVALID, "members stand there twice");
	buf_release(&canonical);
	buf_release(&text);
	return rc;
}

static int empty_secrets(struct letta *letta, struct span source,
			 struct err *err)
{
	struct letta_secrets secrets = { NULL, 0, 0 };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	const char *at = source.at;
	size_t i;
	int rc;

	rc = letta_find_secrets(letta->root, &secrets, err);
	for (i = 0; i < secrets.n; i++) {
		buf_put(&text, at, (size_t)(secrets.at[i].at - at));
		buf_put_str(&text, "\"\"");
		at = secrets.at[i].at + secrets.at[i].len;
	}
	if (rc < 0 || !secrets.n)
		goto out;
	buf_put(&text, at, (size_t)(source.at + source.len - at));
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = parse_own(letta, &text, err);
	letta->redactions = secrets.n;
	letta->has_kept = true;
out:
	free(secrets.at);
	buf_release(&text);
	return rc;
}

/* The text in as many strings as the file had it in. */
static int make_kept(struct letta *letta, struct err *err)
{
	struct buf inner = BUF_INIT(BUF_NO_LIMIT);
	unsigned i;
	int rc;

	buf_put_span(&letta->kept, buf_span(&letta->text));
	for (i = 0; i < letta->wraps; i++) {
		buf_reset(&inner);
		buf_put_span(&inner, buf_span(&letta->kept));
		buf_reset(&letta->kept);
		jcs_put_string(&letta->kept, buf_span(&inner));
		buf_fail(&letta->kept, inner.failed);
	}
	rc = buf_end(&letta->kept, err);
	buf_release(&inner);
	return rc;
}

/* An agent that stands by itself, as old files have it. */
static bool is_agent(const struct jval *value)
{
	return jval_is(jval_get(value, "messages"), JVAL_ARRAY) &&
	       (jval_get(value, "core_memory") ||
		jval_get(value, "in_context_message_indices") ||
		jval_get(value, "agent_type"));
}

int letta_parse(struct span bytes, struct letta *out, struct err *err)
{
	int rc;

	rc = jdoc_parse(bytes, &letta_options, &out->doc, err);
	if (rc < 0)
		return rc;
	out->root = jdoc_root(out->doc);
	rc = unwrap(out, err);
	if (rc < 0)
		return rc;
	out->is_bare = !jval_is(jval_get(out->root, "agents"), JVAL_ARRAY);
	if (out->is_bare && !is_agent(out->root))
		return err_set(err, ERR_UNSUPPORTED,
			       "this JSON is no agent file");
	rc = drop_doubles(out, err);
	if (rc >= 0)
		rc = empty_secrets(out, out->text.data ? buf_span(&out->text) :
				   bytes, err);
	if (rc >= 0 && out->has_kept)
		rc = make_kept(out, err);
	return rc;
}

void letta_release(struct letta *letta)
{
	letta_forget(letta);
	buf_release(&letta->text);
	buf_release(&letta->kept);
}

const struct jval *letta_first_agent(const struct letta *letta)
{
	return letta->is_bare ? letta->root :
		jval_first(jval_get(letta->root, "agents"));
}

/*
 * The begin of the text in a string, as far as sniffing needs it: quotes and
 * backslashes without theirs. Replaces out.
 */
static int peel(struct span head, struct buf *out)
{
	const char *at = head.at;
	const char *end = head.len ? at + head.len : at;
	int rc = 0;

	buf_reset(out);
	while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' ||
			    *at == '\t'))
		at++;
	if (at >= end || *at != '"')
		return ERR_INVALID;
	for (at++; rc >= 0 && at < end && *at != '"'; at++) {
		if (*at == '\\' && ++at < end && (*at == 'n' || *at == 'r' ||
						  *at == 't'))
			rc = buf_add_char(out, ' ', NULL);
		else if (at < end)
			rc = buf_add_char(out, *at, NULL);
	}
	return rc;
}

static bool is_like(struct span text)
{
	static const char *const signs[] = {
		"core_memory|agent_type messages|system|"
		"in_context_message_indices",
		"agents *agent_type|*block_ids|*llm_config|blocks", NULL
	};

	return sniff_any(text, signs);
}

bool letta_sniff(struct span head)
{
	struct buf outer = BUF_INIT(INPUT_PEEL_MAX);
	struct buf inner = BUF_INIT(INPUT_PEEL_MAX);
	bool is_one = is_like(head);

	if (!is_one && peel(head, &outer) >= 0) {
		is_one = is_like(buf_span(&outer));
		if (!is_one && peel(buf_span(&outer), &inner) >= 0)
			is_one = is_like(buf_span(&inner));
	}
	buf_release(&outer);
	buf_release(&inner);
	return is_one;
}
