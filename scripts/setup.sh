#!/bin/sh
# Installs what building, running and (with the argument "test" or "bench")
# testing or measuring Quanyu need and this machine lacks: on Debian and Ubuntu
# with apt, asking for nothing. On other systems it says what to install. When
# all is there it only looks, needs no network and takes a few hundredths of a
# second.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}
case $purpose in run | test | bench) ;; *) echo "usage: scripts/setup.sh [run|test|bench]" >&2; exit 2 ;; esac

say() { echo "setup: $*" >&2; }
die() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
exists() { [ -e "$1" ]; }
system() { # the word in os-release(5) that names a family we know
	[ -r /etc/os-release ] || { uname -s; return; }
	(. /etc/os-release; echo "${ID:-} ${ID_LIKE:-}")
}

check_go() {
	want=$(sed -n 's/^go //p' go.mod)
	have go || die "Go is not installed. Get Go $want or newer from https://go.dev/dl/ and put its bin directory on PATH."
	# Asked outside the module, where go does not switch to another toolchain.
	got=$(cd / && go version | sed 's/^go version go\([0-9.]*\).*/\1/')
	[ "$(printf '%s\n%s\n' "$want" "$got" | sort -V | head -n1)" = "$want" ] && return
	[ "$(printf '%s\n1.21\n' "$got" | sort -V | head -n1)" = 1.21 ] ||
		die "Go $got is too old to fetch a newer one by itself. Get Go $want or newer from https://go.dev/dl/."
	[ "$(cd / && go env GOTOOLCHAIN)" != local ] ||
		die "Go $got is older than $want, and GOTOOLCHAIN=local forbids to fetch it. Unset it, or get Go $want from https://go.dev/dl/."
	say "Go $got will fetch Go $want once."
}

has_postgis() { # a server of PostgreSQL 14 or newer that has PostGIS
	for control in /usr/share/postgresql/*/extension/postgis.control; do
		version=${control#/usr/share/postgresql/}
		version=${version%%/*}
		[ "$version" -ge 14 ] 2>/dev/null && [ -x "/usr/lib/postgresql/$version/bin/initdb" ] && return
	done
	# Elsewhere the extension's package brings the server with it.
	for share in /usr/share/pgsql /usr/pgsql-*/share /usr/share/postgresql /usr/share/postgresql[0-9]* /usr/local/share/postgresql* \
		/opt/homebrew/share/postgresql* /Applications/Postgres.app/Contents/Versions/*/share/postgresql; do
		exists "$share/extension/postgis.control" && return
	done
	have pg_config && exists "$(pg_config --sharedir)/extension/postgis.control"
}
has_pgrouting() { # for the server that Quanyu starts: the newest that has PostGIS
	newest=$(ls -d /usr/share/postgresql/[0-9]*/extension/postgis.control 2>/dev/null | sort -V | tail -n1)
	exists "${newest%/postgis.control}/pgrouting.control" && return
	have pg_config && exists "$(pg_config --sharedir)/extension/pgrouting.control"
}
has_browser() {
	for name in chromium chromium-browser google-chrome google-chrome-stable; do have "$name" && return; done
	exists "/Applications/Google Chrome.app"
}
has_chinese_font() {
	exists /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc && return
	[ "$(uname -s)" = Darwin ] && return # its own fonts have the characters
	have fc-list && [ -n "$(fc-list :lang=zh-cn family)" ]
}
page_packages_current() { # npm leaves a copy of the lock file behind when it is done
	[ ! -e web/package-lock.json ] || [ web/node_modules/.package-lock.json -nt web/package-lock.json ]
}

# missing lists what is not there, in words that name no system.
missing() {
	has_postgis || echo postgis
	have ogr2ogr || echo gdal
	page_packages_current || have npm || echo npm
	exists /etc/ssl/certs/ca-certificates.crt || exists /etc/ssl/cert.pem || exists /etc/pki/tls/certs/ca-bundle.crt || echo certificates
	case $purpose in
	test)
		has_browser || echo browser
		has_chinese_font || echo chinese-font ;;
	bench)
		has_pgrouting || echo pgrouting
		have wrk || echo wrk ;;
	esac
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

