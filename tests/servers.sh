# Servers on this machine for the tests of remotes, read after tap.sh and
# lib.sh. Each serves the folder srv of the case and ends with the case.

# free_port: one that nobody listens on now. Ports are drawn, so that tests
# that run side by side rarely draw the same one; a server that cannot bind
# its port is tried with the next.
free_port() {
	perl -MSocket -e '
		socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
		bind($s, sockaddr_in(0, INADDR_LOOPBACK)) or die;
		print +(sockaddr_in(getsockname($s)))[0], "\n"'
}

# wait_port <port>: until somebody listens.
wait_port() {
	perl -MSocket -e '
		my $to = sockaddr_in(shift, INADDR_LOOPBACK);
		for (1 .. 1000) {
			socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
			exit 0 if connect($s, $to);
			select(undef, undef, undef, 0.01);
		}
		exit 1' "$1"
}

# serve_git: git daemon; sets url.
serve_git() {
	mkdir -p srv
	port=$(free_port)
	git daemon --base-path="$PWD/srv" --export-all --listen=127.0.0.1 \
		--enable=receive-pack --port="$port" --reuseaddr "$PWD/srv" \
		>daemon.log 2>&1 &
	at_end "kill $! 2>/dev/null"
	wait_port "$port"
	url=git://127.0.0.1:$port
}

# serve_silence [<command>]: a server that takes connections and then says
# nothing, or what the command says, and stays.
serve_silence() {
	port=$(free_port)
	perl -MSocket -e '
		my ($port, $say) = @ARGV;
		$SIG{PIPE} = "IGNORE";
		socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
		setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
		bind($s, sockaddr_in($port, INADDR_LOOPBACK)) or die;
		listen($s, 8) or die;
		my @open;
		while (accept(my $c, $s)) {
			syswrite($c, `$say`) if defined $say;
			push @open, $c;
		}' "$port" "$@" &
	at_end "kill $! 2>/dev/null"
	wait_port "$port"
	url=git://127.0.0.1:$port
}

# serve_ssh: sshd with keys of its own; sets url, and GIT_SSH to an ssh that
# reads only ours. The server's key is known.
serve_ssh() {
	mkdir -p srv ssh
	chmod 700 ssh
	port=$(free_port)
	ssh-keygen -q -t ed25519 -N '' -f ssh/host
	ssh-keygen -q -t ed25519 -N '' -f ssh/user
	cat ssh/user.pub >ssh/authorized
	echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 ssh/host.pub)" >ssh/known
	cat >ssh/sshd_config <<-END
	Port $port
	ListenAddress 127.0.0.1
	HostKey $PWD/ssh/host
	AuthorizedKeysFile $PWD/ssh/authorized
	PidFile $PWD/ssh/pid
	StrictModes no
	UsePAM no
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	PermitRootLogin yes
	END
	cat >ssh/config <<-END
	Host *
	IdentityFile $PWD/ssh/user
	IdentitiesOnly yes
	UserKnownHostsFile $PWD/ssh/known
	GlobalKnownHostsFile /dev/null
	StrictHostKeyChecking yes
	BatchMode yes
	END
	cat >ssh/run <<-END
	#!/bin/sh
	printf '%s\n' "\$@" >>'$PWD/ssh/calls'
	exec ssh -F '$PWD/ssh/config' "\$@"
	END
	chmod +x ssh/run
	export GIT_SSH="$PWD/ssh/run"
	test -d /run/sshd || mkdir -p /run/sshd 2>/dev/null ||
		skip_case 'sshd needs /run/sshd'
	"$(command -v sshd || echo /usr/sbin/sshd)" -D -e \
		-f "$PWD/ssh/sshd_config" >ssh/log 2>&1 &
	at_end "kill $! 2>/dev/null"
	wait_port "$port"
	url=ssh://$(id -un)@127.0.0.1:$port$PWD/srv
}

# serve_https [<configuration>]: git-http-backend behind lighttpd, user
# `kate`, password `open sesame`; sets url, and GIT_SSL_CAINFO to our own
# authority. @PORT@ in the configuration is its port. The certificate is for
# $names; addresses stand there as if they were names, because the TLS of
# libgit2 compares nothing else.
serve_https() {
	mkdir -p srv web
	port=$(free_port)
	openssl req -x509 -newkey ec -nodes \
		-pkeyopt ec_paramgen_curve:prime256v1 -days 2 \
		-subj /CN=test \
		-addext "subjectAltName=${names:-DNS:localhost,DNS:127.0.0.1}" \
		-keyout web/key -out web/cert >web/log 2>&1
	cat web/key web/cert >web/pem
	echo 'kate:open sesame' >web/users
	cat >web/conf <<-END
	server.document-root = "$PWD/web"
	server.bind = "127.0.0.1"
	server.port = $port
	server.errorlog = "$PWD/web/errors"
	server.modules = ("mod_alias", "mod_cgi", "mod_auth",
		"mod_authn_file", "mod_openssl", "mod_setenv",
		"mod_redirect", "mod_accesslog")
	accesslog.filename = "$PWD/web/access"
	ssl.engine = "enable"
	ssl.pemfile = "$PWD/web/pem"
	alias.url = ("/git" => "$(git --exec-path)/git-http-backend")
	auth.backend = "plain"
	auth.backend.plain.userfile = "$PWD/web/users"
	\$HTTP["url"] =~ "^/git" {
		cgi.assign = ("" => "")
		setenv.add-environment = ("GIT_PROJECT_ROOT" => "$PWD/srv",
			"GIT_HTTP_EXPORT_ALL" => "1")
		auth.require = ("" => ("method" => "basic",
			"realm" => "git", "require" => "valid-user"))
	}
	$*
	END
	sed "s/@PORT@/$port/" web/conf >web/conf.port
	lighttpd -D -f "$PWD/web/conf.port" >web/log 2>&1 &
	at_end "kill $! 2>/dev/null"
	wait_port "$port"
	export GIT_SSL_CAINFO="$PWD/web/cert"
	url=https://localhost:$port/git

}

# password <word>: what git's credential helper answers; a log of its calls.
password() {
	cat >helper <<-END
	#!/bin/sh
	echo "\$1" >>'$PWD/helper.log'
	test "\$1" = get || exit 0
	echo username=kate
	echo 'password=$1'
	END
	chmod +x helper
	git config --global credential.helper "$PWD/helper"
}

# bare <name>: a bare repository in srv that takes pushes by http too.
bare() {
	git init -q --bare "srv/$1"
	git -C "srv/$1" config http.receivepack true
}

# refs_of <repository>: all heads, to be compared.
refs_of() {
	git -C "$1" for-each-ref refs/heads
}
