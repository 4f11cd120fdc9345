/*
 * Many proofs at once, for the tests of vvault-proof(5):
 *
 *	proofs <vault> <keys> <construct> <n> <seed>
 *
 * makes n of records of the construct at random and checks each; then alters
 * a byte of it at random, which must be refused. Prints "good <record>" and
 * "bad" on standard error, and each proof, or what it became, as a line on
 * standard output in the same order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "lib/base/array.h"
#include "lib/id/cid.h"
#include "refs/proof/proof.h"
#include "refs/trust/open.h"

struct one {
	char entity[ENTITY_MAX_BYTES + 1];
	unsigned char id[RECORD_ID_BYTES];
};

struct all {
	struct one *at;
	size_t n;
	size_t cap;
};

static int take(void *arg, const struct fold_record *record, struct err *err)
{
	struct all *all = arg;
	int rc = array_room(all, err);

	if (rc < 0)
		return rc;
	snprintf(all->at[all->n].entity, sizeof(all->at[0].entity), "%.*s",
		 (int)record->record.entity.len, record->record.entity.at);
	memcpy(all->at[all->n++].id, record->id, RECORD_ID_BYTES);
	return 0;
}

/* Numbers that a seed gives again: SplitMix64 (Steele et al., 2014). */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static int holds(struct span proof, struct err *why)
{
	struct proof_found found;
	int rc;

	proof_found_init(&found);
	rc = proof_check(proof, &found, why);
	proof_found_release(&found);
	return rc;
}

/* One byte of it becomes another, which is no end of a line. */
static void alter(struct buf *proof, uint64_t *state)
{
	size_t at = next(state) % (proof->len - 1);
	char was = proof->data[at];

	while (proof->data[at] == was || proof->data[at] == '\n')
		proof->data[at] = (char)(next(state) % 4 ?
					 ' ' + next(state) % 95 :
					 next(state) % 256);
}

static int try_one(struct view *view, const struct one *one, uint64_t *state,
		   struct err *err)
{
	struct buf proof = BUF_INIT(PROOF_MAX_BYTES);
	struct err why = ERR_INIT;
	char id[CID_TEXT_MAX];
	int rc = proof_make(view, span_str(one->entity), one->id, &proof, err);

	if (rc == 0)
		rc = holds(buf_span(&proof), err);
	if (rc == 0) {
		cid_text(CID_JSON, one->id, id);
		fprintf(stderr, "good %s\nbad\n", id);
		fwrite(proof.data, 1, proof.len, stdout);
		alter(&proof, state);
		fwrite(proof.data, 1, proof.len, stdout);
		if (holds(buf_span(&proof), &why) != ERR_UNTRUSTED)
			rc = err_set(err, ERR_INVALID, "an altered proof of "
				     "'%s' is not refused: %s", id, why.text);
	}
	buf_release(&proof);
	return rc;
}

static int try_all(char **argv, struct err *err)
{
	struct all all = { NULL, 0, 0 };
	const struct view_record_visitor visitor = { take, &all };
	uint64_t state = strtoull(argv[5], NULL, 10);
	unsigned long n = strtoul(argv[4], NULL, 10);
	struct vault *vault = NULL;
	struct view *view = NULL;
	int rc = vault_open(argv[1], argv[2], &vault, err);

	if (rc == 0)
		rc = view_open(vault, argv[3], &view, err);
	if (rc == 0)
		rc = view_records(view, &visitor, err);
	while (rc == 0 && all.n && n--)
		rc = try_one(view, &all.at[next(&state) % all.n], &state, err);
	view_free(view);
	vault_close(vault);
	free(all.at);
	return rc;
}

int main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	int rc;

	if (argc != 6 || sodium_init() < 0 || store_init_library(&err) < 0)
		return 129;
	rc = try_all(argv, &err);
	if (rc < 0)
		fprintf(stderr, "proofs: %s\n", err.text);
	store_stop_library();
	return rc < 0 || fflush(stdout) ? 128 : 0;
}
