package annotate

import (
	"go/ast"
	"go/types"
	"strings"
)

// call annotates a call: what is called, and the arguments.
func (a *annotator) call(c *ast.CallExpr) {
	fun := ast.Unparen(c.Fun)
	if tv := a.info.Types[fun]; tv.IsType() {
		a.values(c.Args)
		return
	}
	if id, ok := fun.(*ast.Ident); ok {
		if b, ok := a.info.Uses[id].(*types.Builtin); ok {
			a.builtin(c, b.Name())
			return
		}
	}
	if a.isAtomic(fun) {
		a.atomic(c, fun.(*ast.SelectorExpr).Sel.Name)
		return
	}
	if a.blocks(fun) {
		a.unclassified(c, "a lock of package sync, at which a simulated thread would block the others")
	}
	a.value(c.Fun)
	a.values(c.Args)
}

// blocks reports whether a function is a method of package sync.
func (a *annotator) blocks(fun ast.Expr) bool {
	s, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := a.info.Uses[s.Sel].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "sync" && f.Signature().Recv() != nil
}

// isAtomic reports whether a function is one of sync/atomic.
func (a *annotator) isAtomic(fun ast.Expr) bool {
	s, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := a.info.Uses[s.Sel].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "sync/atomic" && f.Signature().Recv() == nil
}

// atomic annotates a call of sync/atomic, which the simulation would not notice.
func (a *annotator) atomic(c *ast.CallExpr, name string) {
	how := "Locked("
	if strings.HasPrefix(name, "Load") {
		how = "Load("
	}
	a.wrap(c.Args[0], how, ")", func() { a.value(c.Args[0]) })
	a.values(c.Args[1:])
}

// builtin annotates a call of one of Go's functions.
func (a *annotator) builtin(c *ast.CallExpr, name string) {
	switch name {
	case "len", "cap":
		switch t := a.underlying(c.Args[0]).(type) {
		case *types.Map, *types.Chan:
			a.unclassified(c, name+" of "+kindOf(t))
		case *types.Array:
			a.operands(c.Args[0])
		default:
			a.value(c.Args[0])
		}
	case "append":
		a.grow(c)
	case "copy":
		a.replace(c, "Copy")
	case "clear":
		if _, isSlice := a.underlying(c.Args[0]).(*types.Slice); !isSlice {
			a.unclassified(c, "a clear of "+kindOf(a.underlying(c.Args[0])))
			return
		}
		a.replace(c, "Clear")
	case "make":
		if _, isSlice := a.underlying(c).(*types.Slice); isSlice {
			a.wrap(c, "Make(", ")", func() { a.values(c.Args[1:]) })
		} else { // a map or a channel: what it costs is what the first access to it does
			a.values(c.Args[1:])
		}
	case "new":
		a.wrap(c, "New(", ")", func() { a.values(c.Args) })
	case "panic", "recover", "min", "max", "print", "println", "close":
		a.values(c.Args)
	default:
		a.unclassified(c, "a call of "+name)
	}
}

// grow annotates an append.
func (a *annotator) grow(c *ast.CallExpr) {
	if a.isString(c.Args[len(c.Args)-1]) && c.Ellipsis.IsValid() {
		a.unclassified(c, "the bytes of a string that are appended")
		return
	}
	a.accesses++
	a.edit(c.Fun.Pos(), c.Fun.End(), accessAlias+".To")
	a.value(c.Args[0])
	if len(c.Args) == 1 {
		a.insert(c.Args[0].End(), ").Append(")
		return
	}
	a.edit(c.Args[0].End(), c.Args[1].Pos(), ").Append(")
	a.values(c.Args[1:])
}

// replace puts a function of package access in place of Go's.
func (a *annotator) replace(c *ast.CallExpr, function string) {
	if len(c.Args) > 1 && a.isString(c.Args[1]) {
		a.unclassified(c, "the bytes of a string that are copied")
		return
	}
	a.accesses++
	a.edit(c.Fun.Pos(), c.Fun.End(), accessAlias+"."+function)
	a.values(c.Args)
}

func (a *annotator) isString(e ast.Expr) bool {
	b, ok := a.underlying(e).(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}
