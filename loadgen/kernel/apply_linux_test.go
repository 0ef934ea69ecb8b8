package kernel

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A test that sets something runs in a process of its own, which this variable asks to.
const child = "KERNEL_TEST_CHILD"

func TestMain(m *testing.M) {
	if what := os.Getenv(child); what != "" {
		os.Exit(inChild(what))
	}
	os.Exit(m.Run())
}

func inChild(what string) int {
	slackText, slotsText, _ := strings.Cut(what, ",")
	var s Settings
	if slackText != "" {
		s.Slack, _ = ParseSlack(slackText)
	}
	if slotsText != "" {
		s.Slots, _ = ParseSlots(slotsText)
	}
	if err := s.Apply(); err != nil {
		os.Stderr.WriteString(err.Error())
		return 1
	}
	// On a thread that did not set it.
	slack := make(chan string)
	for range 4 {
		go func() {
			time.Sleep(time.Millisecond)
			n, _ := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
			slack <- FormatSlack(time.Duration(n))
		}()
	}
	texts := map[string]bool{}
	for range 4 {
		texts[<-slack] = true
	}
	for text := range texts {
		os.Stdout.WriteString(text + " ")
	}
	n, err := CurrentSlots()
	if err != nil {
		os.Stdout.WriteString(err.Error())
		return 0
	}
	os.Stdout.WriteString(n.String())
	return 0
}

func TestApply(t *testing.T) {
	missing := MissingSlots()
	for _, test := range []struct{ ask, want string }{
		{"1ns,", "1ns "}, {"7us,", "7us "}, {"2ms,64", "2ms 64"}, {",16", " 16"}, {",1024", " 1024"}, {",global", " global"},
	} {
		if missing != nil && !strings.HasSuffix(test.ask, ",") {
			continue // TestKernelWithout has what is said then
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), child+"="+test.ask)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), test.want) {
			t.Errorf("%s: %s (%v), want %q", test.ask, out, err, test.want)
		}
	}
}

// What a kernel says that lacks private hashes, and one that has them.
func TestKernelWithout(t *testing.T) {
	for _, err := range []error{unix.EINVAL, unix.ENOSYS} {
		if _, got := slots(-1, err); !errors.Is(got, errNoSlots) || !strings.Contains(got.Error(), "6.16") {
			t.Errorf("%v: %v", err, got)
		}
	}
	if _, err := slots(-1, unix.EPERM); err == nil || errors.Is(err, errNoSlots) {
		t.Errorf("not allowed: %v", err)
	}
	for n, want := range map[int]Slots{0: Global, 16: 16, 1024: 1024} {
		if got, err := slots(n, nil); got != want || err != nil {
			t.Errorf("%d: %v, %v", n, got, err)
		}
	}
}
