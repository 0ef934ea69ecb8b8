package annotate

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A how is what is done with a place: the function of package access for it.
type how string

const (
	load   how = "Load"
	store  how = "Store"
	update how = "Update"
)

func (a *annotator) unclassified(n ast.Node, what string) {
	a.errs = append(a.errs, Unclassified{a.set.Position(n.Pos()), what})
}

// wrap puts a call of package access around an expression, which the function
// annotates.
func (a *annotator) wrap(e ast.Expr, before, after string, inside func()) {
	a.accesses++
	a.insert(e.Pos(), accessAlias+"."+before)
	inside()
	a.insert(e.End(), after)
}

func (a *annotator) values(list []ast.Expr) {
	for _, e := range list {
		a.value(e)
	}
}

// value annotates an expression whose value is used.
func (a *annotator) value(e ast.Expr) {
	if tv := a.info.Types[e]; tv.IsType() || tv.Value != nil || tv.IsNil() || tv.IsBuiltin() {
		return
	}
	switch e := e.(type) {
	case *ast.BasicLit:
	case *ast.ParenExpr:
		a.value(e.X)
	case *ast.FuncLit:
		a.statement(e.Body)
	case *ast.CompositeLit:
		a.literal(e)
	case *ast.Ident, *ast.StarExpr:
		a.place(e, load)
	case *ast.SelectorExpr:
		a.selector(e)
	case *ast.IndexExpr:
		a.index(e)
	case *ast.IndexListExpr: // a generic function with its types
	case *ast.SliceExpr:
		a.slice(e)
	case *ast.UnaryExpr:
		a.unary(e)
	case *ast.BinaryExpr:
		a.value(e.X)
		a.value(e.Y)
	case *ast.CallExpr:
		a.call(e)
	case *ast.TypeAssertExpr:
		a.assertion(e)
	default:
		a.unclassified(e, "this expression")
	}
}

// place annotates an access to a place: a variable, a field, an element, or what a
// pointer points to.
func (a *annotator) place(e ast.Expr, h how) {
	if x, ok := ast.Unparen(e).(*ast.IndexExpr); ok && a.isMap(x.X) {
		a.entry(x, h)
		return
	}
	if !a.isShared(e) {
		a.operands(e)
		return
	}
	if h == load && !a.info.Types[e].Addressable() {
		a.unclassified(e, "a load of what has no address")
		return
	}
	a.accesses++
	a.insert(e.Pos(), "(*"+accessAlias+"."+string(h)+"(&")
	a.operands(e)
	a.insert(e.End(), "))")
}

// entry annotates an access to a map, which is charged as one to its header.
func (a *annotator) entry(e *ast.IndexExpr, h how) {
	a.wrap(e.X, "Map"+string(h)+"(", ")", func() { a.value(e.X) })
	a.value(e.Index)
}

func (a *annotator) isMap(e ast.Expr) bool {
	_, isMap := a.underlying(e).(*types.Map)
	return isMap
}

// operands annotates what has to be loaded to find a place.
func (a *annotator) operands(e ast.Expr) {
	switch e := e.(type) {
	case *ast.Ident:
	case *ast.ParenExpr:
		a.operands(e.X)
	case *ast.StarExpr:
		a.value(e.X)
	case *ast.SelectorExpr:
		if s := a.info.Selections[e]; s != nil {
			a.path(e, s)
		}
	case *ast.IndexExpr:
		a.base(e.X)
		a.value(e.Index)
	default: // a value that is no place, such as a function's result
		a.value(e)
	}
}

// base annotates the x of x.f and x[i]: a pointer or a slice is loaded, a struct or an
// array is only the place.
func (a *annotator) base(x ast.Expr) {
	switch a.underlying(x).(type) {
	case *types.Struct, *types.Array:
		a.operands(x)
	default:
		a.value(x)
	}
}

// path annotates the x of x.f. Embedded pointers on the way to f are loaded.
func (a *annotator) path(e *ast.SelectorExpr, s *types.Selection) {
	t := a.info.TypeOf(e.X)
	embedded := s.Index()[:len(s.Index())-1]
	var fields []string // up to an embedded pointer each
	way := ""
	for _, i := range embedded {
		f := structOf(t).Field(i)
		way += "." + f.Name()
		t = f.Type()
		if _, pointer := t.Underlying().(*types.Pointer); pointer {
			fields = append(fields, way)
			way = ""
		}
	}
	for range fields {
		a.accesses++
		a.insert(e.X.Pos(), "(*"+accessAlias+".Load(&")
	}
	a.base(e.X)
	for _, f := range fields {
		a.insert(e.X.End(), f+"))")
	}
}

func structOf(t types.Type) *types.Struct {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.Underlying().(*types.Struct)
}

func (a *annotator) selector(e *ast.SelectorExpr) {
	s := a.info.Selections[e]
	switch {
	case s == nil: // of another package
		a.place(e, load)
	case s.Kind() == types.FieldVal:
		a.place(e, load)
	case s.Kind() == types.MethodVal:
		a.receiver(e, s)
	}
}

