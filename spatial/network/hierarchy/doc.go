// Package hierarchy is a customizable contraction hierarchy.
package hierarchy
