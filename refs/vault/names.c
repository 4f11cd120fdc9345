#include "refs/vault/vault.h"

#include <string.h>

#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "refs/history/version.h"

#define NOTE_MAX 16384

static bool is_open_text(const struct vault *vault, const char *ref_name)
{
	return !vault->state.is_encrypted ||
	       !strcmp(ref_name, VAULT_CONSTRUCT);
}

static int no_keys(struct err *err)
{
	return err_set(err, ERR_NO_KEY, "the vault is sealed, and this device "
		       "holds no key of it: an owner must add it as a member");
}

int vault_ref_name(const struct vault *vault, const char *construct,
		   char out[CONSTRUCT_NAME_MAX], struct err *err)
{
	unsigned char subkey[NAME_KEY_BYTES];
	char name[PLACE_NAME_LEN + 1];
	int rc = construct_name_check(span_str(construct), err);

	if (rc < 0)
		return rc;
	if (is_open_text(vault, construct)) {
		memmove(out, construct, strlen(construct) + 1);
		return 0;
	}
	if (!vault->has_keys)
		return no_keys(err);
	name_key_for_refs(vault->name_key, subkey);
	keyed_name(subkey, span_str(construct), name);
	memcpy(out, name, sizeof(name));
	return 0;
}

static int sealer_of(const struct vault *vault, const char *ref_name,
		     struct sealer **out, struct err *err)
{
	if (!vault->has_keys)
		return no_keys(err);
	return sealer_new(vault->state.vault_id, ref_name, vault->keys,
			  vault->keys_n, out, err);
}

int vault_codec(const struct vault *vault, const char *ref_name,
		struct codec **out, struct err *err)
{
	struct sealer *sealer = NULL;
	int rc;

	if (is_open_text(vault, ref_name))
		return codec_new_plain(out, err);
	if (!vault->has_keys)
		return codec_new_blind(out, err);
	rc = sealer_of(vault, ref_name, &sealer, err);
	if (rc == 0)
		rc = codec_new_sealed(vault->name_key, ref_name, sealer, out,
				      err);
	return rc;
}

void version_note_release(struct version_note *note)
{
	static const struct version_note empty = VERSION_NOTE_INIT;

	buf_release(&note->subject);
	*note = empty;
}

static int note_write(const struct version_note *note, struct buf *out,
		      struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "construct", note->construct);
	if (note->has_records)
		fields_integer(&fields, "records", (int64_t)note->records);
	fields_text(&fields, "subject", buf_span(&note->subject));
	rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

int vault_note_seal_with(const struct version_note *note,
			 struct sealer *sealer, struct version *version,
			 struct err *err)
{
	unsigned char owner[SHA256_BYTES];
	struct buf text = BUF_INIT(NOTE_MAX);
	int rc;

	if (note->subject.len > VERSION_SUBJECT_MAX)
		return err_set(err, ERR_LIMIT, "the subject is too long");
	rc = construct_name_check(span_str(note->construct), err);
	if (rc == 0)
		rc = note_write(note, &text, err);
	if (rc == 0)
		rc = version_note_owner(version, owner, err);
	buf_reset(&version->note);
	if (rc == 0)
		rc = sealer_seal_for(sealer, SEAL_NOTE,
				     span_of((const char *)owner,
					     sizeof(owner)),
				     buf_span(&text), &version->note, err);
	buf_release(&text);
	return rc;
}

int vault_note_seal(const struct vault *vault, const struct version_note *note,
		    struct version *version, struct err *err)
{
	struct sealer *sealer = NULL;
	int rc = sealer_of(vault, version->construct, &sealer, err);

	if (rc == 0)
		rc = vault_note_seal_with(note, sealer, version, err);
	sealer_free(sealer);
	return rc;
}

/* A note speaks only for the construct whose keyed name its version has. */
static int note_name_check(const struct vault *vault,
			   const struct version *version, const char *name,
			   struct err *err)
{
	char keyed[CONSTRUCT_NAME_MAX];
	int rc = vault_ref_name(vault, name, keyed, err);

	if (rc == 0 && strcmp(keyed, version->construct))
		rc = err_set(err, ERR_UNTRUSTED, "the note of a version names "
			     "another construct than the version is of");
	return rc;
}

static int note_read(struct span text, struct version_note *out,
		     struct err *err)
{
	struct span name, subject, records;
	int64_t count = 0;
	int rc = jcs_check(text, err);

	if (rc < 0)
		return rc;
	if (!jcs_find_string(text, "construct", &name) ||
	    construct_name_check(name, NULL) < 0 ||
	    !jcs_find(text, "subject", &subject))
		return err_set(err, ERR_INVALID, "the note lacks a field");
	out->has_records = jcs_find(text, "records", &records);
	if (out->has_records && (!jcs_integer(records, &count) || count < 0))
		return err_set(err, ERR_INVALID, "the note has a wrong number");
	out->records = (uint64_t)count;
	memcpy(out->construct, name.at, name.len);
	out->construct[name.len] = '\0';
	return jcs_string_decode(subject, &out->subject, err);
}

