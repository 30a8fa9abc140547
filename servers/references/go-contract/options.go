// Package contract holds what the Go references share with the servers they stand beside: flags, announce line,
// answers, simulated work, drain. A program adds how its requests find a goroutine.
package contract

import (
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"
)

const storeName = "sync-map"

// Options is what a reference can be told. Flags are spelled as those of kvduel-threads and kvduel-async.
type Options struct {
	Listen  netip.AddrPort
	Threads int
	Work    Work
}

// NewFlags gives the flags of every reference; a program adds its own before ParseFlags.
func NewFlags(program string, options *Options) *flag.FlagSet {
	flags := flag.NewFlagSet(program, flag.ContinueOnError)
	options.Listen = netip.MustParseAddrPort("127.0.0.1:8080")
	options.Threads = runtime.GOMAXPROCS(0)
	flags.Func("listen", "`HOST:PORT` to listen on; port 0 picks a free one [127.0.0.1:8080]", options.setListen)
	flags.Func("threads", "`N` threads that run Go code at once (GOMAXPROCS) [the CPUs]", Number(&options.Threads, 1, 1024))
	flags.Func("store", "`NAME`: "+storeName, checkStore)
	flags.Var(&options.Work.cpu, "work-cpu-us", "burn `N[@P%]` us of CPU in the handler, for P% of requests [0]")
	flags.Var(&options.Work.wait, "work-wait-us", "wait `N[@P%]` us in the handler, for P% of requests [0]")
	return flags
}

// ParseFlags reads the command line and sets GOMAXPROCS. --help ends the program with 0, a bad flag or value with 64.
func ParseFlags(flags *flag.FlagSet, options *Options) {
	flags.SetOutput(io.Discard) // errors are told in one line, here
	switch err := flags.Parse(os.Args[1:]); {
	case err == flag.ErrHelp:
		flags.SetOutput(os.Stdout)
		flags.PrintDefaults()
		os.Exit(0)
	case err != nil:
		fail(flags.Name(), exitUsage, err)
	case flags.NArg() > 0:
		fail(flags.Name(), exitUsage, fmt.Errorf("%q is not a flag; see --help", flags.Arg(0)))
	}
	runtime.GOMAXPROCS(options.Threads)
}

// Number reads a flag that is a whole number from least to most.
func Number(into *int, least, most int) func(string) error {
	return func(text string) error {
		number, err := strconv.Atoi(text)
		if err != nil || number < least || number > most {
			return fmt.Errorf("not allowed; allowed: whole numbers from %d to %d", least, most)
		}
		*into = number
		return nil
	}
}

func (options *Options) setListen(text string) error {
	if strings.HasPrefix(text, "localhost:") {
		text = "127.0.0.1:" + strings.TrimPrefix(text, "localhost:")
	}
	address, err := netip.ParseAddrPort(text)
	if err != nil {
		return fmt.Errorf("not an address; allowed: IPV4:PORT, [IPV6]:PORT, localhost:PORT")
	}
	options.Listen = address
	return nil
}

func checkStore(text string) error {
	if text != storeName {
		return fmt.Errorf("no such store; allowed: %s", storeName)
	}
	return nil
}
