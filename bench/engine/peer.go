package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/bench/peer"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
	"github.com/idlebench/idlebench/record"
)

// FindPeer asks a program around a real runtime what it is.
func FindPeer(ctx context.Context, path string, use cpu.Set) (catalog.Peer, error) {
	if !peer.Supported {
		return catalog.Peer{}, fmt.Errorf("peer %s: what a peer does is read from Linux's /proc, which this system does not have", path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return catalog.Peer{}, err
	}
	program, err := OpenProgram(path)
	if err != nil {
		return catalog.Peer{}, err
	}
	p, err := peer.Start(ctx, use, path)
	if err != nil {
		return catalog.Peer{}, fmt.Errorf("peer %s: %w", path, err)
	}
	defer p.Kill()
	h := p.Hello
	return catalog.Peer{
		Peer: record.Peer{Name: h.Peer, Config: h.Config, Version: h.Version, Build: h.Build, Program: path, Sum: program.Sum},
		Held: h.Held, Can: h.Can,
	}, nil
}

// Unable asks the peers of a plan whether they can do their cells, and takes out of the plan
// the cells that they cannot, with what they say. A peer that fails to answer keeps its cell,
// whose launches fail.
func (e *Engine) Unable(ctx context.Context, p *record.Plan, use cpu.Set) (reasons map[string]string, err error) {
	reasons = make(map[string]string)
	var able []record.Cell
	for _, c := range p.Cells {
		known, ok := p.Peer(c)
		if !ok {
			able = append(able, c)
			continue
		}
		r, err := e.peerRequest(*p, known, launch.Request{Cell: c, CPUs: use})
		if err != nil {
			return nil, err
		}
		err = r.Ask(ctx)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		var fault *peer.Fault
		if errors.As(err, &fault) && fault.Point == peer.Parameter {
			reasons[c.Name()] = fault.What
			continue
		}
		able = append(able, c)
	}
	p.Cells = able
	return reasons, nil
}

// peerRequest turns the request for a launch into one for a peer.
func (e *Engine) peerRequest(p record.Plan, known record.Peer, r launch.Request) (peer.Request, error) {
	w, ok := workload.Find(e.Catalog.Workloads, r.Cell.Workload)
	if !ok {
		return peer.Request{}, fmt.Errorf("unknown workload %q", r.Cell.Workload)
	}
	return peer.Request{
		Peer: known, Cell: r.Cell, Workload: w, Round: r.Round, CPUs: r.CPUs,
		Warmup: r.Warmup, Time: r.Time, Seed: r.Seed, Throttled: r.Throttled,
	}, nil
}

// A fleet starts the launches of a plan's peers.
type fleet struct {
	engine   *Engine
	plan     record.Plan
	programs map[string]*Program // by path, as they were when the session began
}

// request returns the request for a launch if it is a peer's. A program that is no longer
// what it was costs its own rows: it is an error of the launch.
func (f fleet) request(r launch.Request) (request peer.Request, ok bool, err error) {
	known, ok := f.plan.Peer(r.Cell)
	if !ok {
		return request, false, nil
	}
	program := f.programs[known.Program]
	if program == nil {
		if program, err = OpenProgram(known.Program); err != nil {
			return request, true, err
		}
		if program.Sum != known.Sum {
			return request, true, &ReplacedError{known.Program, nil}
		}
		f.programs[known.Program] = program
	}
	if err := program.check(); err != nil {
		return request, true, err
	}
	request, err = f.engine.peerRequest(f.plan, known, r)
	return request, true, err
}

// measure and begin are those of a session.
func (f fleet) measure(ctx context.Context, r launch.Request) (record.Launch, error) {
	request, ok, err := f.request(r)
	switch {
	case err != nil:
		return record.Launch{}, err
	case ok:
		return request.Exec(ctx)
	}
	return r.Exec(ctx)
}

func (f fleet) begin(ctx context.Context, r launch.Request) (child, error) {
	request, ok, err := f.request(r)
	if err != nil {
		return nil, err
	}
	if ok {
		c, err := request.Begin(ctx)
		if err != nil {
			return nil, err
		}
		return c, nil
	}
	c, err := r.Begin(ctx)
	if err != nil {
		return nil, err // not a child that is a nil pointer
	}
	return c, nil
}

// peerFacts are the configuration lines that say which runtimes were measured.
func peerFacts(p record.Plan) (facts []record.Pair) {
	for _, known := range p.Peers {
		facts = append(facts, record.Pair{Key: "peer-" + known.Name, Value: known.About() + " " + known.Sum})
	}
	return facts
}

// changedPeers says which programs are no longer those with which a run began.
func changedPeers(p record.Plan) (list []Difference) {
	for _, known := range p.Peers {
		now := "missing"
		if program, err := OpenProgram(known.Program); err == nil {
			now = program.Sum
		}
		if now != known.Sum {
			list = append(list, Difference{"peer-" + known.Name, known.Sum, now})
		}
	}
	return list
}
