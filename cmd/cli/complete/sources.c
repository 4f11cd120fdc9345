#include "cmd/cli/complete/candidates.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/action/read/handles.h"
#include "cmd/cli/surroundings.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "refs/trust/open.h"

#define SESSIONS "30"		/* the newest ones */
#define HANDLES_TOLD 20

/* An action whose results are candidates. */
struct gathering {
	const struct candidates *to;
	const char *word;	/* these members of its objects */
	const char *what;
};

static void decode(struct span json, const char *name, struct buf *out)
{
	struct span value;

	if (!jcs_find(json, name, &value) ||
	    jcs_string_decode(value, out, NULL) < 0)
		buf_reset(out);
}

static int gather(void *arg, struct span json, struct err *err)
{
	const struct gathering *gathering = arg;
	struct buf word = BUF_INIT(BUF_NO_LIMIT);
	struct buf what = BUF_INIT(BUF_NO_LIMIT);

	(void)err;
	if (!strcmp(gathering->word, "construct"))
		decode(json, "called", &word);
	if (!word.len)
		decode(json, gathering->word, &word);
	decode(json, gathering->what, &what);
	if (word.len)
		candidate(gathering->to, buf_text(&word),
			  what.len ? buf_text(&what) : NULL);
	buf_release(&what);
	buf_release(&word);
	return 0;
}

static int find_vault(const struct candidates *to, struct surroundings *around,
		      struct err *err)
{
	int rc = surroundings_keys(around, err);

	return rc < 0 ? rc : surroundings_vault(around, to->vault, err);
}

/* Run it without handles, so that the last list stays, and without a word. */
static void run(const struct candidates *to, const char *action,
		const char *most, const struct gathering *gathering)
{
	const struct host host = { .arg = (void *)gathering,
				   .object = gather };
	struct surroundings around = SURROUNDINGS_INIT;
	struct action_value values[ACTION_PARAMS_MAX] = {
		{ false, 0, NULL, 0 } };
	struct action_call call = {
		.action = action_find(action), .values = values, .host = &host,
	};
	struct err quiet = ERR_INIT;
	int rc = surroundings_settings(&around, &call.settings, &quiet);

	call.settings.input = -1;
	if (rc == 0)
		rc = find_vault(to, &around, &quiet);
	if (around.vault_path.len)
		call.vault_path = buf_text(&around.vault_path);
	call.keys_folder = buf_text(&around.keys_folder);
	if (rc == 0 && most)
		rc = action_give(call.action, values, "-n", &most, 1, &quiet);
	if (rc == 0 && store_init_library(&quiet) == 0) {
		(void)!action_run(&call, &quiet);
		store_stop_library();
	}
	surroundings_release(&around);
}

void candidate_constructs(const struct candidates *to)
{
	const struct gathering all = { to, "construct", "" };

	run(to, "construct list", NULL, &all);
}

void candidate_remotes(const struct candidates *to)
{
	const struct gathering all = { to, "name", "url" };

	run(to, "remote list", NULL, &all);
}

void candidate_members(const struct candidates *to)
{
	const struct gathering all = { to, "name", "did" };

	run(to, "member list", NULL, &all);
}

void candidate_sessions(const struct candidates *to)
{
	const struct gathering all = { to, "session", "title" };

	/* A letter of it must be there: nobody knows these by heart. */
	if (*to->prefix != '@')
		run(to, "session list", SESSIONS, &all);
}

static void tell_handles(const struct candidates *to, struct vault *vault)
{
	struct err quiet = ERR_INIT;
	char word[32];
	int i;

	for (i = 1; i <= HANDLES_TOLD; i++) {
		struct handle handle = HANDLE_INIT;
		int rc;

		snprintf(word, sizeof(word), "@%d", i);
		rc = handle_find(vault, word, &handle, &quiet);
		if (rc == 0)
			candidate(to, word, handle.entity.len ?
				  buf_text(&handle.entity) : NULL);
		handle_release(&handle);
		if (rc < 0)
			break;
	}
}

void candidate_handles(const struct candidates *to)
{
	struct surroundings around = SURROUNDINGS_INIT;
	struct vault *vault = NULL;
	struct err quiet = ERR_INIT;

	if (*to->prefix != '@' || store_init_library(&quiet) < 0)
		return;
	if (find_vault(to, &around, &quiet) == 0 && around.vault_path.len &&
	    vault_open(buf_text(&around.vault_path),
		       buf_text(&around.keys_folder), &vault, &quiet) == 0)
		tell_handles(to, vault);
	vault_close(vault);
	store_stop_library();
	surroundings_release(&around);
}
