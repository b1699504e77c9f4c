package spatial_test

import (
	"context"
	"testing"

	"quanyu/spatial"
)

func TestSightRisesWithRole(t *testing.T) {
	want := map[spatial.Role]spatial.Sight{
		spatial.Anonymous: spatial.SeesPublic,
		spatial.Viewer:    spatial.SeesInternal,
		spatial.Planner:   spatial.SeesInternal,
		spatial.Admin:     spatial.SeesAll,
		"root":            spatial.SeesPublic, // no role of ours gives nothing
	}
	for role, sight := range want {
		if got := (spatial.Caller{Role: role}).Sees(); got != sight {
			t.Errorf("role %q sees %s, want %s", role, got, sight)
		}
	}
	if spatial.Viewer.AtLeast(spatial.Planner) || !spatial.Admin.AtLeast(spatial.Planner) {
		t.Error("roles do not rise from viewer over planner to admin")
	}
}

func TestCallerRidesInTheContext(t *testing.T) {
	if got := spatial.CallerOf(context.Background()); got != (spatial.Caller{}) {
		t.Errorf("nobody was named, got %v", got)
	}
	ctx := spatial.WithCaller(context.Background(), spatial.System())
	if got := spatial.CallerOf(ctx); got != spatial.System() {
		t.Errorf("got %v", got)
	}
}
