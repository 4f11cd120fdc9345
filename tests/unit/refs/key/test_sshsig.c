#include "refs/key/sshsig.h"

#include "tests/unit/version_fixture.h"

static struct span armor_of(struct buf *out, const char *message,
			    const struct device_key *key)
{
	struct err err = ERR_INIT;

	buf_reset(out);
	if (sshsig_sign(span_str(message), key->secret, out, &err) < 0)
		bail_out("cannot sign: %s", err.text);
	return buf_span(out);
}

static void test_round(void)
{
	struct device_key key = rfc_key(0);
	struct device_key other = rfc_key(1);
	struct buf text = BUF_INIT(1024);
	struct buf again = BUF_INIT(1024);
	struct span armor = armor_of(&text, "hello", &key);
	struct span hello = span_str("hello");
	struct err err = ERR_INIT;

	is_int(sshsig_verify(armor, hello, key.public, &err), 0, "verifies");
	armor_of(&again, "hello", &key);
	ok(span_equals(armor, buf_span(&again)), "signing is deterministic");
	is_int(sshsig_verify(armor, span_str("hellO"), key.public, &err),
	       ERR_UNTRUSTED, "another message");
	is_int(sshsig_verify(armor, span_str(""), key.public, NULL),
	       ERR_UNTRUSTED, "an empty message");
	is_int(sshsig_verify(armor, hello, other.public, NULL),
	       ERR_UNTRUSTED, "another key");
	armor_of(&text, "", &key);
	is_int(sshsig_verify(buf_span(&text), span_of(NULL, 0), key.public,
			     NULL), 0, "nothing can be signed, too");
	buf_release(&again);
	buf_release(&text);
}

/* Every byte and every length: one armor per key and message. */
static void test_every_change(void)
{
	struct device_key key = rfc_key(0);
	struct buf text = BUF_INIT(1024);
	struct span armor = armor_of(&text, "hello", &key);
	struct span hello = span_str("hello");
	size_t i, accepted = 0;

	for (i = 0; i < text.len; i++) {
		text.data[i] ^= 1;
		accepted += sshsig_verify(armor, hello, key.public, NULL) == 0;
		text.data[i] ^= 1;
	}
	is_int(accepted, 0, "every changed byte is refused");
	for (i = 0; i < text.len; i++)
		accepted += sshsig_verify(span_of(text.data, i), hello,
					  key.public, NULL) == 0;
	is_int(accepted, 0, "every truncation is refused");
	if (buf_add_char(&text, '\n', NULL) < 0)
		bail_out("out of memory");
	is_int(sshsig_verify(buf_span(&text), hello, key.public, NULL),
	       ERR_UNTRUSTED, "a final newline is refused");
	buf_release(&text);
}

/* The same signature in other lines. */
static void test_wrapping(void)
{
	struct device_key key = rfc_key(0);
	struct buf text = BUF_INIT(1024);
	struct buf other = BUF_INIT(1024);
	struct span armor = armor_of(&text, "hello", &key);
	size_t i;

	for (i = 0; i < armor.len; i++) {
		bool is_inner = i > 40 && i < armor.len - 40;

		if (is_inner && armor.at[i] == '\n')
			continue;
		if (buf_add_char(&other, armor.at[i], NULL) < 0)
			bail_out("out of memory");
	}
	ok(other.len < armor.len, "re-wrapped to one line");
	is_int(sshsig_verify(buf_span(&other), span_str("hello"), key.public,
			     NULL), ERR_UNTRUSTED, "which is refused");
	buf_release(&other);
	buf_release(&text);
}

/* S + L signs the same in a lax verifier; libsodium wants S < L. */
static void test_malleable(void)
{
	static const unsigned char order[32] = {
		0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
		0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
		[31] = 0x10
	};
	static const size_t begin = sizeof("-----BEGIN SSH SIGNATURE-----\n")
				    - 1;
	static const size_t end = sizeof("\n-----END SSH SIGNATURE-----") - 1;
	struct device_key key = rfc_key(0);
	struct buf text = BUF_INIT(1024);
	struct buf blob = BUF_INIT(1024);
	struct buf forged = BUF_INIT(1024);
	unsigned carry = 0;
	size_t i;

	armor_of(&text, "hello", &key);
	if (base64_decode_wrapped(span_of(text.data + begin,
					  text.len - begin - end), &blob,
				  NULL) < 0)
		bail_out("cannot read our own armor");
	is_int(blob.len, 173, "the blob has 173 bytes");
	for (i = 0; i < 32; i++) {
		char *at = &blob.data[blob.len - 32 + i];

		carry += (unsigned char)*at + order[i];
		*at = (char)(carry & 255);
		carry >>= 8;
	}
	if (buf_add(&forged, text.data, begin, NULL) < 0 ||
	    base64_add_wrapped(&forged, blob.data, blob.len, 70, NULL) < 0 ||
	    buf_add(&forged, text.data + text.len - end, end, NULL) < 0)
		bail_out("out of memory");
	is_int(sshsig_verify(buf_span(&forged), span_str("hello"), key.public,
			     NULL), ERR_UNTRUSTED, "S + L is refused");
	buf_release(&forged);
	buf_release(&blob);
	buf_release(&text);
}

static void test_ssh_keygen(void)
{
	static const char *const messages[] = { "", "a", "two\nlines\n" };
	struct device_key key = rfc_key(0);
	struct buf theirs = BUF_INIT(4096);
	struct buf ours = BUF_INIT(4096);
	struct err err = ERR_INIT;
	char name[32], path[1200];
	size_t i;

	if (!has_program("ssh-keygen")) {
		skip(6, "no ssh-keygen");
		return;
	}
	if (device_key_save(in_scratch("keys"), &key, &err) < 0)
		bail_out("%s", err.text);
	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "message%zu", i);
		write_text(in_scratch(name), messages[i]);
		is_int(RUN(&theirs, "ssh-keygen", "-Y", "sign", "-n", "git",
			   "-f", in_scratch("keys/device"), in_scratch(name)),
		       0, "ssh-keygen signs");
		snprintf(path, sizeof(path), "%s.sig", in_scratch(name));
		buf_reset(&theirs);
		if (file_read(path, 4096, &theirs, &err) < 0)
			bail_out("%s", err.text);
		armor_of(&ours, messages[i], &key);
		if (buf_add_char(&ours, '\n', NULL) < 0)
			bail_out("out of memory");
		is_str(buf_text(&ours), buf_text(&theirs),
		       "our armor is the same, byte for byte");
	}
	buf_release(&ours);
	buf_release(&theirs);
}

int main(void)
{
	if (sodium_init() < 0)
		bail_out("libsodium");
	scratch_begin();
	test_round();
	test_every_change();
	test_wrapping();
	test_malleable();
	test_ssh_keygen();
	scratch_end();
	return done_testing();
}
