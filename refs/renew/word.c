#include "refs/renew/renew_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/random.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_write.h"
#include "objects/record/record.h"
#include "refs/history/fork_refs.h"
#include "refs/trust/open.h"
#include "refs/trust/settle.h"
#include "refs/vault/statement.h"
#include "refs/write/join.h"
#include "refs/write/write.h"

#define HEADS_PER_RECORD 2048	/* well below what one may hold */

static void put_digest(struct buf *out, bool is_first,
		       const unsigned char digest[SHA256_BYTES])
{
	char hex[HEX_TEXT(SHA256_BYTES) + 1];

	hex_text(digest, SHA256_BYTES, hex);
	buf_putf(out, "%s\"sha256:%s\"", is_first ? "" : ",", hex);
}

/* The heads of one construct, from `at` on, which moves behind them. */
static void put_construct(const struct word *word, size_t *at,
			  struct buf *out)
{
	size_t first = *at;
	size_t i;

	while (*at < word->n && !strcmp(word->at[*at].construct,
					word->at[first].construct))
		++*at;
	buf_putf(out, "{\"construct\":\"%s\",\"heads\":[",
		 word->at[first].construct);
	for (i = first; i < *at; i++)
		put_digest(out, i == first, word->at[i].made.digest);
	buf_put_str(out, "],\"old\":[");
	for (i = first; i < *at; i++)
		put_digest(out, i == first, word->at[i].old);
	buf_put_str(out, "]}");
}

static int add_record(struct stage *stage, struct writer *writer,
		      struct buf *list, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf data = BUF_INIT(RECORD_MAX_BYTES);
	struct buf line = BUF_INIT(RECORD_MAX_BYTES);
	char entity[sizeof("vault:") + 26] = "vault:";
	struct record_parts parts = { .type = "vault:renew" };
	char at[HLC_TEXT_MAX];
	int rc = vault_now(stage->made, at, err);

	random_key26(entity + strlen("vault:"));
	parts.entity = span_str(entity);
	parts.at = at;
	fields_buf(&fields, "constructs", list);
	if (stage->options->remote)
		fields_str(&fields, "remote", stage->options->remote);
	if (rc == 0)
		rc = jcs_fields_write(&fields, &data, err);
	parts.data = buf_span(&data);
	if (rc == 0)
		rc = record_build(&parts, &line, err);
	if (rc == 0)
		rc = writer_add(writer, buf_span(&line), NULL, NULL, err);
	jcs_fields_release(&fields);
	buf_release(&line);
	buf_release(&data);
	return rc;
}

/* One record, or several of one version where there are very many. */
static int add_records(struct stage *stage, const struct word *word,
		       struct writer *writer, struct err *err)
{
	struct buf list = BUF_INIT(RECORD_MAX_BYTES);
	size_t first = 0;
	size_t at = 0;
	int rc = 0;

	do {
		buf_put_char(&list, list.len ? ',' : '[');
		if (at < word->n)
			put_construct(word, &at, &list);
		else
			buf_reset(&list), buf_put_char(&list, '[');
		if (at < word->n && at - first < HEADS_PER_RECORD)
			continue;
		buf_put_char(&list, ']');
		rc = add_record(stage, writer, &list, err);
		buf_reset(&list);
		first = at;
	} while (rc == 0 && at < word->n);
	buf_release(&list);
	return rc;
}

static int say(struct stage *stage, const struct word *word, struct err *err)
{
	struct write_result result = { .has_version = false };
	struct writer *writer = NULL;
	int rc = writer_new(stage->made, VAULT_CONSTRUCT, 0, &writer, err);

	if (rc == 0)
		rc = add_records(stage, word, writer, err);
	if (rc == 0)
		rc = writer_commit(writer, "renew", &result, err);
	writer_free(writer);
	return rc < 0 ? rc : vault_refresh(stage->made, err);
}

/* All that was made of a construct is this device's: the first of several
 * heads has the ref. */
static int lay_heads(struct stage *stage, const struct word *word, size_t *at,
		     struct err *err)
{
	struct vault *made = stage->made;
	struct head head;
	size_t first = *at;
	char name[REF_NAME_MAX];
	int rc = 0;

	memset(&head, 0, sizeof(head));
	memcpy(head.construct, word->at[first].construct,
	       sizeof(head.construct));
	memcpy(head.device, made->device.name, sizeof(head.device));
	for (; rc == 0 && *at < word->n &&
	       !strcmp(word->at[*at].construct, head.construct); ++*at) {
		head.id = word->at[*at].made.id;
		if (*at > first) {
			rc = fork_refs_add(made->store, &head, err);
			continue;
		}
		rc = head_ref_name(HEADS_PREFIX, head.construct, head.device,
				   name, err);
		if (rc == 0)
			rc = ref_swap(made->store, name, NULL, &head.id, err);
	}
	return rc;
}

int word_say(struct stage *stage, const struct word *word, struct err *err)
{
	size_t at = 0;
	int rc = say(stage, word, err);

	while (rc == 0 && at < word->n)
		rc = lay_heads(stage, word, &at, err);
	return rc < 0 ? rc : store_refresh(stage->made->store, err);
}

int word_join(struct stage *stage, const struct word *word, struct err *err)
{
	struct view *view = NULL;
	git_oid id;
	size_t i;
	int rc = 0;

	for (i = 1; rc == 0 && i < word->n; i++) {
		const char *construct = word->at[i].construct;

		if (strcmp(construct, word->at[i - 1].construct) ||
		    (i > 1 && !strcmp(construct, word->at[i - 2].construct)))
			continue;
		rc = view_open_ref(stage->made, construct, &view, err);
		if (rc == 0)
			rc = second_line_join(stage->made, view->construct,
					      &id, err);
		view_free(view);
		view = NULL;
	}
	return rc;
}
