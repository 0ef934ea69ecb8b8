//go:build !linux

package launch

import "errors"

func leastSlack() error { return errors.New("harness slack-1ns: only Linux has timer slack") }
