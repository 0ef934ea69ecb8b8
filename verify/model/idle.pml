/*
 * The notify, park and shutdown protocol of impls/bitmap, with the least host
 * that drives it: run queues, an injection queue, producers, a closer.
 *
 * One step of the model touches one variable that others read without the
 * lock, as one step of the Go code does. What only the holder of the lock, or
 * of a core, can see is folded into the step next to it.
 *
 * Cores are numbered from 1, and 0 is no core. Workers are numbered from 0, and
 * NOBODY is no worker. A task is a bit, a set of tasks a mask.
 *
 * Parameters, all set by ./run; README.md explains them.
 *
 *	CORES, WORKERS    how many
 *	POST1, POST2      the tasks that producer 1 and 2 inject in one call
 *	SETTLED           if defined, nothing is injected before all workers sleep
 *	SPAWN             the tasks that task 1 publishes on its core
 *	WAITING, AWAITED  tasks in WAITING end only when those in AWAITED have begun
 *	CLOSE             0 never, 1 when all is at rest, 2 at any time
 *	CLOSERS           how many call Shutdown
 *	SPURIOUS          how many times a parker returns without a token
 *	FIX2, FIX4, FIX9  if defined, the defect B2, B4 or B9 is repaired
 *	STRICT4, STRICT7  if defined, the count is all that S4, S7 may be read to say
 *	MUT               a seeded defect, 0 for none; ./run has the list
 *	LIVENESS          check a property of ltl instead of what is left at rest
 */
#ifndef POST2
#define POST2 0
#endif
#ifndef SPAWN
#define SPAWN 0
#endif
#ifndef WAITING
#define WAITING 0
#define AWAITED 0
#endif
#ifndef CLOSE
#define CLOSE 0
#endif
#ifndef SPURIOUS
#define SPURIOUS 0
#endif
#ifndef CLOSERS
#define CLOSERS 1
#endif
#ifndef MUT
#define MUT 0
#endif

#define NOBODY   WORKERS
#define LOW(m)   ((m) & -(m))
#define COUNT(m) (((m) & 1) + ((m) >> 1 & 1) + ((m) >> 2 & 1) + ((m) >> 3 & 1))
#define REMOTE   (POST1 | POST2)
#define TASKS    (REMOTE | SPAWN)

/* The lock, and what it guards. inject is also read without, as a length. */
bool lock;
byte inject;
byte sleepers[WORKERS], numSleepers;
byte available[CORES], numAvailable;
byte assigned[WORKERS];
bool closed;

/* The atomics that are read without the lock. */
byte numSearching, numIdle, idleMap;
bool needsSearching;

/* Cores: searching belongs to the holder, runQueue to the holder and thieves. */
bool searching[CORES + 1];
byte runQueue[CORES + 1];
bool copying[CORES + 1]; /* a thief has claimed tasks and not copied them yet */
bool down[CORES + 1];

/* Workers and their parkers. */
byte held[WORKERS];
bool token[WORKERS];
#if MUT == 17
bool blocked[WORKERS];
#endif
byte numInPark; /* workers in Park, or done */
bool returned[WORKERS];
byte numReturned;
byte spurious = SPURIOUS;

/* Tasks. */
byte published, started;

hidden byte x, y, n, found;

/*
 * Safety, asserted at each release of the lock.
 */
inline check() {
	x = 1; found = 0;
	do
	:: x <= CORES ->
		n = down[x];
		y = 0;
		do
		:: y < WORKERS ->
			n = n + (assigned[y] == x) + (held[y] == x);
			y++
		:: else -> break
		od;
		y = 0;
		do
		:: y < numAvailable ->
			if
			:: available[y] == x ->
				n++;
				assert(idleMap >> x & 1);                  /* S2 */
				assert(!searching[x] && runQueue[x] == 0)  /* S5 */
			:: else
			fi;
			y++
		:: else -> break
		od;
		assert(n == 1);                                        /* S1, D3 */
		found = found + searching[x];
		x++
	:: else -> break
	od;
	assert(numIdle == numAvailable);                               /* S2 */
	n = 0; x = 1;
	do
	:: x <= CORES -> n = n + (idleMap >> x & 1); x++
	:: else -> break
	od;
	assert(n == numIdle);                                          /* S2 */
	assert(numSearching >= found);                                 /* S4 */
#ifdef STRICT4
	assert(numSearching == found);
#endif
#ifdef STRICT7
	assert(numSearching <= CORES);
#endif
	x = 0;
	do
	:: x < numSleepers ->
		assert(held[sleepers[x]] == 0);                        /* S3 */
		assert(assigned[sleepers[x]] == 0);                    /* S3 */
		assert(!returned[sleepers[x]]);                        /* S3, D5 */
		y = x + 1;
		do
		:: y < numSleepers ->
			assert(sleepers[x] != sleepers[y]);            /* S3 */
			y++
		:: else -> break
		od;
		x++
	:: else -> break
	od;
	x = 0; y = 0; n = 0; found = 0
}

