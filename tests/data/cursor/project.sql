CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
CREATE TABLE cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
INSERT INTO ItemTable VALUES
('composer.composerData', '{"allComposers":[{"composerId":"c-old","name":"Inline"},{"composerId":"c-local","name":"In the project","createdAt":1730000000000,"conversation":[{"type":1,"bubbleId":"l1","text":"Is there a heron?"},{"type":2,"bubbleId":"l2","text":"There is."}]}],"selectedComposerId":"c-old"}'),
('workbench.panel.aichat.view.aichat.chatdata', '{"tabs":[{"tabId":"tab-1","chatTitle":"First panel","lastSendTime":1700000000000,"bubbles":[{"type":"user","id":"p1","initText":"{\"root\":{\"children\":[{\"type\":\"text\",\"text\":\"Old question\"}]}}"},{"type":"ai","id":"p2","rawText":"Old answer","modelType":"reed-0"}]},3]}'),
('aiService.prompts', '[{"text":"Does it rain?","commandType":4},{"text":"What did the heron eat?","commandType":4},{"text":"Is there a heron?"},{"text":"What did the heron eat?"},{"text":""},5]'),
('memento/icube-ai-agent-storage', '{"list":[{"sessionId":"t"}]}'),
('secret://x', 'never-read-4');
