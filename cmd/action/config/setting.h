/*
 * The settings that there are: what each means, and what it may be.
 */
#ifndef VV_CMD_ACTION_CONFIG_SETTING_H
#define VV_CMD_ACTION_CONFIG_SETTING_H

#include <stdbool.h>

#include "lib/base/err.h"

/* Where one is obeyed. What is run is a person's own choice: a vault that came
 * from somebody else names no program, no file, and no command. */
#define SETTING_IN_VAULT 1u
#define SETTING_GLOBAL 2u

enum setting_type { SETTING_TEXT, SETTING_SWITCH, SETTING_SIZE, SETTING_ALIAS };

struct setting {
	const char *key;		/* "alias." is of all that begin so */
	enum setting_type type;
	unsigned where;
	const char *values;		/* "always|auto|never", or NULL */
	const char *help;
};

/* Ended by a row without a key. */
extern const struct setting setting_table[];

/* Is it vvault's to tell of, and not only git's? */
bool setting_is_shown(const char *key);

/* The setting of that key. ERR_INVALID: there is none; which may be meant. */
MUST_USE int setting_find(const char *key, const struct setting **out,
			  struct err *err);

/* May it be that? ERR_INVALID says what it may be. */
MUST_USE int setting_check(const struct setting *setting, const char *key,
			   const char *value, struct err *err);

/* Does it count where it stands? */
bool setting_is_obeyed(const char *key, const char *value, unsigned where);

#endif
