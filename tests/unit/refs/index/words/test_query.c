#include "refs/index/words/query.h"

#include <string.h>

#include "lib/time/timestamp.h"
#include "tests/tap.h"

static struct words *words;

static struct query *query_of(const char *text)
{
	struct query *query = NULL;
	struct err err = ERR_INIT;

	if (query_new(words, span_str(text), NULL, &query, &err) < 0)
		bail_out("'%s': %s", text, err.text);
	return query;
}

static void refused(const char *text, int code)
{
	struct query *query = NULL;

	ok(query_new(words, span_str(text), NULL, &query, NULL) == code,
	   "refused: %.40s", text);
	query_free(query);
}

/* How many words of the text the query finds; -1: a phrase forbids it. */
static int finds(const char *asked, const char *text)
{
	struct query *query = query_of(asked);
	const struct word *list;
	uint32_t exact;
	size_t n;
	size_t i;
	int found = 0;

	if (words_read(words, span_str(text), &list, &n, NULL) < 0)
		bail_out("no words: %s", text);
	for (i = 0; i < n; i++)
		found += query_match(query, &list[i], &exact) != 0;
	if (!query_holds_phrases(query, list, n))
		found = -1;
	query_free(query);
	return found;
}

static void test_words(void)
{
	is_int(finds("planting", "he plants; planted. plan"), 2,
	       "other forms");
	is_int(finds("Katze", "Die Katzen und die Hunde"), 1,
	       "by the language of the text");
	is_int(finds("the garden", "the garden the"), 1,
	       "stop words are not looked for");
	is_int(finds("to be or not to be", "to be"), 2,
	       "but where there are no others");
	is_int(finds("plan*", "planets planting flan"), 2, "beginnings");
	is_int(finds("书", "看书的书馆"), 2, "a character begins pairs");
}

static void test_phrases(void)
{
	is_int(finds("\"old house\"", "an old house"), 2, "a phrase");
	is_int(finds("\"old house\"", "an old, cold house"), -1, "torn");
	is_int(finds("\"old house\"", "old houses"), -1, "in another form");
	is_int(finds("\"read file\"", "read_file"), 2,
	       "the whole of a name is stepped over");
	is_int(finds("rain -snow", "rain and snow"), -1, "not this word");
	is_int(finds("rain -snow", "rain"), 1, "without it");
	is_int(finds("rain -\"deep snow\"", "rain, snow"), 1,
	       "an unwanted phrase is no word");
	is_int(finds("well-known", "a well-known man"), 3,
	       "a joint is no minus");
}

static void test_runs(void)
{
	static const char text[] = "明日の天気はどうですか？東京タワーに行きたい";

	is_int(finds("\"東京タワー\"", text), 4, "a phrase inside a run");
	is_int(finds("\"東京\"", text), 1, "at its begin");
	is_int(finds("\"行きたい\"", text), 3, "at its end");
	is_int(finds("\"気\"", text), 1, "of one character");
	is_int(finds("\"東タワ\"", text), -1, "torn");
	is_int(finds("\"すか東京\"", text), -1, "over a mark");
	is_int(finds("東京 -タワー", text), -1, "not this, inside a run");
	is_int(finds("東京 -ワ", text), -1, "nor this character");
	is_int(finds("東京 -タワに", text), 1, "which is not there");
	is_int(finds("\"แมว\"", "ฉันเห็นแมวดำในสวน"), 2, "Thai");
	is_int(finds("\"도서\"", "우리는 도서관에서"), 1, "Korean");
	is_int(finds("\"gar\"", "garden"), -1, "words are whole");
}

static void test_refused(void)
{
	char many[400] = "";
	int i;

	refused("", ERR_INVALID);
	refused("-rain", ERR_INVALID);
	refused("\"rain", ERR_INVALID);
	refused("\xff", ERR_INVALID);
	for (i = 0; i < 40; i++)
		snprintf(many + strlen(many), sizeof(many) - strlen(many),
			 "qq%dx ", i);
	refused(many, ERR_LIMIT);
}

static int64_t day(int year, int month, int of_month)
{
	return timestamp_from_date((struct date){ year, month, of_month });
}

static void test_days(void)
{
	struct query *query = query_of("What did we do in May 2023?");

	ok(query->asks_of_me, "it asks of those who ask");
	ok(days_hold(&query->days, day(2023, 5, 1)), "the first day");
	ok(days_hold(&query->days, day(2023, 6, 9)), "told later");
	ok(!days_hold(&query->days, day(2023, 6, 12)), "much later");
	ok(!days_hold(&query->days, day(2023, 4, 30)), "before");
	ok(!days_hold(&query->days, INT64_MIN), "no time is in no days");
	query_free(query);

	query = query_of("dinner on 28 December");
	ok(days_hold(&query->days, day(2021, 12, 28)), "of any year");
	ok(days_hold(&query->days, day(2022, 1, 3)), "told in the next");
	ok(!days_hold(&query->days, day(2021, 12, 27)), "not the day before");
	query_free(query);

	query = query_of("When may I march?");
	ok(query->asks_when, "it asks for a time");
	ok(!days_any(&query->days), "verbs are no months");
	query_free(query);

	query = query_of("How many cats in 2022");
	ok(query->asks_how_many, "it asks for a number");
	ok(days_hold(&query->days, day(2022, 7, 1)), "a year");
	ok(!days_hold(&query->days, day(2023, 2, 1)), "not the next");
	query_free(query);
}

int main(void)
{
	struct err err = ERR_INIT;

	if (words_new(&words, &err) < 0)
		bail_out("%s", err.text);
	test_words();
	test_phrases();
	test_runs();
	test_refused();
	test_days();
	words_free(words);
	return done_testing();
}
