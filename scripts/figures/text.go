package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// text writes what the README and docs quote, in the repository at root.
func text(root string) error {
	files, err := quoting(root)
	if err != nil {
		return err
	}
	d, err := open(root)
	if err != nil {
		return err
	}
	for _, file := range files {
		was, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		now, err := fill(string(was), d.block)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if bytes.Equal(was, []byte(now)) {
			continue
		}
		if err := os.WriteFile(file, []byte(now), 0o666); err != nil {
			return err
		}
		fmt.Println("written:", file)
	}
	return nil
}

// quoting are the files that may contain generated text.
func quoting(root string) ([]string, error) {
	files := []string{filepath.Join(root, "README.md")}
	for _, folder := range []string{"docs", "docs/decisions"} {
		more, err := filepath.Glob(filepath.Join(root, folder, "*.md"))
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return files, nil
}

// mark is a line that begins or ends generated text.
var mark = regexp.MustCompile(`(?m)^<!-- figures:(\w+) ?(.*?) -->\n`)

// fill replaces what is between marks. A misspelt mark is an error: otherwise text that
// looks generated but is not would never be updated.
func fill(doc string, block func(name string) (string, error)) (string, error) {
	var out strings.Builder
	open, rest := "", 0 // the current block, and the text not written yet
	for _, m := range mark.FindAllStringSubmatchIndex(doc, -1) {
		kind, name := doc[m[2]:m[3]], doc[m[4]:m[5]]
		line := 1 + strings.Count(doc[:m[0]], "\n")
		switch {
		case kind == "begin" && open == "" && name != "":
			content, err := block(name)
			if err != nil {
				return "", fmt.Errorf("line %d: %s: %w", line, name, err)
			}
			out.WriteString(doc[rest:m[1]] + content)
			open = name
		case kind == "end" && open != "" && name == open:
			out.WriteString(doc[m[0]:m[1]])
			open = ""
		default:
			return "", fmt.Errorf("line %d: the mark %q does not belong here", line, strings.TrimSpace(doc[m[0]:m[1]]))
		}
		rest = m[1]
	}
	if open != "" {
		return "", fmt.Errorf("the block %s has no end", open)
	}
	out.WriteString(doc[rest:])
	if n := strings.Count(doc, "figures:"); n != len(mark.FindAllStringIndex(doc, -1)) {
		return "", fmt.Errorf("%d times \"figures:\", and only %d of them are marks on a line of their own", n, len(mark.FindAllStringIndex(doc, -1)))
	}
	return out.String(), nil
}

// fence makes a block of code.
func fence(text string) string {
	return "```\n" + strings.TrimRight(text, "\n") + "\n```\n"
}

// list makes a list of sentences, with an empty line on both sides: without them the
// list would be part of the comments.
func list(items ...string) string {
	var b strings.Builder
	b.WriteString("\n")
	for _, item := range items {
		b.WriteString("- " + strings.ReplaceAll(wrap(item), "\n", "\n  ") + "\n")
	}
	return b.String() + "\n"
}

// paragraph makes a paragraph, also with empty lines around it.
func paragraph(text string) string { return "\n" + wrap(text) + "\n\n" }

// width is the line length of prose in this repository.
const width = 140

// wrap breaks a text into lines. No line may begin with what would be markup.
func wrap(text string) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(strings.ReplaceAll(text, " %", "\u00a0%")) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width && !strings.ContainsAny(word[:1], "-+*#>") {
			lines = append(lines, line)
			line = word
			continue
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return strings.ReplaceAll(strings.Join(append(lines, line), "\n"), "\u00a0%", " %")
}
