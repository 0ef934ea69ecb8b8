// Package fleet makes one page of the results of many machines.
//
// # Collecting
//
// [Collect] takes what came back: folders of packed jobs (package record/job), folders
// that contain such folders, and archives of them. Each result is exactly one of:
//
//   - used: the seal holds, the run is over, and it is of the pack that is collected.
//   - half-written: there is no seal, or it does not hold. The job was killed, still
//     measures, or did not come back whole.
//   - foreign: it is of another pack, or of no pack. Other programs or another plan
//     measured, so it has no place in a comparison.
//   - late: the job ended after the deadline.
//   - duplicated: the same machine and job is there already. Copies of the same bytes
//     count once. If the bytes differ nothing says which one is right, so none is used.
//
// A machine is lost if it was expected and nothing of it came back but what is foreign.
// Nothing is merged: two results of one machine under different jobs remain two.
//
// # Comparing
//
// Times of different machines are not compared. What is compared are ratios within each
// machine: of a cell to the floor of the same machine, and of designs with each other, as
// they were judged there. So each machine has the verdicts that its own report has
// (package verdict), at an error rate of 5 % for each machine. With a hundred machines
// some five may have a wrong one, so a single machine that disagrees with all others is no
// news; [Agreement] counts them.
//
// # Unfit
//
// A machine is unfit if something makes its results other than those of a machine of its
// own: its CPUs were not its own, a quota was short, it was oversubscribed in all cells,
// another job of the fleet measured on it at the same time, or most launches were
// invalid. It stays on the map, marked, and is left out of what is counted over machines.
//
// # Size
//
// Machines are read one after another by each of a few goroutines; of each only its
// summary is kept ([Machine]): verdicts and ratios, no launches.
package fleet
