#include "cmd/mcp/signer.h"

#include <stdio.h>
#include <string.h>

#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/history/construct_name.h"
#include "refs/key/key.h"
#include "refs/vault/vault.h"

#define FOLDER "mcp"
#define VAULT_CHARS 16		/* of its id, the last ones */
#define NAME_BYTES 200

int signer_folder(const struct action_call *call, const char *construct,
		  struct buf *out, struct err *err)
{
	char id[CID_TEXT_MAX];
	int rc = construct_name_check(span_str(construct), err);

	if (rc == 0)
		rc = vault_pinned_id(call->vault_path, id, err);
	if (rc == 0 && strlen(id) < VAULT_CHARS)
		rc = err_set(err, ERR_CORRUPT, "the vault has no id");
	if (rc == 0)
		rc = path_join(out, call->keys_folder, FOLDER, err);
	if (rc == 0)
		rc = buf_printf(out, err, "/%s/%s",
				id + strlen(id) - VAULT_CHARS, construct);
	return rc;
}

bool signer_is_there(const struct buf *folder)
{
	struct buf path = PATH_BUF_INIT;
	bool is_there = path_join(&path, buf_text(folder), DEVICE_KEY_FILE,
				  NULL) == 0 && file_exists(buf_text(&path));

	buf_release(&path);
	return is_there;
}

static int make_key(const char *folder, struct device_key *key,
		    struct err *err)
{
	struct err missing = ERR_INIT;
	int rc = device_key_load(folder, key, &missing);

	if (rc != ERR_NOT_FOUND)
		return err_copy(err, rc, &missing);
	rc = device_key_generate(key, err);
	return rc < 0 ? rc : device_key_save(folder, key, err);
}

static int add_member(const struct action_call *call, const char *did,
		      const char *name, struct err *err)
{
	struct action_call add = *call;
	struct action_value values[ACTION_PARAMS_MAX] = {
		{ false, 0, NULL, 0 } };
	static const char *const role = "writer";

	add.action = action_find("member add");
	add.values = values;
	add.vault = NULL;
	if (action_give(add.action, values, "role", &role, 1, err) < 0 ||
	    action_give(add.action, values, "name", &name, 1, err) < 0 ||
	    action_give(add.action, values, "did", &did, 1, err) < 0)
		return ERR_INVALID;
	return action_run(&add, err);
}

int signer_admit(const struct action_call *call, const char *construct,
		 struct err *err)
{
	const char *device = call->settings.device_name;
	struct buf folder = PATH_BUF_INIT;
	struct device_key key;
	struct err why = ERR_INIT;
	char name[NAME_BYTES];
	int rc = signer_folder(call, construct, &folder, err);

	memset(&key, 0, sizeof(key));
	if (rc == 0)
		rc = make_key(buf_text(&folder), &key, err);
	if (rc == 0) {
		snprintf(name, sizeof(name), "agents for %s%s%.60s", construct,
			 device && *device ? " on " : "",
			 device ? device : "");
		rc = add_member(call, key.did, name, &why);
		if (rc == ERR_DENIED)
			err_set(err, ERR_DENIED, "only an owner lets agents "
				"write: one can admit '%s' as a writer",
				key.did);
		err_copy(err, rc, &why);
	}
	device_key_wipe(&key);
	buf_release(&folder);
	return rc;
}