// receiver annotates the x of a method x.f: what the method gets is loaded unless it
// is the address.
func (a *annotator) receiver(e *ast.SelectorExpr, s *types.Selection) {
	t := a.info.TypeOf(e.X)
	_, isPointer := t.Underlying().(*types.Pointer)
	switch {
	case types.IsInterface(t) && len(s.Index()) == 1:
		a.value(e.X)
	case hasPointerReceiver(s):
		a.path(e, s) // the address of x, or of an embedded field
	case len(s.Index()) > 1:
		if types.IsInterface(t) || !isInterfaceMethod(s) {
			a.unclassified(e, "a method of an embedded value: select the field")
			return
		}
		a.promoted(e, s, t)
	case isPointer:
		a.accesses++
		a.insert(e.X.Pos(), "(*"+accessAlias+".Load(")
		a.value(e.X)
		a.insert(e.X.End(), "))")
	default:
		a.value(e.X)
	}
}

// promoted annotates the x of a method x.f of an interface that x embeds.
func (a *annotator) promoted(e *ast.SelectorExpr, s *types.Selection, t types.Type) {
	way := ""
	for _, i := range s.Index()[:len(s.Index())-1] {
		f := structOf(t).Field(i)
		t = f.Type()
		way += "." + f.Name()
		if _, pointer := t.Underlying().(*types.Pointer); pointer {
			a.unclassified(e, "a method of an embedded value: select the field")
			return
		}
	}
	if !a.info.Types[e.X].Addressable() && !s.Indirect() {
		a.base(e.X)
		return
	}
	a.accesses++
	a.insert(e.X.Pos(), "(*"+accessAlias+".Load(&")
	a.base(e.X)
	a.insert(e.X.End(), way+"))")
}

func isInterfaceMethod(s *types.Selection) bool {
	return types.IsInterface(s.Obj().(*types.Func).Signature().Recv().Type())
}

func (a *annotator) index(e *ast.IndexExpr) {
	switch t := a.underlying(e.X).(type) {
	case *types.Slice, *types.Array, *types.Pointer, *types.Map:
		a.place(e, load)
	case *types.Basic: // a string, which never changes
		a.value(e.X)
		a.value(e.Index)
	case *types.Signature: // a generic function with its type
	default:
		a.unclassified(e, "an index of "+kindOf(t))
	}
}

func (a *annotator) slice(e *ast.SliceExpr) {
	a.base(e.X)
	for _, i := range []ast.Expr{e.Low, e.High, e.Max} {
		if i != nil {
			a.value(i)
		}
	}
}

func (a *annotator) unary(e *ast.UnaryExpr) {
	switch e.Op {
	case token.ARROW:
		a.unclassified(e, "a receive, which a simulation has no part in")
	case token.AND:
		if literal, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok {
			a.wrap(e, "New(", ")", func() { a.literal(literal) })
		} else {
			a.operands(e.X)
		}
	default:
		a.value(e.X)
	}
}

// literal annotates the elements of a composite literal, and a slice as the array that
// it makes.
func (a *annotator) literal(e *ast.CompositeLit) {
	elements := func() {
		for _, x := range e.Elts {
			if pair, ok := x.(*ast.KeyValueExpr); ok {
				if a.isMap(e) {
					a.value(pair.Key)
				}
				x = pair.Value
			}
			a.value(x)
		}
	}
	// Without a type of its own, it is an element of another, and as good as part of it.
	if _, isSlice := a.underlying(e).(*types.Slice); isSlice && e.Type != nil {
		a.wrap(e, "Make(", ")", elements)
		return
	}
	elements()
}

// assertion annotates x.(T). A pointer is in x itself; another value is in a box, which
// was made for it and never changes.
func (a *annotator) assertion(e *ast.TypeAssertExpr) { a.value(e.X) }

// isShared reports whether a place may be in memory that others reach: beyond a pointer
// or in a slice, a global variable, or a local one that is not the function's alone.
func (a *annotator) isShared(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return a.isShared(e.X)
	case *ast.StarExpr:
		return true
	case *ast.Ident:
		v, ok := a.info.ObjectOf(e).(*types.Var)
		if !ok {
			return false
		}
		if isGlobal(v) {
			return true
		}
		l := a.vars[v]
		return l != nil && l.inMemory()
	case *ast.SelectorExpr:
		s := a.info.Selections[e]
		if s == nil {
			v, ok := a.info.Uses[e.Sel].(*types.Var)
			return ok && isGlobal(v)
		}
		return s.Kind() == types.FieldVal && (s.Indirect() || a.isShared(e.X))
	case *ast.IndexExpr:
		switch a.underlying(e.X).(type) {
		case *types.Array:
			return a.isShared(e.X)
		case *types.Slice, *types.Pointer:
			return true
		}
	}
	return false
}

// underlying returns the type of an expression without names.
func (a *annotator) underlying(e ast.Expr) types.Type {
	t := a.info.TypeOf(e)
	if t == nil {
		return nil
	}
	return t.Underlying()
}

func kindOf(t types.Type) string {
	switch t.(type) {
	case *types.Map:
		return "a map"
	case *types.Chan:
		return "a channel"
	case *types.Interface:
		return "a type parameter"
	}
	return "this type"
}
