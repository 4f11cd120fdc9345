#include "cmd/context/tokens.h"

#include "tests/tap.h"

/*
 * Texts, and the least and the most tokens that the tokenizers of three
 * families of models make of them: o200k_base and cl100k_base (gpt-tokenizer
 * 4), and that of @anthropic-ai/tokenizer 0.0.4.
 */
static const struct {
	const char *name;
	size_t least, most;
	const char *text;
} measured[] = {
	{ "en", 58, 59,
	  "We agreed to move the release to Thursday, because the"
	  " migration of the customer table takes longer than exp"
	  "ected. Anna will write to the two partners who still u"
	  "se the old interface, and I prepare the rollback plan."
	  " If the second dry run fails as well, we postpone ever"
	  "ything by a week." },
	{ "code", 108, 128,
	  "static int read_header(struct reader *reader, struct h"
	  "eader *out)\n"
	  "{\n"
	  "\tsize_t len = reader->end - reader->at;\n"
	  "\tint i;\n"
	  "\n"
	  "\tif (len < HEADER_BYTES)\n"
	  "\t\treturn -EINVAL;\n"
	  "\tfor (i = 0; i < 4; i++)\n"
	  "\t\tout->magic[i] = reader->at[i] ^ 0x5a;\n"
	  "\tout->bodyLength = get_u32(reader->at + 4);\n"
	  "\treturn out->bodyLength > MAX_BODY ? -E2BIG : 0;\n"
	  "}" },
	{ "json", 66, 69,
	  "{\"content\":\"likes green tea\",\"created\":\"2026-03"
	  "-14T09:26:53.589793Z\",\"index\":12,\"native\":{\"cwd"
	  "\":\"/srv/app\",\"tokens\":{\"input\":1840,\"output\":"
	  "92}},\"role\":\"user\",\"session\":\"session:chat:8f14"
	  "e45f\"}" },
	{ "paths", 33, 49,
	  "src/components/Header.tsx, tests/unit/test_parser.py, "
	  "/usr/share/doc/README.gz, https://example.org/a/b?c=d&"
	  "e=f#top" },
	{ "ids", 51, 53,
	  "[dqu6wzyp6jkw] [33zll4xeklm3] [ndsoatob25wz] 21951bc1-"
	  "f2c2-42e2-acb1-ad8df14cc861" },
	{ "de", 30, 46,
	  "Die Straßenbahn fährt heute wegen Bauarbeiten nicht üb"
	  "er den Marktplatz. Bitte benutzen Sie die Ersatzhaltes"
	  "telle an der Universitätsbibliothek." },
	{ "ru", 35, 80,
	  "Сегодня трамвай не ходит через рыночную площадь из-за "
	  "ремонта путей. Пожалуйста, пользуйтесь временной остан"
	  "овкой у университетской библиотеки." },
	{ "ar", 28, 84,
	  "لا يمر الترام اليوم عبر ساحة السوق بسبب أعمال الصيانة."
	  " يرجى استخدام المحطة المؤقتة عند مكتبة الجامعة." },
	{ "zh", 27, 38,
	  "由于施工，今天有轨电车不经过市场广场。请使用大学图书馆"
	  "旁的临时车站。" },
	{ "ja", 36, 53,
	  "本日は工事のため、路面電車は市場広場を通りません。大学"
	  "図書館前の臨時停留所をご利用ください。" },
	{ "emoji", 16, 20,
	  "Great 🎉🎉 see you 🙂 at the 🏖️ tomorrow!" },
};

/* Where models agree, we agree with them; where they do not, we are never far
 * below the one that needs most, nor far beyond the one that needs least. */
static void test_bounds(void)
{
	size_t i;

	for (i = 0; i < sizeof(measured) / sizeof(measured[0]); i++) {
		size_t n = tokens_of(span_str(measured[i].text));
		size_t least = measured[i].least;
		size_t most = measured[i].most;

		ok(n * 100 >= most * 55 && n * 100 <= least * 210,
		   "%s: %zu is near %zu to %zu", measured[i].name, n, least,
		   most);
		if (i < 3)
			ok(n * 100 >= most * 90 && n * 100 <= least * 120,
			   "%s: %zu is nearer", measured[i].name, n);
	}
}

static void is_tokens(const char *text, size_t want)
{
	is_int((long long)tokens_of(span_str(text)), (long long)want, text);
}

static void test_rules(void)
{
	is_tokens("", 0);
	is_tokens("word", 1);
	is_tokens("another word", 2);
	is_tokens("considerable", 2);
	is_tokens("readFile", 2);
	is_tokens("READ", 1);
	is_tokens("1234", 2);
	is_tokens("a  b", 3);
	is_tokens("a\n\n    b", 3);
	is_tokens("--------", 1);
	is_tokens("\"},", 2);
	is_tokens("\xff\xfe", 4);
	is_int((long long)tokens_of(span_of("a\0b", 3)), 3, "a NUL is a sign");
}

int main(void)
{
	test_bounds();
	test_rules();
	return done_testing();
}
