#include "cmd/render/read/flow.h"
#include "cmd/render/read/words.h"
#include "cmd/render/render.h"
#include "lib/json/jcs_scan.h"

#define KIND_COLUMNS 9		/* "construct" */
#define GAPS 4
#define TITLE_MIN 20
#define TITLE_MAX 100		/* where lines have no end */

static unsigned handle_columns(void)
{
	char text[SAY_HANDLE_MAX];

	return (unsigned)say_handle_text(text);
}

/* Who says what; of a message without words the first of its parts. */
static void put_message(struct flow *flow, struct span role, struct span state)
{
	struct span who;
	struct span value;
	struct jcs_iter iter;

	if (!jcs_find_string(state, "name", &who))
		who = role;
	flow_cells_put(&flow->cells, SAY_CYAN, 0, who);
	flow_cells_put(&flow->cells, 0, 0, span_str(": "));
	if (jcs_find(state, "content", &value) &&
	    !jcs_is_text(value, "")) {
		words_of_state(state, &flow->cells, 0);
	} else if (jcs_find(state, "parts", &value)) {
		iter = jcs_iter_array(value);
		if (jcs_next(&iter, NULL, &value))
			words_of_state(value, &flow->cells, SAY_DIM);
	}
}

static void put_title(struct flow *flow, struct span state)
{
	struct span role;
	struct span session;

	if (jcs_find_string(state, "role", &role) &&
	    jcs_find(state, "session", &session))
		put_message(flow, role, state);
	else
		words_of_state(state, &flow->cells, 0);
}

/* The name of the entity, where there is room behind the title. */
static void put_entity(struct flow *flow, struct span entity, unsigned room,
		       bool has_end)
{
	unsigned used = flow_columns(&flow->cells);

	if (has_end && used + 2 + entity.len > room)
		return;
	flow_cells_put(&flow->cells, 0, 0, span_str("  "));
	flow_cells_put(&flow->cells, SAY_DIM, 0, entity);
}

bool render_ls(struct span entity)
{
	struct flow flow = FLOW_INIT(screen_width());
	struct span name = span_of("", 0);
	struct span kind = span_of("", 0);
	struct span state;
	struct span at = span_of("", 0);
	unsigned used = handle_columns() + KIND_COLUMNS + GAPS;

	if (!jcs_find(entity, "state", &state))
		return false;
	(void)jcs_find_string(entity, "entity", &name);
	(void)jcs_find_string(entity, "kind", &kind);
	(void)jcs_find_string(entity, "at", &at);
	say_handle();
	used += (unsigned)render_when(SAY_YELLOW, at, "undated");
	say_printf("  ");
	say_colored(SAY_DIM, kind);
	say_printf("%*s", (int)(KIND_COLUMNS > kind.len ? KIND_COLUMNS -
				kind.len : 0) + 2, "");
	put_title(&flow, state);
	flow.width = !flow.width ? TITLE_MAX :
		     flow.width > used + TITLE_MIN ? flow.width - used :
		     TITLE_MIN;
	flow_cut(&flow);
	put_entity(&flow, name, flow.width, screen_width() > 0);
	flow_end(&flow, false);
	flow_release(&flow);
	return true;
}
