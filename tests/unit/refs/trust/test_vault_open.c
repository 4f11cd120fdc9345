#include <sys/stat.h>

#include "lib/os/lock.h"
#include "refs/history/history.h"
#include "refs/history/version.h"
#include "refs/trust/open.h"
#include "refs/vault/vault.h"
#include "tests/unit/version_fixture.h"

static char plain_path[FIXTURE_PATH_MAX * 2];
static char sealed_path[FIXTURE_PATH_MAX * 2];
static char keys[FIXTURE_PATH_MAX * 2];

static struct vault *open_vault(const char *path, const char *folder)
{
	struct vault *vault = NULL;
	struct err err = ERR_INIT;

	if (vault_open(path, folder, &vault, &err) < 0)
		bail_out("cannot open %s: %s", path, err.text);
	return vault;
}

static void test_create(const char *path, bool is_plain)
{
	struct vault_options options = { .keys_folder = keys,
					 .name = "laptop",
					 .is_plain = is_plain };
	struct vault *vault = NULL;
	struct vault *again = NULL;
	struct buf out = BUF_INIT(65536);
	struct version version;
	char pinned[CID_TEXT_MAX], ref[REF_NAME_MAX + 8];
	struct err err = ERR_INIT;
	struct stat st;

	ok(!vault_is_at(path), "nothing there");
	is_int(vault_open(path, keys, &vault, NULL), ERR_NOT_FOUND,
	       "so nothing to open");
	is_int(vault_create(path, &options, &vault, &err), 0, "created");
	if (!vault)
		bail_out("%s", err.text);
	ok(vault_is_at(path), "a vault is there");
	ok(stat(path, &st) == 0 && (st.st_mode & 077) == 0, "for us alone");
	ok(vault->has_device && vault->has_keys, "open for its creator");
	is_int(vault->state.is_encrypted, !is_plain, "as it was asked for");
	is_int(vault->keys_n, !is_plain, "with its content key");
	is_int(vault->vault_heads_n, 1, "one head of 'vault'");
	is_int(vault_pinned_id(path, pinned, NULL), 0, "the id is pinned");
	is_str(pinned, vault->state.vault_id, "the right one");
	is_int(vault_state_role(&vault->state, vault->device.public),
	       ROLE_OWNER, "its creator owns it");
	version_init(&version);
	is_int(version_read(vault->store, &vault->vault_heads[0], &version,
			    &err), 0, "the first version");
	is_str(version.construct, "vault", "is one of 'vault'");
	is_int(version.seq, 1, "the first");
	is_str(version.author, is_plain ? "laptop" : "vvault", "author");
	is_int(vault_create(path, &options, &again, NULL), ERR_EXISTS,
	       "no second vault there");
	if (has_program("git")) {
		is_int(RUN(&out, "git", "-C", path, "fsck", "--strict",
			   "--full"), 0, "git fsck --strict");
		is_int(RUN(&out, "git", "-C", path, "symbolic-ref", "HEAD"),
		       0, "HEAD");
		snprintf(ref, sizeof(ref), "refs/heads/vault/%s\n",
			 vault->device.name);
		is_str(buf_text(&out), ref, "names the creator's ref");
	} else {
		skip(3, "no git");
	}
	version_release(&version);
	vault_close(vault);
	buf_release(&out);
}

static void test_places(void)
{
	struct vault_options options = { .keys_folder = keys,
					 .is_plain = true };
	struct vault *vault = NULL;
	struct lock lock = LOCK_INIT;
	struct err err = ERR_INIT;

	if (mkdir(in_scratch("full"), 0700) || mkdir(in_scratch("bare"), 0700))
		bail_out("cannot make folders");
	write_text(in_scratch("full/file"), "x");
	is_int(vault_create(in_scratch("full"), &options, &vault, NULL),
	       ERR_EXISTS, "a folder that is not empty");
	is_int(vault_create(in_scratch("full/file"), &options, &vault, NULL),
	       ERR_EXISTS, "a file");
	ok(file_exists(in_scratch("full/file")) &&
	   !file_exists(in_scratch("full/.vvault-init")),
	   "nothing was touched");
	is_int(vault_create(in_scratch("bare"), &options, &vault, &err), 0,
	       "an empty folder will do");
	vault_close(vault);
	vault = NULL;
	is_int(vault_create(in_scratch("deep/er/vault"), &options, &vault,
			    &err), 0, "a missing one, with those above it");
	vault_close(vault);
	vault = NULL;
	/* What a killed call leaves; then one that is still at it. */
	if (mkdir(in_scratch("killed"), 0700) ||
	    mkdir(in_scratch("killed/.vvault-init"), 0700) ||
	    mkdir(in_scratch("killed/.vvault-init/repo"), 0700))
		bail_out("cannot make folders");
	write_text(in_scratch("killed/.vvault-init/repo/HEAD"), "torn");
	ok(!vault_is_at(in_scratch("killed")), "what was killed is no vault");
	if (lock_take(&lock, in_scratch("killed/.vvault-init/lock"), 0, NULL))
		bail_out("cannot lock");
	is_int(vault_create(in_scratch("killed"), &options, &vault, NULL),
	       ERR_LOCKED, "another process is at it");
	lock_release(&lock);
	is_int(vault_create(in_scratch("killed"), &options, &vault, &err), 0,
	       "it was killed: made anew");
	ok(!file_exists(in_scratch("killed/.vvault-init")), "and tidied up");
	vault_close(vault);
	vault = NULL;
	options.name = "a <b>";
	is_int(vault_create(in_scratch("failed"), &options, &vault, NULL),
	       ERR_INVALID, "a name that git cannot hold");
	ok(!file_exists(in_scratch("failed")), "a failed call leaves nothing");
}

