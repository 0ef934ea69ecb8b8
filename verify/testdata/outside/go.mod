module example.org/mine

go 1.26.0

require github.com/idlebench/idlebench v0.0.0

replace github.com/idlebench/idlebench => ../../..
