#include "cmd/render/render.h"

bool render_construct_rename(const struct jval *renamed)
{
	if (!jval_get_text(renamed, "version").len)
		render_line(renamed, "'{called}' is what it is called\n");
	else
		render_line(renamed, "{was} is called {called}\n");
	return true;
}

static void print_records(const struct jval *object, const char *name)
{
	unsigned long long n = render_number(object, name);

	say_printf("%llu record%s", n, n == 1 ? "" : "s");
}

bool render_construct_merge(const struct jval *merged)
{
	const struct jval *records = jval_get(merged, "records");

	print_records(records, "new");
	render_line(merged, " of {from} came to {construct}, {records.known} "
		    "stood there\n");
	return true;
}

bool render_construct_split(const struct jval *split)
{
	unsigned long long n = render_number(split, "entities");
	unsigned long long shared = render_number(split, "shared");

	print_records(split, "records");
	say_printf(" of %llu %s in ", n, n == 1 ? "entity is" : "entities are");
	render_line(split, "{into} and no more in {construct}\n");
	if (shared)
		render_line(split, shared == 1 ?
			    "but {shared}, which other sources brought as "
			    "well: it is in both\n" :
			    "but {shared}, which other sources brought as "
			    "well: they are in both\n");
	return true;
}
