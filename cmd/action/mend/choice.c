#include "cmd/action/mend/choice.h"

#include <string.h>

#include "cmd/action/know/who.h"
#include "cmd/action/read/ref.h"
#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jdoc.h"

#define ID_BEGIN 7		/* characters behind what ids have in common */

/* --- a record or a device --- */

static bool is_record(const struct dispute_value *value, const char *whose)
{
	char id[CID_TEXT_MAX];
	size_t common = strlen("bagaaiera");
	size_t len = strlen(whose);

	cid_text(CID_JSON, value->record->id, id);
	if (ref_is_record_id(whose))
		return len >= common + ID_BEGIN && !strncmp(id, whose, len);
	return len >= ID_BEGIN && !strncmp(id + common, whose, len);
}

static int is_signer(const struct settling *settling,
		     const struct dispute_value *value,
		     const unsigned char device[DID_KEY_BYTES], bool *out,
		     struct err *err)
{
	const struct version *version;
	int rc = signer_find(settling->signers, settling->entity->entity,
			     value->record, &version, err);

	*out = rc == 0 && version &&
	       !memcmp(version_writer(version), device, DID_KEY_BYTES);
	return rc;
}

static bool is_same(const struct dispute_value *a,
		    const struct dispute_value *b)
{
	return !a->value.at == !b->value.at &&
	       span_equals(a->value, b->value);
}

static int take_value(const struct dispute_value *value, struct choice *out,
		      struct err *err)
{
	out->is_made = true;
	out->deletes = !value->value.at;
	buf_reset(&out->value);
	return out->deletes ? 0 : buf_add_span(&out->value, value->value, err);
}

static int refuse_several(const struct settling *settling, const char *whose,
			  struct err *err)
{
	return err_set(err, ERR_INVALID, "'%s' says several things of '%.*s': "
		       "--take the number before what is meant, as 'vvault "
		       "conflicts' shows it", whose, (int)settling->entity->entity.len,
		       settling->entity->entity.at);
}

/* As conflicts counts them; 0: no number. */
static size_t number_of(const char *whose)
{
	size_t len = strlen(whose);
	size_t n = 0;

	if (!len || len > 3 || strspn(whose, "0123456789") != len)
		return 0;
	while (*whose)
		n = n * 10 + (size_t)(*whose++ - '0');
	return n;
}

int choice_take(const struct settling *settling, const char *whose,
		struct choice *out, struct err *err)
{
	struct vault *vault = settling->signers->view->vault;
	const struct dispute *dispute = out->dispute;
	const struct dispute_value *found = NULL;
	unsigned char device[DID_KEY_BYTES];
	bool has_device = who_find(vault, whose, device, NULL) == 0;
	size_t number = has_device ? 0 : number_of(whose);
	size_t i;
	int rc = 0;

	if (number)
		return number > dispute->n ? 0 :
			take_value(&dispute->at[number - 1], out, err);
	for (i = 0; rc == 0 && i < dispute->n; i++) {
		bool is_it = is_record(&dispute->at[i], whose);

		if (!is_it && has_device)
			rc = is_signer(settling, &dispute->at[i], device,
				       &is_it, err);
		if (rc == 0 && is_it && found &&
		    !is_same(found, &dispute->at[i]))
			return refuse_several(settling, whose, err);
		if (is_it && !found)
			found = &dispute->at[i];
	}
	return rc == 0 && found ? take_value(found, out, err) : rc;
}

int choice_name(const struct settling *settling,
		const struct dispute_value *value, struct buf *out,
		struct err *err)
{
	struct vault *vault = settling->signers->view->vault;
	const struct version *version;
	char did[DID_SHORT_MAX];
	struct span name;
	int rc = signer_find(settling->signers, settling->entity->entity,
			     value->record, &version, err);

