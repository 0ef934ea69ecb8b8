package main

// The manager made of channels.
var channelsMutants = []mutant{
	{
		name: "channels-look-dropped", file: "impls/channels/channels.go",
		old:    `	case injected, prim.Len(i.searchers) == 0 && i.anyStealable():`,
		new:    `	case false && (injected || prim.Len(i.searchers) == 0 && i.anyStealable()):`,
		breaks: "a worker does not look into the queues after it joined the sleepers (L1)",
		like:   "recheck dropped",
	},
	{
		name: "channels-look-too-early", file: "impls/channels/channels.go",
		old: `	prim.Send(i.sleepers, i.mailboxes[worker])
	closed, injected = i.look()`,
		new: `	closed, injected = i.look()
	prim.Send(i.sleepers, i.mailboxes[worker])`,
		breaks: "a worker looks at the close and the injection queue before it joins the sleepers (L1, D2)",
		like:   "Tokio #5907: the look came before the decrement",
	},
	{
		name: "channels-mailbox-lost", file: "impls/channels/channels.go",
		old: `		prim.Send(i.sleepers, m) // has room for every worker
`,
		new:    ``,
		breaks: "a mailbox for which there is no core is not put back (D2)",
		like:   "sleeper lost",
	},
	{
		name: "channels-put-back-unseen", file: "impls/channels/channels.go",
		old: `		if closed, _ := i.look(); closed {
			i.wakeSleepers()
		}
		return false`,
		new:    `		return false`,
		breaks: "who puts a mailbox back does not look whether the manager has closed meanwhile (D2)",
		like:   "B1, the other way round: a sleeper that is not woken",
	},
	{
		name: "channels-signal-before-publication", file: "impls/channels/channels.go",
		old: `	core.Searching = prim.TrySend(i.searchers, token{})
	prim.Send(m, core)`,
		new: `	prim.Send(m, core)
	core.Searching = prim.TrySend(i.searchers, token{})`,
		breaks: "a core is sent before it is said whether its holder searches (S4)",
		like:   "signal before publication",
	},
	{
		name: "channels-token-kept", file: "impls/channels/channels.go",
		old: `	prim.Recv(i.searchers) // the worker's own token: does not block
`,
		new:    ``,
		breaks: "a searcher that leaves does not give its token back (S4)",
		like:   "counter not decremented",
	},
	{
		name: "channels-relay-before-leaving", file: "impls/channels/channels.go",
		old: `	i.stopSearching(core)
	i.NotifyLocal(core)`,
		new: `	i.NotifyLocal(core)
	i.stopSearching(core)`,
		breaks: "a searcher that found work notifies before it gives its token back (L4)",
		like:   "steps swapped",
	},
	{
		name: "channels-core-not-taken-back", file: "impls/channels/channels.go",
		old: `	if core == nil {
		core, _ = prim.TryRecv(i.available)
	} else if core.Searching {`,
		new:    `	if core != nil && core.Searching {`,
		breaks: "a worker that sees the close takes no core back (D3)",
		like:   "Tokio #5911: cores that were never shut down",
	},
	{
		name: "channels-shutdown-tells-nobody", file: "impls/channels/channels.go",
		old: `	if !first {
		return nil
	}
	i.wakeSleepers()`,
		new: `	if !first {
		return nil
	}`,
		breaks: "Shutdown wakes no worker (D2)",
		like:   "signal dropped",
	},
	{
		name: "channels-release-before-leaving", file: "impls/channels/channels.go",
		old: `		if core.Searching {
			i.stopSearching(core)
		}
		if closed {
			return core, impls.Closed
		}
		prim.Send(i.available, core)`,
		new: `		searched := core.Searching
		if closed {
			if searched {
				i.stopSearching(core)
			}
			return core, impls.Closed
		}
		prim.Send(i.available, core)
		if searched {
			i.stopSearching(core)
		}`,
		breaks: "a worker writes to a core that it has released (S5)",
		like:   "steps swapped",
	},
}
