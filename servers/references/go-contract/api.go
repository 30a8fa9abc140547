package contract

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	maxKeyBytes   = 8192
	maxValueBytes = 1 << 20
	maxBodyBytes  = maxKeyBytes + 1 + maxValueBytes

	octets = "application/octet-stream"
	text   = "text/plain; charset=utf-8"
)

// Request is one call of the API.
type Request struct {
	Method string
	Path   string // escaped, as it was sent
	Body   []byte // of a POST
}

// Answer is what a request is answered with.
type Answer struct {
	Status int
	Type   string
	Allow  string
	Body   string
}

func message(status int, body string) Answer {
	return Answer{Status: status, Type: text, Body: body}
}

func refusal(status int) Answer {
	return message(status, http.StatusText(status))
}

// readRequest reads what the API needs of r; an Answer if it can go no further.
func readRequest(w http.ResponseWriter, r *http.Request) (Request, *Answer) {
	request := Request{Method: r.Method, Path: r.URL.EscapedPath()}
	if r.Method != http.MethodPost {
		return request, nil // net/http drops a body that nobody reads
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	if err == nil {
		request.Body = body
		return request, nil
	}
	answer := refusal(http.StatusBadRequest)
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		// Go's text is that of an older RFC.
		answer = message(http.StatusRequestEntityTooLarge, "Content Too Large")
	}
	return request, &answer
}

// write sends the answer. Its length is told: Go would chunk what is larger than its buffer.
func (answer Answer) write(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", answer.Type)
	header.Set("Content-Length", strconv.Itoa(len(answer.Body)))
	if answer.Type == octets {
		header.Set("X-Content-Type-Options", "nosniff")
	}
	if answer.Allow != "" {
		header.Set("Allow", answer.Allow)
	}
	w.WriteHeader(answer.Status)
	io.WriteString(w, answer.Body) // a peer that left is nobody's error
}

// keyOf gives the key that a path names, one segment, decoded once; an Answer if it names none.
func keyOf(path string) (string, *Answer) {
	escaped := strings.TrimPrefix(path, "/")
	if escaped == "" {
		answer := message(http.StatusBadRequest, "Key cannot be empty")
		return "", &answer
	}
	if strings.Contains(escaped, "/") {
		answer := refusal(http.StatusNotFound)
		return "", &answer
	}
	key, err := url.PathUnescape(escaped)
	if err != nil {
		answer := refusal(http.StatusBadRequest)
		return "", &answer
	}
	return key, nil
}

// pairOf splits the body of a POST at its first "=".
func pairOf(body []byte) (key, value string, isPair bool) {
	key, value, isPair = strings.Cut(string(body), "=") // one copy, of the exact size, that both keep
	isControl := func(char rune) bool { return char < 0x20 || char == 0x7f }
	return key, value, isPair && key != "" && strings.IndexFunc(key, isControl) < 0
}
