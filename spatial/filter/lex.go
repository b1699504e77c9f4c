package filter

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind uint8

const (
	end    kind = iota
	word        // a name or a keyword
	quoted      // a name in double quotes: never a keyword
	text        // a literal in single quotes
	number      // without its sign
	symbol      // an operator, parenthesis or comma
)

// token is a piece of the text; value is what it says, with quotes taken off.
type token struct {
	kind  kind
	value string
	pos   int // of its first character, counted from 1
}

func (t token) String() string {
	if t.kind == end {
		return "the end"
	}
	if t.kind == text {
		return fmt.Sprintf("the text '%s'", clipped(t.value))
	}
	return fmt.Sprintf("%q", clipped(t.value))
}

// symbols, longest first; those that no rule of the grammar takes are cut all
// the same, so that the parser can say what was expected in their place.
var symbols = []string{"<>", "<=", ">=", "!=", "==", "=", "<", ">", "(", ")", ",", "+", "-", "*", "/", "%", "^"}

type lexer struct {
	rest string
	pos  int
}

// lex cuts text into tokens; the last one is of kind end.
func lex(input string) ([]token, error) {
	l := lexer{rest: input, pos: 1}
	var tokens []token
	for {
		l.skipSpace()
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		if t.kind == end {
			return tokens, nil
		}
	}
}

func (l *lexer) take(bytes int) string {
	taken := l.rest[:bytes]
	l.rest = l.rest[bytes:]
	l.pos += utf8.RuneCountInString(taken)
	return taken
}

func (l *lexer) skipSpace() {
	l.take(len(l.rest) - len(strings.TrimLeftFunc(l.rest, unicode.IsSpace)))
}

func (l *lexer) next() (token, error) {
	start := l.pos
	first, _ := utf8.DecodeRuneInString(l.rest)
	switch {
	case l.rest == "":
		return token{kind: end, pos: start}, nil
	case first == '\'':
		value, err := l.between('\'', "text")
		return token{text, value, start}, err
	case first == '"':
		value, err := l.between('"', "a name")
		return token{quoted, value, start}, err
	case isNameStart(first):
		return token{word, l.take(prefix(l.rest, isNamePart)), start}, nil
	}
	if n := numberLength(l.rest); n > 0 {
		return token{number, l.take(n), start}, nil
	}
	for _, s := range symbols {
		if strings.HasPrefix(l.rest, s) {
			return token{symbol, l.take(len(s)), start}, nil
		}
	}
	return token{}, faultAt(start, "the character %q has no meaning here", first)
}

// between reads up to the closing quote; the quote itself is written twice or,
// in text, behind a backslash.
func (l *lexer) between(quote byte, what string) (string, error) {
	start := l.pos
	var value strings.Builder
	for i := 1; i < len(l.rest); i++ {
		next := byte(0)
		if i+1 < len(l.rest) {
			next = l.rest[i+1]
		}
		switch c := l.rest[i]; {
		case c == quote && next == quote:
			value.WriteByte(quote)
			i++
		case c == quote:
			l.take(i + 1)
			return value.String(), nil
		case c == '\\' && quote == '\'' && strings.IndexByte(escapes, next) >= 0 && next != 0:
			value.WriteByte(escaped[strings.IndexByte(escapes, next)])
			i++
		default:
			value.WriteByte(c)
		}
	}
	return "", faultAt(start, "%s in quotes begins here and does not end; a quote inside is written twice", what)
}

// escapes are what a backslash takes with it in text, and escaped what they
// then mean (requirement /req/cql2-text/escaping).
const (
	escapes = `'\abtnvfr`
	escaped = "'\\\a\b\t\n\v\f\r"
)

// isNameStart and isNamePart follow the identifier of CQL2, with letters of
// any script.
func isNameStart(r rune) bool { return r == '_' || r == ':' || unicode.IsLetter(r) }

func isNamePart(r rune) bool {
	return isNameStart(r) || r == '.' || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// prefix is the length in bytes of the run of runes that hold.
func prefix(s string, holds func(rune) bool) int {
	if i := strings.IndexFunc(s, func(r rune) bool { return !holds(r) }); i >= 0 {
		return i
	}
	return len(s)
}

// numberLength is the length of an unsigned decimal number at the start of s:
// 12, 12., 12.5, .5, each with an exponent; 0 when there is none.
func numberLength(s string) int {
	digit := func(r rune) bool { return '0' <= r && r <= '9' }
	whole := prefix(s, digit)
	n, fraction := whole, 0
	if strings.HasPrefix(s[n:], ".") {
		fraction = prefix(s[n+1:], digit)
		n += 1 + fraction
	}
	if whole+fraction == 0 {
		return 0
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		sign := 0
		if n+1 < len(s) && (s[n+1] == '+' || s[n+1] == '-') {
			sign = 1
		}
		if digits := prefix(s[n+1+sign:], digit); digits > 0 {
			n += 1 + sign + digits
		}
	}
	return n
}
