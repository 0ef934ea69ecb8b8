// Package page writes a report as one HTML file that needs nothing else.
//
// # The model
//
// A [Document] has a title, facts and sections; a [Section] has blocks in the order
// in which they are read: [Statements], [Text], [List], [Tally], [Note], [Missing], [Facts], [Table],
// [Figure], [Commands], [Output] and [Details]. The package knows nothing of benchmarks. It
// takes figures from package plot, and text from its caller. Links between parts are checked
// when the page is rendered: none leads nowhere.
//
// # One file
//
// No request leaves the file. There is nothing in it to be fetched, and its content
// security policy, a meta element, forbids it besides: the one style sheet and
// the one script are allowed by their hashes, so that markup which slipped in from
// a benchmark's name could neither run nor load anything. A style attribute would
// not be applied either, which is why there is none.
//
// All that is content is there without the script: tables in the order of their
// rows, the data of each figure, and both as CSV in links. Explanations of words open
// and close without it, as popovers. The script adds what is of use only when one reads
// on a screen: tables are sorted by a click on a header; rows, figures and sums are
// filtered by words; graphs of calls are zoomed and searched; and what the pointer is
// over is said at once, and not after a second as a browser does. Controls that need the
// script are hidden until it runs, or made by it.
//
// # Words
//
// A [Term] is explained where it stands: its first place in each section is a button
// that opens the explanation next to it. A word that is part of a name, such as a path
// or a parameter, is none.
//
// # Figures
//
// Each figure is there twice, laid out for plot.Wide and plot.Narrow, and a media
// query shows one. That costs some ten kilobytes, and is the way to have text of the
// same size on every screen. Paper gets the wide one, in the colours for light
// grounds.
//
// # Paper
//
// What is closed on a screen cannot be opened on paper. [Details] say whether they
// are printed, with their content; the others are left out, as are the data of
// figures and links for downloads.
//
// # Text
//
// Names come from files of others. html/template escapes them, and characters that
// have no shape of their own, or reverse the order of what follows, become �, as in
// plot.Label. Cells isolate their text, so that a name which runs from right to left
// does not reorder its neighbours. What is longer than 2,000 characters is cut, with
// an ellipsis.
//
// # Size
//
// A table shows 2,000 rows and the data of a figure 40. The rest is in the CSV, and the
// page says so where it applies. The CSV of all figures together is at most a megabyte,
// which is shared among them, and that of all tables two; one that is too long for its
// share has every second row only, or third, and says that too. A program's output is
// cut at a megabyte.
package page
