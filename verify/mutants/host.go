package main

// The queues of the host, which every manager shares. The stack that could have
// an ABA problem is not there: positions in a run queue only grow. What comes
// nearest is a slot that is reused while a thief copies it.
var hostMutants = []mutant{
	{
		name: "queue-tail-first", file: "loadgen/host/runqueue.go",
		old: `	q.slot(tail).Set(t)
	q.tail.Store(tail + 1)`,
		new: `	q.tail.Store(tail + 1)
	q.slot(tail).Set(t)`,
		breaks: "push moves the tail before it fills the slot",
		like:   "signal before publication",
	},
	{
		name: "queue-pop-not-atomic", file: "loadgen/host/runqueue.go",
		old: `		if q.head.CompareAndSwap(head, next) {
			return`,
		new: `		if q.head.Load() == head {
			q.head.Store(next)
			return`,
		breaks: "pop's compare-and-swap is a load, then a store: a task is taken twice",
		like:   "compare-and-swap made load-then-store",
	},
	{
		name: "queue-steal-not-atomic", file: "loadgen/host/runqueue.go",
		old: `		if q.head.CompareAndSwap(head, pack(steal, real+n)) {`,
		new: `		if q.head.Load() == head {
			q.head.Store(pack(steal, real+n))`,
		breaks: "a thief's compare-and-swap is a load, then a store: tasks are taken twice",
		like:   "compare-and-swap made load-then-store",
	},
	{
		name: "queue-steal-ends-not-atomic", file: "loadgen/host/runqueue.go",
		old: `		if q.head.CompareAndSwap(head, pack(real, real)) {`,
		new: `		if q.head.Load() == head {
			q.head.Store(pack(real, real))`,
		breaks: "a thief gives its slots back by a store: what the owner popped meanwhile is there again",
		like:   "compare-and-swap made load-then-store",
	},
	{
		name: "queue-claim-hidden", file: "loadgen/host/runqueue.go",
		old:    `q.head.CompareAndSwap(head, pack(steal, real+n))`,
		new:    `q.head.CompareAndSwap(head, pack(real+n, real+n))`,
		breaks: "a thief does not show what it copies, so the owner reuses the slots",
		like:   "ABA",
	},
	{
		name: "queue-room-ignores-thief", file: "loadgen/host/runqueue.go",
		old: `	steal, _ := unpack(q.head.Load())
	return runQueueCap - int(q.tail.Load()-steal)`,
		new: `	_, real := unpack(q.head.Load())
	return runQueueCap - int(q.tail.Load()-real)`,
		breaks: "the owner counts slots as free that a thief still copies",
		like:   "ABA; Tokio #5888 and #5995 were about this queue's room",
	},
	{
		name: "queue-pop-ends-steal", file: "loadgen/host/runqueue.go",
		old: `		next := pack(steal, real+1)
		if steal == real {
			next = pack(real+1, real+1)
		}`,
		new: `		_ = steal
		next := pack(real+1, real+1)`,
		breaks: "pop ends a thief's claim, so the owner reuses the slots",
		like:   "ABA",
	},
	{
		name: "queue-claims-half-from-thief", file: "loadgen/host/runqueue.go",
		old:    `	if steal != real || q.tail.Load()-real != runQueueCap {`,
		new:    `	if _ = steal; q.tail.Load()-real != runQueueCap {`,
		breaks: "the owner of a full queue takes half of it though a thief is at work",
		like:   "check dropped",
		harmless: "A queue is full only if tail and real are a whole capacity apart. The slots that a thief copies are behind real and not free, " +
			"so then there is none.",
	},
	{
		name: "injection-length-before-lock", file: "loadgen/host/worker.go",
		old: `	s.lock.Lock()
	defer s.lock.Unlock()
	length := s.inject.len()`,
		new: `	length := s.inject.len()
	s.lock.Lock()
	defer s.lock.Unlock()`,
		breaks: "a worker believes the length that it read before it had the lock",
		like:   "emptiness read outside the lock",
	},
	{
		name: "spawn-notifies-first", file: "loadgen/host/worker.go",
		old: `	w.push(&core.queue, t)
	w.s.idle.NotifyLocal(w.core)
}`,
		new: `	w.s.idle.NotifyLocal(w.core)
	w.push(&core.queue, t)
}`,
		breaks: "Spawn notifies before the task is in the run queue (L3)",
		like:   "signal before publication",
		spin:   "fork/mut5",
	},
	{
		name: "surplus-after-lock", file: "loadgen/host/worker.go",
		old: `	s.lock.Lock()
	defer s.lock.Unlock()
	length := s.inject.len()
	if length == 0 {
		return nil
	}
	return s.inject.pop(queue, min(length/len(s.cores)+1, limit, length-1, queue.room()))`,
		new: `	s.lock.Lock()
	length := s.inject.len()
	if length == 0 {
		s.lock.Unlock()
		return nil
	}
	share := min(length/len(s.cores)+1, limit, length-1, queue.room())
	t := s.inject.pop(queue, 0)
	var surplus []Task
	for range share {
		surplus = append(surplus, s.inject.pop(queue, 0))
	}
	s.lock.Unlock()
	for _, other := range surplus {
		queue.push(other)
	}
	return t`,
		breaks: "a worker moves the surplus of a batch to its run queue after the lock (L3)",
		like:   "one critical section made two",
		spin:   "pair/fix2/mut26",
	},
}
