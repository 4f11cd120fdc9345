#include "refs/index/lists/names_known.h"

#include <stdlib.h>
#include <string.h>

#include "lib/id/hash.h"
#include "lib/os/slot_file.h"

#define NAMED_FILE "cache/named"
#define NAMED_SLOTS 4096
#define NAME_BYTES 64	/* of the longest name */

struct names_known {
	struct slot_file *file;
	struct local_seal seal;
};

struct names_known *names_known_open(struct vault *vault)
{
	static const struct slot_shape shape = {
		.magic = "vvault-named-1",
		.key_len = SHA256_BYTES,
		.value_len = NAME_BYTES,
		.slots = NAMED_SLOTS,
	};
	struct names_known *known = calloc(1, sizeof(*known));

	if (!known)
		return NULL;
	if (vault_cache_open(vault, NAMED_FILE, &shape, &known->file,
			     NULL) < 0) {
		free(known);
		return NULL;
	}
	device_key_local_seal(&vault->device, "named 1",
			      vault->state.vault_id, &known->seal);
	return known;
}

void names_known_free(struct names_known *known)
{
	if (!known)
		return;
	slot_file_free(known->file);
	local_seal_wipe(&known->seal);
	free(known);
}

static void make_key(const struct names_known *known, const char *called,
		     unsigned char key[SHA256_BYTES])
{
	blake2b_of(called, strlen(called), known->seal.key,
		   sizeof(known->seal.key), key, SHA256_BYTES);
}

/* One that changes is hidden by the same pad, as it follows from the name. */
static void hide(const struct names_known *known,
		 const unsigned char key[SHA256_BYTES],
		 unsigned char id[NAME_BYTES])
{
	unsigned char pad[NAME_BYTES];
	size_t i;

	blake2b_of(key, SHA256_BYTES, known->seal.key,
		   sizeof(known->seal.key), pad, sizeof(pad));
	for (i = 0; i < NAME_BYTES; i++)
		id[i] ^= pad[i];
}

void names_known_put(struct names_known *known, const char *called,
		     const char *id)
{
	unsigned char key[SHA256_BYTES];
	unsigned char value[NAME_BYTES] = "";

	memcpy(value, id, strlen(id));
	make_key(known, called, key);
	hide(known, key, value);
	slot_file_put(known->file, key, value);
}

bool names_known_get(struct names_known *known, const char *called,
		     char out_id[CONSTRUCT_NAME_MAX])
{
	unsigned char key[SHA256_BYTES];
	unsigned char value[NAME_BYTES];

	make_key(known, called, key);
	if (!slot_file_get(known->file, key, value))
		return false;
	hide(known, key, value);
	memcpy(out_id, value, NAME_BYTES);
	out_id[NAME_BYTES] = '\0';
	return true;
}
