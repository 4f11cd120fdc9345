#include <string.h>

#include "cmd/cli/say.h"
#include "cmd/render/render.h"
#include "objects/record/kinds.h"

void render_thousands(unsigned long long n)
{
	if (n >= 1000) {
		render_thousands(n / 1000);
		say_printf(",%03llu", n % 1000);
	} else {
		say_printf("%llu", n);
	}
}

void render_count(unsigned long long n, const char *thing)
{
	size_t len = strlen(thing);
	bool is_ies = n != 1 && len > 1 && thing[len - 1] == 'y' &&
		      thing[len - 2] == 'r';

	render_thousands(n);
	say_printf(" %.*s%s", (int)(is_ies ? len - 1 : len), thing,
		   is_ies ? "ies" : n == 1 ? "" : "s");
}

void render_bytes(unsigned long long n)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	double value = (double)n / 1000;
	size_t i = 0;

	if (n < 1000) {
		render_count(n, "byte");
		return;
	}
	for (; value >= 999.95 && i + 1 < sizeof(units) / sizeof(*units); i++)
		value /= 1000;
	say_printf("%.1f %s", value, units[i]);
}

bool render_kinds(const struct jval *counts, bool is_begun)
{
	size_t i;

	for (i = 0; kind_table[i].name; i++) {
		unsigned long long n = render_number(counts,
						     kind_table[i].name);

		if (!n)
			continue;
		say_printf(is_begun ? ", " : "");
		render_count(n, kind_table[i].name);
		is_begun = true;
	}
	return is_begun;
}
