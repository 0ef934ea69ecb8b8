// Writes logs of TestWriters.
const fs = require("fs");
const hdr = require("hdr-histogram-js");
const BASE = 1790000000789;
for (const relative of [false, true]) {
  const name = `${process.argv[2]}/js-${relative ? "relative" : "absolute"}`;
  let log = "", want = "";
  const w = new hdr.HistogramLogWriter((text) => { log += text; });
  w.outputLogFormatVersion();
  w.outputStartTime(BASE);
  if (relative) w.baseTime = BASE; // it has no function for the comment
  w.outputLegend();
  for (const n of [1, 2]) {
    const h = hdr.build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
    for (let i = 1; i <= 1000 * n; i++) h.recordValue(i * i * 1000);
    h.startTimeStampMsec = BASE - 1500 + 1000 * n;
    h.endTimeStampMsec = BASE - 500 + 1000 * n;
    h.tag = n === 1 ? "NO TAG" : "write";
    w.outputIntervalHistogram(h);
    want += `${n === 1 ? "-" : h.tag} ${h.startTimeStampMsec} ${h.endTimeStampMsec} ${h.totalCount} ${h.getValueAtPercentile(50)} ${h.getValueAtPercentile(99)} ${h.maxValue}\n`;
  }
  fs.writeFileSync(name + ".hlog", log);
  fs.writeFileSync(name + ".want", want);
}
