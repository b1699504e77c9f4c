package analysis

// roleTargets are the numbers of places that article 21 of the national plan
// names, by id of the target, each with the role in which it names them.
var roleTargets = map[string]string{"n21-border-towns": "support", "n21-ports-build": "build", "n21-ports-upgrade": "upgrade"}

func judgesBorder() judging {
	return judgesCounts("border-chain", []string{"n21-border-towns", "n21-ports-build", "n21-ports-upgrade"})
}

// judgeRoles counts the places of the target's role among all, whatever the
// filter is. What the plan names once counts once: the port of Tongjiang is a
// river port and a rail bridge.
func (r *borderRun) judgeRoles() judgedShown {
	if r.target == nil {
		return judgedShown{}
	}
	named, role := map[string]bool{}, roleTargets[r.target.shown.ID]
	for _, p := range r.all {
		if p.feature.Properties["role"] == role {
			named[p.mention(role)] = true
		}
	}
	n := len(named)
	return r.target.judgeCount("border places that the plan names in role "+role, &n)
}

// mention is the id of the place of the plan that names a border place in a
// role; its own id where none is known.
func (p borderPlace) mention(role string) string {
	list, _ := p.feature.Properties["mentions"].([]any)
	for _, m := range list {
		m, _ := m.(map[string]any)
		if id, ok := m["id"].(string); ok && m["role"] == role {
			return id
		}
	}
	return p.feature.ID
}
