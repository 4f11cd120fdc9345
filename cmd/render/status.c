#include "cmd/cli/say.h"
#include "cmd/render/render.h"

static void print_remotes(const struct jval *ahead, const struct jval *behind)
{
	const struct jval *remote = jval_first(ahead);
	long long to_push;
	long long to_pull;

	for (; remote; remote = remote->next) {
		if (!jval_integer(remote, &to_push) ||
		    !jval_integer(jval_get_span(behind, remote->key),
				  &to_pull))
			continue;
		say_printf("remote   ");
		say_text(remote->key);
		say_printf(": %lld to push, %lld to pull\n", to_push, to_pull);
	}
}

bool render_status(const struct jval *status)
{
	unsigned long long kept = render_number(status, "quarantine_bytes");

	print_remotes(jval_get(status, "ahead"), jval_get(status, "behind"));
	render_line(status, "vault    {vault}\nconstructs {constructs}, "
		    "quarantined {quarantined}, forks {forks}\n");
	if (render_number(status, "conflicts"))
		render_line(status, "conflicts {conflicts}: 'vvault conflicts' "
			    "lists them\n");
	if (render_number(status, "blind"))
		render_line(status, "blind    all {blind}: sealed, and this "
			    "device holds no key, so that only hashes and "
			    "signatures are checked\n");
	if (kept)
		say_printf("quarantine takes %llu MB: 'vvault quarantine "
			   "list' shows what lies there\n", kept >> 20);
	return true;
}
