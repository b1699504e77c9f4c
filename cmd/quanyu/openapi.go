package main

import (
	"fmt"

	"quanyu/api"
)

type openapiCommand struct{}

func (openapiCommand) Run(term *terminal) error {
	document, err := api.Document(api.Config{Version: version, Processes: processes()}, "http://127.0.0.1:8080")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(term.out, "%s\n", document)
	return err
}
