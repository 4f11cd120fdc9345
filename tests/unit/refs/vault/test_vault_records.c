#include "refs/vault/grant.h"
#include "tests/unit/forge.h"

static struct vault_state state_of(const git_oid *head)
{
	struct vault_state state;
	struct err err = ERR_INIT;

	must(vault_state_compute(store, head, 1, &state, &err), &err, "state");
	return state;
}

/* What a device opens: number of content keys, -1 when refused. */
static int opens(const struct vault_state *state, size_t key,
		 struct vault_keyring *ring)
{
	struct err err = ERR_INIT;

	memset(ring, 0, sizeof(*ring));
	if (vault_state_open_keys(state, &keys[key], ring, &err) < 0)
		return -1;
	return (int)ring->keys_n;
}

static void test_genesis(void)
{
	struct vault_keyring ring;
	struct vault_state state;
	struct buf name = BUF_INIT(1024);
	struct err err = ERR_INIT;
	git_oid first;

	forge_open("sealed");
	first = forge_genesis(true, keys[5].public);
	state = state_of(&first);
	ok(state.is_encrypted, "an encrypted vault");
	is_int(state.keys_n, 2, "a content key and a name key");
	is_int(opens(&state, 0, &ring), 1, "the creator opens the content key");
	ok(!memcmp(ring.keys[0].key, content_key.key, 32), "the right one");
	ok(!memcmp(ring.keys[0].id, content_key.id, 32), "by its id");
	ok(ring.has_name_key && !memcmp(ring.name_key, name_key, 32),
	   "and the name key");
	is_int(member_name(&state, vault_state_member(&state, keys[0].public),
			   ring.keys, 1, &name, &err), 0, "a sealed name");
	is_str(buf_text(&name), "laptop", "opens");
	is_int(member_name(&state, vault_state_member(&state, keys[0].public),
			   NULL, 0, &name, NULL), ERR_NO_KEY,
	       "for who holds the key");
	vault_keyring_release(&ring);
	is_int(opens(&state, 5, &ring), 1, "so does the recovery key");
	vault_keyring_release(&ring);
	is_int(opens(&state, 1, &ring), 0, "a stranger opens nothing");
	ok(!ring.has_name_key, "and can name nothing");
	vault_keyring_release(&ring);
	vault_state_release(&state);
	buf_release(&name);
}

static struct vault_admission admission_of(const struct vault_state *state,
					   size_t key, enum role role)
{
	struct vault_admission admission = {
		state, keys[key].public, role, "phone", HLC_UNKNOWN_TEXT,
		&content_key, 1, name_key, NULL, 0, NULL
	};

	return admission;
}

static void test_admit(void)
{
	struct vault_admission admission;
	struct vault_admitted admitted;
	struct buf lines = BUF_INIT(65536);
	struct vault_keyring ring;
	struct vault_state state;
	struct err err = ERR_INIT;
	git_oid at;

	forge_open("admit");
	at = forge_genesis(true, NULL);
	state = state_of(&at);
	admission = admission_of(&state, 1, ROLE_READER);
	must(vault_records_admit(&admission, &lines, &admitted, &err), &err, "admit");
	at = vault_version(0, buf_text(&lines), &at, NULL);
	vault_state_release(&state);
	state = state_of(&at);
	is_int(vault_state_role(&state, keys[1].public), ROLE_READER,
	       "admitted");
	is_int(opens(&state, 1, &ring), 1, "with the content key");
	ok(ring.has_name_key, "and the name key");
	vault_keyring_release(&ring);
	buf_reset(&lines);
	admission = admission_of(&state, 1, ROLE_READER);
	must(vault_records_admit(&admission, &lines, &admitted, &err), &err, "admit");
	is_int(lines.len, 0, "once is enough");
	admission = admission_of(&state, 1, ROLE_WRITER);
	must(vault_records_admit(&admission, &lines, &admitted, &err), &err, "admit");
	at = vault_version(0, buf_text(&lines), &at, NULL);
	vault_state_release(&state);
	state = state_of(&at);
	is_int(vault_state_role(&state, keys[1].public), ROLE_WRITER,
	       "another role is an update");
	at = vault_version(0, say_remove(1, NULL), &at, NULL);
	vault_state_release(&state);
	state = state_of(&at);
	admission = admission_of(&state, 1, ROLE_WRITER);
	is_int(vault_records_admit(&admission, &lines, &admitted, &err), ERR_DENIED,
	       "a removed member is not admitted");
	vault_state_release(&state);
	buf_release(&lines);
}

static git_oid admit_sealed(const git_oid *on, size_t key)
{
	struct vault_state state = state_of(on);
	struct vault_admission admission = admission_of(&state, key,
							ROLE_READER);
	struct vault_admitted admitted;
	struct buf lines = BUF_INIT(65536);
	struct err err = ERR_INIT;
	git_oid at;

	must(vault_records_admit(&admission, &lines, &admitted, &err), &err,
	     "admit");
	at = vault_version(0, buf_text(&lines), on, NULL);
	vault_state_release(&state);
	buf_release(&lines);
	return at;
}