static void test_refusals(void)
{
	struct vault *vault = NULL;
	char other[CID_TEXT_MAX], pinned[CID_TEXT_MAX];
	char line[CID_TEXT_MAX + 1];
	struct err err = ERR_INIT;

	if (vault_pinned_id(in_scratch("bare"), pinned, NULL) < 0)
		bail_out("no pin");
	is_int(vault_lay_local(in_scratch("bare"), pinned, &err), 0,
	       "laying the same again is fine");
	cid_text_of(CID_JSON, span_str("other"), other);
	is_int(vault_lay_local(in_scratch("bare"), other, NULL),
	       ERR_UNTRUSTED, "another id is not pinned over it");
	write_text(in_scratch("bare/vvault/format"), "vvault 2\n");
	is_int(vault_open(in_scratch("bare"), keys, &vault, NULL),
	       ERR_UNSUPPORTED, "a newer format");
	write_text(in_scratch("bare/vvault/format"), "vau");
	is_int(vault_open(in_scratch("bare"), keys, &vault, NULL),
	       ERR_CORRUPT, "a torn format");
	write_text(in_scratch("bare/vvault/format"), "vvault 1\n");
	snprintf(line, sizeof(line), "%s\n", other);
	write_text(in_scratch("bare/vvault/id"), line);
	is_int(vault_open(in_scratch("bare"), keys, &vault, NULL),
	       ERR_UNTRUSTED, "refs of another vault than the pinned");
	write_text(in_scratch("bare/vvault/id"), "x\n");
	is_int(vault_open(in_scratch("bare"), keys, &vault, NULL),
	       ERR_CORRUPT, "a torn id");
	snprintf(line, sizeof(line), "%s\n", pinned);
	write_text(in_scratch("bare/vvault/id"), line);
}

static void test_lost_refs(void)
{
	struct vault *vault = open_vault(in_scratch("bare"), keys);
	struct vault *again = NULL;
	char name[REF_NAME_MAX];

	if (head_ref_name("refs/heads/", "vault", vault->device.name, name,
			  NULL) ||
	    ref_delete(vault->store, name,
		       &vault->vault_heads[0], NULL))
		bail_out("cannot delete a ref");
	is_int(vault_open(in_scratch("bare"), keys, &again, NULL),
	       ERR_CORRUPT, "a vault that lost its refs is not a new one");
	is_int(vault_reload(vault, NULL), ERR_CORRUPT, "nor on reload");
	is_int(vault->vault_heads_n, 1, "which changes nothing");
	vault_close(vault);
	/* Before its first fetch a clone has neither refs nor a pin. */
	if (unlink(in_scratch("bare/vvault/id")))
		bail_out("cannot remove the pin");
	vault = open_vault(in_scratch("bare"), keys);
	is_int(vault->vault_heads_n, 0, "a clone before its first fetch");
	is_str(vault->state.vault_id, "", "has no id yet");
	vault_close(vault);
}

