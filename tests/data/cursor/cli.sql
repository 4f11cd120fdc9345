CREATE TABLE blobs (id TEXT PRIMARY KEY, data BLOB);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
INSERT INTO meta VALUES ('0', lower(hex('{"agentId":"cli-1","name":"In the terminal","createdAt":1793606400000,"mode":"default"}')));
INSERT INTO blobs VALUES
('f1', CAST('{"role":"system","content":"You help with herons."}' AS BLOB)),
('a1', CAST(X'0a2000112233445566778899aabbccddeeff00112233445566778899aabbccddeeff' AS BLOB)),
('e1', CAST('{"role":"user","content":[{"type":"text","text":"<user_info>\nOS: herons\n</user_info>"},{"type":"text","text":"<rules>Be short.</rules>\n<user_query>\nWhat is in </user_query> here?\n</user_query>"}]}' AS BLOB)),
('d1', CAST('{"role":"assistant","id":"1","content":[{"type":"reasoning","text":"A tag."},{"type":"text","text":"I look."},{"type":"tool-call","toolCallId":"t1","toolName":"Shell","args":{"command":"ls"}}]}' AS BLOB)),
('c1', CAST('{"role":"tool","content":[{"type":"tool-result","toolCallId":"t1","toolName":"Shell","result":"pond.png"}]}' AS BLOB)),
('b1', CAST('{"role":"assistant","content":"A picture."}' AS BLOB)),
('b2', CAST('{"role":"assistant","cont' AS BLOB)),
('b3', CAST(X'ff00ff' AS BLOB)),
('b4', NULL),
('b5', CAST('{"kind":"no message"}' AS BLOB));