/* Every other device that stays opens the new key; a removed one does not. */
static void test_removal(void)
{
	struct vault_admission admission;
	struct vault_admitted admitted;
	struct vault_removal removal = { .public = keys[1].public,
					 .at = HLC_UNKNOWN_TEXT };
	struct vault_rekeying rekeying = { .at = HLC_UNKNOWN_TEXT };
	struct vault_rekeyed made;
	struct buf lines = BUF_INIT(65536);
	struct vault_keyring ring;
	struct vault_state state;
	struct err err = ERR_INIT;
	git_oid at;
	size_t i;

	forge_open("removal");
	at = forge_genesis(true, keys[5].public);
	at = admit_sealed(&at, 1);
	at = admit_sealed(&at, 2);
	state = state_of(&at);
	removal.state = &state;
	removal.admitted = keys[3].public;
	buf_reset(&lines);
	must(vault_records_remove(&removal, &lines, &made, &err), &err,
	     "remove");
	is_int(made.grants, 4, "for the two owners, the other, and a new one");
	admission = admission_of(&state, 3, ROLE_WRITER);
	must(vault_records_admit(&admission, &lines, &admitted, &err), &err,
	     "who is admitted in the same version");
	at = vault_version(0, buf_text(&lines), &at, NULL);
	vault_state_release(&state);
	state = state_of(&at);
	is_int(vault_state_role(&state, keys[1].public), ROLE_NONE, "removed");
	ok(!memcmp(state.sealing_key, made.key, KEY_ID_BYTES),
	   "the new key seals");
	is_int(opens(&state, 1, &ring), 1, "what it had it keeps");
	ok(memcmp(ring.keys[0].id, made.key, KEY_ID_BYTES), "and no new one");
	vault_keyring_release(&ring);
	for (i = 0; i < 6; i++) {
		if (i == 1 || i == 4)
			continue;
		is_int(opens(&state, i, &ring), 2, "a device that stays opens both");
		ok(!memcmp(ring.keys[1].id, made.key, KEY_ID_BYTES),
		   "the new one last");
		vault_keyring_release(&ring);
	}
	rekeying.state = &state;
	buf_reset(&lines);
	must(vault_records_rekey(&rekeying, &lines, &made, &err), &err,
	     "rekey");
	is_int(made.grants, 4, "nor is it granted a later one");
	vault_state_release(&state);
	buf_release(&lines);
}

static struct vault_state state_of_two(const git_oid heads[2])
{
	struct vault_state state;
	struct err err = ERR_INIT;

	must(vault_state_compute(store, heads, 2, &state, &err), &err,
	     "state");
	return state;
}

/* A version that removes the member, or, for 0, makes a key and no more; with
 * another parent, or NULL. */
static git_oid rekeyed(const git_oid *on, const git_oid *other, size_t gone,
		       struct vault_rekeyed *made)
{
	git_oid heads[2] = { *on, other ? *other : *on };
	struct vault_state state = state_of_two(heads);
	struct vault_removal removal = {
		&state, keys[gone].public, HLC_UNKNOWN_TEXT, NULL, 0, NULL
	};
	struct vault_rekeying rekeying = { &state, HLC_UNKNOWN_TEXT, NULL,
					   NULL };
	struct buf lines = BUF_INIT(65536);
	struct err err = ERR_INIT;
	git_oid at;

	must(gone ? vault_records_remove(&removal, &lines, made, &err) :
		    vault_records_rekey(&rekeying, &lines, made, &err),
	     &err, "a new key");
	at = vault_version(0, buf_text(&lines), on, other);
	vault_state_release(&state);
	buf_release(&lines);
	return at;
}

static bool seals(const git_oid heads[2], const struct vault_rekeyed *made,
		  bool is_known)
{
	struct vault_state state = state_of_two(heads);
	bool is = !memcmp(state.sealing_key, made->key, KEY_ID_BYTES) &&
		  state.is_sealing_known == is_known;

	vault_state_release(&state);
	return is;
}

/* What seals is a key that nobody who was removed holds, if there is one. */
static void test_known_key(void)
{
	struct vault_rekeyed one, two;
	git_oid at, heads[2];

	forge_open("known");
	at = forge_genesis(true, NULL);
	at = admit_sealed(&at, 1);
	at = admit_sealed(&at, 2);
	heads[0] = rekeyed(&at, NULL, 1, &one);
	heads[1] = rekeyed(&at, NULL, 0, &two);
	heads[1] = rekeyed(&heads[1], NULL, 0, &two);
	ok(seals(heads, &one, false),
	   "a later key that the removed one was granted does not seal");
	heads[1] = rekeyed(&at, NULL, 2, &two);
	ok(seals(heads, &one, true) || seals(heads, &two, true),
	   "two removals at once leave a key that one of them knows");
	heads[0] = heads[1] = rekeyed(&heads[0], &heads[1], 0, &one);
	ok(seals(heads, &one, false), "until an owner makes another");
}

