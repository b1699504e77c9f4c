package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sort"
	"time"

	"quanyu/spatial/analysis"
)

// airportAnswer is what the summary reads of a coverage result.
type airportAnswer struct {
	Metric struct {
		Numerator, Denominator int
		Low, Base, High        *float64
		Target                 *struct{ Value float64 }
		Verdict                string
	}
	Evidence struct {
		Features []struct{ Properties evidenceRow }
	}
	Provenance struct {
		Network     string
		NetworkKind string `json:"network_kind"`
		Profile     string
	}
}

type evidenceRow struct {
	NameZH         string   `json:"name_zh"`
	NameEN         string   `json:"name_en"`
	State          string   `json:"state"`
	Covered        bool     `json:"covered"`
	Minutes        *float64 `json:"minutes"`
	FacilityNameZH string   `json:"facility_name_zh"`
}

// summarize asks the coverage process for the national airport figure at
// three dates and prints it with the seats that miss by most.
func summarize(ctx context.Context, in analysis.Inputs, term *terminal) error {
	step := term.begin("airport coverage")
	dates := []struct{ label, asOf string }{
		{"end of 2020", "2020-12-31"}, {"end of 2023", "2023-12-31"},
		{"now", time.Now().In(time.FixedZone("UTC+8", 8*3600)).Format(time.DateOnly)},
	}
	figures := table{
		head:  []string{"as of", "seats", "covered", "share", "low – high", "80 % target"},
		right: []bool{false, true, true, true, true, false},
	}
	var last airportAnswer
	for _, date := range dates {
		answer, err := askAirports(ctx, in, date.asOf)
		if err != nil {
			step.leave()
			return fmt.Errorf("the airport coverage summary: %w", err)
		}
		m := answer.Metric
		figures.add(fmt.Sprintf("%s (%s)", date.label, date.asOf), fmt.Sprint(m.Denominator), fmt.Sprint(m.Numerator),
			percent(m.Base), percent(m.Low)+" – "+percent(m.High), m.Verdict)
		last = answer
	}
	step.end("computed")
	term.note("")
	term.note("Prefecture seats within 60 minutes of a transport airport (national plan, article 22)")
	figures.write(term.err)
	term.note("")
	term.note("Farthest from an airport now")
	worst(last).write(term.err)
	term.note("Network %s (%s), speed profile %s; low and high at 0.85 and 1.15 times its speeds.",
		last.Provenance.Network, last.Provenance.NetworkKind, last.Provenance.Profile)
	return nil
}

// askAirports runs the coverage process on its own national example.
func askAirports(ctx context.Context, in analysis.Inputs, asOf string) (airportAnswer, error) {
	var answer airportAnswer
	process, ok := analysis.ProcessByID(processes(), "coverage")
	if !ok || len(process.Spec().Examples) == 0 {
		return answer, errors.New("the coverage process has no example to run")
	}
	inputs := maps.Clone(process.Spec().Examples[0].Inputs)
	inputs["as_of"] = asOf
	raw, err := rawInputs(inputs)
	if err != nil {
		return answer, err
	}
	result, err := process.Run(ctx, raw, in)
	if err != nil {
		return answer, err
	}
	document, err := plainDocument(result)
	if err != nil {
		return answer, err
	}
	return answer, json.Unmarshal(document, &answer)
}

// worst lists the ten seats that miss the limit by most: those never reached
// first, then by minutes.
func worst(answer airportAnswer) *table {
	var failing []evidenceRow
	for _, f := range answer.Evidence.Features {
		if !f.Properties.Covered {
			failing = append(failing, f.Properties)
		}
	}
	sort.SliceStable(failing, func(i, j int) bool {
		a, b := failing[i].Minutes, failing[j].Minutes
		if a == nil || b == nil {
			return a == nil && b != nil
		}
		return *a > *b
	})
	t := &table{head: []string{"seat", "", "minutes", "nearest airport"}, right: []bool{false, false, true, false}}
	for _, row := range failing[:min(10, len(failing))] {
		minutes := row.State
		if row.Minutes != nil {
			minutes = fmt.Sprintf("%.0f", *row.Minutes)
		}
		t.add(row.NameZH, row.NameEN, minutes, row.FacilityNameZH)
	}
	return t
}

func percent(share *float64) string {
	if share == nil {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", *share*100)
}
