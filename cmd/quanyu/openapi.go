package main

import (
	"fmt"

	"quanyu/api"
	"quanyu/spatial/postgis"
)

type openapiCommand struct{}

func (openapiCommand) Run(term *terminal) error {
	var store *postgis.Store // that there is one makes the document tell of writes; nothing is asked of it
	document, err := api.Document(api.Config{Version: version, Processes: processes(), Writer: store}, "http://127.0.0.1:8080")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(term.out, "%s\n", document)
	return err
}
