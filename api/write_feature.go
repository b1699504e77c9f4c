package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
)

// featureMembers are the members of a feature that are read. links and bbox are
// passed over, since a feature that was read here is often sent back whole.
var featureMembers = []string{"type", "id", "geometry", "properties", "bbox", "links"}

// parseFeature reads a GeoJSON feature and holds it against the schema of its
// collection. All faults are joined, each with its JSON pointer.
func parseFeature(body json.RawMessage, collection spatial.Collection, crs spatial.CRS) (spatial.Draft, error) {
	members, ok := object(body)
	if !ok {
		return spatial.Draft{}, spatial.BadField("", "has to be one GeoJSON feature", nil)
	}
	draft := spatial.Draft{CRS: crs}
	errs := []error{checkType(members["type"])}
	for _, name := range sortedKeys(members) {
		if !slices.Contains(featureMembers, name) {
			errs = append(errs, spatial.BadField("/"+escapePointer(name), "is not a member that is read", featureMembers))
		}
	}
	id, err := readID(members["id"], "/id")
	draft.ID = id
	errs = append(errs, err)
	if _, given := members["geometry"]; !given && collection.Geometry != spatial.NoGeometry {
		errs = append(errs, spatial.BadField("/geometry", "is required; null says that the place is unknown", nil))
	}
	draft.Geometry, err = spatial.ReadGeometry(members["geometry"], collection.Geometry, crs, "/geometry")
	errs = append(errs, err)
	draft.Properties, err = parseProperties(members["properties"], collection, &draft)
	errs = append(errs, err, checkRules(collection, draft, members["properties"]))
	return draft, spatial.JoinFaults(errs...)
}

// checkType names what is often sent instead of a feature.
func checkType(raw json.RawMessage) error {
	switch text := string(raw); text {
	case `"Feature"`:
		return nil
	case `"FeatureCollection"`:
		return spatial.BadField("/type", "is a collection; features are written one by one", []string{"Feature"})
	case "":
		return spatial.BadField("/type", "is required", []string{"Feature"})
	default:
		return spatial.BadField("/type", "is "+clip(text), []string{"Feature"})
	}
}

// readID reads an id; absent, null and "", which QGIS sends of a feature that
// has none yet, are "".
func readID(raw json.RawMessage, at string) (string, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" || string(raw) == `""` {
		return "", nil
	}
	var id string
	if json.Unmarshal(raw, &id) != nil || !spatial.IsID(id) || id == "." || id == ".." { // clients take . and .. out of addresses (RFC 3986, 5.2.4)
		return "", spatial.BadField(at, "is "+clip(string(raw)), "1 to 200 letters, digits and . _ ~ : -, but not . or .. alone")
	}
	return id, nil
}

func parseProperties(raw json.RawMessage, collection spatial.Collection, draft *spatial.Draft) (map[string]any, error) {
	properties := map[string]any{}
	raw = bytes.TrimSpace(raw)
	if string(raw) == "null" {
		return properties, nil
	}
	members, ok := object(raw)
	if !ok {
		return properties, spatial.BadField("/properties", "is required, and has to be an object", nil)
	}
	var errs []error
	for _, name := range sortedKeys(members) {
		at := "/properties/" + escapePointer(name)
		p, known := collection.Property(name)
		if !known {
			errs = append(errs, spatial.BadField(at, "is not a property of "+collection.ID, propertyNames(collection)))
			continue
		}
		if name == "id" {
			errs = append(errs, propertyID(members[name], at, draft))
			continue
		}
		value, problem, allowed := propertyValue(p, bytes.TrimSpace(members[name]))
		if problem != "" {
			errs = append(errs, spatial.BadField(at, problem, allowed))
			continue
		}
		if name == "visibility" && value == nil {
			continue // as QGIS sends what nobody filled in; it is as good as absent
		}
		properties[name] = value
	}
	return properties, spatial.JoinFaults(errs...)
}

// propertyID reads the id where it stands among the properties, as it does in
// what is read here.
func propertyID(raw json.RawMessage, at string, draft *spatial.Draft) error {
	id, err := readID(raw, at)
	if err == nil && id != "" && draft.ID != "" && id != draft.ID {
		err = spatial.BadField(at, "differs from the feature's id", []string{draft.ID})
	}
	if draft.ID == "" {
		draft.ID = id
	}
	return err
}

func propertyNames(c spatial.Collection) []string {
	var names []string
	for _, p := range c.All() {
		names = append(names, p.Name)
	}
	return names
}

// checkRules are what single collections ask beyond types.
func checkRules(collection spatial.Collection, draft spatial.Draft, properties json.RawMessage) error {
	switch collection.ID {
	case "scenarios":
		members, _ := object(properties)
		return analysis.CheckEdits(members["edits"], "/properties")
	case "control-lines":
		from, to := draft.Properties["valid_from"], draft.Properties["valid_to"]
		if !inOrder(from, to) {
			return spatial.BadField("/properties/valid_to", fmt.Sprintf("has to come after valid_from, %s", showDate(from)), nil)
		}
	case "facilities":
		if !inOrder(draft.Properties["opened"], draft.Properties["closed"]) {
			return spatial.BadField("/properties/closed", fmt.Sprintf("has to come after opened, %s", showDate(draft.Properties["opened"])), nil)
		}
	}
	return nil
}
