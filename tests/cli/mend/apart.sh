# Two devices that disagree, read after lib.sh.

# sync: what each has is with both.
sync() {
	as a vvault -C a push >/dev/null && as b vvault -C b pull >/dev/null &&
	as b vvault -C b push >/dev/null && as a vvault -C a pull >/dev/null
}

# say <device> <kind:verb> <entity> <json>: of nova.
say() {
	as "$1" vvault -C "$1" add nova "$2" --entity "$3" "$4" >>said
}

# make_apart: they disagree about two fields of a memory and one deeper, about
# a session's title, the persona and a memory that one deleted.
make_apart() {
	two_devices "$@"
	as a vvault -C a member rename "$(as a did)" laptop >/dev/null
	as a vvault -C a member rename "$(as b did)" desk >/dev/null
	say a memory:create memory:m \
		'{"content":"the first words","tags":["x"],"type":"goal"}'
	say a memory:create memory:gone '{"content":"old","type":"goal"}'
	say a session:create session:x:1 '{"title":"A talk"}'
	sync
	say a memory:update memory:m \
		'{"content":"from a","deep":{"a/b~":1},"tags":["x","a"]}'
	say a session:update session:x:1 '{"title":"Of a"}'
	say a construct:update construct:nova '{"persona":{"traits":{"warm":1}}}'
	say a memory:delete memory:gone '{}'
	say b memory:update memory:m \
		'{"content":"from b","deep":{"a/b~":{"c":2}},"tags":["x","b"]}'
	say b memory:update memory:m '{"type":null}'
	say b session:update session:x:1 '{"title":"Of b"}'
	say b construct:update construct:nova '{"persona":{"traits":{"warm":2}}}'
	say b memory:update memory:gone '{"content":"new"}'
	say a memory:update memory:m '{"type":"project"}'
	sync
}

apart() {
	once make_apart "$@"
}

# list <device>: entity, field, values in order, each with who says it.
list() {
	as "$1" vvault -C "$1" conflicts --json | jq -r '.entity + " " + .field +
		" " + ([.values[] | (if .wins then "*" else "" end) +
		(.name // "-") + "=" + (if .deletes then "(deletes)"
		else .value | tojson end)] | join(" "))' | LC_ALL=C sort
}
