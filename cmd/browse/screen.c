/* Wide characters are of X/Open. */
#define _XOPEN_SOURCE 700
#define NCURSES_WIDECHAR 1
#include "cmd/browse/screen.h"

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>

/* How long a key that begins with Esc may be on its way. */
#define ESCAPE_MS 50

struct screen {
	SCREEN *curses;
	bool has_color;
	bool is_ascii;
};

/* How styles look; where there are no colors, attributes alone tell them. */
static const struct {
	attr_t plain;
	attr_t colored;
	short color;		/* -1: the terminal's own */
} looks[STYLE_COUNT] = {
	[STYLE_PLAIN] = { A_NORMAL, A_NORMAL, -1 },
	[STYLE_DIM] = { A_DIM, A_DIM, -1 },
	[STYLE_BOLD] = { A_BOLD, A_BOLD, -1 },
	[STYLE_DATE] = { A_NORMAL, A_NORMAL, COLOR_YELLOW },
	[STYLE_WHO] = { A_NORMAL, A_NORMAL, COLOR_CYAN },
	[STYLE_TITLE] = { A_BOLD, A_BOLD, -1 },
	[STYLE_CODE] = { A_NORMAL, A_NORMAL, COLOR_GREEN },
	[STYLE_MARK] = { A_UNDERLINE | A_BOLD, A_BOLD, COLOR_RED },
	[STYLE_ERROR] = { A_REVERSE | A_BOLD, A_REVERSE | A_BOLD, COLOR_RED },
	[STYLE_BAR] = { A_REVERSE, A_REVERSE, -1 },
};

static void begin_colors(struct screen *screen)
{
	short style;

	if (start_color() == ERR || use_default_colors() == ERR) {
		screen->has_color = false;
		return;
	}
	for (style = 1; style < STYLE_COUNT; style++)
		init_pair(style, looks[style].color, -1);
}

int screen_open(bool has_color, struct screen **out, struct err *err)
{
	struct screen *screen = calloc(1, sizeof(*screen));
	const char *term = getenv("TERM");

	if (!screen)
		return err_set(err, ERR_NOMEM, "no memory for the screen");
	setlocale(LC_CTYPE, "");
	screen->is_ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	screen->curses = newterm(NULL, stdout, stdin);
	if (!screen->curses) {
		setlocale(LC_CTYPE, "C");
		free(screen);
		return err_set(err, ERR_UNSUPPORTED, "the terminal '%s' is "
			       "not known", term ? term : "");
	}
	set_term(screen->curses);
	set_escdelay(ESCAPE_MS);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	screen->has_color = has_color && has_colors();
	if (screen->has_color)
		begin_colors(screen);
	*out = screen;
	return 0;
}

void screen_close(struct screen *screen)
{
	if (!screen)
		return;
	endwin();
	delscreen(screen->curses);
	setlocale(LC_CTYPE, "C");
	free(screen);
}

int screen_fit(struct screen *screen, struct grid *grid, struct err *err)
{
	int rows;
	int cols;

	getmaxyx(stdscr, rows, cols);
	grid->is_ascii = screen->is_ascii;
	return grid_resize(grid, rows > 0 ? (size_t)rows : 0,
			   cols > 0 ? (size_t)cols : 0, err);
}

static void show_cell(const struct screen *screen, const struct cell *cell,
		      int row, int col)
{
	unsigned style = cell->style & ~STYLE_SELECTED;
	wchar_t text[2 + CELL_MARKS] = { (wchar_t)cell->point };
	attr_t how = screen->has_color ? looks[style].colored :
		     looks[style].plain;
	cchar_t shown;
	size_t i;

	for (i = 0; i < CELL_MARKS; i++)
		text[1 + i] = (wchar_t)cell->marks[i];
	if (cell->style & STYLE_SELECTED)
		how |= A_REVERSE;
	if (setcchar(&shown, text, how, screen->has_color ? (short)style : 0,
		     NULL) == OK)
		mvadd_wch(row, col, &shown);
}

void screen_show(struct screen *screen, const struct grid *grid)
{
	size_t row;
	size_t col;

	erase();
	for (row = 0; row < grid->rows; row++) {
		for (col = 0; col < grid->cols; col++) {
			if (grid_cell(grid, row, col)->point)
				show_cell(screen, grid_cell(grid, row, col),
					  (int)row, (int)col);
		}
	}
	curs_set(grid->cursor_row < grid->rows);
	if (grid->cursor_row < grid->rows)
		move((int)grid->cursor_row, (int)grid->cursor_col);
	refresh();
}

static uint32_t named_key(wint_t code)
{
	static const struct { wint_t code; uint32_t key; } table[] = {
		{ KEY_UP, PRESS_UP }, { KEY_DOWN, PRESS_DOWN },
		{ KEY_LEFT, PRESS_LEFT }, { KEY_RIGHT, PRESS_RIGHT },
		{ KEY_HOME, PRESS_HOME }, { KEY_END, PRESS_END },
		{ KEY_PPAGE, PRESS_PAGE_UP }, { KEY_NPAGE, PRESS_PAGE_DOWN },
		{ KEY_F(1), PRESS_F1 }, { KEY_BACKSPACE, PRESS_ERASE },
		{ KEY_ENTER, PRESS_ENTER }, { KEY_RESIZE, PRESS_RESIZED },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].code == code)
			return table[i].key;
	}
	return PRESS_OTHER;
}

bool screen_key(struct screen *screen, uint32_t *key)
{
	wint_t code;
	int what = get_wch(&code);

	(void)screen;
	if (what == ERR)
		return false;
	if (what == KEY_CODE_YES)
		*key = named_key(code);
	else
		*key = code == '\n' ? PRESS_ENTER : (uint32_t)code;
	return true;
}

void screen_suspend(struct screen *screen)
{
	screen_lend(screen);
	/* The whole group: the shell that waits looks at its first one. */
	signal(SIGTSTP, SIG_DFL);
	kill(0, SIGTSTP);
	screen_take_back(screen);
}

void screen_lend(struct screen *screen)
{
	(void)screen;
	endwin();
}

void screen_take_back(struct screen *screen)
{
	screen_forget(screen);
	refresh();
}

void screen_forget(struct screen *screen)
{
	(void)screen;
	clearok(curscr, TRUE);
}
