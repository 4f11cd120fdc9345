/* wcwidth() is of X/Open. */
#define _XOPEN_SOURCE 700
#include "cmd/cli/screen.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "cmd/cli/say.h"
#include "cmd/cli/sixel.h"

#define URL_MAX 2048
#define KITTY_CHUNK 4096

void say_styled(unsigned style, struct span text)
{
	static const struct { unsigned flag; const char *code; } flags[] = {
		{ SAY_AND_BOLD, "\033[1m" }, { SAY_AND_DIM, "\033[2m" },
		{ SAY_AND_ITALIC, "\033[3m" },
		{ SAY_AND_UNDERLINE, "\033[4m" },
		{ SAY_AND_STRIKE, "\033[9m" },
	};
	size_t i;

	for (i = 0; say_has_color() && i < sizeof(flags) / sizeof(flags[0]);
	     i++) {
		if (style & flags[i].flag)
			say_code(flags[i].code);
	}
	/* Ends all of them, where it has a color. */
	say_colored((enum say_color)(style & SAY_COLOR_BITS), text);
	if (say_has_color() && style > SAY_COLOR_BITS)
		say_code("\033[m");
}

bool screen_is_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool is_it = locale && !strcmp(nl_langinfo_l(CODESET, locale),
				       "UTF-8");

	if (locale)
		freelocale(locale);
	return is_it;
}

unsigned screen_columns(uint32_t point)
{
	static locale_t locale;
	int columns;

	if (point < 0x80)
		return point >= ' ';
	/* Ours is "C", which knows no width but that of ASCII. */
	if (!locale) {
		locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
		if (locale)
			uselocale(locale);
	}
	columns = wcwidth((wchar_t)point);
	return columns < 0 ? 1 : (unsigned)columns;
}

static bool env_has(const char *name, const char *part)
{
	const char *value = getenv(name);

	return value && *value && strstr(value, part);
}

/* Those that are known to follow links. */
static bool follows_links(void)
{
	static const char *const programs[] = { "iTerm", "WezTerm", "vscode",
						"ghostty", "Hyper" };
	static const char *const terms[] = { "kitty", "alacritty", "foot",
					     "ghostty", "wezterm" };
	const char *vte = getenv("VTE_VERSION");
	size_t i;

	if (!say_is_for_people() || !say_has_color())
		return false;
	for (i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		if (env_has("TERM_PROGRAM", programs[i]) ||
		    env_has("TERM", terms[i]))
			return true;
	}
	return (vte && strtoul(vte, NULL, 10) >= 5000) ||
	       env_has("WT_SESSION", "") || env_has("KONSOLE_VERSION", "");
}

/* Nothing in it ends the sequence that it stands in, or is no address. */
static bool is_address(struct span url)
{
	size_t i;

	if (url.len > URL_MAX || (!span_begins(url, "https://") &&
				  !span_begins(url, "http://") &&
				  !span_begins(url, "mailto:")))
		return false;
	for (i = 0; i < url.len; i++) {
		if (url.at[i] <= ' ' || url.at[i] > '~')
			return false;
	}
	return true;
}

bool screen_follows(struct span url)
{
	return is_address(url) && follows_links();
}

void screen_link(struct span url)
{
	char code[URL_MAX + 16];

	snprintf(code, sizeof(code), "\033]8;;%.*s\033\\", (int)url.len,
		 url.at);
	say_code(code);
}

void screen_link_end(void)
{
	say_code("\033]8;;\033\\");
}

static bool is_base64(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
			    "xyz0123456789+/=", text.at[i]))
			return false;
	}
	return text.len > 0;
}

/* In pieces, of which all but the last say that more comes. */
static void print_kitty(struct span base64)
{
	const char *first = "a=T,f=100,";

	while (base64.len) {
		size_t len = base64.len < KITTY_CHUNK ? base64.len :
			     KITTY_CHUNK;

		printf("\033_G%sm=%d;%.*s\033\\", first, base64.len > len,
		       (int)len, base64.at);
		base64 = span_of(base64.at + len, base64.len - len);
		first = "";
	}
	printf("\n");
}

static void print_iterm(struct span base64)
{
	printf("\033]1337;File=inline=1;preserveAspectRatio=1:");
	fwrite(base64.at, 1, base64.len, stdout);
	printf("\a\n");
}

/* NULL: it is shown. */
static const char *show_sixel(struct span base64)
{
	if (!sixel_is_known())
		return "shown by kitty, iTerm2 or a terminal with sixels";
	switch (sixel_show(base64)) {
	case SIXEL_SHOWN:
		return NULL;
	case SIXEL_NO_PROGRAM:
		return "shown once img2sixel (libsixel) is installed";
	case SIXEL_FAILED:
		break;
	}
	return "img2sixel cannot show it";
}

bool screen_picture(struct span media, struct span base64,
		    const char **out_lacks)
{
	*out_lacks = NULL;
	if (!say_is_for_people() || !is_base64(base64))
		return false;
	say_flush();
	if (env_has("TERM_PROGRAM", "iTerm") ||
	    env_has("TERM_PROGRAM", "WezTerm") ||
	    env_has("TERM_PROGRAM", "mintty")) {
		print_iterm(base64);
	} else if (env_has("TERM", "kitty") || env_has("TERM", "ghostty")) {
		/* It reads PNG by itself, and no other file. */
		if (span_equals(media, span_str("image/png")))
			print_kitty(base64);
		else
			*out_lacks = "this terminal shows PNG alone";
	} else {
		*out_lacks = show_sixel(base64);
	}
	return !*out_lacks;
}
