package settlement

// atMost says whether a figure is within a limit, the limit itself included;
// nil where the figure is not known.
func atMost(figure *float64, limit float64) *bool {
	if figure == nil {
		return nil
	}
	is := *figure <= limit
	return &is
}

// test is one step of a cascade: the type that it gives, and whether it holds
// (nil: not known).
type test[T ~string] struct {
	gives T
	holds *bool
}

// Verdict is the type of a place and what it rests on. Type is "" where it
// cannot be told; Holds lists the types whose test holds, Unknown those whose
// figures are missing, both in the order of the cascade.
type Verdict[T ~string] struct {
	Type     T
	Computed T // by the rule alone, "" where it cannot be told
	Official T // of a published list, "" for none; it overrides the rule
	Holds    []T
	Unknown  []T
}

// Differs says that a published list and the rule disagree.
func (v Verdict[T]) Differs() bool {
	return v.Official != "" && v.Computed != "" && v.Official != v.Computed
}

// decide runs a cascade: the first test that holds gives the type, unless an
// earlier one is not known and might have. otherwise is the type where every
// test is known to fail.
func decide[T ~string](tests []test[T], otherwise, official T) Verdict[T] {
	v := Verdict[T]{Official: official, Holds: []T{}, Unknown: []T{}}
	decided := false
	for _, t := range tests {
		switch {
		case t.holds == nil:
			v.Unknown = append(v.Unknown, t.gives)
			decided = true // to not known
		case *t.holds:
			v.Holds = append(v.Holds, t.gives)
			if !decided {
				v.Computed, decided = t.gives, true
			}
		}
	}
	if !decided {
		v.Computed = otherwise
	}
	v.Type = v.Computed
	if official != "" {
		v.Type = official
	}
	return v
}
