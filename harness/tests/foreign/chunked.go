// A Go net/http server whose answers are chunked: /x is flushed in pieces, /trailer ends with a trailer. Announces itself as
// our servers do; on SIGTERM it prints how many requests it served.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
)

var served atomic.Int64

// pieces flushes each piece, so that each is a chunk of its own.
func pieces(w http.ResponseWriter, _ *http.Request) {
	served.Add(1)
	for size := 1; size <= 4096; size *= 4 {
		fmt.Fprint(w, strings.Repeat("x", size))
		w.(http.Flusher).Flush()
	}
}

func trailer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Trailer", "X-Checksum")
	pieces(w, r)
	w.Header().Set("X-Checksum", "none")
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(69)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	fmt.Printf("{\"event\":\"listening\",\"host\":\"127.0.0.1\",\"port\":%d,\"pid\":%d}\n", port, os.Getpid())
	stops := make(chan os.Signal, 1)
	signal.Notify(stops, syscall.SIGTERM, syscall.SIGINT)
	http.HandleFunc("/x", pieces)
	http.HandleFunc("/trailer", trailer)
	go http.Serve(listener, nil)
	<-stops
	fmt.Printf("{\"event\":\"served\",\"requests\":%d}\n", served.Load())
}
