package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"quanyu/spatial"
)

// tokenAlgorithms are those that a token may be signed by. All are of public
// keys: "none" is no signature, and HMAC would take the issuer's public key for
// a secret.
var tokenAlgorithms = []string{oidc.RS256, oidc.ES256, oidc.EdDSA}

const (
	issuerTimeout = 5 * time.Second
	issuerPause   = time.Second // between two tries to reach an issuer that did not answer
	maxIssuerBody = 1 << 20
)

// Issuer says whose tokens are taken, and what they stand for.
type Issuer struct {
	URL       string                  // of the OpenID Connect issuer, as its tokens name it
	Audience  string                  // that a token has to be made for
	RoleClaim string                  // claim with a role or a list of them, a dot for each step into an object; "roles"
	Roles     map[string]spatial.Role // values of the claim; nil: viewer, planner and admin stand for themselves
	KeysRest  time.Duration           // between two fetches of its keys, whatever key ids are made up; 5 s
	Client    *http.Client            // nil: one with a time limit
}

// Tokens checks the bearer tokens of one issuer. Its keys are found by
// discovery with the first token that comes, so that a server starts without
// its issuer; safe for concurrent use.
type Tokens struct {
	issuer Issuer
	client *http.Client

	mu    sync.Mutex
	keys  oidc.KeySet // nil until the issuer was reached
	tried time.Time
}

// NewTokens makes the check of an issuer's tokens; it asks nobody yet. An error
// is a fault of the settings.
func NewTokens(i Issuer) (*Tokens, error) {
	if !strings.HasPrefix(i.URL, "https://") && !strings.HasPrefix(i.URL, "http://") {
		return nil, errors.New("the issuer of tokens has to be an https address")
	}
	if i.Audience == "" {
		return nil, errors.New("the issuer of tokens needs an audience, or tokens made for other services would be taken")
	}
	if i.RoleClaim == "" {
		i.RoleClaim = "roles"
	}
	if i.Roles == nil {
		i.Roles = map[string]spatial.Role{}
		for _, r := range spatial.Roles() {
			i.Roles[string(r)] = r
		}
	}
	if i.KeysRest == 0 {
		i.KeysRest = 5 * time.Second
	}
	client := http.Client{Timeout: issuerTimeout}
	if i.Client != nil {
		client = *i.Client
	}
	client.Transport = &restingTransport{next: client.Transport, rest: i.KeysRest}
	return &Tokens{issuer: i, client: &client}, nil
}

