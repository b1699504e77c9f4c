package main

import (
	"fmt"

	"quanyu/api"
	"quanyu/spatial/postgis"
)

type openapiCommand struct{}

func (openapiCommand) Run(term *terminal) error {
	// Nothing is asked of the store and the jobs; that there are some adds their addresses.
	var store *postgis.Store
	document, err := api.Document(api.Config{Version: version, Processes: processes(), Jobs: &postgis.Jobs{}, Writer: store}, "http://127.0.0.1:8080")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(term.out, "%s\n", document)
	return err
}
