package gosched
