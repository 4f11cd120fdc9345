#include "cmd/render/render.h"

#define CONTENT_BYTES 400

static void print_content(const struct jval *found)
{
	const struct jval *data = jval_get(found, "data");
	const struct jval *content = jval_get(data, "content");

	if (!content)
		content = jval_get(data, "title");
	say_printf("it says     ");
	if (content)
		render_value(content, CONTENT_BYTES);
	else
		render_short(data, span_str("fields"), CONTENT_BYTES);
	say_printf("\n");
}

/* Who signed, and by whose word they might. */
static void print_signer(const struct jval *found)
{
	bool has_name = !jval_is_text(jval_get(found, "name"), "vvault");

	render_line(found, has_name ? "signed by   {name}, {device}\n" :
		    "signed by   {device}\n");
	render_line(found, jval_get_text(found, "admitted_by").len ?
		    "            {role} by the word of {admitted_by}\n" :
		    "            {role} from the vault's first record on\n");
}

bool render_check_proof(const struct jval *found)
{
	if (!render_flag(found, "holds")) {
		say_colored(SAY_RED, span_str("the proof does not hold"));
		render_line(found, ": {message}\n");
		return true;
	}
	say_colored(SAY_GREEN, span_str("the proof holds"));
	render_line(found, ": {entity} stands in a signed version\n");
	print_content(found);
	print_signer(found);
	say_printf("on          ");
	render_time(SAY_PLAIN, found, "time", "an unknown day");
	say_printf(", as the signer's clock had it\n");
	render_line(found, render_flag(found, "sealed") ?
		    "in          version {version:10} of a construct whose "
		    "name is sealed\n" :
		    "in          version {version:10} of '{construct}'\n");
	render_line(found, "record      {record}\n"
		    "vault       {vault}: compare it with the one you know, or "
		    "give it as --vault\n");
	return true;
}
