// Package environ reads the facts about a machine, a binary and the moment without
// which a benchmark result is worthless.
//
// A fact has a key and a value of one line; together they are a configuration line of
// the Go benchmark format ([Fact.String]). Every fact in the table is always present.
// What could not be determined is the word [Unknown], which is an answer too: a reader
// must be able to distinguish "no limit" from "not checked".
//
// Facts come from files, read through a [System], so they can be those of another
// machine: a test's, or a copy of /proc and /sys from a user. Outside Linux these files
// do not exist and most facts are unknown.
//
// A fact describes the machine, the binary, or the moment ([Scope]). Results of two
// runs can be compared where the machine's facts agree. The others always differ, and
// benchstat, which makes a table for each distinct configuration, has to ignore them:
//
//	go tool benchstat -ignore commit,commit-date,go,boot,steal-since-boot,load,date old/bench.txt new/bench.txt
//
// [System.Counters] reads the kernel's counts since boot, for callers that can read
// them twice. One share of them is a fact, of the moment: the stolen time, which shows
// what kind of host a virtual machine is on.
//
// In a virtual machine the topology, the clock source and the frequency are what the
// hypervisor presents, which is not always what the hardware has.
package environ
