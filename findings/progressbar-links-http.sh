#!/bin/sh
# schollz/progressbar v3.19.1 (Go 1.26.8): a program that draws a progress bar links
# net/http with TLS, and each process of it starts larger.
#
# Good guess: a bar on a terminal needs the terminal and nothing else.
# Behaviour: the bar has a method that serves its state over HTTP, in the same package,
# so net/http is linked, and initialized, whether or not the method is called.
# Who meets it: benchmarks and other tools that start their own executable once for each
# measurement: every launch pays for the start.
# Output seen (linux/amd64): 195 packages with net/http and crypto/tls; without the
# bar 62, and neither.
# It fails if net/http is no longer linked.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
mkdir bar bare
cat > go.mod <<'MOD'
module finding
go 1.26.0
toolchain go1.26.8
require github.com/schollz/progressbar/v3 v3.19.1
MOD
cat > bar/main.go <<'GO'
package main

import "github.com/schollz/progressbar/v3"

func main() {
	bar := progressbar.Default(3)
	for range 3 {
		_ = bar.Add(1)
	}
}
GO
cat > bare/main.go <<'GO'
package main

import (
	"fmt"
	"os"
)

func main() {
	for i := range 3 {
		fmt.Fprintf(os.Stderr, "\r%d of 3", i+1)
	}
}
GO
go mod tidy > /dev/null 2>&1
for program in bar bare; do
	go list -deps "./$program" > "$program.deps"
	printf '%s: %s packages' "$program" "$(wc -l < "$program.deps")"
	grep -qx net/http "$program.deps" && printf ', net/http'
	grep -qx crypto/tls "$program.deps" && printf ', crypto/tls'
	echo
done
grep -qx net/http bar.deps || { echo "changed: the bar no longer links net/http"; exit 1; }
