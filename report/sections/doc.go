// Package sections lays out the report: what is on the page, in which order, and
// with which words. What is measured comes from package source, what is compared
// from package verdict; package plot draws and package page renders.
//
// # Scenes
//
// A reader looks at implementations side by side, so figures are made of scenes. A
// scene is all cells that differ only in the implementation: a workload with its
// parameters, number of workers and parker. Two kinds of cells have no such neighbours,
// and appear in each scene of their workload and parameters: implementations with a way
// of sleeping of their own, such as channels, since they answer the same question; and
// the references and floors, for scale. If several folders are given, a series is an
// implementation in a folder. A benchmark whose name is not of the suite's form is a
// scene of its own.
//
// # Nothing is left out silently
//
// There are figures for some scenes only, or the file would be too large: for all
// workloads in turn, the parker futex first, until there are enough; profiles of
// contention are in the order of the time waited. The page says how many there are and
// which command draws others; tables have the numbers of all. If there are no data for
// a figure, a sentence says so, with the command that would produce them; without a
// result folder that is one list. Inputs that were not used are listed.
//
// # What is pooled
//
// Figures of distributions show the samples of all valid launches of a cell
// together. Verdicts compare launches and never samples: these depend on each other
// within a launch.
package sections
