package spatial

import "regexp"

// IDPattern is the form of every feature's id, as the schema of the database
// checks it as well: it stands in addresses without escapes (RFC 3986, 2.3).
const IDPattern = `^[A-Za-z0-9._~:-]{1,200}$`

var idPattern = regexp.MustCompile(IDPattern)

// IsID says whether a text has the form of an id.
func IsID(text string) bool { return idPattern.MatchString(text) }