inline Lock() { atomic { !lock -> lock = true } }
inline Unlock() { d_step { check(); lock = false } }

/*
 * impls/bitmap. Its notes B1 to B8 are in the package documentation.
 *
 * A worker is me, and the core that it holds is mine. Other parameters are
 * scratch variables of the caller, 0 or NOBODY whenever they are not in use.
 */
#define mine held[me]

inline tryAcquire(core) { /* TryAcquireAvailableCore */
	d_step {
		if
		:: numAvailable == 0 -> core = 0
		:: else ->
			numAvailable--;
			core = available[numAvailable];
			available[numAvailable] = 0;
			numIdle = numAvailable;
			printf("takes core %d\n", core)
		fi
	}
	if
	:: core -> idleMap = idleMap & ~(1 << core)
	:: else
	fi
}

inline release() { /* ReleaseCore */
	idleMap = idleMap | 1 << mine;
	d_step {
		printf("releases core %d\n", mine);
		assert(inject == 0);                                   /* S5 */
		available[numAvailable] = mine;
		numAvailable++;
		numIdle = numAvailable;
		mine = 0
	}
}

/* With count the number of idle cores is stored too, otherwise by the caller. */
inline assign(worker, core, search, count) {
	d_step {
		if
		:: numSleepers == 0 || numAvailable == 0 -> worker = NOBODY
		:: else ->
			numAvailable--;
			core = available[numAvailable];
			available[numAvailable] = 0;
			if
			:: count -> numIdle = numAvailable
			:: else
			fi;
			worker = sleepers[numSleepers - 1];
#if MUT != 6
			numSleepers--;
			sleepers[numSleepers] = 0;
#endif
			assert(assigned[worker] == 0);                 /* S3, S6 */
			assert(!returned[worker]);                     /* D5 */
			printf("assigns core %d to worker %d\n", core, worker);
			searching[core] = search;
			assigned[worker] = core
		fi
	}
	if
	:: worker != NOBODY ->
		d_step { idleMap = idleMap & ~(1 << core); core = 0 }
	:: else
	fi
}

inline unpark(worker) {
#if MUT == 16
	skip
#elif MUT == 17
	if
	:: blocked[worker] -> token[worker] = true
	:: else
	fi
#else
	d_step { token[worker] = true; printf("wakes worker %d\n", worker) }
#endif
}

inline unparkAll(wake, worker) {
	worker = 0;
	do
	:: worker < WORKERS ->
		if
		:: wake >> worker & 1 -> unpark(worker)
		:: else
		fi;
		worker++
	:: else -> break
	od;
	wake = 0
}

inline leaveSearching(last) { /* TransitionWorkerFromSearching */
	d_step {
		assert(numSearching > 0);                              /* S4 */
		numSearching--;
		last = (numSearching == 0);
		printf("leaves the searchers; left: %d\n", numSearching)
	}
}

inline toSearching() { /* TransitionWorkerToSearching */
#if MUT == 25
	needsSearching = false;
#endif
	d_step {
		assert(!searching[mine]);                              /* S4 */
		searching[mine] = true;
		numSearching++;
		printf("searches; searchers: %d\n", numSearching)
	}
#if MUT != 25
	;
	needsSearching = false
#endif
}

inline note() { d_step { needsSearching = true; printf("leaves the note\n") } }

inline notifySynced(worker, core) {
	assign(worker, core, true, true);
	if
	:: worker == NOBODY ->
#if MUT != 3 && MUT != 15
		note(); /* L5 */
#endif
#if MUT != 4
		d_step { assert(numSearching > 0); numSearching-- }
#endif
		Unlock();
#if MUT == 3
		note()
#endif
	:: else ->
		Unlock();
		unpark(worker);
		worker = NOBODY
	fi
}

inline NotifyLocal(worker, core) {
	if
	:: d_step { numSearching -> printf("sees a searcher, wakes nobody\n") }
	:: else ->
		if
#ifndef FIX2
		:: d_step { numIdle == 0 -> printf("sees no idle core\n") }
#if MUT != 27
			note() /* B2: not under the lock */
#else
			skip
#endif
		:: else ->
#else
		:: true ->
#endif
			if
#if MUT == 7
			:: numSearching == 0 -> numSearching = 1;
#else
			:: d_step { numSearching == 0 -> numSearching = 1 }
#endif
				Lock();
				notifySynced(worker, core)
			:: else
			fi
		fi
	fi
}

