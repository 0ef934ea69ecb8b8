// Package pack makes the archive by which other machines measure: one file that any engine
// can carry to a machine and start there.
//
// # What is in it
//
//	idlebench/run           a POSIX shell script, which starts the program for the platform
//	idlebench/pack.json     the plan: the flags of "bench run" ([Plan])
//	idlebench/README.txt    how to use it, and the exit statuses
//	idlebench/linux-amd64/  bench, report, and whatever else is in that folder of programs
//	idlebench/linux-arm64/
//	idlebench/SHA256SUMS    the checksums of all others; its own identifies the pack
//
// Programs that are measured as peers (docs/peers.md) go into the folder peers next to
// bench in the folder of their platform, where "bench run -peer" looks for them, and are
// there in the job too. Nothing else has to know of them.
//
// # The same bytes
//
// The same programs and the same plan make the same archive: files are in the order of
// their names, all times are the same, no user is named, and modes are 0644 or 0755. So
// the identity of a pack, which each result carries, is that of what measured, and two
// archives can be compared by their checksums. (The compression is that of the Go release
// that bench was built with. The identity does not depend on it.)
//
// # Why the identity is in each result
//
// Results of many machines may be compared only if the same programs measured the same
// plan. A reader sees that by one word, without the archive.
package pack
