// Screenshots takes pictures of a report: wide, wide and dark, and narrow, each in
// parts from the top down; or only of the first screen, wide and narrow.
//
//	go run ./scripts/screenshots results/sample/report.html /tmp/pictures
//	go run ./scripts/screenshots -first results/sample/report.html docs/pictures
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/idlebench/idlebench/report/page/browser"
)

func main() {
	part := flag.Int64("part", 2400, "height of a picture in pixels")
	first := flag.Bool("first", false, "take only the first screen, 1280 and 400 pixels wide and 800 high")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./scripts/screenshots [flags] page.html folder")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 2 || *part < 1 {
		flag.Usage()
		os.Exit(2)
	}
	forms := []form{{"1280", 1280, false, 0}, {"1280-dark", 1280, true, 0}, {"400", 400, false, 0}}
	if *first {
		forms, *part = []form{{"report-1280", 1280, false, 1}, {"report-400", 400, false, 1}}, firstScreen
	}
	if err := take(flag.Arg(0), flag.Arg(1), *part, forms); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

// firstScreen is the height of a screen in pixels.
const firstScreen = 800

// A form is how a page is looked at.
type form struct {
	name  string
	width int64
	dark  bool
	parts int // that are taken from the top on; 0 is all, and they are numbered
}

// take writes the pictures of a file into a folder.
func take(file, folder string, part int64, forms []form) error {
	path, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	tab, stop, err := browser.Start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	for _, form := range forms {
		if err := chromedp.Do(tab, browser.Look(form.width, part, form.dark), chromedp.Navigate("file://"+filepath.ToSlash(path))); err != nil {
			return err
		}
		height, err := chromedp.Run(tab, chromedp.Evaluate[int64]("document.documentElement.scrollHeight"))
		if err != nil {
			return err
		}
		for top, n := int64(0), 1; top < height && (form.parts == 0 || n <= form.parts); top, n = top+part, n+1 {
			scroll := fmt.Sprintf(`window.scrollTo({ top: %d, behavior: "instant" })`, top)
			if err := chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](scroll)); err != nil {
				return err
			}
			picture, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
			if err != nil {
				return err
			}
			name := filepath.Join(folder, form.name+".png")
			if form.parts == 0 {
				name = filepath.Join(folder, fmt.Sprintf("%s-%02d.png", form.name, n))
			}
			if err := os.WriteFile(name, picture, 0o666); err != nil {
				return err
			}
			fmt.Println(name)
		}
	}
	return nil
}
