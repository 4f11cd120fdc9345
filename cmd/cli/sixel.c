#include "cmd/cli/sixel.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/id/encode.h"
#include "lib/os/process.h"
#include "lib/time/timestamp.h"

#define QUESTION "\033[c"		/* what are you? (DA1) */
#define ANSWER_BEGIN "\033[?"
#define ANSWER_MAX 256
#define ANSWER_MICROS 200000
#define CAN_SIXEL 4			/* among the numbers of the answer */
#define PICTURE_MAX ((size_t)16 << 20)
#define OUTPUT_MAX ((size_t)32 << 20)
#define TIMEOUT_MS 10000

/* "ESC [ ? 62 ; 4 ; 6 c": is the number in it? */
static bool answer_has(const char *answer, unsigned long number)
{
	const char *at = strstr(answer, ANSWER_BEGIN);
	char *end;

	if (!at)
		return false;
	at += strlen(ANSWER_BEGIN);
	/* The first one is the terminal's kind. */
	for (at += strspn(at, "0123456789"); *at == ';'; at = end) {
		if (strtoul(at + 1, &end, 10) == number)
			return true;
	}
	return false;
}

static bool is_whole(const char *answer)
{
	const char *at = strstr(answer, ANSWER_BEGIN);

	return at && strchr(at, 'c');
}

/* Read until the answer has come, or its time is over. */
static void hear(int fd, char answer[ANSWER_MAX])
{
	const int64_t end = timestamp_now() + ANSWER_MICROS;
	struct pollfd wanted = { .fd = fd, .events = POLLIN };
	size_t len = 0;

	answer[0] = '\0';
	while (len + 1 < ANSWER_MAX && !is_whole(answer)) {
		int64_t left = end - timestamp_now();
		ssize_t n;

		if (left <= 0 || left > ANSWER_MICROS ||
		    poll(&wanted, 1, (int)(left / 1000) + 1) <= 0)
			return;
		n = read(fd, answer + len, 1);
		if (n <= 0)
			return;
		len += answer[len] != '\0';
		answer[len] = '\0';
	}
}

/* No key does anything meanwhile, so that nothing ends us before the terminal
 * is as it was. */
static bool ask(int fd)
{
	char answer[ANSWER_MAX];
	struct termios saved;
	struct termios raw;

	/* Behind the back of the shell it would stop us. */
	if (tcgetpgrp(fd) != getpgrp() || tcgetattr(fd, &saved) < 0)
		return false;
	raw = saved;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (tcsetattr(fd, TCSADRAIN, &raw) < 0)
		return false;
	answer[0] = '\0';
	if (write(fd, QUESTION, strlen(QUESTION)) == (ssize_t)strlen(QUESTION))
		hear(fd, answer);
	tcsetattr(fd, TCSADRAIN, &saved);
	return answer_has(answer, CAN_SIXEL);
}

bool sixel_is_known(void)
{
	static bool is_asked;
	static bool is_known;
	const char *term = getenv("TERM");
	int fd;

	if (is_asked)
		return is_known;
	is_asked = true;
	/* One that understands no sequences would print the question. */
	if (!term || !*term || !strcmp(term, "dumb"))
		return false;
	fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return false;
	is_known = ask(fd);
	close(fd);
	return is_known;
}

/* One picture and nothing else: "ESC P 0;1;8 q", printable characters,
 * "ESC \". So what img2sixel says steers the terminal no further. */
static bool is_sixel(struct span text)
{
	const char *end = "\033\\";
	size_t at = 2;

	while (text.len && text.at[text.len - 1] == '\n')
		text.len--;
	if (text.len < 5 || !span_begins(text, "\033P") ||
	    memcmp(text.at + text.len - 2, end, 2))
		return false;
	while (at < text.len - 2 && strchr("0123456789;", text.at[at]) &&
	       text.at[at])
		at++;
	if (text.at[at] != 'q')
		return false;
	for (; at < text.len - 2; at++) {
		if ((text.at[at] < ' ' || text.at[at] > '~') &&
		    text.at[at] != '\n')
			return false;
	}
	return true;
}

/* Of what moves, the first image. */
static enum sixel_end make(struct span picture, struct buf *out)
{
	static const char *const argv[] = { "img2sixel", "-S", NULL };
	const struct process_spec spec = {
		.argv = argv, .input = picture, .cwd = "/",
		.timeout_ms = TIMEOUT_MS,
	};
	struct err err = ERR_INIT;
	struct process_end end;
	int rc = process_run(&spec, out, NULL, &end, &err);

	if (rc == ERR_NOT_FOUND || rc == ERR_DENIED)
		return SIXEL_NO_PROGRAM;
	return rc == 0 && !end.signal && !end.status &&
	       is_sixel(buf_span(out)) ? SIXEL_SHOWN : SIXEL_FAILED;
}

enum sixel_end sixel_show(struct span base64)
{
	struct buf picture = BUF_INIT(PICTURE_MAX);
	struct buf out = BUF_INIT(OUTPUT_MAX);
	enum sixel_end end = SIXEL_FAILED;

	if (base64_decode(base64, &picture, NULL) == 0 && picture.len)
		end = make(buf_span(&picture), &out);
	if (end == SIXEL_SHOWN) {
		fwrite(out.data, 1, out.len, stdout);
		printf("\n");
	}
	buf_release(&out);
	buf_release(&picture);
	return end;
}
