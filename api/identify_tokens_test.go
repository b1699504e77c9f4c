package api_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"quanyu/api"
	"quanyu/spatial"
)

// issuer is an OpenID Connect issuer: discovery, keys, and signatures.
type issuer struct {
	*httptest.Server
	mu      sync.Mutex
	public  []jose.JSONWebKey
	fetched int  // times that keys were asked for
	down    bool // answers nothing of use
}

func newIssuer(t *testing.T) *issuer {
	i := &issuer{}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.answer(w, map[string]any{"issuer": i.URL, "jwks_uri": i.URL + "/keys", "id_token_signing_alg_values_supported": []string{"none", "HS256", "RS256"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		i.mu.Lock()
		i.fetched++
		set := jose.JSONWebKeySet{Keys: i.public}
		i.mu.Unlock()
		i.answer(w, set)
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) answer(w http.ResponseWriter, v any) {
	i.mu.Lock()
	down := i.down
	i.mu.Unlock()
	if down {
		http.Error(w, "down", http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// publish makes a key known, instead of all that were before.
func (i *issuer) publish(keys ...jose.JSONWebKey) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.public = nil
	for _, k := range keys {
		i.public = append(i.public, k.Public())
	}
}

func (i *issuer) fetches() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.fetched
}

func signingKey(t *testing.T, alg jose.SignatureAlgorithm, id string) jose.JSONWebKey {
	t.Helper()
	var private crypto.PrivateKey
	var err error
	switch alg {
	case jose.ES256:
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.EdDSA:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: private, KeyID: id, Algorithm: string(alg), Use: "sig"}
}

// sign makes a token of claims; more claims go over the usual ones, and nil
// takes one away.
func (i *issuer) sign(t *testing.T, key jose.JSONWebKey, more map[string]any) string {
	t.Helper()
	claims := map[string]any{"iss": i.URL, "aud": "quanyu", "sub": "user-1", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "name": "王芳", "roles": []string{"viewer", "planner", "cook"}}
	maps.Copy(claims, more)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	body, _ := json.Marshal(claims)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(body)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// ask gives the caller that a bearer token makes, or the status of its refusal.
func askCaller(t *testing.T, i api.Issuer) func(token string) (spatial.Caller, error) {
	t.Helper()
	tokens, err := api.NewTokens(i)
	if err != nil {
		t.Fatal(err)
	}
	authenticate := api.Credentials(&keyring{}, tokens)
	return func(token string) (spatial.Caller, error) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		return authenticate(r)
	}
}

func TestTokensOfTheIssuerNameTheirCaller(t *testing.T) {
	i := newIssuer(t)
	keys := []jose.JSONWebKey{signingKey(t, jose.RS256, "r"), signingKey(t, jose.ES256, "e"), signingKey(t, jose.EdDSA, "d")}
	i.publish(keys...)
	ask := askCaller(t, api.Issuer{URL: i.URL, Audience: "quanyu"})
	for _, key := range keys {
		caller, err := ask(i.sign(t, key, nil))
		if want := (spatial.Caller{ID: "oidc:user-1", Name: "王芳", Role: spatial.Planner}); err != nil || caller != want {
			t.Errorf("%s: %+v, %v", key.Algorithm, caller, err)
		}
	}
	for _, one := range []struct {
		claims map[string]any
		want   spatial.Role
	}{
		{map[string]any{"roles": nil}, spatial.Anonymous}, {map[string]any{"roles": "admin"}, spatial.Admin}, {map[string]any{"roles": []any{"root", 7, nil}}, spatial.Anonymous},
		{map[string]any{"aud": []string{"other", "quanyu"}, "roles": []string{"viewer"}}, spatial.Viewer}, {map[string]any{"roles": map[string]any{"admin": true}}, spatial.Anonymous},
	} {
		if caller, err := ask(i.sign(t, keys[0], one.claims)); err != nil || caller.Role != one.want || caller.ID == "" {
			t.Errorf("%v: %+v, %v", one.claims, caller, err)
		}
	}
	roles, err := api.ParseRoles("编制人员=planner,a=b=admin")
	if err != nil {
		t.Fatal(err)
	}
	mapped := askCaller(t, api.Issuer{URL: i.URL, Audience: "quanyu", RoleClaim: "realm_access.roles", Roles: roles})
	for value, want := range map[string]spatial.Role{"编制人员": spatial.Planner, "a=b": spatial.Admin, "admin": spatial.Anonymous} {
		if caller, err := mapped(i.sign(t, keys[0], map[string]any{"realm_access": map[string]any{"roles": []string{value}}})); err != nil || caller.Role != want {
			t.Errorf("%s: %+v, %v", value, caller, err)
		}
	}
	for _, bad := range []string{"x", "x=root", "=admin", "x=admin,", "x="} {
		if _, err := api.ParseRoles(bad); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestForgedAndForeignTokensAreRefused(t *testing.T) {
	i, other := newIssuer(t), newIssuer(t)
	key, stranger := signingKey(t, jose.RS256, "r"), signingKey(t, jose.RS256, "r")
	i.publish(key)
	other.publish(key)
	ask := askCaller(t, api.Issuer{URL: i.URL, Audience: "quanyu"})
	good := i.sign(t, key, nil)
	parts := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	rs512 := key
	rs512.Algorithm = string(jose.RS512)
	now := time.Now()
	bad := map[string]string{
		"no token":              "x",
		"no signature":          parts[0] + "." + parts[1] + ".",
		"alg none":              encode([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + parts[1] + ".",
		"alg None":              encode([]byte(`{"alg":"None"}`)) + "." + parts[1] + "." + parts[2],
		"another body":          parts[0] + "." + encode([]byte(`{"iss":"`+i.URL+`","aud":"quanyu","sub":"root","exp":9999999999,"roles":"admin"}`)) + "." + parts[2],
		"a key of nobody":       i.sign(t, stranger, nil),
		"an unknown key":        i.sign(t, signingKey(t, jose.RS256, "unknown"), nil),
		"RS512":                 i.sign(t, rs512, nil),
		"expired":               i.sign(t, key, map[string]any{"exp": now.Add(-time.Minute).Unix()}),
		"no end":                i.sign(t, key, map[string]any{"exp": nil}),
		"not yet":               i.sign(t, key, map[string]any{"nbf": now.Add(time.Hour).Unix()}),
		"another audience":      i.sign(t, key, map[string]any{"aud": "other"}),
		"no audience":           i.sign(t, key, map[string]any{"aud": nil}),
		"another issuer":        other.sign(t, key, nil),
		"no issuer":             i.sign(t, key, map[string]any{"iss": nil}),
		"nobody":                i.sign(t, key, map[string]any{"sub": nil}),
		"audience in the wrong": i.sign(t, key, map[string]any{"aud": map[string]any{"quanyu": true}}),
	}
	for name, secret := range map[string][]byte{"HS256 by the public key": publicPEM(t, key, false), "HS256 by its PKCS 1": publicPEM(t, key, true), "HS256 by an empty key": {}} {
		if len(secret) == 0 {
			secret = make([]byte, 32)
		}
		bad[name] = i.sign(t, jose.JSONWebKey{Key: secret, KeyID: "r", Algorithm: string(jose.HS256)}, nil)
	}
	for name, token := range bad {
		caller, err := ask(token)
		if err == nil || caller != (spatial.Caller{}) {
			t.Errorf("%s: %+v, %v", name, caller, err)
		}
		if kind := spatial.KindOf(err); kind == spatial.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ask(good); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func publicPEM(t *testing.T, key jose.JSONWebKey, pkcs1 bool) []byte {
	t.Helper()
	public := key.Public().Key.(*rsa.PublicKey)
	if pkcs1 {
		return pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(public)})
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// A key that the issuer begins to use is found with the first token that it
// signs. Made-up key ids do not make us ask the issuer each time.
func TestKeysOfTheIssuerTurn(t *testing.T) {
	i := newIssuer(t)
	first, second := signingKey(t, jose.ES256, "1"), signingKey(t, jose.ES256, "2")
	i.publish(first)
	tokens := api.Issuer{URL: i.URL, Audience: "quanyu", KeysRest: 200 * time.Millisecond}
	ask := askCaller(t, tokens)
	if _, err := ask(i.sign(t, first, nil)); err != nil {
		t.Fatal(err)
	}
	i.publish(second)
	time.Sleep(220 * time.Millisecond)
	if _, err := ask(i.sign(t, second, nil)); err != nil {
		t.Errorf("signed by the new key: %v", err)
	}
	if _, err := ask(i.sign(t, first, nil)); err == nil {
		t.Error("signed by the key that was withdrawn")
	}
	before := i.fetches()
	began := time.Now()
	for range 30 {
		if _, err := ask(i.sign(t, signingKey(t, jose.ES256, "made-up"), nil)); err == nil {
			t.Error("signed by a made-up key")
		}
	}
	if most := 1 + int(time.Since(began)/(200*time.Millisecond)); i.fetches()-before > most {
		t.Errorf("30 made-up key ids made %d fetches, at most %d are due", i.fetches()-before, most)
	}
}

// An issuer that cannot be reached is a 503 for who comes with a token, and
// nobody else notices; later it is asked again.
func TestAnIssuerThatIsDown(t *testing.T) {
	i := newIssuer(t)
	key := signingKey(t, jose.RS256, "r")
	i.publish(key)
	i.down = true
	tokens, err := api.NewTokens(api.Issuer{URL: i.URL, Audience: "quanyu"})
	if err != nil {
		t.Fatal(err)
	}
	keys := &keyring{}
	viewer := keys.add("v", spatial.Viewer, "")
	cfg := config(newStore(2))
	cfg.Authenticate = api.Credentials(keys, tokens)
	c := serve(t, cfg)
	token := i.sign(t, key, nil)
	for range 2 {
		if a := c.do(http.MethodGet, "/collections", "", "Authorization", "Bearer "+token).want(t, 503); a.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	c.get("/collections").want(t, 200)
	c.do(http.MethodGet, "/collections", "", "X-API-Key", viewer).want(t, 200)
	i.mu.Lock()
	i.down = false
	i.mu.Unlock()
	time.Sleep(1100 * time.Millisecond) // the pause between two tries
	c.do(http.MethodGet, "/collections", "", "Authorization", "Bearer "+token).want(t, 200)
	i.mu.Lock()
	i.down = true
	i.mu.Unlock()
	c.do(http.MethodGet, "/collections", "", "Authorization", "Bearer "+token).want(t, 200) // its keys are known
}

func TestSettingsOfAnIssuer(t *testing.T) {
	for _, bad := range []api.Issuer{{}, {URL: "login.example.org", Audience: "quanyu"}, {URL: "https://login.example.org"}} {
		if _, err := api.NewTokens(bad); err == nil {
			t.Errorf("%+v passes", bad)
		}
	}
}
