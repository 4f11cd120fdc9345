# Rows of bench.sh: a database of Cursor, of which a part is chats.

# cursor_store <file> <chats> <rows beside each chat>: 60 messages a chat, of
# some 3 kB; what lies beside has 3.5 kB a row, and is spread among them.
cursor_store() {
	rm -f "$1"
	sqlite3 "$1" >/dev/null <<END
PRAGMA page_size = 4096; PRAGMA journal_mode = off; PRAGMA synchronous = off;
CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
CREATE TABLE cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
CREATE TABLE composerHeaders (composerId TEXT PRIMARY KEY, workspaceId TEXT,
	createdAt INTEGER, lastUpdatedAt INTEGER, isArchived INTEGER, value TEXT);
BEGIN;
CREATE TEMP TABLE word AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9)
	SELECT i, replace(hex(zeroblob(60)), '00', substr('herons stand in the pond and wait for fish ', i + 1, 12) || ' ') AS text FROM n;
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $2 * (61 + $3) - 1),
part AS (SELECT i / (61 + $3) AS chat, i % (61 + $3) AS at, i FROM n)
INSERT INTO cursorDiskKV SELECT
CASE WHEN at = 60 THEN printf('composerData:00000000-0000-4000-8000-%012d', chat)
	WHEN at < 60 THEN printf('bubbleId:00000000-0000-4000-8000-%012d:%08x-0000-4000-8000-%012d', chat, (at * 2654435761) & 4294967295, at)
	ELSE 'agentKv:blob:' || lower(hex(randomblob(32))) END,
CASE WHEN at = 60 THEN printf('{"_v":10,"composerId":"00000000-0000-4000-8000-%012d","name":"Pond %d","createdAt":%d,"lastUpdatedAt":%d,"fullConversationHeadersOnly":[', chat, chat, 1760000000000 + chat * 100000, 1760000060000 + chat * 100000) ||
	(WITH RECURSIVE m(j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM m WHERE j < 59)
		SELECT group_concat(printf('{"bubbleId":"%08x-0000-4000-8000-%012d","type":%d}', (j * 2654435761) & 4294967295, j, 1 + (j % 6 > 0))) FROM m) ||
	'],"conversationMap":{},"codeBlockData":{},"originalFileStates":{"file:///srv/heron/depth.c":{"content":"' || (SELECT text FROM word WHERE word.i = chat % 10) || '"}}}'
	WHEN at < 60 THEN printf('{"_v":3,"type":%d,"bubbleId":"%08x-0000-4000-8000-%012d","approximateLintErrors":[],"lints":[],"codebaseContextChunks":[],"commits":[],"pullRequests":[],"attachedCodeChunks":[],"assistantSuggestedDiffs":[],"gitDiffs":[],"interpreterResults":[],"images":[],"attachedFolders":[],"userResponsesToSuggestedCodeBlocks":[],"suggestedCodeBlocks":[],"diffsForCompressingFiles":[],"relevantFiles":[],"toolResults":[],"notepads":[],"capabilities":[],"context":{"selections":[],"mentions":{"editTrailContexts":{},"useWeb":[]}},"tokenCount":{"inputTokens":0,"outputTokens":%d},"createdAt":"2025-10-%02dT%02d:%02d:00.%03dZ","text":"%s"%s}',
		1 + (at % 6 > 0), (at * 2654435761) & 4294967295, at, i % 1000, 1 + chat % 28, chat % 24, at, i % 1000,
		CASE WHEN at % 6 < 2 THEN i || ' ' || (SELECT text FROM word WHERE word.i = at % 10) ELSE '' END,
		CASE WHEN at % 6 > 1 THEN printf(',"toolFormerData":{"tool":15,"name":"run_terminal_cmd","toolCallId":"call_%d","status":"completed","rawArgs":"{\"command\":\"depth %d\"}","params":"{\"command\":\"depth %d\"}","result":"%s"}', i, i, i, (SELECT text FROM word WHERE word.i = i % 10)) ELSE '' END)
	ELSE randomblob(3500) END FROM part;
INSERT INTO composerHeaders SELECT substr(key, 14), 'w1', 0, 1760000060000, 0, '{}' FROM cursorDiskKV WHERE key >= 'composerData:' AND key < 'composerData;';
COMMIT;
END
}

# As its program keeps it, and as whoever has it not in memory reads it: what
# the system holds of the file is forgotten first.
cursor_captured() {
	dd if="$store" iflag=nocache count=0 2>/dev/null
	timed "$1" "$2" env HOME="$work/home" vvault -C v capture
}

bench_cursor() {
	store=home/.config/Cursor/User/globalStorage/state.vscdb
	mkdir -p "$(dirname "$store")"
	cursor_store "$store" "$cursor_chats" 500
	size=$(du -m "$store" | cut -f1)
	for i in $(seq "$runs"); do
		rm -rf v
		vvault init v >out
		cursor_captured cursor 1
		# What is known of a file begins to count when it is a moment old.
		cursor_captured cursor-known 1
		cursor_captured cursor-same 5
		sqlite3 "$store" "INSERT INTO cursorDiskKV SELECT * FROM cursorDiskKV
			WHERE key = 'composerData:00000000-0000-4000-8000-000000000007'"
		cursor_captured cursor-grown 1
	done
	row "Cursor, $size MB, $cursor_chats chats, in s" "$(ms "$(middle cursor)")" - \
		"$(calc "$(middle cursor) / 1000000")" "at most 10" \
		"$(calc "$(middle cursor 2) / 1000000")"
	peak=$(calc "$(middle cursor 3) / 1024" 0)
	row "  peak memory" "$peak MB" - "$peak" "at most 100"
	row "  unchanged, in s" "$(ms "$(middle cursor-same)")" - \
		"$(calc "$(middle cursor-same) / 1000000")" "at most 1" \
		"$(calc "$(middle cursor-same 2) / 1000000")"
	row "  one chat has changed, in s" "$(ms "$(middle cursor-grown)")" - \
		"$(calc "$(middle cursor-grown) / 1000000")" "at most 2" \
		"$(calc "$(middle cursor-grown 2) / 1000000")"
	rm -rf home
}