inline NotifyRemote(worker, core) {
	if
	:: numSleepers == 0 ->
#if MUT != 14
		note();
#endif
		Unlock()
	:: else ->
#if MUT == 9
		assign(worker, core, false, true);
		if
		:: worker == NOBODY -> note(); Unlock()
		:: else -> Unlock(); unpark(worker); worker = NOBODY
		fi
#elif MUT == 13
		if
		:: d_step { numSearching == 0 -> numSearching = 1 }
			notifySynced(worker, core)
		:: else -> Unlock()
		fi
#else
		numSearching++;
		notifySynced(worker, core)
#endif
	fi
}

inline NotifyMult(worker, core, left, wake) {
	do
	:: left ->
#ifdef FIX4
		numSearching++;
		assign(worker, core, true, false);
#else
		assign(worker, core, false, false); /* B4: not as a searcher */
#endif
		if
		:: worker == NOBODY ->
#ifdef FIX4
			d_step { assert(numSearching > 0); numSearching-- }
#endif
			break
		:: else -> d_step { wake = wake | 1 << worker; left--; worker = NOBODY }
		fi
	:: else -> break
	od;
	if
	:: wake -> numIdle = numAvailable
	:: else
	fi;
	if
#ifdef FIX4
	:: left -> note(); left = 0
#else
	:: wake == 0 -> note(); left = 0 /* B4: only if none was woken */
#endif
	:: else -> left = 0
	fi;
	worker = NOBODY;
	Unlock();
	unparkAll(wake, worker)
}

inline Search() { /* TryTransitionWorkerToSearching */
	k = numSearching;
	if
	:: 2 * k < CORES - numIdle -> k = 0; toSearching() /* B6: not under the lock */
	:: else -> k = 0
	fi
}

inline Found(worker, core) {
	searching[mine] = false;
	leaveSearching(last);
	if
#if MUT != 10
	:: last -> last = false; NotifyLocal(worker, core) /* L4 */
#endif
	:: else -> last = false
	fi
}

/* Look into every run queue: k is the first core with a task, or 0. */
inline anyStealable() {
	k = 1;
	do
	:: k > CORES -> k = 0; break
	:: else ->
		if
		:: runQueue[k] -> break
		:: else -> k++
		fi
	od
}

/* Ends at kept with a core, or at stop, with a core or without. */
inline Park() {
#if MUT == 19
	last = (inject == 0);
#elif MUT == 20
	k = available[0];
#endif
	Lock();
	if
	:: mine == 0 ->
#if MUT == 20
		d_step { mine = k; k = 0 }
#else
		tryAcquire(mine);
#endif
		if
		:: mine -> Unlock(); goto kept
		:: else -> goto wait
		fi
	:: else
	fi;
	if
#if MUT == 19
	:: !last -> Unlock(); goto kept
#elif MUT != 18
	:: inject -> Unlock(); goto kept
#endif
	:: else -> last = false
	fi;
	if
#if MUT != 12
	:: !searching[mine] && needsSearching -> toSearching(); Unlock(); goto kept
#endif
	:: else
	fi;
	if
	:: closed ->
		if
		:: searching[mine] -> searching[mine] = false; leaveSearching(last); last = false
		:: else
		fi;
		Unlock();
		goto stop
	:: else
	fi;
	d_step { k = searching[mine]; searching[mine] = false }
	release();
#if MUT != 30
	Unlock();
#endif
	if
	:: k ->
#if MUT == 30
		Unlock();
#endif
#if MUT == 2
		anyStealable();
		leaveSearching(last);
#else
		leaveSearching(last);
		if
		:: last -> anyStealable() /* after the count: L4 */
		:: else -> k = 0
		fi;
#endif
		if
#if MUT != 1
		:: k && last ->
			d_step { k = 0; last = false }
			Lock(); /* tryResumeSearch */
			tryAcquire(mine);
			if
#if MUT != 24
			:: mine -> toSearching()
#endif
			:: else ->
#ifdef FIX9
				note()
#else
				skip /* B9: no note */
#endif
			fi;
			Unlock();
			if
			:: mine -> goto kept
			:: else
			fi
#endif
		:: else -> d_step { k = 0; last = false }
		fi;
#if MUT == 30
		Lock()
#endif
	:: else
	fi;
#if MUT != 30
	Lock(); /* another critical section, as in the original */
#endif
wait: /* waitForCore */
	if
#if MUT != 8
	:: closed -> Unlock(); goto stop /* B1 */
#endif
	:: else
	fi;
	if
#if MUT != 11
	:: needsSearching ->
		tryAcquire(mine);
		if
		:: mine -> toSearching(); Unlock(); goto kept
		:: else
		fi
#endif
	:: else
	fi;
	d_step { sleepers[numSleepers] = me; numSleepers++; printf("sleeps\n") } /* TransitionWorkerToParked */
#if MUT == 8
	if
	:: closed -> Unlock(); goto stop
	:: else
	fi;
#endif
	do
	:: true ->
		Unlock();
#if MUT == 17
		blocked[me] = true;
#endif
end:		if
		:: d_step { token[me] -> token[me] = false; printf("wakes\n") }
		:: d_step { spurious -> spurious--; printf("wakes for no reason\n") }
		fi;
#if MUT == 17
		blocked[me] = false;
#endif
		Lock();
		if
#if MUT == 21
		:: closed -> Unlock(); goto stop /* D4 */
#endif
#if MUT != 29
		:: assigned[me] == 0 && !closed -> skip
#endif
		:: else -> break
		fi
	od;
	atomic { mine = assigned[me]; assigned[me] = 0; k = closed }
	Unlock();
	if
	:: k ->
		k = 0;
		if
		:: mine && searching[mine] ->
			searching[mine] = false; leaveSearching(last); last = false
		:: else
		fi;
		goto stop
	:: else -> goto kept
	fi
}

