/*
 * Sealing, three ways: the input as a sealed object; as what a key holder
 * put inside one (length, frame, padding), rightly sealed; and as plain
 * bytes, which must come back.
 */
#include <stdint.h>
#include <stdlib.h>

#include "objects/record/seal.h"
#include "tests/unit/seal_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must(int claim)
{
	if (!claim)
		abort();
}

static void open_it(struct sealer *sealer, struct span bytes)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	int rc = sealer_open(sealer, SEAL_SEGMENT, bytes, &out, &err);

	must(rc == 0 || (rc == err.code && !out.len));
	must(rc == 0 || rc == ERR_CORRUPT || rc == ERR_NO_KEY ||
	     rc == ERR_LIMIT);
	must(out.len <= SEAL_PLAIN_MAX);
	buf_release(&out);
}

static void open_inside(struct sealer *sealer, const unsigned char *key,
			struct span input)
{
	struct oracle who = {
		"vvault-seg-1", "vvault seal", "bvault", "nova", key, NULL
	};
	unsigned char *sealed = malloc(input.len + ORACLE_HEAD + 16);

	must(sealed != NULL);
	open_it(sealer, span_of(sealed, oracle_seal(&who,
		(const unsigned char *)input.at, input.len, false, sealed)));
	free(sealed);
}

static void round_trip(struct sealer *sealer, struct span plain)
{
	struct buf sealed = BUF_INIT(BUF_NO_LIMIT);
	struct buf back = BUF_INIT(BUF_NO_LIMIT);

	must(sealer_seal(sealer, SEAL_NOTE, plain, &sealed, NULL) == 0);
	must(seal_has_form(buf_span(&sealed)));
	must(sealer_open(sealer, SEAL_NOTE, buf_span(&sealed), &back, NULL) ==
	     0);
	must(span_equals(buf_span(&back), plain));
	buf_release(&sealed);
	buf_release(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct content_key key = { .key = "a key for fuzzing, nothing else" };
	struct sealer *sealer = NULL;
	unsigned char none = 0;
	struct span bytes = span_of(len ? data : &none, len);

	if (len > SEAL_PLAIN_MAX)
		return 0;
	content_key_id(key.key, key.id);
	must(sealer_new("bvault", "nova", &key, 1, &sealer, NULL) == 0);
	open_it(sealer, bytes);
	open_inside(sealer, key.key, bytes);
	round_trip(sealer, bytes);
	sealer_free(sealer);
	return 0;
}
