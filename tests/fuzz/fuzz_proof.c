/*
 * Proofs: whatever the bytes, they hold or are refused with a reason, and what
 * holds names a record by its hash, a vault and a member who may write.
 */
#include <assert.h>
#include <stdint.h>

#include "refs/proof/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	unsigned char id[RECORD_ID_BYTES];
	struct proof_found found;
	struct err err = ERR_INIT;
	int rc;

	proof_found_init(&found);
	rc = proof_check(span_of(data, len), &found, &err);
	assert(rc == 0 || (rc == ERR_UNTRUSTED && err.code == rc &&
			   err.text[0]));
	if (rc == 0) {
		record_id(found.record.line, id);
		assert(!memcmp(id, found.id, sizeof(id)));
		assert(cid_parse_json(span_str(found.vault_id), id));
		assert(found.role >= ROLE_WRITER);
	}
	proof_found_release(&found);
	return 0;
}
