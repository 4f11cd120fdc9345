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
#include <term.h>

/* How long a key that begins with Esc may be on its way. */
#define ESCAPE_MS 50

struct screen {
	SCREEN *curses;
	bool has_color;
	bool is_ascii;
};

static void begin_colors(struct screen *screen)
{
	short color;

	if (start_color() == ERR || use_default_colors() == ERR) {
		screen->has_color = false;
		return;
	}
	/* The numbers of ANSI's colors are those of curses'. */
	for (color = 1; color <= (short)STYLE_COLORS; color++)
		init_pair(color, color, -1);
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
	if (!tigetstr("cup")) {
		screen_close(screen);
		return err_set(err, ERR_UNSUPPORTED, "the terminal '%s' has "
			       "lines alone, no screen", term ? term : "");
	}
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

static attr_t attributes(const struct screen *screen, unsigned style)
{
	static const struct { unsigned style; attr_t how; } table[] = {
		{ STYLE_BOLD, A_BOLD }, { STYLE_DIM, A_DIM },
		{ STYLE_ITALIC, A_ITALIC }, { STYLE_UNDERLINE, A_UNDERLINE },
		{ STYLE_REVERSE, A_REVERSE },
	};
	attr_t how = A_NORMAL;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (style & table[i].style)
			how |= table[i].how;
	}
	/* What is found stands out without colors, too. */
	if (!screen->has_color && (style & ~STYLE_REVERSE) == STYLE_MARK)
		how |= A_UNDERLINE;
	return how;
}

static void show_cell(const struct screen *screen, const struct cell *cell,
		      int row, int col)
{
	wchar_t text[2 + CELL_MARKS] = { (wchar_t)cell->point };
	short color = (short)(cell->style & STYLE_COLORS);
	cchar_t shown;
	size_t i;

	for (i = 0; i < CELL_MARKS; i++)
		text[1 + i] = (wchar_t)cell->marks[i];
	if (setcchar(&shown, text, attributes(screen, cell->style),
		     screen->has_color ? color : 0, NULL) == OK)
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