// caller gives who a token stands for; 401 when it is not right, Unavailable
// when the issuer would have to be asked and cannot be reached.
func (t *Tokens) caller(ctx context.Context, raw string) (spatial.Caller, error) {
	keys, err := t.discovered()
	if err != nil {
		return spatial.Caller{}, err
	}
	watched := &watchedKeys{keys: keys}
	verifier := oidc.NewVerifier(t.issuer.URL, watched, &oidc.Config{ClientID: t.issuer.Audience, SupportedSigningAlgs: tokenAlgorithms})
	token, err := verifier.Verify(ctx, raw)
	if watched.unreachable != nil {
		return spatial.Caller{}, unreachable(watched.unreachable)
	}
	if err != nil {
		refused := badCredentials("The token is not one that this server takes: it has expired, is for another audience, of another issuer, or not signed by a key of the issuer.")
		refused.internal = err
		return spatial.Caller{}, refused
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil || token.Subject == "" {
		return spatial.Caller{}, badCredentials("The token names nobody.")
	}
	return spatial.Caller{ID: "oidc:" + token.Subject, Name: nameOf(claims, token.Subject), Role: t.role(claims)}, nil
}

func unreachable(err error) error {
	return &spatial.Error{Kind: spatial.Unavailable, Detail: "The issuer of tokens cannot be reached now.", Err: err}
}

// discovered gives the issuer's keys. Only one caller asks for them, and none
// shortly after that failed.
func (t *Tokens) discovered() (oidc.KeySet, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.keys != nil {
		return t.keys, nil
	}
	if time.Since(t.tried) < issuerPause {
		return nil, unreachable(errors.New("it did not answer a moment ago"))
	}
	// Not the request's context: the keys outlive it.
	ctx := oidc.ClientContext(context.Background(), t.client)
	provider, err := oidc.NewProvider(ctx, t.issuer.URL)
	t.tried = time.Now()
	if err != nil {
		return nil, unreachable(err)
	}
	var found struct {
		Keys string `json:"jwks_uri"`
	}
	if err := provider.Claims(&found); err != nil || found.Keys == "" {
		return nil, unreachable(fmt.Errorf("its discovery names no keys: %w", err))
	}
	t.keys = oidc.NewRemoteKeySet(ctx, found.Keys)
	return t.keys, nil
}

// role is the highest that a value of the claim stands for; none when no value
// does.
func (t *Tokens) role(claims map[string]any) spatial.Role {
	var value any = claims
	for _, step := range strings.Split(t.issuer.RoleClaim, ".") {
		object, _ := value.(map[string]any)
		value = object[step]
	}
	values, ok := value.([]any)
	if !ok {
		values = []any{value}
	}
	highest := spatial.Anonymous
	for _, v := range values {
		text, _ := v.(string)
		if role := t.issuer.Roles[text]; text != "" && !highest.AtLeast(role) {
			highest = role
		}
	}
	return highest
}

func nameOf(claims map[string]any, subject string) string {
	for _, claim := range []string{"name", "preferred_username", "email"} {
		if name, ok := claims[claim].(string); ok && name != "" {
			return clip(name)
		}
	}
	return subject
}

// watchedKeys tells a signature that is wrong from keys that could not be
// fetched, which the verifier does not.
type watchedKeys struct {
	keys        oidc.KeySet
	unreachable error
}

func (w *watchedKeys) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := w.keys.VerifySignature(ctx, jwt)
	if err != nil && strings.HasPrefix(err.Error(), "fetching keys") {
		w.unreachable = err
	}
	return payload, err
}

// restingTransport gives the last answer again where the same address was read
// less than rest ago: a token with a made-up key id makes the verifier fetch
// the keys anew, and must not make us a load on the issuer.
type restingTransport struct {
	next http.RoundTripper
	rest time.Duration

	mu   sync.Mutex
	last map[string]restingAnswer
}

type restingAnswer struct {
	read   time.Time
	header http.Header
	body   []byte
}

func (t *restingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	address := r.URL.String()
	held, ok := t.last[address]
	if !ok || time.Since(held.read) >= t.rest {
		next := t.next
		if next == nil {
			next = http.DefaultTransport
		}
		response, err := next.RoundTrip(r)
		if err != nil || response.StatusCode != http.StatusOK {
			return response, err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(io.LimitReader(response.Body, maxIssuerBody))
		if err != nil {
			return nil, err
		}
		held = restingAnswer{read: time.Now(), header: response.Header, body: body}
		if t.last == nil {
			t.last = map[string]restingAnswer{}
		}
		t.last[address] = held // discovery and keys: two addresses
	}
	return &http.Response{StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: held.header.Clone(),
		Body: io.NopCloser(bytes.NewReader(held.body)), ContentLength: int64(len(held.body)), Request: r}, nil
}

// ParseRoles reads what claim values stand for: "value=role", commas between.
func ParseRoles(text string) (map[string]spatial.Role, error) {
	if text == "" {
		return nil, nil
	}
	roles := map[string]spatial.Role{}
	for _, pair := range strings.Split(text, ",") {
		i := strings.LastIndex(pair, "=")
		if i < 1 || !spatial.Role(pair[i+1:]).AtLeast(spatial.Viewer) {
			return nil, fmt.Errorf("%q is not VALUE=ROLE with a role of viewer, planner, admin", pair)
		}
		roles[pair[:i]] = spatial.Role(pair[i+1:])
	}
	return roles, nil
}
