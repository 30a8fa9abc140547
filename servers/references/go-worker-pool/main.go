// kvduel-go-worker-pool hands each request over a channel to a fixed pool of goroutines: the handler of net/http
// reads and answers, a worker does the work, and a wait in it holds one of the workers.
package main

import "kvduel/references/go-contract"

const queueDepth = 4096 // requests that wait for a worker before their handlers block

type job struct {
	request contract.Request
	answer  chan<- contract.Answer
}

func main() {
	const program = "kvduel-go-worker-pool"
	var options contract.Options
	workers := 0
	flags := contract.NewFlags(program, &options)
	flags.Func("workers", "`N` goroutines that handle requests [as many as --threads]", contract.Number(&workers, 1, 65536))
	contract.ParseFlags(flags, &options)
	if workers == 0 {
		workers = options.Threads
	}

	jobs := make(chan job, queueDepth)
	service := contract.NewService(&options.Work)
	for worker := 0; worker < workers; worker++ {
		go func() {
			for job := range jobs {
				job.answer <- service.Handle(job.request)
			}
		}()
	}
	contract.Serve(program, &options, func(request contract.Request) contract.Answer {
		answer := make(chan contract.Answer, 1)
		jobs <- job{request, answer}
		return <-answer
	})
}
