package spatial

// Seconds is a travel time or duration.
type Seconds float64

// Minutes is the same time in minutes, unrounded.
func (s Seconds) Minutes() float64 { return float64(s) / 60 }

// Meters is a length on the ground.
type Meters float64

// Kilometers is the same length in kilometres, unrounded.
func (m Meters) Kilometers() float64 { return float64(m) / 1000 }
