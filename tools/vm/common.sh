# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the tools of this folder: the cache, messages, and packages.

# shellcheck disable=SC2034  # read by the scripts that source this file
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
vm=$top/tools/vm
cache=${MINIRQ_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/minirq}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Standard output belongs to the caller, so all talk goes to standard error.
say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }

# Two calls may run at a time: the second waits for the work of the first.
lock() {
	mkdir -p "$cache"
	exec {lock_fd}>"$cache/$1.lock"
	flock "$lock_fd"
}

# Which suite of the distribution has a kernel version.
suite_of() {
	case $1 in
	6.1 | 6.1-rt) echo bookworm ;;
	6.12) echo bookworm-backports ;;
	7.2) echo sid ;;
	*) die "no suite is known to have Linux $1 (known: 6.1 6.1-rt 6.12 7.2)" ;;
	esac
}

# Packages come from where this system gets its own.
mirror() {
	# shellcheck disable=SC2016  # apt expands these, not the shell
	apt-get indextargets --format '$(LABEL)|$(SITE)' 'Created-By: Packages' |
		awk -F'|' '$1 == "Debian" { print $2; found = 1; exit }
			   !other && !/security/ { other = $2 }
			   END { if (!found && other) print other }'
}

# Run an apt tool on a private root for one suite: the system's package lists,
# sources and state are neither read nor written.
private_apt() {
	local suite=$1 tool=$2 root=$cache/apt/$1
	shift 2
	"$tool" -q \
		-o Dir::Etc::sourcelist="$root/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null \
		-o Dir::Etc::preferences=/dev/null \
		-o Dir::Etc::preferencesparts=/dev/null \
		-o Dir::State="$root/state" \
		-o Dir::State::status="$root/status" \
		-o Dir::Cache="$root/cache" \
		-o APT::Architecture=amd64 -o APT::Architectures=amd64 \
		-o APT::Sandbox::User=root -o Acquire::Languages=none \
		-o Acquire::Retries=3 "$@"
}

# Make the private root of a suite and fetch its package list.
apt_update() {
	local suite=$1 root=$cache/apt/$1 site
	site=$(mirror)
	[ -n "$site" ] || die "apt names no mirror to fetch packages from"
	[ -r "$keyring" ] || die "$keyring is missing (package debian-archive-keyring)"
	mkdir -p "$root/state/lists/partial" "$root/cache/archives/partial"
	: >"$root/status"
	echo "deb [signed-by=$keyring] $site $suite main" >"$root/sources.list"
	private_apt "$suite" apt-get update >"$root/log" 2>&1 ||
		{ cat "$root/log" >&2; die "cannot fetch the package list of $suite"; }
}

# The packages that NAME depends on, and NAME itself, limited to the kernel's.
kernel_packages() {
	local suite=$1
	shift
	private_apt "$suite" apt-cache depends --recurse --no-recommends \
		--no-suggests --no-conflicts --no-breaks --no-replaces \
		--no-enhances "$@" |
		grep -E '^linux-(image|headers|kbuild|binary|modules)-[0-9]' |
		grep -v -- '-unsigned$' | sort -u
}

# Download packages into a folder; apt checks what it gets.
fetch_packages() {
	local suite=$1 dir=$2 log=$cache/apt/$1/log
	shift 2
	mkdir -p "$dir"
	(cd "$dir" && private_apt "$suite" apt-get download "$@") >"$log" 2>&1 ||
		{ cat "$log" >&2; die "cannot download from $suite: $*"; }
}

# The package with the kernel's source, once get_source has fetched it.
source_package() {
	find "$cache/source" -name "linux-source-$1_*.deb" -printf '%f\n' 2>/dev/null |
		sort -V | tail -n 1
}

get_source() {
	lock source
	[ -z "$(source_package "$1")" ] || return 0
	say "downloading the source of Linux $1"
	apt_update "$(suite_of "$1")"
	rm -rf "$cache/source.part"
	fetch_packages "$(suite_of "$1")" "$cache/source.part" "linux-source-$1"
	mkdir -p "$cache/source"
	mv "$cache/source.part"/*.deb "$cache/source/"
}

# unpack_source VERSION FOLDER [PATH]... - all of the source, or some paths.
unpack_source() {
	local version=$1 folder=$2 name=linux-source-$1
	shift 2
	dpkg-deb --fsys-tarfile "$cache/source/$(source_package "$version")" |
		tar -xO "./usr/src/$name.tar.xz" | xz -dc -T0 |
		tar -x -C "$folder" --strip-components=1 "${@/#/$name/}"
}
