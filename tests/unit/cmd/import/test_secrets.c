#include "cmd/import/secrets/secret.h"

#include "lib/json/jcs_scan.h"
#include "tests/tap.h"

#define TEN "a1b2c3d4e5"
#define FORTY TEN TEN TEN TEN
#define HEX32 "0123456789abcdef0123456789abcdef"

static void cleans(const char *text, const char *want)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct secret_counts counts = { { 0 } };
	struct err err = ERR_INIT;
	int rc = secrets_out_of_text(span_str(text), &out, &counts, &err);

	ok(rc == 0 && secret_counts_sum(&counts), "a secret is found in '%.40s'",
	   text);
	is_str(buf_text(&out), want, "and a marker stands there");
	buf_release(&out);
}

static void keeps(const char *text)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct secret_counts counts = { { 0 } };
	struct err err = ERR_INIT;
	int rc = secrets_out_of_text(span_str(text), &out, &counts, &err);

	if (!ok(rc == 0 && !out.len && !secret_counts_sum(&counts),
		"'%.60s' holds none", text))
		diag("%s", buf_text(&out));
	buf_release(&out);
}

static void cleans_json(const char *json, const char *want)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct secret_counts counts = { { 0 } };
	struct err err = ERR_INIT;
	int rc = secrets_out_of_json(span_str(json), &out, &counts, &err);

	if (!ok(rc == 0, "'%.40s' is looked through", json))
		diag("%s", err.text);
	is_str(buf_text(&out), want, "its secrets are out of it");
	ok(!out.len || jcs_check(buf_span(&out), &err) == 0,
	   "it is canonical");
	buf_release(&out);
}

static void leaves(const char *json, uint64_t n, const char *want)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	uint64_t found = 0;
	int rc = secrets_out_of_settings(span_str(json), &out, &found, &err);

	ok(rc == 0 && found == n, "%d settings of '%.40s' are left out", (int)n,
	   json);
	is_str(buf_text(&out), want, "and nothing else");
	ok(!out.len || jcs_check(buf_span(&out), &err) == 0,
	   "it is canonical");
	buf_release(&out);
}

static void test_settings(void)
{
	leaves("{\"content\":\"x\",\"native\":{\"apiKey\":\"x\",\"m\":[{"
	       "\"access_token\":\"y\",\"a\":1}]}}", 2,
	       "{\"content\":\"x\",\"native\":{\"m\":[{\"a\":1}]}}");
	leaves("{\"native\":{\"headers\":[{\"key\":\"Authorization\","
	       "\"value\":\"Bearer x\"},{\"key\":\"Accept\",\"value\":"
	       "\"y\"}]}}", 1, "{\"native\":{\"headers\":[{\"key\":"
	       "\"Authorization\"},{\"key\":\"Accept\",\"value\":\"y\"}]}}");
	leaves("{\"parts\":[{\"input\":{\"apiKey\":\"x\"},\"native\":{"
	       "\"Client-Secret\":{\"is\":[\"z\"]}}}]}", 1,
	       "{\"parts\":[{\"input\":{\"apiKey\":\"x\"},\"native\":{}}]}");
	leaves("{\"native\":{\"apiKeys\":{\"a\":\"x\"},\"auth\":\"x\","
	       "\"openaiKey\":\"x\",\"session_password\":\"x\"}}", 4,
	       "{\"native\":{}}");
	leaves("{\"native\":{\"eos_token\":\"</s>\",\"maxToken\":12,"
	       "\"secret\":\"\",\"storageKey\":\"picture\",\"tokens\":[\"a\"]"
	       "}}", 0, "");
	leaves("{\"native\":{\"logprobs\":[{\"logprob\":-1,\"token\":\"a\"}]"
	       "}}", 0, "");
	leaves("{\"content\":\"my apiKey\",\"secret\":\"x\"}", 0, "");
}

