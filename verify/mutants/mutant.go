package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A mutant is a seeded defect: one place in one file, changed.
type mutant struct {
	name string
	file string // from the root of the module, with slashes

	// design is the idle manager to try, if it is not the one that the file's
	// folder is named after.
	design string

	// The text to replace, which occurs exactly once in the file, and what
	// replaces it.
	old, new string

	breaks string // what it breaks, in a few words
	like   string // the defect that it stands for, if it has happened
	spin   string // the row of verify/model that means the same, if there is one

	// harmless says why nothing can tell this mutant from the original: which
	// other check makes up for it. Empty if something must.
	harmless string
}

// mutants returns all of them, in the order of the table.
func mutants() []mutant {
	return slices.Concat(bitmapParkMutants, bitmapMutants, bitmapclaimMutants, bitmapfixedMutants, mutexonlyMutants, channelsMutants, ctlstackMutants, eventcountMutants, goschedMutants, jecMutants, multithreadMutants, relayMutants, rendezvousMutants, semaphoreMutants, wakingtokenMutants, parkerMutants, hostMutants)
}

// apply returns the mutated source.
func (m mutant) apply(source string) (string, error) {
	switch n := strings.Count(source, m.old); n {
	case 1:
		return strings.Replace(source, m.old, m.new, 1), nil
	case 0:
		return "", fmt.Errorf("mutant %s: the text to replace is not in %s; it was: %q", m.name, m.file, firstLine(m.old))
	default:
		return "", fmt.Errorf("mutant %s: the text to replace is in %s %d times, the second time in line %d; it must be there once: %q",
			m.name, m.file, n, secondLine(source, m.old), firstLine(m.old))
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// secondLine returns the number of the line in which text begins the second time.
func secondLine(source, text string) int {
	first := strings.Index(source, text) + 1
	return 1 + strings.Count(source[:first+strings.Index(source[first:], text)], "\n")
}

// overlay writes the mutated files and the overlay of the go command into dir,
// and returns the name of the latter. No two mutants may be in one file.
func overlay(root, dir string, seeded ...mutant) (string, error) {
	replace := make(map[string]string)
	for _, m := range seeded {
		original := filepath.Join(root, filepath.FromSlash(m.file))
		source, err := os.ReadFile(original)
		if err != nil {
			return "", fmt.Errorf("mutant %s: %w", m.name, err)
		}
		changed, err := m.apply(string(source))
		if err != nil {
			return "", err
		}
		if replace[original] != "" {
			return "", fmt.Errorf("mutant %s: %s is changed by another mutant already", m.name, m.file)
		}
		replace[original] = filepath.Join(dir, strings.ReplaceAll(m.file, "/", "_"))
		if err := os.WriteFile(replace[original], []byte(changed), 0o666); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "overlay.json")
	return name, os.WriteFile(name, text, 0o666)
}

// A suite is what a mutant is tried with: scenarios for the explorer, and tests
// that run on real threads.
type suite struct {
	name      string // of the code that is mutated
	explored  string // folder of the scenarios
	scenarios string // pattern of the test, without the scenario itself
	fixed     bool   // the scenarios have their own strategies, mostly reduced
	stressed  string // folder of the stress test
	stress    string // its pattern
	skip      string // pattern of what the stress test leaves out of it
	brief     bool   // dear strategies are tried only on what the others miss
}

// One parker is enough for a manager. The channel has the fewest steps.
var suites = []struct {
	prefix string // of the file
	suite
}{
	{"impls/bitmap/", manager("bitmap", "chan")},
	{"impls/bitmapclaim/", design("bitmapclaim")},
	{"impls/mutexonly/", manager("mutexonly", "chan")},
	{"impls/channels/", manager("channels", "mailbox")},
	{"impls/ctlstack/", design("ctlstack")},
	{"impls/eventcount/", design("eventcount")},
	{"impls/gosched/", design("gosched")},
	{"impls/jec/", design("jec")},
	{"impls/multithread/", design("multithread")},
	{"impls/relay/", design("relay")},
	{"impls/rendezvous/", design("rendezvous")},
	{"impls/semaphore/", design("semaphore")},
	{"impls/wakingtoken/", design("wakingtoken")},
	{"impls/park/cond", parker("cond")},
	{"impls/park/chan", manager("mutexonly", "chan")},
	{"impls/park/futex", parker("futex")},
	{"loadgen/host/", suite{
		name:      "host",
		explored:  "loadgen/host",
		scenarios: "TestExploreQueues",
		fixed:     true,
		stressed:  "loadgen/host",
		stress:    "Test(RunQueue|Every|CloseRaces|Overflow|Blocked|Injection)",
	}},
}

func manager(name, parker string) suite {
	s := suite{
		name:      name,
		explored:  "verify",
		scenarios: "TestScenarios/^" + name + "$/^" + parker + "$",
		stressed:  "impls/" + name,
		stress:    "TestInvariants/^" + parker + "$",
	}
	if parker == "mailbox" {
		s.stress = "TestInvariants" // it is the only one, and has no name there
	}
	return s
}

// design is manager for one that is measured on request. It is explored with one
// parker, and without a lock of its own in a host with a lock too. All tests of its
// package are run, but the invariants with one parker only. There are so many
// of these designs that trying everything on their mutants would take hours; what a
// strategy is worth is learnt from the mutants of the others.
func design(name string) suite {
	s := manager(name, "chan")
	s.scenarios = "TestScenarios/^" + name + "(-locked)?$/."
	s.stress, s.skip = "Test", "TestInvariants/^(cond|futex|spin|spin-futex-.*)$"
	s.brief = true
	return s
}

func parker(name string) suite {
	s := manager("mutexonly", name)
	s.name = name
	return s
}

// suite returns what the mutant is tried with.
func (m mutant) suite() (suite, error) {
	if m.design != "" {
		return design(m.design), nil
	}
	for _, s := range suites {
		if strings.HasPrefix(m.file, s.prefix) {
			return s.suite, nil
		}
	}
	return suite{}, fmt.Errorf("mutant %s: nothing tests %s; add a line to suites", m.name, m.file)
}
