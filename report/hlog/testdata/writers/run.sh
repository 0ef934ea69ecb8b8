#!/bin/sh
# Writes interval logs with the implementations of other languages into the folder $1, for
# TestWriters: NAME.hlog, and NAME.want with what the writer's own library says of each
# histogram: its tag or -, start and end in ms since 1970, count, median, p99, largest value.
# "make hlog-writers" calls it. It takes pinned packages from the registries into a temporary
# folder, and leaves out a language that is not installed, saying so.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(mkdir -p "$1" && cd "$1" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

has() { command -v "$1" > /dev/null || { echo "$1 is not installed: nothing is written by it" >&2; return 1; }; }

if has mvn && has java; then
	mvn -q dependency:copy -Dartifact=org.hdrhistogram:HdrHistogram:2.2.2 -DoutputDirectory=. > mvn.log 2>&1
	java -cp HdrHistogram-2.2.2.jar "$here/Write.java" "$out"
	mvn -q dependency:copy -Dartifact=javax.xml.bind:jaxb-api:2.3.1 -DoutputDirectory=. > mvn.log 2>&1
	for version in 1.2.1 2.1.2; do # the encodings V0 and V1
		mvn -q dependency:copy -Dartifact=org.hdrhistogram:HdrHistogram:$version -DoutputDirectory=. > mvn.log 2>&1
		java -cp HdrHistogram-$version.jar:jaxb-api-2.3.1.jar "$here/WriteOld.java" "$out/java-$version"
	done
fi
if has python3; then
	python3 -m venv python > /dev/null
	python/bin/pip install -q --disable-pip-version-check hdrhistogram==0.10.8
	python/bin/python "$here/write.py" "$out"
fi
if has node && has npm; then
	npm install --silent --no-save hdr-histogram-js@3.0.1
	cp "$here/write.js" .
	node write.js "$out"
fi
if has cargo; then
	mkdir -p rust/src
	cp "$here/Cargo.toml" rust
	cp "$here/write.rs" rust/src/main.rs
	(cd rust && cargo run --quiet -- "$out")
fi
if has gcc && has npm; then
	# The sources of the C implementation are in the package of its binding for Node.js.
	npm pack --silent native-hdr-histogram@1.0.0 > pack.log
	tar xzf native-hdr-histogram-1.0.0.tgz
	c=package/HdrHistogram_c
	gcc -w -O1 -D_GNU_SOURCE -DHAVE_UNISTD_H -I$c/src -Ipackage/zlib "$here/write.c" $c/src/hdr_histogram.c $c/src/hdr_encoding.c \
		$c/src/hdr_histogram_log.c $c/src/hdr_time.c package/zlib/*.c -lm -o c
	./c "$out"
fi
