// This file is empty. It lets memory.go declare a function without a body.
