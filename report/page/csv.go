package page

import (
	"encoding/csv"
	"html/template"
	"strings"
)

// Budgets for CSV inside of the file, in bytes of the links.
const (
	figureBudget = 1 << 20
	tableBudget  = 2 << 20
)

// A download is a CSV file in a link.
type download struct {
	URL   template.URL
	Name  string
	Every int // it has every n-th row; 1 is all
}

// newDownload returns the rows as CSV. Rows are left out, evenly, until the link is
// at most limit bytes long, or has one row.
func newDownload(name string, header []string, rows [][]string, limit int) download {
	d := download{Name: name + ".csv", Every: 1}
	for {
		kept := rows
		if d.Every > 1 {
			kept = nil
			for i := 0; i < len(rows); i += d.Every {
				kept = append(kept, rows[i])
			}
		}
		url := dataURL(header, kept)
		if len(url) <= limit || len(kept) <= 1 {
			d.URL = template.URL(url)
			return d
		}
		d.Every = max(d.Every+1, d.Every*len(url)/limit)
	}
}

// dataURL returns CSV as a URL. It escapes only the characters that would end the URL,
// or the attribute that contains it.
func dataURL(header []string, rows [][]string) string {
	var text strings.Builder
	w := csv.NewWriter(&text)
	w.Write(header) // a strings.Builder does not fail
	w.WriteAll(rows)
	const hex = "0123456789ABCDEF"
	var url strings.Builder
	url.WriteString("data:text/csv;charset=utf-8,")
	for _, c := range []byte(text.String()) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"'<>&#%`\\", c) >= 0 {
			url.Write([]byte{'%', hex[c>>4], hex[c&15]})
		} else {
			url.WriteByte(c)
		}
	}
	return url.String()
}
