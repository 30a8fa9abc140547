package contract

import (
	"net/http"
	"sync"
)

// Service answers the API from a sync.Map. Any goroutine may call.
type Service struct {
	work  *Work
	pairs sync.Map // string -> string
}

// NewService has an empty store. It keeps work.
func NewService(work *Work) *Service {
	return &Service{work: work}
}

// Handle does a request's simulated work, then what the request asks.
func (service *Service) Handle(request Request) Answer {
	service.work.Do()
	switch {
	case request.Method == http.MethodGet:
		return service.get(request.Path)
	case request.Method == http.MethodPost && request.Path == "/":
		return service.insert(request.Body)
	}
	answer := refusal(http.StatusMethodNotAllowed)
	answer.Allow = "GET"
	if request.Path == "/" {
		answer.Allow = "GET, POST"
	}
	return answer
}

func (service *Service) get(path string) Answer {
	key, refused := keyOf(path)
	if refused != nil {
		return *refused
	}
	value, isThere := service.pairs.Load(key)
	if !isThere {
		return message(http.StatusNotFound, "Key not found")
	}
	return Answer{Status: http.StatusOK, Type: octets, Body: value.(string)}
}

func (service *Service) insert(body []byte) Answer {
	key, value, isPair := pairOf(body)
	if !isPair {
		return message(http.StatusBadRequest, "Invalid format: expected key=value")
	}
	if len(key) > maxKeyBytes || len(value) > maxValueBytes {
		return message(http.StatusRequestEntityTooLarge, "Content Too Large")
	}
	service.pairs.Store(key, value)
	return message(http.StatusOK, "Key inserted")
}
