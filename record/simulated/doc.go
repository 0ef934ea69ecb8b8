// Package simulated has what only a simulated run leaves in its result folder, besides
// launches like those of a measured run:
//
//	machine.toml                what was simulated, as package simulate/machine reads it
//	simulated/<cell>.json       where the time went in the launch with the first seed ([Detail])
//	simulated/<cell>.trace.json what each CPU did at first, for Perfetto ([Trace])
//	varied/                     a result folder: the same cells on varied machines
//
// A cell of varied/ has one more parameter than the one that it is compared with,
// [Parameter]: which constant of the machine is different, and by how much.
//
// In a run, a seed takes the place of a launch's process: it is the unit of
// replication, and round r has the run's seed plus r.
//
// The checksum of each file is a condition of the launch that it describes, so that a
// file that was edited, or belongs to another launch, is found out.
package simulated