/* Written in two, so that nobody takes this file for a leak. */
static void test_shapes(void)
{
	cleans("use ghp" "_" FORTY " now",
	       "use [GitHub token left out: 44 characters] now");
	cleans("(AKI" "AIOSFODNN7EXAMPLE)", "([AWS key left out: 20 characters])");
	cleans("sk-" "ant-api03-" FORTY "-x_y.",
	       "[Anthropic key left out: 57 characters].");
	cleans("TOKEN=ghp" "_" FORTY, "TOKEN=[GitHub token left out: 44 characters]");
	cleans("OPENAI=sk-" "proj-" FORTY, "OPENAI=[OpenAI key left out: 48 characters]");
	cleans("sk-" FORTY, "[OpenAI key left out: 43 characters]");
	cleans("AIz" "aSyA1234567890123456789012345678_-ab",
	       "[Google key left out: 39 characters]");
	cleans("xox" "b-123456789012-" FORTY,
	       "[Slack token left out: 58 characters]");
	cleans("https://hooks.slack.com/" "services/T000/B000/" FORTY,
	       "https://hooks.slack.com/services/"
	       "[webhook address left out: 50 characters]");
	cleans("eyJ" "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN",
	       "[JSON web token left out: 57 characters]");
	cleans("Authorization: Bearer " FORTY,
	       "Authorization: Bearer [bearer token left out: 40 characters]");
	cleans("Authorization: Basic dXNlcjpwYXNz",
	       "Authorization: Basic [password left out: 12 characters]");
	cleans("glp" "at-" TEN TEN, "[GitLab token left out: 26 characters]");
	cleans("SK" HEX32, "[service token left out: 34 characters]");
	cleans("123456789:AA" TEN TEN TEN "xyz",
	       "[service token left out: 45 characters]");
	cleans("{\"file\":\"a\\nghp" "_" FORTY "\\n\"}",
	       "{\"file\":\"a\\n[GitHub token left out: 44 characters]\\n\"}");
	cleans("\x1b[32mghp" "_" FORTY "\x1b[0m",
	       "\x1b[32m[GitHub token left out: 44 characters]\x1b[0m");
	cleans("\x1b[01;31m\x1b[Kghp" "_" FORTY,
	       "\x1b[01;31m\x1b[K[GitHub token left out: 44 characters]");
	cleans("\\u001b[32mghp" "_" FORTY,
	       "\\u001b[32m[GitHub token left out: 44 characters]");
	cleans("q%3Dghp" "_" FORTY, "q%3D[GitHub token left out: 44 characters]");
	keeps("AKIAIOSFODNN7EXAMPLEX");
	keeps("skip-this sk-learn sk-ant-lion risk-" FORTY);
	keeps("the ghp_ prefix; eyJ is how it begins; hf_hub_download");
	keeps("Bearer tokens are what people carry");
}

