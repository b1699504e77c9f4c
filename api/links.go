package api

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"
)

// relOGC prefixes the link relations that the OGC registers.
const relOGC = "http://www.opengis.net/def/rel/ogc/1.0/"

// link is a web link (RFC 8288) in the form that the OGC APIs give it.
type link struct {
	Href      string `json:"href"`
	Rel       string `json:"rel"`
	Type      string `json:"type,omitempty"`
	Title     string `json:"title,omitempty"`
	Templated bool   `json:"templated,omitempty"`
}

// isHost takes names, addresses and ports, so that a forged Host header cannot
// carry markup or a path into the links of a page. Every request comes by here,
// so it is no regular expression.
func isHost(text string) bool {
	name, rest := text, ""
	ok := isNameByte
	if inner, isIPv6 := strings.CutPrefix(text, "["); isIPv6 {
		closed := false
		if name, rest, closed = strings.Cut(inner, "]"); !closed || rest != "" && rest[0] != ':' {
			return false
		}
		rest, ok = strings.TrimPrefix(rest, ":"), isAddressByte
		if strings.HasSuffix(text, ":") {
			return false
		}
	} else if at := strings.IndexByte(text, ':'); at >= 0 {
		if name, rest = text[:at], text[at+1:]; rest == "" {
			return false
		}
	}
	for i := range len(name) {
		if !ok(name[i]) {
			return false
		}
	}
	return name != "" && strings.Trim(rest, "0123456789") == ""
}

func isNameByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '.' || b == '_' || b == '-'
}

func isAddressByte(b byte) bool {
	return b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F' || b >= '0' && b <= '9' || b == '.' || b == ':'
}

var prefixPattern = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)*$`)

// base is the absolute address of "/", without a slash at its end.
func (s *server) base(c echo.Context) string {
	if s.cfg.PublicURL != "" {
		return strings.TrimSuffix(s.cfg.PublicURL, "/")
	}
	r := c.Request()
	scheme, host, prefix := "http", r.Host, ""
	if r.TLS != nil {
		scheme = "https"
	}
	if s.cfg.TrustForwarded {
		if p := forwarded(r, "X-Forwarded-Proto"); p == "http" || p == "https" {
			scheme = p
		}
		if h := forwarded(r, "X-Forwarded-Host"); h != "" {
			host = h
		}
		if p := strings.TrimSuffix(forwarded(r, "X-Forwarded-Prefix"), "/"); prefixPattern.MatchString(p) {
			prefix = p
		}
	}
	if !isHost(host) {
		host = "localhost"
	}
	return scheme + "://" + host + prefix
}

// forwarded reads the first, outermost, value of a proxy's header.
func forwarded(r *http.Request, name string) string {
	first, _, _ := strings.Cut(r.Header.Get(name), ",")
	return strings.TrimSpace(first)
}

// self is the absolute address of the request with parameters set (an empty
// value takes one away); all others are kept.
func (s *server) self(c echo.Context, set ...string) string {
	u := c.Request().URL
	if u.RawQuery == "" && len(set) == 2 && set[1] != "" {
		return s.base(c) + u.EscapedPath() + "?" + set[0] + "=" + url.QueryEscape(set[1])
	}
	values := url.Values{}
	if u.RawQuery != "" {
		values = u.Query()
	}
	for i := 0; i+1 < len(set); i += 2 {
		if set[i+1] == "" {
			values.Del(set[i])
		} else {
			values.Set(set[i], set[i+1])
		}
	}
	address := s.base(c) + u.EscapedPath()
	if len(values) == 0 {
		return address
	}
	return address + "?" + values.Encode()
}

// path is the absolute address of a path of this server; its segments are
// escaped.
func (s *server) path(c echo.Context, segments ...string) string {
	var b strings.Builder
	b.WriteString(s.base(c))
	for _, segment := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(segment))
	}
	return b.String()
}

// selfLinks link a page to itself and to its other forms.
func (s *server) selfLinks(c echo.Context, chosen form, offers ...form) []link {
	links := []link{{Href: s.self(c), Rel: "self", Type: chosen.media, Title: "This document"}}
	for _, other := range offers {
		if other.name != chosen.name {
			links = append(links, link{Href: s.self(c, "f", other.name), Rel: "alternate", Type: other.media, Title: "This document as " + other.name})
		}
	}
	return links
}
