// Package environ reads the facts about a machine, a binary and the moment
// that a benchmark result is worthless without.
//
// A fact has a key and a value of one line; together they are a configuration
// line of the Go benchmark format ([Fact.String]). Every fact in the table is
// always there. What could not be found out is the word [Unknown], which is an
// answer too: a reader must be able to tell "no limit" from "nobody looked".
//
// Facts come from files, read through a [System], so the machine that is read
// may be another one: a test's, or a copy of /proc and /sys that somebody sent.
// Outside Linux these files do not exist and most facts are unknown.
//
// A fact is true of the machine, of the binary, or of the moment ([Scope]).
// Results of two runs can be compared where the machine's facts agree. The
// others differ as a matter of course, and benchstat, which makes a table for
// each distinct configuration, is told to ignore them:
//
//	go tool benchstat -ignore commit,commit-date,go,boot,steal-since-boot,load,date old/bench.txt new/bench.txt
//
// What the kernel counts since it was booted is read by [System.Counters], for
// those who can look twice. One share of it is a fact, of the moment: the stolen
// time, which tells what kind of host a virtual machine is on.
//
// In a virtual machine the topology, the clock source and the frequency are
// what the hypervisor shows, which is not always what there is.
package environ
