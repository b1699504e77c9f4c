package spatial

func scenarios() Collection {
	return Collection{
		ID: "scenarios", Title: "Scenarios", TitleZH: "情景",
		Description: "Changes to roads and facilities that a process can be run under: give a row's id as the input scenario.",
		Writable:    true,
		Properties: []Property{
			{Name: "base", Type: String, Description: "What the edits are meant to change, such as the name of a network."},
			{Name: "edits", Type: JSON, Many: true, Description: "The edits, in the order in which they apply, as the input scenario of processes takes them."},
			{Name: "status", Type: String, Description: "Stage of the scenario, such as draft."},
		},
	}
}
