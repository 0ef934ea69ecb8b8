package prim

import (
	"go/ast"
	"go/token"
)

// statements lists the statements and types of Go's own concurrency in a file.
func statements(file *ast.File) (found []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = append(found, "has a go statement")
		case *ast.SendStmt:
			found = append(found, "has a send")
		case *ast.SelectStmt:
			found = append(found, "has a select")
		case *ast.ChanType:
			found = append(found, "has a channel type")
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				found = append(found, "has a receive")
			}
		}
		return true
	})
	return found
}
