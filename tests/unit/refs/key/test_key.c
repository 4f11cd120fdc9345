#include <sys/stat.h>

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

static void test_backup(void)
{
	struct buf text = BUF_INIT(16384);
	struct buf again = BUF_INIT(16384);
	struct device_key key = rfc_key(2);
	struct device_key back;
	struct span pass = span_str("correct horse");
	struct err err = ERR_INIT;

	is_int(device_key_seal(&key, pass, &text, &err), 0, "sealed");
	is_int(device_key_seal(&key, pass, &again, &err), 0, "and again");
	ok(!span_equals(buf_span(&text), buf_span(&again)),
	   "no two copies are alike");
	is_int(device_key_unseal(buf_span(&text), pass, &back, &err), 0,
	       "opened");
	ok(!memcmp(&back, &key, sizeof(key)), "the same key");
	is_int(device_key_unseal(buf_span(&text), span_str("wrong"), &back,
				 NULL), ERR_AUTH, "a wrong passphrase");
	is_int(device_key_seal(&key, span_str(""), &text, NULL), ERR_INVALID,
	       "an empty passphrase is refused");
	again.data[200] = again.data[200] == 'A' ? 'B' : 'A';
	is_int(device_key_unseal(buf_span(&again), pass, &back, NULL),
	       ERR_AUTH, "a damaged copy does not open");
	is_int(device_key_unseal(span_of(again.data, 100), pass, &back, NULL),
	       ERR_INVALID, "a cut one is no copy");
	buf_release(&again);
	buf_release(&text);
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
	test_backup();
	scratch_end();
	return done_testing();
}
