package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// civilZone is UTC+8, by which civil dates are told.
const civilZoneHours = 8

// digest hashes parts so that no two lists of parts run together.
func digest(parts ...string) string {
	text := make([]byte, 0, 512)
	for _, part := range parts {
		text = binary.BigEndian.AppendUint64(text, uint64(len(part)))
		text = append(text, part...)
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// unchanged sets ETag and Cache-Control from what is known before any work,
// and answers 304 when the client already has the body. Besides parts the tag
// holds all that shapes any body: program version, base address, path and
// parameters, form, coding and what the caller may see. Weak tags are for bodies that carry the
// time of their making.
func (s *server) unchanged(c echo.Context, f form, weak bool, parts ...string) (bool, error) {
	return s.tagged(c, s.tag(c, f, weak, parts...))
}

// tag makes the ETag that unchanged sets.
func (s *server) tag(c echo.Context, f form, weak bool, parts ...string) string {
	r, query := c.Request(), ""
	if r.URL.RawQuery != "" {
		query = r.URL.Query().Encode()
	}
	all := append([]string{s.cfg.Version, s.base(c), r.URL.EscapedPath(), query, f.media, f.name, string(encodingFor(r)), sightOf(c)}, parts...)
	tag := `"` + digest(all...) + `"`
	if weak {
		tag = "W/" + tag
	}
	return tag
}

// tagged is unchanged for a tag that the caller made.
func (s *server) tagged(c echo.Context, tag string) (bool, error) {
	h := c.Response().Header()
	h["Etag"] = []string{tag} // as Set would write it
	// Stored, but asked about each time: a 304 costs no query, and an
	// acknowledged write is seen at once.
	h.Set("Cache-Control", "no-cache")
	if !matchesAny(c.Request().Header.Values("If-None-Match"), tag) {
		return false, nil
	}
	return true, c.NoContent(http.StatusNotModified)
}

// matchesAny compares weakly, as If-None-Match has it (RFC 9110, 13.1.2).
func matchesAny(headers []string, tag string) bool {
	if len(headers) == 0 {
		return false
	}
	for candidate := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// dataKey is the part of a tag that tells the state of collections: their
// data version, and the civil date, since rows come into and go out of force
// at midnight without any write.
func (s *server) dataKey(collections ...spatial.Collection) string {
	return s.cfg.Tiles.DataVersion(collections...) + "@" + s.today()
}

// today is the civil date in UTC+8.
func (s *server) today() string { return s.cfg.Now().In(civilZone()).Format("2006-01-02") }
