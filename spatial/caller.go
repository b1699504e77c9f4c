package spatial

import (
	"context"
	"slices"
	"strings"
)

// Role is what a caller may do. The roles rise: a planner may all that a
// viewer may, an admin all.
type Role string

// The roles. Anonymous callers have none.
const (
	Anonymous Role = ""
	Viewer    Role = "viewer"  // reads internal rows
	Planner   Role = "planner" // writes, imports, and runs above the synchronous budget
	Admin     Role = "admin"   // sees everything, the audit log and other callers' jobs
)

// Roles lists the roles that a key or a token can carry, lowest first.
func Roles() []Role { return []Role{Viewer, Planner, Admin} }

// AtLeast says whether the role is least or a higher one.
func (r Role) AtLeast(least Role) bool { return r.rank() >= least.rank() }

func (r Role) rank() int {
	for i, known := range Roles() {
		if r == known {
			return i + 1
		}
	}
	return 0
}

// Sight is the row rule in force for a caller: which visibilities it may see.
// Whatever keeps an answer (a cache, an ETag, a stored result) keeps it by
// sight, so that no caller is shown what was made for another.
type Sight string

// The sights.
const (
	SeesPublic   Sight = "public"   // public rows
	SeesInternal Sight = "internal" // public and internal rows
	SeesAll      Sight = "all"      // restricted rows as well
)

// Sights lists the sights, narrowest first.
func Sights() []Sight { return []Sight{SeesPublic, SeesInternal, SeesAll} }

// Caller is who asks. The zero value is an anonymous caller.
type Caller struct {
	ID   string // stable over requests: "key:…" or "oidc:…", "system" for the command line; "" when anonymous
	Name string // for people, in the audit log
	Role Role
	// Scopes narrow a key to a part of what its role may: read, write:COLLECTION
	// and process:ID, blanks between them, * for all. "" narrows nothing.
	Scopes string
}

// May says whether the scopes of the caller let it do "read", "write:COLLECTION"
// or "process:ID". What its role may is another question.
func (c Caller) May(action string) bool {
	if c.Scopes == "" {
		return true
	}
	kind, _, _ := strings.Cut(action, ":")
	scopes := strings.Fields(c.Scopes)
	return slices.Contains(scopes, action) || slices.Contains(scopes, kind+":*")
}

// System is the caller of the command line on the machine itself: who can
// reach the database is an admin.
func System() Caller { return Caller{ID: "system", Name: "command line", Role: Admin} }

// Sees is the row rule of the caller. A key that is narrowed and may not read
// sees what everybody sees.
func (c Caller) Sees() Sight {
	switch {
	case !c.May("read"):
		return SeesPublic
	case c.Role.AtLeast(Admin):
		return SeesAll
	case c.Role.AtLeast(Viewer):
		return SeesInternal
	}
	return SeesPublic
}

type requestKey struct{}

// WithRequestID names the request that a context belongs to.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestIDOf is the id of the request that a context belongs to, or "".
func RequestIDOf(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

type callerKey struct{}

// WithCaller says who asks in a context.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf is who asks in a context: an anonymous caller when nobody was named.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}
