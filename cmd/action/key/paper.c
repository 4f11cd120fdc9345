#include "cmd/action/key/backup.h"

#include <qrencode.h>

#include "lib/time/timestamp.h"

#define QUIET 4			/* modules around it, which readers want */
#define MARGIN "    "

static void put_rows(const struct sealed_key *sealed, struct buf *out)
{
	char words[SEALED_KEY_ROW_MAX];
	size_t row;

	for (row = 0; row < SEALED_KEY_ROWS; row++) {
		sealed_key_row(sealed, row, words);
		buf_putf(out, MARGIN "%zu   %s\n", row + 1, words);
	}
}

/* All rows in one line, in capitals: a code has letters of its own for them. */
static int line_of(const struct sealed_key *sealed, struct buf *out,
		   struct err *err)
{
	char words[SEALED_KEY_ROW_MAX];
	size_t row;
	size_t i;

	for (row = 0; row < SEALED_KEY_ROWS; row++) {
		sealed_key_row(sealed, row, words);
		if (row)
			buf_put_char(out, ' ');
		for (i = 0; words[i]; i++)
			buf_put_char(out, words[i] == ' ' ? ' ' :
				     (char)(words[i] - 'a' + 'A'));
	}
	return buf_end(out, err);
}

static bool is_dark(const QRcode *code, int x, int y)
{
	return x >= 0 && y >= 0 && x < code->width && y < code->width &&
	       code->data[y * code->width + x] & 1;
}

/* Two rows of modules in one of text, dark ones as ink. */
static void draw(const QRcode *code, struct buf *out)
{
	static const char *const blocks[] = { " ", "\xe2\x96\x80",
					      "\xe2\x96\x84", "\xe2\x96\x88" };
	int x;
	int y;

	for (y = -QUIET; y < code->width + QUIET; y += 2) {
		for (x = -QUIET; x < code->width; x++)
			buf_put_str(out, blocks[is_dark(code, x, y) +
						2 * is_dark(code, x, y + 1)]);
		buf_put_char(out, '\n');
	}
}

static int put_code(const struct sealed_key *sealed, struct buf *out,
		    struct err *err)
{
	struct buf line = BUF_INIT(KEY_PAGE_MAX);
	QRcode *code = NULL;
	int rc = line_of(sealed, &line, err);

	if (rc == 0)
		code = QRcode_encodeString(buf_text(&line), 0, QR_ECLEVEL_M,
					   QR_MODE_8, 1);
	if (rc == 0 && !code)
		rc = err_set(err, ERR_NOMEM, "cannot draw the code");
	if (code) {
		buf_put_str(out, "The same to be read by a camera:\n\n");
		draw(code, out);
		QRcode_free(code);
	}
	buf_release(&line);
	return rc;
}

int key_page(const struct sealed_key *sealed, struct buf *out,
	     struct err *err)
{
	char at[TIMESTAMP_TEXT_MAX];
	int rc;

	timestamp_text(timestamp_now(), at);
	buf_putf(out, "The key of a device of vvault, sealed by a passphrase, "
		 "%.10s\n\n" MARGIN "%s\n\nKeep this page where the passphrase "
		 "is not. With both a bare computer\nis let into the vault, or "
		 "is this device again:\n\n" MARGIN "vvault recover - <url> "
		 "<folder>\n" MARGIN "vvault key restore -\n\nTheir words, "
		 "row by row; capitals and the numbers do not matter:\n\n", at,
		 sealed->did);
	put_rows(sealed, out);
	buf_put_char(out, '\n');
	rc = put_code(sealed, out, err);
	return rc < 0 ? rc : buf_end(out, err);
}
