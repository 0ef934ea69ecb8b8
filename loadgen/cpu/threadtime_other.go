//go:build !linux

package cpu

import (
	"errors"
	"time"
)

func threadTime(int) (time.Duration, error) { return 0, errors.ErrUnsupported }

func threadSleeps(int) (int64, error) { return 0, errors.ErrUnsupported }

func processTime(int) (time.Duration, error) { return 0, errors.ErrUnsupported }
