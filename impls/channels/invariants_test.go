package channels_test

import (
	"testing"

	"github.com/idlebench/idlebench/impls/channels"
	"github.com/idlebench/idlebench/impls/idletest"
)

func TestInvariants(t *testing.T) {
	if err := idletest.Test(channels.Implementation, nil); err != nil {
		t.Fatal(err)
	}
}