inline shutDown(core) {
	d_step {
		printf("shuts down core %d\n", core);
		assert(!down[core]);                                   /* D3 */
		down[core] = true;
		core = 0
	}
}

inline Shutdown(worker, core) {
	Lock();
	if
#if MUT != 28
	:: closed -> Unlock(); goto done /* D1 */
#endif
	:: else
	fi;
	d_step { closed = true; printf("closes\n") }
	do
	:: true ->
		assign(worker, core, false, true);
		if
		:: worker == NOBODY -> break
		:: else -> unpark(worker); worker = NOBODY
		fi
	od;
	do
	:: numSleepers ->
		d_step {
			numSleepers--;
			worker = sleepers[numSleepers];
			sleepers[numSleepers] = 0
		}
#if MUT != 22
		unpark(worker);
#endif
		worker = NOBODY
	:: else -> break
	od;
	Unlock();
#if MUT != 23
	do /* ShutdownUnassignedCores */
	:: true ->
		Lock();
		tryAcquire(core);
		if
		:: core -> shutDown(core); Unlock() /* in the code after Unlock, which here asserts S1 */
		:: else -> Unlock(); break
		fi
#if MUT == 31
		;
		break
#endif
	od
#endif
}

/*
 * loadgen/host.
 */

/* Some of the injected tasks: the first is t, the others go to the run queue. */
inline takeInjected() {
	if
	:: inject ->
		Lock();
		d_step {
			if
			:: inject ->
				n = COUNT(inject) / CORES + 1;
				if
				:: n > COUNT(inject) -> n = COUNT(inject)
				:: else
				fi;
				printf("takes injected tasks: %d of %d\n", n, COUNT(inject));
				t = LOW(inject);
				inject = inject & ~t;
				do
				:: n > 1 ->
					loot = loot | LOW(inject);
					inject = inject & ~LOW(inject);
					n--
				:: else -> n = 0; break
				od
			:: else
			fi
		}
#if MUT == 26
		Unlock();
#endif
		d_step { runQueue[mine] = runQueue[mine] | loot; loot = 0 }
#if MUT != 26
		Unlock()
#endif
	:: else
	fi
}

/* Half of the victim's tasks, rounded up: the last is t, the others are mine. */
inline steal(victim) {
	if
	:: d_step {
		runQueue[victim] && !copying[victim] ->
		n = (COUNT(runQueue[victim]) + 1) / 2;
		do
		:: n ->
			t = LOW(runQueue[victim]);
			loot = loot | t;
			runQueue[victim] = runQueue[victim] & ~t;
			n--
		:: else -> break
		od;
		loot = loot & ~t;
		copying[victim] = true;
		printf("steals from core %d\n", victim)
	   }
		copying[victim] = false;
		if
		:: loot -> d_step { runQueue[mine] = runQueue[mine] | loot; loot = 0 }
		:: else
		fi
	:: else
	fi
}

