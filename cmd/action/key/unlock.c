#include "cmd/action/key/copy.h"
#include "cmd/action/key/seal.h"
#include "lib/time/timestamp.h"
#include "refs/key/retired.h"

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

static int look_sealed(const struct action_call *call,
		       struct device_look *out, struct err *err)
{
	int rc = device_key_look(call->keys_folder, out, err);

	if (rc == 0 && !out->is_sealed)
		rc = err_set(err, ERR_INVALID, "the key of this device is not "
			     "sealed: 'vvault key protect' seals it");
	return rc;
}

/* Those of before, where the same passphrase opens them. */
struct unlocking {
	struct span passphrase;
	unsigned seconds;
};

static int unlock_key(const struct unlocking *unlocking,
		      const struct sealed_key *sealed, struct err *err)
{
	struct device_key key = { .did = "" };
	int rc = sealed_key_open(sealed, unlocking->passphrase, &key, err);

	if (rc == 0)
		rc = sealed_key_unlock(sealed, &key, unlocking->seconds, err);
	device_key_wipe(&key);
	return rc;
}

static int unlock_other(void *arg, const char *folder, struct err *err)
{
	struct device_look look;

	(void)err;
	if (device_key_look(folder, &look, NULL) == 0 && look.is_sealed)
		(void)!unlock_key(arg, &look.sealed, NULL);
	return 0;
}

static int unlock(struct action_call *call, struct err *err)
{
	struct buf passphrase = BUF_INIT(KEY_COPY_PASSPHRASE_MAX);
	const char *period = action_text(call, "for");
	struct unlocking unlocking = { .seconds = UNLOCK_SECONDS };
	struct device_look look;
	int rc = look_sealed(call, &look, err);

	if (period)
		(void)!parse_period(period, &unlocking.seconds);
	if (rc == 0)
		rc = key_copy_passphrase(call, false, &passphrase, err);
	unlocking.passphrase = buf_span(&passphrase);
	if (rc == 0)
		rc = unlock_key(&unlocking, &look.sealed, err);
	if (rc == 0)
		rc = other_keys_each(call->keys_folder, unlock_other,
				     &unlocking, err);
	if (rc == 0)
		rc = key_seal_emit(call, look.did, true, timestamp_now() +
			       (int64_t)unlocking.seconds * TIMESTAMP_SECOND,
			       err);
	buf_wipe(&passphrase);
	return rc;
}

static int lock_key(const struct sealed_key *sealed, struct err *err)
{
	struct err why = ERR_INIT;
	int rc = sealed_key_lock(sealed, &why);

	return rc == ERR_NOT_FOUND ? 0 : err_copy(err, rc, &why);
}

static int lock_other(void *arg, const char *folder, struct err *err)
{
	struct device_look look;

	(void)arg;
	return device_key_look(folder, &look, NULL) == 0 && look.is_sealed ?
	       lock_key(&look.sealed, err) : 0;
}

static int lock(struct action_call *call, struct err *err)
{
	struct device_look look;
	int rc = look_sealed(call, &look, err);

	if (rc == 0)
		rc = lock_key(&look.sealed, err);
	if (rc == 0)
		rc = other_keys_each(call->keys_folder, lock_other, NULL, err);
	return rc < 0 ? rc : key_seal_emit(call, look.did, true, 0, err);
}

static const struct action_param unlock_params[] = {
	{ "for", ACTION_TEXT, 0, "<time>",
	  "how long, as 30m, 8h or 2d; else 8h" },
	PASSPHRASE_PARAM,
	ACTION_PARAMS_END
};

const struct action action_key_unlock = {
	"key unlock", "open a sealed key for this session, for a while",
	unlock_params, ACTION_NO_VAULT, check_period, unlock
};

const struct action action_key_lock = {
	"key lock", "close it before that", no_params, ACTION_NO_VAULT, NULL,
	lock
};
