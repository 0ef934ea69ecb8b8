package simulate

// Small is for the tests outside.
var Small = small
