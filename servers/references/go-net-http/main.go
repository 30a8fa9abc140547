// kvduel-go-net-http is net/http as it comes: a goroutine for each connection runs the handler, and a wait in it
// holds that goroutine alone.
package main

import "kvduel/references/go-contract"

func main() {
	const program = "kvduel-go-net-http"
	var options contract.Options
	contract.ParseFlags(contract.NewFlags(program, &options), &options)
	contract.Serve(program, &options, contract.NewService(&options.Work).Handle)
}
