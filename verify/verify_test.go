package verify

import "flag"

var options = Flags(flag.CommandLine)
