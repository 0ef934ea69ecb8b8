package main

// beyond is the factor from which on a ratio needs an explanation.
const beyond = 1.5

// explanations say why a ratio is beyond that, by row. They are written by hand, from what
// was counted and from the source of the runtime, and have no figures that a new measurement
// would make wrong. A ratio without one is marked on the page, and so is an explanation
// without such a ratio.
var explanations = map[string]string{}
