// Package seeds holds what Quanyu ships: facts as CSV files, one row a fact
// with its source, licence, date and confidence, and the loader that refuses
// any row that is not as it should be. docs/facts.md describes every file.
//
// The package knows nothing of the store: it makes a spatial.Load, and cmd
// hands that to whoever stores it.
package seeds
