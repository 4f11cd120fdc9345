#include "refs/renew/renew_internal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"

/* The vault's keys, that one last: it seals. */
static int sealer_for(const struct renewal *renewal, const unsigned char *key,
		      struct sealer **out, struct err *err)
{
	const struct vault *vault = renewal->stage->vault;
	struct content_key *keys = calloc(vault->keys_n + 1, sizeof(*keys));
	size_t n = 0;
	size_t i;
	int rc;

	if (!keys)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < vault->keys_n; i++)
		if (memcmp(vault->keys[i].id, key, KEY_ID_BYTES))
			keys[n++] = vault->keys[i];
	for (i = 0; i < vault->keys_n; i++)
		if (!memcmp(vault->keys[i].id, key, KEY_ID_BYTES))
			keys[n++] = vault->keys[i];
	rc = sealer_new(vault->state.vault_id, renewal->view->ref_name, keys,
			n, out, err);
	sodium_memzero(keys, (vault->keys_n + 1) * sizeof(*keys));
	free(keys);
	return rc;
}

static int codec_make(struct renewal *renewal, const unsigned char *key,
		      struct codec **out, struct err *err)
{
	struct sealer *sealer = NULL;
	int rc;

	if (!key)
		return codec_new_plain(out, err);
	rc = sealer_for(renewal, key, &sealer, err);
	if (rc < 0)
		return rc;
	rc = codec_new_sealed(renewal->stage->vault->name_key,
			      renewal->view->ref_name, sealer, out, err);
	if (rc < 0)
		sealer_free(sealer);
	return rc;
}

int renewal_codec(struct renewal *renewal, const unsigned char *key,
		  struct codec **out, struct err *err)
{
	struct keyed_codec *made;
	size_t i;
	int rc;

	for (i = 0; i < renewal->codecs_n; i++) {
		if (key && memcmp(renewal->codecs[i].key, key, KEY_ID_BYTES))
			continue;
		*out = renewal->codecs[i].codec;
		return 0;
	}
	rc = array_room_in(renewal->codecs, renewal->codecs_n,
			   renewal->codecs_cap, err);
	if (rc < 0)
		return rc;
	made = &renewal->codecs[renewal->codecs_n];
	memset(made, 0, sizeof(*made));
	if (key)
		memcpy(made->key, key, KEY_ID_BYTES);
	rc = codec_make(renewal, key, &made->codec, err);
	if (rc < 0)
		return rc;
	renewal->codecs_n++;
	*out = made->codec;
	return 0;
}

int renewal_note(struct renewal *renewal, struct version *version,
		 const struct version_note *note, const unsigned char *key,
		 struct err *err)
{
	struct sealer *sealer = NULL;
	int rc = sealer_for(renewal, key, &sealer, err);

	if (rc == 0)
		rc = vault_note_seal_with(note, sealer, version, err);
	sealer_free(sealer);
	return rc;
}

void renewal_codecs_free(struct renewal *renewal)
{
	while (renewal->codecs_n)
		codec_free(renewal->codecs[--renewal->codecs_n].codec);
	free(renewal->codecs);
}
