package spatial

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"hash/crc32"
	"math/big"
	"regexp"
	"strings"
	"time"
)

// Key is an API key as it is kept: all but its secret.
type Key struct {
	ID, Name string
	Role     Role
	Scopes   []string // none: all that the role may
	Created  time.Time
	Expires  *time.Time // nil: never
	Revoked  *time.Time // nil: in force
	LastUsed *time.Time // to about a minute; nil: never
}

// Caller is who comes with the key.
func (k Key) Caller() Caller {
	return Caller{ID: "key:" + k.ID, Name: k.Name, Role: k.Role, Scopes: strings.Join(k.Scopes, " ")}
}

// KeyHash is what is stored of a secret, its SHA-256. A slow hash with a salt
// would protect what people choose and others can guess; the secret is 256
// random bits.
type KeyHash [sha256.Size]byte

// A secret is the prefix, 256 random bits and the CRC-32 of those, in base 62:
// scanners of source code find it and can tell it from what only looks like
// one, and a mistyped one is refused without asking the database.
const (
	secretPrefix  = "qy_"
	secretDigits  = 43 // 62^43 > 2^256
	secretCheck   = 6  // 62^6 > 2^32
	secretPattern = `^qy_[0-9A-Za-z]{49}$`
)

var secretShape = regexp.MustCompile(secretPattern)

// NewSecret makes the secret of a key.
func NewSecret() string {
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails
	digits := base62(new(big.Int).SetBytes(random[:]), secretDigits)
	return secretPrefix + digits + secretSum(digits)
}

// NewKeyID makes an id of 60 random bits; it is no secret.
func NewKeyID() string {
	var random [8]byte
	_, _ = rand.Read(random[:])
	random[0] &= 0x0f
	return base62(new(big.Int).SetBytes(random[:]), 11)
}

// IsSecret says whether a text has the prefix of our secrets, right or wrong.
func IsSecret(text string) bool { return strings.HasPrefix(text, secretPrefix) }

// HashSecret is the hash of a secret; false when the text cannot be one, as its
// check digits do not fit.
func HashSecret(text string) (KeyHash, bool) {
	if !secretShape.MatchString(text) {
		return KeyHash{}, false
	}
	digits, sum := text[len(secretPrefix):len(text)-secretCheck], text[len(text)-secretCheck:]
	return sha256.Sum256([]byte(text)), secretSum(digits) == sum
}

func secretSum(digits string) string {
	return base62(new(big.Int).SetUint64(uint64(crc32.ChecksumIEEE([]byte(digits)))), secretCheck)
}

func base62(n *big.Int, width int) string { return fmt.Sprintf("%0*s", width, n.Text(62)) }

// The scopes that a key can be narrowed to; * stands for all.
var scopeShape = regexp.MustCompile(`^(read|(write|process):([A-Za-z0-9._-]+|\*))$`)

// CheckScopes refuses what is no scope.
func CheckScopes(scopes []string) error {
	for _, scope := range scopes {
		if !scopeShape.MatchString(scope) {
			return Errorf(Invalid, "%q is no scope: there are read, write:COLLECTION, write:*, process:ID and process:*.", scope)
		}
	}
	return nil
}
