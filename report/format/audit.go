package format

import "github.com/idlebench/idlebench/report/verdict"

// depends says by which properties of the harness the comparisons of an answer are
// moved, a text for each that is.
func depends(a verdict.Answer) (texts []string) {
	for _, m := range a.Marks {
		if text := m.Depends(); text != "" {
			texts = append(texts, name(m.Column)+" "+Printable(text))
		}
	}
	return texts
}
