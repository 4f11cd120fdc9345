#include <string.h>

#include "cmd/action/actions.h"
#include "cmd/action/config/secrets.h"
#include "cmd/action/context/delivery.h"
#include "cmd/action/context/gather.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/result.h"
#include "lib/id/encode.h"

#define BUDGET 4000
#define ROOT_DIGITS 12

static int check_context(const struct action_call *call, struct err *err)
{
	int rc = delivery_check(call, BUDGET, err);

	return rc < 0 ? rc : secrets_check(call, err);
}

/* What each part may have of the budget, in the order of its weight. */
static void begin_context(struct gathering *gathering)
{
	struct brief *brief = gathering->brief;
	bool is_asked = gathering->query != NULL;

	gathering->persona = brief_section(brief, "persona", "Persona",
					  "parts of the persona", 35);
	gathering->decisions = brief_section(brief, "decisions",
					    "Last decisions", "decisions", 10);
	gathering->conflicts = brief_section(brief, "conflicts",
					    "Open conflicts", "conflicts", 5);
	if (is_asked)
		gathering->about = brief_section(brief, "about", "About what is "
						"asked", "hits", 30);
	gathering->memories = brief_section(brief, "memories",
					   "Standing memories", "memories",
					   is_asked ? 15 : 45);
	gathering->talks = brief_section(brief, "conversations",
					"Last conversations", "conversations",
					5);
	gathering->persona->item_share = 25;
	gathering->decisions->item_share = 10;
	gathering->memories->item_share = 10;
}

/* "vvault ls nova memory": with what names the construct in one word. */
static int say_more(struct gathering *gathering, struct brief_section *section,
		    const char *before, const char *behind, struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_putf(&text, "%s %s%s", before, view_title(gathering->view),
		 behind);
	rc = buf_end(&text, err);
	if (rc == 0)
		rc = arena_keep(&gathering->brief->arena, buf_span(&text),
				&section->more, err);
	buf_release(&text);
	return rc;
}

static int gather_context(struct gathering *gathering, struct err *err)
{
	enum import_secrets secrets = SECRETS_STAY;
	int rc = secrets_choose(gathering->call, false, &secrets, err);

	gathering->brief->redacts = secrets != SECRETS_STAY;
	if (rc == 0)
		rc = lists_open(gathering->view, LISTS_KEEP_FROM,
				&gathering->lists, err);
	if (rc == 0)
		rc = gather_persona(gathering, err);
	if (rc == 0 && gathering->query)
		rc = gather_hits(gathering, err);
	if (rc == 0)
		rc = gather_memories(gathering, err);
	if (rc == 0)
		rc = gather_conflicts(gathering, err);
	if (rc == 0)
		rc = gather_talks(gathering, err);
	if (rc == 0)
		rc = say_more(gathering, gathering->persona,
			      "vvault construct show", "", err);
	if (rc == 0)
		rc = say_more(gathering, gathering->decisions, "vvault ls",
			      " memory", err);
	if (rc == 0)
		rc = say_more(gathering, gathering->conflicts,
			      "vvault conflicts", "", err);
	if (rc == 0)
		rc = say_more(gathering, gathering->memories, "vvault ls",
			      " memory", err);
	if (rc == 0)
		rc = say_more(gathering, gathering->talks,
			      "vvault session list", "", err);
	return rc < 0 || !gathering->about ? rc :
	       say_more(gathering, gathering->about, "vvault recall",
			" ...", err);
}

/* Whose it is, as of when, and what can be done with it. */
static int head(struct gathering *gathering, struct err *err)
{
	struct brief *brief = gathering->brief;
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	char root[HEX_TEXT(SHA256_BYTES) + 1];
	int rc;

	hex_text(gathering->view->root, SHA256_BYTES, root);
	buf_putf(&title, CONTEXT_BEGINS "%s", view_called(gathering->view));
	rc = buf_end(&title, err);
	if (rc == 0)
		rc = arena_keep(&brief->arena, buf_span(&title), &brief->title,
				err);
	buf_release(&title);
	buf_putf(&brief->about, "State %.*s, made for %zu tokens by estimate. "
		 "What stands in brackets is a ref: `vvault read <ref>` tells "
		 "it whole, with what stands around it.\n", ROOT_DIGITS, root,
		 brief->budget);
	if (gathering->about) {
		buf_put_str(&brief->about, gathering->about->items.n ?
			    "Asked: " : "Asked, and nothing was found: ");
		fence_put_line(&brief->about, span_str(gathering->query));
		buf_put_char(&brief->about, '\n');
	}
	return rc < 0 ? rc : buf_end(&brief->about, err);
}

static int tell_context(struct gathering *gathering, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct view *view = gathering->view;
	int rc = brief_fit(gathering->brief, err);

	result_construct(&fields, view);
	result_id(&fields, "version", view->heads_n == 1 ? view->heads : NULL);
	result_digest(&fields, "root", view->root);
	if (gathering->query)
		fields_str(&fields, "query", gathering->query);
	else
		fields_null(&fields, "query");
	fields_integer(&fields, "secrets", (int64_t)secret_counts_sum(
			&gathering->brief->secrets));
	if (rc == 0)
		rc = delivery_tell(gathering->call, gathering->brief, &fields,
				   err);
	jcs_fields_release(&fields);
	return rc;
}

static int run_context(struct action_call *call, struct err *err)
{
	struct brief brief = BRIEF_INIT;
	struct gathering gathering = {
		.call = call, .brief = &brief,
		.query = action_text(call, "query"),
	};
	int rc = ref_open_view(call->vault, action_text(call, "version"),
			       &gathering.view, err);

	if (rc == 0 && !strcmp(gathering.view->ref_name, VAULT_CONSTRUCT))
		rc = err_set(err, ERR_INVALID, "'%s' is no construct that "
			     "speaks: its records are members and keys",
			     action_text(call, "version"));
	delivery_begin(call, BUDGET, &brief);
	begin_context(&gathering);
	if (rc == 0)
		rc = gather_context(&gathering, err);
	if (rc == 0)
		rc = head(&gathering, err);
	if (rc == 0)
		rc = tell_context(&gathering, err);
	lists_free(gathering.lists);
	view_free(gathering.view);
	brief_release(&brief);
	return rc;
}

static const struct action_param params[] = {
	{ "for", ACTION_TEXT, 0, "<model>",
	  "claude, chatgpt, gemini, cursor ...: as it reads best" },
	DELIVERY_PARAMS,
	{ "query", ACTION_TEXT, 0, "<words>",
	  "with what matters to this, as recall finds it" },
	SECRETS_PARAMS,
	VERSION_PARAM(ACTION_REQUIRED),
	ACTION_PARAMS_END
};

const struct action action_context = {
	"context", "who a construct is and what it knows, for a model", params,
	ACTION_SHOWS, check_context, run_context
};