static int note_unseal(const struct vault *vault,
		       const struct version *version,
		       struct version_note *out, struct err *err)
{
	unsigned char owner[SHA256_BYTES];
	struct sealer *sealer = NULL;
	struct buf text = BUF_INIT(NOTE_MAX);
	struct err reason = ERR_INIT;
	int rc;

	if (!version->note.len)
		return err_set(err, ERR_CORRUPT,
			       "a version of a sealed construct has no note");
	rc = sealer_of(vault, version->construct, &sealer, err);
	if (rc == 0)
		rc = version_note_owner(version, owner, err);
	if (rc == 0)
		rc = sealer_open_for(sealer, SEAL_NOTE,
				     span_of((const char *)owner,
					     sizeof(owner)),
				     buf_span(&version->note), &text, err);
	if (rc == 0 && note_read(buf_span(&text), out, &reason) < 0)
		rc = err_set(err, ERR_CORRUPT, "the note of a version is "
			     "damaged: %s", reason.text);
	if (rc == 0)
		rc = note_name_check(vault, version, out->construct, err);
	sealer_free(sealer);
	buf_release(&text);
	return rc;
}

int vault_note_open(const struct vault *vault, const struct version *version,
		    struct version_note *out, struct err *err)
{
	struct version_note note = VERSION_NOTE_INIT;
	int rc;

	if (is_open_text(vault, version->construct)) {
		memcpy(note.construct, version->construct,
		       CONSTRUCT_NAME_MAX);
		rc = buf_add_span(&note.subject, buf_span(&version->subject),
				  err);
	} else {
		rc = note_unseal(vault, version, &note, err);
	}
	if (rc < 0) {
		version_note_release(&note);
		return rc;
	}
	version_note_release(out);
	*out = note;
	return 0;
}

int vault_construct_name(const struct vault *vault,
			 const struct version *version,
			 char out[CONSTRUCT_NAME_MAX], struct err *err)
{
	struct version_note note = VERSION_NOTE_INIT;
	int rc = vault_note_open(vault, version, &note, err);

	if (rc == 0)
		memcpy(out, note.construct, CONSTRUCT_NAME_MAX);
	version_note_release(&note);
	return rc;
}

int member_name(const struct vault_state *state, const struct member *member,
		const struct content_key *keys, size_t keys_n, struct buf *out,
		struct err *err)
{
	struct sealer *sealer = NULL;
	char owner[DID_SHORT_MAX];
	int rc;

	if (!member->name.len)
		return 0;
	if (!state->is_encrypted)
		return buf_add_span(out, buf_span(&member->name), err);
	if (!keys_n)
		return err_set(err, ERR_NO_KEY,
			       "member names are sealed, and this device "
			       "holds no key");
	rc = sealer_new(state->vault_id, VAULT_CONSTRUCT, keys, keys_n,
			&sealer, err);
	did_short(member->public, owner);
	if (rc == 0)
		rc = sealer_open_for(sealer, SEAL_NOTE, span_str(owner),
				     buf_span(&member->name), out, err);
	sealer_free(sealer);
	return rc;
}

struct span device_name(struct vault *vault,
			const unsigned char public[DID_KEY_BYTES])
{
	struct member *member = NULL;
	size_t i;

	for (i = 0; !member && i < vault->state.members_n; i++)
		if (!memcmp(vault->state.members[i].public, public,
			    DID_KEY_BYTES))
			member = &vault->state.members[i];
	if (!member)
		return span_of("", 0);
	if (!member->is_shown) {
		member->is_shown = true;
		member->shown = (struct buf)BUF_INIT(SEAL_PLAIN_MAX);
		/* A name that does not open is none. */
		if (member_name(&vault->state, member, vault->keys,
				vault->keys_n, &member->shown, NULL) < 0)
			buf_reset(&member->shown);
	}
	return buf_span(&member->shown);
}

void device_names_put(struct vault *vault, struct span sentence,
		      struct buf *out)
{
	static const size_t prefix = sizeof(DID_PREFIX) - 1;
	unsigned char public[DID_KEY_BYTES];

	while (sentence.len) {
		size_t skip = span_begins(sentence, DID_PREFIX) ? prefix : 0;
		size_t len = 1;
		struct span name = span_of("", 0);

		if (sentence.len >= skip + DID_SHORT &&
		    did_spelled(span_of(sentence.at + skip, DID_SHORT),
				public))
			name = device_name(vault, public);
		if (name.len) {
			buf_putf(out, "%.*s (%.*s)", (int)name.len, name.at,
				 DEVICE_BRIEF, sentence.at + skip);
			len = skip + DID_SHORT;
		} else {
			buf_put_char(out, sentence.at[0]);
		}
		sentence = span_of(sentence.at + len, sentence.len - len);
	}
}