static void test_pem(void)
{
	cleans("a\n-----BEGIN RSA " "PRIVATE KEY-----\n" FORTY "\nMIIB\n-----END RSA "
	       "PRIVATE KEY-----\nb", "a\n[private key left out: 107 characters]\nb");
	cleans("-----BEGIN OPENSSH " "PRIVATE KEY-----\n" FORTY "\n" TEN,
	       "[private key left out: 87 characters]");
	cleans("{\"k\":\"x\\n-----BEGIN " "PRIVATE KEY-----\\n" FORTY "\\n-----END "
	       "PRIVATE KEY-----\\n\"}",
	       "{\"k\":\"x\\n[private key left out: 96 characters]\\n\"}");
	cleans("-----BEGIN RSA " "PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: "
	       "AES\n\n" FORTY "\n-----END RSA " "PRIVATE KEY-----. More.",
	       "[private key left out: 140 characters]. More.");
	keeps("My grep found '-----BEGIN PRIVATE KEY-----' in the docs. Anyway, "
	      "here is a long question about something else");
	keeps("return \"-----BEGIN RSA PRIVATE KEY-----\" in text\nand more");
	keeps("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
	keeps("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----");
}

static void test_addresses(void)
{
	cleans("postgres://heron:s3cr3t@db.example/x",
	       "postgres://heron:[password in an address left out: "
	       "6 characters]@db.example/x");
	cleans("\"https:\\/\\/heron:s3cr3t@db.example\\/x\"",
	       "\"https:\\/\\/heron:[password in an address left out: "
	       "6 characters]@db.example\\/x\"");
	keeps("\"http:\\/\\/example.org:8080\\/a@b\"");
	keeps("https://example.org:8080/a@b see http://x/y:z@w");
	keeps("git clone https://user:$TOKEN@example.org/x");
	keeps("mailto:a@example.org, ssh://git@example.org:22/x");
}

static void test_names(void)
{
	cleans("{\"name\": \"DB_PASSWORD\", \"value\": \"hunter22\"}",
	       "{\"name\": \"DB_PASSWORD\", \"value\": "
	       "\"[password left out: 8 characters]\"}");
	cleans("- name: DB_PASSWORD\n  value: hunter22\n", "- name: DB_PASSWORD\n"
	       "  value: [password left out: 8 characters]\n");
	keeps("{\"name\": \"DB_HOST\", \"value\": \"hunter22\"}");
	keeps("{\"kind\": \"DB_PASSWORD\", \"value\": \"hunter22\"}");
	cleans("DB_PASSWORD=hunter22", "DB_PASSWORD=[password left out: 8 characters]");
	cleans("password: \"swordfish\"",
	       "password: \"[password left out: 9 characters]\"");
	cleans("{\\\"apiKey\\\": \\\"" TEN TEN "\\\"}",
	       "{\\\"apiKey\\\": \\\"[token left out: 20 characters]\\\"}");
	cleans("export AWS_SECRET_ACCESS_KEY=" FORTY,
	       "export AWS_SECRET_ACCESS_KEY=[token left out: 40 characters]");
	cleans("login --password hunter22 -v",
	       "login --password [password left out: 8 characters] -v");
	cleans("client_secret := '" TEN TEN "'",
	       "client_secret := '[token left out: 20 characters]'");
	cleans("x-api-key: " FORTY, "x-api-key: [token left out: 40 characters]");
	cleans("AccountKey=" FORTY "==;End",
	       "AccountKey=[token left out: 42 characters];End");
	cleans("**Password:** hunter22", "**Password:** [password left out: 8 characters]");
	cleans("password\t=\thunter22", "password\t=\t[password left out: 8 characters]");
	keeps("password: \"Please enter your password:\"");
	keeps("access_key: arn:aws:iam::123456789012:user/x");
	keeps("password = getpass.getpass()");
	keeps("password: ${DB_PASSWORD}");
	keeps("password == old_password1");
	keeps("token: string; const token = await fetchToken2(user1)");
	keeps("input_tokens: 12345, max_token=100000");
	keeps("nextPageToken: \"" TEN TEN "\"");
	keeps("api_key: \"your-api-key-goes-here1\"");
	keeps("password: ********");
	keeps("the password: correct");
	keeps("secret: [password left out: 8 characters]");
	keeps("std::token::value1234567890ab1");
	keeps("publicKey=" FORTY);
}

static void test_json(void)
{
	cleans_json("{\"a\":\"x\",\"password\":\"hunter22\"}",
		    "{\"a\":\"x\",\"password\":\"[password left out: 8 "
		    "characters]\"}");
	cleans_json("{\"a\":[\"\\n\\\"ghp" "_" FORTY "\\u0001\",1],\"b\":\"c\"}",
		    "{\"a\":[\"\\n\\\"[GitHub token left out: 44 characters]"
		    "\\u0001\",1],\"b\":\"c\"}");
	cleans_json("{\"ghp" "_" FORTY "\":{\"b\":1},\"z\":2}",
		    "{\"[GitHub token left out: 44 characters] 1\":{\"b\":1},"
		    "\"z\":2}");
	/* By how many there are in it, whatever was found before. */
	cleans_json("{\"ghp" "_" FORTY "\":1,\"ghp" "_" FORTY "x\":2,"
		    "\"k\":\"AKI" "AIOSFODNN7EXAMPLE\"}",
		    "{\"[GitHub token left out: 44 characters] 1\":1,"
		    "\"[GitHub token left out: 45 characters] 2\":2,"
		    "\"k\":\"[AWS key left out: 20 characters]\"}");
	/* "x \ud83d <token>", whose half character no text can hold. */
	cleans_json("{\"a\":{\"$raw\":\"InggXHVkODNkIGdocF9hMWIyYzNkNGU1YTFiMmMz"
		    "ZDRlNWExYjJjM2Q0ZTVhMWIyYzNkNGU1IHki\"}}",
		    "{\"a\":{\"$raw\":\"InggXHVkODNkIFtHaXRIdWIgdG9rZW4gbGVmdCBvdXQ6"
		    "IDQ0IGNoYXJhY3RlcnNdIHki\"}}");
	cleans_json("{\"name\":\"DB_PASSWORD\",\"value\":\"hunter22\"}",
		    "{\"name\":\"DB_PASSWORD\",\"value\":"
		    "\"[password left out: 8 characters]\"}");
	cleans_json("[{\"name\":\"DB_PASSWORD\"},{\"value\":\"hunter22\"}]",
		    "");
	cleans_json("{\"x\":{\"$$base64\":\"/3RvIGdocF9hMWIyYzNkNGU1YTFiMmMzZDRlNWExYj"
		    "JjM2Q0ZTVhMWIyYzNkNGU1\"}}", "{\"x\":{\"$$base64\":\"/3RvIFtHaXR"
		    "IdWIgdG9rZW4gbGVmdCBvdXQ6IDQ0IGNoYXJhY3RlcnNd\"}}");
	cleans_json("{\"$base64\":\"no base64: ghp" "_" FORTY "\"}",
		    "{\"$base64\":\"no base64: [GitHub token left out: 44 "
		    "characters]\"}");
	cleans_json("{\"a\":\"nothing\",\"token\":null,\"tokens\":5}", "");
	cleans_json("{\"token\":{\"name\":\"" FORTY "\"}}", "");
}

/* The same again finds nothing more, and so makes no other record. */
/* Files of tools stand so: with padding or without. */
static void test_base64(void)
{
	cleans_json("{\"blob\":\""
		    "bXkgdG9rZW4gaXMgZ2hw" "X2ExYjJjM2Q0ZTVhMWIyYzNkNGU1YTFiMmMz"
		    "ZDRlNWExYjJjM2Q0ZTU=\"}",
		    "{\"blob\":\""
		    "bXkgdG9rZW4gaXMgW0dpdEh1YiB0b2tlbiBsZWZ0IG91dDogNDQgY2hhcmF"
		    "jdGVyc10=\"}");
	cleans_json("{\"url\":\"data:text/plain;base64,"
		    "bXkgdG9rZW4gaXMgZ2hw" "X2ExYjJjM2Q0ZTVhMWIyYzNkNGU1YTFiMmMz"
		    "ZDRlNWExYjJjM2Q0ZTU\"}",
		    "{\"url\":\"data:text/plain;base64,"
		    "bXkgdG9rZW4gaXMgW0dpdEh1YiB0b2tlbiBsZWZ0IG91dDogNDQgY2hhcmF"
		    "jdGVyc10=\"}");
	cleans_json("{\"blob\":\"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ\"}",
		    "");
}

static void test_twice(void)
{
	struct buf once = BUF_INIT(BUF_NO_LIMIT);
	struct secret_counts counts = { { 0 } };
	struct buf kinds = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	size_t kind;

	for (kind = 0; kind < SECRET_KINDS; kind++)
		buf_putf(&once, "password=[%s left out: 8 characters] ",
			 secret_kind_name((enum secret_kind)kind));
	keeps(buf_text(&once));
	counts.at[SECRET_GITHUB] = 2;
	counts.at[SECRET_PASSWORD] = 1;
	ok(secret_counts_tell(&counts, &kinds, &err) == 0, "kinds are told");
	is_str(buf_text(&kinds), "GitHub token (2), password (1)",
	       "with how many there are");
	buf_release(&once);
	buf_release(&kinds);
}

/* Whoever writes the text chooses it so that each begin is looked at anew. */
static void test_hostile(void)
{
	static const char *const pieces[] = {
		"token=", "eyJ-", "eyJa.", "ya29.", "xoxb-", "://a:b", "password:\"",
		"-----BEGIN ", "--token ", "12345678:AA", "token:\\\"", "sk-ant-",
	};
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct secret found;
	size_t i;

	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		buf_reset(&text);
		while (text.len < ((size_t)1 << 20))
			buf_put_str(&text, pieces[i]);
		(void)secret_find(buf_span(&text), 0, &found);
		ok(!buf_end(&text, NULL), "1 MiB of '%s' is looked through",
		   pieces[i]);
	}
	buf_release(&text);
}

int main(void)
{
	test_shapes();
	test_pem();
	test_addresses();
	test_names();
	test_settings();
	test_json();
	test_base64();
	test_twice();
	test_hostile();
	return done_testing();
}
