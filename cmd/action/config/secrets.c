#include "cmd/action/config/secrets.h"

#include "refs/history/ref.h"
#include "refs/history/repo.h"

#define QUESTION \
	"What is pushed stays where it was pushed to. Keep keys, tokens and " \
	"passwords in the sessions of agents as they are (else markers tell " \
	"their kind and length), from now on?"

int secrets_check(const struct action_call *call, struct err *err)
{
	if (action_flag(call, "redact-secrets") &&
	    action_flag(call, "no-redact-secrets"))
		return err_set(err, ERR_INVALID, "--redact-secrets "
			       "contradicts '--no-redact-secrets'");
	return 0;
}

static int note_remote(void *arg, const char *key, const char *value,
		       struct err *err)
{
	(void)key;
	(void)value;
	(void)err;
	*(bool *)arg = true;
	return 0;
}

static int was_told(struct store *store, bool *out, struct err *err)
{
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	int rc = repo_setting(store, SECRETS_KEY, &value, err);

	*out = rc == 0;
	buf_release(&value);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int ask(struct action_call *call, bool *out, struct err *err)
{
	*out = !host_confirm(call->host, span_str(QUESTION));
	host_note(call->host, "they are %s; 'vvault config set " SECRETS_KEY
		  " %s' has it otherwise", *out ? "replaced" : "kept",
		  *out ? "false" : "true");
	return repo_setting_put(call->vault->store, SECRETS_KEY,
				*out ? "true" : "false", err);
}

int secrets_choose(struct action_call *call, bool may_ask,
		   enum import_secrets *out, struct err *err)
{
	struct store *store = call->vault->store;
	bool is_wanted = false;
	bool is_told = false;
	int rc;

	*out = action_flag(call, "redact-secrets") ? SECRETS_OUT : SECRETS_STAY;
	if (*out == SECRETS_OUT || action_flag(call, "no-redact-secrets"))
		return 0;
	rc = was_told(store, &is_told, err);
	if (rc == 0 && is_told)
		is_wanted = !repo_setting_is_off(store, SECRETS_KEY);
	else if (rc == 0 && !call->vault->state.is_encrypted)
		is_wanted = true;
	else if (rc == 0)
		rc = repo_settings_each(store, "remote.*.url",
					note_remote, &is_wanted, err);
	if (rc == 0 && !is_told && is_wanted && may_ask &&
	    host_can_ask(call->host))
		rc = ask(call, &is_wanted, err);
	if (rc == 0 && is_wanted)
		*out = SECRETS_OUT_OF_AGENTS;
	return rc;
}

/* Has any device written to it? */
static bool is_written(struct vault *vault, const char *construct)
{
	struct head_list heads = HEAD_LIST_INIT;
	char name[CONSTRUCT_NAME_MAX];
	bool is_there = vault_ref_name(vault, construct, name, NULL) == 0 &&
		heads_list(vault->store, HEADS_PREFIX, name, &heads, NULL,
			   NULL) == 0 && heads.n;

	head_list_release(&heads);
	return is_there;
}

void secrets_tell_earlier(const struct action_call *call)
{
	const struct importer *const *at = importer_table;
	bool is_told = true;

	if (was_told(call->vault->store, &is_told, NULL) < 0 || is_told)
		return;
	while (*at && (!(*at)->is_of_agents || !(*at)->construct ||
		       !is_written(call->vault, (*at)->construct)))
		at++;
	if (*at)
		host_note(call->host, "the sessions of agents that are here "
			  "hold keys, tokens and passwords as they were "
			  "said, and are pushed so, sealed; those that come "
			  "from now on have markers in their place, unless "
			  "'vvault config set " SECRETS_KEY " false' keeps "
			  "them");
}

void secrets_tell(const struct action_call *call, const struct import_job *job)
{
	bool is_told = true;
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < job->sources_n; i++)
		n += secret_counts_sum(&job->sources[i].secrets);
	if (!n || job->options.secrets != SECRETS_OUT_OF_AGENTS ||
	    was_told(call->vault->store, &is_told, NULL) < 0 || is_told)
		return;
	host_note(call->host, "secrets in the sessions of agents were "
		  "replaced by markers, for this vault %s; 'vvault config set "
		  SECRETS_KEY " false' keeps them from now on",
		  call->vault->state.is_encrypted ? "has a remote" :
		  "is not encrypted");
}
