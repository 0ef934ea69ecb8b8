use std::collections::HashMap;
use std::io::{self, BufRead, Write};

use crate::{Histogram, now, pin};

/// What a peer says of itself.
pub struct Hello {
    pub peer: &'static str,
    /// Of the runtime.
    pub version: &'static str,
    /// Compiler and flags, without spaces.
    pub build: &'static str,
    /// A user has to set something to get this.
    pub tuned: bool,
    /// Each worker is a thread that is pinned to a CPU of its own.
    pub held: bool,
    /// Names of workloads.
    pub can: &'static [&'static str],
}

/// What is to be measured.
#[derive(Clone)]
pub struct Cell {
    pub workload: String,
    pub workers: usize,
    /// Of each worker.
    pub cpus: Vec<usize>,
    /// Of each thread that submits.
    pub generators: Vec<usize>,
    params: HashMap<String, String>,
}

impl Cell {
    /// A cell of a workload with one worker.
    #[cfg(test)]
    pub(crate) fn of(workload: &str) -> Self {
        Cell {
            workload: workload.into(),
            workers: 1,
            cpus: vec![0],
            generators: vec![0],
            params: HashMap::new(),
        }
    }

    /// A parameter that is a number, or a time in nanoseconds.
    pub fn number(&self, name: &str) -> u64 {
        let text = self
            .params
            .get(name)
            .unwrap_or_else(|| fail(&format!("the cell has no {name}")));
        text.parse()
            .unwrap_or_else(|_| fail(&format!("{name}={text}: want a number")))
    }

    /// A parameter that is a word; empty if the workload does not have it.
    pub fn word(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// A submitter shares its CPU with a worker or another submitter, and has to give way.
    pub fn shares(&self) -> bool {
        let g = &self.generators;
        g.iter()
            .enumerate()
            .any(|(i, cpu)| self.cpus.contains(cpu) || g[..i].contains(cpu))
    }
}

/// A task of an open loop, in nanoseconds.
#[derive(Clone, Copy)]
pub struct Arrival {
    pub at: u64,
    pub service: u64,
}

/// The request for a run.
#[derive(Clone)]
pub struct Run {
    /// How long to run.
    pub ns: u64,
    pub arrivals: Vec<Arrival>,
    /// When it began.
    pub start: u64,
}

/// What a run did. `ns` is filled in.
#[derive(Default)]
pub struct Ran {
    pub ops: u64,
    pub tasks: u64,
    pub units: u64,
    pub busy: u64,
    pub waited: u64,
    pub unfinished: u64,
    pub latency: Histogram,
    pub lag: Histogram,
}

/// Carries out runs of a cell.
pub type Load = Box<dyn FnMut(&Run) -> Ran>;

/// Speaks the protocol on standard input and output, until that is over. `start` starts the
/// runtime for a cell, with each worker pinned, or says why it cannot.
pub fn serve(hello: &Hello, start: impl Fn(&Cell) -> Result<Load, String>) {
    let mut out = io::stdout().lock();
    let mut say = |line: String| {
        if out
            .write_all(line.as_bytes())
            .and_then(|()| out.flush())
            .is_err()
        {
            std::process::exit(1); // there is no reader any more
        }
    };
    say(format!(
        "hello protocol=1 peer={} version={} build={} config={} held={} can={}\n",
        hello.peer,
        hello.version,
        hello.build,
        if hello.tuned { "tuned" } else { "default" },
        if hello.held { "yes" } else { "no" },
        hello.can.join(",")
    ));
    let mut load: Option<Load> = None;
    for line in io::stdin().lock().lines() {
        let line = line.unwrap_or_else(|e| fail(&format!("reading: {e}")));
        let (word, fields) = parse(&line);
        match word {
            "cell" => {
                let cell = cell(&fields);
                if !hello.can.contains(&cell.workload.as_str()) {
                    say(format!(
                        "no it does not have the workload {}\n",
                        cell.workload
                    ));
                    continue;
                }
                pin(cell.generators[0]);
                match start(&cell) {
                    Ok(l) => {
                        load = Some(l);
                        say("ready\n".into());
                    }
                    Err(why) => say(format!("no {why}\n")),
                }
            }
            "run" => {
                let load = load
                    .as_mut()
                    .unwrap_or_else(|| fail("a run without a cell"));
                let arrivals = fields
                    .get("arrivals")
                    .map_or_else(Vec::new, |text| arrivals(text));
                let run = Run {
                    ns: number(&fields, "ns"),
                    arrivals,
                    start: now(),
                };
                let ran = load(&run);
                let ns = now() - run.start;
                say(answer(&ran, ns));
            }
            "end" => break,
            _ => {}
        }
    }
    // Without destructors: how a runtime shuts down is not measured.
    std::process::exit(0);
}

fn answer(r: &Ran, ns: u64) -> String {
    let mut text = format!(
        "ran ops={} tasks={} units={} ns={ns} busy={} waited={} unfinished={}",
        r.ops, r.tasks, r.units, r.busy, r.waited, r.unfinished
    );
    for (name, h) in [("latency", &r.latency), ("lag", &r.lag)] {
        if !h.is_empty() {
            text.push_str(&format!(" {name}={}", h.field()));
        }
    }
    text.push('\n');
    text
}

fn parse(line: &str) -> (&str, HashMap<&str, &str>) {
    let mut words = line.split_whitespace();
    let word = words.next().unwrap_or("");
    (word, words.filter_map(|w| w.split_once('=')).collect())
}

fn cell(fields: &HashMap<&str, &str>) -> Cell {
    let list = |name: &str| -> Vec<usize> {
        let text = fields
            .get(name)
            .unwrap_or_else(|| fail(&format!("the cell has no {name}")));
        text.split(',')
            .map(|n| {
                n.parse()
                    .unwrap_or_else(|_| fail(&format!("{name}={text}")))
            })
            .collect()
    };
    Cell {
        workload: fields.get("workload").unwrap_or(&"").to_string(),
        workers: number(fields, "workers") as usize,
        cpus: list("cpus"),
        generators: list("generators"),
        params: fields
            .iter()
            .map(|(k, v)| (k.to_string(), v.to_string()))
            .collect(),
    }
}

fn arrivals(text: &str) -> Vec<Arrival> {
    text.split(',')
        .map(|item| {
            item.split_once(':')
                .and_then(|(at, service)| {
                    Some(Arrival {
                        at: at.parse().ok()?,
                        service: service.parse().ok()?,
                    })
                })
                .unwrap_or_else(|| fail(&format!("arrival {item}")))
        })
        .collect()
}

fn number(fields: &HashMap<&str, &str>, name: &str) -> u64 {
    fields
        .get(name)
        .and_then(|t| t.parse().ok())
        .unwrap_or_else(|| fail(&format!("want a number {name}")))
}

fn fail(why: &str) -> ! {
    eprintln!("{why}");
    std::process::exit(1)
}
