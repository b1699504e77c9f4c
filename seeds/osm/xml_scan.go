package osm

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xmlScanner walks over the tags of an XML text that holds no comments. It
// knows as much of XML as OSM files use: elements, attributes, the five
// entities and character references. Document types, other entities and CDATA
// sections do not occur in them and are refused, with all their tricks.
type xmlScanner struct {
	text    string
	at      int
	name    string
	attrs   tags // of the current tag; valid until the next call
	closing bool // </name>
	single  bool // <name/>
}

var (
	errTagCut   = errors.New("XML: the text ends inside a tag; it is damaged or truncated")
	errTagForm  = errors.New("XML: a tag that is not well formed")
	errTagOther = errors.New("XML: a document type, CDATA section or processing instruction, none of which OSM files have")
)

// next moves to the next tag and passes over the text before it. It is false
// at the end.
func (s *xmlScanner) next() (bool, error) {
	n := strings.IndexByte(s.text[s.at:], '<')
	if n < 0 {
		s.at = len(s.text)
		return false, nil
	}
	s.at += n + 1
	s.attrs, s.closing, s.single = s.attrs[:0], false, false
	switch s.peek() {
	case '!', '?':
		return false, errTagOther
	case '/':
		s.at++
		s.closing = true
	}
	if s.name = s.word(); s.name == "" {
		return false, errTagForm
	}
	return true, s.attributes()
}

// peek is the byte at the cursor, 0 at the end.
func (s *xmlScanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// word reads a name.
func (s *xmlScanner) word() string {
	start := s.at
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '>', c == '/', c == '=', c == '<', c == '"', c == '\'', isSpace(c):
			return s.text[start:s.at]
		}
		s.at++
	}
	return s.text[start:]
}

func (s *xmlScanner) spaces() {
	for s.at < len(s.text) && isSpace(s.text[s.at]) {
		s.at++
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// attributes reads the rest of a tag.
func (s *xmlScanner) attributes() error {
	for {
		s.spaces()
		switch s.peek() {
		case 0:
			return errTagCut
		case '>':
			s.at++
			return nil
		case '/':
			if !strings.HasPrefix(s.text[s.at:], "/>") || s.closing {
				return errTagForm
			}
			s.at += 2
			s.single = true
			return nil
		}
		if err := s.attribute(); err != nil {
			return err
		}
	}
}

func (s *xmlScanner) attribute() error {
	key := s.word()
	s.spaces()
	if key == "" || s.closing || s.peek() != '=' {
		return errTagForm
	}
	s.at++
	s.spaces()
	quote := s.peek()
	if quote != '"' && quote != '\'' {
		return errTagForm
	}
	s.at++
	n := strings.IndexByte(s.text[s.at:], quote)
	if n < 0 {
		return errTagCut
	}
	value := s.text[s.at : s.at+n]
	s.at += n + 1
	if strings.IndexByte(value, '&') >= 0 {
		var err error
		if value, err = unescape(value); err != nil {
			return err
		}
	}
	s.attrs = append(s.attrs, tag{key, value})
	return nil
}

// unescape replaces entities and character references. Only what one reference
// stands for is written, so a value never becomes longer.
func unescape(v string) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(v, "&")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, ";")
		r, known := reference(name)
		if !closed || !known {
			return "", fmt.Errorf("XML: the entity &%.20s is not known", name)
		}
		b.WriteRune(r)
		v = after
	}
}

func reference(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	number, ok := strings.CutPrefix(name, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(number, "x"); isHex {
		number, base = hex, 16
	}
	v, err := strconv.ParseUint(number, base, 32)
	return rune(v), ok && err == nil && v > 0 && v <= utf8.MaxRune
}
