PRAGMA journal_mode = WAL;
CREATE TABLE project (id text PRIMARY KEY, worktree text NOT NULL, sandboxes text);
CREATE TABLE session (id text PRIMARY KEY, project_id text NOT NULL, parent_id text,
	slug text, directory text NOT NULL, title text, version text, share_url text,
	revert text, model text, time_created integer, time_updated integer,
	time_archived integer);
CREATE TABLE message (id text PRIMARY KEY, session_id text NOT NULL,
	time_created integer, time_updated integer, data text);
CREATE TABLE part (id text PRIMARY KEY, message_id text NOT NULL, session_id text,
	time_created integer, time_updated integer, data text);
CREATE TABLE todo (session_id text, content text, status text, priority text,
	position integer);
CREATE TABLE account (id text, access_token text);
CREATE TABLE session_share (session_id text, id text, secret text, url text);
CREATE INDEX message_idx ON message (session_id, time_created, id);
INSERT INTO account VALUES ('1', 'never-to-be-read-a');
INSERT INTO session_share VALUES ('ses_lamp', 's', 'never-to-be-read-b', 'u');
INSERT INTO project VALUES ('prj1', '/srv/lamp', '[]');
INSERT INTO session VALUES
	('ses_lamp', 'prj1', NULL, 'quiet-lamp', '/srv/lamp', 'A lamp', '1.18.0', NULL,
	 NULL, '{"id":"big-1","providerID":"acme"}', 1795000000000, 1795000100000, NULL),
	('ses_sub', 'prj1', 'ses_lamp', 'small', '/srv/lamp', 'Look for lamps', '1.18.0', NULL,
	 NULL, NULL, 1795000010000, 1795000011000, NULL),
	('ses_back', 'prj1', NULL, 'back', '/srv/lamp', 'Taken back', '1.18.0', NULL,
	 '{"messageID":"msg_b3"}', NULL, 1795000200000, 1795000201000, 1795000300000);
INSERT INTO todo VALUES
	('ses_lamp', 'second', 'pending', 'low', 1),
	('ses_lamp', 'first', 'completed', 'high', 0);
INSERT INTO message VALUES
	('msg_1', 'ses_lamp', 1795000000100, 1795000000100,
	 '{"role":"user","time":{"created":1795000000100},"agent":"build","model":{"providerID":"acme","modelID":"big-1"}}'),
	('msg_2', 'ses_lamp', 1795000001000, 1795000009000,
	 '{"role":"assistant","parentID":"msg_1","time":{"created":1795000001000,"completed":1795000009000},"modelID":"big-1","providerID":"acme","path":{"cwd":"/srv/lamp","root":"/srv/lamp"}}'),
	('msg_3', 'ses_lamp', 1795000020000, 1795000020000,
	 '{"role":"user","time":{"created":1795000020000}}'),
	('msg_4', 'ses_lamp', 1795000021000, 1795000022000,
	 '{"role":"assistant","summary":true,"time":{"created":1795000021000},"modelID":"big-1"}'),
	('msg_5', 'ses_lamp', 1795000030000, 1795000030000,
	 '{"role":"user","time":{"created":1795000030000}}'),
	('msg_6', 'ses_lamp', 1795000031000, 1795000032000,
	 '{"role":"assistant","time":{"created":1795000031000},"modelID":"big-1","error":{"name":"MessageAbortedError","data":{"message":"The lamp went out"}}}'),
	('msg_7', 'ses_lamp', 1795000040000, NULL, '{"role":"assistant","time":{"cre'),
	('msg_s1', 'ses_sub', 1795000010000, 1795000010000,
	 '{"role":"user","time":{"created":1795000010000}}'),
	('msg_b1', 'ses_back', 1795000200000, 1795000200000,
	 '{"role":"user","time":{"created":1795000200000}}'),
	('msg_b2', 'ses_back', 1795000200100, 1795000200100,
	 '{"role":"assistant","time":{"created":1795000200100}}'),
	('msg_b3', 'ses_back', 1795000200200, 1795000200200,
	 '{"role":"user","time":{"created":1795000200200}}');
