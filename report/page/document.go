package page

import "github.com/idlebench/idlebench/report/plot"

// A Document is a report.
type Document struct {
	Title    string
	Lead     string // a line below the title; may be empty
	Headline Statements
	Facts    Facts // what the reader wants to know next; may be empty
	Sections []Section

	Terms []Term // words that are explained where they stand
	Home  string // the address of the project; may be empty
}

// A Term is a word of the field. Where it stands first in the text of a section, it
// opens its explanation.
type Term struct {
	Word    string
	Also    []string // other forms, such as the plural
	Meaning string   // a sentence or two
}

// A Section is a part of a report with an entry in the list of contents.
type Section struct {
	ID     string // unique in the document; letters, digits and hyphens, not beginning with page-
	Title  string
	Lead   string // what the section shows, in a sentence or two; may be empty
	Blocks []Block

	// Glossary says that the section explains the terms of the document, so that they
	// are not marked in it.
	Glossary bool
}

// A Block is a part of a section: one of the types below.
type Block interface{ name() string }

// A Heading divides a section, and is in the list of contents below it.
type Heading string

// Text is a paragraph.
type Text string

// A List has a line for each item.
type List []string

// Statements are the sentences that the reader is to remember, each with a link to what
// it is based on.
type Statements []Statement

// A Statement is a sentence or two.
type Statement struct {
	Text string
	Link Link
}

// A Link leads to a part of the document. It is none if ID is empty.
type Link struct {
	Text string
	ID   string // of a section, table, figure or cell
}

// A Tally counts the rows of a table by their tones. While a filter is on it counts
// those that the filter shows.
type Tally struct {
	Before string // the first count
	Table  string // ID; the rows that are counted have a cell with one of the tones
	Counts []Count
	After  string
}

// A Count is a number with the words that follow it. That of Plain is of all rows.
type Count struct {
	Tone Tone
	N    int
	Text string
}

// A Note is a sentence or two that stand out.
type Note struct {
	Kind Kind
	Text string
}

// A Kind says how much a note matters.
type Kind string

// The kinds of notes.
const (
	Remark  Kind = "note"
	Warning Kind = "warning" // it may make numbers of the report wrong
)

// Missing replaces what the data do not have.
type Missing struct {
	What string   // a sentence: what is missing, and why
	How  []string // the commands that would bring it; may be empty
}

// Facts are names with values, such as those of a machine.
type Facts []Fact

// A Fact is a name with its value.
type Fact struct {
	Name, Value string
	About       string // what it means for the reader; may be empty
}

// A Table is a table with its caption.
type Table struct {
	ID      string // unique in the document, and the name of its CSV
	Caption string
	Columns []Column
	Rows    [][]Cell // each as long as Columns

	// Filter says that rows are cells of the matrix, or what belongs to one, and
	// can be filtered by words.
	Filter bool

	// Dense says that it has many narrow columns of numbers, with their titles upright and
	// a ground for each tone, so that a pattern shows.
	Dense bool
}

// A Column is a column's header.
type Column struct {
	Title  string
	Number bool // aligned to the right, and sorted by Cell.Value
	Code   bool // names, which are set in the font of programs
}

// A Cell is a field of a table.
type Cell struct {
	Text  string
	Notes []string // lines below it that are less important
	Value float64  // of a Number; NaN and what has no value are sorted to the end
	Tone  Tone

	ID string // unique in the document, for links to the cell; may be empty
	To string // ID of the part of the document that the text is a link to; may be empty

	// Page is the address of another page that the text is a link to, relative to this
	// one; may be empty.
	Page string
}

// A Tone is a meaning that is also shown by a sign and a colour.
type Tone string

// The tones. The first four have the marks of plot.Forest.
const (
	Plain      Tone = ""
	Better     Tone = "better"
	Worse      Tone = "worse"
	Equivalent Tone = "equivalent"
	Unresolved Tone = "unresolved"
	Weak       Tone = "weak"   // less important than the other cells
	Strong     Tone = "strong" // more important
)

// A Figure is a picture with what is needed to read it.
type Figure struct {
	*plot.Figure
	How string // how to read it, in two sentences

	// HowAt is the ID of a figure of the same kind that says how to read it, instead
	// of How.
	HowAt string

	// Links lead to what is said about the figure elsewhere, such as verdicts.
	Links []Link

	// Cell is the words by which the figure can be filtered, such as the name of
	// what it shows; empty if it is never filtered out.
	Cell string

	// ByRow says that the parts of the picture that have names are filtered one by one,
	// by these names and Cell, and that the figure goes with the last of them.
	ByRow bool
}

// Commands are lines for a shell.
type Commands struct {
	About string // what they do; may be empty
	Lines []string
}

// Output is what a program printed, line by line.
type Output struct {
	Name string // of the program, or the command
	Text string
}

// Details are blocks that are hidden until the reader wants them.
type Details struct {
	Summary string
	Blocks  []Block
	Paper   bool // they are printed, and open there
}

func (Heading) name() string    { return "heading" }
func (Text) name() string       { return "text" }
func (List) name() string       { return "list" }
func (Statements) name() string { return "statements" }
func (Tally) name() string      { return "tally" }
func (Note) name() string       { return "note" }
func (Missing) name() string    { return "missing" }
func (Facts) name() string      { return "facts" }
func (Table) name() string      { return "table" }
func (Figure) name() string     { return "figure" }
func (Commands) name() string   { return "commands" }
func (Output) name() string     { return "output" }
func (Details) name() string    { return "details" }
