package engine

import (
	"context"
	"errors"

	"github.com/idlebench/idlebench/bench/launch"
)

func begin(context.Context, launch.Request) (child, error) { return nil, errors.New("later") }
