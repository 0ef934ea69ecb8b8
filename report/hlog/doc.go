// Package hlog reads interval logs of HdrHistogram, whichever implementation wrote them.
//
// # The format
//
// A log has a line for each interval: an optional tag, a time stamp, a length, the largest
// value, and an encoded histogram in base64.
//
//	#[Histogram log format version 1.3]
//	#[StartTime: 1441812279.474 (seconds since epoch), Wed Sep 09 15:24:39 UTC 2015]
//	"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
//	Tag=read,0.127,1.007,2.769,HISTFAAAA…
//
// Its implementations agree on less than that. What they write (versions: Java 2.2.2,
// C 0.11, Python 0.10.8, JS 3.0.1, Rust 7.6.0, Go 1.4.0, .NET 2.5.0):
//
//   - The second column is a length. C's hdr_log_write writes the end of the interval
//     there, under the legend "EndTimestamp". C's hdr_log_write_entry and Java 1.2.1 have
//     that legend over lengths. Ends are not before their starts, and intervals do not
//     overlap: otherwise they are lengths.
//   - Time stamps are absolute, or relative to BaseTime, or, without one, to StartTime if
//     they are more than a year before it (the rule of Java's reader). They may be
//     negative. Go writes StartTime and BaseTime in whole seconds. A log without any of
//     these may be relative to a start that it does not say.
//   - The largest value is divided: by 1,000,000 in Java, Python, Go and .NET, by 1,000 in
//     JS, by 1 in C and Rust, unless their caller says otherwise. The column is
//     milliseconds by convention, so that a divisor of 1,000,000 means nanoseconds. The
//     others say nothing: JS and C divide so whatever the unit is.
//   - .NET writes UTF-16, and numbers in the form of the process's culture, which may have
//     a decimal comma. JS writes an empty line after StartTime.
//   - The histogram is in version 0, 1 or 2 of the encoding, compressed or, from Rust's
//     V2Serializer, not. Java writes DoubleHistograms, whose values are integers times a
//     factor.
//   - Java accepts tags with spaces and commas, which its own reader cannot read.
//
// What had to be inferred is in the Notes of a [Log].
//
// # The model
//
// The intervals with the same tag are a series. The values of an interval are the bars of
// its histogram that are not empty, in the unit that the values were recorded in. A log of
// a day has 86,400 intervals, so an interval keeps its histogram encoded: decoded it takes
// ten to a thousand times the memory.
//
// A line that cannot be read is a [Problem], and affects no other line.
package hlog
