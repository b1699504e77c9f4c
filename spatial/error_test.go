package spatial_test

import (
	"errors"
	"fmt"
	"testing"

	"quanyu/spatial"
)

func TestJoinFaultsGathersEveryFault(t *testing.T) {
	err := spatial.JoinFaults(nil,
		spatial.BadParameter("bbox", "has 3 numbers", "4 or 6 numbers"),
		spatial.BadParameter("limit", "is not a number", nil))
	var joined *spatial.Error
	if !errors.As(err, &joined) || len(joined.Faults) != 2 || joined.Kind != spatial.Invalid {
		t.Fatalf("got %v", err)
	}
	want := "The request has 2 faults: bbox has 3 numbers; limit is not a number"
	if joined.Error() != want {
		t.Errorf("got %q, want %q", joined.Error(), want)
	}
}

func TestJoinFaultsOfNothingIsNil(t *testing.T) {
	if err := spatial.JoinFaults(nil, nil); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestJoinFaultsKeepsAnErrorThatIsNotTheClients(t *testing.T) {
	broken := errors.New("disk full")
	if err := spatial.JoinFaults(spatial.BadParameter("a", "b", nil), broken); err != broken {
		t.Errorf("got %v", err)
	}
}

func TestKindOfLooksThroughWrapping(t *testing.T) {
	wrapped := fmt.Errorf("loading: %w", spatial.Errorf(spatial.NotFound, "no such network"))
	if got := spatial.KindOf(wrapped); got != spatial.NotFound {
		t.Errorf("got %s", got)
	}
	if got := spatial.KindOf(errors.New("x")); got != spatial.Internal {
		t.Errorf("got %s", got)
	}
	if got := spatial.KindOf(nil); got != "" {
		t.Errorf("got %s", got)
	}
}
