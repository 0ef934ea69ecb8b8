module example.org/mybench

go 1.26.0

require github.com/idlebench/idlebench v0.0.0

replace github.com/idlebench/idlebench => ../../../..
