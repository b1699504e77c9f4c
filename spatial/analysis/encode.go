package analysis

import (
	"encoding/json"
	"fmt"

	"quanyu/spatial"
)

// Encode gives the outputs of a result in the bytes that clients get, in the
// order of the Spec. A list of features goes along as it is, with the title of
// the collection that it may become. An output that the Spec names and the
// result lacks is an error, unless the Spec lets runs leave out outputs.
func Encode(spec Spec, result Result) ([]spatial.RunOutput, error) {
	var outputs []spatial.RunOutput
	for _, about := range spec.Outputs {
		out, ok := result.Output(about.ID)
		if !ok && spec.Partial {
			continue
		}
		if !ok {
			return nil, fmt.Errorf("%s gave no output %q, which its description names", spec.ID, about.ID)
		}
		body, err := json.Marshal(out.Value)
		if err != nil {
			return nil, fmt.Errorf("output %q of %s: %w", about.ID, spec.ID, err)
		}
		encoded := spatial.RunOutput{ID: about.ID, Title: spec.Title + ": " + about.Title, TitleZH: spec.TitleZH, Description: about.Description, MediaType: out.MediaType, Body: body}
		if features, ok := out.Value.(spatial.FeatureCollection); ok {
			encoded.Features = &features
		}
		outputs = append(outputs, encoded)
	}
	return outputs, nil
}
