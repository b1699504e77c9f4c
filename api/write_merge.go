package api

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"strings"
	"time"

	"quanyu/spatial"
)

// merged is a feature after a merge patch, and whether the patch has a geometry.
type merged struct {
	body     json.RawMessage
	geometry bool
}

// mergeFeature applies a merge patch (RFC 7396) to a stored feature.
func mergeFeature(row spatial.ItemRow, patch json.RawMessage) (merged, error) {
	members, ok := object(patch)
	if !ok {
		return merged{}, spatial.BadField("", "has to be an object with the members to change", []string{"geometry", "properties"})
	}
	change, geometry := members["geometry"]
	if !geometry || string(bytes.TrimSpace(change)) == "null" {
		row.Geometry = nil // one that stays is not read again
		delete(members, "geometry")
	}
	body := mergePatch(appendFeature(nil, row, nil), mustJSON(members))
	return merged{body: body, geometry: geometry}, nil
}

// mergePatch is the algorithm of RFC 7396, section 2, on JSON text, so that
// numbers stay as they are written.
func mergePatch(target, patch json.RawMessage) json.RawMessage {
	changes, ok := object(patch)
	if !ok {
		return patch
	}
	members, ok := object(target)
	if !ok {
		members = map[string]json.RawMessage{}
	}
	for name, change := range changes {
		if string(bytes.TrimSpace(change)) == "null" {
			delete(members, name)
			continue
		}
		members[name] = mergePatch(members[name], change)
	}
	return mustJSON(members)
}

// newFeatureID makes an id that sorts by the time of its making: six bytes of
// milliseconds and ten of chance, as in a ULID, in 26 letters and digits.
func newFeatureID(now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16)
	_, _ = rand.Read(b[6:]) // crypto/rand.Read never fails
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}
