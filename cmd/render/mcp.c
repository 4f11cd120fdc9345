#include "cmd/render/render.h"

/* What became of our server in the settings of an agent; or of a hook that was
 * offered with it. */
bool render_mcp(const struct jval *result)
{
	struct span state = jval_get_text(result, "server");

	if (!state.at)
		return render_capture(result);
	if (jval_get(result, "reason")) {
		render_line(result, "{path} stays as it is: {reason}\n");
		return true;
	}
	render_line(result, "{path}\n");
	render_changes(jval_get_text(result, "changes"));
	if (span_equals(state, span_str("installed")))
		render_line(result, "{title} starts this vault's MCP server "
			    "from now on\n");
	else if (span_equals(state, span_str("removed")))
		render_line(result, "{title} starts it no more\n");
	else if (span_begins(state, "would"))
		render_line(result, "the server {server}: nothing is "
			    "written\n");
	else
		render_line(result, "the server is {server}\n");
	if (jval_is(jval_get(result, "captures"), JVAL_FALSE))
		render_line(result, "'vvault capture --install-hook {agent}' "
			    "has it bring its sessions in, too\n");
	return true;
}
