package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
	"quanyu/spatial/postgis"
)

// maxInputs bounds an inputs file, as the server bounds a request's body.
const maxInputs = 1 << 20

type processCommand struct {
	Name    string `arg:"" optional:"" help:"Process to run; without it, the processes are listed."`
	Inputs  string `placeholder:"FILE" help:"JSON file with the inputs, or - for standard input."`
	Output  string `placeholder:"ID" help:"Print only this output."`
	Format  string `default:"table" enum:"table,json,geojson,csv" help:"Form of the result: table, json, geojson or csv."`
	Sees    string `default:"all" enum:"public,internal,all" help:"Rows that are counted: public, internal (public and internal) or all."`
	Example bool   `help:"Print inputs that run on the shipped data, and run nothing."`
}

func (c processCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	if c.Name == "" {
		return listProcesses(term)
	}
	process, ok := analysis.ProcessByID(processes(), c.Name)
	if !ok {
		return usageError{fmt.Errorf("there is no process %q; quanyu process --help tells more, quanyu process lists them", c.Name)}
	}
	if c.Example {
		return printExample(process.Spec(), term)
	}
	inputs, err := c.readInputs(term.in)
	if err != nil {
		return err
	}
	return s.withStore(ctx, term, func(store *postgis.Store) error {
		result, err := process.Run(seeing(ctx, spatial.Sight(c.Sees)), inputs, store)
		if err != nil {
			return err
		}
		return c.print(result, term.out)
	})
}

func listProcesses(term *terminal) error {
	t := table{head: []string{"process", "what it answers"}}
	for _, process := range processes() {
		t.add(process.Spec().ID, process.Spec().Title)
	}
	t.write(term.out)
	return nil
}

func printExample(spec analysis.Spec, term *terminal) error {
	if len(spec.Examples) == 0 {
		return fmt.Errorf("%s has no example", spec.ID)
	}
	encoder := json.NewEncoder(term.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(spec.Examples[0].Inputs)
}

// readInputs reads the members of "inputs": the object itself, or a whole
// execute request that has them under that name.
func (c processCommand) readInputs(stdin io.Reader) (map[string]json.RawMessage, error) {
	if c.Inputs == "" {
		return nil, usageError{fmt.Errorf("give the inputs with --inputs FILE (see --help); an example to start from: quanyu process %s --example", c.Name)}
	}
	in := stdin
	if c.Inputs != "-" {
		file, err := os.Open(c.Inputs)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	body, err := io.ReadAll(io.LimitReader(in, maxInputs+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxInputs {
		return nil, fmt.Errorf("the inputs are larger than %d bytes", maxInputs)
	}
	var inputs map[string]json.RawMessage
	if err := json.Unmarshal(body, &inputs); err != nil {
		return nil, fmt.Errorf("%s is not a JSON object: %w", c.Inputs, err)
	}
	if nested, whole := inputs["inputs"]; whole && len(inputs) == 1 {
		inputs = nil
		if err := json.Unmarshal(nested, &inputs); err != nil {
			return nil, fmt.Errorf("the member inputs of %s is not a JSON object: %w", c.Inputs, err)
		}
	}
	return inputs, nil
}

func rawInputs(inputs map[string]any) (map[string]json.RawMessage, error) {
	body, err := json.Marshal(inputs)
	if err != nil {
		return nil, err
	}
	var raw map[string]json.RawMessage
	return raw, json.Unmarshal(body, &raw)
}

// plainDocument writes a result as one JSON object, outputs in their order
// and unqualified.
func plainDocument(result analysis.Result) (json.RawMessage, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, output := range result.Outputs {
		value, err := json.Marshal(output.Value)
		if err != nil {
			return nil, fmt.Errorf("output %s: %w", output.ID, err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", output.ID, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
