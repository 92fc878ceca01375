package bounded

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

func TestCall(t *testing.T) {
	failure := errors.New("failure")
	hang := func() (int, error) { time.Sleep(time.Hour); return 7, nil }
	for _, row := range []struct {
		name  string
		limit time.Duration
		ends  time.Duration // of the context; 0: it does not
		call  func() (int, error)
		want  int
		err   error
		took  time.Duration
	}{
		{"result", time.Second, 0, func() (int, error) { return 7, nil }, 7, nil, 0},
		{"error and result", time.Second, 0, func() (int, error) { return 7, failure }, 7, failure, 0},
		{"goroutine that ends", time.Second, 0, func() (int, error) { runtime.Goexit(); return 7, nil }, 0, errGone, 0},
		{"too long", 10 * time.Second, 0, hang, 0, context.DeadlineExceeded, 10 * time.Second},
		{"a moment early", time.Hour + 1, 0, hang, 7, nil, time.Hour},
		{"without limit", 0, 0, hang, 7, nil, time.Hour},
		{"cancelled", time.Minute, time.Second, hang, 0, context.Canceled, time.Second},
		{"cancelled, without limit", 0, time.Second, hang, 0, context.Canceled, time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if row.ends > 0 {
					defer time.AfterFunc(row.ends, cancel).Stop()
				}
				start := time.Now()
				got, err := Call(ctx, row.limit, row.call)
				if got != row.want || !errors.Is(err, row.err) {
					t.Errorf("got  %d, %v\nwant %d, %v", got, err, row.want, row.err)
				}
				if took := time.Since(start); took != row.took {
					t.Errorf("took %s\nwant %s", took, row.took)
				}
				time.Sleep(2 * time.Hour) // who came too late can end, or the bubble would not
			})
		})
	}
}

func TestCallPanicsAsTheCallDoes(t *testing.T) {
	defer func() {
		if got := recover(); got != "defect" {
			t.Errorf("got  %v\nwant the panic of the call", got)
		}
	}()
	Call(t.Context(), time.Minute, func() (int, error) { panic("defect") })
	t.Error("it returned")
}

// A panic that comes too late is as unheard as a result.
func TestPanicAfterTheLimitEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := Call(t.Context(), time.Second, func() (int, error) { time.Sleep(time.Hour); panic("late") })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got  %v\nwant %v", err, context.DeadlineExceeded)
		}
		time.Sleep(2 * time.Hour)
	})
}
