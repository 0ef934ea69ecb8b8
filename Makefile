# "make bench" and "make test" are all that a fresh machine with Go needs; the
# go command fetches the rest. "make help" lists the others.

GO ?= go

# In a clone that belongs to another user git refuses to say which commit it is, and the
# go command then refuses to build and to list, unless it need not ask.
BUILDVCS := $(shell test ! -e .git || git rev-parse --git-dir > /dev/null 2>&1 && echo auto || echo false)
ifeq ($(BUILDVCS),false)
export GOFLAGS := $(shell $(GO) env GOFLAGS) -buildvcs=false
endif

# The race detector needs a C compiler. Without one the tests run without it.
RACE := $(if $(filter 1,$(shell $(GO) env CGO_ENABLED)),-race)

.PHONY: help
help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: bench
bench: bin/bench bin/report ## measure the default matrix, up to 10 minutes (flags for "bench run" in BENCHFLAGS)
	bin/bench run $(BENCHFLAGS)

.PHONY: bench-full
bench-full: bin/bench bin/report ## measure all workloads with all their values, which takes hours
	bin/bench run -full $(BENCHFLAGS)

.PHONY: bench-quick
bench-quick: bin/bench bin/report ## measure a smaller matrix in less than a minute
	bin/bench run -quick $(BENCHFLAGS)

.PHONY: simulate
simulate: bin/bench bin/report bin/simulate ## simulate a few workloads on 2 to 64 cores of MACHINE=epyc-milan, up to 10 minutes, and write a page (flags for "bench simulate" in SIMULATE)
	bin/bench simulate -machine $(MACHINE) $(SIMULATE)

# Operations that take little time are enough for a model, which has no clock to read
# too late.
MACHINE ?= epyc-milan
SIMULATE ?= -workload skynet,spawn_many_local,fork_join,yield_many -param depth=3 -param tasks=1000 -param yields=50 -param n=16 \
	-workers 2,4,8,16,32,64 -time 500us -warmup 200us -vary 50%

.PHONY: validate
validate: bin/bench bin/simulate ## measure and simulate the same cells on this machine, and say how far the simulation is off, some 15 minutes on a quiet machine; interrupted, it goes on where it was
	if test -e $(VALIDATION); then bin/bench simulate -resume $(VALIDATION); else bin/bench simulate -validate -o $(VALIDATION) $(VALIDATE); fi; \
	status=$$?; test $$status -gt 1 || $(GO) run ./scripts/validation -from $(VALIDATION) || exit; exit $$status

# Where it measures. Remove it to measure anew.
VALIDATION ?= results/validation-run

.PHONY: curves
curves: bin/bench bin/simulate ## simulate curves that others published, and write the tables of docs/validation.md, some minutes; interrupted, it goes on where it was
	$(GO) run ./scripts/validation

.PHONY: report
report: bin/report ## make a page of RUN=folder (by default the newest of results): report.html in that folder
	@test -n "$(RUN)" || { echo 'report: of what? results has no run yet: make bench, or make report RUN=folder' >&2; exit 2; }
	bin/report -o $(RUN)/report.html $(RUN)

