#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_key(const struct jval *key)
{
	render_line(key, "{did}\n{public}\nin {path}, ");
	if (jval_get_text(key, "backup").len) {
		say_printf("backed up ");
		render_time(SAY_PLAIN, key, "backup", "");
		say_printf("\n");
	} else {
		say_printf("not backed up: 'vvault key backup <file>'\n");
	}
	if (render_flag(key, "sealed"))
		say_printf(render_flag(key, "unlocked") ?
			   "sealed by a passphrase, and unlocked for now\n" :
			   "sealed by a passphrase: 'vvault key unlock' opens "
			   "it for a while\n");
	return true;
}

bool render_key_seal(const struct jval *key)
{
	if (!render_flag(key, "sealed")) {
		say_printf("the key of this device lies open again\n");
	} else if (jval_get(key, "until")) {
		say_printf("unlocked for this session ");
		render_time(SAY_PLAIN, key, "until", "");
		say_printf("\n");
	} else {
		say_printf("the key of this device is sealed, and locked\n");
	}
	return true;
}

bool render_recover(const struct jval *rescue)
{
	render_line(rescue, "this device is let in as {role}, by the key that "
		    "was kept: {device}\nthe vault is in {path}");
	say_printf(render_flag(rescue, "pushed") ?
		   ", and the others learn of this when they pull\n" : "\n");
	return true;
}

bool render_key_rotate(const struct jval *key)
{
	if (jval_get(key, "did")) {
		render_line(key, "the key of this device is now {did}\n"
			    "in the place of {replaced}\n");
		return true;
	}
	say_printf("a new content key, granted to ");
	render_count(render_number(key, "granted"), "member");
	say_printf("; what is written from now on is sealed with it\n");
	return true;
}
