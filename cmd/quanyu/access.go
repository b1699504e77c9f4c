package main

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"quanyu/api"
	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// access holds the flags that say who may ask the server what, and how often.
type access struct {
	OpenReads      bool    `default:"true" negatable:"" help:"Whether everybody may read public rows; with --no-open-reads only callers with a key or a token are answered."`
	OIDCIssuer     string  `name:"oidc-issuer" placeholder:"URL" help:"OpenID Connect issuer whose bearer tokens are taken; none when empty."`
	OIDCAudience   string  `name:"oidc-audience" placeholder:"NAME" help:"Audience that a token has to be made for; needed with an issuer."`
	OIDCRoleClaim  string  `name:"oidc-role-claim" default:"roles" placeholder:"CLAIM" help:"Claim of the token with the caller's roles; a dot steps into an object (realm_access.roles)."`
	OIDCRoles      string  `name:"oidc-roles" placeholder:"VALUE=ROLE,…" help:"What values of that claim stand for, such as gis-staff=viewer,gis-planners=planner; viewer, planner and admin stand for themselves when empty."`
	Rate           float64 `placeholder:"N" help:"Requests a second that one key, or one address without a key, may send; no limit when 0 or empty."`
	RateBurst      int     `placeholder:"N" help:"Requests that may come at once before the rate counts; twice the rate when empty."`
	TrustForwarded bool    `help:"Believe the X-Forwarded headers (For, Proto, Host, Prefix); only behind a proxy that sets them."`
}

// authenticate makes the check of callers from the flags.
func (a access) authenticate(store *postgis.Store) (func(*http.Request) (spatial.Caller, error), error) {
	if a.Rate < 0 || a.RateBurst < 0 {
		return nil, usageError{fmt.Errorf("--rate and --rate-burst cannot be negative")}
	}
	if a.OIDCIssuer == "" {
		return api.Credentials(store, nil), nil
	}
	roles, err := api.ParseRoles(a.OIDCRoles)
	if err != nil {
		return nil, usageError{fmt.Errorf("--oidc-roles: %w", err)}
	}
	tokens, err := api.NewTokens(api.Issuer{URL: a.OIDCIssuer, Audience: a.OIDCAudience, RoleClaim: a.OIDCRoleClaim, Roles: roles})
	if err != nil {
		return nil, usageError{fmt.Errorf("--oidc-issuer, --oidc-audience: %w", err)}
	}
	return api.Credentials(store, tokens), nil
}

// isLoopback says whether an address is one of the machine itself.
func isLoopback(address net.Addr) bool {
	tcp, ok := address.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// ownMachineOnly says whether only the machine itself reaches the server: it
// listens on a loopback address, and no setting tells of a proxy before it.
func (l listening) ownMachineOnly(address net.Addr) bool {
	return isLoopback(address) && !l.TrustForwarded && l.PublicURL == ""
}

// seeing lets the command line see what callers of a sight do.
func seeing(ctx context.Context, sight spatial.Sight) context.Context {
	caller := spatial.System()
	switch sight {
	case spatial.SeesPublic:
		caller.Role = spatial.Anonymous
	case spatial.SeesInternal:
		caller.Role = spatial.Viewer
	}
	return spatial.WithCaller(ctx, caller)
}

// warnSlowFilters tells an operator what only an administrator of the database
// can do, and what happens until then.
func warnSlowFilters(ctx context.Context, store *postgis.Store, term *terminal) error {
	list, err := store.SlowFilters(ctx)
	if err != nil || len(list) == 0 {
		return err
	}
	term.note("Warning: maps and bbox queries read whole tables until a superuser of the database runs this, once and after each update of PostGIS:")
	for _, statement := range list {
		term.note("  %s;", statement)
	}
	return nil
}