debian_package() {
	case $1 in
	postgis) echo postgresql postgresql-postgis ;;
	gdal) echo gdal-bin ;;
	npm) echo nodejs npm ;;
	certificates) echo ca-certificates ;;
	pgrouting) echo postgresql-pgrouting ;;
	wrk) echo wrk ;;
	browser) case $(system) in *ubuntu*) echo chromium-browser ;; *) echo chromium ;; esac ;;
	chinese-font) echo fonts-noto-cjk ;;
	esac
}

apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1
}

# clusters names the database clusters that Debian's tools know. Debian makes
# and starts one when the server is installed; Quanyu runs its own, so a cluster
# that came with this installation, and with nothing in it, goes again.
clusters() { ls -d /etc/postgresql/*/* 2>/dev/null || :; }

install_debian() {
	packages=$(for thing in $1; do debian_package "$thing"; done | tr '\n' ' ')
	# Where npm comes with Node's own package (nodesource), there is no other.
	have node && ! have npm && packages=$(echo "$packages" | sed 's/nodejs //')
	if [ "$(id -u)" != 0 ]; then
		have sudo || die "not root and no sudo here; as root run: apt-get install -y --no-install-recommends $packages"
		say "using sudo to install packages"
	fi
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	say "installing $packages(once; a few minutes)"
	before=$(clusters)
	apt_get update || say "apt-get update failed; going on with the package lists that are there"
	# shellcheck disable=SC2086 # a list of words
	if ! apt_get install --no-install-recommends $packages; then
		tail -n 20 "$log" >&2
		die "apt-get could not install: $packages"
	fi
	for cluster in $(clusters); do
		case "$before" in *"$cluster"*) continue ;; esac
		name=${cluster#/etc/postgresql/}
		as_root pg_dropcluster --stop "${name%/*}" "${name#*/}" >>"$log" 2>&1 ||
			say "the empty system cluster $name stays; Quanyu does not use it"
	done
	left=$(missing)
	[ -z "$left" ] || { tail -n 20 "$log" >&2; die "still missing after the installation: $(echo "$left" | tr '\n' ' ')"; }
}

advise() { # what to type on systems that we do not install on
	pick() { for thing in $missing; do eval "echo \$$(echo "$thing" | tr - _)"; done | tr '\n' ' ' | sed 's/[, ]*$//'; }
	case $(system) in
	*fedora* | *rhel*)
		postgis='postgresql-server postgis' gdal=gdal npm=nodejs-npm certificates=ca-certificates browser=chromium chinese_font=google-noto-sans-cjk-fonts pgrouting=pgRouting wrk='# wrk has to be built from its source'
		echo "sudo dnf install $(pick)" ;;
	*arch*)
		postgis='postgresql postgis' gdal=gdal npm=npm certificates=ca-certificates browser=chromium chinese_font=noto-fonts-cjk pgrouting='# pgRouting has to be built from its source' wrk=wrk
		echo "sudo pacman -S $(pick)" ;;
	*alpine*)
		postgis='postgresql postgis' gdal=gdal-tools npm=npm certificates=ca-certificates browser=chromium chinese_font=font-noto-cjk pgrouting='# pgRouting has to be built from its source' wrk=wrk
		echo "sudo apk add $(pick)" ;;
	*Darwin*)
		postgis=postgis gdal=gdal npm=node certificates=ca-certificates browser='--cask chromium' chinese_font= pgrouting=pgrouting wrk=wrk
		echo "brew install $(pick)" ;;
	*)
		postgis='the PostgreSQL server (14 or newer) with PostGIS,' gdal='GDAL (ogr2ogr),' npm='Node.js with npm,'
		certificates='CA certificates,' browser='Chromium,' chinese_font='a font with Chinese characters (Noto Sans CJK),' pgrouting='pgRouting,' wrk='wrk (the HTTP load generator),'
		pick ;;
	esac
}

check_go
missing=$(missing)
if [ -n "$missing" ]; then
	case $(system) in
	*debian* | *ubuntu*) install_debian "$missing" ;;
	*) say "please install, then run make again:"; say "  $(advise)"; exit 1 ;;
	esac
fi
if ! page_packages_current; then
	say "fetching the map page's packages (npm ci)"
	(cd web && npm ci --no-audit --no-fund --loglevel=error >&2)
	touch web/node_modules/.package-lock.json
fi
