#include "cmd/import/secrets/secret.h"

#define NAME_MAX_BYTES 64

#define PASSWORD_LEAST 6
#define QUOTED_LEAST 12
#define BARE_LEAST 16
#define VALUE_MOST 1024

/* How a name ends, without its case and what joins its words. */
static const struct {
	const char *end;
	enum secret_kind kind;
} ends[] = {
	{ "password", SECRET_PASSWORD }, { "passwd", SECRET_PASSWORD },
	{ "passphrase", SECRET_PASSWORD }, { "passwort", SECRET_PASSWORD },
	{ "secret", SECRET_TOKEN }, { "token", SECRET_TOKEN },
	{ "apikey", SECRET_TOKEN }, { "accesskey", SECRET_TOKEN },
	{ "secretkey", SECRET_TOKEN }, { "privatekey", SECRET_TOKEN },
	{ "accountkey", SECRET_TOKEN }, { "authkey", SECRET_TOKEN },
	{ "encryptionkey", SECRET_TOKEN }, { "signingkey", SECRET_TOKEN },
};

/* Tokens that say where a list goes on, and open nothing. */
static const char *const harmless[] = {
	"pagetoken", "continuationtoken", "nexttoken", "cursortoken",
	"synctoken", "stoptoken", "endtoken", "bostoken", "eostoken",
	"padtoken", "unktoken", "septoken", "clstoken", "masktoken",
};

/* What names a secret among settings alone: by its end, or as a whole. */
static const char *const setting_ends[] = {
	"authorization", "credential", "cookie", "subscriptionkey",
	"masterkey", "sharedkey", "licensekey", "openaikey", "oaikey", "azurekey",
	"cloudkey", "xaikey", "anthropickey", "claudekey", "geminikey",
	"googlekey", "groqkey", "mistralkey", "deepseekkey", "routerkey",
};
static const char *const settings[] = { "auth", "bearer", "pass", "pwd" };

/* What stands where a secret would: an example, a name of nothing. */
static const char *const placeholders[] = {
	"your", "example", "changeme", "placeholder", "xxxx", "null", "none",
	"undefined", "redacted", "process.", "os.environ", "env.", "import.",
	"password", "passwort", "secret", "false", "true", "string", "todo",
	"....", "****", "required", "optional", "/", "./", "../", "~/",
	"http://", "https://", "arn:",
};

static size_t fold_name(struct span name, char out[NAME_MAX_BYTES])
{
	size_t len = 0;
	size_t i;

	for (i = 0; i < name.len && len < NAME_MAX_BYTES; i++) {
		char c = name.at[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != '_' && c != '-' && c != '.')
			out[len++] = c;
	}
	return len;
}

static bool is_named(struct span all, enum secret_kind *out)
{
	size_t i;

	for (i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
		if (span_ends(all, harmless[i]))
			return false;
	}
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (!span_ends(all, ends[i].end))
			continue;
		*out = ends[i].kind;
		return true;
	}
	return false;
}

/* Its end, where it is long. */
static struct span fold_end(struct span name, char out[NAME_MAX_BYTES])
{
	if (name.len > NAME_MAX_BYTES)
		name = span_of(name.at + name.len - NAME_MAX_BYTES,
			       NAME_MAX_BYTES);
	return span_of(out, fold_name(name, out));
}

bool secret_is_named(struct span name, enum secret_kind *out)
{
	char folded[NAME_MAX_BYTES];

	return name.len >= 5 && is_named(fold_end(name, folded), out);
}

/* "apiKeys" are keys; "tokens" are what a text is counted in. */
bool secret_is_setting(struct span name)
{
	char folded[NAME_MAX_BYTES];
	struct span all = fold_end(name, folded);
	enum secret_kind kind;
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (span_equals(all, span_str(settings[i])))
			return true;
	}
	if (span_ends(all, "s") && !span_ends(all, "tokens"))
		all.len--;
	for (i = 0; i < sizeof(setting_ends) / sizeof(setting_ends[0]); i++) {
		if (span_ends(all, setting_ends[i]))
			return true;
	}
	return is_named(all, &kind);
}

static bool is_placeholder(struct span value)
{
	char begin[16];
	size_t len = value.len < sizeof(begin) ? value.len : sizeof(begin);
	size_t i;

	for (i = 0; i < len; i++) {
		begin[i] = value.at[i];
		if (begin[i] >= 'A' && begin[i] <= 'Z')
			begin[i] = (char)(begin[i] - 'A' + 'a');
	}
	for (i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++) {
		if (span_begins(span_of(begin, len), placeholders[i]))
			return true;
	}
	/* A variable, a template, a call, or what this took out before. */
	return memchr("$<{%[(*", value.at[0], 7) || span_has(value, "(") ||
	       span_has(value, "${") || span_has(value, "{{") ||
	       span_has(value, "...");
}

struct mix {
	size_t digits;
	bool has_letter;
	bool has_space;
	bool is_repeated;	/* one byte, all the way */
};

static struct mix mix_of(struct span value)
{
	struct mix mix = { .is_repeated = true };
	size_t i;

	for (i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.at[i];

		mix.digits += c >= '0' && c <= '9';
		mix.has_letter |= (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		mix.has_space |= c <= ' ';
		mix.is_repeated &= value.at[i] == value.at[0];
	}
	return mix;
}

bool secret_is_value(struct span value, enum secret_kind kind, bool is_quoted)
{
	struct mix mix;

	if (value.len < PASSWORD_LEAST || value.len > VALUE_MOST ||
	    is_placeholder(value))
		return false;
	mix = mix_of(value);
	if (mix.is_repeated)
		return false;
	/* What has blanks is a sentence, where it is not a passphrase's. */
	if (kind == SECRET_PASSWORD)
		return is_quoted ? !mix.has_space || mix.digits :
		       mix.digits && mix.has_letter;
	if (mix.has_space || !mix.has_letter)
		return false;
	return is_quoted ? value.len >= QUOTED_LEAST && mix.digits :
	       value.len >= BARE_LEAST && mix.digits > 1;
}
