// Package record defines what a measurement leaves on disk.
//
// # The words
//
// A cell is one combination of workload, implementation, parker, number of workers and
// workload parameters ([Cell]). A launch is a fresh process that measured one cell once
// ([Launch]). It is invalid if it violated a limit, such as that its threads stay on
// their CPUs; then the cell is launched again. A round launches every cell until a
// launch is valid or the attempts are used up. A run is a number of rounds in a
// predetermined order ([Plan]), and it owns one result folder. It is carried out in one
// session ([Session]), or in several if it was interrupted and resumed.
//
// # The folder
//
//	bench.txt           one benchmark line per launch, in the order they ran
//	latency/<cell>.hlog one histogram per launch of the cell, HdrHistogram log
//	run.json            the plan, the state, the failures ([Manifest])
//	profiles/           if the plan has some, of package profile
//	recorded.load       if the plan replays a recorded load, that load
//
// [Pack] moves latency and profiles of a run that is over into one archive, so that a
// folder can be kept in a repository without hundreds of small files:
//
//	latency-and-profiles.zip
//
// All readers go through [Files], which finds a file in either place. Checksums are those
// of the content and are checked as before. A packed run cannot be resumed.
//
// bench.txt is in the Go benchmark format, so benchstat and everything else built on
// golang.org/x/perf reads it. It begins with configuration lines, which say where and
// how the run was measured, and with a Unit line for every unit that has a better
// direction. A comment before each benchmark line holds what applies to that launch
// alone:
//
//	# round=0 start=2026-11-23T08:07:09.123Z duration=1.2s gc=0 hlog=b3037adc crc=3bd191b8
//	BenchmarkWake/impl=bitmap/park=futex/workers=1/gap=100us	5000	812 p50-ns/wake	…
//
// It is a comment, not configuration lines, because benchstat makes a separate table
// for every distinct configuration.
//
// The benchmark line of an invalid launch is a comment too, so that other programs see
// valid launches only, at most one of each cell in each round. Nothing is lost: "sed
// 's/^# Benchmark/Benchmark/'" shows all.
//
//	# round=0 start=2026-11-23T08:07:10.4Z duration=1.2s invalid=steal,migrations gc=0 …
//	# BenchmarkWake/impl=bitmap/park=futex/workers=1/gap=100us	5000	3812 p50-ns/wake	…
//	# round=0 start=2026-11-23T08:07:11.6Z duration=1.2s attempt=1 gc=0 …
//	BenchmarkWake/impl=bitmap/park=futex/workers=1/gap=100us	5000	815 p50-ns/wake	…
//
// Its histogram has the tag "invalid"; the tools of that format ignore tagged
// histograms unless asked for them.
//
// # One reader
//
// [ReadText] is the only parser of the format: for the bench.txt of a folder, and for
// files of other programs. It accepts whatever it can and lists the rest, each part
// with its file, line, kind and reason ([Loss]). It reads text in UTF-16, text with
// byte-order marks and the output of go test -json too. Lines that look like benchmark
// lines and are none to other readers of the format, and what go test says of benchmarks
// that have no result, are in the list. [Read] is stricter: it also checks
// what the suite guarantees about its own files. Both pass the parsed text to filters,
// comparisons and tables, so that nothing is parsed twice.
//
// # What survives
//
// A launch is recorded once its two lines are in bench.txt: that is the commit. The
// histogram is written before them, and a histogram without them is not used. Each
// record is one write, followed by a sync. If the write fails, as on a full disk, the
// file is truncated to its previous length, so that it holds complete records only. If
// the process or the machine dies in the middle, at most the last record is torn: it
// lacks its end, or pages of it are zeros. [Read] drops it and says so in
// [Run].Dropped. run.json is replaced as a whole, by renaming. It says [Running] until
// [Writer.Close]; a folder that still says so after its process has ended belongs to a
// killed run, and bench.txt has its launches nevertheless.
//
// [Resume] continues such a run, or one that was interrupted. It cuts off what is torn,
// and records in run.json what that was.
//
// [Create] never writes to an existing folder. A folder has one writer at a time.
//
// # What is found out
//
// A number that was changed after it was written, by an editor or by a disk, must not
// become a result. Each record carries a checksum of itself (crc) and of its
// histogram's line (hlog). run.json carries one for each of its values (crc), so that
// an edited plan, state, failure or primary unit is detected and named. Its
// configuration and units must be those with which bench.txt begins, which rules out
// the run.json of another run. Each launch must be the next one of its cell in its
// round, there must be as many as run.json last counted, and a complete run has tried
// every launch of its plan. Read rejects a folder that breaks one of these rules, and
// names the file and the line or the field; [Salvage] leaves out what is damaged or
// missing in bench.txt and the logs, and lists it, for readers who prefer the rest to
// nothing.
//
// It cannot detect deliberate changes that update the checksums; nor, in run.json of
// version 2, which had none, changes of a plan, a failure or a primary unit.
//
// # From child to parent
//
// The launch's process sends its measurement as one line of JSON ([EncodeLaunch],
// [DecodeLaunch]); only the parent writes to the folder.
package record
