#include "refs/view/names.h"

#include "lib/base/nearest.h"
#include "lib/base/text.h"
#include "refs/view/view.h"

/* each returns whether to go on. What cannot be read goes by its ref name. */
static void names_each(struct vault *vault,
		       bool (*each)(void *arg, struct span name), void *arg)
{
	struct name_list list = { NULL, 0 };
	struct err quiet = ERR_INIT;
	bool goes_on = view_constructs(vault, &list, &quiet) == 0;
	struct view *view;
	size_t i;

	for (i = 0; goes_on && i < list.n; i++) {
		err_clear(&quiet);
		if (view_open_ref(vault, list.at[i], &view, &quiet) < 0)
			continue;
		goes_on = each(arg, span_str(view->construct[0] ?
					     view->construct : list.at[i]));
		view_free(view);
	}
	name_list_release(&list);
}

/* A list that is cut off by its limit still helps. */
static bool put_name(void *arg, struct span name)
{
	struct buf *out = arg;

	return buf_printf(out, NULL, "%s%.*s", out->len ? ", " : "",
			  (int)name.len, name.at) == 0;
}

void names_put(struct vault *vault, struct buf *out)
{
	names_each(vault, put_name, out);
}

struct naming {
	struct nearest nearest;
	char found[CONSTRUCT_NAME_MAX];
};

static bool try_name(void *arg, struct span name)
{
	struct naming *naming = arg;

	nearest_try(&naming->nearest, name);
	if (naming->nearest.found.at == name.at) {
		memcpy(naming->found, name.at, name.len);
		naming->found[name.len] = '\0';
		naming->nearest.found = span_str(naming->found);
	}
	return naming->nearest.distance > 0;
}

bool names_near(struct vault *vault, struct span name,
		char out[CONSTRUCT_NAME_MAX])
{
	struct naming naming = { .nearest = NEAREST_INIT("") };

	naming.nearest.wanted = name;
	names_each(vault, try_name, &naming);
	memcpy(out, naming.found, sizeof(naming.found));
	return *out != '\0';
}

int names_refuse(struct vault *vault, const char *name, struct err *err)
{
	struct buf safe = BUF_INIT(256);
	char near[CONSTRUCT_NAME_MAX] = "";

	if (text_escape(&safe, text_cut(span_str(name), 60), 0, NULL) == 0)
		(void)names_near(vault, span_str(name), near);
	(void)err_set(err, ERR_NOT_FOUND, *near ?
		      "no construct '%s' here; is '%s' meant?" :
		      "no construct '%s' here%s", buf_text(&safe), near);
	buf_release(&safe);
	return ERR_NOT_FOUND;
}