RUN ?= $(patsubst %/run.json,%,$(firstword $(filter-out results/sample/%,$(shell ls -t results/*/run.json 2> /dev/null))))

.PHONY: pack
pack: bin/bench ## make bin/idlebench.tar.gz, which measures on machines without Go (flags in PACKFLAGS, those of "bench run" after --)
	bin/bench pack -o bin/idlebench.tar.gz $(PACKFLAGS)

# A plan that takes some seconds, with many short launches, of which even a busy machine
# has valid ones: what is tested is the engines.
SMALL := -- -workload wake -impl bitmap,mutexonly -park futex -param gap=50us -param submitter=block -count 20 -time 10ms -warmup 2ms

.PHONY: test-slurm test-reframe test-ssh test-kubernetes
test-slurm: bin/bench ## carry out a small pack with Debian's Slurm on two nodes on this host, as root
	bin/bench pack -o bin/small.tar.gz $(SMALL)
	scripts/engines/test-slurm bin/small.tar.gz

test-reframe: bin/bench ## carry it out with ReFrame, which pip installs into bin/reframe
	bin/bench pack -o bin/small.tar.gz $(SMALL)
	scripts/engines/test-reframe bin/small.tar.gz bin/reframe

test-ssh: bin/bench bin/report ## carry it out over ssh, with an sshd of its own on this host
	bin/bench pack -o bin/small.tar.gz $(SMALL)
	scripts/engines/test-ssh bin/small.tar.gz bin/report

test-kubernetes: ## check the manifest against the schema of Kubernetes, with a validator that pip installs into bin/kubernetes
	scripts/engines/test-kubernetes bin/kubernetes

.PHONY: compare
compare: ## say whether the working tree is slower than BASE=revision (flags in COMPAREFLAGS)
	@test -n "$(BASE)" || { echo 'compare: with what? make compare BASE=origin/main' >&2; exit 2; }
	@scripts/compare '$(BASE)' $(COMPAREFLAGS); status=$$?; \
	case $$status in \
	0) result='a regression of the limit is excluded everywhere' ;; \
	1) result='regressed' ;; \
	2) result='wrong usage' ;; \
	3) result='something could not be compared' ;; \
	4) result='unresolved' ;; \
	130) result='interrupted' ;; \
	*) result='failed' ;; \
	esac; \
	echo "compare: exit status $$status, $$result" >&2; exit $$status

.PHONY: compare-proof
compare-proof: ## show how often compare passes the same code and catches 10 %, into results/proof and docs/review.md, some 40 minutes on a quiet machine; interrupted, it goes on where it was (-runs, -budget, -share, -o in PROOFFLAGS)
	status=0; $(GO) run ./scripts/figures proof $(PROOFFLAGS) || status=1; $(GO) run ./scripts/figures text && exit $$status

.PHONY: gate-rates
gate-rates: ## simulate the same with the noise of real comparisons, 5,000 for each rate, some minutes
	$(GO) test ./stats/compare -run TestGateRates -v -count 1 -timeout 30m -gate-runs 5000

.PHONY: peers peers-check bench-peers
peers: ## build programs around real runtimes, as far as this machine has their tools, into bin/peers
	scripts/peers

peers-check: bin/bench ## build them and check that each is a fair peer (those named in PEERS)
	scripts/peers check $(PEERS)

bench-peers: bin/bench bin/report peers ## measure them next to the default designs, some minutes (flags for "bench run" in PEERSFLAGS)
	bin/bench run -workload wake,poisson,fork_join -peer $$(ls bin/peers | grep -vx go | paste -sd ,) $(PEERSFLAGS)

.PHONY: bridge museum runtimes
bridge: bin/bench peers ## ask whether the host is fair: real runtimes next to the designs ported from them, into docs/bridge.md, some 5 minutes on two quiet CPUs; interrupted, it goes on where it was
	$(call measuring,bridge) $(BRIDGEFLAGS)

museum: bin/bench ## look for differences between versions of runtimes that users found, into docs/museum.md, some 4 minutes, and several more to build the versions the first time; interrupted, it goes on where it was
	$(call measuring,museum) $(MUSEUMFLAGS)

runtimes: bin/bench peers ## measure our best designs against what people run, and judge the targets in docs/runtimes.md, some 6 minutes; interrupted, it goes on where it was
	$(call measuring,runtimes) $(RUNTIMESFLAGS)

.PHONY: doctor
doctor: bin/bench ## say how fit this machine is to measure, and what to do about it
	bin/bench doctor

.PHONY: selftest
selftest: bin/bench bin/report ## prove that verdicts from this machine can be trusted, some 7 minutes
	bin/bench selftest

.PHONY: audit
audit: bin/bench ## say which results depend on the harness, some 20 minutes (flags for "bench audit" in AUDITFLAGS)
	bin/bench audit $(AUDITFLAGS)

# All of them are measured by one build: after the first, what is committed has
# changed, and another build would call itself modified.
.PHONY: figures figures-sample figures-selftest figures-audit figures-hosts figures-text
figures: bin/bench bin/report ## measure the audit, the sample, the self-test and the hosts anew, and write every figure of README and docs from them, some 45 minutes
	$(GO) run ./scripts/figures audit $(AUDITFLAGS)
	$(GO) run ./scripts/figures sample $(BENCHFLAGS)
	$(GO) run ./scripts/figures selftest $(SELFTESTFLAGS)
	$(GO) run ./scripts/figures hosts
	$(GO) run ./scripts/figures text

figures-sample: bin/bench bin/report ## measure results/sample with its page and picture (flags for "bench run" in BENCHFLAGS)
	$(GO) run ./scripts/figures sample $(BENCHFLAGS)
	$(GO) run ./scripts/figures text

figures-selftest: bin/bench ## measure the evidence in results/selftest (flags for "bench selftest" in SELFTESTFLAGS)
	$(GO) run ./scripts/figures selftest $(SELFTESTFLAGS)
	$(GO) run ./scripts/figures text

figures-audit: bin/bench ## write docs/audit.md (flags for "bench audit" in AUDITFLAGS)
	$(GO) run ./scripts/figures audit $(AUDITFLAGS)

figures-hosts: bin/bench ## measure results/hosts for docs/hosts.md, some 4 minutes (flags for "bench run" in HOSTSFLAGS)
	$(GO) run ./scripts/figures hosts $(HOSTSFLAGS)
	$(GO) run ./scripts/figures text

figures-text: ## write the figures of README and docs from the data that are there, without measuring
	$(GO) run ./scripts/figures text

.PHONY: target
target: bin/bench ## measure the suite's own design against those it has to beat, some 20 minutes, and write the outcome to docs/target.md; interrupted, it goes on where it was
	$(call measuring,target)

.PHONY: advice
advice: bin/bench ## follow the advice of "bench advise" in a fresh run, some 10 minutes on two quiet CPUs, and write to docs/advice.md whether it holds; interrupted, it goes on where it was
	$(call measuring,advice)

.PHONY: operations
operations: ## measure what the operations of every manager cost with 1 to 1024 cores, and write docs/operations.md, at most 10 minutes on a quiet machine; interrupted, it goes on where it was
	$(call measuring,operations) $(OPERATIONSFLAGS)

.PHONY: claims
claims: ## test what others published about idle management, and write docs/claims.md, some 12 minutes on two quiet CPUs; interrupted, it goes on where it was (flags in CLAIMSFLAGS)
	$(call measuring,claims) $(CLAIMSFLAGS)

.PHONY: pictures
pictures: bin/report ## take the pictures of README and docs: the first screen of the sample's page, 1280 and 400 pixels wide
	bin/report -o results/sample/report.html results/sample
	$(GO) run ./scripts/screenshots -first results/sample/report.html docs/pictures

.PHONY: tune
tune: ## quieten this machine as far as can be, as root; preview with scripts/tune --dry-run
	scripts/tune

.PHONY: untune
untune: ## restore what tune changed
	scripts/untune

# Packages that compute, and share nothing between threads, are tested without the
# race detector, which makes them many times slower. Package compare is tested with
# and without it: what it simulates is skipped with it. So is the command line: its
# tests start hundreds of processes, each four times slower with it, and one whole run
# and the question before it have all its goroutines.
# The managers of verify/broken may well have data races.
ALONE := ./explore ./simulate/... ./loadgen/simulated/overlay ./internal/coroutine ./verify/broken ./bench/audit/... ./bench/cli ./bench/selftest ./bench/simulation ./scripts/... ./stats/benchstat ./report/cli ./report/format ./report/hlog ./report/page/... ./report/plot ./report/sections ./report/source ./report/trend ./report/verdict

# The builds with the tag simulate charge accesses to plain memory. The overlay for that
# is written anew each time, because it is of the source as it is now:
# go build -tags simulate -overlay bin/overlay/overlay.json
.PHONY: bin/overlay
bin/overlay:
	@$(GO) run ./loadgen/simulated/overlay -o bin/overlay > /dev/null

simulated = $(GO) test -tags simulate -overlay bin/overlay/overlay.json

# The race detector has each process sleep for a second at its end, in case threads that
# still run are to be seen; there are eighty such processes here, and theirs have ended.
test: export GORACE := atexit_sleep_ms=0

.PHONY: test
test: bin/overlay ## run all tests, what is concurrent with the race detector if there is a C compiler, and pages in a browser if there is one
ifeq ($(RACE),)
	@echo 'no C compiler: the tests run without the race detector'
endif
	@test -n "$$CHROME" || test -x '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' || \
		which chromium chromium-browser google-chrome google-chrome-stable chrome 2> /dev/null | grep -q . || \
		echo 'no Chromium or Chrome: the tests of pages in a browser are skipped; "apt-get install chromium fonts-liberation" installs one on Debian'
	$(GO) test $(RACE) -p $$((2 * $(CPUS))) -skip $(OTHER_PARKERS) $$($(GO) list ./... | grep -vxF "$$($(GO) list $(ALONE))")
	$(GO) test $(ALONE) ./stats/compare
	$(GO) test $(RACE) ./bench/cli $(CHEAPEST) -run 'TestConfirm|TestScripts/run$$|TestInvariants'
	$(GO) test -tags explore ./loadgen/host ./verify/broken -run 'Explore|SoundPass'
	$(simulated) ./loadgen/simulated ./verify
	$(simulated) -short -run '^TestInvariants$$' ./impls/...
	$(GO) test -tags simulate ./stats/spinbudget
	$(GO) test -tags explore ./verify -skip '^TestScenarios$$'
	@$(explorer)
	$(call explore,-shared -bound 2 -test.skip $(LIGHTLY))
	$(call explore,-shared -bound 1 -limit 5s -test.run $(LIGHTLY))
	$(call explore,-shared -strategy reduced -limit 2s -minimise 0)
	$(call explore,-shared -strategy random -executions 2000 -minimise 0)

# Each idle manager is tried with one parker, and the one whose tests take the least
# time with all of them. Their tests mostly wait, so more packages are tested at once
# than there are CPUs. "make stress" tries all managers with all parkers on real
# threads, and "make verify" explores those that are measured by default with all.
CHEAPEST := ./impls/mutexonly
OTHER_PARKERS := '^TestInvariants$$/^(chan|futex|spin|spin-futex-.*)$$'

# What make test explores with a bound of 1: the scenarios that would take half of
# the time.
LIGHTLY := '^TestScenarios$$/././^(fork_against_submit|two_producers|two_producers_wait_for_each_other|fork_after_a_child_that_stays)$$'

# All parts run and the page is written also if a part fails.
.PHONY: verify
verify: ## explore more schedules of the idle managers, and check the model with spin; about an hour on two quiet CPUs, later only what changed; PART=1/8 does an eighth
	@mkdir -p '$(JOURNAL)'
	@rm -f '$(JOURNAL)/plan.tsv'
	@$(explorer)
	@for how in $(STRATEGIES); do \
		(cd verify && ../bin/verify.test -test.run '^TestScenarios$$' $$(echo $$how | tr , ' ') -plan '$(JOURNAL)/plan.tsv' > /dev/null) || exit 1; \
	done
	failed=0; \
	if [ $(I) = 1 ] && ! [ -e '$(MODEL)' ]; then \
		verify/model/run -install > '$(JOURNAL)/model.tmp' && mv '$(JOURNAL)/model.tmp' '$(MODEL)' || { cat '$(JOURNAL)/model.tmp'; failed=1; }; \
	fi; \
	for how in $(STRATEGIES); do \
		$(call explore,$$(echo $$how | tr , ' ') -test.v -record '$(JOURNAL)/record.tsv') || failed=1; \
	done; \
	$(GO) run ./verify/coverage '$(JOURNAL)' '$(MODEL)' > '$(JOURNAL)/verify.md'; case $$? in \
	0) mv '$(JOURNAL)/verify.md' bin/verify.md && cat bin/verify.md ;; \
	*) rm '$(JOURNAL)/verify.md'; [ $(PARTS) != 1 ] || failed=1 ;; \
	esac; \
	exit $$failed

# What each part explores, with commas for spaces. One preemption more costs ten to thirty times
# as much, so only what is measured by default has three.
MEASURED := ^TestScenarios$$/^(bitmap|channels|mutexonly)$$
STRATEGIES := '-bound,3,-shared,-test.run,$(MEASURED)' '-bound,2,-shared,-test.skip,$(MEASURED)' \
	-strategy,reduced,-limit,20s -strategy,random,-executions,100000 -strategy,pct,-executions,100000

# The results so far of make verify, of all parts and all states of the source: each
# exploration is kept under what it depends on (verify/journal), and so is the model.
# A part that was interrupted goes on where it was.
JOURNAL := $(CURDIR)/bin/verify
MODEL = $(JOURNAL)/model-$(shell cat verify/model/run verify/model/*.pml | git hash-object --stdin | cut -c 1-12).txt

PART ?= 1/1
I = $(firstword $(subst /, ,$(PART)))
PARTS = $(lastword $(subst /, ,$(PART)))

# A process explores on one CPU, so there are as many as CPUs, each with its share
# of the part. The test is built once for all of them.
CPUS := $(shell getconf _NPROCESSORS_ONLN)
explorer = $(GO) test -tags explore -c -o bin/verify.test ./verify
explore = (cd verify && seq $$((($(I) - 1) * $(CPUS) + 1)) $$(($(I) * $(CPUS))) | \
	xargs -P $(CPUS) -I{} ../bin/verify.test -part {}/$$(($(PARTS) * $(CPUS))) -test.run '^TestScenarios$$' $(1))

.PHONY: bench-explore
bench-explore: ## compare the explorer's speed with shuttle's, which cargo builds
	$(GO) run ./explore/peer

FOR ?= 15m
SEED ?=

.PHONY: stress
stress: ## managers, parkers and workloads on real threads that pause at random, with the race detector, for FOR=15m, about a round; all are in FOR=1h; again with SEED=n
	$(GO) run $(RACE) -tags perturb ./verify/stress -for $(FOR) $(if $(SEED),-seed $(SEED))

COUNT ?= 1e9

.PHONY: stress-wakes
stress-wakes: ## make COUNT=1e9 wake-ups at full speed and write the record into docs/stress.md, about an hour on two quiet CPUs; interrupted, it goes on where it was
	$(GO) run ./verify/stress -wakes $(COUNT) -launch 10s -page docs/stress.md

.PHONY: lint
lint: ## gofmt, go vet for all systems and builds, staticcheck, the one door to the primitives, shellcheck if there is one
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt would change: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) vet -tags explore $(EXPLORED)
	$(GO) vet -tags simulate $(SIMULATED)
	GOOS=darwin $(GO) vet ./...
	GOOS=linux GOARCH=arm64 $(GO) vet ./...
	GOOS=windows $(GO) vet ./...
	$(GO) vet -tags perturb ./...
	$(GO) tool staticcheck ./...
	$(GO) tool staticcheck -tags explore $(EXPLORED)
	$(GO) tool staticcheck -tags simulate $(SIMULATED)
	$(GO) tool actionlint .github/workflows/*.yml
	$(GO) test ./impls/prim -run 'TestOneDoor'
	@if command -v shellcheck > /dev/null; then shellcheck $(SCRIPTS); else echo 'shellcheck is not installed: the scripts are not checked'; fi

SIMULATED := ./impls/... ./verify ./bench/simulation ./bench/cli ./loadgen/cpu ./loadgen/host ./loadgen/latency ./loadgen/workload ./loadgen/simulated ./loadgen/gaps ./stats/spinbudget ./scripts/claims/simulated ./scripts/museum/simulated ./scripts/pairs/simulated
EXPLORED := ./impls/... ./verify ./verify/broken ./loadgen/host
SCRIPTS := $(shell grep -slE '^\#!/bin/(ba)?sh' scripts/* scripts/engines/* bench/pack/run findings/*.sh report/hlog/testdata/writers/*.sh verify/model/run .ci/run)

.PHONY: hlog-writers
hlog-writers: ## read interval logs that HdrHistogram writes in other languages, as far as they are installed; it installs pinned packages
	@logs=$$(mktemp -d) && trap 'rm -rf "$$logs"' EXIT && report/hlog/testdata/writers/run.sh "$$logs" && \
		HLOG_WRITERS="$$logs" $(GO) test -count 1 -v -run TestWriters ./report/hlog

.PHONY: findings
findings: ## show again what surprised us in Go, libraries and kernels; each script says what, on pinned versions
	@failed=0; for f in findings/*.sh; do echo "== $$f"; $$f || { echo "$$f: changed, or could not run" >&2; failed=1; }; done; exit $$failed

# The program that simulates is the same with other primitives. An overlay has accesses to
# plain memory take time, too; without SIMULATEFLAGS, which are for the go command, they
# would cost nothing.
SIMULATEFLAGS ?= -overlay bin/overlay/overlay.json

.PHONY: bin/simulate
bin/simulate: bin/overlay
	$(GO) build -buildvcs=$(BUILDVCS) -tags simulate $(SIMULATEFLAGS) -o $@ ./bench

.PHONY: clean
clean: ## remove what was built; results stay
	rm -rf bin

# A command that measures is built, not given to "go run": the commit goes into its results,
# and its exit status comes through.
measuring = $(GO) build -buildvcs=$(BUILDVCS) -o bin/measure/$(1) ./scripts/$(1) && bin/measure/$(1)

# Always asked: the go command knows best what is out of date. The commit goes into the
# results.
.PHONY: bin/bench bin/report
bin/bench bin/report: bin/%:
	$(GO) build -buildvcs=$(BUILDVCS) -o $@ ./$*
	@test $(BUILDVCS) = auto || echo "git refuses to read this clone (git status says why), so results will lack the commit. If it belongs to another user whom you trust: git config --global --add safe.directory '$(CURDIR)'" >&2
