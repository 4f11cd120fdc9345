CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
CREATE TABLE cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
CREATE TABLE composerHeaders (composerId TEXT PRIMARY KEY, workspaceId TEXT, createdAt INTEGER, lastUpdatedAt INTEGER, isArchived INTEGER, isSubagent INTEGER, recency INTEGER, checkpointAt INTEGER, value TEXT, subagentTypeName TEXT);
INSERT INTO ItemTable VALUES
('cursorAuth/accessToken', 'never-read-1'),
('secret://{"extensionId":"heron"}', 'never-read-2'),
('composer.composerHeaders', '{"allComposers":[{"composerId":"c-map","name":"From the list","createdAt":1793600000000,"workspaceIdentifier":{"id":"w1","uri":{"fsPath":"/srv/heron"}}},{"composerId":"c-gone","name":"Only listed"}]}');
INSERT INTO composerHeaders VALUES
('c-new', 'w1', 1793606400000, 1793606500000, 1, 0, 5, NULL, '{"composerId":"c-new","name":"Depths","unifiedMode":"agent"}', NULL),
('c-sub', 'w2', 1793606410000, 1793606420000, 0, 1, 4, NULL, '{"composerId":"c-sub","name":"Look around"}', 'explore');
INSERT INTO cursorDiskKV VALUES
('composerData:c-new', '{"_v":10,"composerId":"c-new","name":"Depths","createdAt":1793606400000,"lastUpdatedAt":1793606500000,"text":"","subComposerIds":["c-sub"],"todos":[{"id":"1","content":"measure the pond"}],"apiKey":"SECRET","modelConfig":{"modelName":"reed-2"},"fullConversationHeadersOnly":[{"bubbleId":"b1","type":1},{"bubbleId":"b2","type":2,"serverBubbleId":"s2"},{"bubbleId":"b3","type":2},{"bubbleId":"b4","type":2},{"bubbleId":"b5","type":2},{"bubbleId":"b6","type":1},{"bubbleId":"b7","type":2},{"bubbleId":"b1","type":1},{"bubbleId":"b-none","type":2},{"bubbleId":"b-null","type":2},{"bubbleId":"b-torn","type":2},{"bubbleId":"b8","type":2}]}'),
('bubbleId:c-new:b1', '{"_v":3,"type":1,"bubbleId":"b1","text":"How deep is <b>the pond</b>?","createdAt":"2026-11-02T08:00:00.250Z","images":[{"path":"/srv/heron/pond.png","uuid":"u1"}],"context":{"fileSelections":[{"uri":{"fsPath":"/srv/heron/depth.c"}}],"folderSelections":[],"mentions":{"useWeb":[]}},"attachedCodeChunks":[{"relativeWorkspacePath":"depth.c","lines":["int deep;"]}],"toolResults":[],"requestId":"r1"}'),
('bubbleId:c-new:b2', '{"_v":3,"type":2,"bubbleId":"b2","text":"I measure.","thinking":{"text":"A pond is shallow.","signature":"sig"},"createdAt":"2026-11-02T08:00:01.000Z","modelInfo":{"modelName":"reed-1"},"codeBlocks":[{"languageId":"c","content":"int depth = 2;"},{"content":"measure"}]}'),
('bubbleId:c-new:b3', CAST('{"_v":3,"type":2,"bubbleId":"b3","text":"","createdAt":"2026-11-02T08:00:02.000Z","toolFormerData":{"tool":15,"name":"run_terminal_cmd","toolCallId":"t1","status":"completed","rawArgs":"{\"command\":\"depth pond\"}","params":"{\"command\":\"depth pond\",\"cwd\":\"/srv\"}","result":"two metres"}}' AS BLOB)),
('bubbleId:c-new:b4', '{"_v":3,"type":2,"bubbleId":"b4","text":"","createdAt":"2026-11-02T08:00:03.000Z","toolFormerData":{"name":"read_file","toolCallId":"t2","status":"error","rawArgs":"","params":"{\"path\":\"lake.txt\"}","error":"{\"clientVisibleErrorMessage\":\"there is no lake\"}"}}'),
('bubbleId:c-new:b5', '{"_v":3,"type":2,"bubbleId":"b5","text":"","createdAt":"2026-11-02T08:00:04.000Z","toolFormerData":{"name":"edit_file","toolCallId":"t3","status":"cancelled","rawArgs":"{torn","userDecision":"rejected"}}'),
('bubbleId:c-new:b6', '{"_v":3,"type":1,"bubbleId":"b6","text":"","richText":"{\"root\":{\"children\":[{\"type\":\"paragraph\",\"children\":[{\"type\":\"text\",\"text\":\"And \"},{\"type\":\"mention\",\"mentionName\":\"@lake.txt\"}]},{\"type\":\"paragraph\",\"children\":[{\"type\":\"text\",\"text\":\"now?\"}]}]}}","timingInfo":{"clientRpcSendTime":1793606405500}}'),
('bubbleId:c-new:b7', '{"_v":3,"type":2,"bubbleId":"b7","text":"","createdAt":"2026-11-02T08:00:06.000Z","errorDetails":{"message":"the model is away"}}'),
('bubbleId:c-new:b-null', NULL),
('bubbleId:c-new:b-torn', '{"_v":3,"type":2,"text":"to'),
('bubbleId:c-new:b8', '{"_v":3,"type":2,"bubbleId":"b8","text":"Two metres.","createdAt":"2026-11-02T08:00:09.000Z"}'),
('bubbleId:c-new:x2', '{"_v":3,"type":2,"bubbleId":"x2","text":"It is dry.","createdAt":"2026-11-02T08:00:04.750Z"}'),
('bubbleId:c-new:x1', '{"_v":3,"type":1,"bubbleId":"x1","text":"And the brook?","createdAt":"2026-11-02T08:00:04.500Z"}'),
('composerData:c-sub', '{"_v":10,"composerId":"c-sub","fullConversationHeadersOnly":[{"bubbleId":"s1","type":1}]}'),
('bubbleId:c-sub:s1', '{"type":1,"text":"Look for a lake.","createdAt":"2026-11-02T08:00:01.500Z"}'),
('composerData:c-old', '{"_v":1,"composerId":"c-old","name":"Inline","createdAt":1761900000000,"conversation":[{"type":1,"bubbleId":"o1","text":"Does it rain?"},{"type":2,"text":"It rains."},7]}'),
('composerData:c-map', '{"_v":3,"composerId":"c-map","fullConversationHeadersOnly":[{"bubbleId":"m2","type":1}],"conversationMap":{"m1":{"type":2,"text":"Not in the list."},"m2":{"type":1,"text":"In the map."}}}'),
('composerData:c-empty', '{"_v":10,"composerId":"c-empty","fullConversationHeadersOnly":[],"text":""}'),
('composerData:c-draft', '{"_v":10,"composerId":"c-draft","fullConversationHeadersOnly":[],"text":"never sent"}'),
('composerData:c-null', NULL),
('composerData:c-torn', '{"composerId":"c-torn","fullConv'),
('composerData:c-list', '[1]'),
('bubbleId:c-torn:t1', '{"type":1,"text":"What a torn chat had.","createdAt":"2026-11-01T08:00:00.000Z"}'),
('bubbleId:c-torn:t2', '{"type":2,"text":"Words.","createdAt":"2026-11-01T08:00:01.000Z"}'),
('bubbleId:nothing', '{"type":1,"text":"of no chat"}'),
('agentKv:blob:00', X'00010203'),
('checkpointId:c-new', 'never-read-3');
