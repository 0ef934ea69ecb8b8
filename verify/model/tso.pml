/*
 * The pairs of accesses on which the protocol of impls/bitmap rests, each as a
 * litmus test of two threads. docs/memory-order.md says what they stand for.
 *
 *	PAIR     which test
 *	MODEL    SC    a store is visible at once
 *	         TSO   each thread has a first-in-first-out buffer of stores, which
 *	               leave it at any time; a read-modify-write, as x86's locked
 *	               instructions, waits until the thread's buffer is empty
 *	         WEAK  a buffer for each thread and variable, so that stores
 *	               overtake each other, and no read-modify-write waits, except
 *	               for the lock: its release waits for all stores before it
 *	FENCE    1: with the fences, which wait until the buffer is empty
 *
 * Loads take effect in program order, and no thread loads what it has stored
 * itself, so there is no forwarding from the buffer.
 */
#define SC   0
#define TSO  1
#define WEAK 2

#ifndef FENCE
#define FENCE 0
#endif

#define VARS   5
#define LOCK   0
#define TASK   1 /* a run queue's tail, a slot of it, or a token */
#define COUNT  2 /* numSearching, or a tail, or "I sleep" */
#define IDLE   3 /* numIdle */
#define NOTE   4 /* needsSearching */

byte memory[VARS];
chan buffer[2 * VARS] = [3] of { byte, byte }; /* variable, value */
byte done;
byte saw0 = 9, saw1 = 9, also0 = 9; /* what the threads have loaded */

#if MODEL == WEAK
#define BUFFER(t, v) buffer[(t) * VARS + (v)]
#else
#define BUFFER(t, v) buffer[(t) * VARS]
#endif

inline drain() {
	empty(BUFFER(t, 0)) && empty(BUFFER(t, 1)) && empty(BUFFER(t, 2)) &&
	empty(BUFFER(t, 3)) && empty(BUFFER(t, 4))
}

inline fence() {
#if FENCE
	drain()
#else
	skip
#endif
}

inline store(v, value) {
#if MODEL == SC
	memory[v] = value
#else
	BUFFER(t, v)!v, value
#endif
}

inline load(v, into) { into = memory[v] }

inline add(v, delta) {
	atomic {
#if MODEL == TSO
		drain();
#endif
		memory[v] = memory[v] + delta
	}
}

inline acquire() {
	atomic {
#if MODEL == TSO
		drain();
#endif
		memory[LOCK] == 0 -> memory[LOCK] = 1
	}
}

inline releaseLock() {
#if MODEL == WEAK
	drain();
#endif
	store(LOCK, 0)
}

/* 1: NotifyLocal against the last look of Park (B3): store buffering. */
#if PAIR == 1
#define START    memory[COUNT] = 1
#define FORBIDDEN (saw0 == 1 && saw1 == 0) /* relies on a searcher that missed the task */
#define THREAD0  store(TASK, 1); fence(); load(COUNT, saw0)
#define THREAD1  add(COUNT, -1); fence(); load(TASK, saw1)
#endif

/* 2: as 1, with a fence in Park alone. */
#if PAIR == 2
#define START    memory[COUNT] = 1
#define FORBIDDEN (saw0 == 1 && saw1 == 0)
#define THREAD0  store(TASK, 1); load(COUNT, saw0)
#define THREAD1  add(COUNT, -1); fence(); load(TASK, saw1)
#endif

/* 3: B2 as it is: NotifyLocal looks, then leaves the note. */
#if PAIR == 3
#define START    skip
#define FORBIDDEN (saw0 == 0 && saw1 == 0) /* the note is for a parker that has passed */
#define THREAD0  load(IDLE, saw0); fence(); store(NOTE, 1)
#define THREAD1  store(IDLE, 1); fence(); load(NOTE, saw1)
#endif

/* 4: B2 repaired without the lock: leave the note, then look. */
#if PAIR == 4
#define START    skip
#define FORBIDDEN (saw0 == 0 && saw1 == 0)
#define THREAD0  store(NOTE, 1); fence(); load(IDLE, saw0)
#define THREAD1  store(IDLE, 1); fence(); load(NOTE, saw1)
#endif

/* 5: a parker: announce sleep, look at the token; set it, look for a sleeper. */
#if PAIR == 5
#define START    skip
#define FORBIDDEN (saw0 == 0 && saw1 == 0) /* not woken, and asleep */
#define THREAD0  store(TASK, 1); fence(); load(COUNT, saw0)
#define THREAD1  store(COUNT, 1); fence(); load(TASK, saw1)
#endif

/* 6: Park's release of the core, then of the count, against NotifyLocal. */
#if PAIR == 6
#define START    memory[COUNT] = 1
#define FORBIDDEN (saw0 == 0 && also0 == 0) /* no searcher, and no idle core seen */
#define THREAD0  load(COUNT, saw0); load(IDLE, also0)
#define THREAD1  store(IDLE, 1); fence(); add(COUNT, -1)
#endif

/* 7: the run queue's slot, then its tail, against a thief. */
#if PAIR == 7
#define START    skip
#define FORBIDDEN (saw0 == 1 && also0 == 0) /* a task that is not there */
#define THREAD0  load(COUNT, saw0); load(TASK, also0)
#define THREAD1  store(TASK, 1); fence(); store(COUNT, 1)
#endif

/* 8: toSearching's count, then the note, against who sees the note gone. */
#if PAIR == 8
#define START    memory[NOTE] = 1; memory[COUNT] = 0
#define FORBIDDEN (saw0 == 0 && also0 == 0)
#define THREAD0  load(NOTE, saw0); load(COUNT, also0)
#define THREAD1  store(COUNT, 1); fence(); store(NOTE, 0)
#endif

/* 9: NotifyRemote against the two critical sections of Park (COUNT is "I sleep"). */
#if PAIR == 9
#define START    skip
#define FORBIDDEN (saw0 == 0 && saw1 == 0 && also0 == 0) /* no sleeper seen, no task seen, no note seen */
#define THREAD0  acquire(); store(TASK, 1); load(COUNT, saw0); store(NOTE, saw0 == 0); releaseLock()
#define THREAD1  acquire(); load(TASK, saw1); releaseLock(); acquire(); load(NOTE, also0); store(COUNT, 1); releaseLock()
#endif

/* 10: tasks moved under the lock, from the injection queue (here NOTE) to a run queue. */
#if PAIR == 10
#define START    memory[NOTE] = 1
#define FORBIDDEN (saw1 == 0 && also0 == 0) /* Park saw the task in neither */
#define THREAD0  acquire(); store(NOTE, 0); store(TASK, 1); releaseLock()
#define THREAD1  acquire(); load(NOTE, saw1); releaseLock(); load(TASK, also0)
#endif

proctype thread0(byte t) { THREAD0; done++ }
proctype thread1(byte t) { THREAD1; done++ }

#if MODEL != SC
/* Moves stores from one buffer to the memory, at any time. */
proctype flush(byte b) {
	byte v, value;
end:	do
	:: atomic { buffer[b]?v, value -> memory[v] = value }
	od
}
#endif

init {
	byte b;
	atomic {
		START;
		run thread0(0);
		run thread1(1);
#if MODEL != SC
		do
		:: b < 2 * VARS -> run flush(b); b++
		:: else -> break
		od
#endif
	}
	done == 2;
	assert(!FORBIDDEN)
}