static void test_device(void)
{
	struct vault *vault;
	struct vault *refused = NULL;
	struct codec *codec = NULL;
	char name[CONSTRUCT_NAME_MAX], at[HLC_TEXT_MAX];

	vault = open_vault(plain_path, in_scratch("nokeys"));
	ok(!vault->has_device && vault->has_keys,
	   "a plain vault needs no key for reading");
	is_int(vault_now(vault, at, NULL), ERR_NO_KEY, "but one for writing");
	vault_close(vault);
	vault = open_vault(sealed_path, in_scratch("nokeys"));
	ok(!vault->has_device && !vault->has_keys,
	   "a sealed vault opens without a key");
	is_int(vault_ref_name(vault, "nova", name, NULL), ERR_NO_KEY,
	       "but names nothing");
	is_int(vault_ref_name(vault, "vault", name, NULL), 0,
	       "except 'vault'");
	is_str(name, "vault", "which is itself");
	is_int(vault_codec(vault, "vault", &codec, NULL), 0, "its codec");
	is_int(codec_mode(codec), CODEC_PLAIN, "is plain");
	codec_free(codec);
	is_int(vault_codec(vault, "abc", &codec, NULL), 0, "another's codec");
	is_int(codec_mode(codec), CODEC_BLIND, "is blind");
	codec_free(codec);
	vault_close(vault);
	if (chmod(in_scratch("keys/device"), 0644))
		bail_out("chmod");
	is_int(vault_open(plain_path, keys, &refused, NULL), ERR_DENIED,
	       "a key that others can read is not passed over");
	if (chmod(in_scratch("keys/device"), 0600))
		bail_out("chmod");
}

static void must(int rc, const struct err *err, const char *what)
{
	if (rc < 0)
		bail_out("%s: %s", what, err->text);
}

static void refuse_note(const struct vault *vault,
			const struct version *version, int code,
			const char *name)
{
	struct version_note back = VERSION_NOTE_INIT;

	is_int(vault_note_open(vault, version, &back, NULL), code, name);
	version_note_release(&back);
}

static void test_ref_names(void)
{
	struct vault *vault = open_vault(sealed_path, keys);
	char ref[CONSTRUCT_NAME_MAX], other[CONSTRUCT_NAME_MAX];
	char name[CONSTRUCT_NAME_MAX];
	struct codec *codec = NULL;
	struct err err = ERR_INIT;

	is_int(vault_ref_name(vault, "nova-001", ref, &err), 0, "ref name");
	is_int(strlen(ref), 26, "is keyed");
	is_int(construct_name_check(span_str(ref), NULL), 0, "and a name");
	is_int(vault_ref_name(vault, "nova-002", other, &err), 0, "another");
	ok(strcmp(ref, other) != 0, "differs");
	is_int(vault_ref_name(vault, "Nova", name, NULL), ERR_INVALID,
	       "a bad name");
	is_int(vault_codec(vault, ref, &codec, NULL), 0, "its codec");
	is_int(codec_mode(codec), CODEC_SEALED, "seals");
	codec_free(codec);
	vault_close(vault);
}

/* Equal notes are equal to nobody who has no key, and belong to one version. */
static void test_note_owner(const struct vault *vault,
			    struct version_note *note, struct version *version)
{
	struct buf before = BUF_INIT(1 << 16);
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < 3; i++) {
		must(vault_note_seal(vault, note, version, &err), &err, "seal");
		ok(!span_equals(buf_span(&before), buf_span(&version->note)),
		   "the same note is sealed otherwise for another version");
		buf_reset(&before);
		must(buf_add_span(&before, buf_span(&version->note), &err),
		     &err, "copy");
		if (i == 0)
			version->seq++;
		else if (i == 1)
			version->root[31] ^= 1;
		else
			version->time++;
		refuse_note(vault, version, ERR_CORRUPT,
			    "and does not open on that one");
	}
	buf_release(&before);
}

/* Notes of one construct, opened as another, and so on. */
static void test_notes(void)
{
	struct vault *vault = open_vault(sealed_path, keys);
	struct version_note note = VERSION_NOTE_INIT;
	struct version_note back = VERSION_NOTE_INIT;
	char ref[CONSTRUCT_NAME_MAX], other[CONSTRUCT_NAME_MAX];
	char name[CONSTRUCT_NAME_MAX];
	struct version version;
	struct err err = ERR_INIT;

	version_fixture(&version);
	if (vault_ref_name(vault, "nova-001", ref, &err) ||
	    vault_ref_name(vault, "nova-002", other, &err))
		bail_out("%s", err.text);
	memcpy(note.construct, "nova-001", 9);
	note.has_records = true;
	note.records = 17;
	if (buf_add_str(&note.subject, "import: \"3\" \xc3\xa4\n", NULL))
		bail_out("out of memory");
	memcpy(version.construct, ref, sizeof(ref));
	is_int(vault_note_seal(vault, &note, &version, &err), 0, "sealed");
	ok(!strstr(buf_text(&version.note), "nova"), "and not readable");
	is_int(vault_note_open(vault, &version, &back, &err), 0, "opened");
	is_str(back.construct, "nova-001", "construct");
	is_str(buf_text(&back.subject), "import: \"3\" \xc3\xa4\n", "subject");
	ok(back.has_records && back.records == 17, "records");
	is_int(vault_construct_name(vault, &version, name, NULL), 0, "name");
	is_str(name, "nova-001", "of the construct");
	memcpy(version.construct, other, sizeof(other));
	refuse_note(vault, &version, ERR_CORRUPT,
		    "a note on another construct's version");
	buf_reset(&version.note);
	is_int(vault_note_seal(vault, &note, &version, &err), 0,
	       "sealed for another");
	refuse_note(vault, &version, ERR_UNTRUSTED,
		    "a note that names another construct than its ref");
	buf_reset(&version.note);
	refuse_note(vault, &version, ERR_CORRUPT, "no note at all");
	note.has_records = false;
	memcpy(note.construct, "nova-002", 9);
	is_int(vault_note_seal(vault, &note, &version, &err), 0,
	       "without a number");
	is_int(vault_note_open(vault, &version, &back, NULL), 0, "opened");
	ok(!back.has_records, "none is there");
	test_note_owner(vault, &note, &version);
	version_note_release(&note);
	version_note_release(&back);
	version_release(&version);
	vault_close(vault);
}