	if (rc < 0)
		return rc;
	if (!version)
		return buf_add_str(out, "unknown", err);
	name = device_name(vault, version_writer(version));
	if (name.len)
		return buf_add_span(out, name, err);
	did_short(version_writer(version), did);
	return buf_add(out, did, DEVICE_BRIEF, err);
}

/* --- what is said --- */

/* Whoever writes 2024 as a title means words; null means nothing. */
static bool is_meant(const struct dispute *dispute, enum jcs_type type)
{
	bool has_words = false;
	size_t i;

	if (type == JCS_STRING || type == JCS_NULL)
		return true;
	for (i = 0; i < dispute->n; i++) {
		enum jcs_type of = jcs_type_of(dispute->at[i].value);

		if (of == type)
			return true;
		has_words |= of == JCS_STRING;
	}
	return !has_words;
}

static bool read_json(struct span said, struct buf *out)
{
	static const struct jdoc_options options = {
		.flags = JDOC_DUPLICATES_REFUSE | JDOC_SURROGATES_KEEP,
	};
	struct jdoc *doc = NULL;
	bool is_json = jdoc_parse(said, &options, &doc, NULL) == 0 &&
		       jdoc_to_jcs(jdoc_root(doc), out, NULL) == 0;

	jdoc_free(doc);
	return is_json;
}

int choice_say(struct span said, struct choice *out, struct err *err)
{
	int rc = 0;

	if (!out->dispute->field.len)
		return err_set(err, ERR_INVALID, "it was deleted on one side "
			       "and spoken of on the other: --take one side");
	buf_reset(&out->value);
	if (!read_json(said, &out->value) ||
	    !is_meant(out->dispute, jcs_type_of(buf_span(&out->value)))) {
		buf_reset(&out->value);
		rc = jcs_add_string(&out->value, said, err);
	}
	out->is_made = rc == 0;
	return rc;
}

/* --- who is asked --- */

static int put_option(const struct settling *settling, size_t number,
		      const struct dispute_value *value, struct buf *out,
		      struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span shown = value->value;
	int rc;

	buf_putf(out, "\n  %zu  ", number);
	rc = choice_name(settling, value, out, err);
	if (!shown.at)
		shown = span_str("(deletes it)");
	else if (jcs_type_of(shown) == JCS_NULL)
		shown = span_str("(removes it)");
	else if (jcs_type_of(shown) == JCS_STRING &&
		 jcs_string_decode(shown, &text, NULL) == 0)
		shown = buf_span(&text);
	if (rc == 0)
		buf_putf(out, "%s: %.*s", value->wins ? " (stands)" : "",
			 (int)shown.len, shown.at);
	buf_release(&text);
	return rc;
}

int choice_ask(const struct settling *settling, struct choice *out,
	       struct err *err)
{
	const struct host *host = settling->call->host;
	const struct dispute *dispute = out->dispute;
	bool may_edit = host->edit && dispute->field.len;
	struct buf question = BUF_INIT(BUF_NO_LIMIT);
	size_t chosen = 0;
	size_t i;
	int rc = 0;

	buf_put_span(&question, settling->entity->entity);
	if (dispute->field.len)
		buf_putf(&question, ": %.*s", (int)dispute->field.len - 1,
			 dispute->field.at + 1);
	for (i = 0; rc == 0 && i < dispute->n; i++)
		rc = put_option(settling, i + 1, &dispute->at[i], &question,
				err);
	if (may_edit)
		buf_putf(&question, "\n  %zu  edit", dispute->n + 1);
	buf_put_str(&question, "\nWhich one");
	if (rc == 0)
		rc = buf_end(&question, err);
	if (rc == 0)
		chosen = host->choose(host->arg, buf_span(&question),
				      dispute->n + may_edit);
	buf_release(&question);
	if (rc < 0 || !chosen)
		return rc;
	return chosen > dispute->n ? choice_edit(settling, out, err) :
	       take_value(&dispute->at[chosen - 1], out, err);
}
