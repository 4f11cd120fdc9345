#include <sys/stat.h>

#include "refs/key/retired.h"
#include "refs/key/sealed.h"
#include "tests/unit/version_fixture.h"

static void text_of(const struct device_key *key, const char *comment,
		    struct buf *out)
{
	struct err err = ERR_INIT;

	buf_reset(out);
	if (device_key_write(key, comment, out, &err) < 0)
		bail_out("cannot write a key: %s", err.text);
}

static void test_file_form(void)
{
	struct buf text = BUF_INIT(8192);
	struct device_key key, back;
	struct err err = ERR_INIT;
	char public[65];
	size_t i;

	for (i = 0; i < 3; i++) {
		key = rfc_key(i);
		hex_text(key.public, 32, public);
		is_str(public, rfc_publics[i], "RFC 8032: public of the seed");
		text_of(&key, "a comment", &text);
		is_int(device_key_read(buf_span(&text), &back, &err), 0,
		       "what was written is read");
		ok(!memcmp(&back, &key, sizeof(key)), "and is the same key");
	}
	ok(device_key_write(&key, "two\nlines", &text, NULL) == ERR_INVALID,
	   "a comment of two lines is refused");
	buf_release(&text);
}

/* Payload of the file with one byte changed: does the reader notice? */
static int read_changed(const struct buf *payload, size_t at, char with)
{
	struct buf copy = BUF_INIT(8192);
	struct buf text = BUF_INIT(8192);
	struct device_key key;
	int rc;

	if (buf_add_span(&copy, buf_span(payload), NULL) < 0)
		bail_out("out of memory");
	copy.data[at] = (char)(copy.data[at] ^ with);
	if (buf_add_str(&text, "-----BEGIN OPENSSH PRIVATE KEY-----\n",
			NULL) < 0 ||
	    base64_add_wrapped(&text, copy.data, copy.len, 70, NULL) < 0 ||
	    buf_add_str(&text, "\n-----END OPENSSH PRIVATE KEY-----\n",
			NULL) < 0)
		bail_out("out of memory");
	rc = device_key_read(buf_span(&text), &key, NULL);
	buf_release(&text);
	buf_release(&copy);
	return rc;
}

static void test_damage(void)
{
	static const char begin[] = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
	static const char end[] = "\n-----END OPENSSH PRIVATE KEY-----\n";
	struct buf text = BUF_INIT(8192);
	struct buf payload = BUF_INIT(8192);
	struct device_key key = rfc_key(0);
	struct device_key back;
	size_t i, accepted = 0;

	text_of(&key, "x", &text);
	if (base64_decode_wrapped(span_of(text.data + strlen(begin),
					  text.len - strlen(begin) -
					  strlen(end)), &payload, NULL) < 0)
		bail_out("cannot read what was written");
	is_int(read_changed(&payload, 0, 0), 0, "the payload as it is");
	for (i = 0; i < payload.len; i++) {
		if (read_changed(&payload, i, 1) == ERR_INVALID)
			continue;
		accepted++;
		diag("byte %zu changed: accepted", i);
	}
	/* The comment may be anything: the one byte of it is free. */
	is_int(accepted, 1, "every changed byte but the comment is refused");
	for (i = accepted = 0; i < text.len; i++)
		accepted += device_key_read(span_of(text.data, i), &back,
					    NULL) != ERR_INVALID;
	is_int(accepted, 0, "every truncation is refused");
	ok(device_key_read(span_of(NULL, 0), &back, NULL) == ERR_INVALID,
	   "nothing at all is refused");
	buf_release(&payload);
	buf_release(&text);
}

