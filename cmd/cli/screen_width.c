#include "cmd/cli/screen.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/cli/say.h"

#define WIDTH_MIN 20
#define WIDTH_MAX 1000

static unsigned long said_width(void)
{
	const char *columns = getenv("COLUMNS");

	return columns ? strtoul(columns, NULL, 10) : 0;
}

static unsigned bound(unsigned long width)
{
	if (width && width < WIDTH_MIN)
		width = WIDTH_MIN;
	return width > WIDTH_MAX ? WIDTH_MAX : (unsigned)width;
}

unsigned screen_talk_width(void)
{
	unsigned long width = said_width();
	struct winsize size;

	if (!isatty(STDERR_FILENO))
		return 0;
	if (!width && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	return bound(width);
}

static unsigned find_width(void)
{
	unsigned long width = said_width();
	struct winsize size;

	/* The pager has stdout; stderr is the terminal still. */
	if (!width && say_is_for_people() &&
	    (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ||
	     ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0))
		width = size.ws_col;
	return bound(width);
}

unsigned screen_width(void)
{
	static bool is_known;
	static unsigned width;

	if (!is_known)
		width = find_width();
	is_known = true;
	return width;
}
