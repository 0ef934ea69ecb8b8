#!/bin/sh
# Measures the machines of a list over ssh, all at the same time, and brings home what they have:
#
#   scripts/engines/ssh.sh idlebench.tar.gz hosts.txt home
#
# hosts.txt has on each line what ssh takes, such as node7 or user@node7. For each of them
# home has NAME.tar.gz with its results, complete or not, and NAME.log. After a failure or a
# cut connection start the same again: it goes on, and a machine that is done ends at once.
# It exits with 0 if every machine is done, otherwise with 1.
#
# SSH is the command (default: ssh), as in SSH='ssh -F config'; REMOTE is the folder on the
# machines (default: idlebench-fleet), in which each has a folder of its own, so they may
# share their home.
set -u
[ $# -eq 3 ] || { echo "usage: ssh.sh PACK.tar.gz HOSTS.txt HOME" >&2; exit 2; }
pack=$1 hosts=$2 home=$3
for file in "$pack" "$hosts"; do
	[ -r "$file" ] || { echo "ssh.sh: $file cannot be read" >&2; exit 2; }
done
mkdir -p "$home" || exit 1
# BatchMode: a question would wait for ever. ServerAlive: nor does a machine that is gone.
ssh="${SSH:-ssh} -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=30 -o ServerAliveCountMax=4"

# measure HOST NAME unpacks, measures, and brings home. The pack is unpacked once: a second
# start must not change a program that still runs.
measure() {
	at="${REMOTE:-idlebench-fleet}/$2"
	$ssh "$1" "test -d '$at/idlebench' || { mkdir -p '$at/new' && tar -xz -C '$at/new' && mv '$at/new/idlebench' '$at/idlebench'; }" < "$pack" || return
	# Standard output is the program's words: the archive comes by a connection of its own.
	$ssh -n "$1" "cd '$at' && IDLEBENCH_MACHINE='$2' idlebench/run -o results"
	status=$?
	$ssh -n "$1" "tar -cz -C '$at' results" > "$home/$2.tmp" && mv "$home/$2.tmp" "$home/$2.tar.gz" || return
	return $status
}

jobs=""
while read -r host; do
	[ -n "$host" ] || continue
	name=${host#*@}
	measure "$host" "$name" > "$home/$name.log" 2>&1 &
	jobs="$jobs $!:$name"
done < "$hosts"
all=0
for job in $jobs; do
	wait "${job%%:*}"
	status=$?
	[ $status -eq 0 ] || all=1
	case $status in
	0) echo "${job#*:}: done" ;;
	255) echo "${job#*:}: no connection, or it was cut: see $home/${job#*:}.log" ;;
	*) echo "${job#*:}: exit status $status: see $home/${job#*:}.log" ;;
	esac
done
exit $all
