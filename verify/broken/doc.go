// Package broken has twelve idle managers that are wrong, each with a defect that a
// real scheduler had or that its authors guard against. They show what the checks
// of the suite find: impls/idletest on real threads and verify under controlled
// schedules. The tests of this package say how fast, and for which invariant.
//
//	go test ./verify/broken -v                  idletest
//	go test ./verify/broken -v -all             idletest, 60 s also for what it does not find
//	go test -tags explore ./verify/broken -v    the explorer
//
// Ten of them are one sound manager, [base], with one defect switched on. It is the
// canonical policy under one mutex, as package mutexonly, but written so that the
// place of each defect is one statement. Without a defect it must pass everything,
// which is tested too: what is found is the defect and not the base. The two whose
// defects need a design without a lock are [stack] and [handOff], and each has its
// sound form as well.
package broken
