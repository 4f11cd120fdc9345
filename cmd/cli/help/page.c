#include "cmd/cli/help/page.h"

#include "cmd/cli/say.h"
#include "lib/os/process.h"

#define LOOK_MS 5000

/* What man(1) says where a page lies, it can show. */
static bool page_is_there(const char *name)
{
	const char *const words[] = { "man", "-w", name, NULL };
	const struct process_spec spec = {
		.argv = words, .timeout_ms = LOOK_MS,
	};
	struct process_end end = { 0, 0 };
	struct err quiet = ERR_INIT;

	return process_run(&spec, NULL, NULL, &end, &quiet) == 0 &&
	       !end.signal && end.status == 0;
}

bool page_show(const char *command)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	const char *words[] = { "man", NULL, NULL };
	const struct process_spec spec = {
		.argv = words, .shares_stdout = true, .shares_group = true,
	};
	struct process man = PROCESS_INIT;
	struct process_end end = { 0, 1 };
	struct err quiet = ERR_INIT;
	bool is_shown = false;

	buf_putf(&name, "vvault-%s", command);
	words[1] = buf_text(&name);
	if (say_is_for_people() && buf_end(&name, NULL) == 0 &&
	    page_is_there(words[1])) {
		say_flush();
		is_shown = process_start(&man, &spec, &quiet) == 0 &&
			   process_finish(&man, 0, &end, &quiet) == 0 &&
			   !end.signal && end.status == 0;
		process_release(&man);
	}
	buf_release(&name);
	return is_shown;
}