static void test_grant(void)
{
	struct buf sealed = BUF_INIT(4096);
	unsigned char box[DID_KEY_BYTES];
	unsigned char other[KEY_ID_BYTES] = { 1 };
	struct content_key out;
	struct content_key lying = content_key;
	struct err err = ERR_INIT;
	size_t i;
	int bad = 0;

	must(did_box_public(keys[2].public, box, &err), &err, "box");
	must(grant_seal(vault_id, &content_key, keys[2].public, box, &sealed,
			&err), &err, "seal");
	is_int(grant_open(vault_id, content_key.id, &keys[2],
			  buf_span(&sealed), &out, NULL), 0, "a grant opens");
	ok(!memcmp(out.key, content_key.key, 32), "to the key");
	is_int(grant_open(vault_id, content_key.id, &keys[3],
			  buf_span(&sealed), &out, NULL), ERR_UNTRUSTED,
	       "not to another device");
	is_int(grant_open("bagaaiera", content_key.id, &keys[2],
			  buf_span(&sealed), &out, NULL), ERR_UNTRUSTED,
	       "not in another vault");
	is_int(grant_open(vault_id, other, &keys[2], buf_span(&sealed), &out,
			  NULL), ERR_UNTRUSTED, "not as another key");
	for (i = 0; i < sealed.len; i++) {
		sealed.data[i] ^= 1;
		bad += grant_open(vault_id, content_key.id, &keys[2],
				  buf_span(&sealed), &out, NULL) ==
		       ERR_UNTRUSTED;
		sealed.data[i] ^= 1;
	}
	is_int(bad, sealed.len, "no byte may be flipped");
	for (i = 0, bad = 0; i < sealed.len; i++)
		bad += grant_open(vault_id, content_key.id, &keys[2],
				  span_of(sealed.data, i), &out, NULL) ==
		       ERR_UNTRUSTED;
	is_int(bad, sealed.len, "nor cut off");
	buf_reset(&sealed);
	must(grant_seal(vault_id, &content_key, keys[3].public, box, &sealed,
			&err), &err, "seal");
	is_int(grant_open(vault_id, content_key.id, &keys[2],
			  buf_span(&sealed), &out, NULL), ERR_UNTRUSTED,
	       "one that names another did");
	buf_reset(&sealed);
	lying.key[0] ^= 1;
	must(grant_seal(vault_id, &lying, keys[2].public, box, &sealed, &err),
	     &err, "seal");
	is_int(grant_open(vault_id, content_key.id, &keys[2],
			  buf_span(&sealed), &out, NULL), ERR_UNTRUSTED,
	       "one whose key has another id");
	buf_release(&sealed);
}

/* Fields that are not in their one form. */
static void test_strict(void)
{
	static const char *const bad[] = {
		"{\"did\":\"did:key:z6Mk\",\"role\":\"owner\"}",
		"{\"role\":\"owner\"}", "{\"did\":1,\"role\":\"owner\"}",
	};
	static const char place[] = "\"replaces\":\"did:key:z6Mk\",";
	char entity[80], data[512], text[2048];
	struct vault_state state;
	struct err err = ERR_INIT;
	git_oid first, at;
	char *role;
	size_t i;

	forge_open("strict");
	first = forge_genesis(false, NULL);
	snprintf(entity, sizeof(entity), "member:%s", keys[0].name);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		at = vault_version(0, say_record("member:update", entity,
						 bad[i]), &first, NULL);
		is_int(vault_state_compute(store, &at, 1, &state, &err),
		       ERR_UNTRUSTED, "a bad did is refused");
		err_clear(&err);
	}
	snprintf(data, sizeof(data), "{\"did\":\"%s\",\"role\":\"king\"}",
		 keys[0].did);
	at = vault_version(0, say_record("member:update", entity, data),
			   &first, NULL);
	is_int(vault_state_compute(store, &at, 1, &state, &err),
	       ERR_UNTRUSTED, "an unknown role is refused");
	err_clear(&err);
	snprintf(data, sizeof(data), "{\"did\":\"%s\",\"role\":\"owner\"}",
		 keys[1].did);
	at = vault_version(0, say_record("member:update", entity, data),
			   &first, NULL);
	is_int(vault_state_compute(store, &at, 1, &state, &err),
	       ERR_UNTRUSTED, "an entity that is not the did is refused");
	err_clear(&err);
	snprintf(text, sizeof(text), "%s", say_admit(1, "owner"));
	role = strstr(text, "\"role\"");
	memmove(role + strlen(place), role, strlen(role) + 1);
	memcpy(role, place, strlen(place));
	at = vault_version(0, text, &first, NULL);
	is_int(vault_state_compute(store, &at, 1, &state, &err),
	       ERR_UNTRUSTED, "the place of what is no did is refused");
	ok(strstr(err.text, "replaces") != NULL, "for that");
}

int main(void)
{
	forge_begin();
	test_genesis();
	test_admit();
	test_removal();
	test_known_key();
	test_grant();
	test_strict();
	forge_end();
	return done_testing();
}