INSERT INTO part VALUES
	('prt_01', 'msg_1', 'ses_lamp', 1, 1, '{"type":"text","text":"Make the lamp blink"}'),
	('prt_02', 'msg_1', 'ses_lamp', 1, 1,
	 '{"type":"text","synthetic":true,"text":"Called the Read tool"}'),
	('prt_03', 'msg_1', 'ses_lamp', 1, 1,
	 '{"type":"file","mime":"image/png","filename":"lamp.png","url":"data:image/png;base64,iVBORw0KGgo="}'),
	('prt_04', 'msg_1', 'ses_lamp', 1, 1,
	 '{"type":"file","mime":"text/plain","filename":"lamp.c","url":"file:///srv/lamp/lamp.c","source":{"type":"file","path":"lamp.c"}}'),
	('prt_11', 'msg_2', 'ses_lamp', 2, 2, '{"type":"step-start","snapshot":"abc"}'),
	('prt_12', 'msg_2', 'ses_lamp', 2, 2,
	 '{"type":"reasoning","text":"A lamp needs a switch","time":{"start":1795000001100}}'),
	('prt_13', 'msg_2', 'ses_lamp', 2, 2, '{"type":"text","text":"I look first"}'),
	('prt_14', 'msg_2', 'ses_lamp', 2, 2,
	 '{"type":"tool","callID":"call_1","tool":"bash","state":{"status":"completed","input":{"command":"ls"},"output":"lamp.c","title":"List","metadata":{"exit":0},"time":{"start":1795000002000,"end":1795000003000},"attachments":[{"id":"prt_x","type":"file","mime":"image/png","url":"data:image/png;base64,iVBORw0KGgo="}]}}'),
	('prt_15', 'msg_2', 'ses_lamp', 2, 2,
	 '{"type":"tool","callID":"call_2","tool":"read","state":{"status":"error","input":{"path":"x"},"error":"no such lamp","time":{"start":1795000002000,"end":1795000004000}}}'),
	('prt_16', 'msg_2', 'ses_lamp', 2, 2,
	 '{"type":"step-finish","reason":"tool-calls","cost":0.5,"tokens":{"input":9007199254740993}}'),
	('prt_17', 'msg_2', 'ses_lamp', 2, 2, '{"type":"step-start"}'),
	('prt_18', 'msg_2', 'ses_lamp', 2, 2,
	 '{"type":"text","text":"Now it blinks","time":{"start":1795000005000}}'),
	('prt_19', 'msg_2', 'ses_lamp', 2, 2,
	 '{"type":"tool","callID":"call_3","tool":"task","state":{"status":"running","input":{"prompt":"p"}}}'),
	('prt_1a', 'msg_2', 'ses_lamp', 2, 2, '{"type":"patch","hash":"h","files":["/srv/lamp/lamp.c"]}'),
	('prt_31', 'msg_3', 'ses_lamp', 3, 3, '{"type":"compaction","auto":true}'),
	('prt_41', 'msg_4', 'ses_lamp', 4, 4, '{"type":"text","text":"It was about a lamp"}'),
	('prt_51', 'msg_5', 'ses_lamp', 5, 5,
	 '{"type":"text","ignored":true,"text":"A note to myself"}'),
	('prt_52', 'msg_5', 'ses_lamp', 5, 5,
	 '{"type":"subtask","prompt":"Count the lamps","description":"count","agent":"general"}'),
	('prt_53', 'msg_5', 'ses_lamp', 5, 5, '{"type":"hologram","text":"A new kind of words"}'),
	('prt_54', 'msg_5', 'ses_lamp', 5, 5, '{"type":"text","te'),
	('prt_61', 'msg_6', 'ses_lamp', 6, 6,
	 '{"type":"retry","attempt":1,"error":{"name":"APIError","data":{"message":"Too many lamps"}}}'),
	('prt_s1', 'msg_s1', 'ses_sub', 7, 7, '{"type":"text","text":"Which lamps are there?"}'),
	('prt_b1', 'msg_b1', 'ses_back', 8, 8, '{"type":"text","text":"one"}'),
	('prt_b2', 'msg_b2', 'ses_back', 8, 8, '{"type":"text","text":"two"}'),
	('prt_b3', 'msg_b3', 'ses_back', 8, 8, '{"type":"text","text":"three"}');
