package browser

import (
	"context"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Letter paper within its usual margins, in CSS pixels: the lower of the two common
// sheets.
const (
	sheetWidth  = 720
	sheetHeight = 979
)

// Sheets opens a page as it is on paper, and says for each sheet how far down there is
// something on it, as a share of the height. A browser breaks columns as it breaks
// sheets, and the places of what is in columns can be asked for: so the page is laid out
// in columns of the size of a sheet.
func Sheets(tab context.Context, url string) (filled []float64, err error) {
	if err := chromedp.Do(tab, Look(sheetWidth, sheetHeight, false), chromedp.Navigate(url)); err != nil {
		return nil, err
	}
	if _, err := chromedp.Call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		return nil, err
	}
	return chromedp.Run(tab, chromedp.Evaluate[[]float64](`(() => {
		const width = innerWidth, height = innerHeight;
		Object.assign(document.body.style, { columnWidth: width + "px", columnGap: "0", columnFill: "auto", width: width + "px", height: height + "px", margin: "0" });
		scrollTo(0, 0);
		const filled = [];
		for (const e of document.querySelectorAll("body *")) {
			if (e.closest("svg svg, [popover]") || !e.checkVisibility() || e.children.length > 0 && e.localName !== "svg") continue;
			for (const r of e.getClientRects()) {
				if (r.height < 4) continue;
				const sheet = Math.floor((r.left + 1) / width);
				if (sheet < 0) continue;
				while (filled.length <= sheet) filled.push(0);
				filled[sheet] = Math.max(filled[sheet], Math.min(1, r.bottom / height));
			}
		}
		return filled;
	})()`))
}
