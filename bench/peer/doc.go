// Package peer measures programs around real runtimes, in any language. The protocol that
// they speak is in docs/peers.md; this package is the suite's side of it.
//
// # Model
//
// A [Process] is a program that was started. It says what it is ([Hello]), is given a cell
// ([Process.Begin]), carries out runs ([Process.Run]) and ends ([Process.End]). Each run
// comes back as [Ran], which was held to the rules. A [Launch] makes of this what a launch
// of our own designs is: a [record.Launch] that was measured in slices. [Check] tries
// everything that a program claims, and says point by point what is right.
//
// # What is trusted
//
// Nothing that can be seen from outside: CPU time, affinities, switches and the time that
// passed are read there. What only the peer can know, counts and samples, is held to what
// the suite knows beforehand: which tasks arrive, how much work an operation has, how many
// samples. What remains, a peer that counts tasks which it never ran and is consistent about
// it, cannot be found out this way.
//
// Every rule has a point, a word that names it ([Point]). An error that a peer causes is a
// [*Fault], with its point.
//
// # What a peer can do to others
//
// It has an own process group, which is killed when a rule is broken, and on every way out;
// the kernel kills the program itself if the suite dies. It is stopped between its runs, so
// whatever its threads do while they are idle disturbs nobody. What it prints is bounded: a
// reader stops at the limit, and never holds more than that.
package peer
