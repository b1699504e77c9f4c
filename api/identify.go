package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// Keys finds who comes with an API key.
type Keys interface {
	// KeyCaller gives the caller of the key whose secret has the hash; false
	// when there is none in force.
	KeyCaller(ctx context.Context, hash spatial.KeyHash) (caller spatial.Caller, ok bool, err error)
}

// Credentials makes the Authenticate of a Config: API keys, in X-API-Key or as
// bearer tokens, and the tokens of an OpenID Connect issuer when tokens is not
// nil. A request without credentials comes from an anonymous caller; one whose
// credentials are not right is an error, and never taken for anonymous.
func Credentials(keys Keys, tokens *Tokens) func(*http.Request) (spatial.Caller, error) {
	return func(r *http.Request) (spatial.Caller, error) {
		secrets, bearers := r.Header.Values("X-API-Key"), r.Header.Values("Authorization")
		switch {
		case len(secrets)+len(bearers) == 0:
			return spatial.Caller{}, nil
		case len(secrets)+len(bearers) > 1:
			return spatial.Caller{}, badCredentials("The request carries more than one credential; send one, in Authorization or in X-API-Key.")
		case len(secrets) == 1:
			return keyCaller(r.Context(), keys, secrets[0])
		}
		scheme, token, _ := strings.Cut(bearers[0], " ")
		token = strings.TrimSpace(token)
		switch {
		case !strings.EqualFold(scheme, "Bearer") || token == "":
			return spatial.Caller{}, badCredentials("Authorization takes the scheme Bearer, with an API key or a token.")
		case spatial.IsSecret(token):
			return keyCaller(r.Context(), keys, token)
		case tokens == nil:
			return spatial.Caller{}, badCredentials("The bearer token is no API key, and this server takes no tokens of an issuer.")
		}
		return tokens.caller(r.Context(), token)
	}
}

func keyCaller(ctx context.Context, keys Keys, secret string) (spatial.Caller, error) {
	hash, ok := spatial.HashSecret(secret)
	if !ok {
		return spatial.Caller{}, badCredentials("The API key is cut short or mistyped: its check digits do not fit.")
	}
	caller, ok, err := keys.KeyCaller(ctx, hash)
	if err == nil && !ok {
		err = badCredentials("The API key is unknown, has expired, or was revoked.")
	}
	return caller, err
}

// identify finds out who asks and puts it into the request's context, from
// where the store, caches and tags take it. Health is told to anyone at any
// rate: a prober that is refused would take the server for dead.
func (s *server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if strings.HasPrefix(c.Path(), healthPrefix) {
			return next(c)
		}
		c.Response().Before(func() { private(c) })
		var caller spatial.Caller
		if s.cfg.Authenticate != nil {
			var err error
			if caller, err = s.cfg.Authenticate(r); err != nil {
				if slow := s.rates.take(s.address(r)); slow != nil { // guessing is bounded as well
					return slow
				}
				return err
			}
		}
		if err := s.rates.take(s.rateKey(r, caller)); err != nil {
			return err
		}
		ctx := spatial.WithRequestID(r.Context(), requestID(c)) // under which the audit log notes what is changed
		c.SetRequest(r.WithContext(spatial.WithCaller(ctx, caller)))
		if err := s.admit(c, caller); err != nil {
			return err
		}
		return next(c)
	}
}

// private keeps what one caller is shown from being shown to another by a cache
// between them and us.
func private(c echo.Context) {
	h := c.Response().Header()
	vary := h.Get("Vary")
	if vary != "" {
		vary += ", "
	}
	h.Set("Vary", vary+"Authorization, X-API-Key")
	if caller := spatial.CallerOf(c.Request().Context()); caller.ID != "" && h.Get("Cache-Control") != "no-store" {
		h.Set("Cache-Control", strings.TrimSuffix("private, "+h.Get("Cache-Control"), ", "))
	}
}

// callerOf is who sent the request.
func callerOf(c echo.Context) spatial.Caller { return spatial.CallerOf(c.Request().Context()) }

// sightOf is the row rule in force for the request; every key of a cache and
// every ETag holds it.
func sightOf(c echo.Context) string { return string(callerOf(c).Sees()) }