static void test_file(void)
{
	char folder[FIXTURE_PATH_MAX * 2];
	struct device_key key, back;
	struct err err = ERR_INIT;
	struct stat st;

	snprintf(folder, sizeof(folder), "%s/keys/deep", scratch);
	is_int(device_key_load(folder, &back, &err), ERR_NOT_FOUND,
	       "no key yet");
	err_clear(&err);
	is_int(device_key_generate(&key, &err), 0, "a new key");
	is_int(device_key_save(folder, &key, &err), 0, "is saved");
	ok(stat(in_scratch("keys/deep/device"), &st) == 0 &&
	   (st.st_mode & 07777) == 0600, "for us alone");
	ok(stat(folder, &st) == 0 && (st.st_mode & 077) == 0,
	   "in a folder for us alone");
	is_int(device_key_load(folder, &back, &err), 0, "and loaded");
	ok(!memcmp(&back, &key, sizeof(key)), "the same");
	is_int(device_key_save(folder, &key, NULL), ERR_EXISTS,
	       "a key is never overwritten");
	is_int(chmod(in_scratch("keys/deep/device"), 0640), 0, "chmod 640");
	is_int(device_key_load(folder, &back, &err), ERR_DENIED,
	       "a key that others can read is refused");
	ok(strstr(err.text, "0640") != NULL, "the message names the mode");
	is_int(chmod(in_scratch("keys/deep/device"), 0600), 0, "chmod 600");
	is_int(rename(in_scratch("keys/deep/device"),
		      in_scratch("keys/elsewhere")), 0, "move it");
	is_int(symlink("../elsewhere", in_scratch("keys/deep/device")), 0,
	       "and leave a symbolic link");
	is_int(device_key_load(folder, &back, NULL), ERR_DENIED,
	       "a symbolic link is refused");
	is_int(unlink(in_scratch("keys/deep/device")), 0, "unlink");
	is_int(mkfifo(in_scratch("keys/deep/device"), 0600), 0, "a pipe");
	is_int(device_key_load(folder, &back, NULL), ERR_DENIED,
	       "a pipe is refused and does not hang");
	device_key_wipe(&key);
	ok(sodium_is_zero((unsigned char *)&key, sizeof(key)), "wiped");
}

static void test_ssh_keygen(void)
{
	const char *folder = in_scratch("ssh");
	const char *path = in_scratch("ssh/device");
	struct buf out = BUF_INIT(65536);
	struct buf public = BUF_INIT(1024);
	struct device_key key = rfc_key(1);
	struct device_key back;
	struct err err = ERR_INIT;

	if (!has_program("ssh-keygen")) {
		skip(9, "no ssh-keygen");
		return;
	}
	if (device_key_save(folder, &key, &err) < 0 ||
	    device_key_ssh_public(key.public, &public, &err) < 0)
		bail_out("%s", err.text);
	is_int(RUN(&out, "ssh-keygen", "-y", "-f", path), 0,
	       "ssh-keygen reads our file");
	ok(out.len > public.len && !memcmp(out.data, public.data, public.len),
	   "and names the same public key");
	ok(strstr(buf_text(&out), key.did) != NULL, "with the did as comment");
	is_int(RUN(&out, "ssh-keygen", "-l", "-f", path), 0, "ssh-keygen -l");
	path = in_scratch("ssh/theirs");
	is_int(RUN(&out, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C",
		   "them@there", "-f", path), 0, "ssh-keygen makes a key");
	buf_reset(&out);
	ok(file_read(path, 8192, &out, NULL) == 0 &&
	   device_key_read(buf_span(&out), &back, &err) == 0,
	   "we read its file");
	path = in_scratch("ssh/locked");
	RUN(&out, "ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f",
	    path);
	buf_reset(&out);
	ok(file_read(path, 8192, &out, NULL) == 0 &&
	   device_key_read(buf_span(&out), &back, &err) == ERR_INVALID &&
	   strstr(err.text, "encrypted"), "an encrypted file is named so");
	err_clear(&err);
	path = in_scratch("ssh/ecdsa");
	RUN(&out, "ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", path);
	buf_reset(&out);
	ok(file_read(path, 8192, &out, NULL) == 0 &&
	   device_key_read(buf_span(&out), &back, &err) == ERR_INVALID &&
	   strstr(err.text, "another type"), "another type is named so");
	buf_release(&public);
	buf_release(&out);
}

