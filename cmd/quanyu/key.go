package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

type keyCommand struct {
	Create keyCreateCommand `cmd:"" help:"Make an API key and print its secret, this once."`
	List   keyListCommand   `cmd:"" help:"List the API keys."`
	Revoke keyRevokeCommand `cmd:"" help:"End an API key on every server."`
}

type keyCreateCommand struct {
	Name        string   `required:"" placeholder:"NAME" help:"Whose key it is, for lists and the audit log."`
	Role        string   `required:"" enum:"viewer,planner,admin" placeholder:"ROLE" help:"viewer reads internal rows; planner also writes and runs what takes long; admin sees everything."`
	Expires     string   `placeholder:"90d" help:"When it ends: days (90d), hours (12h) or a date (2027-01-31, its last day in UTC+8); never when empty."`
	Collections []string `placeholder:"ID,…" help:"Narrow it to writing these collections, besides reading."`
	Processes   []string `placeholder:"ID,…" help:"Narrow it to running these processes, besides reading; * for all."`
	Read        bool     `default:"true" negatable:"" help:"Whether a narrowed key reads what its role may; with --no-read it sees public rows only."`
}

func (c keyCreateCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	expires, err := parseExpiry(c.Expires, time.Now())
	if err != nil {
		return usageError{err}
	}
	key := spatial.Key{ID: spatial.NewKeyID(), Name: strings.TrimSpace(c.Name), Role: spatial.Role(c.Role), Scopes: c.scopes(), Expires: expires}
	if err := c.check(key); err != nil {
		return usageError{err}
	}
	secret := spatial.NewSecret()
	hash, _ := spatial.HashSecret(secret)
	return s.withStore(ctx, term, func(store *postgis.Store) error {
		if err := store.AddKey(ctx, key, hash); err != nil {
			return err
		}
		term.note("Key %s (%s) for %s. Its secret is shown this once and stored nowhere; send it as X-API-Key or Authorization: Bearer.", key.ID, key.Role, key.Name)
		fmt.Fprintln(term.out, secret)
		return nil
	})
}

func (c keyCreateCommand) scopes() []string {
	var scopes []string
	for _, id := range c.Collections {
		scopes = append(scopes, "write:"+id)
	}
	for _, id := range c.Processes {
		scopes = append(scopes, "process:"+id)
	}
	if len(scopes) > 0 && c.Read {
		scopes = append([]string{"read"}, scopes...)
	}
	return scopes
}

// check finds what would make a key that does not do what was meant.
func (c keyCreateCommand) check(key spatial.Key) error {
	if n := len(key.Name); n == 0 || n > 200 {
		return fmt.Errorf("--name has to have 1 to 200 bytes")
	}
	if !c.Read && len(key.Scopes) == 0 {
		return fmt.Errorf("--no-read needs --collections or --processes, which it leaves as all that the key may do")
	}
	if len(c.Collections) > 0 && !key.Role.AtLeast(spatial.Planner) {
		return fmt.Errorf("--collections narrows what a key writes, and a %s writes nothing; give it --role planner", key.Role)
	}
	for _, id := range c.Collections {
		if _, ok := spatial.CollectionByID(id); !ok && id != "*" {
			return fmt.Errorf("--collections: there is no collection %q", id)
		}
	}
	return spatial.CheckScopes(key.Scopes)
}

// parseExpiry reads when a key ends; nil is never.
func parseExpiry(text string, now time.Time) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	fault := fmt.Errorf("--expires %q is neither days (90d), hours (12h) nor a date to come (2027-01-31)", text)
	if day, err := time.ParseInLocation(time.DateOnly, text, time.FixedZone("UTC+8", 8*60*60)); err == nil {
		end := day.AddDate(0, 0, 1)
		if !end.After(now) {
			return nil, fault
		}
		return &end, nil
	}
	count, err := strconv.ParseUint(text[:len(text)-1], 10, 16)
	unit, known := map[byte]time.Duration{'d': 24 * time.Hour, 'h': time.Hour}[text[len(text)-1]]
	if err != nil || count == 0 || !known {
		return nil, fault
	}
	end := now.Add(time.Duration(count) * unit)
	return &end, nil
}

type keyListCommand struct{}

func (keyListCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	return s.withStore(ctx, term, func(store *postgis.Store) error {
		keys, err := store.Keys(ctx)
		if err != nil {
			return err
		}
		t := table{head: []string{"id", "name", "role", "scopes", "created", "ends", "last used"}}
		for _, k := range keys {
			t.add(k.ID, k.Name, string(k.Role), orElse(strings.Join(k.Scopes, " "), "all"), k.Created.Format(time.DateOnly), ends(k, time.Now()), minute(k.LastUsed, "never"))
		}
		t.write(term.out)
		return nil
	})
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func ends(k spatial.Key, now time.Time) string {
	switch {
	case k.Revoked != nil:
		return "revoked " + minute(k.Revoked, "")
	case k.Expires != nil && !k.Expires.After(now):
		return "expired " + minute(k.Expires, "")
	}
	return minute(k.Expires, "never")
}

func minute(t *time.Time, never string) string {
	if t == nil {
		return never
	}
	return t.UTC().Format("2006-01-02 15:04Z")
}

type keyRevokeCommand struct {
	ID string `arg:"" help:"Id of the key, as quanyu key list shows it."`
}

func (c keyRevokeCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	return s.withStore(ctx, term, func(store *postgis.Store) error {
		if err := store.RevokeKey(ctx, c.ID); err != nil {
			return err
		}
		term.note("Key %s is revoked; every server refuses it within half a second.", c.ID)
		return nil
	})
}
