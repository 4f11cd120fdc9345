#include <string.h>

#include <sodium.h>

#include "cmd/action/key/ask.h"
#include "cmd/action/key/copy.h"
#include "cmd/action/result.h"
#include "lib/time/timestamp.h"

#define HOUR 3600u
#define UNLOCK_SECONDS (8 * HOUR)
#define UNLOCK_MAX (90 * 24 * HOUR)

/* "90s", "30m", "8h", "2d". */
static bool parse_period(const char *text, unsigned *out)
{
	static const struct { char letter; unsigned seconds; } units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', HOUR }, { 'd', 24 * HOUR },
	};
	unsigned long long n = 0;
	size_t unit = 0;
	size_t i;

	for (i = 0; text[i] >= '0' && text[i] <= '9' && i < 8; i++)
		n = n * 10 + (unsigned)(text[i] - '0');
	while (unit < sizeof(units) / sizeof(units[0]) &&
	       units[unit].letter != text[i])
		unit++;
	if (unit == sizeof(units) / sizeof(units[0]) || text[i + 1])
		return false;
	n *= units[unit].seconds;
	*out = (unsigned)n;
	return n && n <= UNLOCK_MAX;
}

static int check_period(const struct action_call *call, struct err *err)
{
	const char *text = action_text(call, "for");
	unsigned seconds;

	if (!text || parse_period(text, &seconds))
		return 0;
	return err_set(err, ERR_INVALID, "not a time to be unlocked for: "
		       "'%s' (30m, 8h, 2d; at most 90d)", text);
}

/* until: when it is locked again, in microseconds; 0: nothing is unlocked. */
static int emit_seal(const struct action_call *call, const char *did,
		bool is_sealed, int64_t until, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	char at[TIMESTAMP_TEXT_MAX];
	int rc;

	fields_str(&fields, "did", did);
	fields_bool(&fields, "sealed", is_sealed);
	if (is_sealed)
		fields_bool(&fields, "unlocked", until != 0);
	if (until) {
		timestamp_text(until, at);
		fields_str(&fields, "until", at);
	}
	rc = host_object(call->host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* What was unlocked by another passphrase is locked. */
static int seal_in_place(const struct action_call *call,
			 const struct device_key *key,
			 const struct device_look *before, struct err *err)
{
	struct buf passphrase = BUF_INIT(KEY_COPY_PASSPHRASE_MAX);
	struct sealed_key sealed;
	int rc = key_copy_passphrase(call, true, &passphrase, err);

	if (rc == 0)
		rc = sealed_key_make(key, buf_span(&passphrase), &sealed, err);
	if (rc == 0)
		rc = device_key_replace(call->keys_folder, key, &sealed, err);
	if (rc == 0 && before->is_sealed)
		(void)!sealed_key_lock(&before->sealed, NULL);
	buf_wipe(&passphrase);
	return rc;
}

static int protect(struct action_call *call, struct err *err)
{
	struct device_key key = { .did = "" };
	struct device_look before;
	bool is_off = action_flag(call, "off");
	int rc = device_key_look(call->keys_folder, &before, err);

	if (rc == 0)
		rc = key_take(call, &key, err);
	if (rc == 0 && !is_off)
		rc = seal_in_place(call, &key, &before, err);
	else if (rc == 0 && before.is_sealed) {
		rc = device_key_replace(call->keys_folder, &key, NULL, err);
		(void)!sealed_key_lock(&before.sealed, NULL);
	}
	if (rc == 0)
		rc = emit_seal(call, key.did, !is_off, 0, err);
	if (rc == 0 && !is_off)
		host_note(call->host, "without its passphrase, and a backup or "
			  "a recovery key, nobody opens it again");
	device_key_wipe(&key);
	return rc;
}

static int look_sealed(const struct action_call *call,
		       struct device_look *out, struct err *err)
{
	int rc = device_key_look(call->keys_folder, out, err);

	if (rc == 0 && !out->is_sealed)
		rc = err_set(err, ERR_INVALID, "the key of this device is not "
			     "sealed: 'vvault key protect' seals it");
	return rc;
}

static int unlock(struct action_call *call, struct err *err)
{
	struct buf passphrase = BUF_INIT(KEY_COPY_PASSPHRASE_MAX);
	const char *period = action_text(call, "for");
	struct device_key key = { .did = "" };
	unsigned seconds = UNLOCK_SECONDS;
	struct device_look look;
	int rc = look_sealed(call, &look, err);

	if (period)
		(void)!parse_period(period, &seconds);
	if (rc == 0)
		rc = key_copy_passphrase(call, false, &passphrase, err);
	if (rc == 0)
		rc = sealed_key_open(&look.sealed, buf_span(&passphrase),
				     &key, err);
	if (rc == 0)
		rc = sealed_key_unlock(&look.sealed, &key, seconds, err);
	if (rc == 0)
		rc = emit_seal(call, key.did, true, timestamp_now() +
			  (int64_t)seconds * TIMESTAMP_SECOND, err);
	device_key_wipe(&key);
	buf_wipe(&passphrase);
	return rc;
}

static int lock(struct action_call *call, struct err *err)
{
	struct device_look look;
	struct err why = ERR_INIT;
	int rc = look_sealed(call, &look, err);

	if (rc == 0) {
		rc = sealed_key_lock(&look.sealed, &why);
		rc = rc == ERR_NOT_FOUND ? 0 : err_copy(err, rc, &why);
	}
	return rc < 0 ? rc : emit_seal(call, look.did, true, 0, err);
}

static const struct action_param protect_params[] = {
	{ "off", ACTION_FLAG, 0, NULL, "take the seal off again" },
	PASSPHRASE_PARAM,
	ACTION_PARAMS_END
};

static const struct action_param unlock_params[] = {
	{ "for", ACTION_TEXT, 0, "<time>",
	  "how long, as 30m, 8h or 2d; else 8h" },
	PASSPHRASE_PARAM,
	ACTION_PARAMS_END
};

const struct action action_key_protect = {
	"key protect", "seal the key where it lies, by a passphrase",
	protect_params, ACTION_NO_VAULT | ACTION_WRITES, NULL, protect
};

const struct action action_key_unlock = {
	"key unlock", "open a sealed key for this session, for a while",
	unlock_params, ACTION_NO_VAULT, check_period, unlock
};

const struct action action_key_lock = {
	"key lock", "close it before that", no_params, ACTION_NO_VAULT, NULL,
	lock
};