proctype worker(byte me) {
	byte t, loot, k, snapshot, w = NOBODY, c;
	bool last;

park:
	atomic { numInPark++; printf("worker %d parks, with core %d\n", me, mine) } /* not d_step, which no goto may enter */
	Park();

kept:
#if MUT == 29
	if
	:: mine == 0 -> goto stop
	:: else
	fi;
#endif
	numInPark--;
next:
	atomic {
		if
		:: runQueue[mine] -> t = LOW(runQueue[mine]); runQueue[mine] = runQueue[mine] & ~t
		:: else
		fi
	}
	if
	:: t -> goto work
	:: else
	fi;
	takeInjected();
	if
	:: t -> goto work
	:: else
	fi;

	if
	:: copying[mine] -> goto park /* canSteal; narrower in the code */
	:: true
	fi;
	if
	:: !searching[mine] -> Search()
	:: else
	fi;
	if
	:: !searching[mine] -> goto park
	:: else
	fi;
	d_step { snapshot = idleMap; printf("looks around\n") }
	k = mine % CORES + 1;
	do
	:: k == mine -> break
	:: else ->
		if
		:: !(snapshot >> k & 1) -> steal(k)
		:: else
		fi;
		if
		:: t -> break
		:: else -> k = k % CORES + 1
		fi
	od;
	atomic { k = 0; snapshot = 0 } /* not d_step, which a break may not enter */
	if
	:: t -> goto work
	:: else
	fi;
	takeInjected();
	if
	:: t -> goto work
	:: else -> goto park
	fi;

work:
	if
	:: searching[mine] -> Found(w, c)
	:: else
	fi;
	atomic { started = started | t; printf("runs task %d\n", t) }
	if
	:: t == 1 && SPAWN ->
#if MUT == 5
		NotifyLocal(w, c);
#endif
		d_step {
			runQueue[mine] = runQueue[mine] | SPAWN;
			published = published | SPAWN;
			printf("publishes tasks %d\n", SPAWN)
		}
#if MUT != 5
		NotifyLocal(w, c)
#endif
	:: else
	fi;
	!(t & WAITING) || (started & AWAITED) == AWAITED; /* or wait forever: L3 */
	t = 0;
	goto next;

stop:
	if
	:: mine -> shutDown(mine)
	:: else
	fi;
	atomic { returned[me] = true; numReturned++ }
}

proctype producer(byte tasks) {
	byte w = NOBODY, c, left, wake;

#ifdef SETTLED
	published || numSleepers == WORKERS;
#endif
	Lock();
	d_step {
		inject = inject | tasks;
		published = published | tasks;
		printf("injects tasks %d\n", tasks)
	}
	if
	:: COUNT(tasks) == 1 -> NotifyRemote(w, c)
	:: else -> left = COUNT(tasks); NotifyMult(w, c, left, wake)
	fi
}

proctype closer() {
	byte w = NOBODY, c;

#if CLOSE == 1
	atomic {
		(published & REMOTE) == REMOTE && inject == 0 && numInPark == WORKERS ->
		assert(started == TASKS) /* what Settle promises */
	}
#endif
	Shutdown(w, c);
done:
	skip
}

#ifndef LIVENESS
/* What must hold when nothing can move any more. */
active proctype rest() {
	timeout;
#if CLOSE != 2
	assert(started == TASKS);                              /* L1, L2, L3 */
#endif
	assert(numSearching == 0);                                     /* S4 */
#if CLOSE
	assert(numReturned == WORKERS);                                /* D2 */
	x = 1;
	do
	:: x <= CORES -> assert(down[x]); x++                          /* D3 */
	:: else -> break
	od
#endif
}
#endif

init {
	atomic {
		x = 1;
		do
		:: x <= CORES ->
			available[numAvailable] = x;
			numAvailable++;
			idleMap = idleMap | 1 << x;
			x++
		:: else -> break
		od;
		numIdle = CORES;
		x = 0;
		do
		:: x < WORKERS -> run worker(x); x++
		:: else -> x = 0; break
		od;
#if POST1
		run producer(POST1);
#endif
#if POST2
		run producer(POST2);
#endif
#if CLOSE
		do
		:: x < CLOSERS -> run closer(); x++
		:: else -> x = 0; break
		od
#endif
	}
}

#ifdef LIVENESS
ltl L1   { <> ((started & REMOTE) == REMOTE) }
ltl L2   { [] ((published & SPAWN) -> <> ((started & SPAWN) == SPAWN)) }
ltl D2   { [] (closed -> <> (numReturned == WORKERS)) }
ltl Rest { <> [] (numSleepers + numReturned == WORKERS) }
#endif
