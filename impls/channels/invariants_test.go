package channels_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/channels"
	"github.com/idlebench/idlebench/impls/idletest"
)

func TestInvariants(t *testing.T) {
	check := idletest.Test
	if testing.Short() {
		check = idletest.Brief
	}
	if err := check(channels.Implementation, nil); err != nil {
		t.Fatal(err)
	}
}