/* One seal, in a file and on paper. */
static void test_sealed(void)
{
	static const unsigned char zeros[16];
	struct buf text = BUF_INIT(16384);
	struct device_key key = rfc_key(2);
	struct device_key back;
	struct sealed_key sealed, again;
	struct span pass = span_str("correct horse");
	struct err err = ERR_INIT;

	is_int(sealed_key_make(&key, pass, &sealed, &err), 0, "sealed");
	ok(memcmp(sealed.bytes, zeros, sizeof(zeros)), "with a salt");
	is_int(sealed_key_open(&sealed, pass, &back, &err), 0, "opened");
	ok(!memcmp(&back, &key, sizeof(key)), "the same key");
	is_int(sealed_key_open(&sealed, span_str("wrong"), &back, NULL),
	       ERR_AUTH, "a wrong passphrase");
	is_int(sealed_key_make(&key, span_str(""), &again, NULL), ERR_INVALID,
	       "an empty passphrase is refused");
	is_int(sealed_key_write(&sealed, &text, &err), 0, "written");
	is_int(sealed_key_read(buf_span(&text), &again, &err), 0, "read");
	ok(!memcmp(&again, &sealed, sizeof(again)), "the same");
	is_int(sealed_key_read(span_of(text.data, text.len - 1), &again, NULL),
	       ERR_INVALID, "a cut one is none");
	again.bytes[20] ^= 1;
	is_int(sealed_key_open(&again, pass, &back, NULL), ERR_AUTH,
	       "a damaged one does not open");
	buf_release(&text);
}

/* Each slip in the words is found, and where it is. */
static void test_words(void)
{
	struct sealed_key sealed = { .did = "" };
	struct sealed_key back;
	struct buf text = BUF_INIT(4096);
	struct err err = ERR_INIT;
	char row[SEALED_KEY_ROW_MAX];
	size_t missed = 0;
	size_t i;

	for (i = 0; i < SEALED_KEY_BYTES; i++)
		sealed.bytes[i] = (unsigned char)(i * 37 + 5);
	/* As Wilkerson's paper has it: 127.0.0.1 is lusab babad. */
	memcpy(sealed.bytes, "\x7f\0\0\1", 4);
	sealed_key_row(&sealed, 0, row);
	ok(!strncmp(row, "lusab babad ", 12), "a proquint");
	for (i = 0; i < SEALED_KEY_ROWS; i++) {
		sealed_key_row(&sealed, i, row);
		buf_putf(&text, "%zu. %s\n", i + 1, row);
	}
	is_int(sealed_key_read_words(buf_span(&text), &back, &err), 0,
	       "typed back");
	ok(!memcmp(back.bytes, sealed.bytes, SEALED_KEY_BYTES), "the same");
	for (i = 0; i < text.len; i++) {
		char was = text.data[i];

		if (was < 'a' || was > 'z')
			continue;
		text.data[i] = (char)(was == 'b' ? 'd' : was == 'a' ? 'o' :
				      was == 'o' ? 'a' : 'b');
		missed += sealed_key_read_words(buf_span(&text), &back,
						NULL) == 0;
		text.data[i] = (char)(was - 'a' + 'A');
		missed += sealed_key_read_words(buf_span(&text), &back,
						NULL) < 0;
		text.data[i] = was;
	}
	is_int((int)missed, 0, "no slip of a letter, but capitals");
	text.data[text.len - 3] ^= 1;
	is_int(sealed_key_read_words(buf_span(&text), &back, &err),
	       ERR_INVALID, "a slip in the last row");
	ok(strstr(err.text, "row 8") != NULL, "is told as one there");
	err_clear(&err);
	is_int(sealed_key_read_words(span_of(text.data, 42), &back, &err),
	       ERR_INVALID, "words that end early");
	ok(strstr(err.text, "end in row 2") != NULL, "are told so");
	buf_release(&text);
}