static void test_other_notes(void)
{
	struct vault *vault = open_vault(sealed_path, in_scratch("nokeys"));
	struct version_note back = VERSION_NOTE_INIT;
	char ref[CONSTRUCT_NAME_MAX];
	struct version version;

	version_fixture(&version);
	if (buf_add_str(&version.note, "sealed", NULL) < 0)
		bail_out("out of memory");
	is_int(vault_note_open(vault, &version, &back, NULL), ERR_NO_KEY,
	       "not without keys");
	vault_close(vault);
	vault = open_vault(plain_path, keys);
	is_int(vault_ref_name(vault, "nova-001", ref, NULL), 0, "plain");
	is_str(ref, "nova-001", "is its own name");
	buf_reset(&version.note);
	is_int(vault_note_open(vault, &version, &back, NULL), 0,
	       "a plain vault's note");
	is_str(buf_text(&back.subject), "import: 3 conversations",
	       "comes from the version");
	vault_close(vault);
	version_note_release(&back);
	version_release(&version);
}

static void test_clock(void)
{
	struct vault *one = open_vault(plain_path, keys);
	struct vault *two = open_vault(plain_path, keys);
	char last[HLC_TEXT_MAX], at[HLC_TEXT_MAX], first[HLC_TEXT_MAX];
	struct hlc stored, time;
	size_t i, wrong = 0;

	if (vault_now(one, last, NULL))
		bail_out("no time");
	ok(hlc_text_is_valid(span_str(last)), "a time");
	is_str(last + HLC_TEXT - HLC_NODE, one->device.node, "of this device");
	for (i = 0; i < 5000; i++) {
		if (vault_now(one, at, NULL))
			bail_out("no time");
		wrong += strcmp(at, last) <= 0;
		memcpy(last, at, sizeof(at));
	}
	is_int(wrong, 0, "5,000 times, each later than the one before");
	stored.micros = HLC_UNKNOWN;
	stored.counter = 0;
	if (hlc_load(in_scratch("plain/vvault/clock"), &stored, NULL) ||
	    hlc_parse(span_str(last), &time, NULL, NULL))
		bail_out("no clock");
	ok(hlc_compare(&stored, &time) >= 0, "none beyond what is persisted");
	if (vault_now(two, first, NULL))
		bail_out("no time");
	ok(strcmp(first, last) > 0, "another process goes on behind it");
	wrong = 0;
	for (i = 0; i < 200; i++) {
		if (vault_now(i % 2 ? one : two, at, NULL))
			bail_out("no time");
		wrong += !strcmp(at, last);
		memcpy(last, at, sizeof(at));
	}
	is_int(wrong, 0, "two at once never hand out the same");
	write_text(in_scratch("plain/vvault/clock"), "rubbish");
	one->clock_left = 0;
	is_int(vault_now(one, at, NULL), 0, "a damaged clock is no end");
	vault_close(two);
	vault_close(one);
}

int main(void)
{
	if (sodium_init() < 0 || store_init_library(NULL) < 0)
		bail_out("cannot start the libraries");
	scratch_begin();
	snprintf(plain_path, sizeof(plain_path), "%s/plain", scratch);
	snprintf(sealed_path, sizeof(sealed_path), "%s/sealed", scratch);
	snprintf(keys, sizeof(keys), "%s/keys", scratch);
	test_create(plain_path, true);
	test_create(sealed_path, false);
	test_places();
	test_refusals();
	test_lost_refs();
	test_device();
	test_ref_names();
	test_notes();
	test_other_notes();
	test_clock();
	scratch_end();
	store_stop_library();
	return done_testing();
}
