package annotate

import (
	"go/ast"
	"go/token"
	"go/types"
)

// An annotator collects the edits of a file.
type annotator struct {
	set      *token.FileSet
	file     *token.File
	info     *types.Info
	vars     map[*types.Var]*variable
	edits    []edit
	accesses int
	errs     []error
}

func (a *annotator) declaration(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Body != nil {
			a.statement(d.Body)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			if v, ok := s.(*ast.ValueSpec); ok && d.Tok == token.VAR {
				a.values(v.Values)
			}
		}
	default:
		a.unclassified(d, "this declaration")
	}
}

func (a *annotator) statements(list []ast.Stmt) {
	for _, s := range list {
		if s, ok := s.(*ast.AssignStmt); ok && s.Tok == token.DEFINE {
			for _, e := range a.reassigned(s) {
				a.accesses++
				a.insert(s.Pos(), accessAlias+".Store(&"+e.Name+"); ")
			}
			a.values(s.Rhs)
			continue
		}
		a.statement(s)
	}
}

// statement annotates a statement, or nothing if it is nil.
func (a *annotator) statement(s ast.Stmt) {
	switch s := s.(type) {
	case nil, *ast.EmptyStmt, *ast.BranchStmt:
	case *ast.BlockStmt:
		a.statements(s.List)
	case *ast.DeclStmt:
		a.declaration(s.Decl)
	case *ast.ExprStmt:
		a.value(s.X)
	case *ast.AssignStmt:
		a.assignment(s)
	case *ast.IncDecStmt:
		a.place(s.X, update)
	case *ast.ReturnStmt:
		a.values(s.Results)
	case *ast.DeferStmt:
		a.call(s.Call)
	case *ast.LabeledStmt:
		a.statement(s.Stmt)
	case *ast.IfStmt:
		a.statement(s.Init)
		a.value(s.Cond)
		a.statement(s.Body)
		a.statement(s.Else)
	case *ast.ForStmt:
		a.statement(s.Init)
		if s.Cond != nil {
			a.value(s.Cond)
		}
		a.statement(s.Post)
		a.statement(s.Body)
	case *ast.RangeStmt:
		a.loop(s)
	case *ast.SwitchStmt:
		a.statement(s.Init)
		if s.Tag != nil {
			a.value(s.Tag)
		}
		a.statement(s.Body)
	case *ast.TypeSwitchStmt:
		a.statement(s.Init)
		a.statement(s.Assign)
		a.statement(s.Body)
	case *ast.CaseClause:
		a.values(s.List)
		a.statements(s.Body)
	case *ast.GoStmt, *ast.SendStmt, *ast.SelectStmt:
		a.unclassified(s, "Go's own concurrency, which a simulation has no part in")
	default:
		a.unclassified(s, "this statement")
	}
}

func (a *annotator) assignment(s *ast.AssignStmt) {
	how := store
	switch s.Tok {
	case token.ASSIGN:
	case token.DEFINE:
		if len(a.reassigned(s)) > 0 {
			a.unclassified(s, "a := in the head of a statement, with a variable that others may reach")
		}
		a.values(s.Rhs)
		return
	default:
		how = update
	}
	for _, e := range s.Lhs {
		if id, isName := e.(*ast.Ident); !isName || id.Name != "_" {
			a.place(e, how)
		}
	}
	a.values(s.Rhs)
}

// reassigned returns the variables of a := that others may reach, and that it only
// assigns to. What a new variable costs is what the first access to it does.
func (a *annotator) reassigned(s *ast.AssignStmt) (list []*ast.Ident) {
	for _, e := range s.Lhs {
		if id := e.(*ast.Ident); id.Name != "_" && a.info.Defs[id] == nil && a.isShared(id) {
			list = append(list, id)
		}
	}
	return list
}

// loop annotates a range statement. The elements of a slice are loaded one by one.
func (a *annotator) loop(s *ast.RangeStmt) {
	if s.Tok == token.ASSIGN {
		for _, e := range []ast.Expr{s.Key, s.Value} {
			if e != nil && a.isShared(e) {
				a.unclassified(e, "a range statement that assigns to memory that others may reach")
			}
		}
	}
	id, isName := s.Value.(*ast.Ident)
	loads := s.Value != nil && !(isName && id.Name == "_")
	switch t := a.underlying(s.X).(type) {
	case *types.Basic, *types.Signature: // an integer, a string, an iterator
		a.value(s.X)
	case *types.Slice:
		if loads {
			a.wrap(s.X, "Elements(", ")", func() { a.value(s.X) })
		} else {
			a.value(s.X)
		}
	case *types.Array:
		if loads { // of a copy
			a.value(s.X)
		} else {
			a.operands(s.X)
		}
	case *types.Pointer: // to an array
		if loads {
			a.wrap(s.X, "Elements((", ")[:])", func() { a.value(s.X) })
		} else {
			a.value(s.X)
		}
	default:
		a.unclassified(s.X, "a range over "+kindOf(t))
	}
	a.statement(s.Body)
}
