package contract

import (
	"errors"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

const (
	maxMicroseconds = 60_000_000
	cpuStream       = 0x6370_7500 // the two shares fall on different requests
	waitStream      = 0x7761_6974
	threadCPUClock  = 3 // CLOCK_THREAD_CPUTIME_ID
)

var errShare = errors.New(
	"not a work share; allowed: N or N@P%, N whole microseconds from 0 to 60000000, P above 0 up to 100")

// share is N or N@P%: so much simulated work for every request, or for a share of them. A flag.Value.
type share struct {
	amount   time.Duration
	fraction float64
}

func (s *share) String() string { return "" }

func (s *share) Set(text string) error {
	number, percent, hasPercent := strings.Cut(text, "@")
	amount, err := strconv.ParseUint(number, 10, 32)
	if err != nil || amount > maxMicroseconds {
		return errShare
	}
	*s = share{time.Duration(amount) * time.Microsecond, 1}
	if !hasPercent {
		return nil
	}
	value, err := strconv.ParseFloat(strings.TrimSuffix(percent, "%"), 64)
	if err != nil || !strings.HasSuffix(percent, "%") || !(value > 0 && value <= 100) {
		return errShare
	}
	s.fraction = value / 100
	return nil
}

// draw deals the same requests the same work as kvduel-threads and kvduel-async do: by a hash of their number
// (splitmix64; Steele, Lea, Flood 2014), which has no period that a client could fall in step with.
func (s share) draw(stream, number uint64) time.Duration {
	z := (stream + number) * 0x9e3779b97f4a7c15
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	z ^= z >> 31
	if float64(z>>11)*0x1p-53 < s.fraction {
		return s.amount
	}
	return 0
}

// Work is what a request costs beside the store: CPU burnt, and a wait that stands for a downstream call.
type Work struct {
	cpu, wait share
	number    atomic.Uint64
}

// Do spends the next request's share on the calling goroutine.
func (w *Work) Do() {
	if w.cpu.amount == 0 && w.wait.amount == 0 {
		return
	}
	number := w.number.Add(1) - 1
	if amount := w.cpu.draw(cpuStream, number); amount > 0 {
		burn(amount)
	}
	if amount := w.wait.draw(waitStream, number); amount > 0 {
		time.Sleep(amount)
	}
}

// burn spends this much of one thread's CPU time: by the wall clock a preempted goroutine would burn less.
func burn(amount time.Duration) {
	runtime.LockOSThread() // another thread would have another clock
	defer runtime.UnlockOSThread()
	end := threadCPUTime() + amount
	for threadCPUTime() < end {
	}
}

// Not inlined, so that its prologue asks whether the scheduler wants the goroutine back: amid a raw system call, where burn
// spends its time, no signal of the scheduler finds a place to interrupt, as it does in a handler that computes in Go.
//
//go:noinline
func threadCPUTime() time.Duration {
	var spent syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, threadCPUClock, uintptr(unsafe.Pointer(&spent)), 0)
	return time.Duration(spent.Nano())
}
