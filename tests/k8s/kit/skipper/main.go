// Skipper, an Ingress controller that is one program.
package main

import (
	"log"

	"github.com/zalando/skipper"
	"github.com/zalando/skipper/config"
)

func main() {
	settings := config.NewConfig()
	if err := settings.Parse(); err != nil {
		log.Fatal(err)
	}
	log.Fatal(skipper.Run(settings.ToOptions()))
}
