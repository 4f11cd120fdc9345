#include "cmd/action/result.h"

#include <string.h>

#include "refs/index/lists/names.h"

const char *view_title(const struct view *view)
{
	return view->construct[0] ? view->construct : view->ref_name;
}

/* It has its id, whatever hinders from knowing more. */
const char *view_called(struct view *view)
{
	const char *shown = "";

	if (construct_shown(view, &shown, NULL) < 0 || !*shown)
		return view_title(view);
	return shown;
}

static void put_called(struct jcs_fields *fields, const char *id,
		       const char *called)
{
	fields_str(fields, "construct", id);
	if (called && strcmp(called, id) != 0)
		fields_str(fields, "called", called);
}

void result_construct(struct jcs_fields *fields, struct view *view)
{
	put_called(fields, view_title(view), view_called(view));
}

void result_construct_id(struct jcs_fields *fields, struct vault *vault,
			 const char *id)
{
	const char *called = NULL;

	if (names_shown(vault, id, &called, NULL) < 0)
		called = NULL;
	put_called(fields, id, called);
}
