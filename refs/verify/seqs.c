#include "refs/verify/verify_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "refs/history/history.h"

#define KNOWN_MAX 8	/* ends of known history before they are thinned */

void seqs_release(struct seqs *seqs)
{
	free(seqs->at);
	free(seqs->known);
	memset(seqs, 0, sizeof(*seqs));
}

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

int seqs_copy(const struct seqs *from, struct seqs *to, struct err *err)
{
	struct seqs made;

	memset(&made, 0, sizeof(made));
	made.at = malloc((from->n + 1) * sizeof(*made.at));
	made.known = malloc((from->known_n + 1) * sizeof(*made.known));
	if (!made.at || !made.known) {
		seqs_release(&made);
		return no_memory(err);
	}
	made.cap = from->n + 1;
	made.known_cap = from->known_n + 1;
	made.n = from->n;
	made.known_n = from->known_n;
	if (made.n)
		memcpy(made.at, from->at, made.n * sizeof(*made.at));
	if (made.known_n)
		memcpy(made.known, from->known,
		       made.known_n * sizeof(*made.known));
	*to = made;
	return 0;
}

/* Devices are numbered as they are met. */
static int device_number(struct verifier *verifier,
			 const unsigned char device[DID_KEY_BYTES],
			 uint32_t *out, struct err *err)
{
	uint64_t number = verifier->devices.count;
	int rc = 0;

	if (!table_get(&verifier->devices, device, &number))
		rc = table_put(&verifier->devices, device, number, err);
	*out = (uint32_t)number;
	return rc;
}

static int raise(struct seqs *seqs, uint32_t device, uint64_t seq,
		 struct err *err)
{
	size_t i;
	int rc;

	for (i = 0; i < seqs->n; i++) {
		if (seqs->at[i].device != device)
			continue;
		if (seqs->at[i].seq < seq)
			seqs->at[i].seq = seq;
		return 0;
	}
	rc = array_room(seqs, err);
	if (rc == 0)
		seqs->at[seqs->n++] = (struct seq_entry){ device, seq };
	return rc;
}

int seqs_set(struct verifier *verifier, struct seqs *seqs,
	     const unsigned char device[DID_KEY_BYTES], uint64_t seq,
	     struct err *err)
{
	uint32_t number;
	int rc = device_number(verifier, device, &number, err);

	return rc < 0 ? rc : raise(seqs, number, seq, err);
}

int seqs_add_known(struct verifier *verifier, struct seqs *seqs,
		   const git_oid *id, struct err *err)
{
	size_t i;
	int rc;

	for (i = 0; i < seqs->known_n; i++)
		if (git_oid_equal(&seqs->known[i], id))
			return 0;
	rc = array_room_in(seqs->known, seqs->known_n, seqs->known_cap, err);
	if (rc < 0)
		return rc;
	seqs->known[seqs->known_n++] = *id;
	if (seqs->known_n <= KNOWN_MAX)
		return 0;
	return history_maximal(verifier->store, seqs->known, &seqs->known_n,
			       err);
}

int seqs_join(struct verifier *verifier, struct seqs *into,
	      const struct seqs *from, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < from->n; i++)
		rc = raise(into, from->at[i].device, from->at[i].seq, err);
	for (i = 0; rc == 0 && i < from->known_n; i++)
		rc = seqs_add_known(verifier, into, &from->known[i], err);
	return rc;
}

int seq_of_known(struct verifier *verifier, const git_oid *id,
		 const unsigned char device[DID_KEY_BYTES], uint64_t *out,
		 struct err *err)
{
	unsigned char key[GIT_OID_RAWSZ + DID_KEY_BYTES];
	int rc;

	memcpy(key, id->id, GIT_OID_RAWSZ);
	memcpy(key + GIT_OID_RAWSZ, device, DID_KEY_BYTES);
	if (table_get(&verifier->known_seqs, key, out))
		return 0;
	rc = history_seq(verifier->store, id, 1, device, out, err);
	return rc < 0 ? rc : table_put(&verifier->known_seqs, key, *out, err);
}

int seqs_get(struct verifier *verifier, const struct seqs *seqs,
	     const unsigned char device[DID_KEY_BYTES], uint64_t *out,
	     struct err *err)
{
	uint64_t highest = 0;
	uint64_t seq;
	uint32_t number;
	size_t i;
	int rc = device_number(verifier, device, &number, err);

	for (i = 0; rc == 0 && i < seqs->n; i++)
		if (seqs->at[i].device == number)
			highest = seqs->at[i].seq;
	for (i = 0; rc == 0 && i < seqs->known_n; i++) {
		rc = seq_of_known(verifier, &seqs->known[i], device, &seq,
				  err);
		if (rc == 0 && seq > highest)
			highest = seq;
	}
	if (rc == 0)
		*out = highest;
	return rc;
}