/* A seal of nothing: what is asked of it needs no passphrase. */
static struct sealed_key sealed_like(const struct device_key *key)
{
	struct sealed_key sealed;

	memset(&sealed, key->public[0], sizeof(sealed));
	memcpy(sealed.did, key->did, sizeof(sealed.did));
	return sealed;
}

static bool lies_at(const char *folder, const struct device_key *key,
		    bool is_sealed)
{
	struct device_look look;

	return device_key_look(folder, &look, NULL) == 0 &&
	       !memcmp(look.public, key->public, DID_KEY_BYTES) &&
	       look.is_sealed == is_sealed;
}

static int count_key(void *arg, const char *folder, struct err *err)
{
	(void)folder;
	(void)err;
	++*(int *)arg;
	return 0;
}

static bool is_mine(const void *arg, const unsigned char *public)
{
	return !memcmp(public, arg, DID_KEY_BYTES);
}

/* A key takes the place of another, sealed and locked or not. */
static void test_next(void)
{
	const char *folder = in_scratch("rotated");
	struct device_key keys[3] = { rfc_key(0), rfc_key(1), rfc_key(2) };
	struct sealed_key next = sealed_like(&keys[1]);
	struct sealed_key before = sealed_like(&keys[0]);
	struct buf path = PATH_BUF_INIT;
	struct err err = ERR_INIT;
	int n = 0;

	if (device_key_save(folder, &keys[0], &err) < 0 ||
	    next_key_folder(folder, &path, &err) < 0)
		bail_out("%s", err.text);
	is_int(device_key_save_sealed(buf_text(&path), &keys[1], &next, &err),
	       0, "the next one is made");
	is_int(device_key_save_sealed(buf_text(&path), &keys[2], NULL, NULL),
	       ERR_EXISTS, "and nobody puts another in its place");
	is_int(other_keys_each(folder, count_key, &n, &err), 0, "looked at");
	is_int(n, 1, "as one of the others");
	is_int(next_key_take(folder, keys[1].public, &before, &err), 0,
	       "it is taken");
	ok(lies_at(folder, &keys[1], true), "sealed as it is");
	is_int(next_key_take(folder, keys[1].public, NULL, &err), 0,
	       "by whoever comes second as well");
	ok(lies_at(folder, &keys[1], true), "which changes nothing");
	buf_reset(&path);
	is_int(retired_key_find(folder, is_mine, keys[0].public, &path, &err),
	       0, "the one of before");
	ok(path.len && lies_at(buf_text(&path), &keys[0], true),
	   "is kept, sealed as was said");
	is_int(next_key_take(folder, keys[2].public, NULL, NULL),
	       ERR_NOT_FOUND, "one that is not there");
	ok(lies_at(folder, &keys[1], true), "leaves what is");
	buf_release(&path);
}

/* What has another name is somebody's copy. */
static void test_overwrite(void)
{
	const char *folder = in_scratch("linked");
	const char *copy = in_scratch("linked.copy");
	struct device_key key = rfc_key(1);
	struct sealed_key sealed = sealed_like(&key);
	struct buf before = BUF_INIT(8192);
	struct buf after = BUF_INIT(8192);
	struct err err = ERR_INIT;

	if (device_key_save(folder, &key, &err) < 0 ||
	    link(in_scratch("linked/device"), copy) < 0 ||
	    file_read(copy, 8192, &before, &err) < 0)
		bail_out("cannot make a link");
	is_int(device_key_replace(folder, &key, &sealed, &err), 0, "sealed");
	ok(file_read(copy, 8192, &after, &err) == 0 &&
	   span_compare(buf_span(&before), buf_span(&after)) == 0,
	   "a hard link keeps its bytes");
	buf_release(&after);
	buf_release(&before);
}

int main(void)
{
	if (sodium_init() < 0)
		bail_out("libsodium");
	scratch_begin();
	test_file_form();
	test_damage();
	test_file();
	test_ssh_keygen();
	test_sealed();
	test_words();
	test_next();
	test_overwrite();
	scratch_end();
	return done_testing();
}
