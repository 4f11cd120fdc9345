#include "cmd/import/secrets/secret.h"

#define ANY 2000

/* Taken from what the services say of their own tokens; vvault-secrets(7). */
const struct secret_shape secret_shapes[] = {
	{ "AKIA", SECRET_AWS, SECRET_UPPER, 16, 16, false, false },
	{ "ASIA", SECRET_AWS, SECRET_UPPER, 16, 16, false, false },
	{ "AIza", SECRET_GOOGLE, SECRET_WORD, 35, 35, false, false },
	{ "AGE-SECRET-KEY-1", SECRET_PRIVATE_KEY, SECRET_UPPER, 50, 64, false,
	  false },
	{ "Authorization: Basic ", SECRET_PASSWORD, SECRET_BASE64, 8, ANY,
	  false, true },
	{ "Authorization:Basic ", SECRET_PASSWORD, SECRET_BASE64, 8, ANY,
	  false, true },
	{ "Authorization: token ", SECRET_BEARER, SECRET_BASE64, 16, ANY,
	  true, true },
	{ "authorization: token ", SECRET_BEARER, SECRET_BASE64, 16, ANY,
	  true, true },
	{ "authorization: basic ", SECRET_PASSWORD, SECRET_BASE64, 8, ANY,
	  false, true },
	{ "Bearer ", SECRET_BEARER, SECRET_BASE64, 20, 8000, true, true },
	{ "bearer ", SECRET_BEARER, SECRET_BASE64, 20, 8000, true, true },
	{ "GOCSPX-", SECRET_GOOGLE, SECRET_WORD, 20, 60, false, false },
	{ "SG.", SECRET_SERVICE, SECRET_DOTTED, 50, 100, true, false },
	{ "SK", SECRET_SERVICE, SECRET_HEX, 32, 32, true, false },
	{ "dapi", SECRET_SERVICE, SECRET_HEX, 32, 32, true, false },
	{ "dckr_pat_", SECRET_SERVICE, SECRET_WORD, 20, 80, false, false },
	{ "discord.com/api/webhooks/", SECRET_WEBHOOK, SECRET_BASE64, 30, 200,
	  true, true },
	{ "doo_v1_", SECRET_SERVICE, SECRET_HEX, 64, 64, false, false },
	{ "dop_v1_", SECRET_SERVICE, SECRET_HEX, 64, 64, false, false },
	{ "github_pat_", SECRET_GITHUB, SECRET_WORD, 40, 200, false, false },
	{ "ghp_", SECRET_GITHUB, SECRET_ALNUM, 36, ANY, false, false },
	{ "gho_", SECRET_GITHUB, SECRET_ALNUM, 36, ANY, false, false },
	{ "ghu_", SECRET_GITHUB, SECRET_ALNUM, 36, ANY, false, false },
	{ "ghs_", SECRET_GITHUB, SECRET_ALNUM, 36, ANY, false, false },
	{ "ghr_", SECRET_GITHUB, SECRET_ALNUM, 36, ANY, false, false },
	{ "glpat-", SECRET_GITLAB, SECRET_DOTTED, 20, 300, false, false },
	{ "gldt-", SECRET_GITLAB, SECRET_WORD, 20, 300, false, false },
	{ "glrt-", SECRET_GITLAB, SECRET_WORD, 20, 300, false, false },
	{ "gsk_", SECRET_SERVICE, SECRET_ALNUM, 40, 100, true, false },
	{ "hf_", SECRET_HUGGING_FACE, SECRET_ALNUM, 30, 60, false, false },
	{ "hooks.slack.com/services/", SECRET_WEBHOOK, SECRET_BASE64, 30, 200,
	  false, true },
	{ "hvs.", SECRET_SERVICE, SECRET_WORD, 24, 300, false, false },
	{ "lin_api_", SECRET_SERVICE, SECRET_ALNUM, 32, 60, false, false },
	{ "npm_", SECRET_NPM, SECRET_ALNUM, 36, 36, false, false },
	{ "ntn_", SECRET_SERVICE, SECRET_ALNUM, 40, 60, true, false },
	{ "pplx-", SECRET_SERVICE, SECRET_ALNUM, 40, 80, true, false },
	{ "pypi-", SECRET_PYPI, SECRET_WORD, 50, 400, true, false },
	{ "r8_", SECRET_SERVICE, SECRET_ALNUM, 30, 60, true, false },
	{ "rk_live_", SECRET_STRIPE, SECRET_ALNUM, 20, 200, false, false },
	{ "rk_test_", SECRET_STRIPE, SECRET_ALNUM, 20, 200, false, false },
	{ "shpat_", SECRET_SERVICE, SECRET_HEX, 32, 32, false, false },
	{ "shpca_", SECRET_SERVICE, SECRET_HEX, 32, 32, false, false },
	{ "shpss_", SECRET_SERVICE, SECRET_HEX, 32, 32, false, false },
	{ "sk-ant-", SECRET_ANTHROPIC, SECRET_WORD, 20, 300, true, false },
	{ "sk-or-v1-", SECRET_OPENROUTER, SECRET_HEX, 40, 100, false, false },
	{ "sk-proj-", SECRET_OPENAI, SECRET_WORD, 30, 300, true, false },
	{ "sk-svcacct-", SECRET_OPENAI, SECRET_WORD, 30, 300, true, false },
	{ "sk-admin-", SECRET_OPENAI, SECRET_WORD, 30, 300, true, false },
	{ "sk-", SECRET_OPENAI, SECRET_ALNUM, 32, 100, true, false },
	{ "sk_live_", SECRET_STRIPE, SECRET_ALNUM, 20, 200, false, false },
	{ "sk_test_", SECRET_STRIPE, SECRET_ALNUM, 20, 200, false, false },
	{ "whsec_", SECRET_STRIPE, SECRET_BASE64, 24, 100, false, false },
	{ "xai-", SECRET_SERVICE, SECRET_ALNUM, 40, 120, true, false },
	{ "xapp-", SECRET_SLACK, SECRET_WORD, 20, 300, true, false },
	{ "xoxa-", SECRET_SLACK, SECRET_WORD, 16, 300, true, false },
	{ "xoxb-", SECRET_SLACK, SECRET_WORD, 16, 300, true, false },
	{ "xoxe-", SECRET_SLACK, SECRET_WORD, 16, 300, true, false },
	{ "xoxe.", SECRET_SLACK, SECRET_WORD, 16, 300, true, false },
	{ "xoxp-", SECRET_SLACK, SECRET_WORD, 16, 300, true, false },
	{ "xoxr-", SECRET_SLACK, SECRET_WORD, 16, 300, true, false },
	{ "xoxs-", SECRET_SLACK, SECRET_WORD, 16, 300, true, false },
	{ "ya29.", SECRET_GOOGLE, SECRET_DOTTED, 20, 2000, true, false },
	{ NULL, SECRET_KINDS, SECRET_ALNUM, 0, 0, false, false },
};

const char *secret_kind_name(enum secret_kind kind)
{
	static const char *const names[SECRET_KINDS] = {
		"AWS key", "GitHub token", "GitLab token", "OpenAI key",
		"Anthropic key", "OpenRouter key", "Google key", "Slack token",
		"Stripe key", "npm token", "PyPI token", "Hugging Face token",
		"webhook address", "service token", "JSON web token",
		"bearer token", "private key", "password in an address",
		"password", "token",
	};

	return names[kind];
}

bool secret_class_has(enum secret_class class, unsigned char c)
{
	bool is_digit = c >= '0' && c <= '9';
	bool is_upper = c >= 'A' && c <= 'Z';

	if (class == SECRET_UPPER)
		return is_digit || is_upper;
	if (class == SECRET_HEX)
		return is_digit || (c >= 'a' && c <= 'f');
	if (is_digit || is_upper || (c >= 'a' && c <= 'z'))
		return true;
	if (class == SECRET_ALNUM)
		return false;
	if (c == '_' || c == '-')
		return true;
	if (class == SECRET_WORD)
		return false;
	return c == '.' || (class == SECRET_BASE64 && c && strchr("+/=~", c));
}
