package contract

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 60 * time.Second
	drainTimeout  = 10 * time.Second

	exitUsage       = 64
	exitUnavailable = 69
)

type announcement struct {
	Event string `json:"event"`
	Host  string `json:"host"`
	Port  uint16 `json:"port"`
	PID   int    `json:"pid"`
}

// Serve listens, announces itself and answers by handle, on the goroutine that net/http has for each connection,
// until SIGTERM or SIGINT; then what has begun is answered and the program can end with 0.
func Serve(program string, options *Options, handle func(Request) Answer) {
	// No ServeMux: it cleans paths, and keys are opaque.
	server := http.Server{
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			request, refused := readRequest(w, r)
			if refused != nil {
				refused.write(w)
				return
			}
			handle(request).write(w)
		}),
	}
	stopped, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	listener, err := net.Listen("tcp", options.Listen.String())
	if err != nil {
		fail(program, exitUnavailable, err)
	}
	announce(program, listener)
	go server.Serve(listener)

	<-stopped.Done()
	limited, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	if server.Shutdown(limited) != nil {
		server.Close()
	}
}

func announce(program string, listener net.Listener) {
	bound := netip.MustParseAddrPort(listener.Addr().String())
	line := announcement{"listening", bound.Addr().String(), bound.Port(), os.Getpid()}
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		fail(program, exitUnavailable, fmt.Errorf("cannot announce the port: %w", err))
	}
}

func fail(program string, status int, err error) {
	fmt.Fprintf(os.Stderr, "%s: %v\n", program, err)
	os.Exit(status)
}
