package analysis

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// journey is what every run by road rests on: how one travels, on which
// network, under which scenario, and what has been read for it.
type journey struct {
	profile  network.Profile
	named    string // network asked for, "" for none
	network  *network.Network
	choice   string // why that network, where none was asked for
	scenario scenario
	datasets []spatial.DatasetVersion
}

// readJourney reads how one travels, on what and under which scenario: the
// inputs mode, profile, network and scenario.
func readJourney(o object) journey {
	var j journey
	j.profile = readProfile(o)
	j.named, _ = o.text("network")
	j.scenario = readScenario(o, "scenario")
	return j
}

// lookUp finds the network and the scenario that the inputs name. What is not
// there is a fault; the faults are returned together.
func (j *journey) lookUp(ctx context.Context, in Inputs, s *shared) []error {
	var faults []error
	if j.scenario.id != "" {
		datasets, err := j.scenario.fetch(ctx, in, s.today())
		faults = append(faults, err)
		j.cite(datasets)
	}
	if j.named != "" {
		n, err := namedNetwork(ctx, in, j.named)
		faults = append(faults, err)
		j.network = n
	}
	return faults
}

// choose settles the network: the one asked for, or the one that suits the
// points.
func (j *journey) choose(ctx context.Context, in Inputs, points []orb.Point) (err error) {
	if j.network == nil {
		if j.network, j.choice, err = in.ChooseNetwork(ctx, points); err != nil {
			return fmt.Errorf("choosing a road network: %w", err)
		}
	}
	j.cite([]spatial.DatasetVersion{j.network.Dataset})
	return nil
}

func (j *journey) cite(datasets []spatial.DatasetVersion) {
	j.datasets = append(j.datasets, datasets...)
}

// indicative says that the network is a model of one.
func (j *journey) indicative() bool { return j.network.Kind == network.KindCondensed }

// explain makes the provenance of a run.
func (j *journey) explain(s *shared, parameters any, notes ...[]string) spatial.Provenance {
	p := spatial.Provenance{
		Engine: s.engine, Network: j.network.Name, NetworkVersion: j.network.Version, NetworkKind: j.network.Kind, NetworkChoice: j.choice,
		Profile: j.profile.Name, ProfileHash: j.profile.Hash(), Datasets: distinct(j.datasets), Scenario: j.scenario.used(),
		Parameters: parameters, Notes: []string{}, ComputedAt: s.now().UTC(),
	}
	if j.indicative() {
		p.Notes = append(p.Notes, "The road network is modelled, condensed: links between places whose lengths were computed from a road file, not the roads themselves.")
	}
	p.Notes = append(p.Notes, slices.Concat(notes...)...)
	return p
}

// journeyShown repeats the inputs of a journey, with defaults filled in.
type journeyShown struct {
	Mode     string  `json:"mode"`
	Profile  string  `json:"profile"`
	Network  *string `json:"network"`
	Scenario any     `json:"scenario"`
}

func (j *journey) shown() journeyShown {
	return journeyShown{j.profile.Mode, j.profile.Name, orNull(j.named), j.scenario.shown()}
}

// namedNetwork gives a network by name; an unknown name is a fault.
func namedNetwork(ctx context.Context, in Inputs, name string) (*network.Network, error) {
	n, err := in.Network(ctx, name)
	var e *spatial.Error
	if errors.As(err, &e) && e.Kind == spatial.NotFound {
		var allowed any
		if len(e.Faults) > 0 {
			allowed = e.Faults[0].Allowed
		}
		return nil, spatial.BadField("/inputs/network", e.Detail, allowed)
	}
	return n, err
}

// readProfile reads mode and profile. A profile alone implies its mode, a mode
// alone the default profile of it.
func readProfile(o object) network.Profile {
	all, modes := []string{}, []string{}
	byMode := map[string][]string{}
	for _, p := range network.Profiles() {
		all = append(all, p.Name)
		byMode[p.Mode] = append(byMode[p.Mode], p.Name)
		if !slices.Contains(modes, p.Mode) {
			modes = append(modes, p.Mode)
		}
	}
	mode := o.choice("mode", "", modes)
	allowed := all
	if mode != "" {
		allowed = byMode[mode]
	}
	if name := o.choice("profile", "", allowed); name != "" {
		p, _ := network.ProfileByName(name)
		return p
	}
	if mode == "" {
		mode = defaultMode
	}
	p, _ := network.DefaultProfile(mode)
	return p
}

const defaultMode = "car"
