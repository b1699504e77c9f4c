package analysis

import (
	"context"
	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

type editKind string

const (
	SetSpeed  editKind = "set-speed"
	CloseRoad editKind = "close-road"
	AddRoad   editKind = "add-road"
)

type roadEdit struct {
	Kind      editKind
	Class     *network.Class
	Area      orb.MultiPolygon
	Factor    float64
	Roads     []string
	Line      orb.LineString
	RoadClass network.Class
	SpeedKMH  float64
	OneWay    bool
}

func withEdits(ctx context.Context, r *network.Router, edits []roadEdit) (*network.Router, error) {
	return nil, spatial.Errorf(spatial.Unprocessable, "Edits of roads cannot be applied yet.")
}
